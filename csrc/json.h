/* JSON: lua-cjson decodes, exact integers and nulls are put right here; the encoder is ours. */
#ifndef HUBSPOT_JSON_H
#define HUBSPOT_JSON_H

#include "compat.h"

#pragma GCC visibility push(hidden)

#define JSON_NUMBER_SIZE 40

size_t json_number(lua_State *L, int index, char out[JSON_NUMBER_SIZE]);
int json_array(lua_State *L);
void json_open(lua_State *L);

#pragma GCC visibility pop

#endif
