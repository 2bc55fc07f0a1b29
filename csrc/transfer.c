#define _POSIX_C_SOURCE 200809L

#include "transfer.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "engine.h"
#include "headers.h"

#define DEFAULT_MAX_RESPONSE_BYTES (64.0 * 1024 * 1024)
#define MAX_HEAD_BYTES ((size_t)256 * 1024)
#define MAX_METHOD_LENGTH 32
#define MAX_MILLISECONDS 2147483647.0

#define SET(easy, option, value)                                                                   \
    do {                                                                                           \
        CURLcode set_code = curl_easy_setopt(easy, option, value);                                 \
        if (set_code != CURLE_OK)                                                                  \
            return set_code;                                                                       \
    } while (0)

/* ---- Bytes ------------------------------------------------------------------------------ */

static bool bytes_reserve(bytes *b, size_t capacity) {
    if (capacity <= b->capacity)
        return true;
    char *data = realloc(b->data, capacity);
    if (data == NULL)
        return false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

/* The caller has checked that the sum of the lengths is within a limit. */
static bool bytes_add(bytes *b, const char *text, size_t length) {
    size_t needed = b->length + length;
    if (needed > b->capacity &&
        !bytes_reserve(b, needed > 2 * b->capacity ? needed : 2 * b->capacity))
        return false;
    if (b->data == NULL)
        return true; /* nothing was added to nothing */
    memcpy(b->data + b->length, text, length);
    b->length = needed;
    return true;
}

static void bytes_free(bytes *b) {
    free(b->data);
    *b = (bytes){NULL, 0, 0};
}

/* ---- Curl's callbacks ------------------------------------------------------------------- */

/* Takes what the answer's length promises, so that a large body isn't copied again and again. */
static bool reserve_body(transfer *t) {
    curl_off_t length = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length <= 0)
        return true;
    return bytes_reserve(&t->body, (size_t)length < t->max_response_bytes ? (size_t)length
                                                                          : t->max_response_bytes);
}

/* Says why an answer is refused, to end the transfer; gives what a callback returns for that. */
static size_t refuse(transfer *t, refusal why) {
    t->refusal = why;
    return 0;
}

/* Curl looks at its clock between two reads from the socket only, and few bytes from there may
 * decode to many here. */
static size_t on_body(char *data, size_t size, size_t count, void *user) {
    transfer *t = user;
    size_t length = size * count;
    if (length > t->max_response_bytes - t->body.length)
        return refuse(t, REFUSAL_BODY_SIZE);
    if (clock_seconds() >= t->deadline)
        return refuse(t, REFUSAL_LATE);
    if (t->body.data == NULL && !reserve_body(t))
        return 0;
    return bytes_add(&t->body, data, length) ? length : 0;
}

/* Gives the value in a header line of that name, or NULL where it is another one's. */
static const char *value_of(const char *line, size_t length, const char *name) {
    size_t name_length = strlen(name);
    if (length <= name_length || line[name_length] != ':' ||
        strncasecmp(line, name, name_length) != 0)
        return NULL;
    return line + name_length + 1;
}

/* Counts the codings in a list of them. Chunks, which only frame a body, are none. */
static int count_codings(const char *p, const char *end) {
    static const char *const none[] = {"chunked", "identity"};
    int count = 0;
    while (p < end) {
        while (p < end && (*p == ' ' || *p == '\t' || *p == ','))
            p++;
        const char *start = p;
        while (p < end && *p != ',' && *p != ' ' && *p != '\t')
            p++;
        size_t length = (size_t)(p - start);
        bool is_coding = length > 0;
        for (size_t i = 0; i < sizeof none / sizeof *none; i++)
            is_coding = is_coding &&
                        (length != strlen(none[i]) || strncasecmp(start, none[i], length) != 0);
        count += is_coding;
    }
    return count;
}

/* Notes the codings that a header line names. Curl undoes each, one inside the other, and a few
 * thousand bytes in four layers keep a processor busy for a minute: more than one is refused. */
static void note_codings(transfer *t, const char *line, size_t length) {
    bool is_folded = length > 0 && (*line == ' ' || *line == '\t');
    const char *value = is_folded && t->in_coding ? line : NULL;
    if (value == NULL && !is_folded)
        value = value_of(line, length, "content-encoding");
    if (value == NULL && !is_folded)
        value = value_of(line, length, "transfer-encoding");
    t->in_coding = value != NULL;
    if (value != NULL)
        t->codings += count_codings(value, line + length);
}

