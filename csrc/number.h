/* Numbers as text, whatever the locale: JSON's form, and digits with at most a point. */
#ifndef HUBSPOT_NUMBER_H
#define HUBSPOT_NUMBER_H

#include "compat.h"

#pragma GCC visibility push(hidden)

#define NUMBER_JSON_SIZE 40
/* Holds a sign, "0.", and the 323 zeros and 17 digits of the smallest double. */
#define NUMBER_DECIMAL_SIZE 352
/* Larger doubles stand for more than one integer. */
#define NUMBER_EXACT 9007199254740992.0

size_t number_json(lua_State *L, int index, char out[NUMBER_JSON_SIZE]);
size_t number_decimal(lua_State *L, int index, char out[NUMBER_DECIMAL_SIZE]);
int number_push_decimal(lua_State *L);

#pragma GCC visibility pop

#endif
