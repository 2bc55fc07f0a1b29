#define _DEFAULT_SOURCE

#include "sigpipe.h"

#include <pthread.h>
#include <time.h>

#include <curl/curl.h>

/* Tells whether curl may raise SIGPIPE: CURLOPT_NOSIGNAL leaves it to the program, and before curl
 * 7.87 OpenSSL raises it when it writes to a connection that the server has reset. */
bool sigpipe_may_come(void) {
    return curl_version_info(CURLVERSION_NOW)->version_num < 0x075700;
}

static bool is_pending(void) {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

static sigset_t only_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

/* Blocks SIGPIPE in this thread, around whatever may write; how the program handles it stays
 * untouched. Holds nest. */
sigpipe_guard sigpipe_hold(bool is_needed) {
    sigpipe_guard g = {.is_needed = is_needed};
    if (!is_needed)
        return g;
    sigset_t set = only_sigpipe();
    g.was_pending = is_pending();
    pthread_sigmask(SIG_BLOCK, &set, &g.before);
    return g;
}

/* Drops a SIGPIPE that came since the hold, and restores the thread's mask. */
void sigpipe_release(const sigpipe_guard *g) {
    if (!g->is_needed)
        return;
    sigset_t set = only_sigpipe();
    if (!g->was_pending && is_pending()) {
#ifdef __APPLE__
        int number;
        sigwait(&set, &number);
#else
        sigtimedwait(&set, NULL, &(struct timespec){0, 0});
#endif
    }
    pthread_sigmask(SIG_SETMASK, &g->before, NULL);
}
