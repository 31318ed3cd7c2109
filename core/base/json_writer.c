/* json_writer.c - writes JSON into a buffer piece by piece, without a tree.
 *
 * Runs of plain bytes are copied whole. The comma before a name follows from
 * the byte before it, and so does the one before a string or an object in an
 * array; the caller writes commas between other items. */
#include "json.h"
#include "json_scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GREAT 1e9 /* below this, a double holds the number of millionths exactly */

static void
put_escape (sks_buffer *buffer, unsigned char c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = c ? strchr (bytes, c) : NULL;
    char text[8];
    int size = found ? snprintf (text, sizeof text, "\\%c", letters[found - bytes])
                     : snprintf (text, sizeof text, "\\u%04x", c);
    sks_buffer_add (buffer, text, (size_t) size);
}

/* Write a string that needs no escapes, in one piece. Nearly all strings are like that, and a reply has hundreds. */
static inline void
put_plain (sks_buffer *buffer, const char *text, size_t size, bool comma, bool colon)
{
    char *at = sks_buffer_reserve (buffer, comma + 1 + size + 1 + colon);
    if (!at)
        return;
    if (comma)
        *at++ = ',';
    *at++ = '"';
    memcpy (at, text, size);
    at += size;
    *at++ = '"';
    if (colon)
        *at++ = ':';
    buffer->size = (size_t) (at - buffer->bytes);
}

void
sks_json_put_bytes (sks_buffer *buffer, const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    if (sks_json_plain_end (text, end) == end) {
        put_plain (buffer, text, size, false, false);
        return;
    }
    sks_buffer_putc (buffer, '"');
    for (;;) {
        const char *stop = sks_json_plain_end (at, end);
        sks_buffer_add (buffer, at, (size_t) (stop - at));
        if (stop == end)
            break;
        put_escape (buffer, (unsigned char) *stop);
        at = stop + 1;
    }
    sks_buffer_putc (buffer, '"');
}

void
sks_json_put_string (sks_buffer *buffer, const char *text)
{
    sks_json_put_bytes (buffer, text, strlen (text));
}

void
sks_json_put_name (sks_buffer *buffer, const char *name)
{
    /* A string ends in a quote, so a brace at the end can only be an opening one. */
    bool comma = buffer->size && buffer->bytes[buffer->size - 1] != '{';
    put_plain (buffer, name, strlen (name), comma, true);
}

void
sks_json_put_text (sks_buffer *buffer, const char *name, const char *text)
{
    sks_json_put_name (buffer, name);
    if (text)
        sks_json_put_string (buffer, text);
    else
        sks_buffer_puts (buffer, "null");
}

void
sks_json_put_count (sks_buffer *buffer, const char *name, uint64_t value)
{
    sks_json_put_name (buffer, name);
    sks_buffer_number (buffer, value);
}

void
sks_json_put_flag (sks_buffer *buffer, const char *name, bool value)
{
    sks_json_put_name (buffer, name);
    sks_buffer_puts (buffer, value ? "true" : "false");
}

void
sks_json_put_real (sks_buffer *buffer, const char *name, double value)
{
    sks_json_put_name (buffer, name);
    sks_json_put_number (buffer, value);
}

void
sks_json_open_list (sks_buffer *buffer, const char *name)
{
    sks_json_put_name (buffer, name);
    sks_buffer_putc (buffer, '[');
}

void
sks_json_open_object (sks_buffer *buffer, const char *name)
{
    sks_json_put_name (buffer, name);
    sks_buffer_putc (buffer, '{');
}

/* Write a comma unless the item is the first. A bracket at the end opens the array: a string would end in a quote. */
static void
put_comma (sks_buffer *buffer)
{
    if (buffer->size && buffer->bytes[buffer->size - 1] != '[')
        sks_buffer_putc (buffer, ',');
}

void
sks_json_open_item (sks_buffer *buffer)
{
    put_comma (buffer);
    sks_buffer_putc (buffer, '{');
}

void
sks_json_put_texts (sks_buffer *buffer, const char *name, const char *const *texts, size_t count)
{
    sks_json_open_list (buffer, name);
    for (size_t i = 0; i < count; i++)
        sks_json_put_item (buffer, texts[i]);
    sks_buffer_putc (buffer, ']');
}

void
sks_json_put_item (sks_buffer *buffer, const char *text)
{
    put_comma (buffer);
    sks_json_put_string (buffer, text);
}

/* Write the fewest digits that read back as the same value, and an exponent. printf writes the locale's decimal
 * point, which may have more than one byte, so the text is assembled from the parts before and after it. */
static void
put_great (sks_buffer *buffer, double value)
{
    char text[48];
    for (int digits = 14; digits <= 16; digits++) {
        snprintf (text, sizeof text, "%.*e", digits, value);
        if (strtod (text, NULL) == value)
            break;
    }
    const char *point = text + (*text == '-') + 1;
    const char *fraction = point + strcspn (point, "0123456789");
    const char *exponent = fraction + strcspn (fraction, "e"), *last = exponent;
    while (last > fraction && last[-1] == '0')
        last--;
    sks_buffer_add (buffer, text, (size_t) (point - text));
    if (last > fraction)
        sks_buffer_putc (buffer, '.');
    sks_buffer_add (buffer, fraction, (size_t) (last - fraction));
    sks_buffer_puts (buffer, exponent);
}

void
sks_json_put_number (sks_buffer *buffer, double value)
{
    double size = value < 0 ? -value : value;
    if (!isfinite (value))
        size = value = 0;
    if (size >= GREAT) {
        put_great (buffer, value);
        return;
    }
    uint64_t millionths = (uint64_t) (size * 1e6 + 0.5);
    uint32_t fraction = (uint32_t) (millionths % 1000000);
    if (value < 0 && millionths)
        sks_buffer_putc (buffer, '-');
    sks_buffer_number (buffer, millionths / 1000000);
    if (!fraction)
        return;
    char digits[] = ".000000";
    size_t used = sizeof digits - 1;
    for (size_t i = used; i-- > 1; fraction /= 10)
        digits[i] = (char) ('0' + fraction % 10);
    while (digits[used - 1] == '0')
        used--;
    sks_buffer_add (buffer, digits, used);
}
