#define _GNU_SOURCE /* F_SETSIG */

#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "resident.h"

#if defined(__linux__) && !defined(HUBSPOT_NO_EPOLL)
#define HAS_EPOLL 1
#include <sys/epoll.h>
#else
#define HAS_EPOLL 0
#endif

#define ENGINE_TYPE "hubspot.engine"
#define NEVER INFINITY
#define MAX_EVENTS 64
#define POLLER_SIGNAL SIGWINCH
/* A step goes on as long as curl has something to do at once, but not so long that a fast server
 * keeps it from coming back. */
#define MAX_ROUNDS 4
#define MAX_IDLE_CONNECTIONS 64

__attribute__((visibility("default"))) int luaopen_hubspot_engine(lua_State *L);

typedef struct transfer_list {
    transfer *first;
    transfer *last;
    int count;
} transfer_list;

/* What a descriptor's number stood for when it was opened. A program may close numbers that are not
 * its own, as daemons do, and open its files under them. */
typedef struct identity {
    dev_t device;
    ino_t inode;
} identity;

typedef struct connection {
    curl_socket_t socket;
    identity identity;
    unsigned polled; /* what the poller looks for, 0 if it doesn't know the socket */
    bool is_wanted;  /* by curl; an idle connection isn't */
} connection;

typedef struct engine {
    CURLM *multi; /* owned; NULL until it is needed, and when closed */
    transfer_list under_way;
    transfer_list finished;  /* not yet reported by step */
    connection *connections; /* owned; in use or idle */
    size_t connection_count;
    size_t connection_capacity;
    int poller;      /* owned; an epoll descriptor, -1 without a multi */
    double deadline; /* when curl wants to be called, on clock_seconds */
    pid_t pid;       /* the process that multi belongs to */
    char *fork_mark; /* owned; a page that is wiped in a child process, or NULL */
    bool may_signal; /* whether writing may raise SIGPIPE */
    bool closed;
    bool has_unwatched; /* a transfer under way that nothing would wake */
} engine;

/* ---- Lists ------------------------------------------------------------------------------ */

static void list_remove(transfer *t) {
    transfer_list *list = t->list;
    if (list == NULL)
        return;
    *(t->previous != NULL ? &t->previous->next : &list->first) = t->next;
    *(t->next != NULL ? &t->next->previous : &list->last) = t->previous;
    list->count--;
    t->previous = t->next = NULL;
    t->list = NULL;
}

static void list_append(transfer_list *list, transfer *t) {
    list_remove(t);
    t->list = list;
    t->previous = list->last;
    *(list->last != NULL ? &list->last->next : &list->first) = t;
    list->last = t;
    list->count++;
}

/* ---- Descriptors ------------------------------------------------------------------------ */

static identity identity_of(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return (identity){0, 0};
    return (identity){status.st_dev, status.st_ino};
}

/* Says whether the number stands for what it did when its identity was noted. */
static bool is_same(int descriptor, identity noted) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && status.st_dev == noted.device &&
           status.st_ino == noted.inode;
}

/* ---- Connections ------------------------------------------------------------------------ */

/* Gives NULL for what is no connection, such as the sockets by which curl's resolver reports. */
static connection *find_connection(const engine *e, curl_socket_t s) {
    for (size_t i = 0; i < e->connection_count; i++) {
        if (e->connections[i].socket == s)
            return &e->connections[i];
    }
    return NULL;
}

/* A child process must close the numbers of its parent's connections, so they are noted. */
static bool note_connection(engine *e, curl_socket_t s) {
    connection *known = find_connection(e, s);
    if (known != NULL) {
        /* Somebody else closed it. */
        *known = (connection){s, identity_of(s), 0, false};
        return true;
    }
    if (e->connection_count == e->connection_capacity) {
        size_t capacity = e->connection_capacity * 2 + 8;
        connection *connections = realloc(e->connections, capacity * sizeof *connections);
        if (connections == NULL)
            return false;
        e->connections = connections;
        e->connection_capacity = capacity;
    }
    e->connections[e->connection_count++] = (connection){s, identity_of(s), 0, false};
    return true;
}

