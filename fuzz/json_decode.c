/* The input is a text that is decoded. The value can be encoded, unless JSON has no form for it,
 * and that text stands for the same value and is written in the same way again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_check.h"

/* Pushes the value of the text at that index and says whether it had one; with none, its message.
 */
static bool decode(lua_State *L, int text, bool keep_nulls) {
    int top = lua_gettop(L);
    lua_pushvalue(L, text);
    lua_pushboolean(L, keep_nulls);
    HOLDS(call_core(L, "decode", 2));
    if (lua_gettop(L) == top + 1)
        return true;
    HOLDS(lua_gettop(L) == top + 2 && lua_isnil(L, top + 1) && lua_type(L, top + 2) == LUA_TSTRING);
    lua_remove(L, top + 1);
    return false;
}

/* Pushes the text of the value at that index and says whether it had one; with none, its message.
 */
static bool encode(lua_State *L, int value) {
    int top = lua_gettop(L);
    lua_pushvalue(L, value);
    HOLDS(call_core(L, "encode", 1));
    if (lua_gettop(L) == top + 1)
        return true;
    HOLDS(lua_gettop(L) == top + 2 && lua_isnil(L, top + 1) && lua_type(L, top + 2) == LUA_TSTRING);
    lua_remove(L, top + 1);
    return false;
}

/* An integer that 64 bits hold is read exactly. */
static void check_integer(lua_State *L, const char *text, size_t length) {
    size_t sign = length > 0 && text[0] == '-';
    size_t digits = strspn(text + sign, "0123456789");
    if (digits == 0 || sign + digits != length || (text[sign] == '0' && digits > 1))
        return;
    errno = 0;
    long long n = strtoll(text, NULL, 10);
    if (errno == 0)
        HOLDS(lua_isinteger(L, -1) && lua_tointeger(L, -1) == n);
    else
        HOLDS(lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) == strtod(text, NULL));
}

static bool ends_with(const char *text, const char *ending) {
    size_t length = strlen(text), count = strlen(ending);
    return length >= count && strcmp(text + length - count, ending) == 0;
}

static void there_and_back(lua_State *L, bool keep_nulls) {
    size_t length, again_length;
    const char *text = lua_tolstring(L, 1, &length);
    lua_settop(L, 1);
    if (!decode(L, 1, keep_nulls))
        return;
    check_integer(L, text, length);
    if (!encode(L, 2)) {
        /* The keys before the reason may have any text. */
        const char *message = lua_tostring(L, 3);
        bool infinite = ends_with(message, ": infinity has no JSON form");
        HOLDS(infinite || strstr(message, ": invalid UTF-8 at byte ") != NULL);
        HOLDS(infinite || !is_utf8(text, length));
        return;
    }
    const char *encoded = lua_tolstring(L, 3, &length);
    HOLDS(is_compact_json(encoded, length));
    HOLDS(decode(L, 3, true));
    HOLDS(is_same(L, 2, 4));
    HOLDS(encode(L, 4));
    const char *again = lua_tolstring(L, 5, &again_length);
    HOLDS(length == again_length && memcmp(encoded, again, length) == 0);
}

void fuzz_one(lua_State *L, input *in) {
    lua_settop(L, 0);
    lua_pushlstring(L, (const char *)in->data, in->size);
    there_and_back(L, true);
    there_and_back(L, false);
}
