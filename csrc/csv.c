#include "csv.h"

#include <string.h>

#include "buffer.h"

#define ROWS 1
#define LATEST_BUFFER lua_upvalueindex(1)

static bool needs_quotes(const char *text, size_t length, char delimiter) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == delimiter || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return false;
}

/* Adds a text in quotes, with each quote in it doubled. */
static void add_quoted(buffer *b, const char *text, size_t length) {
    const char *quote;
    buffer_add_char(b, '"');
    while ((quote = memchr(text, '"', length)) != NULL) {
        size_t before = (size_t)(quote - text) + 1;
        buffer_add(b, text, before);
        buffer_add_char(b, '"');
        text += before;
        length -= before;
    }
    buffer_add(b, text, length);
    buffer_add_char(b, '"');
}

/* Adds a cell of the row on top of the stack. The cell stays on the stack meanwhile: room in the
 * buffer may run a finalizer, which may take it out of the row. */
static void add_cell(buffer *b, int place, char delimiter) {
    lua_State *L = b->L;
    size_t length;
    lua_rawgeti(L, -1, place);
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "cell %d of a row must be a string, got %s", place, luaL_typename(L, -1));
    const char *text = lua_tolstring(L, -1, &length);
    if (needs_quotes(text, length, delimiter))
        add_quoted(b, text, length);
    else
        buffer_add(b, text, length);
    lua_pop(L, 1);
}

/* Adds the row on top of the stack. A line without anything would be no record. */
static void add_line(buffer *b, char delimiter) {
    size_t start = b->length;
    int count = (int)hubspot_rawlen(b->L, -1);
    for (int place = 1; place <= count; place++) {
        if (place > 1)
            buffer_add_char(b, delimiter);
        add_cell(b, place, delimiter);
    }
    if (b->length == start)
        buffer_add(b, "\"\"", 2);
    buffer_add_char(b, '\n');
}

/* core.csv_lines(rows, delimiter) -> the lines of rows, which are lists of strings; a cell that
 * holds the delimiter, a quote or a line break is quoted */
static int csv_lines(lua_State *L) {
    buffer text;
    size_t length;
    luaL_checktype(L, ROWS, LUA_TTABLE);
    const char *delimiter = luaL_checklstring(L, 2, &length);
    luaL_argcheck(L, length == 1, 2, "must be one character");
    lua_settop(L, 2);
    buffer_init(L, &text);
    buffer_reuse(&text, LATEST_BUFFER);
    int count = (int)hubspot_rawlen(L, ROWS);
    for (int index = 1; index <= count; index++) {
        lua_rawgeti(L, ROWS, index);
        if (lua_type(L, -1) != LUA_TTABLE)
            return luaL_error(L, "row %d must be a table, got %s", index, luaL_typename(L, -1));
        add_line(&text, *delimiter);
        lua_pop(L, 1);
    }
    buffer_push(&text);
    buffer_leave(&text, LATEST_BUFFER);
    return 1;
}

/* Sets what Lua sees of CSV in the table on top of the stack. */
void csv_open(lua_State *L) {
    lua_pushnil(L);
    lua_pushcclosure(L, csv_lines, 1);
    lua_setfield(L, -2, "csv_lines");
}
