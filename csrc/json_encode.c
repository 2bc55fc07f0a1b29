#include "json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "json_text.h"
#include "number.h"

/* The second upvalue: the memory of the latest text, for the next one. */
#define LATEST_BUFFER lua_upvalueindex(2)

#define SHOWN_DEPTH 12 /* of a place, in a message */
#define FEW_KEYS 64    /* of an object, so that its keys need no memory of their own */
#define SHALLOW 8      /* depth down to which objects have keys and values on the stack */

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
    int index; /* where it is anchored, or its value on the stack */
} key;

/* The sorted keys of a table, each anchored in a table on the stack: every allocation may run
 * finalizers, which may change the table. */
typedef struct sorted_keys {
    key *list;
    int count;
    int table;   /* index of the table that has the keys */
    int anchors; /* index of the table that anchors them */
} sorted_keys;

/* The keys of the latest object at a depth, in the order in which its table gave them. Those of
 * rows are mostly the same: they are copied from the text, and not sorted again. */
typedef struct known_keys {
    int count;
    bool are_plain;                 /* none needs an escape */
    bool are_written;               /* all are in the text, as they are */
    size_t offsets[FEW_KEYS];       /* of the quote before each, in the text */
    size_t lengths[FEW_KEYS];       /* without quotes */
    unsigned char sorted[FEW_KEYS]; /* their numbers, in the order in which they are written */
} known_keys;

typedef struct encoder {
    buffer text;
    known_keys known[SHALLOW]; /* by depth */
} encoder;

typedef struct shape {
    size_t strings;
    size_t integers;
    size_t others;
    lua_Number largest;
    const char *other_type;
} shape;

static bool encode_value(encoder *e, const place *at);

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

