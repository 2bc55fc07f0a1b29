#include "streams.h"

#include <fcntl.h>
#include <unistd.h>

/* core.hold_streams() holds the place of each standard stream that is closed by the null device,
 * opened so that to read or write it fails: the next file or socket would get its number, and with
 * it what is meant for the stream. */
int streams_hold(lua_State *L) {
    static const int failing[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    (void)L;
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", failing[stream]) < 0)
            break;
    return 0;
}
