#include "headers.h"

#include <string.h>

#include "buffer.h"

#define MOST_EXPECTED 64

/* Stack slots of headers_push. */
typedef struct fields {
    buffer value; /* of the field that is being read */
    int table;
    int repeated; /* lists of values by name, of the fields that came more than once; or nil */
    int name;     /* of the field that is being read; nil where there is none */
} fields;

/* No header may hold a CR or NUL (RFC 9110, section 5.5), and still a server may send a CR that
 * ends no line. */
static bool is_forbidden(char c) {
    return c == '\r' || c == '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Adds a text with a space for each character that no header may hold. */
static void add_text(buffer *b, const char *text, size_t length) {
    char *out = buffer_reserve(b, length);
    for (size_t i = 0; i < length; i++)
        out[i] = (char)(is_forbidden(text[i]) ? ' ' : text[i]);
    b->length += length;
}

/* Adds what a line has of a value, without what is around it. */
static void add_part(buffer *value, const char *text, size_t length) {
    const char *end = text + length;
    while (text < end && (is_blank(*text) || is_forbidden(*text)))
        text++;
    while (end > text && (is_blank(end[-1]) || is_forbidden(end[-1])))
        end--;
    if (text == end)
        return;
    if (value->length > 0)
        buffer_add_char(value, ' ');
    add_text(value, text, (size_t)(end - text));
}

/* Pushes the list of values of the field whose first value is on top of the stack, which it pops.
 */
static void push_values(lua_State *L, fields *f) {
    if (lua_isnil(L, f->repeated)) {
        lua_newtable(L);
        lua_replace(L, f->repeated);
    }
    lua_pushvalue(L, f->name);
    lua_rawget(L, f->repeated);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_createtable(L, 4, 0);
        lua_insert(L, -2);
        lua_rawseti(L, -2, 1);
        lua_pushvalue(L, f->name);
        lua_pushvalue(L, -2);
        lua_rawset(L, f->repeated);
    } else {
        lua_remove(L, -2);
    }
}

/* Sets the field that was read in the table, or adds its value to those of its name. */
static void end_field(lua_State *L, fields *f) {
    if (lua_isnil(L, f->name))
        return;
    lua_pushvalue(L, f->name);
    lua_rawget(L, f->table);
    if (lua_isnil(L, -1)) {
        lua_pushvalue(L, f->name);
        buffer_push(&f->value);
        lua_rawset(L, f->table);
    } else {
        push_values(L, f);
        buffer_push(&f->value);
        lua_rawseti(L, -2, (int)hubspot_rawlen(L, -2) + 1);
    }
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_replace(L, f->name);
}

/* Joins the values of each field that came more than once. All at the end: a server may repeat one
 * ten thousands of times, and each joining copies what was joined before. */
static void join_repeated(lua_State *L, fields *f) {
    if (lua_isnil(L, f->repeated))
        return;
    lua_pushnil(L);
    while (lua_next(L, f->repeated) != 0) {
        int count = (int)hubspot_rawlen(L, -1);
        f->value.length = 0;
        for (int i = 1; i <= count; i++) {
            size_t length;
            lua_rawgeti(L, -1, i);
            const char *text = lua_tolstring(L, -1, &length);
            if (i > 1)
                buffer_add(&f->value, ", ", 2);
            buffer_add(&f->value, text, length);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        buffer_push(&f->value);
        lua_rawset(L, f->table);
    }
}

/* Begins the field of a line, whose name comes out in lower case. */
static void begin_field(lua_State *L, fields *f, const char *line, size_t name_length,
                        size_t length) {
    f->value.length = 0;
    add_text(&f->value, line, name_length);
    for (char *p = f->value.data; p < f->value.data + name_length; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    buffer_push(&f->value);
    lua_replace(L, f->name);
    f->value.length = 0;
    add_part(&f->value, line + name_length + 1, length - name_length - 1);
}

static void read_line(lua_State *L, fields *f, const char *line, size_t length) {
    if (length > 0 && is_blank(*line)) {
        /* A folded line belongs to the one before. */
        add_part(&f->value, line, length);
        return;
    }
    end_field(L, f);
    const char *colon = memchr(line, ':', length);
    if (colon != NULL && colon > line)
        begin_field(L, f, line, (size_t)(colon - line), length);
}

/* Table size for the fields: one for each line, up to a bound. */
static int expected_fields(const char *text, const char *end) {
    int count = 0;
    while (count < MOST_EXPECTED && text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        text = line_end != NULL ? line_end + 1 : end;
        count++;
    }
    return count;
}

/* Pushes a table of the fields in the lines of a text: the values by their names in lower case. */
void headers_push(lua_State *L, const char *text, size_t length) {
    fields f;
    luaL_checkstack(L, 12, "reading headers");
    lua_createtable(L, 0, expected_fields(text, text + length));
    f.table = lua_gettop(L);
    buffer_init(L, &f.value);
    lua_pushnil(L);
    f.repeated = lua_gettop(L);
    lua_pushnil(L);
    f.name = lua_gettop(L);
    for (const char *line = text, *end = text + length; line < end;) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        if (line_end == NULL)
            line_end = end;
        read_line(L, &f, line, (size_t)(line_end - line));
        line = line_end + 1;
    }
    end_field(L, &f);
    join_repeated(L, &f);
    lua_settop(L, f.table);
}

/* core.headers(text, first, last) -> the fields in the lines between two places of the text */
int headers_parse(lua_State *L) {
    size_t length;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &length);
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    luaL_argcheck(L, first >= 1, 2, "must be a place in the text");
    luaL_argcheck(L, last >= first - 1 && last <= (lua_Integer)length, 3,
                  "must be a place in the text, and no earlier than the first");
    headers_push(L, text + first - 1, (size_t)(last - first + 1));
    return 1;
}