static void poller_forget(const engine *e, connection *c);

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
    engine *e = user;
    connection *c = find_connection(e, s);
    bool is_own = true;
    if (c != NULL) {
        is_own = is_same(s, c->identity);
        if (is_own)
            poller_forget(e, c);
        *c = e->connections[--e->connection_count];
    }
    return is_own ? close(s) : 0;
}

/* ---- Waiting: epoll, or curl's own poll -------------------------------------------------- */

#if HAS_EPOLL

/* Takes a socket out of the set. To close it is not enough: a child process may hold it, too. */
static void poller_remove(const engine *e, curl_socket_t s) {
    struct epoll_event event = {0};
    epoll_ctl(e->poller, EPOLL_CTL_DEL, s, &event);
}

static void poller_forget(const engine *e, connection *c) {
    if (c->polled != 0)
        poller_remove(e, c->socket);
    c->polled = 0;
}

/* All epoll sets and the like have one inode. Ours has a signal of its own, which is never sent,
 * and as its owner the process that made it: both belong to what the number stands for. */
static void poller_mark(const engine *e) {
    fcntl(e->poller, F_SETSIG, POLLER_SIGNAL);
    fcntl(e->poller, F_SETOWN, e->pid);
}

/* Says whether the number of the epoll set stands for it still. The kernel names no owner that has
 * ended; what this process made in its place meanwhile has this process for one. */
static bool poller_is_own(const engine *e) {
    pid_t owner = fcntl(e->poller, F_GETOWN);
    return fcntl(e->poller, F_GETSIG) == POLLER_SIGNAL &&
           (owner == e->pid || (owner == 0 && e->pid != getpid()));
}

/* A descriptor that was closed behind epoll's back and opened anew is unknown to it, whatever curl
 * believes. */
static int poller_set(const engine *e, curl_socket_t s, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = s};
    if (epoll_ctl(e->poller, EPOLL_CTL_MOD, s, &event) == 0)
        return 0;
    return errno == ENOENT ? epoll_ctl(e->poller, EPOLL_CTL_ADD, s, &event) : -1;
}

/* Notes the transfers that nothing would wake, since the system does not watch their socket: the
 * one that curl told it for, and what shares its connection. To let curl know would end them all.
 */
static void note_unwatched(engine *e, CURL *easy, curl_socket_t s) {
    transfer *told = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&told);
    for (transfer *t = e->under_way.first; t != NULL; t = t->next) {
        curl_socket_t own = CURL_SOCKET_BAD;
        curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &own);
        if (t == told || own == s)
            t->is_unwatched = e->has_unwatched = true;
    }
}

/* CURLMOPT_SOCKETFUNCTION. A connection that curl wants no more stays in the set, since it mostly
 * wants it again before anything happens there. */
static int on_socket(CURL *easy, curl_socket_t s, int what, void *user, void *per_socket) {
    engine *e = user;
    unsigned events = ((what & CURL_POLL_IN) != 0 ? (unsigned)EPOLLIN : 0u) |
                      ((what & CURL_POLL_OUT) != 0 ? (unsigned)EPOLLOUT : 0u);
    connection *c = find_connection(e, s);
    (void)per_socket;
    if (c != NULL) {
        c->is_wanted = what != CURL_POLL_REMOVE;
        if (!c->is_wanted || c->polled == events)
            return 0;
    } else if (what == CURL_POLL_REMOVE) {
        poller_remove(e, s);
        return 0;
    }
    if (poller_set(e, s, events) != 0)
        note_unwatched(e, easy, s);
    else if (c != NULL)
        c->polled = events;
    return 0;
}

