#define _POSIX_C_SOURCE 200809L

#include "engine.h"

#include <limits.h>
#include <math.h>
#include <poll.h>
#include <string.h>

#include "clock.h"
#include "sigpipe.h"

/* Bounds a run: curl may have something to do at once, over and over, with a fast server. */
#define MAX_ROUNDS 4
#define MAX_IDLE_CONNECTIONS 64

/* ---- Lists ------------------------------------------------------------------------------ */

static void list_remove(transfer *t) {
    membership *m = &t->in_engine;
    transfer_list *list = m->list;
    if (list == NULL)
        return;
    *(m->previous != NULL ? &m->previous->in_engine.next : &list->first) = m->next;
    *(m->next != NULL ? &m->next->in_engine.previous : &list->last) = m->previous;
    list->count--;
    m->previous = m->next = NULL;
    m->list = NULL;
}

static void list_append(transfer_list *list, transfer *t) {
    list_remove(t);
    t->in_engine.list = list;
    t->in_engine.previous = list->last;
    *(list->last != NULL ? &list->last->in_engine.next : &list->first) = t;
    list->last = t;
    list->count++;
}

/* ---- Starting and ending ---------------------------------------------------------------- */

/* Makes an engine that has nothing yet. */
void engine_init(engine *e) {
    memset(e, 0, sizeof *e);
    poller_init(&e->poller);
}

/* Makes what a process needs of its own, where it is not there; returns NULL, or what is wrong. */
const char *engine_start(engine *e) {
    if (e->multi != NULL)
        return NULL;
    e->multi = curl_multi_init();
    if (e->multi == NULL)
        return "curl could not be started: out of memory";
    e->may_signal = sigpipe_may_come();
    fork_mark_set(&e->mark);
    if (!poller_open(&e->poller, e->multi)) {
        curl_multi_cleanup(e->multi);
        e->multi = NULL;
        poller_close(&e->poller);
        return "no epoll descriptor could be made";
    }
    curl_multi_setopt(e->multi, CURLMOPT_MAXCONNECTS, (long)MAX_IDLE_CONNECTIONS);
    return NULL;
}

/* In a child process gives up everything that belongs to the parent, and ends the child's copies of
 * the transfers. The multi handle, its easy handles with their TLS sessions, and curl's internal
 * socket pairs are deliberately leaked: to clean them up would say goodbye on the parent's
 * connections, and take away from the epoll set that both share what the parent waits for. */
void engine_notice_fork(engine *e) {
    if (e->multi == NULL || fork_mark_holds(&e->mark))
        return;
    while (e->in_flight.first != NULL) {
        transfer *t = e->in_flight.first;
        transfer_abandon(t);
        list_append(&e->finished, t);
    }
    e->multi = NULL;
    poller_abandon(&e->poller);
}

/* Ends a transfer in flight; the next step reports it. */
static void end_transfer(engine *e, transfer *t, failure kind, const char *message) {
    sigpipe_guard g = sigpipe_hold(e->may_signal);
    curl_multi_remove_handle(e->multi, t->easy);
    transfer_fail(t, kind, message);
    sigpipe_release(&g);
    list_append(&e->finished, t);
}

/* Ends all transfers and the connections. The engine can be started again. */
static void stop(engine *e, failure kind, const char *message) {
    if (e->multi == NULL)
        return;
    while (e->in_flight.first != NULL)
        end_transfer(e, e->in_flight.first, kind, message);
    sigpipe_guard g = sigpipe_hold(e->may_signal);
    curl_multi_cleanup(e->multi);
    sigpipe_release(&g);
    e->multi = NULL;
    poller_close(&e->poller);
}

/* Ends all transfers in flight, to be reported by the next step, and the connections, for good. */
void engine_close(engine *e) {
    engine_notice_fork(e);
    stop(e, FAILURE_CANCELLED, "the engine was closed");
    e->closed = true;
}

/* Closes the engine and frees all it owns, its transfers included: nothing else may free them, as
 * Lua runs no finalizer of what a finalizer makes while a state is closed. */
void engine_free(engine *e) {
    engine_close(e);
    fork_mark_free(&e->mark);
    while (e->finished.first != NULL)
        transfer_collect(engine_take_finished(e));
}

/* ---- Running ---------------------------------------------------------------------------- */

/* Takes from curl what it has finished. */
static void collect_finished(engine *e) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(e->multi, &left)) != NULL) {
        transfer *t = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        curl_multi_remove_handle(e->multi, t->easy);
        transfer_finish(t, code);
        list_append(&e->finished, t);
    }
}

