/* utf8.h - validates UTF-8 and decodes characters. Separate from text.h, so that the client library needs neither
 * utf8proc nor xxHash. */
#ifndef SKS_UTF8_H
#define SKS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether bytes is well-formed UTF-8 (no overlong form, no surrogate). If not,
 * *bad_at (may be NULL) is the first invalid byte. */
bool sks_utf8_valid (const char *bytes, size_t size, size_t *bad_at);

/* Whether all bytes are ASCII. */
bool sks_utf8_ascii (const char *bytes, size_t size);

/* The number of characters in well-formed bytes. */
static inline size_t
sks_utf8_count (const char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char) bytes[i] & 0xC0) != 0x80;
    return count;
}

/* The first byte of the character that contains byte `at`: a text may be cut there. */
static inline size_t
sks_utf8_start (const char *bytes, size_t at)
{
    while (at && ((unsigned char) bytes[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* The byte after the character that contains byte `at`; at most size. */
static inline size_t
sks_utf8_end (const char *bytes, size_t size, size_t at)
{
    do
        at++;
    while (at < size && ((unsigned char) bytes[at] & 0xC0) == 0x80);
    return at;
}

/* The character at *at, which is moved past it. The bytes are well-formed. */
static inline uint32_t
sks_utf8_next (const char **at)
{
    uint32_t first = (unsigned char) *(*at)++;
    if (first < 0x80)
        return first;
    unsigned more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t point = first & (0x3Fu >> more);
    while (more--)
        point = point << 6 | (*(*at)++ & 0x3Fu);
    return point;
}

#endif