static size_t on_header(char *line, size_t size, size_t count, void *user) {
    transfer *t = user;
    size_t length = size * count, kept = length;
    /* Of interim answers and trailers, too: libcurl bounds neither everywhere, and keeps them. */
    t->header_bytes += length;
    if (t->header_bytes > MAX_HEAD_BYTES)
        return refuse(t, REFUSAL_HEAD_SIZE);
    while (kept > 0 && (line[kept - 1] == '\n' || line[kept - 1] == '\r'))
        kept--;
    if (kept >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        /* An answer of its own: what came before was a 1xx, whose codings curl undoes as well. */
        t->head.length = 0;
        t->head_complete = false;
        t->in_coding = false;
        return length;
    }
    if (kept == 0)
        t->head_complete = true;
    /* What comes after the body are trailers. */
    if (t->head_complete)
        return length;
    note_codings(t, line, kept);
    if (t->codings > 1)
        return refuse(t, REFUSAL_CODINGS);
    return bytes_add(&t->head, line, kept) && bytes_add(&t->head, "\n", 1) ? length : 0;
}

/* CURLOPT_READFUNCTION */
static size_t on_upload(char *buffer, size_t size, size_t count, void *user) {
    transfer *t = user;
    size_t room = size * count, left = t->upload.length - t->uploaded;
    size_t length = left < room ? left : room;
    memcpy(buffer, t->upload.data + t->uploaded, length);
    t->uploaded += length;
    return length;
}

/* CURLOPT_SEEKFUNCTION. Where a connection that it used before ends without an answer, curl sends
 * the request again over another one. To do so it must rewind the body, which ends it here. */
