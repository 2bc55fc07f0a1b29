#include "request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compat.h"

#define DEFAULT_MAX_RESPONSE_BYTES (64.0 * 1024 * 1024)
#define MAX_METHOD_LENGTH 32
#define MAX_MILLISECONDS 2147483647.0

/* ---- Fields ----------------------------------------------------------------------------- */

static bool is_token(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return length > 0;
}

static bool has_line_break(const char *text, size_t length) {
    return memchr(text, '\r', length) != NULL || memchr(text, '\n', length) != NULL ||
           memchr(text, '\0', length) != NULL;
}

static _Noreturn void bad_field(lua_State *L, const char *field, const char *problem) {
    luaL_error(L, "engine:add: request.%s %s", field, problem);
    abort(); /* luaL_error doesn't return, but isn't declared so */
}

/* Pushes a field of the request, which is checked to be a value of the type, or nil. */
static bool push_field(lua_State *L, int index, const char *field, int type) {
    lua_pushstring(L, field);
    lua_rawget(L, index);
    if (lua_isnil(L, -1))
        return false;
    if (lua_type(L, -1) != type)
        luaL_error(L, "engine:add: request.%s must be a %s, got %s", field, lua_typename(L, type),
                   luaL_typename(L, -1));
    return true;
}

/* Pushes a string field and returns it, or NULL. */
static const char *push_text(lua_State *L, int index, const char *field, size_t *length) {
    *length = 0;
    return push_field(L, index, field, LUA_TSTRING) ? lua_tolstring(L, -1, length) : NULL;
}

/* The same for a string that becomes a C string and may end up in a header. */
static const char *push_line(lua_State *L, int index, const char *field) {
    size_t length;
    const char *text = push_text(L, index, field, &length);
    if (text != NULL && has_line_break(text, length))
        bad_field(L, field, "contains CR, LF or NUL");
    return text;
}

/* Returns a field that is a number of seconds as milliseconds, 0 where there is none. */
static long field_milliseconds(lua_State *L, int index, const char *field) {
    lua_Number seconds = 0;
    if (push_field(L, index, field, LUA_TNUMBER)) {
        seconds = lua_tonumber(L, -1);
        if (!(seconds > 0))
            bad_field(L, field, "must be more than 0");
    }
    lua_pop(L, 1);
    if (seconds * 1000 >= MAX_MILLISECONDS)
        return (long)MAX_MILLISECONDS;
    return seconds > 0 && seconds < 0.001 ? 1 : (long)(seconds * 1000);
}

static size_t field_max_response_bytes(lua_State *L, int index) {
    lua_Number limit = DEFAULT_MAX_RESPONSE_BYTES;
    if (push_field(L, index, "max_response_bytes", LUA_TNUMBER)) {
        limit = lua_tonumber(L, -1);
        if (!(limit >= 0))
            bad_field(L, "max_response_bytes", "must not be negative");
    }
    lua_pop(L, 1);
    return limit < (lua_Number)(SIZE_MAX / 4) ? (size_t)limit : SIZE_MAX / 4;
}

static bool field_flag(lua_State *L, int index, const char *field) {
    bool flag = push_field(L, index, field, LUA_TBOOLEAN) && lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

static const char *push_method(lua_State *L, int index) {
    size_t length;
    const char *method = push_text(L, index, "method", &length);
    if (method == NULL)
        bad_field(L, "method", "is missing");
    if (length > MAX_METHOD_LENGTH || !is_token(method, length))
        bad_field(L, "method", "is not an HTTP method");
    return method;
}

/* ---- The URL ---------------------------------------------------------------------------- */

static void find_authority(request *r, const char *host) {
    size_t length = strcspn(host, "/?#");
    for (size_t i = length; i > 0; i--) {
        if (host[i - 1] == '@') {
            host += i;
            length -= i;
            break;
        }
    }
    r->authority = host;
    r->authority_length = length;
}

static void push_url(lua_State *L, int index, request *r) {
    size_t length;
    const char *url = push_text(L, index, "url", &length);
    if (url == NULL)
        bad_field(L, "url", "is missing");
    size_t scheme = strncasecmp(url, "http://", 7) == 0    ? 7
                    : strncasecmp(url, "https://", 8) == 0 ? 8
                                                           : 0;
    if (scheme == 0)
        bad_field(L, "url", "must start with http:// or https://");
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)url[i] <= ' ' || url[i] == 0x7F)
            bad_field(L, "url", "contains a space or a control character");
    }
    r->url = url;
    find_authority(r, url + scheme);
    if (r->authority_length == 0 || *r->authority == ':')
        bad_field(L, "url", "has no host");
}

/* ---- Headers ---------------------------------------------------------------------------- */

/* Pushes the line of the header whose name and value are on top of the stack. */
static const char *push_header_line(lua_State *L) {
    size_t name_length, value_length;
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
        bad_field(L, "headers", "must have strings as names and values");
    const char *name = lua_tolstring(L, -2, &name_length);
    const char *value = lua_tolstring(L, -1, &value_length);
    if (!is_token(name, name_length))
        bad_field(L, "headers", "has a name that is not a header's name");
    if (has_line_break(value, value_length))
        luaL_error(L, "engine:add: request.headers: the value of %s contains CR, LF or NUL", name);
    /* Curl takes one with a blank value for an order to leave the header out: it has a spelling of
     * its own for one without a value. */
    bool is_blank = strspn(value, " \t\v\f") == value_length;
    return lua_pushfstring(L, is_blank ? "%s;" : "%s: %s", name, value);
}

static size_t count_fields(lua_State *L, int table) {
    size_t count = 0;
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        count++;
        lua_pop(L, 1);
    }
    return count;
}

/* Pushes the headers, a table that anchors their lines, and the list of these. A finalizer may add
 * a header meanwhile: it is left out. */
static void push_headers(lua_State *L, int index, request *r) {
    if (!push_field(L, index, "headers", LUA_TTABLE))
        return;
    int headers = lua_gettop(L);
    size_t count = count_fields(L, headers);
    lua_createtable(L, (int)count, 0);
    const char **lines = lua_newuserdata(L, sizeof *lines * (count + 1));
    r->header_lines = lines;
    lua_pushnil(L);
    while (lua_next(L, headers) != 0) {
        if (r->header_count < count) {
            lines[r->header_count++] = push_header_line(L);
            r->has_content_type =
                r->has_content_type || strcasecmp(lua_tostring(L, -3), "Content-Type") == 0;
            lua_rawseti(L, headers + 1, (int)r->header_count);
        }
        lua_pop(L, 1);
    }
}

/* Reads the table at an index, and throws where a field is invalid. It pushes anchors of the texts,
 * which stay on the stack as long as the request is used; nothing has to be freed. */
void request_read(lua_State *L, int index, request *r) {
    memset(r, 0, sizeof *r);
    luaL_checkstack(L, 16, "reading a request");
    r->max_response_bytes = field_max_response_bytes(L, index);
    push_url(L, index, r);
    r->send_once = field_flag(L, index, "send_once");
    r->method = push_method(L, index);
    r->body = push_text(L, index, "body", &r->body_length);
    if (r->body != NULL && strcmp(r->method, "HEAD") == 0)
        bad_field(L, "body", "can't go with HEAD");
    push_headers(L, index, r);
    r->timeout = field_milliseconds(L, index, "timeout");
    r->connect_timeout = field_milliseconds(L, index, "connect_timeout");
    r->proxy = push_line(L, index, "proxy");
    r->ca_file = push_line(L, index, "ca_file");
    r->user_agent = push_line(L, index, "user_agent");
}
