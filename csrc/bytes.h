/* A string that curl's callbacks fill: plain C memory, since Lua must not be called from them. */
#ifndef HUBSPOT_BYTES_H
#define HUBSPOT_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct bytes {
    char *data; /* owned; NULL: nothing was added yet */
    size_t length;
    size_t capacity;
} bytes;

bool bytes_reserve(bytes *b, size_t capacity);
bool bytes_add(bytes *b, const char *text, size_t length);
void bytes_free(bytes *b);

#pragma GCC visibility pop

#endif
