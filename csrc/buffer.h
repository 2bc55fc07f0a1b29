/* A growing string whose memory belongs to Lua: an error that jumps out leaks nothing, and, unlike
 * with luaL_Buffer, the stack may be used freely between two additions. */
#ifndef HUBSPOT_BUFFER_H
#define HUBSPOT_BUFFER_H

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
char *buffer_reserve(buffer *b, size_t extra);
void buffer_add(buffer *b, const char *text, size_t length);
void buffer_add_char(buffer *b, char c);
void buffer_push(buffer *b);

#pragma GCC visibility pop

#endif
