/* A file that several processes read and rewrite, one at a time. */
#ifndef HUBSPOT_LOCKED_FILE_H
#define HUBSPOT_LOCKED_FILE_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int locked_file_update(lua_State *L);

#pragma GCC visibility pop

#endif
