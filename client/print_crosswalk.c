/* print_crosswalk.c - a crosswalk as text: pairs, most similar first, then the statements that only one occupation
 * has. */
#include "print.h"

#define LABEL 12
#define INDENT 6
#define LINE_BYTES 65536

static void
put_side (sks_buffer *out, const char *title, const char *soc)
{
    sks_buffer_puts (out, title);
    sks_buffer_puts (out, " (");
    sks_buffer_puts (out, soc);
    sks_buffer_putc (out, ')');
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const sks_crosswalk *crosswalk)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    put_side (&line, crosswalk->left_title, crosswalk->left_soc);
    sks_buffer_puts (&line, " and ");
    put_side (&line, crosswalk->right_title, crosswalk->right_soc);
    sks_print_title (out, terminal, &line);
    sks_buffer_free (&line);
    sks_print_count (out, crosswalk->pair_count);
    sks_buffer_puts (out, crosswalk->pair_count == 1 ? " pair; " : " pairs; ");
    sks_print_count (out, crosswalk->left_count);
    sks_buffer_puts (out, " only in the first, ");
    sks_print_count (out, crosswalk->right_count);
    sks_buffer_puts (out, " only in the second\n");
}

/* The level or levels, and the common words and words of similar meaning with their shares. */
static void
put_reasons (sks_buffer *line, const sks_crosswalk_pair *pair)
{
    sks_buffer_puts (line, sks_level_name (pair->left->level));
    if (pair->left->level != pair->right->level)
        sks_buffer_printf (line, " and %s", sks_level_name (pair->right->level));
    for (size_t i = 0; i < pair->share_count; i++) {
        sks_buffer_puts (line, i ? ", " : ": ");
        sks_print_reason (line, &pair->shares[i]);
        sks_buffer_printf (line, " %.2f", pair->shares[i].score);
    }
}

static void
put_text (sks_buffer *out, const sks_terminal *terminal, const sks_hit *hit, unsigned indent)
{
    sks_print_wrapped (out, terminal, hit->text, NULL, 0, indent);
    sks_buffer_putc (out, '\n');
}

static void
put_pair (sks_buffer *out, const sks_terminal *terminal, const sks_crosswalk_pair *pair)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    sks_buffer_printf (out, "\n%.2f  ", pair->likeness);
    put_text (out, terminal, pair->left, INDENT);
    sks_buffer_printf (out, "%*s", INDENT, "");
    put_text (out, terminal, pair->right, INDENT);
    put_reasons (&line, pair);
    sks_print_aside (out, terminal, &line, INDENT);
    sks_buffer_free (&line);
}

static void
put_only (sks_buffer *out, const sks_terminal *terminal, const char *title, const char *soc, const sks_hit *hits,
          size_t count)
{
    if (count == 0)
        return;
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    sks_buffer_putc (out, '\n');
    sks_buffer_puts (&line, "Only ");
    put_side (&line, title, soc);
    sks_print_title (out, terminal, &line);
    sks_buffer_free (&line);
    for (size_t i = 0; i < count; i++) {
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_terminal_fit (terminal, out, sks_level_name (hits[i].level), LABEL);
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        put_text (out, terminal, &hits[i], LABEL);
    }
}

bool
sks_print_crosswalk (sks_buffer *out, const sks_terminal *terminal, const sks_crosswalk *crosswalk)
{
    put_heading (out, terminal, crosswalk);
    for (size_t i = 0; i < crosswalk->pair_count; i++)
        put_pair (out, terminal, &crosswalk->pairs[i]);
    put_only (out, terminal, crosswalk->left_title, crosswalk->left_soc, crosswalk->left_only, crosswalk->left_count);
    put_only (out, terminal, crosswalk->right_title, crosswalk->right_soc, crosswalk->right_only,
              crosswalk->right_count);
    if (crosswalk->pair_count)
        sks_print_compared_by (out, terminal, crosswalk->compared_by);
    if (crosswalk->partial)
        sks_print_partial (out, terminal);
    return crosswalk->pair_count > 0;
}
