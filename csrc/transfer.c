#define _POSIX_C_SOURCE 200809L

#include "transfer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clock.h"

#define MAX_HEAD_BYTES ((size_t)256 * 1024)

#define SET(easy, option, value)                                                                   \
    do {                                                                                           \
        CURLcode set_code = curl_easy_setopt(easy, option, value);                                 \
        if (set_code != CURLE_OK)                                                                  \
            return set_code;                                                                       \
    } while (0)

/* ---- Curl's callbacks ------------------------------------------------------------------- */

/* Takes what the answer's length promises, so that a large body isn't copied again and again. */
static bool reserve_body(transfer *t) {
    curl_off_t length = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length <= 0)
        return true;
    size_t most = t->max_response_bytes;
    /* A NUL may come after it. */
    return bytes_reserve(&t->body, ((size_t)length < most ? (size_t)length : most) + 1);
}

/* Notes why an answer is refused, to end the transfer; returns what a callback returns for that. */
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

/* Returns the value in a header line of that name, or NULL where it is another one's. */
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
    /* Counts the headers of interim answers and trailers, too: libcurl bounds neither everywhere,
     * and keeps them. */
    t->header_bytes += length;
    if (t->header_bytes > MAX_HEAD_BYTES)
        return refuse(t, REFUSAL_HEAD_SIZE);
    while (kept > 0 && (line[kept - 1] == '\n' || line[kept - 1] == '\r'))
        kept--;
    if (kept >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        /* Another answer begins: the one before was a 1xx, whose codings curl undoes as well. */
        t->head.length = 0;
        t->head_complete = false;
        t->in_coding = false;
        return length;
    }
    if (kept == 0)
        t->head_complete = true;
    /* Headers after the body are trailers. */
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

/* CURLOPT_SEEKFUNCTION. Curl must not resend a request by itself when a reused connection ends
 * without an answer: the first one may have been carried out. To resend it must rewind the body,
 * which fails here. */
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

/* Keeps host and port for messages. */
static void keep_authority(transfer *t, const request *r) {
    size_t length = r->authority_length;
    if (length >= sizeof t->authority)
        length = sizeof t->authority - 1;
    memcpy(t->authority, r->authority, length);
    t->authority[length] = '\0';
    const char *bracket = strchr(t->authority, ']');
    t->host_length =
        bracket != NULL ? (size_t)(bracket - t->authority + 1) : strcspn(t->authority, ":");
}

static CURLcode add_header_line(transfer *t, const char *line) {
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    if (longer == NULL)
        return CURLE_OUT_OF_MEMORY;
    t->headers = longer;
    return CURLE_OK;
}

static CURLcode set_headers(transfer *t, const request *r) {
    CURLcode code = CURLE_OK;
    for (size_t i = 0; i < r->header_count && code == CURLE_OK; i++)
        code = add_header_line(t, r->header_lines[i]);
    /* Curl adds both to a body on its own. */
    if (code == CURLE_OK)
        code = add_header_line(t, "Expect:");
    if (code == CURLE_OK && !r->has_content_type)
        code = add_header_line(t, "Content-Type:");
    if (code == CURLE_OK)
        code = curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    return code;
}

/* Makes curl take the body from on_upload. */
static CURLcode set_upload(transfer *t, const request *r) {
    if (!bytes_add(&t->upload, r->body, r->body_length))
        return CURLE_OUT_OF_MEMORY;
    SET(t->easy, CURLOPT_READFUNCTION, on_upload);
    SET(t->easy, CURLOPT_READDATA, t);
    SET(t->easy, CURLOPT_SEEKFUNCTION, on_rewind);
    return CURLE_OK;
}

/* Returns the request its body, which may be empty. */
static CURLcode set_body(transfer *t, const request *r) {
    SET(t->easy, CURLOPT_POST, 1L);
    SET(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_length);
    if (r->send_once && r->body_length > 0)
        return set_upload(t, r);
    SET(t->easy, CURLOPT_COPYPOSTFIELDS, r->body != NULL ? r->body : "");
    return CURLE_OK;
}

