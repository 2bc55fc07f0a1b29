#include "json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "number.h"

#define ARRAY_TYPE "hubspot.core.array"
#define SHOWN_DEPTH 12 /* of a place, in a message */
#define FEW_KEYS 32    /* of an object, so that its keys need no memory of their own */

/* ---- Encoding --------------------------------------------------------------------------- */

/* The encoder's place in the value, as a chain from the innermost table outwards. */
typedef struct place {
    const struct place *outer;
    const char *key; /* NULL: an array's element */
    size_t key_length;
    size_t index;
    int depth;
} place;

typedef struct key {
    const char *text;
    size_t length;
    int index; /* where it is anchored */
} key;

/* The sorted keys of a table, each anchored on the stack, or in a table on it: every allocation may
 * run finalizers, which may change the table. */
typedef struct sorted_keys {
    key *list;
    int count;
    int table;   /* index of the table that has the keys */
    int anchors; /* index of the table that anchors them; 0: the stack does */
} sorted_keys;

typedef struct shape {
    size_t strings;
    size_t integers;
    size_t others;
    lua_Number largest;
    const char *other_type;
} shape;

static bool encode_value(buffer *b, const place *at);

static void add_place_key(buffer *b, const place *at) {
    size_t length = at->key_length < 60 ? at->key_length : 60;
    if (at->depth > 1)
        buffer_add_char(b, '.');
    for (size_t i = 0; i < length; i++) {
        char c = at->key[i];
        buffer_add_char(b, (char)(c >= ' ' && c <= '~' ? c : '?'));
    }
    if (length < at->key_length)
        buffer_add(b, "...", 3);
}

static void add_place(buffer *b, const place *at) {
    char text[32];
    if (at->outer == NULL)
        return;
    add_place(b, at->outer);
    if (at->depth == SHOWN_DEPTH + 1)
        buffer_add(b, "...", 3);
    if (at->depth > SHOWN_DEPTH)
        return;
    if (at->key != NULL)
        add_place_key(b, at);
    else
        buffer_add(b, text, (size_t)snprintf(text, sizeof text, "[%zu]", at->index));
}

/* Replaces what was encoded by the message "place: problem"; returns false. */
static bool fail(buffer *b, const place *at, const char *format, ...) {
    va_list arguments;
    char problem[160];
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    b->length = 0;
    if (at->outer == NULL)
        buffer_add(b, "value", 5);
    else
        add_place(b, at);
    buffer_add(b, ": ", 2);
    buffer_add(b, problem, strlen(problem));
    return false;
}

static bool is_tail(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

/* Returns the length of the UTF-8 sequence at p, or 0 where there is none: no overlong forms, no
 * surrogates, nothing above U+10FFFF (Unicode standard, table 3-7). */
static size_t utf8_length(const unsigned char *p, size_t left) {
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return left >= 2 && is_tail(p[1]) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        unsigned char low = c == 0xE0 ? 0xA0 : 0x80, high = c == 0xED ? 0x9F : 0xBF;
        return left >= 3 && p[1] >= low && p[1] <= high && is_tail(p[2]) ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        unsigned char low = c == 0xF0 ? 0x90 : 0x80, high = c == 0xF4 ? 0x8F : 0xBF;
        return left >= 4 && p[1] >= low && p[1] <= high && is_tail(p[2]) && is_tail(p[3]) ? 4 : 0;
    }
    return 0;
}

static void add_control(buffer *b, unsigned char c) {
    static const char letters[] = "btn\0fr"; /* from 8 on */
    char text[8];
    int length = c >= 8 && c <= 13 && c != 11 ? snprintf(text, sizeof text, "\\%c", letters[c - 8])
                                              : snprintf(text, sizeof text, "\\u%04X", c);
    buffer_add(b, text, (size_t)length);
}

/* Adds a quoted string; returns 0, or the place of the first byte that isn't UTF-8. */
static size_t add_string(buffer *b, const char *text, size_t length) {
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0, start = 0;
    buffer_add_char(b, '"');
    while (i < length) {
        unsigned char c = p[i];
        if (c >= 0x80) {
            size_t step = utf8_length(p + i, length - i);
            if (step == 0)
                return i + 1;
            i += step;
        } else if (c < ' ' || c == '"' || c == '\\') {
            buffer_add(b, text + start, i - start);
            if (c < ' ') {
                add_control(b, c);
            } else {
                buffer_add_char(b, '\\');
                buffer_add_char(b, (char)c);
            }
            start = ++i;
        } else {
            i++;
        }
    }
    buffer_add(b, text + start, length - start);
    buffer_add_char(b, '"');
    return 0;
}

