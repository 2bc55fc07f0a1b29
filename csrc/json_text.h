/* Texts as JSON strings. */
#ifndef HUBSPOT_JSON_TEXT_H
#define HUBSPOT_JSON_TEXT_H

#include "buffer.h"

#pragma GCC visibility push(hidden)

size_t json_text_plain(const char *text, size_t length);
size_t json_text_add(buffer *b, const char *text, size_t length);

#pragma GCC visibility pop

#endif
