/* Eight bytes of a text at once: with the processor's vectors a page of records takes as long. */
#ifndef HUBSPOT_WORD_H
#define HUBSPOT_WORD_H

#include <stdint.h>

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Returns a word that is zero where no byte of the given one is. */
static inline uint64_t zero_bytes(uint64_t word) {
    return (word - EACH_BYTE) & ~word & EACH_BYTE * 0x80;
}

#endif
