#define _DEFAULT_SOURCE /* fsync */

#include "file_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Returns whether what the file, or the folder, has is on the disk; if not, errno says why. */
static bool sync_path(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), code;
    if (descriptor < 0)
        return false;
    /* EINVAL: there is nothing to keep, as of a pipe, or its file system knows no such thing. */
    code = fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
    close(descriptor);
    errno = code;
    return code == 0;
}

/* core.sync(path) -> true when what was written to the file, or the names in the folder, outlive a
 * loss of power; or nil and a message */
int file_sync(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    if (sync_path(path)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, strerror(errno));
    return 2;
}
