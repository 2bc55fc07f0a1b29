#include "compat.h"
#include "engine.h"
#include "json.h"
#include "url.h"

__attribute__((visibility("default"))) int luaopen_hubspot_core(lua_State *L);

/* core.now() -> seconds of a clock that never goes back */
static int core_now(lua_State *L) {
    lua_pushnumber(L, engine_clock());
    return 1;
}

int luaopen_hubspot_core(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"array", json_array},  {"escape", url_escape}, {"path", url_path}, {"query", url_query},
        {"engine", engine_new}, {"now", core_now},      {NULL, NULL}};
    lua_newtable(L);
    hubspot_setfuncs(L, functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    json_open(L);
    transfer_open(L);
    engine_open(L);
    return 1;
}
