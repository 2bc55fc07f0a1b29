/* Lua 5.1 to 5.5 and LuaJIT under one set of names.
 * The names are our own: redefining luaL_* clashes with LuaJIT's headers, and a module built
 * against lua5.1 headers must find every symbol it uses in LuaJIT, too. */
#ifndef HUBSPOT_COMPAT_H
#define HUBSPOT_COMPAT_H

#include <stdbool.h>
#include <stddef.h>

#include <lua.h>
#include <lauxlib.h>

#define HUBSPOT_HAS_INTEGERS (LUA_VERSION_NUM >= 503)

#if LUA_VERSION_NUM >= 502
#define hubspot_rawlen(L, index) lua_rawlen(L, index)
#else
#define hubspot_rawlen(L, index) lua_objlen(L, index)
#endif

#if HUBSPOT_HAS_INTEGERS
#define hubspot_isinteger(L, index) lua_isinteger(L, index)
#else
#define hubspot_isinteger(L, index) ((void)(L), (void)(index), 0)
#endif

/* Sets the functions of a NULL-terminated list in the table on top of the stack. */
static inline void hubspot_setfuncs(lua_State *L, const luaL_Reg *functions) {
    for (; functions->name != NULL; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

/* Pushes a new userdata that has room for one associated table. */
static inline void *hubspot_newuserdata(lua_State *L, size_t size) {
#if LUA_VERSION_NUM >= 504
    return lua_newuserdatauv(L, size, 1);
#else
    return lua_newuserdata(L, size);
#endif
}

/* Pushes the table associated with the userdata at index. */
static inline void hubspot_getuservalue(lua_State *L, int index) {
#if LUA_VERSION_NUM >= 504
    lua_getiuservalue(L, index, 1);
#elif LUA_VERSION_NUM >= 502
    lua_getuservalue(L, index);
#else
    lua_getfenv(L, index);
#endif
}

/* Pops a table and associates it with the userdata at index. */
static inline void hubspot_setuservalue(lua_State *L, int index) {
#if LUA_VERSION_NUM >= 504
    lua_setiuservalue(L, index, 1);
#elif LUA_VERSION_NUM >= 502
    lua_setuservalue(L, index);
#else
    lua_setfenv(L, index);
#endif
}

/* Registers a userdata type: its methods in a table of their own, so that metamethods can't be
 * called as methods. */
static inline void hubspot_newtype(lua_State *L, const char *name, const luaL_Reg *methods,
                                   const luaL_Reg *metamethods) {
    luaL_newmetatable(L, name);
    hubspot_setfuncs(L, metamethods);
    lua_newtable(L);
    hubspot_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

#endif
