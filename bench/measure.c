/* measure SECONDS COMMAND…: runs a command, ends it after SECONDS, and writes a last line
   of its wall time, user and system CPU (seconds), largest resident set (kB) and exit code. A
   harness in Lua would add its own memory to the command's: Linux keeps the largest resident set
   across fork and exec. */

#define _DEFAULT_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t) {
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    double started = now();
    pid_t child = fork();
    if (child == 0) {
        alarm((unsigned)atoi(argv[1])); /* outlives exec */
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return 2;
    printf("measured %.6f %.6f %.6f %ld %d\n", now() - started, seconds(usage.ru_utime),
           seconds(usage.ru_stime), usage.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
