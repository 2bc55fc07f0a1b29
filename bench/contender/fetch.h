/* Shared by the floor's two programs: GET over one libcurl handle, so over one connection. */

#ifndef BENCH_FETCH_H
#define BENCH_FETCH_H

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    CURL *easy;
    struct curl_slist *headers;
    char *data;
    size_t length, capacity;
} fetcher;

static inline size_t fetch_on_body(char *data, size_t size, size_t count, void *user) {
    fetcher *f = user;
    size_t length = size * count, needed = f->length + length + 1;
    if (needed > f->capacity) {
        size_t capacity = needed > 2 * f->capacity ? needed : 2 * f->capacity;
        char *grown = realloc(f->data, capacity);
        if (grown == NULL)
            return 0;
        f->data = grown;
        f->capacity = capacity;
    }
    memcpy(f->data + f->length, data, length);
    f->length += length;
    f->data[f->length] = '\0';
    return length;
}

static inline void fetch_open(fetcher *f) {
    *f = (fetcher){curl_easy_init(), NULL, NULL, 0, 0};
    f->headers = curl_slist_append(NULL, "Authorization: Bearer pat-bench");
    f->headers = curl_slist_append(f->headers, "Content-Type: application/json");
    f->headers = curl_slist_append(f->headers, "Expect:");
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
    curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, fetch_on_body);
    curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(f->easy, CURLOPT_FAILONERROR, 1L);
}

/* The body stands in f->data, f->length long and with a NUL after it, until the next call. */
static inline CURLcode fetch_get(fetcher *f, const char *url) {
    f->length = 0;
    curl_easy_setopt(f->easy, CURLOPT_URL, url);
    return curl_easy_perform(f->easy);
}

/* The same for a POST of JSON. */
static inline CURLcode fetch_post(fetcher *f, const char *url, const char *body, size_t length) {
    f->length = 0;
    curl_easy_setopt(f->easy, CURLOPT_URL, url);
    curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE, (long)length);
    return curl_easy_perform(f->easy);
}

static inline void fetch_close(fetcher *f) {
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(f->headers);
    free(f->data);
}

#endif
