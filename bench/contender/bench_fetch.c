/* get(url) and post(url, body) for Lua: libcurl's transfers, and nothing more. */

#include "fetch.h"

#include <lauxlib.h>
#include <lua.h>

static int push_answer(lua_State *L, const fetcher *f, CURLcode code) {
    if (code != CURLE_OK)
        return luaL_error(L, "%s", curl_easy_strerror(code));
    lua_pushlstring(L, f->data, f->length);
    return 1;
}

static int get(lua_State *L) {
    fetcher *f = lua_touserdata(L, lua_upvalueindex(1));
    return push_answer(L, f, fetch_get(f, luaL_checkstring(L, 1)));
}

static int post(lua_State *L) {
    fetcher *f = lua_touserdata(L, lua_upvalueindex(1));
    size_t length;
    const char *body = luaL_checklstring(L, 2, &length);
    return push_answer(L, f, fetch_post(f, luaL_checkstring(L, 1), body, length));
}

int luaopen_bench_fetch(lua_State *L) {
    static const luaL_Reg functions[] = {{"get", get}, {"post", post}, {NULL, NULL}};
    luaL_newlibtable(L, functions);
    fetch_open(lua_newuserdata(L, sizeof(fetcher)));
    luaL_setfuncs(L, functions, 1);
    return 1;
}
