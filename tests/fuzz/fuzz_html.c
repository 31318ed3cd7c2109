/* fuzz_html.c - any bytes as a text in a page: it never becomes markup, and the text read back is equal where HTML can
 * represent it. */
#include "gateway/page/html.h"

#include "core/base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const struct {
    const char *written;
    char byte;
} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };

/* Undo the escaping, in place. Aborts on a byte that escaped text never has. */
static size_t
unescape (char *text, size_t size)
{
    size_t out = 0;
    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char) text[at];
        size_t i = 0, step = 1;
        if (strchr ("<>\"'", byte) || (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f)
            abort ();
        while (byte == '&' &&
               (step = strlen (entities[i].written), strncmp (text + at, entities[i].written, step) != 0))
            if (++i == sizeof entities / sizeof *entities)
                abort ();
        text[out++] = byte == '&' ? entities[i].byte : (char) byte;
        at += step;
    }
    return out;
}

/* Extract what is between the two texts in the page. */
static char *
take_between (const char *page, const char *before, const char *after, size_t *size)
{
    const char *from = strstr (page, before) + strlen (before), *to = strstr (from, after);
    if (!to)
        abort ();
    *size = (size_t) (to - from);
    char *copy = calloc (1, *size + 1);
    return copy ? memcpy (copy, from, *size) : NULL;
}

static void
check_part (const char *page, const char *before, const char *after, const char *wanted)
{
    size_t size;
    char *got = take_between (page, before, after, &size);
    if (!got)
        return;
    size = unescape (got, size);
    if (!sks_utf8_valid (got, size, NULL))
        abort ();
    if (wanted && (size != strlen (wanted) || memcmp (got, wanted, size) != 0))
        abort ();
    free (got);
}

/* Whether HTML can represent the text; other texts are changed. */
static bool
is_plain (const char *text)
{
    for (const char *at = text; *at; at++)
        if (((unsigned char) *at < 0x20 && *at != '\t' && *at != '\n') || (unsigned char) *at >= 0x7f)
            return false;
    return true;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    html page = { 0 };
    char *text = calloc (1, size + 1);
    if (!text)
        return 0;
    memcpy (text, data, size);
    size_t length = strlen (text), half = length / 2;
    html_put (&page, "<p title=\"%s\" id=\"%d\">%s</p>", text, (int) length, text);
    html_put (&page, "<b>%.*s<mark>%s</mark></b><i>", (int) half, text, text + half);
    html_plain (&page, text);
    html_put (&page, "</i>%%%'d%f", -1234567, 1.25);
    gw_bytes bytes = html_take (&page);
    const char *written = gw_bytes_text (&bytes);
    if (written) {
        const char *wanted = is_plain (text) ? text : NULL;
        check_part (written, "title=\"", "\"", wanted);
        check_part (written, "\">", "</p>", wanted);
        check_part (written, "<b>", "<mark>", NULL);
        check_part (written, "<mark>", "</mark>", NULL);
        check_part (written, "<i>", "</i>", wanted);
        if (strcmp (strstr (written, "</i>"), "</i>%-1,234,5671.2") != 0)
            abort ();
    }
    gw_bytes_free (&bytes);
    free (text);
    return 0;
}
