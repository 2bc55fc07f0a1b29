/* The input is read as a Lua value, which is encoded. One that JSON can hold gives a text that
 * stands for it, any other one a message. */
#include <math.h>
#include <string.h>

#include "json_check.h"

/* More than the encoder takes. */
#define DEEPEST 140
#define MAX_DEPTH 128

typedef struct builder {
    lua_State *L;
    input *in;
    bool has_form; /* so far */
} builder;

static void push_value(builder *b, int depth);

static void push_string(builder *b) {
    size_t length;
    const char *text = input_text(b->in, &length);
    b->has_form = b->has_form && is_wtf8(text, length);
    lua_pushlstring(b->L, text, length);
}

static void push_double(builder *b) {
    uint64_t bits = input_bits(b->in);
    double x;
    memcpy(&x, &bits, sizeof x);
    b->has_form = b->has_form && isfinite(x);
    lua_pushnumber(b->L, x);
}

static void push_array(builder *b, int depth) {
    int count = input_byte(b->in) % 32;
    lua_newtable(b->L);
    for (int i = 1; i <= count; i++) {
        push_value(b, depth + 1);
        lua_rawseti(b->L, -2, i);
    }
}

static void push_object(builder *b, int depth) {
    int count = input_byte(b->in) % 32;
    lua_newtable(b->L);
    for (int i = 0; i < count; i++) {
        /* A second value of one name replaces the first: neither may be what makes it fail. */
        bool had_form = b->has_form;
        push_string(b);
        lua_pushvalue(b->L, -1);
        if (lua_rawget(b->L, -3) != LUA_TNIL) {
            b->has_form = had_form;
            lua_pop(b->L, 2);
            continue;
        }
        lua_pop(b->L, 1);
        push_value(b, depth + 1);
        lua_rawset(b->L, -3);
    }
}

/* Puts into the table on top of the stack what makes it no JSON. */
static void spoil(builder *b, uint8_t how) {
    lua_State *L = b->L;
    bool is_empty = true;
    lua_pushnil(L);
    if (lua_next(L, -2) != 0) {
        is_empty = false;
        lua_pop(L, 2);
    }
    b->has_form = false;
    switch (how % 4) {
    case 0: /* a hole */
        lua_pushboolean(L, 1);
        lua_rawseti(L, -2, 1000);
        break;
    case 1: /* a cycle */
        lua_pushvalue(L, -1);
        lua_rawseti(L, -2, (int)hubspot_rawlen(L, -2) + 1);
        break;
    case 2: /* a fraction as key */
        lua_pushnumber(L, 1.5);
        lua_pushboolean(L, 1);
        lua_rawset(L, -3);
        break;
    default: /* both kinds of keys, or one that is no name */
        lua_pushboolean(L, 1);
        lua_rawseti(L, -2, is_empty ? 0 : -1);
    }
}

static void push_table(builder *b, uint8_t kind, int depth) {
    if (depth >= MAX_DEPTH)
        b->has_form = false;
    if (depth >= DEEPEST) {
        lua_newtable(b->L);
        return;
    }
    if (kind % 2 == 0)
        push_array(b, depth);
    else
        push_object(b, depth);
}

/* Marks the table on top of the stack as an array. */
static void mark(builder *b) {
    lua_pushnil(b->L);
    if (lua_next(b->L, -2) != 0) {
        b->has_form = b->has_form && lua_type(b->L, -2) == LUA_TNUMBER;
        lua_pop(b->L, 2);
    }
    HOLDS(call_core(b->L, "array", 1));
}

static void push_scalar(builder *b, uint8_t kind) {
    switch (kind % 8) {
    case 0:
        lua_pushboolean(b->L, kind & 16);
        break;
    case 1:
        lua_pushinteger(b->L, (lua_Integer)input_bits(b->in));
        break;
    case 2:
        lua_pushinteger(b->L, (int8_t)input_byte(b->in));
        break;
    case 3:
        push_double(b);
        break;
    case 4:
        lua_pushnumber(b->L, (lua_Number)(int64_t)input_bits(b->in));
        break;
    case 5:
        lua_pushlightuserdata(b->L, NULL);
        break;
    default:
        push_string(b);
    }
}

static void push_without_form(builder *b, uint8_t kind) {
    b->has_form = false;
    if (kind % 2 == 0)
        lua_pushlightuserdata(b->L, b);
    else
        lua_pushcfunction(b->L, lua_error);
}

/* Pushes a value, never nil. */
static void push_value(builder *b, int depth) {
    uint8_t kind = input_byte(b->in);
    luaL_checkstack(b->L, 20, "building a value");
    if (kind < 128) {
        push_scalar(b, kind);
    } else if (kind < 224) {
        push_table(b, kind, depth);
    } else if (kind < 240) {
        push_table(b, kind, depth);
        mark(b);
    } else if (kind < 248) {
        push_table(b, kind, depth);
        spoil(b, kind);
    } else {
        push_without_form(b, kind);
    }
}

static void check_message(lua_State *L) {
    size_t length;
    HOLDS(lua_isnil(L, 2) && lua_type(L, 3) == LUA_TSTRING);
    const char *message = lua_tolstring(L, 3, &length);
    HOLDS(length > 0);
    for (size_t i = 0; i < length; i++)
        HOLDS(message[i] >= ' ' && message[i] <= '~');
}

void fuzz_one(lua_State *L, input *in) {
    size_t length;
    builder b = {L, in, true};
    lua_settop(L, 0);
    push_value(&b, 0);
    lua_pushvalue(L, 1);
    HOLDS(call_core(L, "encode", 1));
    HOLDS(b.has_form == (lua_gettop(L) == 2));
    if (lua_gettop(L) == 3) {
        check_message(L);
        lua_settop(L, 0);
        return;
    }
    const char *text = lua_tolstring(L, 2, &length);
    HOLDS(is_compact_json(text, length));
    lua_pushvalue(L, 2);
    lua_pushboolean(L, 1);
    HOLDS(call_core(L, "decode", 2));
    HOLDS(lua_gettop(L) == 3);
    HOLDS(is_same(L, 1, 3));
    lua_settop(L, 0);
}
