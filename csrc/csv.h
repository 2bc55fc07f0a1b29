/* Lines of CSV, as RFC 4180 has them. */
#ifndef HUBSPOT_CSV_H
#define HUBSPOT_CSV_H

#include "compat.h"

#pragma GCC visibility push(hidden)

void csv_open(lua_State *L);

#pragma GCC visibility pop

#endif
