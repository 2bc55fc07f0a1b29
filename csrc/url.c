#include "url.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "number.h"

static bool is_alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 3986, section 2.3; <ctype.h> would ask the locale. */
static bool is_unreserved(unsigned char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void add_escaped(buffer *b, const char *text, size_t length) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (is_unreserved(c)) {
            buffer_add_char(b, (char)c);
        } else {
            char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            buffer_add(b, code, sizeof code);
        }
    }
}

/* core.escape(text) -> percent-encoded text */
int url_escape(lua_State *L) {
    buffer b;
    size_t length;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &length);
    buffer_init(L, &b);
    add_escaped(&b, text, length);
    buffer_push(&b);
    return 1;
}

/* Returns what is wrong with a string in a path, or NULL. An empty or dot segment would reach
 * another route than the one meant. */
static const char *check_text(const char *text, size_t length) {
    if (length == 0)
        return "must not be empty";
    if (text[0] == '.' && (length == 1 || (length == 2 && text[1] == '.')))
        return "must not be \".\" or \"..\"";
    return NULL;
}

/* The same for the number at index. */
static const char *check_number(lua_State *L, int index) {
    lua_Number n = lua_tonumber(L, index);
    if (n < 0)
        return "must not be negative";
    if (hubspot_isinteger(L, index))
        return NULL;
    if (n != n || n >= NUMBER_EXACT)
        return "is a number that can't be exact: pass it as a string";
    if (n != floor(n))
        return "must be an integer, or be passed as a string";
    return NULL;
}

/* Adds the value on top of the stack to the path. Returns what is wrong with it, or NULL; what it
 * returns may be on the stack. */
static const char *add_segment(lua_State *L, buffer *b) {
    char number[NUMBER_JSON_SIZE];
    const char *problem, *text = number;
    size_t length;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, -1, &length);
        problem = check_text(text, length);
        break;
    case LUA_TNUMBER:
        problem = check_number(L, -1);
        length = problem == NULL ? number_json(L, -1, number) : 0;
        break;
    case LUA_TNIL:
        return "is missing";
    default:
        return lua_pushfstring(L, "must be a string or an integer, got %s", luaL_typename(L, -1));
    }
    if (problem == NULL)
        add_escaped(b, text, length);
    return problem;
}

/* Returns the length of the placeholder's name that starts at text, just after its brace. */
static size_t name_length(lua_State *L, const char *template, const char *text) {
    size_t length = 0;
    while (is_alphanumeric((unsigned char)text[length]) || text[length] == '_')
        length++;
    if (length == 0 || text[length] != '}')
        luaL_error(L, "malformed path template '%s'", template);
    return length;
}

/* core.path(template, values) -> path | nil, name, message */
int url_path(lua_State *L) {
    buffer b;
    luaL_checktype(L, 1, LUA_TSTRING);
    size_t template_length;
    const char *template = lua_tolstring(L, 1, &template_length);
    luaL_argcheck(L, strlen(template) == template_length, 1, "contains a NUL");
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    buffer_init(L, &b);
    for (const char *p = template; *p != '\0'; p++) {
        if (*p == '}')
            return luaL_error(L, "malformed path template '%s'", template);
        if (*p != '{') {
            buffer_add_char(&b, *p);
            continue;
        }
        size_t length = name_length(L, template, p + 1);
        lua_pushlstring(L, p + 1, length);
        lua_pushvalue(L, -1);
        lua_rawget(L, 2);
        const char *problem = add_segment(L, &b);
        if (problem != NULL) {
            lua_settop(L, b.slot + 3);
            lua_pushnil(L);
            lua_pushvalue(L, b.slot + 1);
            lua_pushstring(L, problem);
            return 3;
        }
        lua_settop(L, b.slot);
        p += length + 1;
    }
    buffer_push(&b);
    return 1;
}

/* Adds the value on top of the stack to the query; name is for the message. */
static void add_value(lua_State *L, buffer *b, const char *name) {
    char number[NUMBER_DECIMAL_SIZE];
    size_t length;
    const char *text;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, -1, &length);
        break;
    case LUA_TBOOLEAN:
        text = lua_toboolean(L, -1) ? "true" : "false";
        length = strlen(text);
        break;
    case LUA_TNUMBER:
        text = number;
        length = number_decimal(L, -1, number);
        if (length == 0)
            luaL_error(L, "query parameter '%s': not a finite number", name);
        break;
    default:
        luaL_error(L, "query parameter '%s' must be a string, number or boolean, got %s", name,
                   luaL_typename(L, -1));
        return;
    }
    add_escaped(b, text, length);
}

/* core.query{ name, value, ... } -> query string */
int url_query(lua_State *L) {
    buffer b;
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    int count = (int)hubspot_rawlen(L, 1);
    buffer_init(L, &b);
    for (int i = 1; i <= count; i += 2) {
        size_t length;
        lua_rawgeti(L, 1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            return luaL_error(L, "query parameter %d: the name must be a string, got %s",
                              (i + 1) / 2, luaL_typename(L, -1));
        const char *name = lua_tolstring(L, -1, &length);
        if (i > 1)
            buffer_add_char(&b, '&');
        add_escaped(&b, name, length);
        buffer_add_char(&b, '=');
        lua_rawgeti(L, 1, i + 1);
        add_value(L, &b, name);
        lua_settop(L, b.slot);
    }
    buffer_push(&b);
    return 1;
}
