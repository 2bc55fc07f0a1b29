/* The three standard streams of a process. */
#ifndef HUBSPOT_STREAMS_H
#define HUBSPOT_STREAMS_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int streams_hold(lua_State *L);

#pragma GCC visibility pop

#endif
