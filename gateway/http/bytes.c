/* bytes.c - the capacity doubles. */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
gw_bytes_free (gw_bytes *bytes)
{
    free (bytes->data);
    *bytes = (gw_bytes) { NULL, 0, 0, false };
}

void
gw_bytes_clear (gw_bytes *bytes)
{
    bytes->size = 0;
    bytes->failed = false;
}

static bool
reserve (gw_bytes *bytes, size_t more)
{
    size_t need = bytes->size + more + 1, capacity = bytes->capacity ? bytes->capacity : 256;
    if (bytes->failed || need <= bytes->capacity)
        return !bytes->failed;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc (bytes->data, capacity);
    bytes->failed = !data;
    if (data) {
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return data != NULL;
}

void
gw_bytes_add (gw_bytes *bytes, const void *data, size_t size)
{
    if (size == 0 || !reserve (bytes, size))
        return;
    memcpy (bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void
gw_bytes_puts (gw_bytes *bytes, const char *text)
{
    gw_bytes_add (bytes, text, strlen (text));
}

void
gw_bytes_printf (gw_bytes *bytes, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    int size = vsnprintf (NULL, 0, format, list);
    va_end (list);
    if (size < 0 || !reserve (bytes, (size_t) size))
        return;
    va_start (list, format);
    vsnprintf (bytes->data + bytes->size, (size_t) size + 1, format, list);
    va_end (list);
    bytes->size += (size_t) size;
}

size_t
gw_bytes_character (const char *bytes, size_t size, uint32_t *code)
{
    const unsigned char *text = (const unsigned char *) bytes;
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = *text < 0x80 ? 1 : *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : *text >= 0xc2 ? 2 : 0;
    if (length == 0 || length > size || *text > 0xf4)
        return 0;
    *code = length == 1 ? *text : *text & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (text[i] & 0x3f);
    }
    bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code < least[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

size_t
gw_bytes_cut (const char *text, size_t most)
{
    size_t size = strnlen (text, most);
    while (size > 0 && (text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

bool
gw_bytes_are_utf8 (const char *text)
{
    uint32_t code;
    size_t size = strlen (text), at = 0, step = 1;
    while (at < size && (step = gw_bytes_character (text + at, size - at, &code)) > 0)
        at += step;
    return step > 0;
}

void
gw_bytes_json (gw_bytes *bytes, const char *text)
{
    size_t size = strlen (text), step;
    gw_bytes_add (bytes, "\"", 1);
    for (size_t at = 0; at < size; at += step) {
        uint32_t code;
        step = gw_bytes_character (text + at, size - at, &code);
        if (step == 0)
            gw_bytes_puts (bytes, GW_REPLACEMENT);
        else if (code == '"' || code == '\\')
            gw_bytes_printf (bytes, "\\%c", text[at]);
        else if (code < 0x20 || code == 0x7f)
            gw_bytes_printf (bytes, "\\u%04x", (unsigned) code);
        else
            gw_bytes_add (bytes, text + at, step);
        step += step == 0;
    }
    gw_bytes_add (bytes, "\"", 1);
}

void
gw_bytes_plain (gw_bytes *bytes, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] >= ' ' && text[i] <= '~')
            gw_bytes_add (bytes, text + i, 1);
        else
            gw_bytes_printf (bytes, "\\x%02x", (unsigned) (unsigned char) text[i]);
}

const char *
gw_bytes_text (gw_bytes *bytes)
{
    if (!reserve (bytes, 0))
        return NULL;
    bytes->data[bytes->size] = '\0';
    return bytes->data;
}
