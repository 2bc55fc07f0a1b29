/* Does to a file by its path what Lua's io can't. */
#ifndef HUBSPOT_FILE_H
#define HUBSPOT_FILE_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int file_sync(lua_State *L);
int file_truncate(lua_State *L);

#pragma GCC visibility pop

#endif
