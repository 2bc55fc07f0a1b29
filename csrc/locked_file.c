#define _GNU_SOURCE

#include "locked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Larger files were not written by this library; that many bytes are enough to tell. */
#define MAX_BYTES ((size_t)1024 * 1024)
/* Two milliseconds in all. A lock is held for microseconds, unless its holder was stopped. */
#define LOCK_ATTEMPTS 40
#define LOCK_PAUSE_NANOSECONDS 50000

#define LOCK_TYPE "hubspot.FileLock"

typedef struct file_lock {
    int descriptor; /* -1 when it is closed */
    pid_t owner;    /* the process that has the lock: a child that was forked has none */
} file_lock;

/* Pushes nil and what went wrong with the file whose path is at index 1. */
static int push_failure(lua_State *L, const char *action, int code) {
    lua_pushnil(L);
    lua_pushfstring(L, "can't %s %s: %s", action, lua_tostring(L, 1), strerror(code));
    return 2;
}

/* Opens the regular file, creating it if missing; returns -1 and errno on failure. Every update has
 * a descriptor of its own: a lock belongs to the open file, and a forked child would share an older
 * one. */
static int open_regular(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
                          S_IRUSR | S_IWUSR);
    struct stat status;
    if (descriptor < 0)
        return -1;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return descriptor;
    close(descriptor);
    errno = EINVAL;
    return -1;
}

/* Returns whether the lock was acquired; if not, errno says why, EWOULDBLOCK when another process
 * holds it too long. */
static bool lock(int descriptor) {
    const struct timespec pause = {0, LOCK_PAUSE_NANOSECONDS};
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    errno = EWOULDBLOCK;
    return false;
}

/* Returns whether the file still has a name: a process that removed it may have made another
 * one. */
static bool has_name(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

/* Returns a locked descriptor, or -1 and errno. */
static int open_locked(const char *path) {
    for (;;) {
        int descriptor = open_regular(path), code;
        if (descriptor < 0)
            return -1;
        if (!lock(descriptor)) {
            code = errno;
            close(descriptor);
            errno = code;
            return -1;
        }
        if (has_name(descriptor))
            return descriptor;
        close(descriptor);
    }
}

/* Pushes the content of the file; or pushes nothing, and returns false and errno. */
static bool push_content(lua_State *L, int descriptor) {
    luaL_Buffer content;
    char chunk[4096];
    size_t total = 0;
    luaL_buffinit(L, &content);
    while (total < MAX_BYTES) {
        ssize_t count = read(descriptor, chunk, sizeof chunk);
        if (count < 0 && errno != EINTR)
            return false;
        if (count == 0)
            break;
        if (count < 0)
            continue;
        luaL_addlstring(&content, chunk, (size_t)count);
        total += (size_t)count;
    }
    luaL_pushresult(&content);
    return true;
}

static bool rewrite(int descriptor, const char *data, size_t length) {
    size_t written = 0;
    while (written < length) {
        ssize_t count = pwrite(descriptor, data + written, length - written, (off_t)written);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0)
            written += (size_t)count;
    }
    return ftruncate(descriptor, (off_t)length) == 0;
}

/* Closing alone leaves the lock to a child that was forked meanwhile. */
static void unlock(int descriptor) {
    flock(descriptor, LOCK_UN);
    close(descriptor);
}

/* Pushes the failure of open_locked, with "busy" where another process holds the lock. */
static int push_unlocked(lua_State *L, int code) {
    if (code != EWOULDBLOCK)
        return push_failure(L, "open", code);
    push_failure(L, "lock", code);
    lua_pushliteral(L, "busy");
    return 3;
}

/* (path, edit, descriptor) -> what edit returns after the content, or nil and a message */
static int edit_content(lua_State *L) {
    int descriptor = (int)lua_tointeger(L, 3);
    size_t length;
    const char *data;
    lua_settop(L, 2);
    if (!push_content(L, descriptor))
        return push_failure(L, "read", errno);
    lua_call(L, 1, LUA_MULTRET);
    if (lua_type(L, 2) == LUA_TSTRING) {
        data = lua_tolstring(L, 2, &length);
        if (!rewrite(descriptor, data, length))
            return push_failure(L, "write", errno);
    }
    return lua_gettop(L) < 2 ? 0 : lua_gettop(L) - 2;
}

/* core.update_file(path, edit) -> what edit returns after the content; or nil, message, and "busy"
 * where others held the lock all the time. Calls edit(content), which must not yield, while no
 * other process does so, and makes what it returns first, unless nil, the content of the file. */
int locked_file_update(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    int descriptor, status;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_pushcfunction(L, edit_content);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    descriptor = open_locked(path);
    if (descriptor < 0)
        return push_unlocked(L, errno);
    lua_pushinteger(L, descriptor);
    status = lua_pcall(L, 3, LUA_MULTRET, 0);
    unlock(descriptor);
    if (status != 0)
        return lua_error(L);
    return lua_gettop(L) - 2;
}

/* core.lock_file(path) -> a lock, which others can't have until it is closed or the process ends;
 * or nil, message, and "busy" where another process has it. Makes the file where there is none. */
int locked_file_hold(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    file_lock *held = hubspot_newuserdata(L, sizeof *held);
    held->descriptor = -1;
    held->owner = getpid();
    luaL_getmetatable(L, LOCK_TYPE);
    lua_setmetatable(L, -2);
    held->descriptor = open_locked(path);
    return held->descriptor < 0 ? push_unlocked(L, errno) : 1;
}

/* lock:close() */
static int close_lock(lua_State *L) {
    file_lock *held = luaL_checkudata(L, 1, LOCK_TYPE);
    if (held->descriptor >= 0 && held->owner == getpid())
        unlock(held->descriptor);
    else if (held->descriptor >= 0)
        close(held->descriptor);
    held->descriptor = -1;
    return 0;
}

/* Registers the type of the locks. */
void locked_file_register(lua_State *L) {
    static const luaL_Reg methods[] = {{"close", close_lock}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", close_lock}, {NULL, NULL}};
    hubspot_newtype(L, LOCK_TYPE, methods, metamethods);
}
