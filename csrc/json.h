/* JSON to Lua values and back: exact integers, null in arrays, and out of objects where asked. */
#ifndef HUBSPOT_JSON_H
#define HUBSPOT_JSON_H

#include "compat.h"

#pragma GCC visibility push(hidden)

#define JSON_MAX_DEPTH 128
#define JSON_NUMBER_SIZE 40
/* Larger doubles stand for more than one integer. */
#define JSON_EXACT 9007199254740992.0

size_t json_number(lua_State *L, int index, char out[JSON_NUMBER_SIZE]);
int json_array(lua_State *L);
int json_decode(lua_State *L);
int json_push_decoded(lua_State *L, const char *text, size_t length, bool keep_nulls);
void json_open(lua_State *L);

#pragma GCC visibility pop

#endif
