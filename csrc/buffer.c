#include "buffer.h"

#include <string.h>

#define MOST_LEFT ((size_t)1 << 18)

/* Makes an empty buffer. Pushes one value, the anchor, which must stay where it is as long as the
 * buffer is used. */
void buffer_init(lua_State *L, buffer *b) {
    b->L = L;
    b->data = b->initial;
    b->length = 0;
    b->capacity = sizeof b->initial;
    lua_pushnil(L);
    b->slot = lua_gettop(L);
}

/* Takes the memory that an earlier buffer left at an index, so that nobody else uses it meanwhile:
 * each allocation may run a finalizer. */
void buffer_reuse(buffer *b, int index) {
    size_t capacity = hubspot_rawlen(b->L, index); /* of nil, 0 */
    if (capacity == 0)
        return;
    lua_pushvalue(b->L, index);
    b->data = lua_touserdata(b->L, -1);
    b->capacity = capacity;
    lua_replace(b->L, b->slot);
    lua_pushnil(b->L);
    lua_replace(b->L, index);
}

/* Leaves the memory at an index for a later buffer, unless it is too much to hold on to. */
void buffer_leave(buffer *b, int index) {
    if (b->data == b->initial || b->capacity > MOST_LEFT)
        return;
    lua_pushvalue(b->L, b->slot);
    lua_replace(b->L, index);
}

/* Makes room for `extra` bytes more; throws where there is no memory. */
void buffer_grow(buffer *b, size_t extra) {
    size_t capacity = b->capacity * 2;
    if (extra > (size_t)-1 / 4 || b->length > (size_t)-1 / 4)
        luaL_error(b->L, "string too large");
    if (capacity < b->length + extra)
        capacity = b->length + extra;
    luaL_checkstack(b->L, 1, "growing a buffer");
    char *data = lua_newuserdata(b->L, capacity);
    memcpy(data, b->data, b->length);
    lua_replace(b->L, b->slot);
    b->data = data;
    b->capacity = capacity;
}

/* Pushes the content as a Lua string. */
void buffer_push(buffer *b) {
    lua_pushlstring(b->L, b->data, b->length);
}
