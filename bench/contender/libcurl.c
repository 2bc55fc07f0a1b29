/* The floor of the transfer: libcurl alone, and a scan of the text instead of decoding. */

#include "fetch.h"

#include <stdio.h>

#define EMAIL "\"email\":\""
#define AFTER "\"after\":\""

int main(int argc, char **argv) {
    fetcher f;
    fetch_open(&f);
    if (argc < 3)
        return 0;
    long count = 0, length = 0;
    char after[64] = "", url[4096];
    do {
        snprintf(url, sizeof url, "%s/crm/objects/2026-09/contacts?limit=100&properties=%s%s%s",
                 argv[1], argv[2], after[0] ? "&after=" : "", after);
        CURLcode code = fetch_get(&f, url);
        if (code != CURLE_OK) {
            fprintf(stderr, "%s\n", curl_easy_strerror(code));
            return 1;
        }
        const char *at = f.data;
        for (const char *found; (found = strstr(at, EMAIL)) != NULL; count++) {
            found += sizeof EMAIL - 1;
            at = strchr(found, '"');
            length += at - found;
        }
        const char *next = strstr(at, AFTER);
        after[0] = '\0';
        if (next != NULL)
            sscanf(next + sizeof AFTER - 1, "%63[^\"]", after);
    } while (after[0] != '\0');
    printf("%ld %ld\n", count, length);
    fetch_close(&f);
    return 0;
}