static bool has_body(const request *r) {
    return r->body != NULL || strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0 ||
           strcmp(r->method, "PATCH") == 0;
}

/* A request that must be sent only once and has no body gets a connection of its own: curl resends
 * a request only when a reused connection ends. */
static CURLcode set_method(transfer *t, const request *r) {
    if (strcmp(r->method, "HEAD") == 0) {
        SET(t->easy, CURLOPT_NOBODY, 1L);
        return CURLE_OK;
    }
    CURLcode code = has_body(r) ? set_body(t, r) : curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    if (code != CURLE_OK)
        return code;
    if (r->send_once && r->body_length == 0)
        SET(t->easy, CURLOPT_FRESH_CONNECT, 1L);
    if (strcmp(r->method, has_body(r) ? "POST" : "GET") != 0)
        SET(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
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

static CURLcode set_connection(transfer *t, const request *r) {
    t->deadline = r->timeout > 0 ? clock_seconds() + (double)r->timeout / 1000 : INFINITY;
    SET(t->easy, CURLOPT_TIMEOUT_MS, r->timeout);
    SET(t->easy, CURLOPT_CONNECTTIMEOUT_MS, r->connect_timeout);
    if (r->proxy != NULL)
        SET(t->easy, CURLOPT_PROXY, r->proxy);
    if (r->ca_file != NULL)
        SET(t->easy, CURLOPT_CAINFO, r->ca_file);
    if (r->user_agent != NULL)
        SET(t->easy, CURLOPT_USERAGENT, r->user_agent);
    return CURLE_OK;
}

/* Makes the easy handle of a transfer that is all zeros, from a request, which is copied. Whatever
 * it returns, transfer_release frees what it made. */
CURLcode transfer_prepare(transfer *t, const request *r) {
    t->max_response_bytes = r->max_response_bytes;
    keep_authority(t, r);
    t->easy = curl_easy_init();
    if (t->easy == NULL)
        return CURLE_OUT_OF_MEMORY;
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_URL, r->url);
    if (code == CURLE_OK)
        code = set_method(t, r);
    if (code == CURLE_OK)
        code = set_headers(t, r);
    if (code == CURLE_OK)
        code = set_connection(t, r);
    if (code == CURLE_OK)
        code = set_policy(t->easy);
    if (code == CURLE_OK)
        code = set_callbacks(t);
    return code;
}

/* ---- The end ---------------------------------------------------------------------------- */

/* Frees what only a transfer in flight needs. It must have left its multi handle. */
void transfer_release(transfer *t) {
    curl_easy_cleanup(t->easy);
    t->easy = NULL;
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    bytes_free(&t->upload);
}

/* Bytes that curl counts as sent may be only the request for a proxy's tunnel. */
static void read_info(transfer *t) {
    long request_size = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &t->status);
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &request_size);
    t->sent = (t->connected && request_size > 0) || t->status != 0;
}

/* Describes as curl does a refused connection, but with the system's reason instead of curl's
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
 * cleaning it up would write to the parent's connection. The parent continues to send. */
void transfer_abandon(transfer *t) {
    set_failure(t, FAILURE_CANCELLED, "the process was forked during the request");
    t->sent = true;
    t->easy = NULL;
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    bytes_free(&t->upload);
}

/* Puts a NUL after the body; returns false where there is no memory. */
bool transfer_end_body(transfer *t) {
    if (!bytes_reserve(&t->body, t->body.length + 1))
        return false;
    t->body.data[t->body.length] = '\0';
    return true;
}

/* Frees the head, since the answer has been given: it is given once. */
void transfer_drop_head(transfer *t) {
    t->given = true;
    bytes_free(&t->head);
}

void transfer_drop_body(transfer *t) {
    bytes_free(&t->body);
}

/* Frees all that a transfer has, unless a call still reads it. It must have left its multi handle.
 * A finalizer that runs later may still ask. */
void transfer_collect(transfer *t) {
    if (t->in_use)
        return;
    transfer_release(t);
    bytes_free(&t->head);
    bytes_free(&t->body);
    if (!t->given && t->failure == FAILURE_NONE)
        set_failure(t, FAILURE_CANCELLED, "the transfer was collected");
}
