/* printable.c - makes control characters and direction marks visible. */
#include "printable.h"

#include <stdio.h>
#include <string.h>

long
sks_printable_point (const char *text, size_t size, size_t *length)
{
    const unsigned char *bytes = (const unsigned char *) text;
    static const long min[] = { 0, 0, 0x80, 0x800, 0x10000 };
    *length = 1;
    if (bytes[0] < 0x80)
        return bytes[0];
    size_t count = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 0;
    if (count == 0 || count > size || bytes[0] > 0xF4)
        return -1;
    long point = bytes[0] & (0xFF >> (count + 1));
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return -1;
        point = point << 6 | (bytes[i] & 0x3F);
    }
    if (point < min[count] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return -1;
    *length = count;
    return point;
}

bool
sks_printable_hides (long point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E || point == 0x200F ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

size_t
sks_printable_next (char out[SKS_PRINTABLE_BYTES], const char *text, size_t size, size_t *length)
{
    long point = sks_printable_point (text, size, length);
    if (!sks_printable_hides (point)) {
        memcpy (out, text, *length);
        return *length;
    }
    if (point < 0x80) /* an ASCII character, or a byte that is not part of a character */
        return (size_t) snprintf (out, SKS_PRINTABLE_BYTES, "\\x%02x", (unsigned char) *text);
    return (size_t) snprintf (out, SKS_PRINTABLE_BYTES, "\\u%04x", (unsigned) point & 0xFFFF);
}

void
sks_printable_write (FILE *out, const char *text)
{
    char shown[SKS_PRINTABLE_BYTES];
    size_t size = strlen (text);
    for (size_t at = 0, length; at < size; at += length) {
        size_t more = sks_printable_next (shown, text + at, size - at, &length);
        fwrite (shown, 1, more, out);
    }
}

size_t
sks_printable_copy (char *out, size_t capacity, const char *text, size_t size)
{
    char shown[SKS_PRINTABLE_BYTES];
    size_t used = 0;
    for (size_t at = 0, length; at < size; at += length) {
        size_t more = sks_printable_next (shown, text + at, size - at, &length);
        if (used + more + 1 > capacity)
            break;
        memcpy (out + used, shown, more);
        used += more;
    }
    out[used] = '\0';
    return used;
}
