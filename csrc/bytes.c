#include "bytes.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for `capacity` bytes in all; returns false where there is no memory. */
bool bytes_reserve(bytes *b, size_t capacity) {
    if (capacity <= b->capacity)
        return true;
    char *data = realloc(b->data, capacity);
    if (data == NULL)
        return false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

/* Appends a text; returns false where there is no memory. The caller has checked that the sum of
 * the lengths is within a limit. */
bool bytes_add(bytes *b, const char *text, size_t length) {
    size_t needed = b->length + length;
    if (needed > b->capacity &&
        !bytes_reserve(b, needed > 2 * b->capacity ? needed : 2 * b->capacity))
        return false;
    if (b->data == NULL)
        return true; /* nothing was added to nothing */
    memcpy(b->data + b->length, text, length);
    b->length = needed;
    return true;
}

/* Frees the memory and empties the string, which may be used again. */
void bytes_free(bytes *b) {
    free(b->data);
    *b = (bytes){NULL, 0, 0};
}
