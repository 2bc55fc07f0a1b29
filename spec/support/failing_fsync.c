/* To be preloaded: the disk fails while files are put on it. Those of the name in FAILING_FSYNC
 * fail, and no others. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int descriptor) {
    char link[64], path[4096];
    const char *name = getenv("FAILING_FSYNC");
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (name == NULL || length < 0)
        return 0;
    path[length] = '\0';
    const char *last = strrchr(path, '/');
    return last != NULL && strcmp(last + 1, name) == 0;
}

int fsync(int descriptor) {
    static int (*actual)(int);
    if (fails(descriptor)) {
        errno = EIO;
        return -1;
    }
    if (actual == NULL)
        *(void **)&actual = dlsym(RTLD_NEXT, "fsync");
    return actual(descriptor);
}
