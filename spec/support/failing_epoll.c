/* To be preloaded: watching the second socket fails, as it does where a user watches too many. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>

int epoll_ctl(int set, int operation, int descriptor, struct epoll_event *event) {
    static int (*actual)(int, int, int, struct epoll_event *);
    static int sockets;
    int type;
    socklen_t size = sizeof type;
    if (actual == NULL)
        *(void **)&actual = dlsym(RTLD_NEXT, "epoll_ctl");
    /* Curl's resolver has pairs of sockets of its own. */
    if (operation == EPOLL_CTL_ADD &&
        getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &type, &size) == 0 && type == AF_INET &&
        ++sockets == 2) {
        errno = ENOSPC;
        return -1;
    }
    return actual(set, operation, descriptor, event);
}
