#define _DEFAULT_SOURCE

#include "fork_mark.h"

#include <sys/mman.h>
#include <unistd.h>

#ifdef MADV_WIPEONFORK

static char *new_page(void) {
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return NULL;
    if (madvise(page, size, MADV_WIPEONFORK) == 0)
        return page;
    munmap(page, size);
    return NULL;
}

static void free_page(char *page) {
    munmap(page, (size_t)sysconf(_SC_PAGESIZE));
}

#else

static char *new_page(void) {
    return NULL;
}

static void free_page(char *page) {
    (void)page;
}

#endif

/* Marks this process, also where the parent was marked. A page that a fork wipes (MADV_WIPEONFORK)
 * tells the two apart where the system has it: reading it is cheaper than getpid(). */
void fork_mark_set(fork_mark *m) {
    m->pid = getpid();
    if (m->page == NULL)
        m->page = new_page();
    if (m->page != NULL)
        *m->page = 1;
}

/* Tells whether this process set the mark. */
bool fork_mark_holds(const fork_mark *m) {
    return m->page != NULL ? *m->page == 1 : m->pid == getpid();
}

/* Frees what the mark has; it can be set again. */
void fork_mark_free(fork_mark *m) {
    if (m->page != NULL)
        free_page(m->page);
    m->page = NULL;
}
