/* text.c - white space, letter case and visible characters. utf8proc decides what ASCII rules cannot. */
#include "text.h"

#include <stdlib.h>
#include <utf8proc.h>

char
sks_text_case (const char *text, size_t size, size_t at, size_t *length)
{
    utf8proc_int32_t point = 0;
    *length = 1;
    if ((unsigned char) text[at] < 0x80)
        return text[at] >= 'a' && text[at] <= 'z' ? 'a' : text[at] >= 'A' && text[at] <= 'Z' ? 'A' : '\0';
    utf8proc_ssize_t read =
        utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
    *length = read > 0 ? (size_t) read : 1;
    utf8proc_category_t category = read > 0 ? utf8proc_category (point) : UTF8PROC_CATEGORY_CN;
    bool capital = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
    return capital ? 'A' : category == UTF8PROC_CATEGORY_LL ? 'a' : '\0';
}

size_t
sks_text_blank (const char *text, size_t size, size_t at)
{
    const unsigned char *b = (const unsigned char *) text + at;
    size_t left = size - at;
    if (b[0] == ' ' || (b[0] >= 0x09 && b[0] <= 0x0D))
        return 1;
    if (left >= 2 && b[0] == 0xC2 && (b[1] == 0xA0 || b[1] == 0x85))
        return 2;
    if (left >= 3 && b[0] == 0xE2 && b[1] == 0x80 && (b[2] <= 0x8A || b[2] == 0xA8 || b[2] == 0xA9 || b[2] == 0xAF))
        return 3;
    if (left >= 3 && b[0] == 0xE3 && b[1] == 0x80 && b[2] == 0x80)
        return 3;
    return 0;
}

size_t
sks_text_squeeze (const char *text, size_t size, char *out)
{
    size_t used = 0, blank;
    bool pending = false;
    for (size_t i = 0; i < size;) {
        unsigned char c = (unsigned char) text[i];
        if ((c <= ' ' || c >= 0x80) && (blank = sks_text_blank (text, size, i))) {
            pending = used > 0;
            i += blank;
            continue;
        }
        if (pending)
            out[used++] = ' ';
        pending = false;
        out[used++] = text[i++];
        while (i < size && (unsigned char) text[i] > ' ' && (unsigned char) text[i] < 0x80) /* most bytes */
            out[used++] = text[i++];
    }
    return used;
}

/* Blank by their glyphs alone: BRAILLE PATTERN BLANK, MUSICAL SYMBOL NULL NOTEHEAD;
 * OBJECT REPLACEMENT CHARACTER marks a missing object. */
static bool
shows_nothing (utf8proc_int32_t point)
{
    return point == 0x2800 || point == 0x1D159 || point == 0xFFFC;
}

bool
sks_text_visible (const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step =
            utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
        if (step <= 0)
            return true;
        at += (size_t) step;
        const utf8proc_property_t *property = utf8proc_get_property (point);
        if (property->ignorable || shows_nothing (point))
            continue;
        switch (property->category) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
            break;
        case UTF8PROC_CATEGORY_CN: /* a later Unicode may assign it; non-characters are excluded */
            if ((point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF))
                break;
            return true;
        default:
            return true;
        }
    }
    return false;
}

static size_t
compose (const char *text, size_t size, int options, char **out)
{
    utf8proc_uint8_t *composed = NULL;
    *out = NULL;
    utf8proc_ssize_t length = utf8proc_map ((const utf8proc_uint8_t *) text, (utf8proc_ssize_t) size, &composed,
                                            UTF8PROC_STABLE | UTF8PROC_COMPOSE | options);
    if (length < 0) {
        free (composed);
        return 0;
    }
    *out = (char *) composed;
    return (size_t) length;
}

size_t
sks_text_compose (const char *text, size_t size, char **out)
{
    return compose (text, size, 0, out);
}

size_t
sks_text_compose_compatible (const char *text, size_t size, char **out)
{
    return compose (text, size, UTF8PROC_COMPAT, out);
}

uint64_t
sks_text_hash (const char *text, size_t size)
{
    return sks_hash_bytes (text, size);
}