static bool encode_string(buffer *b, const place *at) {
    size_t length;
    const char *text = lua_tolstring(b->L, -1, &length);
    size_t bad = add_string(b, text, length);
    return bad == 0 || fail(b, at, "invalid UTF-8 at byte %zu", bad);
}

static bool encode_number(buffer *b, const place *at) {
    char text[NUMBER_JSON_SIZE];
    size_t length = number_json(b->L, -1, text);
    if (length == 0) {
        lua_Number x = lua_tonumber(b->L, -1);
        return fail(b, at, "%s has no JSON form", x != x ? "NaN" : "infinity");
    }
    buffer_add(b, text, length);
    return true;
}

/* Counts the kinds of keys of the table on top of the stack. */
static shape measure(lua_State *L) {
    shape s = {0, 0, 0, 0, NULL};
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        lua_pop(L, 1);
        int type = lua_type(L, -1);
        lua_Number n = type == LUA_TNUMBER ? lua_tonumber(L, -1) : 0;
        if (type == LUA_TSTRING) {
            s.strings++;
        } else if (n >= 1 && n == floor(n)) {
            s.integers++;
            if (n > s.largest)
                s.largest = n;
        } else {
            s.others++;
            s.other_type = lua_typename(L, type);
        }
    }
    return s;
}

/* Pushes a field of the table on top of the stack; nil if that is no table. */
static void push_field(lua_State *L, const char *name) {
    if (!lua_istable(L, -1)) {
        lua_pushnil(L);
        return;
    }
    lua_pushstring(L, name);
    lua_rawget(L, -2);
}

/* Tells whether the value on top of the stack is a field of lua-cjson, where the program has loaded
 * it, under either of its names. */
static bool is_of_cjson(lua_State *L, const char *field) {
    static const char *const modules[] = {"cjson", "cjson.safe"};
    bool found = false;
    int value = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    for (int i = 0; i < 2 && !found; i++) {
        push_field(L, modules[i]);
        push_field(L, field);
        found = lua_rawequal(L, -1, value);
        lua_settop(L, value + 1);
    }
    lua_settop(L, value);
    return found;
}

/* Tells whether the table on top of the stack is marked as an array, by us or by lua-cjson. */
static bool is_marked(lua_State *L) {
    if (!lua_getmetatable(L, -1))
        return false;
    bool marked = lua_rawequal(L, -1, JSON_ARRAY_MT) || is_of_cjson(L, "array_mt") ||
                  is_of_cjson(L, "empty_array_mt");
    lua_pop(L, 1);
    return marked;
}

static bool encode_array(buffer *b, const place *at, size_t count) {
    buffer_add_char(b, '[');
    for (size_t i = 1; i <= count; i++) {
        place element = {at, NULL, 0, i, at->depth + 1};
        if (i > 1)
            buffer_add_char(b, ',');
        lua_rawgeti(b->L, -1, (int)i);
        if (!encode_value(b, &element))
            return false;
        lua_pop(b->L, 1);
    }
    buffer_add_char(b, ']');
    return true;
}

static int compare_keys(const void *left, const void *right) {
    const key *a = left, *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, shorter);
    if (order != 0)
        return order;
    return (a->length > b->length) - (a->length < b->length);
}

/* Anchors a key, which is on top of the stack, and leaves it there for the traversal. */
static void add_key(lua_State *L, sorted_keys *keys) {
    key *k = &keys->list[keys->count++];
    k->text = lua_tolstring(L, -1, &k->length);
    lua_pushvalue(L, -1);
    if (keys->anchors == 0) {
        k->index = lua_gettop(L) - 1;
        return;
    }
    k->index = keys->count;
    lua_rawseti(L, keys->anchors, k->index);
}

/* Sorts the keys of the table on top of the stack, and pushes what they need. There may be fewer
 * than `count`, the number that was counted, since finalizers run. */
static sorted_keys push_sorted_keys(lua_State *L, key *few, int count) {
    sorted_keys keys = {few, 0, lua_gettop(L), 0};
    luaL_checkstack(L, FEW_KEYS + 4, "encoding JSON");
    if (count > FEW_KEYS) {
        lua_createtable(L, count, 0);
        keys.anchors = lua_gettop(L);
        keys.list = lua_newuserdata(L, sizeof(key) * (size_t)count);
    }
    lua_pushnil(L);
    while (keys.count < count && lua_next(L, keys.table) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING)
            add_key(L, &keys);
    }
    qsort(keys.list, (size_t)keys.count, sizeof(key), compare_keys);
    return keys;
}

