/* Puts what was written to a file on the disk. */
#ifndef HUBSPOT_FILE_SYNC_H
#define HUBSPOT_FILE_SYNC_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int file_sync(lua_State *L);

#pragma GCC visibility pop

#endif
