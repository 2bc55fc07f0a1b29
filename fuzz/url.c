/* The input is read as texts to escape, as a path template with values, and as a query. */
#include <string.h>

#include "fuzz.h"

#define MOST_VALUES 8

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_plain(char c) {
    return c != '\0' &&
           strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", c) != NULL;
}

/* Pushes what an escaped text stands for. It has only the characters that it may have. */
static void push_unescaped(lua_State *L, const char *text, size_t length) {
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            HOLDS(is_plain(text[i]));
            luaL_addchar(&b, text[i]);
            continue;
        }
        HOLDS(i + 2 < length);
        int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        HOLDS(high >= 0 && low >= 0);
        char c = (char)(high * 16 + low);
        HOLDS(!is_plain(c));
        luaL_addchar(&b, c);
        i += 2;
    }
    luaL_pushresult(&b);
}

/* The escaped text stands for the value at index. */
static void check_escaped(lua_State *L, const char *text, size_t length, int value) {
    value = lua_absindex(L, value);
    push_unescaped(L, text, length);
    if (lua_type(L, value) == LUA_TSTRING) {
        HOLDS(lua_rawequal(L, -1, value));
    } else if (lua_type(L, value) == LUA_TBOOLEAN) {
        HOLDS(strcmp(lua_tostring(L, -1), lua_toboolean(L, value) ? "true" : "false") == 0);
    } else {
        HOLDS(lua_stringtonumber(L, lua_tostring(L, -1)) != 0);
        /* The shortest digits of a double may be those of another integer. */
        HOLDS(lua_isinteger(L, value) ? lua_rawequal(L, -1, value)
                                      : lua_tonumber(L, -1) == lua_tonumber(L, value));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void push_value(lua_State *L, input *in) {
    size_t length;
    const char *text;
    uint64_t bits;
    double x;
    uint8_t kind = input_byte(in);
    switch (kind % 16) {
    case 0:
        lua_pushinteger(L, (int8_t)input_byte(in));
        break;
    case 1:
        lua_pushinteger(L, (lua_Integer)input_bits(in));
        break;
    case 2:
        bits = input_bits(in);
        memcpy(&x, &bits, sizeof x);
        lua_pushnumber(L, x);
        break;
    case 3:
        lua_pushnumber(L, (lua_Number)(int64_t)input_bits(in));
        break;
    case 4:
        lua_pushboolean(L, kind & 16);
        break;
    case 5:
        lua_newtable(L);
        break;
    case 6:
    case 7:
        lua_pushstring(L, kind & 16 ? "." : "..");
        break;
    default:
        text = input_text(in, &length);
        lua_pushlstring(L, text, length);
    }
}

static void fuzz_escape(lua_State *L, input *in) {
    size_t length;
    lua_pushlstring(L, (const char *)in->data, in->size);
    lua_pushvalue(L, 1);
    HOLDS(call_core(L, "escape", 1));
    const char *text = lua_tolstring(L, 2, &length);
    check_escaped(L, text, length, 1);
}

/* Any text as a template: it gives a path, a message, or an error. */
static void fuzz_template(lua_State *L, input *in) {
    size_t length;
    lua_newtable(L);
    for (int i = 0; i < 3; i++) {
        push_value(L, in);
        lua_setfield(L, 1, (const char *[]){"a", "b", "c_1"}[i]);
    }
    const char *template = (const char *)in->data;
    length = in->size;
    lua_pushlstring(L, template, length);
    lua_pushvalue(L, 1);
    if (!call_core(L, "path", 2)) {
        HOLDS(lua_type(L, -1) == LUA_TSTRING);
    } else if (lua_isnil(L, 2)) {
        HOLDS(lua_gettop(L) == 4);
        HOLDS(lua_type(L, 3) == LUA_TSTRING && lua_type(L, 4) == LUA_TSTRING);
    } else {
        HOLDS(lua_gettop(L) == 2);
    }
}

/* Gives the length of the path's segment that starts at text. */
static size_t segment_length(const char *text, const char *end) {
    const char *slash = memchr(text, '/', (size_t)(end - text));
    return (size_t)((slash != NULL ? slash : end) - text);
}

static bool is_dots(const char *text, size_t length) {
    return (length == 1 && text[0] == '.') || (length == 2 && text[0] == '.' && text[1] == '.');
}

/* A template with a segment for each value gives a path with as many segments; each stands for its
 * value, and none leads elsewhere. */
static void fuzz_segments(lua_State *L, input *in) {
    luaL_Buffer b;
    size_t length;
    char part[16];
    int count = 1 + input_byte(in) % MOST_VALUES;
    lua_newtable(L);
    for (int i = 1; i <= count; i++) {
        push_value(L, in);
        lua_pushfstring(L, "value_%d", i);
        lua_insert(L, -2);
        lua_rawset(L, 1);
    }
    luaL_buffinit(L, &b);
    for (int i = 1; i <= count; i++) {
        luaL_addstring(&b, "/{value_");
        part[0] = (char)('0' + i);
        part[1] = '}';
        luaL_addlstring(&b, part, 2);
    }
    luaL_pushresult(&b);
    lua_pushvalue(L, 1);
    HOLDS(call_core(L, "path", 2));
    if (lua_isnil(L, 2))
        return;
    const char *path = lua_tolstring(L, 2, &length), *end = path + length;
    for (int i = 1; i <= count; i++) {
        HOLDS(path < end && *path == '/');
        path++;
        size_t segment = segment_length(path, end);
        HOLDS(segment > 0 && !is_dots(path, segment));
        lua_pushfstring(L, "value_%d", i);
        lua_rawget(L, 1);
        check_escaped(L, path, segment, -1);
        lua_pop(L, 1);
        path += segment;
    }
    HOLDS(path == end);
}

/* Values among the fixed text of a segment, and next to each other, add none and lead nowhere. */
static void fuzz_mixed(lua_State *L, input *in) {
    static const char *const templates[] = {"/x/{a}{b}/y", "/x/.{a}/y", "/x/{a}./{b}",
                                            "/x/v{a}:{b}/y", "/x/{a}.{b}/y"};
    size_t length, slashes = 0;
    const char *template = templates[input_byte(in) % 5];
    lua_pushstring(L, template);
    lua_newtable(L);
    push_value(L, in);
    lua_setfield(L, 2, "a");
    push_value(L, in);
    lua_setfield(L, 2, "b");
    HOLDS(call_core(L, "path", 2));
    if (lua_isnil(L, 1))
        return;
    const char *path = lua_tolstring(L, 1, &length), *end = path + length;
    for (const char *p = path; p < end; p++) {
        if (*p != '/') {
            HOLDS(is_plain(*p) || *p == '%' || *p == ':');
            continue;
        }
        slashes++;
        size_t segment = segment_length(p + 1, end);
        HOLDS(segment > 0 && !is_dots(p + 1, segment));
    }
    HOLDS(slashes == 3);
}

static void fuzz_query(lua_State *L, input *in) {
    size_t length;
    int count = input_byte(in) % MOST_VALUES;
    lua_newtable(L);
    for (int i = 0; i < count; i++) {
        const char *name = input_text(in, &length);
        lua_pushlstring(L, name, length);
        lua_rawseti(L, 1, 2 * i + 1);
        push_value(L, in);
        lua_rawseti(L, 1, 2 * i + 2);
    }
    lua_pushvalue(L, 1);
    if (!call_core(L, "query", 1)) {
        HOLDS(strstr(lua_tostring(L, -1), "query parameter") != NULL);
        return;
    }
    const char *query = lua_tolstring(L, 2, &length), *end = query + length;
    for (int i = 0; i < count; i++) {
        HOLDS(i == 0 || *query++ == '&');
        const char *equals = memchr(query, '=', (size_t)(end - query));
        HOLDS(equals != NULL);
        const char *next = memchr(equals, '&', (size_t)(end - equals));
        if (next == NULL)
            next = end;
        lua_rawgeti(L, 1, 2 * i + 1);
        check_escaped(L, query, (size_t)(equals - query), -1);
        lua_rawgeti(L, 1, 2 * i + 2);
        check_escaped(L, equals + 1, (size_t)(next - equals - 1), -1);
        query = next;
    }
    HOLDS(query == end);
}

void fuzz_one(lua_State *L, input *in) {
    static void (*const kinds[])(lua_State *, input *) = {fuzz_escape, fuzz_template, fuzz_segments,
                                                          fuzz_mixed, fuzz_query};
    lua_settop(L, 0);
    kinds[input_byte(in) % 5](L, in);
    lua_settop(L, 0);
}
