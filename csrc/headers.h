/* The header fields of an answer. */
#ifndef HUBSPOT_HEADERS_H
#define HUBSPOT_HEADERS_H

#include "compat.h"

#pragma GCC visibility push(hidden)

void headers_push(lua_State *L, const char *text, size_t length);
int headers_parse(lua_State *L);

#pragma GCC visibility pop

#endif
