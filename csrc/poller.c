#define _GNU_SOURCE /* F_SETSIG */

#include "poller.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

/* ---- Connections ------------------------------------------------------------------------ */

static identity identity_of(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return (identity){0, 0};
    return (identity){status.st_dev, status.st_ino};
}

/* Tells whether the number stands for what it did when its identity was noted. */
static bool is_same(int descriptor, identity noted) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && status.st_dev == noted.device &&
           status.st_ino == noted.inode;
}

/* Returns NULL for what is no connection, such as the sockets by which curl's resolver reports. */
static connection *find_connection(const poller *p, curl_socket_t s) {
    for (size_t i = 0; i < p->count; i++) {
        if (p->connections[i].socket == s)
            return &p->connections[i];
    }
    return NULL;
}

/* Notes a connection: a child process must close the numbers of its parent's. */
static bool note_connection(poller *p, curl_socket_t s) {
    connection *known = find_connection(p, s), fresh = {.socket = s, .identity = identity_of(s)};
    if (known != NULL) {
        /* Somebody else closed it. */
        *known = fresh;
        return true;
    }
    if (p->count == p->capacity) {
        size_t capacity = p->capacity * 2 + 8;
        connection *connections = realloc(p->connections, capacity * sizeof *connections);
        if (connections == NULL)
            return false;
        p->connections = connections;
        p->capacity = capacity;
    }
    p->connections[p->count++] = fresh;
    return true;
}

static void unwatch(const poller *p, connection *c);

/* CURLOPT_OPENSOCKETFUNCTION */
static curl_socket_t on_open_socket(void *user, curlsocktype purpose,
                                    struct curl_sockaddr *address) {
    (void)purpose;
    curl_socket_t s = socket(address->family, address->socktype, address->protocol);
    if (s == CURL_SOCKET_BAD)
        return s;
    fcntl(s, F_SETFD, FD_CLOEXEC);
    if (!note_connection(user, s)) {
        close(s);
        return CURL_SOCKET_BAD;
    }
    return s;
}

/* CURLOPT_CLOSESOCKETFUNCTION */
static int on_close_socket(void *user, curl_socket_t s) {
    poller *p = user;
    connection *c = find_connection(p, s);
    bool is_own = true;
    if (c != NULL) {
        is_own = is_same(s, c->identity);
        if (is_own)
            unwatch(p, c);
        *c = p->connections[--p->count];
    }
    return is_own ? close(s) : 0;
}

/* Makes a transfer open its sockets through the poller. */
void poller_own_sockets(poller *p, CURL *easy) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, p);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, p);
}

/* ---- Waiting ---------------------------------------------------------------------------- */

#if defined(__linux__) && !defined(HUBSPOT_NO_EPOLL)

#include <sys/epoll.h>

#define OWN_SIGNAL SIGWINCH

/* Takes a socket out of the set. To close it is not enough: a child process may hold it, too. */
static void remove_socket(const poller *p, curl_socket_t s) {
    struct epoll_event event = {0};
    epoll_ctl(p->descriptor, EPOLL_CTL_DEL, s, &event);
}

static void unwatch(const poller *p, connection *c) {
    if (c->polled != 0)
        remove_socket(p, c->socket);
    c->polled = 0;
}

/* A descriptor that was closed without epoll's knowledge and opened anew is unknown to it, whatever
 * curl believes. */
static int set_events(const poller *p, curl_socket_t s, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = s};
    if (epoll_ctl(p->descriptor, EPOLL_CTL_MOD, s, &event) == 0)
        return 0;
    return errno == ENOENT ? epoll_ctl(p->descriptor, EPOLL_CTL_ADD, s, &event) : -1;
}

/* Notes a transfer that nothing would wake: the system refused to watch its socket, or for what it
 * needs. Others on a connection that is watched already go without that. To tell curl would end all
 * transfers in flight. */
static void note_unwatched(poller *p, CURL *easy) {
    transfer *t = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
    if (t != NULL)
        p->has_unwatched = t->in_engine.is_unwatched = true;
}

/* CURLMOPT_SOCKETFUNCTION. A connection that curl wants no more stays in the set, since it mostly
 * wants it again before anything happens there. */
static int on_socket(CURL *easy, curl_socket_t s, int what, void *user, void *per_socket) {
    poller *p = user;
    unsigned events = ((what & CURL_POLL_IN) != 0 ? (unsigned)EPOLLIN : 0u) |
                      ((what & CURL_POLL_OUT) != 0 ? (unsigned)EPOLLOUT : 0u);
    connection *c = find_connection(p, s);
    (void)per_socket;
    if (c != NULL) {
        c->is_wanted = what != CURL_POLL_REMOVE;
        if (!c->is_wanted || c->polled == events)
            return 0;
    } else if (what == CURL_POLL_REMOVE) {
        remove_socket(p, s);
        return 0;
    }
    if (set_events(p, s, events) != 0)
        note_unwatched(p, easy);
    else if (c != NULL)
        c->polled = events;
    return 0;
}

/* CURLMOPT_TIMERFUNCTION */
static int on_timer(CURLM *multi, long milliseconds, void *user) {
    poller *p = user;
    (void)multi;
    p->deadline = milliseconds < 0 ? POLLER_NEVER : clock_seconds() + (double)milliseconds / 1000;
    return 0;
}

/* Opens the set. All epoll sets have one inode: this one gets a signal of its own, which is never
 * sent, and as its owner this process. Both belong to what the number stands for. */
static bool open_set(poller *p) {
    p->descriptor = epoll_create1(EPOLL_CLOEXEC);
    if (p->descriptor < 0)
        return false;
    fcntl(p->descriptor, F_SETSIG, OWN_SIGNAL);
    fcntl(p->descriptor, F_SETOWN, p->owner);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
    return true;
}

