/* SIGPIPE held back in this thread. */
#ifndef HUBSPOT_SIGPIPE_H
#define HUBSPOT_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

typedef struct sigpipe_guard {
    sigset_t before;
    bool is_needed;
    bool was_pending;
} sigpipe_guard;

bool sigpipe_may_come(void);
sigpipe_guard sigpipe_hold(bool is_needed);
void sigpipe_release(const sigpipe_guard *g);

#pragma GCC visibility pop

#endif
