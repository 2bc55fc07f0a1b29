/* JSON to Lua values and back: exact integers, null in arrays, and out of objects where asked. */
#ifndef HUBSPOT_JSON_H
#define HUBSPOT_JSON_H

#include "compat.h"

#pragma GCC visibility push(hidden)

#define JSON_MAX_DEPTH 128

/* The name of the metatable that marks a table as an array. */
#define JSON_ARRAY_TYPE "hubspot.core.array"

/* The first upvalue of each function that Lua sees: the metatable that marks a table as an array.
 */
#define JSON_ARRAY_MT lua_upvalueindex(1)

bool json_is_array(lua_State *L);
bool json_is_of_cjson(lua_State *L, const char *field);
int json_array(lua_State *L);
int json_decode(lua_State *L);
int json_decode_text(lua_State *L, const char *text, size_t length, bool keep_nulls);
int json_like(lua_State *L);
void json_open(lua_State *L);

#pragma GCC visibility pop

#endif
