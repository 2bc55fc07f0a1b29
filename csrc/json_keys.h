/* The keys that a text repeats. Records have the same ones: each becomes a Lua string once, and the
 * tables of the next record have the right size from the start. */
#ifndef HUBSPOT_JSON_KEYS_H
#define HUBSPOT_JSON_KEYS_H

#include <string.h>

#include "compat.h"

#pragma GCC visibility push(hidden)

/* Keys that are remembered, a power of two. */
#define JSON_KEYS 128

/* A key seen before, with the sizes of the last object and array found under it, or in an array
 * under it. */
typedef struct json_key {
    const char *text; /* in the input; NULL: not in use */
    size_t length;
    int index; /* of its string on Lua's stack */
    int fields;
    int items;
    struct json_key *next; /* the key that came after this one */
} json_key;

typedef struct json_keys {
    lua_State *L;
    json_key *latest;
    json_key known[JSON_KEYS];
} json_keys;

void json_keys_init(json_keys *keys, lua_State *L, json_key *root);
json_key *json_keys_find(json_keys *keys, const char *text, size_t length);

/* Returns the key that came after the latest one before, where it and a quote stand at the text
 * again, or NULL. Most often it is the one. */
static inline json_key *json_keys_expect(const json_keys *keys, const char *text, const char *end) {
    json_key *k = keys->latest->next;
    if (k == NULL || (size_t)(end - text) <= k->length || text[k->length] != '"' ||
        memcmp(text, k->text, k->length) != 0)
        return NULL;
    return k;
}

#pragma GCC visibility pop

#endif
