#include <stdlib.h>

/* Loaded after the sanitizers' runtimes: those are for one process, not for what it starts. */
__attribute__((constructor)) static void keep_from_children(void) {
    unsetenv("LD_PRELOAD");
}
