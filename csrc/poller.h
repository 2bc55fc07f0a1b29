/* Curl's sockets, and waiting for them: one epoll descriptor, or curl's own poll. */
#ifndef HUBSPOT_POLLER_H
#define HUBSPOT_POLLER_H

#include <math.h>
#include <sys/types.h>

#include "transfer.h"

#pragma GCC visibility push(hidden)

#define POLLER_NEVER INFINITY
#define POLLER_MAX_EVENTS 64

/* Identity of a descriptor: its number may be closed by the program, as daemons do, and opened
 * again for a file. */
typedef struct identity {
    dev_t device;
    ino_t inode;
} identity;

/* A connection of curl's, in use or idle. */
typedef struct connection {
    curl_socket_t socket;
    identity identity;
    unsigned polled; /* the events that the epoll set has, 0 where it does not have the socket */
    bool is_wanted;  /* by curl; an idle connection isn't */
} connection;

typedef struct poller {
    CURLM *multi;            /* the engine's; NULL: closed */
    int descriptor;          /* owned; the epoll set; -1: none */
    pid_t owner;             /* the process that opened it */
    double deadline;         /* when curl wants to be called, on clock_seconds */
    connection *connections; /* owned */
    size_t count;
    size_t capacity;
    bool has_unwatched; /* a transfer in flight is_unwatched */
} poller;

/* The result of a poll of the sockets. */
typedef struct ready {
    struct {
        curl_socket_t socket;
        int mask; /* curl's */
    } events[POLLER_MAX_EVENTS];
    int count;
} ready;

/* Returns whether there is epoll: without it an engine has no descriptor. */
extern const bool poller_has_descriptor;

void poller_init(poller *p);
bool poller_open(poller *p, CURLM *multi);
void poller_close(poller *p);
void poller_abandon(poller *p);
void poller_own_sockets(poller *p, CURL *easy);
bool poller_look(poller *p, ready *r);
bool poller_has_more(poller *p, ready *r);
CURLMcode poller_run(poller *p, const ready *r, double until);
double poller_deadline(poller *p);
void poller_wait(poller *p, int milliseconds);

#pragma GCC visibility pop

#endif
