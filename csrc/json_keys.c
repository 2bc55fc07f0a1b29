#include "json_keys.h"

#include <stdint.h>

/* Makes an empty cache, and pushes what its keys' strings are going to be. The keys of the
 * outermost value come after the root. */
void json_keys_init(json_keys *keys, lua_State *L, json_key *root) {
    int top = lua_gettop(L);
    luaL_checkstack(L, JSON_KEYS + 10, "decoding JSON");
    keys->L = L;
    keys->latest = root;
    for (int i = 0; i < JSON_KEYS; i++)
        keys->known[i] = (json_key){NULL, 0, top + 1 + i, 0, 0, NULL};
    lua_settop(L, top + JSON_KEYS);
}

/* Mixes the first and the last bytes of a key. */
static unsigned place_of(const char *text, size_t length) {
    uint64_t first = 0, last = 0;
    if (length >= 8) {
        memcpy(&first, text, 8);
        memcpy(&last, text + length - 8, 8);
    } else {
        memcpy(&first, text, length);
    }
    return (unsigned)((first + last * 3 + length) * UINT64_C(0x9E3779B97F4A7C15) >> 32) % JSON_KEYS;
}

static bool is_key(const json_key *k, const char *text, size_t length) {
    return k->text != NULL && k->length == length && memcmp(k->text, text, length) == 0;
}

/* Returns a key, which is added if unknown, and makes it the one to expect after the latest. A key
 * has two places, the first of them for the key seen later. */
json_key *json_keys_find(json_keys *keys, const char *text, size_t length) {
    unsigned place = place_of(text, length);
    json_key *first = &keys->known[place], *second = &keys->known[place ^ 1];
    json_key *found = is_key(second, text, length) && !is_key(first, text, length) ? second : first;
    if (!is_key(found, text, length)) {
        if (first->text != NULL) {
            int index = second->index;
            *second = *first;
            first->index = index;
        }
        *first = (json_key){text, length, first->index, 0, 0, NULL};
        lua_pushlstring(keys->L, text, length);
        lua_replace(keys->L, first->index);
    }
    keys->latest->next = found;
    return found;
}
