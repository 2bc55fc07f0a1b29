/* A module that stays in memory when Lua unloads it. */
#ifndef HUBSPOT_RESIDENT_H
#define HUBSPOT_RESIDENT_H

#pragma GCC visibility push(hidden)

void resident_stay(void);

#pragma GCC visibility pop

#endif
