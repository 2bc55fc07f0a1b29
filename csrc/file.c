#define _DEFAULT_SOURCE      /* fsync, ftruncate */
#define _FILE_OFFSET_BITS 64 /* files of more than 2 GB on machines of 32 bits */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_FLAGS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* Pushes true, or nil and a message where there is a reason why it failed. */
static int push_result(lua_State *L, const char *path, const char *reason) {
    if (reason == NULL) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, reason);
    return 2;
}

/* Puts on the disk what the file, or the folder, has; returns NULL, or why it can't. */
static const char *sync_path(const char *path) {
    int descriptor = open(path, O_RDONLY | OPEN_FLAGS), code;
    if (descriptor < 0)
        return strerror(errno);
    /* EINVAL: there is nothing to keep, as of a pipe, or its file system knows no such thing. */
    code = fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
    close(descriptor);
    return code == 0 ? NULL : strerror(code);
}

/* core.sync(path) -> true when what was written to the file, or the names in the folder, outlive a
 * loss of power; or nil and a message */
int file_sync(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    return push_result(L, path, sync_path(path));
}

/* Drops the bytes of an open file after that many; returns NULL, or why it can't. */
static const char *shorten(int descriptor, int64_t bytes) {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "it is no regular file";
    if (status.st_size < bytes)
        return "it is shorter than that";
    return ftruncate(descriptor, (off_t)bytes) == 0 ? NULL : strerror(errno);
}

static const char *shorten_path(const char *path, int64_t bytes) {
    int descriptor = open(path, O_WRONLY | OPEN_FLAGS);
    const char *reason;
    if (descriptor < 0)
        return strerror(errno);
    reason = shorten(descriptor, bytes);
    close(descriptor);
    return reason;
}

/* core.truncate(path, bytes) -> true when the file has its first bytes only, that many; or nil and
 * a message, where it has fewer, for example */
int file_truncate(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    lua_Number bytes = luaL_checknumber(L, 2);
    bool is_count = bytes >= 0 && bytes <= 0x1p53 && (lua_Number)(int64_t)bytes == bytes;
    luaL_argcheck(L, is_count, 2, "must be a number of bytes");
    return push_result(L, path, shorten_path(path, (int64_t)bytes));
}
