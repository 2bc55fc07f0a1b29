#define _GNU_SOURCE /* dladdr */

#include "resident.h"

#include <dlfcn.h>

/* Keeps the module that this is linked into, and what that needs, until the process ends. Lua 5.1
 * and LuaJIT unload a module that was loaded late before they run the finalizers of what is older,
 * such as a program's that closes its client, and these still call it. */
void resident_stay(void) {
    static const char place;
    Dl_info module;
    if (dladdr(&place, &module) != 0)
        dlopen(module.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}