/* CURLMOPT_TIMERFUNCTION */
static int on_timer(CURLM *multi, long milliseconds, void *user) {
    engine *e = user;
    (void)multi;
    e->deadline = milliseconds < 0 ? NEVER : clock_seconds() + (double)milliseconds / 1000;
    return 0;
}

static bool poller_open(engine *e) {
    e->poller = epoll_create1(EPOLL_CLOEXEC);
    if (e->poller < 0)
        return false;
    poller_mark(e);
    curl_multi_setopt(e->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(e->multi, CURLMOPT_SOCKETDATA, e);
    curl_multi_setopt(e->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(e->multi, CURLMOPT_TIMERDATA, e);
    return true;
}

/* Lets curl do what its timer is due for. Curl announces a time only when it is another one than
 * before: where it found the call too early it must be asked again. */
static CURLMcode run_timer(engine *e) {
    int running;
    long milliseconds = -1;
    e->deadline = NEVER;
    CURLMcode code = curl_multi_socket_action(e->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    if (code == CURLM_OK && e->deadline == NEVER &&
        curl_multi_timeout(e->multi, &milliseconds) == CURLM_OK)
        on_timer(e->multi, milliseconds, e);
    return code;
}

/* What a look at the sockets found. */
typedef struct ready {
    struct epoll_event events[MAX_EVENTS];
    int count;
} ready;

/* Says whether a socket is ready or curl's time has come. Cheap: a host without a way to wait for
 * the descriptor looks all the time. */
static bool poller_look(engine *e, ready *r) {
    r->count = epoll_wait(e->poller, r->events, MAX_EVENTS, 0);
    return r->count > 0 || e->deadline <= clock_seconds();
}

/* Says whether another run is due at once: curl wants it, or more was ready than a look shows. */
static bool poller_has_more(engine *e, ready *r) {
    if (r->count == MAX_EVENTS)
        return poller_look(e, r);
    r->count = 0;
    return e->deadline <= clock_seconds();
}

/* Gives curl what is ready and due. What is left when the moment has come is ready the next time,
 * behind what became ready since. */
static CURLMcode poller_run(engine *e, const ready *r, double until) {
    CURLMcode code = CURLM_OK;
    int running;
    for (int i = 0; i < r->count && code == CURLM_OK; i++) {
        if (i > 0 && clock_seconds() >= until)
            break;
        connection *c = find_connection(e, r->events[i].data.fd);
        if (c != NULL && !c->is_wanted) {
            /* The server closed an idle connection. */
            poller_forget(e, c);
            continue;
        }
        /* Errors and hang-ups: curl learns what happened by reading and writing. */
        unsigned events = r->events[i].events;
        int mask = ((events & ~(unsigned)EPOLLOUT) != 0 ? CURL_CSELECT_IN : 0) |
                   ((events & ~(unsigned)EPOLLIN) != 0 ? CURL_CSELECT_OUT : 0);
        code = curl_multi_socket_action(e->multi, r->events[i].data.fd, mask, &running);
    }
    if (code == CURLM_OK && e->deadline <= clock_seconds())
        code = run_timer(e);
    return code;
}

static double poller_deadline(engine *e) {
    return e->deadline;
}

static void poller_wait(engine *e, int milliseconds) {
    struct epoll_event event;
    epoll_wait(e->poller, &event, 1, milliseconds);
}

#else

static bool poller_open(engine *e) {
    (void)e;
    return true;
}

static void poller_forget(const engine *e, connection *c) {
    (void)e;
    (void)c;
}

static bool poller_is_own(const engine *e) {
    (void)e;
    return false;
}

/* Only curl itself can look, and it does at once what it finds. */
typedef struct ready {
    bool unused;
} ready;

static bool poller_look(engine *e, ready *r) {
    (void)e;
    (void)r;
    return true;
}

static bool poller_has_more(engine *e, ready *r) {
    (void)e;
    (void)r;
    return false;
}

static CURLMcode poller_run(engine *e, const ready *r, double until) {
    int running;
    (void)r;
    (void)until;
    return curl_multi_perform(e->multi, &running);
}

static double poller_deadline(engine *e) {
    long milliseconds = -1;
    if (curl_multi_timeout(e->multi, &milliseconds) != CURLM_OK || milliseconds < 0)
        return NEVER;
    return clock_seconds() + (double)milliseconds / 1000;
}

static void poller_wait(engine *e, int milliseconds) {
    curl_multi_poll(e->multi, NULL, 0, milliseconds < 0 ? INT_MAX : milliseconds, NULL);
}

#endif

/* ---- SIGPIPE ------------------------------------------------------------------------------ */

/* CURLOPT_NOSIGNAL leaves SIGPIPE to the program, and before curl 7.87 OpenSSL raises it when it
 * writes to a connection that the server has reset. So it is held back in this thread around
 * whatever may write, and dropped, without touching how the program handles it. */
typedef struct guard {
    sigset_t before;
    bool is_needed;
    bool was_pending;
} guard;

static bool may_signal(void) {
    return curl_version_info(CURLVERSION_NOW)->version_num < 0x075700;
}

static bool is_sigpipe_pending(void) {
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

static guard guard_enter(const engine *e) {
    guard g = {.is_needed = e->may_signal};
    if (!g.is_needed)
        return g;
    sigset_t set = only_sigpipe();
    g.was_pending = is_sigpipe_pending();
    pthread_sigmask(SIG_BLOCK, &set, &g.before);
    return g;
}

static void guard_leave(const guard *g) {
    if (!g->is_needed)
        return;
    sigset_t set = only_sigpipe();
    if (!g->was_pending && is_sigpipe_pending()) {
#ifdef __APPLE__
        int number;
        sigwait(&set, &number);
#else
        sigtimedwait(&set, NULL, &(struct timespec){0, 0});
#endif
    }
    pthread_sigmask(SIG_SETMASK, &g->before, NULL);
}

/* ---- Forks -------------------------------------------------------------------------------- */

/* Notes that the engine belongs to this process. Where it can be had, a page tells that a fork
 * wipes in the child: to look there costs less than to ask for the pid. */
static void mark_process(engine *e) {
    e->pid = getpid();
#ifdef MADV_WIPEONFORK
    if (e->fork_mark == NULL) {
        size_t size = (size_t)sysconf(_SC_PAGESIZE);
        void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED)
            return;
        if (madvise(page, size, MADV_WIPEONFORK) != 0) {
            munmap(page, size);
            return;
        }
        e->fork_mark = page;
    }
    *e->fork_mark = 1;
#endif
}

static bool is_own_process(const engine *e) {
    return e->fork_mark != NULL ? *e->fork_mark == 1 : e->pid == getpid();
}

static void release_mark(engine *e) {
#ifdef MADV_WIPEONFORK
    if (e->fork_mark != NULL)
        munmap(e->fork_mark, (size_t)sysconf(_SC_PAGESIZE));
    e->fork_mark = NULL;
#endif
}

/* ---- Starting, running and ending -------------------------------------------------------- */

/* A failure shows when the first handle is made. */
static void start_curl(void) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Makes what a process needs of its own. Gives NULL, or what went wrong. */
static const char *engine_start(engine *e) {
    if (e->multi != NULL)
        return NULL;
    e->multi = curl_multi_init();
    if (e->multi == NULL)
        return "curl could not be started: out of memory";
    e->may_signal = may_signal();
    e->deadline = NEVER;
    mark_process(e);
    if (!poller_open(e)) {
        curl_multi_cleanup(e->multi);
        e->multi = NULL;
        return "no epoll descriptor could be made";
    }
    curl_multi_setopt(e->multi, CURLMOPT_MAXCONNECTS, (long)MAX_IDLE_CONNECTIONS);
    return NULL;
}

/* Forgets the multi handle, which has been cleaned up or abandoned. */
static void forget_multi(engine *e) {
    e->multi = NULL;
    e->deadline = NEVER;
    if (e->poller >= 0 && poller_is_own(e))
        close(e->poller);
    e->poller = -1;
    free(e->connections);
    e->connections = NULL;
    e->connection_count = e->connection_capacity = 0;
}

/* In a child process gives up everything that belongs to the parent, and ends the child's copies of
 * the transfers. The multi handle, its easy handles with their TLS sessions, and curl's internal
 * socket pairs are deliberately leaked: to clean them up would say goodbye on the parent's
 * connections, and take away from the epoll set that both share what the parent waits for. The
 * numbers of the sockets and of the epoll set are closed, which leaves the parent's untouched and
 * lets its connections end when the parent ends them. */
void engine_notice_fork(engine *e) {
    if (e->multi == NULL || is_own_process(e))
        return;
    while (e->under_way.first != NULL) {
        transfer *t = e->under_way.first;
        transfer_abandon(t);
        list_append(&e->finished, t);
    }
    for (size_t i = 0; i < e->connection_count; i++) {
        if (is_same(e->connections[i].socket, e->connections[i].identity))
            close(e->connections[i].socket);
    }
    forget_multi(e);
}

/* Ends a transfer under way; step will report it. */
static void end_transfer(engine *e, transfer *t, failure kind, const char *message) {
    guard g = guard_enter(e);
    curl_multi_remove_handle(e->multi, t->easy);
    transfer_fail(t, kind, message);
    guard_leave(&g);
    list_append(&e->finished, t);
}

/* Ends all transfers and the connections. The engine can be started again. */
static void engine_stop(engine *e, failure kind, const char *message) {
    if (e->multi == NULL)
        return;
    while (e->under_way.first != NULL)
        end_transfer(e, e->under_way.first, kind, message);
    guard g = guard_enter(e);
    curl_multi_cleanup(e->multi);
    guard_leave(&g);
    forget_multi(e);
}

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

static void end_unwatched(engine *e) {
    transfer *next;
    e->has_unwatched = false; /* to end one may leave another one so */
    for (transfer *t = e->under_way.first; t != NULL; t = next) {
        next = t->next;
        if (t->is_unwatched)
            end_transfer(e, t, FAILURE_NETWORK, "the system can't watch the connection");
    }
}

/* Gives curl what is ready and due, until the moment has come, and takes from it what it has
 * finished. */
static void engine_turn(engine *e, ready *r, double until) {
    guard g = guard_enter(e);
    int round = 0;
    do {
        CURLMcode code = poller_run(e, r, until);
        collect_finished(e);
        while (e->has_unwatched)
            end_unwatched(e);
        if (code != CURLM_OK)
            engine_stop(e, FAILURE_NETWORK, curl_multi_strerror(code));
        round++;
    } while (round < MAX_ROUNDS && e->multi != NULL && clock_seconds() < until &&
             poller_has_more(e, r));
    guard_leave(&g);
}

/* Moves what is due, without blocking, until the moment has come. */
static void engine_run(engine *e, double until) {
    ready r = {0};
    if (e->multi != NULL && poller_look(e, &r))
        engine_turn(e, &r, until);
}

/* Sends the request that was added; what else may be ready is left for step. */
static void send_at_once(engine *e) {
    ready nothing = {0};
    size_t before = e->connection_count;
    engine_turn(e, &nothing, NEVER);
    /* One that was opened may be connected already. */
    if (e->connection_count != before)
        engine_run(e, NEVER);
}

static void engine_shut(engine *e) {
    engine_notice_fork(e);
    engine_stop(e, FAILURE_CANCELLED, "the engine was closed");
    e->closed = true;
}

/* ---- What transfers ask ------------------------------------------------------------------ */

/* Ends a transfer, if it is under way. */
void engine_cancel_transfer(transfer *t) {
    if (t->list != NULL && !t->done)
        end_transfer(t->engine, t, FAILURE_CANCELLED, "the request was cancelled");
}

/* Takes a transfer that is being collected out of the engine, which is being collected, too. */
void engine_forget_transfer(transfer *t) {
    if (t->list == NULL)
        return;
    if (t->easy != NULL) {
        guard g = guard_enter(t->engine);
        curl_multi_remove_handle(t->engine->multi, t->easy);
        guard_leave(&g);
    }
    list_remove(t);
}

/* ---- What Lua sees ----------------------------------------------------------------------- */

static engine *check_engine(lua_State *L) {
    engine *e = luaL_checkudata(L, 1, ENGINE_TYPE);
    engine_notice_fork(e);
    return e;
}

/* engine.new() -> engine */
static int engine_new(lua_State *L) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_curl);
    engine *e = hubspot_newuserdata(L, sizeof *e);
    memset(e, 0, sizeof *e);
    e->poller = -1;
    e->deadline = NEVER;
    luaL_getmetatable(L, ENGINE_TYPE);
    lua_setmetatable(L, -2);
    lua_newtable(L);
    hubspot_setuservalue(L, -2);
    return 1;
}

/* Hands the transfer on top of the stack, which is prepared, to curl. It is anchored from here
 * until it is reported, so that it lives on when the program drops it. */
static CURLcode launch(lua_State *L, engine *e, transfer *t) {
    CURLcode code = CURLE_OK;
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, e);
    curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, e);
    hubspot_getuservalue(L, 1);
    lua_pushvalue(L, -2);
    t->anchor = luaL_ref(L, -2);
    if (curl_multi_add_handle(e->multi, t->easy) != CURLM_OK) {
        luaL_unref(L, -1, t->anchor);
        code = CURLE_OUT_OF_MEMORY;
    } else {
        t->engine = e;
        list_append(&e->under_way, t);
    }
    lua_pop(L, 1);
    return code;
}

