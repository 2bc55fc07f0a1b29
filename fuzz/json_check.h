/* JSON once more, written apart from the library's, to compare with. */
#ifndef HUBSPOT_JSON_CHECK_H
#define HUBSPOT_JSON_CHECK_H

#include "fuzz.h"

bool is_utf8(const char *text, size_t length);

/* Returns whether a text is UTF-8, in which halves of surrogate pairs may stand alone. */
bool is_wtf8(const char *text, size_t length);

/* Returns whether a text is JSON (RFC 8259) in UTF-8, without white space around its tokens. */
bool is_compact_json(const char *text, size_t length);

/* Returns whether two values are equal, tables by their content. */
bool is_same(lua_State *L, int left, int right);

#endif
