/* Percent-encoding, path templates, query strings. */
#ifndef HUBSPOT_URL_H
#define HUBSPOT_URL_H

#include "compat.h"

#pragma GCC visibility push(hidden)

int url_escape(lua_State *L);
int url_path(lua_State *L);
int url_query(lua_State *L);

#pragma GCC visibility pop

#endif
