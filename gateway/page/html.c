/* html.c - a format of few conversions, and one function that escapes. */
#include "html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

/* HTML may contain no control characters except tab and line ends, and no noncharacters. */
static bool
is_holdable (uint32_t code)
{
    bool control = (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code <= 0x9f);
    return !control && (code & 0xfffe) != 0xfffe && (code < 0xfdd0 || code > 0xfdef);
}

/* Characters that embed, override or isolate a text direction, and direction marks. */
static bool
is_direction (uint32_t code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
           code == 0x200f || code == 0x61c;
}

static void
put_escaped (html *page, const char *text, size_t size, bool plain)
{
    for (size_t at = 0, step; at < size; at += step) {
        uint32_t code;
        step = gw_bytes_character (text + at, size - at, &code);
        const char *as = step == 0 || !is_holdable (code) ? GW_REPLACEMENT
                         : code == '&'                    ? "&amp;"
                         : code == '<'                    ? "&lt;"
                         : code == '>'                    ? "&gt;"
                         : code == '"'                    ? "&quot;"
                         : code == '\''                   ? "&#39;"
                         : plain && is_direction (code)   ? ""
                                                          : NULL;
        if (as)
            gw_bytes_puts (&page->bytes, as);
        else
            gw_bytes_add (&page->bytes, text + at, step);
        step += step == 0;
    }
}

static void
put_number (html *page, int value, bool grouped)
{
    char digits[16];
    int size = snprintf (digits, sizeof digits, "%d", value);
    for (int i = 0; i < size; i++) {
        gw_bytes_add (&page->bytes, digits + i, 1);
        if (grouped && digits[i] != '-' && i + 1 < size && (size - i - 1) % 3 == 0)
            gw_bytes_puts (&page->bytes, ",");
    }
}

void
html_write (html *page, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    for (const char *at = format; *at;) {
        size_t size = strcspn (at, "%");
        gw_bytes_add (&page->bytes, at, size);
        at += size;
        if (!*at)
            break;
        bool grouped = *++at == '\'';
        at += grouped;
        if (strncmp (at, ".*s", 3) == 0) {
            int most = va_arg (list, int);
            const char *text = va_arg (list, const char *);
            put_escaped (page, text, most < 0 ? 0 : strnlen (text, (size_t) most), false);
            at += 3;
            continue;
        }
        if (*at == 's') {
            const char *text = va_arg (list, const char *);
            put_escaped (page, text, strlen (text), false);
        } else if (*at == 'd') {
            put_number (page, va_arg (list, int), grouped);
        } else if (*at == 'f') {
            gw_bytes_printf (&page->bytes, "%.1f", va_arg (list, double));
        } else if (*at == '%') {
            gw_bytes_puts (&page->bytes, "%");
        } else {
            page->bytes.failed = true; /* another conversion: a bug in the caller */
            break;
        }
        at++;
    }
    va_end (list);
}

void
html_plain (html *page, const char *text)
{
    put_escaped (page, text, strlen (text), true);
}

void
html_sentence (html *page, const char *text)
{
    size_t size = strlen (text);
    bool small = *text >= 'a' && *text <= 'z';
    char first[] = { small ? (char) (*text - 'a' + 'A') : '\0', '\0' };
    put_escaped (page, first, strlen (first), false);
    put_escaped (page, text + small, size - small, false);
    gw_bytes_puts (&page->bytes, !size || strchr (".?!", text[size - 1]) ? "" : ".");
}

void
html_append (html *page, const html *part)
{
    gw_bytes_add (&page->bytes, part->bytes.data, part->bytes.size);
    page->bytes.failed |= part->bytes.failed;
}

gw_bytes
html_take (html *page)
{
    gw_bytes bytes = page->bytes;
    page->bytes = (gw_bytes) { NULL, 0, 0, false };
    return bytes;
}

void
html_free (html *page)
{
    gw_bytes_free (&page->bytes);
}

void
html_count (html *page, int count, const char *noun)
{
    html_put (page, "%'d %s%s", count, noun, count == 1 ? "" : "s");
}
