/* printable_put.c - most bytes need no escape: they are copied in runs. */
#include "printable_put.h"

#include "printable.h"

#include <string.h>

/* The size of the run of printable ASCII at the start of a text. */
static size_t
plain_run (const char *text, size_t size)
{
    size_t end = 0;
    while (end < size && text[end] >= 0x20 && text[end] < 0x7F)
        end++;
    return end;
}

void
sks_printable_put (sks_buffer *out, const char *text, size_t size)
{
    char shown[SKS_PRINTABLE_BYTES];
    for (size_t at = 0, length = 0; at < size; at += length) {
        length = plain_run (text + at, size - at);
        if (length)
            sks_buffer_add (out, text + at, length);
        else
            sks_buffer_add (out, shown, sks_printable_next (shown, text + at, size - at, &length));
    }
}

void
sks_printable_puts (sks_buffer *out, const char *text)
{
    sks_printable_put (out, text, strlen (text));
}

void
sks_printable_put_escaped (sks_buffer *out, const char *text, const char *special)
{
    while (*text) {
        size_t plain = strcspn (text, special);
        sks_printable_put (out, text, plain);
        text += plain;
        if (*text) {
            sks_buffer_putc (out, '\\');
            sks_buffer_putc (out, *text++);
        }
    }
}

void
sks_printable_put_json (sks_buffer *out, const char *text, size_t size)
{
    for (size_t at = 0, length = 0; at < size; at += length) {
        length = plain_run (text + at, size - at);
        if (length) {
            sks_buffer_add (out, text + at, length);
            continue;
        }
        long point = sks_printable_point (text + at, size - at, &length);
        if (!sks_printable_hides (point) || point == '\n')
            sks_buffer_add (out, text + at, length);
        else if (point < 0x20)
            sks_buffer_putc (out, ' ');
        else
            sks_buffer_printf (out, "\\u%04x", (unsigned) point);
    }
}

#define SAFE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"

/* Write a text in quotation marks of a shell if it has other characters than `safe`. */
static void
put_quoted (sks_buffer *out, const char *text, const char *safe)
{
    if (*text && text[strspn (text, safe)] == '\0') {
        sks_buffer_puts (out, text);
        return;
    }
    sks_buffer_putc (out, '\'');
    while (*text) {
        size_t size = strcspn (text, "'\t\r\n");
        sks_printable_put (out, text, size);
        text += size;
        if (*text)
            sks_buffer_puts (out, *text++ == '\'' ? "'\\''" : " ");
    }
    sks_buffer_putc (out, '\'');
}

void
sks_printable_put_word (sks_buffer *out, const char *word)
{
    put_quoted (out, word, SAFE);
}

void
sks_printable_put_words (sks_buffer *out, const char *text)
{
    put_quoted (out, text, SAFE " ");
}
