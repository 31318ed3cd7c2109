/* crosswalk.c - the reply to "crosswalk": pairs, the most alike first, then
 * what either occupation has alone. */
#include "print.h"

#include "client/lib/member.h"

#include <cjson/cJSON.h>
#include <string.h>

#define LABEL 12
#define INDENT 6
#define LINE_BYTES 65536

static void
put_side (sks_buffer *out, const cJSON *reply, const char *name)
{
    const cJSON *side = sks_member (reply, name);
    sks_terminal_puts (out, sks_member_text (side, "title"));
    sks_buffer_puts (out, " (");
    sks_terminal_puts (out, sks_member_text (side, "soc"));
    sks_buffer_putc (out, ')');
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply)
{
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    put_side (out, reply, "left");
    sks_buffer_puts (out, " and ");
    put_side (out, reply, "right");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    size_t pairs = sks_member_size (reply, "pairs");
    sks_print_count (out, pairs);
    sks_buffer_puts (out, pairs == 1 ? " pair" : " pairs");
    sks_buffer_puts (out, "; ");
    sks_print_count (out, sks_member_size (reply, "left_only"));
    sks_buffer_puts (out, " alone in the first, ");
    sks_print_count (out, sks_member_size (reply, "right_only"));
    sks_buffer_puts (out, " alone in the second\n");
}

/* The level or levels, and the words in common with their shares. */
static void
put_reasons (sks_buffer *line, const cJSON *pair)
{
    const char *left = sks_member_text (sks_member (pair, "left"), "level");
    const char *right = sks_member_text (sks_member (pair, "right"), "level");
    sks_terminal_puts (line, left);
    if (strcmp (left, right) != 0)
        sks_buffer_printf (line, " and %s", right);
    const char *before = ": ";
    for (const cJSON *share = sks_member_items (pair, "explain"); share; share = share->next) {
        sks_buffer_puts (line, before);
        sks_terminal_puts (line, sks_member_text (share, "term"));
        sks_buffer_printf (line, " %.2f", sks_member_number (share, "score"));
        before = ", ";
    }
}

static void
put_text (sks_buffer *out, const sks_terminal *terminal, const cJSON *hit, unsigned indent)
{
    sks_print_wrapped (out, terminal, sks_member_text (hit, "text"), NULL, 0, indent);
    sks_buffer_putc (out, '\n');
}

static void
put_pair (sks_buffer *out, const sks_terminal *terminal, const cJSON *pair)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    sks_buffer_printf (out, "\n%.2f  ", sks_member_number (pair, "likeness"));
    put_text (out, terminal, sks_member (pair, "left"), INDENT);
    sks_buffer_printf (out, "%*s", INDENT, "");
    put_text (out, terminal, sks_member (pair, "right"), INDENT);
    put_reasons (&line, pair);
    sks_print_aside (out, terminal, &line, INDENT);
    sks_buffer_free (&line);
}

static void
put_only (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply, const char *side, const char *list)
{
    const cJSON *hits = sks_member_items (reply, list);
    if (!hits)
        return;
    sks_buffer_puts (out, "\n");
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_puts (out, "Only ");
    put_side (out, reply, side);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    for (const cJSON *hit = hits; hit; hit = hit->next) {
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_terminal_fit (terminal, out, sks_member_text (hit, "level"), LABEL);
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        put_text (out, terminal, hit, LABEL);
    }
}

bool
sks_print_crosswalk (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply)
{
    const cJSON *pairs = sks_member_items (reply, "pairs");
    put_heading (out, terminal, reply);
    for (const cJSON *pair = pairs; pair; pair = pair->next)
        put_pair (out, terminal, pair);
    put_only (out, terminal, reply, "left", "left_only");
    put_only (out, terminal, reply, "right", "right_only");
    sks_print_partial (out, terminal, reply);
    return pairs != NULL;
}