/* Tells whether the number stands for the set still. The kernel names no owner that has ended; what
 * this process opened in its place after a fork has this process for one. */
static bool is_set(const poller *p) {
    pid_t owner = fcntl(p->descriptor, F_GETOWN);
    return fcntl(p->descriptor, F_GETSIG) == OWN_SIGNAL &&
           (owner == p->owner || (owner == 0 && p->owner != getpid()));
}

static void close_set(poller *p) {
    if (p->descriptor >= 0 && is_set(p))
        close(p->descriptor);
    p->descriptor = -1;
}

/* Lets curl do what its timer is due for. Curl announces a time only when it is another one than
 * before: where it found the call too early it must be asked again. */
static CURLMcode run_timer(poller *p) {
    int running;
    long milliseconds = -1;
    p->deadline = POLLER_NEVER;
    CURLMcode code = curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    if (code == CURLM_OK && p->deadline == POLLER_NEVER &&
        curl_multi_timeout(p->multi, &milliseconds) == CURLM_OK)
        on_timer(p->multi, milliseconds, p);
    return code;
}

/* Looks at the sockets without waiting, and tells whether one is ready or curl's time has come.
 * Cheap: a host without a way to wait for the descriptor looks all the time. */
bool poller_look(poller *p, ready *r) {
    struct epoll_event events[POLLER_MAX_EVENTS];
    r->count = epoll_wait(p->descriptor, events, POLLER_MAX_EVENTS, 0);
    for (int i = 0; i < r->count; i++) {
        /* Errors and hang-ups: curl learns what happened by reading and writing. */
        unsigned found = events[i].events;
        r->events[i].socket = events[i].data.fd;
        r->events[i].mask = ((found & ~(unsigned)EPOLLOUT) != 0 ? CURL_CSELECT_IN : 0) |
                            ((found & ~(unsigned)EPOLLIN) != 0 ? CURL_CSELECT_OUT : 0);
    }
    return r->count > 0 || p->deadline <= clock_seconds();
}

/* Tells whether another run is due at once: curl wants it, or more was ready than a look shows. */
bool poller_has_more(poller *p, ready *r) {
    if (r->count == POLLER_MAX_EVENTS)
        return poller_look(p, r);
    r->count = 0;
    return p->deadline <= clock_seconds();
}

/* Gives curl the sockets that are ready and the timer if due. Sockets left when the moment has come
 * are polled again in the next run, after those that became ready since. */
CURLMcode poller_run(poller *p, const ready *r, double until) {
    CURLMcode code = CURLM_OK;
    int running;
    for (int i = 0; i < r->count && code == CURLM_OK; i++) {
        if (i > 0 && clock_seconds() >= until)
            break;
        curl_socket_t s = r->events[i].socket;
        connection *c = find_connection(p, s);
        if (c != NULL && !c->is_wanted) {
            /* The server closed an idle connection. */
            unwatch(p, c);
            continue;
        }
        code = curl_multi_socket_action(p->multi, s, r->events[i].mask, &running);
    }
    if (code == CURLM_OK && p->deadline <= clock_seconds())
        code = run_timer(p);
    return code;
}

/* Returns when a run is due whatever the sockets do, POLLER_NEVER where it is not. */
double poller_deadline(poller *p) {
    return p->deadline;
}

/* Waits until a socket is ready, at most `milliseconds`; -1: without end. */
void poller_wait(poller *p, int milliseconds) {
    struct epoll_event event;
    epoll_wait(p->descriptor, &event, 1, milliseconds);
}

const bool poller_has_descriptor = true;

#else /* the same functions over curl's own poll */

static void unwatch(const poller *p, connection *c) {
    (void)p;
    (void)c;
}

static bool open_set(poller *p) {
    (void)p;
    return true;
}

static void close_set(poller *p) {
    (void)p;
}

/* Only curl itself can look, and it does at once what it finds. */
bool poller_look(poller *p, ready *r) {
    (void)p;
    r->count = 0;
    return true;
}

bool poller_has_more(poller *p, ready *r) {
    (void)p;
    (void)r;
    return false;
}

CURLMcode poller_run(poller *p, const ready *r, double until) {
    int running;
    (void)r;
    (void)until;
    return curl_multi_perform(p->multi, &running);
}

double poller_deadline(poller *p) {
    long milliseconds = -1;
    if (curl_multi_timeout(p->multi, &milliseconds) != CURLM_OK || milliseconds < 0)
        return POLLER_NEVER;
    return clock_seconds() + (double)milliseconds / 1000;
}

void poller_wait(poller *p, int milliseconds) {
    curl_multi_poll(p->multi, NULL, 0, milliseconds < 0 ? INT_MAX : milliseconds, NULL);
}

const bool poller_has_descriptor = false;

#endif

/* ---- The whole -------------------------------------------------------------------------- */

/* Makes a poller that is closed. */
void poller_init(poller *p) {
    *p = (poller){.descriptor = -1, .deadline = POLLER_NEVER};
}

/* Opens a closed poller for a multi handle; returns false where the system has no descriptor. */
bool poller_open(poller *p, CURLM *multi) {
    p->multi = multi;
    p->owner = getpid();
    return open_set(p);
}

/* Closes the set, after the multi handle, which closes the sockets. The poller can be opened again.
 */
void poller_close(poller *p) {
    close_set(p);
    free(p->connections);
    poller_init(p);
}

/* Closes in a child process the numbers of the parent's sockets and set, as far as they stand for
 * these still. The parent's own stay open. */
void poller_abandon(poller *p) {
    for (size_t i = 0; i < p->count; i++) {
        if (is_same(p->connections[i].socket, p->connections[i].identity))
            close(p->connections[i].socket);
    }
    poller_close(p);
}
