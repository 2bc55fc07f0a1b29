#include "json.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "json_keys.h"
#include "number.h"
#include "word.h"

/* Digits that always fit into 64 bits. */
#define SHORT_INTEGER 19

typedef struct reader {
    lua_State *L;
    const char *p;
    const char *end; /* a NUL stands there */
    const char *problem;
    bool keep_nulls;
    int depth;
    buffer scratch;
    json_keys keys;
    json_key unknown; /* one with an escape, which is not remembered */
} reader;

static bool read_value(reader *r, json_key *under);

/* Notes what is wrong at the place where the reader is; returns false. */
static bool fail(reader *r, const char *problem) {
    r->problem = problem;
    return false;
}

static void skip_blanks(reader *r) {
    while (*r->p <= ' ' && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
        r->p++;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* ---- Strings ---------------------------------------------------------------------------- */

/* Returns the first quote, backslash or NUL from p on. */
static inline const char *skip_plain(const char *p, const char *end) {
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        if ((zero_bytes(word ^ EACH_BYTE * '"') | zero_bytes(word ^ EACH_BYTE * '\\') |
             zero_bytes(word)) != 0)
            break;
        p += 8;
    }
    while (*p != '"' && *p != '\\' && *p != '\0')
        p++;
    return p;
}

/* Returns the number that four hexadecimal digits stand for, or -1. */
static long hex4(const char *p) {
    long number = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i], lower = (char)(c | 0x20);
        if (is_digit(c))
            number = number * 16 + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            number = number * 16 + (lower - 'a' + 10);
        else
            return -1;
    }
    return number;
}

static void add_utf8(buffer *b, unsigned long code) {
    if (code < 0x80) {
        buffer_add_char(b, (char)code);
        return;
    }
    if (code < 0x800) {
        buffer_add_char(b, (char)(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            buffer_add_char(b, (char)(0xE0 | code >> 12));
        } else {
            buffer_add_char(b, (char)(0xF0 | code >> 18));
            buffer_add_char(b, (char)(0x80 | (code >> 12 & 0x3F)));
        }
        buffer_add_char(b, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    buffer_add_char(b, (char)(0x80 | (code & 0x3F)));
}

/* Adds the character of the \u at the reader's place, and of a second one of a surrogate pair. JSON
 * may hold half of a pair (RFC 8259, section 8.2), which UTF-8 can't: a program that cuts texts by
 * UTF-16 units leaves one. Its three bytes are those of WTF-8, which the encoder knows. */
static bool read_code_point(reader *r) {
    long code = hex4(r->p + 2);
    if (code < 0)
        return fail(r, "invalid escape");
    r->p += 6;
    if (code >= 0xD800 && code <= 0xDBFF) {
        long low = r->p[0] == '\\' && r->p[1] == 'u' ? hex4(r->p + 2) : -1;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00);
            r->p += 6;
        }
    }
    add_utf8(&r->scratch, (unsigned long)code);
    return true;
}

/* Adds what the escape at the reader's place stands for. */
static bool read_escape(reader *r) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = r->p[1];
    if (c == 'u')
        return read_code_point(r);
    const char *letter = c != '\0' ? strchr(letters, c) : NULL;
    if (letter == NULL)
        return fail(r, "invalid escape");
    buffer_add_char(&r->scratch, meant[letter - letters]);
    r->p += 2;
    return true;
}

/* Pushes the string at the reader's place, which has an escape, or no end. */
static bool read_escaped_string(reader *r) {
    r->scratch.length = 0;
    r->p++;
    for (;;) {
        const char *stop = skip_plain(r->p, r->end);
        buffer_add(&r->scratch, r->p, (size_t)(stop - r->p));
        r->p = stop;
        if (*stop == '"')
            break;
        if (*stop == '\0')
            return fail(r, stop == r->end ? "string without an end" : "NUL in a string");
        if (!read_escape(r))
            return false;
    }
    r->p++;
    buffer_push(&r->scratch);
    return true;
}

static bool read_string(reader *r) {
    const char *text = r->p + 1, *stop = skip_plain(text, r->end);
    if (*stop != '"')
        return read_escaped_string(r);
    lua_pushlstring(r->L, text, (size_t)(stop - text));
    r->p = stop + 1;
    return true;
}

/* Pushes the key at the reader's place and returns what is known of it, or NULL. */
static json_key *read_key(reader *r) {
    if (*r->p != '"') {
        fail(r, "expected a key");
        return NULL;
    }
    const char *text = r->p + 1;
    json_key *k = json_keys_expect(&r->keys, text, r->end);
    if (k == NULL) {
        const char *stop = skip_plain(text, r->end);
        if (*stop != '"') {
            r->unknown = (json_key){NULL, 0, 0, 0, 0, NULL};
            return read_escaped_string(r) ? &r->unknown : NULL;
        }
        k = json_keys_find(&r->keys, text, (size_t)(stop - text));
    }
    r->keys.latest = k;
    r->p = text + k->length + 1;
    lua_pushvalue(r->L, k->index);
    return k;
}

