#include "json.h"

/* Pushes a field of the table on top of the stack; nil if that is no table. */
static void push_field(lua_State *L, const char *name) {
    if (!lua_istable(L, -1)) {
        lua_pushnil(L);
        return;
    }
    lua_pushstring(L, name);
    lua_rawget(L, -2);
}

/* Tells whether the value on top of the stack is a field of lua-cjson, where the program has loaded
 * it, under either of its names. */
bool json_is_of_cjson(lua_State *L, const char *field) {
    static const char *const modules[] = {"cjson", "cjson.safe"};
    bool found = false;
    int value = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    for (int i = 0; i < 2 && !found; i++) {
        push_field(L, modules[i]);
        push_field(L, field);
        found = lua_rawequal(L, -1, value);
        lua_settop(L, value + 1);
    }
    lua_settop(L, value);
    return found;
}

/* Tells whether the table on top of the stack is marked as an array, by us or by lua-cjson. */
bool json_is_array(lua_State *L) {
    if (!lua_getmetatable(L, -1))
        return false;
    bool marked = lua_rawequal(L, -1, JSON_ARRAY_MT) || json_is_of_cjson(L, "array_mt") ||
                  json_is_of_cjson(L, "empty_array_mt");
    lua_pop(L, 1);
    return marked;
}

/* core.array(t?) -> t, marked as an array */
int json_array(lua_State *L) {
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_getmetatable(L, 1)) {
        lua_settop(L, 1);
        luaL_argcheck(L, json_is_array(L), 1, "has a metatable already");
        return 1;
    }
    lua_pushvalue(L, JSON_ARRAY_MT);
    lua_setmetatable(L, 1);
    return 1;
}

/* core.like(copy, original) -> copy, marked as an array where the original is */
int json_like(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    if (json_is_array(L)) {
        lua_pushvalue(L, JSON_ARRAY_MT);
        lua_setmetatable(L, 1);
    }
    lua_settop(L, 1);
    return 1;
}
