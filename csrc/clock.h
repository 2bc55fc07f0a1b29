/* The clock of all waiting. A file that includes this asks for POSIX first. */
#ifndef HUBSPOT_CLOCK_H
#define HUBSPOT_CLOCK_H

#include <time.h>

/* Returns the seconds of a clock that never goes back. */
static inline double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

#endif