/* Encodes a key and its value. */
static bool encode_member(buffer *b, const place *at, const sorted_keys *keys, const key *k) {
    place member = {at, k->text, k->length, 0, at->depth + 1};
    size_t bad = add_string(b, k->text, k->length);
    if (bad != 0)
        return fail(b, &member, "invalid UTF-8 at byte %zu of the key", bad);
    buffer_add_char(b, ':');
    if (keys->anchors == 0)
        lua_pushvalue(b->L, k->index);
    else
        lua_rawgeti(b->L, keys->anchors, k->index);
    lua_rawget(b->L, keys->table);
    if (!encode_value(b, &member))
        return false;
    lua_pop(b->L, 1);
    return true;
}

static bool encode_object(buffer *b, const place *at, size_t count) {
    key few[FEW_KEYS];
    sorted_keys keys = push_sorted_keys(b->L, few, (int)count);
    buffer_add_char(b, '{');
    for (int i = 0; i < keys.count; i++) {
        if (i > 0)
            buffer_add_char(b, ',');
        if (!encode_member(b, at, &keys, &keys.list[i]))
            return false;
    }
    buffer_add_char(b, '}');
    lua_settop(b->L, keys.table);
    return true;
}

static bool encode_table(buffer *b, const place *at) {
    /* This bounds the C stack, too, and ends cycles. */
    if (at->depth >= JSON_MAX_DEPTH)
        return fail(b, at, "nested more than %d deep (a cycle?)", JSON_MAX_DEPTH);
    shape s = measure(b->L);
    bool marked = is_marked(b->L);
    if (s.others > 0)
        return fail(b, at, "a key that is a %s has no JSON form", s.other_type);
    if (marked && s.strings > 0)
        return fail(b, at, "an array with string keys");
    if (s.strings > 0 && s.integers > 0)
        return fail(b, at,
                    "string and integer keys together (for null in an array use hubspot.null)");
    if (s.integers > 0 && s.largest != (lua_Number)s.integers)
        return fail(b, at, "an array with holes (use hubspot.null for null)");
    if (marked || s.integers > 0)
        return encode_array(b, at, s.integers);
    return encode_object(b, at, s.strings);
}

static bool encode_lightuserdata(buffer *b, const place *at) {
    if (lua_touserdata(b->L, -1) == NULL)
        buffer_add(b, "null", 4);
    else if (is_of_cjson(b->L, "empty_array"))
        buffer_add(b, "[]", 2);
    else
        return fail(b, at, "a userdata has no JSON form");
    return true;
}

/* Encodes the value on top of the stack, which stays there. On failure the stack is left as it is
 * and the buffer holds the message. */
static bool encode_value(buffer *b, const place *at) {
    lua_State *L = b->L;
    luaL_checkstack(L, 10, "encoding JSON");
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        return encode_string(b, at);
    case LUA_TNUMBER:
        return encode_number(b, at);
    case LUA_TTABLE:
        return encode_table(b, at);
    case LUA_TLIGHTUSERDATA:
        return encode_lightuserdata(b, at);
    case LUA_TBOOLEAN:
        if (lua_toboolean(L, -1))
            buffer_add(b, "true", 4);
        else
            buffer_add(b, "false", 5);
        return true;
    default:
        return fail(b, at, "a %s has no JSON form", luaL_typename(L, -1));
    }
}

/* core.encode(value) -> text | nil, message */
static int json_encode(lua_State *L) {
    buffer b;
    const place root = {NULL, NULL, 0, 0, 0};
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    buffer_init(L, &b);
    lua_pushvalue(L, 1);
    if (encode_value(&b, &root)) {
        buffer_push(&b);
        return 1;
    }
    lua_pushnil(L);
    buffer_push(&b);
    return 2;
}

/* core.array(t?) -> t, marked as an array */
static int json_array(lua_State *L) {
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_getmetatable(L, 1)) {
        lua_settop(L, 1);
        luaL_argcheck(L, is_marked(L), 1, "has a metatable already");
        return 1;
    }
    lua_pushvalue(L, JSON_ARRAY_MT);
    lua_setmetatable(L, 1);
    return 1;
}

/* core.like(copy, original) -> copy, marked as an array where the original is */
static int json_like(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    if (is_marked(L)) {
        lua_pushvalue(L, JSON_ARRAY_MT);
        lua_setmetatable(L, 1);
    }
    lua_settop(L, 1);
    return 1;
}

/* Sets what Lua sees of JSON in the table on top of the stack. */
void json_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"array", json_array},
                                         {"decode", json_decode},
                                         {"encode", json_encode},
                                         {"like", json_like},
                                         {NULL, NULL}};
    for (const luaL_Reg *f = functions; f->name != NULL; f++) {
        luaL_newmetatable(L, ARRAY_TYPE);
        lua_pushcclosure(L, f->func, 1);
        lua_setfield(L, -2, f->name);
    }
}
