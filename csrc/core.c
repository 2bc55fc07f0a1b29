#define _DEFAULT_SOURCE /* getentropy */

#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include "clock.h"
#include "compat.h"
#include "csv.h"
#include "digest.h"
#include "file.h"
#include "headers.h"
#include "json.h"
#include "locked_file.h"
#include "number.h"
#include "streams.h"
#include "url.h"

__attribute__((visibility("default"))) int luaopen_hubspot_native(lua_State *L);

/* core.now() -> seconds of a clock that never goes back */
static int core_now(lua_State *L) {
    lua_pushnumber(L, clock_seconds());
    return 1;
}

/* Mixes what differs between processes that start together, where the system gives no entropy. */
static uint64_t make_do_bits(const void *address) {
    uint64_t bits = (uint64_t)(clock_seconds() * 1e9) ^ ((uint64_t)getpid() << 40) ^
                    (uint64_t)(uintptr_t)address;
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94D049BB133111EB);
    return bits ^ (bits >> 31);
}

/* core.random() -> a number from 0 up to, not including, 1. The system's entropy each time: there
 * is no state that a fork could double, and the host's math.random is left alone. */
static int core_random(lua_State *L) {
    uint64_t bits;
    if (getentropy(&bits, sizeof bits) != 0)
        bits = make_do_bits(&bits);
    lua_pushnumber(L, (lua_Number)(bits >> 11) * 0x1p-53);
    return 1;
}

/* core.are_texts(t) -> whether t is a plain table whose keys and values are all texts */
static int core_are_texts(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    bool are_texts = !lua_getmetatable(L, 1);
    lua_settop(L, 1);
    lua_pushnil(L);
    while (are_texts && lua_next(L, 1) != 0) {
        are_texts = lua_type(L, 2) == LUA_TSTRING && lua_type(L, 3) == LUA_TSTRING;
        lua_settop(L, 2);
    }
    lua_pushboolean(L, are_texts);
    return 1;
}

/* require "hubspot.native" -> a table of the functions */
int luaopen_hubspot_native(lua_State *L) {
    static const luaL_Reg functions[] = {{"are_texts", core_are_texts},
                                         {"decimal", number_push_decimal},
                                         {"digest", digest_add},
                                         {"escape", url_escape},
                                         {"headers", headers_parse},
                                         {"hold_streams", streams_hold},
                                         {"path", url_path},
                                         {"query", url_query},
                                         {"lock_file", locked_file_hold},
                                         {"now", core_now},
                                         {"random", core_random},
                                         {"sync", file_sync},
                                         {"truncate", file_truncate},
                                         {"update_file", locked_file_update},
                                         {NULL, NULL}};
    locked_file_register(L);
    lua_newtable(L);
    hubspot_setfuncs(L, functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    csv_open(L);
    json_open(L);
    return 1;
}
