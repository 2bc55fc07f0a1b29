/* Shared by the fuzz targets: one Lua state, the core in it, and input that is read as values. */
#ifndef HUBSPOT_FUZZ_H
#define HUBSPOT_FUZZ_H

#include <stdint.h>

#include "../csrc/compat.h"

/* Ends the process unless a condition holds, whatever the input. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_violated(__FILE__, __LINE__, #condition);                                         \
    } while (0)

typedef struct input {
    const uint8_t *data;
    size_t size;
} input;

/* Each target has one; it runs protected, and no error may leave it. */
void fuzz_one(lua_State *L, input *in);

_Noreturn void fuzz_violated(const char *file, int line, const char *condition);

/* Takes a number from the input, 0 where it is used up. */
uint8_t input_byte(input *in);
uint64_t input_bits(input *in);

/* Takes a string, whose length comes first. */
const char *input_text(input *in, size_t *length);

/* Calls a function of the core with the arguments on top of the stack, in whose place its results
 * or the message of its error come; says whether there was none. */
bool call_core(lua_State *L, const char *name, int arguments);

#endif
