/* JSON to Lua values and back: exact integers, null in arrays, and out of objects where asked. */
#ifndef HUBSPOT_JSON_H
#define HUBSPOT_JSON_H

#include "compat.h"

#pragma GCC visibility push(hidden)

#define JSON_MAX_DEPTH 128

int json_array(lua_State *L);
int json_decode(lua_State *L);
int json_push_decoded(lua_State *L, const char *text, size_t length, bool keep_nulls);
void json_open(lua_State *L);

#pragma GCC visibility pop

#endif
