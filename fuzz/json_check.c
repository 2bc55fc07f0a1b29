#include "json_check.h"

#include <string.h>

typedef struct reader {
    const unsigned char *p;
    const unsigned char *end;
} reader;

static bool read_value(reader *r);

static bool take(reader *r, char c) {
    if (r->p == r->end || *r->p != (unsigned char)c)
        return false;
    r->p++;
    return true;
}

static bool take_word(reader *r, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(r->end - r->p) < length || memcmp(r->p, word, length) != 0)
        return false;
    r->p += length;
    return true;
}

/* Takes a code point, half of a surrogate pair too, by decoding it; returns -1 where there is none.
 */
static int32_t take_code(reader *r) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = *r->p;
    int length = first < 0x80             ? 1
                 : (first & 0xE0) == 0xC0 ? 2
                 : (first & 0xF0) == 0xE0 ? 3
                 : (first & 0xF8) == 0xF0 ? 4
                                          : 0;
    if (length == 0 || r->end - r->p < length)
        return -1;
    uint32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (int i = 1; i < length; i++) {
        if ((r->p[i] & 0xC0) != 0x80)
            return -1;
        code = code << 6 | (r->p[i] & 0x3FU);
    }
    r->p += length;
    return code >= least[length] && code <= 0x10FFFF ? (int32_t)code : -1;
}

static bool is_high(int32_t code) {
    return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low(int32_t code) {
    return code >= 0xDC00 && code <= 0xDFFF;
}

/* Takes a character in UTF-8. */
static bool take_char(reader *r) {
    int32_t code = take_code(r);
    return code >= 0 && !is_high(code) && !is_low(code);
}

bool is_utf8(const char *text, size_t length) {
    reader r = {(const unsigned char *)text, (const unsigned char *)text + length};
    while (r.p < r.end) {
        if (!take_char(&r))
            return false;
    }
    return true;
}

bool is_wtf8(const char *text, size_t length) {
    reader r = {(const unsigned char *)text, (const unsigned char *)text + length};
    int32_t code = 0;
    while (r.p < r.end) {
        int32_t last = code;
        code = take_code(&r);
        if (code < 0 || (is_high(last) && is_low(code)))
            return false;
    }
    return true;
}

static bool read_escape(reader *r) {
    if (r->p == r->end)
        return false;
    unsigned char c = *r->p++;
    if (c != 'u')
        return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
    for (int i = 0; i < 4; i++) {
        if (r->p == r->end || *r->p == '\0' || strchr("0123456789abcdefABCDEF", *r->p) == NULL)
            return false;
        r->p++;
    }
    return true;
}

static bool read_string(reader *r) {
    if (!take(r, '"'))
        return false;
    while (r->p < r->end && *r->p != '"') {
        if (*r->p < ' ')
            return false;
        if (take(r, '\\') ? !read_escape(r) : !take_char(r))
            return false;
    }
    return take(r, '"');
}

static size_t read_digits(reader *r) {
    const unsigned char *start = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return (size_t)(r->p - start);
}

static bool read_number(reader *r) {
    take(r, '-');
    if (!take(r, '0') && read_digits(r) == 0)
        return false;
    if (take(r, '.') && read_digits(r) == 0)
        return false;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            take(r, '-');
        return read_digits(r) > 0;
    }
    return true;
}

static bool read_member(reader *r) {
    return read_string(r) && take(r, ':') && read_value(r);
}

static bool read_items(reader *r, char end, bool (*read_item)(reader *r)) {
    r->p++;
    if (take(r, end))
        return true;
    do {
        if (!read_item(r))
            return false;
    } while (take(r, ','));
    return take(r, end);
}

static bool read_value(reader *r) {
    if (r->p == r->end)
        return false;
    switch (*r->p) {
    case '{':
        return read_items(r, '}', read_member);
    case '[':
        return read_items(r, ']', read_value);
    case '"':
        return read_string(r);
    case 't':
        return take_word(r, "true");
    case 'f':
        return take_word(r, "false");
    case 'n':
        return take_word(r, "null");
    default:
        return read_number(r);
    }
}

bool is_compact_json(const char *text, size_t length) {
    reader r = {(const unsigned char *)text, (const unsigned char *)text + length};
    return read_value(&r) && r.p == r.end;
}

static size_t count_fields(lua_State *L, int table) {
    size_t count = 0;
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        count++;
    }
    return count;
}

/* Returns whether two empty tables are both arrays, or both objects. */
static bool is_marked_alike(lua_State *L, int left, int right) {
    int top = lua_gettop(L);
    bool marked = lua_getmetatable(L, left), alike = lua_getmetatable(L, right) == marked;
    alike = alike && (!marked || lua_rawequal(L, -1, -2));
    lua_settop(L, top);
    return alike;
}

bool is_same(lua_State *L, int left, int right) {
    int top = lua_gettop(L);
    left = lua_absindex(L, left);
    right = lua_absindex(L, right);
    luaL_checkstack(L, 10, "comparing");
    if (!lua_istable(L, left) || !lua_istable(L, right))
        return lua_rawequal(L, left, right);
    size_t count = count_fields(L, left);
    if (count != count_fields(L, right) || (count == 0 && !is_marked_alike(L, left, right)))
        return false;
    lua_pushnil(L);
    while (lua_next(L, left) != 0) {
        lua_pushvalue(L, -2);
        lua_rawget(L, right);
        if (!is_same(L, -2, -1)) {
            lua_settop(L, top);
            return false;
        }
        lua_pop(L, 2);
    }
    return true;
}
