/* A mark of the process that set it: a child process lacks it. */
#ifndef HUBSPOT_FORK_MARK_H
#define HUBSPOT_FORK_MARK_H

#include <stdbool.h>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

typedef struct fork_mark {
    pid_t pid;
    char *page; /* owned; wiped in a child process; NULL where the system has none */
} fork_mark;

void fork_mark_set(fork_mark *m);
bool fork_mark_holds(const fork_mark *m);
void fork_mark_free(fork_mark *m);

#pragma GCC visibility pop

#endif
