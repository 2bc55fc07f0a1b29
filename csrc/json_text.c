#include "json_text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "word.h"

static bool is_tail(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

/* Returns the length of the UTF-8 sequence at p, or 0 where there is none: no overlong forms, no
 * surrogates, nothing above U+10FFFF (Unicode standard, table 3-7). */
static size_t utf8_length(const unsigned char *p, size_t left) {
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return left >= 2 && is_tail(p[1]) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        unsigned char low = c == 0xE0 ? 0xA0 : 0x80, high = c == 0xED ? 0x9F : 0xBF;
        return left >= 3 && p[1] >= low && p[1] <= high && is_tail(p[2]) ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        unsigned char low = c == 0xF0 ? 0x90 : 0x80, high = c == 0xF4 ? 0x8F : 0xBF;
        return left >= 4 && p[1] >= low && p[1] <= high && is_tail(p[2]) && is_tail(p[3]) ? 4 : 0;
    }
    return 0;
}

/* Tells whether half of a surrogate pair is at p, in WTF-8, whose second byte is within those. */
static bool is_half(const unsigned char *p, size_t left, unsigned char low, unsigned char high) {
    return left >= 3 && p[0] == 0xED && p[1] >= low && p[1] <= high && is_tail(p[2]);
}

/* Tells whether half of a pair is at p, as the decoder gives one. Both halves one after the other
 * are CESU-8: JSON would make one character of their escapes, and so another text of this one. */
static bool is_lone_half(const unsigned char *p, size_t left) {
    if (!is_half(p, left, 0xA0, 0xBF))
        return false;
    return p[1] >= 0xB0 || !is_half(p + 3, left - 3, 0xB0, 0xBF);
}

static void add_unit(buffer *b, unsigned unit) {
    char text[8];
    buffer_add(b, text, (size_t)snprintf(text, sizeof text, "\\u%04X", unit));
}

static void add_control(buffer *b, unsigned char c) {
    static const char letters[] = "btn\0fr"; /* from 8 on */
    if (c < 8 || c > 13 || c == 11) {
        add_unit(b, c);
        return;
    }
    buffer_add_char(b, '\\');
    buffer_add_char(b, letters[c - 8]);
}

/* Returns how many characters a text begins with that stand in JSON as they are. */
size_t json_text_plain(const char *text, size_t length) {
    size_t i = 0;
    for (; length - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, sizeof word);
        /* Eight at once: none has the highest bit, is below a blank, a quote or a backslash. */
        uint64_t special = word | (word - EACH_BYTE * ' ') | zero_bytes(word ^ EACH_BYTE * '"') |
                           zero_bytes(word ^ EACH_BYTE * '\\');
        if ((special & EACH_BYTE * 0x80) != 0)
            break;
    }
    while (i < length && text[i] >= ' ' && text[i] <= '~' && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

/* Returns the length of the character at p; 0 where it can't stand in a JSON string as it is. */
static size_t plain_step(const unsigned char *p, size_t left) {
    if (p[0] >= 0x80)
        return utf8_length(p, left);
    return p[0] >= ' ' && p[0] != '"' && p[0] != '\\';
}

/* Adds the escape of what can't stand in a JSON string as it is, and returns the length of that; 0
 * where no escape stands for it. */
static size_t add_escaped(buffer *b, const unsigned char *p, size_t left) {
    if (p[0] >= 0x80) {
        if (!is_lone_half(p, left))
            return 0;
        add_unit(b, 0xD000U | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU));
        return 3;
    }
    if (p[0] < ' ') {
        add_control(b, p[0]);
    } else {
        buffer_add_char(b, '\\');
        buffer_add_char(b, (char)p[0]);
    }
    return 1;
}

/* Adds a quoted string; returns 0, or the place of the first byte that is neither UTF-8 nor half of
 * a surrogate pair by itself. */
size_t json_text_add(buffer *b, const char *text, size_t length) {
    if (json_text_plain(text, length) == length) {
        char *quoted = buffer_reserve(b, length + 2);
        quoted[0] = quoted[length + 1] = '"';
        memcpy(quoted + 1, text, length);
        b->length += length + 2;
        return 0;
    }
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0, start = 0;
    buffer_add_char(b, '"');
    while (i < length) {
        size_t step = plain_step(p + i, length - i);
        if (step == 0) {
            buffer_add(b, text + start, i - start);
            step = add_escaped(b, p + i, length - i);
            if (step == 0)
                return i + 1;
            start = i + step;
        }
        i += step;
    }
    buffer_add(b, text + start, length - start);
    buffer_add_char(b, '"');
    return 0;
}
