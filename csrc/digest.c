#include "digest.h"

#include <stdint.h>

/* Two remainders of 31 bits: an unsigned of 64 bits holds every product. */
#define FACTOR_A UINT64_C(1000003)
#define MODULUS_A UINT64_C(2147483647)
#define FACTOR_B UINT64_C(1299709)
#define MODULUS_B UINT64_C(2147483629)

static uint64_t check_sum(lua_State *L, int index, uint64_t modulus) {
    lua_Number number = luaL_checknumber(L, index);
    luaL_argcheck(L, number >= 0 && number < (lua_Number)modulus, index, "no sum of a digest");
    return (uint64_t)number;
}

/* core.digest(a, b, text) -> the two sums with the bytes of the text added */
int digest_add(lua_State *L) {
    uint64_t a = check_sum(L, 1, MODULUS_A);
    uint64_t b = check_sum(L, 2, MODULUS_B);
    size_t length;
    const unsigned char *text = (const unsigned char *)luaL_checklstring(L, 3, &length);
    for (size_t i = 0; i < length; i++) {
        a = (a * FACTOR_A + text[i] + 1) % MODULUS_A;
        b = (b * FACTOR_B + text[i] + 1) % MODULUS_B;
    }
    lua_pushinteger(L, (lua_Integer)a);
    lua_pushinteger(L, (lua_Integer)b);
    return 2;
}
