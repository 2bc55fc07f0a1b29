/* Many transfers on one curl multi handle, and one descriptor to wait for all of them. */
#ifndef HUBSPOT_ENGINE_H
#define HUBSPOT_ENGINE_H

#include "fork_mark.h"
#include "poller.h"
#include "transfer.h"

#pragma GCC visibility push(hidden)

typedef struct transfer_list {
    transfer *first;
    transfer *last;
    int count;
} transfer_list;

/* It stays where it is: curl and its transfers point to it. */
typedef struct engine {
    CURLM *multi; /* owned; NULL until it is needed, and when closed */
    transfer_list in_flight;
    transfer_list finished; /* not yet reported */
    poller poller;
    fork_mark mark;  /* of the process that multi belongs to */
    bool may_signal; /* whether writing may raise SIGPIPE */
    bool closed;
} engine;

void engine_init(engine *e);
const char *engine_start(engine *e);
const char *engine_launch(engine *e, transfer *t);
void engine_run(engine *e, double until);
transfer *engine_take_finished(engine *e);
double engine_time_left(engine *e);
void engine_wait(engine *e, double seconds);
void engine_cancel(transfer *t);
void engine_forget(transfer *t);
void engine_close(engine *e);
void engine_free(engine *e);
void engine_notice_fork(engine *e);

#pragma GCC visibility pop

#endif
