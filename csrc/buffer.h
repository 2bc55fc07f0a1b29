/* A growing string whose memory belongs to Lua: an error that jumps out leaks nothing, and, unlike
 * with luaL_Buffer, the stack may be used freely between two additions. */
#ifndef HUBSPOT_BUFFER_H
#define HUBSPOT_BUFFER_H

#include <string.h>

#include "compat.h"

#pragma GCC visibility push(hidden)

typedef struct buffer {
    lua_State *L;
    char *data;
    size_t length;
    size_t capacity;
    int slot; /* stack index that anchors the memory */
    char initial[1024];
} buffer;

void buffer_init(lua_State *L, buffer *b);
void buffer_reuse(buffer *b, int index);
void buffer_leave(buffer *b, int index);
void buffer_grow(buffer *b, size_t extra);
void buffer_push(buffer *b);

/* Makes room for `extra` bytes and returns the place to write them; the caller adds to `length`
 * what it wrote. */
static inline char *buffer_reserve(buffer *b, size_t extra) {
    if (b->capacity - b->length < extra)
        buffer_grow(b, extra);
    return b->data + b->length;
}

/* Appends a text; throws where there is no memory. */
static inline void buffer_add(buffer *b, const char *text, size_t length) {
    memcpy(buffer_reserve(b, length), text, length);
    b->length += length;
}

/* Appends one character; throws where there is no memory. */
static inline void buffer_add_char(buffer *b, char c) {
    *buffer_reserve(b, 1) = c;
    b->length++;
}

#pragma GCC visibility pop

#endif
