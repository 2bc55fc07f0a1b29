/* One HTTP request and its answer. */
#ifndef HUBSPOT_TRANSFER_H
#define HUBSPOT_TRANSFER_H

#include <curl/curl.h>

#include "compat.h"

#pragma GCC visibility push(hidden)

#define TRANSFER_TYPE "hubspot.transfer"

struct engine;
struct transfer_list;

/* A string that curl's callbacks fill: plain C memory, since Lua must not be called from them. */
typedef struct bytes {
    char *data;
    size_t length;
    size_t capacity;
} bytes;

/* What ended a transfer before its answer was complete, as its error's kind. */
typedef enum failure {
    FAILURE_NONE,
    FAILURE_NETWORK,
    FAILURE_TIMEOUT,
    FAILURE_CANCELLED,
    FAILURE_DECODE
} failure;

/* Why a callback of ours ended a transfer, where one did. */
typedef enum refusal {
    REFUSAL_NONE,
    REFUSAL_HEAD_SIZE,
    REFUSAL_BODY_SIZE,
    REFUSAL_CODINGS,
    REFUSAL_LATE
} refusal;

typedef struct transfer {
    struct transfer *previous;
    struct transfer *next;
    struct transfer_list *list; /* of the engine's lists; NULL once it was reported */
    struct engine *engine;      /* valid as long as the transfer is in a list */
    int anchor;                 /* its reference in the engine's table, while in a list */
    CURL *easy;                 /* owned; NULL when finished */
    struct curl_slist *headers; /* owned */
    bytes head;                 /* owned; lines "name:value\n" of the final answer */
    bytes body;                 /* owned */
    bytes upload;               /* owned; the request's body, where it must be sent only once */
    size_t uploaded;
    size_t max_response_bytes;
    bool is_unwatched; /* by the engine's poller, which can't */
    bool done;
    size_t header_bytes;
    bool head_complete;
    refusal refusal; /* of the answer, by one of our own limits */
    bool in_coding;  /* the header line that came last names codings */
    int codings;     /* of the answer's body, so far */
    double deadline; /* of the whole transfer, on clock_seconds */
    bool given;      /* response() has given the answer */
    bool connected;  /* before the request was begun; always true with a curl that does not tell */
    bool sent;
    failure failure;
    CURLcode code;
    long status;
    size_t host_length;
    char authority[256]; /* host and port, for messages */
    char message[768];
    char curl_message[CURL_ERROR_SIZE];
} transfer;

void transfer_open(lua_State *L);
transfer *transfer_new(lua_State *L);
CURLcode transfer_prepare(lua_State *L, transfer *t, int request);
void transfer_finish(transfer *t, CURLcode code);
void transfer_fail(transfer *t, failure kind, const char *message);
void transfer_abandon(transfer *t);
void transfer_release(transfer *t);
void transfer_collect(transfer *t);
int transfer_push_error(lua_State *L, failure kind, const char *message);

#pragma GCC visibility pop

#endif