/* ---- Numbers ---------------------------------------------------------------------------- */

static void push_integer(lua_State *L, uint64_t n, bool negative) {
#if HUBSPOT_HAS_INTEGERS
    if (n <= (uint64_t)LUA_MAXINTEGER + negative) {
        lua_pushinteger(L, (lua_Integer)(negative ? 0 - n : n));
        return;
    }
#endif
    lua_pushnumber(L, negative ? -(lua_Number)n : (lua_Number)n);
}

static void push_float(lua_State *L, double x) {
#if HUBSPOT_HAS_INTEGERS
    if (fabs(x) <= NUMBER_EXACT && x == floor(x)) {
        lua_pushinteger(L, (lua_Integer)x);
        return;
    }
#endif
    lua_pushnumber(L, x);
}

/* Pushes the number that a literal stands for. strtod wants the locale's decimal point, which
 * printf tells: localeconv isn't safe where another thread calls it. */
static void read_float(reader *r, const char *literal, size_t length) {
    buffer *b = &r->scratch;
    const char *dot = memchr(literal, '.', length);
    size_t whole = dot != NULL ? (size_t)(dot - literal) : length;
    b->length = 0;
    buffer_add(b, literal, whole);
    if (dot != NULL) {
        char half[32];
        int size = snprintf(half, sizeof half, "%.1f", 0.5);
        buffer_add(b, half + 1, (size_t)size - 2);
        buffer_add(b, dot + 1, length - whole - 1);
    }
    buffer_add_char(b, '\0');
    push_float(r->L, strtod(b->data, NULL));
}

static const char *skip_digits(const char *p) {
    while (is_digit(*p))
        p++;
    return p;
}

/* Goes to the end of the fraction and the exponent, if there are any; tells whether they are whole.
 */
static bool skip_fraction(reader *r) {
    if (*r->p == '.') {
        r->p++;
        if (!is_digit(*r->p))
            return fail(r, "expected a digit");
        r->p = skip_digits(r->p);
    }
    if (*r->p == 'e' || *r->p == 'E') {
        r->p++;
        if (*r->p == '+' || *r->p == '-')
            r->p++;
        if (!is_digit(*r->p))
            return fail(r, "expected a digit");
        r->p = skip_digits(r->p);
    }
    return true;
}

static bool read_number(reader *r) {
    const char *literal = r->p;
    bool negative = *r->p == '-';
    uint64_t n = 0;
    r->p += negative;
    const char *digits = r->p;
    for (; is_digit(*r->p); r->p++)
        n = n * 10 + (uint64_t)(*r->p - '0'); /* wraps only in what is read as a float */
    if (r->p == digits)
        return fail(r, "expected a digit");
    if (*digits == '0' && r->p - digits > 1)
        return fail(r, "number with a leading zero");
    bool is_short = r->p - digits <= SHORT_INTEGER;
    const char *end = r->p;
    if (!skip_fraction(r))
        return false;
    /* In Lua without integers, -0 is a number of its own. */
    if (is_short && r->p == end)
        push_integer(r->L, n, negative);
    else
        read_float(r, literal, (size_t)(r->p - literal));
    return true;
}

/* ---- Values ----------------------------------------------------------------------------- */

static bool read_word(reader *r, const char *word) {
    size_t length = strlen(word);
    if (strncmp(r->p, word, length) != 0)
        return fail(r, "expected a value");
    r->p += length;
    return true;
}

/* Begins an array or an object; tells whether it is not nested too deeply. */
static bool enter(reader *r) {
    if (r->depth == JSON_MAX_DEPTH)
        return fail(r, "arrays and objects nested more than 128 deep");
    luaL_checkstack(r->L, 6, "decoding JSON");
    r->depth++;
    r->p++;
    skip_blanks(r);
    return true;
}

/* Moves from an item to the next one, or past the end. */
static bool leave_item(reader *r, char close, const char *expected, bool *at_end) {
    skip_blanks(r);
    *at_end = *r->p == close;
    if (!*at_end && *r->p != ',')
        return fail(r, expected);
    r->p++;
    if (*at_end)
        r->depth--;
    else
        skip_blanks(r);
    return true;
}

/* Takes a size that was noted, for one table: what many tables take, many were that large. */
static int take(int *size) {
    int taken = *size;
    *size = 0;
    return taken;
}

