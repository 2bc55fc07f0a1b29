#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include <lualib.h>
#include <sanitizer/lsan_interface.h>

/* A new state after this many inputs: closing the old one shows memory without an owner. */
#define INPUTS_A_STATE 2000
#define CORE "fuzz.core"

int luaopen_hubspot_native(lua_State *L);
int luaopen_hubspot_engine(lua_State *L);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

_Noreturn void fuzz_violated(const char *file, int line, const char *condition) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

uint8_t input_byte(input *in) {
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

uint64_t input_bits(input *in) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | input_byte(in);
    return bits;
}

const char *input_text(input *in, size_t *length) {
    *length = input_byte(in);
    /* Now and then one that does not fit into a buffer's first memory. */
    if (*length == 255)
        *length = 2048;
    if (*length > in->size)
        *length = in->size;
    const char *text = (const char *)in->data;
    in->data += *length;
    in->size -= *length;
    return text;
}

bool call_core(lua_State *L, const char *name, int arguments) {
    lua_getfield(L, LUA_REGISTRYINDEX, CORE);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
    lua_insert(L, -arguments - 1);
    return lua_pcall(L, arguments, LUA_MULTRET, 0) == LUA_OK;
}

static int run(lua_State *L) {
    luaL_checkstack(L, 1000, "fuzzing");
    fuzz_one(L, lua_touserdata(L, 1));
    return 0;
}

static lua_State *open_state(void) {
    lua_State *L = luaL_newstate();
    HOLDS(L != NULL);
    luaL_openlibs(L);
    luaL_requiref(L, "hubspot.engine", luaopen_hubspot_engine, 0);
    lua_pop(L, 1);
    luaL_requiref(L, "hubspot.core", luaopen_hubspot_native, 0);
    lua_setfield(L, LUA_REGISTRYINDEX, CORE);
    lua_settop(L, 0);
    return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static lua_State *L = NULL;
    static unsigned count = 0;
    input in = {data, size};
    if (L != NULL && ++count % INPUTS_A_STATE == 0) {
        lua_close(L);
        L = NULL;
        HOLDS(__lsan_do_recoverable_leak_check() == 0);
    }
    if (L == NULL)
        L = open_state();
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, &in);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        fuzz_violated("an error", 0, lua_tostring(L, -1));
    HOLDS(lua_gettop(L) == 0);
    return 0;
}
