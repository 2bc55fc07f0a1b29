/* A digest of texts, the same on every machine. */
#ifndef HUBSPOT_DIGEST_H
#define HUBSPOT_DIGEST_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int digest_add(lua_State *L);

#pragma GCC visibility pop

#endif
