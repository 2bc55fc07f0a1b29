/* get(url) for Lua: libcurl's transfer, and nothing more. */

#include "fetch.h"

#include <lauxlib.h>
#include <lua.h>

static int get(lua_State *L) {
    fetcher *f = lua_touserdata(L, lua_upvalueindex(1));
    CURLcode code = fetch_get(f, luaL_checkstring(L, 1));
    if (code != CURLE_OK)
        return luaL_error(L, "%s", curl_easy_strerror(code));
    lua_pushlstring(L, f->data, f->length);
    return 1;
}

int luaopen_bench_fetch(lua_State *L) {
    fetch_open(lua_newuserdata(L, sizeof(fetcher)));
    lua_pushcclosure(L, get, 1);
    return 1;
}
