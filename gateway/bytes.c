/* bytes.c - doubles its memory as it grows. */
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

void
gw_bytes_json (gw_bytes *bytes, const char *text)
{
    gw_bytes_add (bytes, "\"", 1);
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char) *p;
        if (c == '"' || c == '\\')
            gw_bytes_printf (bytes, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            gw_bytes_printf (bytes, "\\u%04x", c);
        else
            gw_bytes_add (bytes, p, 1);
    }
    gw_bytes_add (bytes, "\"", 1);
}

const char *
gw_bytes_text (gw_bytes *bytes)
{
    if (!reserve (bytes, 0))
        return NULL;
    bytes->data[bytes->size] = '\0';
    return bytes->data;
}
