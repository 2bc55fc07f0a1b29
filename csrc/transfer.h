/* One HTTP request and its answer, on a curl easy handle. */
#ifndef HUBSPOT_TRANSFER_H
#define HUBSPOT_TRANSFER_H

#include <curl/curl.h>

#include "bytes.h"
#include "request.h"

#pragma GCC visibility push(hidden)

/* The kind of error of a transfer that ended before its answer was complete. */
typedef enum failure {
    FAILURE_NONE,
    FAILURE_NETWORK,
    FAILURE_TIMEOUT,
    FAILURE_CANCELLED,
    FAILURE_DECODE
} failure;

/* The reason why one of our callbacks ended a transfer. */
typedef enum refusal {
    REFUSAL_NONE,
    REFUSAL_HEAD_SIZE,
    REFUSAL_BODY_SIZE,
    REFUSAL_CODINGS,
    REFUSAL_LATE
} refusal;

/* A transfer's place in an engine. Only the engine's files use it. */
typedef struct membership {
    struct transfer *previous;
    struct transfer *next;
    struct transfer_list *list; /* NULL: reported, or never added */
    struct engine *engine;      /* valid as long as the transfer is in a list */
    int anchor;                 /* its reference in the table of Lua's engine */
    bool is_unwatched;          /* by the system, which can't watch its socket */
} membership;

typedef struct transfer {
    membership in_engine;
    CURL *easy;                 /* owned; NULL when finished */
    struct curl_slist *headers; /* owned */
    bytes head;                 /* owned; lines "name:value\n" of the final answer */
    bytes body;                 /* owned */
    bytes upload;               /* owned; the request's body, where it must be sent only once */
    size_t uploaded;
    size_t max_response_bytes;
    double deadline;     /* of the whole transfer, on clock_seconds */
    size_t header_bytes; /* of interim answers and trailers, too */
    int codings;         /* that the headers named so far */
    bool in_coding;      /* the header line that came last names codings */
    bool head_complete;
    bool connected; /* before the request was begun; always true with a curl that does not tell */
    bool sent;
    bool done;
    bool given;  /* the answer has been given */
    bool in_use; /* a call reads the answer; a finalizer that runs meanwhile must leave it */
    refusal refusal;
    failure failure;
    CURLcode code;
    long status;
    size_t host_length;
    char authority[256]; /* host and port, for messages */
    char message[768];
    char curl_message[CURL_ERROR_SIZE];
} transfer;

CURLcode transfer_prepare(transfer *t, const request *r);
void transfer_finish(transfer *t, CURLcode code);
void transfer_fail(transfer *t, failure kind, const char *message);
void transfer_abandon(transfer *t);
void transfer_release(transfer *t);
bool transfer_end_body(transfer *t);
void transfer_drop_head(transfer *t);
void transfer_drop_body(transfer *t);
void transfer_collect(transfer *t);

#pragma GCC visibility pop

#endif