static bool read_array(reader *r, json_key *under) {
    int items = 0;
    bool at_end = false;
    if (!enter(r))
        return false;
    if (*r->p == ']') {
        lua_newtable(r->L);
        /* Marked, so that it is written as an array again. */
        lua_pushvalue(r->L, JSON_ARRAY_MT);
        lua_setmetatable(r->L, -2);
        r->depth--;
        r->p++;
        return true;
    }
    lua_createtable(r->L, take(&under->items), 0);
    while (!at_end) {
        if (!read_value(r, under))
            return false;
        lua_rawseti(r->L, -2, ++items);
        if (!leave_item(r, ']', "expected a comma or ]", &at_end))
            return false;
    }
    under->items = items;
    return true;
}

/* Reads a null for the key on top of the stack, which it pops; below it is the object. */
static bool read_dropped_null(reader *r, int fields) {
    lua_State *L = r->L;
    if (!read_word(r, "null"))
        return false;
    if (fields > 0) {
        /* It may be there already: the last one counts. */
        lua_pushvalue(L, -1);
        lua_rawget(L, -3);
        bool there = !lua_isnil(L, -1);
        lua_pop(L, 1);
        if (there) {
            lua_pushnil(L);
            lua_rawset(L, -3);
            return true;
        }
    }
    lua_pop(L, 1);
    return true;
}

static bool read_field(reader *r, int *fields) {
    json_key *k = read_key(r);
    if (k == NULL)
        return false;
    skip_blanks(r);
    if (*r->p != ':')
        return fail(r, "expected a colon");
    r->p++;
    skip_blanks(r);
    if (*r->p == 'n' && !r->keep_nulls)
        return read_dropped_null(r, *fields);
    if (!read_value(r, k))
        return false;
    lua_rawset(r->L, -3);
    ++*fields;
    return true;
}

static bool read_object(reader *r, json_key *under) {
    int fields = 0;
    bool at_end = false;
    if (!enter(r))
        return false;
    if (*r->p == '}') {
        lua_newtable(r->L);
        r->depth--;
        r->p++;
        return true;
    }
    lua_createtable(r->L, 0, take(&under->fields));
    while (!at_end) {
        if (!read_field(r, &fields) || !leave_item(r, '}', "expected a comma or }", &at_end))
            return false;
    }
    under->fields = fields;
    return true;
}

/* Pushes the value at the reader's place, which moves past it. On failure there may be more on the
 * stack. `under` is the key that it, or the array that it is in, belongs to. */
static bool read_value(reader *r, json_key *under) {
    switch (*r->p) {
    case '"':
        return read_string(r);
    case '{':
        return read_object(r, under);
    case '[':
        return read_array(r, under);
    case 't':
        lua_pushboolean(r->L, 1);
        return read_word(r, "true");
    case 'f':
        lua_pushboolean(r->L, 0);
        return read_word(r, "false");
    case 'n':
        lua_pushlightuserdata(r->L, NULL);
        return read_word(r, "null");
    default:
        if (*r->p == '-' || is_digit(*r->p))
            return read_number(r);
        return fail(r, "expected a value");
    }
}

static bool read_text(reader *r, json_key *root) {
    skip_blanks(r);
    if (!read_value(r, root))
        return false;
    skip_blanks(r);
    return r->p == r->end || fail(r, "expected the end");
}

/* Pushes what a text stands for, which has a NUL after it and must stay where it is, and returns 1;
 * or nil and a message, and returns 2. The calling function's first upvalue marks arrays. */
int json_decode_text(lua_State *L, const char *text, size_t length, bool keep_nulls) {
    reader r;
    if (length >= INT_MAX) {
        lua_pushnil(L);
        lua_pushliteral(L, "larger than 2 GB");
        return 2;
    }
    luaL_checkstack(L, 10, "decoding JSON");
    r.L = L;
    r.p = text;
    r.end = text + length;
    r.keep_nulls = keep_nulls;
    r.depth = 0;
    int top = lua_gettop(L);
    buffer_init(L, &r.scratch);
    json_key root = {NULL, 0, 0, 0, 0, NULL};
    json_keys_init(&r.keys, L, &root);
    if (read_text(&r, &root)) {
        lua_replace(L, top + 1);
        lua_settop(L, top + 1);
        return 1;
    }
    lua_settop(L, top);
    lua_pushnil(L);
    lua_pushfstring(L, "%s at character %d", r.problem, (int)(r.p - text) + 1);
    return 2;
}

/* core.decode(text, keep_nulls) -> value | nil, message */
int json_decode(lua_State *L) {
    size_t length;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &length); /* Lua's strings have a NUL after them */
    return json_decode_text(L, text, length, lua_toboolean(L, 2));
}
