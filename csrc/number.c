#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes the shortest digits that read back as x. printf and strtod share the locale's decimal
 * point, which becomes a dot afterwards. */
static size_t format_fraction(double x, char out[NUMBER_JSON_SIZE]) {
    size_t length = 0;
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, NUMBER_JSON_SIZE, "%.*g", precision, x);
        if (strtod(out, NULL) == x)
            break;
    }
    for (const char *p = out; *p != '\0';) {
        size_t plain = strspn(p, "0123456789+-e");
        memmove(out + length, p, plain);
        length += plain;
        p += plain;
        if (*p != '\0') {
            out[length++] = '.';
            p += strcspn(p, "0123456789+-e");
        }
    }
    out[length] = '\0';
    return length;
}

/* Writes the number at index as JSON and returns its length, or 0 for NaN and infinities. */
size_t number_json(lua_State *L, int index, char out[NUMBER_JSON_SIZE]) {
#if HUBSPOT_HAS_INTEGERS
    if (lua_isinteger(L, index))
        return (size_t)snprintf(out, NUMBER_JSON_SIZE, "%lld", (long long)lua_tointeger(L, index));
#endif
    double x = lua_tonumber(L, index);
    if (!isfinite(x))
        return 0;
    if (fabs(x) <= NUMBER_EXACT && x == floor(x))
        return (size_t)snprintf(out, NUMBER_JSON_SIZE, "%lld", (long long)x);
    return format_fraction(x, out);
}

static size_t add_zeros(char *out, size_t length, long count) {
    for (; count > 0; count--)
        out[length++] = '0';
    return length;
}

/* Writes the digits of a number in scientific form, which has one digit before its point, and an
 * exponent that moves the point before the first digit or after the last one. */
static size_t expand(const char *scientific, long exponent, char out[NUMBER_DECIMAL_SIZE]) {
    size_t length = 0;
    const char *p = scientific;
    if (*p == '-')
        out[length++] = *p++;
    if (exponent < 0) {
        out[length++] = '0';
        out[length++] = '.';
        length = add_zeros(out, length, -exponent - 1);
    }
    long digits = 0;
    for (; *p != 'e'; p++) {
        if (*p == '.')
            continue;
        out[length++] = *p;
        digits++;
    }
    length = add_zeros(out, length, exponent + 1 - digits);
    out[length] = '\0';
    return length;
}

/* Writes the number at index as digits with at most a point, never an exponent, and returns its
 * length, or 0 for NaN and infinities. */
size_t number_decimal(lua_State *L, int index, char out[NUMBER_DECIMAL_SIZE]) {
    char text[NUMBER_JSON_SIZE];
    size_t length = number_json(L, index, text);
    if (length == 0)
        return 0;
    const char *exponent = strchr(text, 'e');
    if (exponent != NULL)
        return expand(text, strtol(exponent + 1, NULL, 10), out);
    memcpy(out, text, length + 1);
    return length;
}

/* core.decimal(number) -> its digits with at most a point | nil for NaN and infinities */
int number_push_decimal(lua_State *L) {
    char text[NUMBER_DECIMAL_SIZE];
    luaL_checktype(L, 1, LUA_TNUMBER);
    size_t length = number_decimal(L, 1, text);
    if (length == 0)
        lua_pushnil(L);
    else
        lua_pushlstring(L, text, length);
    return 1;
}