/* Ends the transfers that nothing would wake, and no other. Ending one may reveal another one. */
static void end_unwatched(engine *e) {
    transfer *next;
    do {
        e->poller.has_unwatched = false;
        for (transfer *t = e->in_flight.first; t != NULL; t = next) {
            next = t->in_engine.next;
            if (t->in_engine.is_unwatched)
                end_transfer(e, t, FAILURE_NETWORK, "the system can't watch the connection");
        }
    } while (e->poller.has_unwatched);
}

/* Gives curl what is ready and due, until the moment has come, and takes from it what it has
 * finished. */
static void turn(engine *e, ready *r, double until) {
    sigpipe_guard g = sigpipe_hold(e->may_signal);
    int round = 0;
    do {
        CURLMcode code = poller_run(&e->poller, r, until);
        collect_finished(e);
        if (e->poller.has_unwatched)
            end_unwatched(e);
        if (code != CURLM_OK)
            stop(e, FAILURE_NETWORK, curl_multi_strerror(code));
        round++;
    } while (round < MAX_ROUNDS && e->multi != NULL && clock_seconds() < until &&
             poller_has_more(&e->poller, r));
    sigpipe_release(&g);
}

/* Moves what is due, without blocking, until the moment has come. */
void engine_run(engine *e, double until) {
    ready r;
    if (e->multi != NULL && poller_look(&e->poller, &r))
        turn(e, &r, until);
}

/* Sends the request that was added; what else may be ready is left for the next run. */
static void send_at_once(engine *e) {
    ready nothing;
    nothing.count = 0;
    size_t before = e->poller.count;
    turn(e, &nothing, POLLER_NEVER);
    /* One that was opened may be connected already. */
    if (e->poller.count != before)
        engine_run(e, POLLER_NEVER);
}

/* Starts a transfer that is prepared, and sends what can be sent at once; returns NULL, or why the
 * engine, which is not closed, can't take it. It stays in the engine until it is taken as finished,
 * cancelled and taken, or forgotten. */
const char *engine_launch(engine *e, transfer *t) {
    const char *problem = engine_start(e);
    if (problem != NULL)
        return problem;
    poller_own_sockets(&e->poller, t->easy);
    if (curl_multi_add_handle(e->multi, t->easy) != CURLM_OK)
        return curl_easy_strerror(CURLE_OUT_OF_MEMORY);
    t->in_engine.engine = e;
    list_append(&e->in_flight, t);
    send_at_once(e);
    return NULL;
}

/* Returns the transfer that finished first, which leaves the engine, or NULL. */
transfer *engine_take_finished(engine *e) {
    transfer *t = e->finished.first;
    if (t != NULL)
        list_remove(t);
    return t;
}

/* Returns the seconds until a run is due, POLLER_NEVER where none is. */
double engine_time_left(engine *e) {
    if (e->finished.count > 0)
        return 0;
    if (e->multi == NULL)
        return POLLER_NEVER;
    double left = poller_deadline(&e->poller) - clock_seconds();
    return left > 0 ? left : 0;
}

/* Rounds up: waiting a little too short would make the caller turn in circles. */
static int to_milliseconds(double seconds) {
    if (seconds == POLLER_NEVER)
        return -1;
    return seconds < INT_MAX / 1000 ? (int)ceil(seconds * 1000) : INT_MAX;
}

/* Waits until a run is due, at most `seconds`; returns at once where nothing is in flight. */
void engine_wait(engine *e, double seconds) {
    double left = engine_time_left(e);
    if (!(seconds > 0) || left == 0 || e->closed)
        return;
    if (left < seconds)
        seconds = left;
    if (e->multi != NULL && (e->in_flight.count > 0 || seconds != POLLER_NEVER))
        poller_wait(&e->poller, to_milliseconds(seconds));
    else if (seconds != POLLER_NEVER)
        poll(NULL, 0, to_milliseconds(seconds));
}

/* Ends a transfer, where it is in flight; it is reported as any other. */
void engine_cancel(transfer *t) {
    if (t->in_engine.list != NULL && !t->done)
        end_transfer(t->in_engine.engine, t, FAILURE_CANCELLED, "the request was cancelled");
}

/* Takes a transfer that is being collected out of its engine, which is being collected, too. */
void engine_forget(transfer *t) {
    if (t->in_engine.list == NULL)
        return;
    engine *e = t->in_engine.engine;
    if (t->easy != NULL) {
        sigpipe_guard g = sigpipe_hold(e->may_signal);
        curl_multi_remove_handle(e->multi, t->easy);
        sigpipe_release(&g);
    }
    list_remove(t);
}