static bool encode_string(buffer *b, const place *at) {
    size_t length;
    const char *text = lua_tolstring(b->L, -1, &length);
    size_t bad = json_text_add(b, text, length);
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

static bool encode_array(encoder *e, const place *at, size_t count) {
    buffer *b = &e->text;
    buffer_add_char(b, '[');
    for (size_t i = 1; i <= count; i++) {
        place element = {at, NULL, 0, i, at->depth + 1};
        if (i > 1)
            buffer_add_char(b, ',');
        lua_rawgeti(b->L, -1, (int)i);
        if (!encode_value(e, &element))
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

/* ---- Objects ---------------------------------------------------------------------------- */

/* Sorts the keys of the table on top of the stack, and pushes what they need. There may be fewer
 * than `count`, the number that was counted, since finalizers run. */
static sorted_keys push_sorted_keys(lua_State *L, int count) {
    sorted_keys keys = {NULL, 0, lua_gettop(L), lua_gettop(L) + 1};
    lua_createtable(L, count, 0);
    keys.list = lua_newuserdata(L, sizeof(key) * (size_t)count);
    lua_pushnil(L);
    while (keys.count < count && lua_next(L, keys.table) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        key *k = &keys.list[keys.count++];
        k->text = lua_tolstring(L, -1, &k->length);
        k->index = keys.count;
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys.anchors, k->index);
    }
    qsort(keys.list, (size_t)keys.count, sizeof(key), compare_keys);
    return keys;
}

/* Encodes a key and its value, which is on top of the stack. */
static bool encode_member(encoder *e, const place *at, const key *k) {
    place member = {at, k->text, k->length, 0, at->depth + 1};
    size_t bad = json_text_add(&e->text, k->text, k->length);
    if (bad != 0)
        return fail(&e->text, &member, "invalid UTF-8 at byte %zu of the key", bad);
    buffer_add_char(&e->text, ':');
    return encode_value(e, &member);
}

/* Encodes the table on top of the stack, whatever its size. */
static bool encode_large_object(encoder *e, const place *at, size_t count) {
    lua_State *L = e->text.L;
    sorted_keys keys = push_sorted_keys(L, (int)count);
    int top = keys.table + 2;
    lua_settop(L, top);
    buffer_add_char(&e->text, '{');
    for (int i = 0; i < keys.count; i++) {
        if (i > 0)
            buffer_add_char(&e->text, ',');
        lua_rawgeti(L, keys.anchors, keys.list[i].index);
        lua_rawget(L, keys.table);
        if (!encode_member(e, at, &keys.list[i]))
            return false;
        lua_settop(L, top);
    }
    buffer_add_char(&e->text, '}');
    lua_settop(L, keys.table);
    return true;
}

/* Pushes the keys and the values of the table on top of the stack, and notes them in its order.
 * Returns their number; -1, with nothing pushed, where a key is no text or there are too many. */
static int push_members(lua_State *L, key *members) {
    int table = lua_gettop(L), count = 0;
    luaL_checkstack(L, 2 * FEW_KEYS + 4, "encoding JSON");
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        if (count == FEW_KEYS || lua_type(L, -2) != LUA_TSTRING) {
            lua_settop(L, table);
            return -1;
        }
        /* The texts of many rows are not in the processor's cache: they come while others are
         * walked over. */
        __builtin_prefetch(lua_topointer(L, -1));
        key *k = &members[count++];
        k->text = lua_tolstring(L, -2, &k->length);
        k->index = table + 2 * count;
        lua_pushvalue(L, -2);
    }
    return count;
}

/* Tells whether these are the keys that are known, in the same order. */
static bool are_known(const encoder *e, const known_keys *known, const key *members, int count) {
    if (!known->are_written || known->count != count)
        return false;
    for (int i = 0; i < count; i++) {
        const char *written = e->text.data + known->offsets[i] + 1;
        if (known->lengths[i] != members[i].length ||
            memcmp(written, members[i].text, members[i].length) != 0)
            return false;
    }
    return true;
}

/* Sorts the keys of an object, and notes them as the known ones of its depth. */
static void sort_members(known_keys *known, const key *members, int count) {
    key sorted[FEW_KEYS];
    memcpy(sorted, members, sizeof(key) * (size_t)count);
    qsort(sorted, (size_t)count, sizeof(key), compare_keys);
    known->count = count;
    known->are_plain = true;
    known->are_written = false;
    for (int i = 0; i < count; i++)
        known->sorted[i] = (unsigned char)((sorted[i].index - members[0].index) / 2);
}

/* Encodes a key, which is noted, and its value, which is on top of the stack. */
static bool encode_noted_member(encoder *e, const place *at, const key *k, int number) {
    known_keys *known = &e->known[at->depth];
    known->offsets[number] = e->text.length;
    known->lengths[number] = k->length;
    known->are_plain = known->are_plain && json_text_plain(k->text, k->length) == k->length;
    return encode_member(e, at, k);
}

/* Encodes a key that is in the text already, and its value, which is on top of the stack. */
static bool encode_known_member(encoder *e, const place *at, const key *k, int number) {
    place member = {at, k->text, k->length, 0, at->depth + 1};
    size_t length = k->length + 3; /* with the quotes and the colon */
    char *copy = buffer_reserve(&e->text, length);
    memcpy(copy, e->text.data + e->known[at->depth].offsets[number], length);
    e->text.length += length;
    return encode_value(e, &member);
}

/* Encodes the members that push_members pushed above the table, and pops them. */
static bool encode_small_object(encoder *e, const place *at, const key *members, int count) {
    lua_State *L = e->text.L;
    known_keys *known = &e->known[at->depth];
    if (!are_known(e, known, members, count))
        sort_members(known, members, count);
    buffer_add_char(&e->text, '{');
    for (int i = 0; i < count; i++) {
        int number = known->sorted[i];
        const key *k = &members[number];
        if (i > 0)
            buffer_add_char(&e->text, ',');
        lua_pushvalue(L, k->index);
        if (!(known->are_written ? encode_known_member : encode_noted_member)(e, at, k, number))
            return false;
        lua_pop(L, 1);
    }
    buffer_add_char(&e->text, '}');
    known->are_written = known->are_plain;
    lua_pop(L, 2 * count);
    return true;
}

/* Encodes the table on top of the stack as what its keys make it. */
static bool encode_by_keys(encoder *e, const place *at) {
    buffer *b = &e->text;
    shape s = measure(b->L);
    bool marked = json_is_array(b->L);
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
        return encode_array(e, at, s.integers);
    return encode_large_object(e, at, s.strings);
}

/* Encodes the table on top of the stack, which few others are around: a small object needs no
 * memory then. One with a metatable may be marked as an array. */
static bool encode_shallow(encoder *e, const place *at) {
    lua_State *L = e->text.L;
    key members[FEW_KEYS];
    if (lua_getmetatable(L, -1)) {
        lua_pop(L, 1);
        return encode_by_keys(e, at);
    }
    int count = push_members(L, members);
    return count < 0 ? encode_by_keys(e, at) : encode_small_object(e, at, members, count);
}

static bool encode_table(encoder *e, const place *at) {
    lua_State *L = e->text.L;
    /* This bounds the C stack, too, and ends cycles. */
    if (at->depth >= JSON_MAX_DEPTH)
        return fail(&e->text, at, "nested more than %d deep (a cycle?)", JSON_MAX_DEPTH);
    luaL_checkstack(L, 20, "encoding JSON");
    if (at->depth < SHALLOW)
        return encode_shallow(e, at);
    return encode_by_keys(e, at);
}

static bool encode_lightuserdata(buffer *b, const place *at) {
    if (lua_touserdata(b->L, -1) == NULL)
        buffer_add(b, "null", 4);
    else if (json_is_of_cjson(b->L, "empty_array"))
        buffer_add(b, "[]", 2);
    else
        return fail(b, at, "a userdata has no JSON form");
    return true;
}

/* Encodes the value on top of the stack, which stays there. On failure the stack is left as it is
 * and the buffer holds the message. */
static bool encode_value(encoder *e, const place *at) {
    buffer *b = &e->text;
    lua_State *L = b->L;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        return encode_string(b, at);
    case LUA_TNUMBER:
        return encode_number(b, at);
    case LUA_TTABLE:
        return encode_table(e, at);
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
    encoder e;
    const place root = {NULL, NULL, 0, 0, 0};
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    buffer_init(L, &e.text);
    buffer_reuse(&e.text, LATEST_BUFFER);
    for (int i = 0; i < SHALLOW; i++)
        e.known[i].are_written = false;
    lua_pushvalue(L, 1);
    bool encoded = encode_value(&e, &root);
    if (!encoded)
        lua_pushnil(L);
    buffer_push(&e.text);
    buffer_leave(&e.text, LATEST_BUFFER);
    return encoded ? 1 : 2;
}

/* Sets what Lua sees of JSON in the table on top of the stack. */
void json_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"array", json_array},
                                         {"decode", json_decode},
                                         {"encode", json_encode},
                                         {"like", json_like},
                                         {NULL, NULL}};
    for (const luaL_Reg *f = functions; f->name != NULL; f++) {
        luaL_newmetatable(L, JSON_ARRAY_TYPE);
        lua_pushnil(L);
        lua_pushcclosure(L, f->func, 2);
        lua_setfield(L, -2, f->name);
    }
}