/* engine:add(request) -> transfer | nil, error */
static int engine_add(lua_State *L) {
    engine *e = check_engine(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    if (e->closed)
        return transfer_push_error(L, FAILURE_CANCELLED, "the engine is closed");
    transfer *t = transfer_new(L);
    CURLcode code = transfer_prepare(L, t, 2);
    const char *problem = code == CURLE_OK ? engine_start(e) : curl_easy_strerror(code);
    if (problem == NULL && (code = launch(L, e, t)) != CURLE_OK)
        problem = curl_easy_strerror(code);
    if (problem != NULL) {
        transfer_release(t);
        return transfer_push_error(L, FAILURE_NETWORK, problem);
    }
    send_at_once(e);
    return 1;
}

/* engine:step(seconds?) -> array of transfers | nil. What can't be moved in so many seconds is left
 * for the next step, where curl has no say in the looking: its own poll moves everything. */
static int engine_step(lua_State *L) {
    engine *e = check_engine(L);
    double seconds = luaL_optnumber(L, 2, NEVER);
    luaL_argcheck(L, seconds >= 0, 2, "must be a number of seconds");
    lua_settop(L, 1);
    engine_run(e, clock_seconds() + seconds);
    int count = e->finished.count;
    if (count == 0) {
        lua_pushnil(L);
        return 1;
    }
    /* Nothing below this allocates, so that no transfer gets lost. */
    lua_createtable(L, count, 0);
    hubspot_getuservalue(L, 1);
    for (int i = 1; i <= count && e->finished.first != NULL; i++) {
        transfer *t = e->finished.first;
        lua_rawgeti(L, 3, t->anchor);
        lua_rawseti(L, 2, i);
        luaL_unref(L, 3, t->anchor);
        list_remove(t);
    }
    lua_settop(L, 2);
    return 1;
}

/* Gives the seconds until step must be called, NEVER if nothing is due. */
static double time_left(engine *e) {
    if (e->finished.count > 0)
        return 0;
    if (e->multi == NULL)
        return NEVER;
    double left = poller_deadline(e) - clock_seconds();
    return left > 0 ? left : 0;
}

/* engine:timeout() -> seconds | nil */
static int engine_timeout(lua_State *L) {
    double left = time_left(check_engine(L));
    if (left == NEVER)
        lua_pushnil(L);
    else
        lua_pushnumber(L, left);
    return 1;
}

/* engine:fd() -> descriptor | nil */
static int engine_fd(lua_State *L) {
    engine *e = check_engine(L);
    const char *problem = e->closed || !HAS_EPOLL ? NULL : engine_start(e);
    if (problem != NULL)
        return luaL_error(L, "engine:fd: %s", problem);
    if (e->poller < 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, e->poller);
    return 1;
}

/* Rounds up: waiting a little too short would make the caller turn in circles. */
static int to_milliseconds(double seconds) {
    if (seconds == NEVER)
        return -1;
    return seconds < INT_MAX / 1000 ? (int)ceil(seconds * 1000) : INT_MAX;
}

/* engine:wait(seconds?) */
static int engine_wait(lua_State *L) {
    engine *e = check_engine(L);
    double seconds = luaL_optnumber(L, 2, NEVER), left = time_left(e);
    if (!(seconds > 0) || left == 0 || e->closed)
        return 0;
    if (left < seconds)
        seconds = left;
    if (e->multi != NULL && (e->under_way.count > 0 || seconds != NEVER))
        poller_wait(e, to_milliseconds(seconds));
    else if (seconds != NEVER)
        poll(NULL, 0, to_milliseconds(seconds));
    return 0;
}

/* engine:pending() -> number of transfers under way */
static int engine_pending(lua_State *L) {
    lua_pushinteger(L, check_engine(L)->under_way.count);
    return 1;
}

/* engine:cancel(transfer) */
static int engine_cancel(lua_State *L) {
    engine *e = check_engine(L);
    transfer *t = luaL_checkudata(L, 2, TRANSFER_TYPE);
    luaL_argcheck(L, t->list == NULL || t->engine == e, 2, "belongs to another engine");
    engine_cancel_transfer(t);
    return 0;
}

/* engine:close() */
static int engine_close(lua_State *L) {
    engine_shut(check_engine(L));
    return 0;
}

/* The transfers that were never reported must not look for the engine any more. Nobody may be there
 * to free them: when a state is closed, Lua finalizes nothing that a finalizer makes. */
static int engine_gc(lua_State *L) {
    engine *e = check_engine(L);
    engine_shut(e);
    release_mark(e);
    while (e->finished.first != NULL) {
        transfer *t = e->finished.first;
        list_remove(t);
        transfer_collect(t);
    }
    return 0;
}

static int engine_tostring(lua_State *L) {
    const engine *e = check_engine(L);
    if (e->closed)
        lua_pushfstring(L, "%s (closed)", ENGINE_TYPE);
    else
        lua_pushfstring(L, "%s (%d under way)", ENGINE_TYPE, e->under_way.count);
    return 1;
}

int luaopen_hubspot_engine(lua_State *L) {
    static const luaL_Reg functions[] = {{"new", engine_new}, {NULL, NULL}};
    static const luaL_Reg methods[] = {
        {"add", engine_add},       {"step", engine_step},   {"timeout", engine_timeout},
        {"fd", engine_fd},         {"wait", engine_wait},   {"pending", engine_pending},
        {"cancel", engine_cancel}, {"close", engine_close}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", engine_gc},
                                           {"__close", engine_close},
                                           {"__tostring", engine_tostring},
                                           {NULL, NULL}};
    resident_stay();
    transfer_open(L);
    hubspot_newtype(L, ENGINE_TYPE, methods, metamethods);
    lua_newtable(L);
    hubspot_setfuncs(L, functions);
    return 1;
}