static int on_rewind(void *user, curl_off_t offset, int origin) {
    (void)user;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

#if LIBCURL_VERSION_NUM >= 0x075000
/* CURLOPT_PREREQFUNCTION: the connection is there, TLS and a proxy's tunnel included. */
static int on_connected(void *user, char *remote_ip, char *local_ip, int remote_port,
                        int local_port) {
    transfer *t = user;
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    t->connected = true;
    return CURL_PREREQFUNC_OK;
}
#endif

/* ---- The request ------------------------------------------------------------------------ */

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
static bool push_field(lua_State *L, int request, const char *field, int type) {
    lua_pushstring(L, field);
    lua_rawget(L, request);
    if (lua_isnil(L, -1))
        return false;
    if (lua_type(L, -1) != type)
        luaL_error(L, "engine:add: request.%s must be a %s, got %s", field, lua_typename(L, type),
                   luaL_typename(L, -1));
    return true;
}

/* Pushes a string field and gives it, or NULL. */
static const char *push_text(lua_State *L, int request, const char *field, size_t *length) {
    *length = 0;
    return push_field(L, request, field, LUA_TSTRING) ? lua_tolstring(L, -1, length) : NULL;
}

/* The same for a string that becomes a C string and may end up in a header. */
static const char *push_line(lua_State *L, int request, const char *field) {
    size_t length;
    const char *text = push_text(L, request, field, &length);
    if (text != NULL && has_line_break(text, length))
        bad_field(L, field, "contains CR, LF or NUL");
    return text;
}

/* Gives a field that is a number of seconds as milliseconds, 0 if there is none. */
static long field_milliseconds(lua_State *L, int request, const char *field) {
    lua_Number seconds = 0;
    if (push_field(L, request, field, LUA_TNUMBER)) {
        seconds = lua_tonumber(L, -1);
        if (!(seconds > 0))
            bad_field(L, field, "must be more than 0");
    }
    lua_pop(L, 1);
    if (seconds * 1000 >= MAX_MILLISECONDS)
        return (long)MAX_MILLISECONDS;
    return seconds > 0 && seconds < 0.001 ? 1 : (long)(seconds * 1000);
}

static size_t field_max_response_bytes(lua_State *L, int request) {
    lua_Number limit = DEFAULT_MAX_RESPONSE_BYTES;
    if (push_field(L, request, "max_response_bytes", LUA_TNUMBER)) {
        limit = lua_tonumber(L, -1);
        if (!(limit >= 0))
            bad_field(L, "max_response_bytes", "must not be negative");
    }
    lua_pop(L, 1);
    return limit < (lua_Number)(SIZE_MAX / 4) ? (size_t)limit : SIZE_MAX / 4;
}

/* Pushes the method and gives it. */
static const char *push_method(lua_State *L, int request) {
    size_t length;
    const char *method = push_text(L, request, "method", &length);
    if (method == NULL)
        bad_field(L, "method", "is missing");
    if (length > MAX_METHOD_LENGTH || !is_token(method, length))
        bad_field(L, "method", "is not an HTTP method");
    return method;
}

/* Keeps host and port of the URL for messages, without user and password. */
static void keep_authority(transfer *t, const char *host) {
    size_t length = strcspn(host, "/?#");
    for (size_t i = length; i > 0; i--) {
        if (host[i - 1] == '@') {
            host += i;
            length -= i;
            break;
        }
    }
    if (length >= sizeof t->authority)
        length = sizeof t->authority - 1;
    memcpy(t->authority, host, length);
    t->authority[length] = '\0';
    const char *bracket = strchr(t->authority, ']');
    t->host_length =
        bracket != NULL ? (size_t)(bracket - t->authority + 1) : strcspn(t->authority, ":");
}

/* Pushes the URL and gives it. */
static const char *push_url(lua_State *L, transfer *t, int request) {
    size_t length;
    const char *url = push_text(L, request, "url", &length);
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
    keep_authority(t, url + scheme);
    if (t->host_length == 0)
        bad_field(L, "url", "has no host");
    return url;
}

static CURLcode add_header_line(transfer *t, const char *line) {
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    if (longer == NULL)
        return CURLE_OUT_OF_MEMORY;
    t->headers = longer;
    return CURLE_OK;
}

/* Adds one header, whose name and value are on top of the stack. */
static CURLcode add_request_header(lua_State *L, transfer *t) {
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
    bool is_blank_value = strspn(value, " \t\v\f") == value_length;
    const char *line = lua_pushfstring(L, is_blank_value ? "%s;" : "%s: %s", name, value);
    CURLcode code = add_header_line(t, line);
    lua_pop(L, 1);
    return code;
}

static CURLcode set_headers(lua_State *L, transfer *t, int request) {
    bool has_type = false;
    CURLcode code = CURLE_OK;
    if (push_field(L, request, "headers", LUA_TTABLE)) {
        lua_pushnil(L);
        while (code == CURLE_OK && lua_next(L, -2) != 0) {
            code = add_request_header(L, t);
            has_type = has_type || strcasecmp(lua_tostring(L, -2), "Content-Type") == 0;
            lua_pop(L, 1);
        }
    }
    /* Curl adds both to a body on its own. */
    if (code == CURLE_OK)
        code = add_header_line(t, "Expect:");
    if (code == CURLE_OK && !has_type)
        code = add_header_line(t, "Content-Type:");
    if (code == CURLE_OK)
        code = curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    return code;
}

static bool field_flag(lua_State *L, int request, const char *field) {
    bool flag = push_field(L, request, field, LUA_TBOOLEAN) && lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

/* Makes curl take the body from on_upload. */
static CURLcode set_upload(transfer *t, const char *body, size_t length) {
    if (!bytes_add(&t->upload, body, length))
        return CURLE_OUT_OF_MEMORY;
    SET(t->easy, CURLOPT_READFUNCTION, on_upload);
    SET(t->easy, CURLOPT_READDATA, t);
    SET(t->easy, CURLOPT_SEEKFUNCTION, on_rewind);
    return CURLE_OK;
}

/* Gives the request its body, which may be empty. One that is to be sent only once and has none
 * gets a connection of its own: curl does not send anew over another one what it sent over that. */
static CURLcode set_body(transfer *t, const char *body, size_t length, bool once) {
    SET(t->easy, CURLOPT_POST, 1L);
    SET(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (once && body != NULL && length > 0)
        return set_upload(t, body, length);
    SET(t->easy, CURLOPT_COPYPOSTFIELDS, body != NULL ? body : "");
    return CURLE_OK;
}

static CURLcode set_method(lua_State *L, transfer *t, int request) {
    size_t length;
    bool once = field_flag(L, request, "send_once");
    const char *method = push_method(L, request);
    const char *body = push_text(L, request, "body", &length);
    bool has_body = body != NULL || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
                    strcmp(method, "PATCH") == 0;
    if (strcmp(method, "HEAD") == 0) {
        if (body != NULL)
            bad_field(L, "body", "can't go with HEAD");
        SET(t->easy, CURLOPT_NOBODY, 1L);
        return CURLE_OK;
    }
    CURLcode code =
        has_body ? set_body(t, body, length, once) : curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    if (code != CURLE_OK)
        return code;
    if (once && length == 0)
        SET(t->easy, CURLOPT_FRESH_CONNECT, 1L);
    if (strcmp(method, has_body ? "POST" : "GET") != 0)
        SET(t->easy, CURLOPT_CUSTOMREQUEST, method);
    return CURLE_OK;
}

static CURLcode set_protocols(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    /* A libcurl without HTTP/2 refuses this, and speaks 1.1. */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    return CURLE_OK;
}

/* Some of these are curl's defaults; they stand here since the library depends on them. */
static CURLcode set_policy(CURL *easy) {
    SET(easy, CURLOPT_NOSIGNAL, 1L);
    SET(easy, CURLOPT_PATH_AS_IS, 1L);
    SET(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
    SET(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    SET(easy, CURLOPT_ACCEPT_ENCODING, "");
    SET(easy, CURLOPT_TCP_NODELAY, 1L);
    SET(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* Without it a slow resolver is waited for, whatever the timeout. */
    SET(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    return set_protocols(easy);
}

static CURLcode set_callbacks(transfer *t) {
    SET(t->easy, CURLOPT_PRIVATE, t);
    SET(t->easy, CURLOPT_ERRORBUFFER, t->curl_message);
    SET(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(t->easy, CURLOPT_WRITEDATA, t);
    SET(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(t->easy, CURLOPT_HEADERDATA, t);
#if LIBCURL_VERSION_NUM >= 0x075000
    SET(t->easy, CURLOPT_PREREQFUNCTION, on_connected);
    SET(t->easy, CURLOPT_PREREQDATA, t);
#else
    t->connected = true;
#endif
    return CURLE_OK;
}

static CURLcode set_line(lua_State *L, transfer *t, int request, const char *field,
                         CURLoption key) {
    const char *text = push_line(L, request, field);
    CURLcode code = text != NULL ? curl_easy_setopt(t->easy, key, text) : CURLE_OK;
    lua_pop(L, 1);
    return code;
}

static CURLcode set_connection(lua_State *L, transfer *t, int request) {
    long timeout = field_milliseconds(L, request, "timeout");
    long connect_timeout = field_milliseconds(L, request, "connect_timeout");
    t->deadline = timeout > 0 ? clock_seconds() + (double)timeout / 1000 : INFINITY;
    SET(t->easy, CURLOPT_TIMEOUT_MS, timeout);
    SET(t->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout);
    CURLcode code = set_line(L, t, request, "proxy", CURLOPT_PROXY);
    if (code == CURLE_OK)
        code = set_line(L, t, request, "ca_file", CURLOPT_CAINFO);
    if (code == CURLE_OK)
        code = set_line(L, t, request, "user_agent", CURLOPT_USERAGENT);
    return code;
}

/* Makes the transfer's easy handle from the request, a table at that index. Misuse is a Lua error,
 * which leaks nothing since the transfer owns everything. */
CURLcode transfer_prepare(lua_State *L, transfer *t, int request) {
    int top = lua_gettop(L);
    t->easy = curl_easy_init();
    if (t->easy == NULL)
        return CURLE_OUT_OF_MEMORY;
    t->max_response_bytes = field_max_response_bytes(L, request);
    const char *url = push_url(L, t, request);
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code = set_method(L, t, request);
    if (code == CURLE_OK)
        code = set_headers(L, t, request);
    if (code == CURLE_OK)
        code = set_connection(L, t, request);
    if (code == CURLE_OK)
        code = set_policy(t->easy);
    if (code == CURLE_OK)
        code = set_callbacks(t);
    lua_settop(L, top);
    return code;
}

/* ---- The end ---------------------------------------------------------------------------- */

/* Frees what only a transfer under way needs. It must have left its multi handle. */
void transfer_release(transfer *t) {
    curl_easy_cleanup(t->easy);
    t->easy = NULL;
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    bytes_free(&t->upload);
}

/* What curl counts as sent may be no more than the request for a proxy's tunnel. */
static void read_info(transfer *t) {
    long request_size = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &t->status);
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &request_size);
    t->sent = (t->connected && request_size > 0) || t->status != 0;
}

/* Says what curl says of a refused connection, but with the system's reason instead of curl's
 * "after 0 ms: Couldn't connect to server". */
static bool describe_connect(transfer *t) {
    static const char start[] = "Failed to connect to ";
    char reason[128];
    long number = 0;
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
    if (number == 0 || strncmp(t->curl_message, start, sizeof start - 1) != 0 ||
        strerror_r((int)number, reason, sizeof reason) != 0)
        return false;
    const char *target = t->curl_message + sizeof start - 1;
    const char *end = strstr(target, " after ");
    if (end == NULL)
        end = strstr(target, ": ");
    if (end == NULL)
        return false;
    snprintf(t->message, sizeof t->message, "could not connect to %.*s: %s", (int)(end - target),
             target, reason);
    return true;
}

static void describe_refusal(transfer *t) {
    switch (t->refusal) {
    case REFUSAL_CODINGS:
        snprintf(t->message, sizeof t->message,
                 "answer of %s is encoded more than once (Content-Encoding, Transfer-Encoding)",
                 t->authority);
        break;
    case REFUSAL_LATE:
        snprintf(t->message, sizeof t->message, "answer of %s was still coming at the timeout",
                 t->authority);
        break;
    case REFUSAL_HEAD_SIZE:
        snprintf(t->message, sizeof t->message,
                 "answer of %s is larger than the limit for headers (%zu)", t->authority,
                 MAX_HEAD_BYTES);
        break;
    default:
        snprintf(t->message, sizeof t->message,
                 "answer of %s is larger than max_response_bytes (%zu)", t->authority,
                 t->max_response_bytes);
    }
}

static void describe(transfer *t, CURLcode code) {
    if (t->refusal != REFUSAL_NONE) {
        describe_refusal(t);
        return;
    }
    if (code == CURLE_COULDNT_CONNECT && describe_connect(t))
        return;
    if (code == CURLE_SEND_FAIL_REWIND) {
        snprintf(t->message, sizeof t->message,
                 "the connection was closed before an answer came; the request was not sent again "
                 "(%s)",
                 t->authority);
        return;
    }
    const char *text = t->curl_message[0] != '\0' ? t->curl_message : curl_easy_strerror(code);
    char host[sizeof t->authority];
    snprintf(host, sizeof host, "%.*s", (int)t->host_length, t->authority);
    if (strstr(text, host) != NULL)
        snprintf(t->message, sizeof t->message, "%s", text);
    else
        snprintf(t->message, sizeof t->message, "%s (%s)", text, t->authority);
}

static failure failure_of(const transfer *t, CURLcode code) {
    if (t->refusal == REFUSAL_LATE || code == CURLE_OPERATION_TIMEDOUT)
        return FAILURE_TIMEOUT;
    return t->refusal != REFUSAL_NONE ? FAILURE_DECODE : FAILURE_NETWORK;
}

/* Ends a transfer as curl says. It must have left its multi handle. */
void transfer_finish(transfer *t, CURLcode code) {
    read_info(t);
    /* To curl an answer that ends within its headers is whole. */
    if (code == CURLE_OK && !t->head_complete)
        code = CURLE_PARTIAL_FILE;
    t->done = true;
    t->code = code;
    if (code != CURLE_OK) {
        t->failure = failure_of(t, code);
        describe(t, code);
        bytes_free(&t->head);
        bytes_free(&t->body);
    }
    transfer_release(t);
}

static void set_failure(transfer *t, failure kind, const char *message) {
    t->done = true;
    t->failure = kind;
    snprintf(t->message, sizeof t->message, "%s (%s)", message, t->authority);
    bytes_free(&t->head);
    bytes_free(&t->body);
}

/* Ends a transfer before its time. It must have left its multi handle. */
void transfer_fail(transfer *t, failure kind, const char *message) {
    read_info(t);
    set_failure(t, kind, message);
    transfer_release(t);
}

/* Ends a transfer that belongs to the parent process: its easy handle is deliberately leaked, since
 * cleaning it up would write to the parent's connection. The parent goes on sending. */
void transfer_abandon(transfer *t) {
    set_failure(t, FAILURE_CANCELLED, "the process was forked during the request");
    t->sent = true;
    t->easy = NULL;
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    bytes_free(&t->upload);
}

/* ---- What Lua sees ---------------------------------------------------------------------- */

/* Pushes a new transfer, which owns nothing yet. */
transfer *transfer_new(lua_State *L) {
    transfer *t = lua_newuserdata(L, sizeof *t);
    memset(t, 0, sizeof *t);
    luaL_getmetatable(L, TRANSFER_TYPE);
    lua_setmetatable(L, -2);
    return t;
}

static transfer *check_transfer(lua_State *L) {
    transfer *t = luaL_checkudata(L, 1, TRANSFER_TYPE);
    if (t->list != NULL)
        engine_notice_fork(t->engine);
    return t;
}

static const char *kind_name(failure kind) {
    static const char *const names[] = {"none", "network", "timeout", "cancelled", "decode"};
    return names[kind];
}

static void push_error_table(lua_State *L, failure kind, const char *message) {
    lua_createtable(L, 0, 4);
    lua_pushstring(L, kind_name(kind));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "sent");
}

/* Pushes nil and the error of a request that never started. */
int transfer_push_error(lua_State *L, failure kind, const char *message) {
    lua_pushnil(L);
    push_error_table(L, kind, message);
    return 2;
}

static void push_failure(lua_State *L, const transfer *t) {
    push_error_table(L, t->failure, t->message);
    lua_pushboolean(L, t->sent);
    lua_setfield(L, -2, "sent");
    if (t->code != CURLE_OK) {
        lua_pushinteger(L, t->code);
        lua_setfield(L, -2, "curl_code");
    }
}

static void push_answer(lua_State *L, const transfer *t) {
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, t->status);
    lua_setfield(L, -2, "status");
    headers_push(L, t->head.data != NULL ? t->head.data : "", t->head.length);
    lua_setfield(L, -2, "headers");
    lua_pushlstring(L, t->body.data != NULL ? t->body.data : "", t->body.length);
    lua_setfield(L, -2, "body");
}

/* transfer:response() -> answer | nil, error. An answer is given once: whatever a transfer keeps
 * lives on until a second collection, since the first one only finalizes the transfer. */
static int transfer_response(lua_State *L) {
    transfer *t = check_transfer(L);
    if (!t->done)
        return luaL_error(L, "transfer:response: the transfer is still under way");
    if (t->failure != FAILURE_NONE) {
        lua_pushnil(L);
        push_failure(L, t);
        return 2;
    }
    if (t->given)
        return luaL_error(L, "transfer:response: the answer was given before");
    push_answer(L, t);
    t->given = true;
    bytes_free(&t->head);
    bytes_free(&t->body);
    return 1;
}

/* transfer:done() -> boolean */
static int transfer_done(lua_State *L) {
    lua_pushboolean(L, check_transfer(L)->done);
    return 1;
}

/* transfer:cancel() */
static int transfer_cancel(lua_State *L) {
    engine_cancel_transfer(check_transfer(L));
    return 0;
}

/* Frees all that a transfer has. It must have left its multi handle. A finalizer that runs later
 * may still ask. */
void transfer_collect(transfer *t) {
    transfer_release(t);
    bytes_free(&t->head);
    bytes_free(&t->body);
    if (!t->given && t->failure == FAILURE_NONE)
        set_failure(t, FAILURE_CANCELLED, "the transfer was collected");
}

static int transfer_gc(lua_State *L) {
    transfer *t = check_transfer(L);
    engine_forget_transfer(t);
    transfer_collect(t);
    return 0;
}

static int transfer_tostring(lua_State *L) {
    const transfer *t = check_transfer(L);
    if (!t->done)
        lua_pushfstring(L, "%s (under way)", TRANSFER_TYPE);
    else if (t->failure == FAILURE_NONE)
        lua_pushfstring(L, "%s (status %d)", TRANSFER_TYPE, (int)t->status);
    else
        lua_pushfstring(L, "%s (%s)", TRANSFER_TYPE, kind_name(t->failure));
    return 1;
}

/* Registers the type. */
void transfer_open(lua_State *L) {
    static const luaL_Reg methods[] = {{"done", transfer_done},
                                       {"response", transfer_response},
                                       {"cancel", transfer_cancel},
                                       {NULL, NULL}};
    static const luaL_Reg metamethods[] = {
        {"__gc", transfer_gc}, {"__tostring", transfer_tostring}, {NULL, NULL}};
    hubspot_newtype(L, TRANSFER_TYPE, methods, metamethods);
}
