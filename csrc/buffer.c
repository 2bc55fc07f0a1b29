#include "buffer.h"

#include <string.h>

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
