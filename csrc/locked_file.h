/* A file that several processes read and rewrite, one at a time; or that one keeps from others. */
#ifndef HUBSPOT_LOCKED_FILE_H
#define HUBSPOT_LOCKED_FILE_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int locked_file_update(lua_State *L);
int locked_file_hold(lua_State *L);
void locked_file_register(lua_State *L);

#pragma GCC visibility pop

#endif
