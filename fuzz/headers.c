/* The input is read as the lines of an answer's head, as curl hands them over, and as the fields of
 * a request. */

/* For the callback and the checks, which nothing outside of them can call. They come first, for
 * what they define. */
#include "../csrc/transfer.c" // NOLINT(bugprone-suspicious-include)

#include "../csrc/request.c" // NOLINT(bugprone-suspicious-include)

#include "../csrc/headers.h"
#include "fuzz.h"

#define MOST_HEADERS 6

static bool has_control(const char *text, size_t length) {
    return memchr(text, '\r', length) != NULL || memchr(text, '\n', length) != NULL ||
           memchr(text, '\0', length) != NULL;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static void check_answer_headers(lua_State *L, int headers) {
    lua_pushnil(L);
    while (lua_next(L, headers) != 0) {
        size_t name_length, length;
        HOLDS(lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING);
        const char *name = lua_tolstring(L, -2, &name_length);
        const char *value = lua_tolstring(L, -1, &length);
        HOLDS(name_length > 0 && !has_control(name, name_length));
        for (size_t i = 0; i < name_length; i++)
            HOLDS(name[i] != ':' && !(name[i] >= 'A' && name[i] <= 'Z'));
        HOLDS(!has_control(value, length));
        HOLDS(length == 0 || !is_blank(value[0]));
        /* The last of several joined values may be empty. */
        HOLDS(length == 0 || !is_blank(value[length - 1]) ||
              (length > 1 && value[length - 2] == ','));
        lua_pop(L, 1);
    }
}

/* Lines end at LF, as curl splits them; one in a length-prefixed piece can hold anything. */
static void feed(transfer *t, input *in) {
    char line[4096];
    while (in->size > 0) {
        size_t length;
        const uint8_t *end = memchr(in->data, '\n', in->size);
        const char *text = (const char *)in->data;
        if (in->data[0] == 0xFF) {
            input_byte(in);
            text = input_text(in, &length);
        } else {
            length = end != NULL ? (size_t)(end - in->data) + 1 : in->size;
            in->data += length;
            in->size -= length;
        }
        if (length > sizeof line)
            length = sizeof line;
        /* Curl's memory ends elsewhere than ours: no byte after the line may be looked at. */
        char *copy = malloc(length > 0 ? length : 1);
        HOLDS(copy != NULL);
        memcpy(copy, text, length);
        size_t taken = on_header(copy, 1, length, t);
        free(copy);
        if (taken != length) {
            HOLDS(t->refusal != REFUSAL_NONE);
            return;
        }
    }
}

static void fuzz_answer(lua_State *L, input *in) {
    transfer t = {0};
    feed(&t, in);
    HOLDS(t.head.length <= MAX_HEAD_BYTES);
    HOLDS(t.refusal != REFUSAL_NONE || t.codings <= 1);
    if (t.refusal == REFUSAL_NONE) {
        headers_push(L, t.head.data != NULL ? t.head.data : "", t.head.length);
        check_answer_headers(L, lua_gettop(L));
    }
    transfer_collect(&t);
}

static void push_text_field(lua_State *L, input *in, const char *name) {
    size_t length;
    const char *text = input_text(in, &length);
    lua_pushlstring(L, text, length);
    lua_setfield(L, 1, name);
}

static void push_number_field(lua_State *L, input *in, const char *name) {
    uint64_t bits = input_bits(in);
    double x;
    memcpy(&x, &bits, sizeof x);
    lua_pushnumber(L, x);
    lua_setfield(L, 1, name);
}

/* Pushes a request. Its first byte says which of its fields are taken from the input. */
static void push_request(lua_State *L, input *in) {
    uint8_t fields = input_byte(in), count = input_byte(in) % MOST_HEADERS;
    lua_newtable(L);
    lua_pushliteral(L, "https://api.example.com/x");
    lua_setfield(L, 1, "url");
    lua_pushliteral(L, "POST");
    lua_setfield(L, 1, "method");
    lua_pushboolean(L, fields & 1);
    lua_setfield(L, 1, "send_once");
    lua_newtable(L);
    for (int i = 0; i < count; i++) {
        for (int part = 0; part < 2; part++) {
            size_t length;
            const char *text = input_text(in, &length);
            lua_pushlstring(L, text, length);
        }
        lua_rawset(L, -3);
    }
    lua_setfield(L, 1, "headers");
    if (fields & 2)
        push_text_field(L, in, "url");
    if (fields & 4)
        push_text_field(L, in, "method");
    if (fields & 8)
        push_text_field(L, in, "body");
    if (fields & 16)
        push_text_field(L, in, "user_agent");
    if (fields & 32)
        push_text_field(L, in, "proxy");
    if (fields & 64)
        push_number_field(L, in, "timeout");
    if (fields & 128)
        push_number_field(L, in, "max_response_bytes");
}

/* Curl must get one line for each header, which it sends and does not read as an order to leave the
 * header out. */
static void check_lines(lua_State *L, const transfer *t) {
    size_t given = 0, lines = 0;
    lua_getfield(L, 1, "headers");
    int headers = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, headers) != 0) {
        given++;
        lua_pop(L, 1);
    }
    for (const struct curl_slist *line = t->headers; line != NULL; line = line->next) {
        size_t length = strlen(line->data), name = strcspn(line->data, ":;");
        lines++;
        HOLDS(!has_control(line->data, length));
        HOLDS(is_token(line->data, name) && name < length);
        if (lines > given) {
            HOLDS(strcmp(line->data, "Expect:") == 0 || strcmp(line->data, "Content-Type:") == 0);
            continue;
        }
        if (line->data[name] == ';') {
            HOLDS(name + 1 == length);
            continue;
        }
        HOLDS(strspn(line->data + name + 1, " \t\v\f") < length - name - 1);
        lua_pushlstring(L, line->data, name);
        lua_rawget(L, headers);
        HOLDS(lua_isstring(L, -1) && strstr(line->data + name, lua_tostring(L, -1)) != NULL);
        lua_pop(L, 1);
    }
    HOLDS(lines == given + 1 || lines == given + 2);
    lua_pop(L, 1);
}

static int prepare(lua_State *L) {
    request r;
    request_read(L, 1, &r);
    HOLDS(transfer_prepare(lua_touserdata(L, 2), &r) != CURLE_OUT_OF_MEMORY);
    return 0;
}

static void fuzz_request(lua_State *L, input *in) {
    push_request(L, in);
    transfer t = {0};
    lua_pushcfunction(L, prepare);
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, &t);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK) {
        check_lines(L, &t);
        HOLDS(t.host_length > 0 && t.host_length <= strlen(t.authority));
        HOLDS(strchr(t.authority, '@') == NULL);
    } else {
        HOLDS(t.easy == NULL);
        HOLDS(strstr(lua_tostring(L, -1), "engine:add: request.") != NULL);
    }
    transfer_collect(&t);
}

void fuzz_one(lua_State *L, input *in) {
    lua_settop(L, 0);
    if (input_byte(in) % 2 == 0)
        fuzz_answer(L, in);
    else
        fuzz_request(L, in);
    lua_settop(L, 0);
}
