/* print_comparison.c - a comparison as text: a row for each duty. The statements of a row are in columns with
 * headings, as many as fit the width, or below each other if there is no width.
 *
 * Pairs of low likeness are often wrong (docs/protocol.md: "loose"), so a row ends before them. */
#include "print.h"

#include <string.h>

#define LEAST_COLUMN 28 /* a narrower column holds two or three words a line */
#define GAP 2
#define LABEL 12 /* "developing" and the gap after it */
#define CELL_BYTES (8 * SKS_MAX_STATEMENT_BYTES)

/* Levels of one row whose statements are shown together. */
struct part {
    int levels[SKS_LEVELS];
    int count;
};

static void
put_words (sks_buffer *out, const char *sign, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? ", " : sign);
        sks_terminal_puts (out, words[i]);
    }
}

/* Print the two words that explain the common meaning of a statement and the one before it; false without them. */
static bool
put_meaning (sks_buffer *out, const char *sign, const sks_compare_cell *cell)
{
    for (size_t i = 0; i < cell->share_count; i++)
        if (cell->shares[i].word) {
            sks_buffer_puts (out, sign);
            sks_print_reason (out, &cell->shares[i]);
            return true;
        }
    return false;
}

/* "developing, 0.42 alike" */
static void
put_level (sks_buffer *line, int level, const sks_compare_cell *cell, bool first)
{
    sks_buffer_puts (line, sks_level_name (level));
    if (!first && cell->likeness > 0)
        sks_buffer_printf (line, ", %.2f alike", cell->likeness);
}

static void
put_title (sks_buffer *out, const sks_terminal *terminal, const sks_compare_row *row, const struct part *part)
{
    const char *duty = row->cells[part->levels[0]].hit->duty;
    duty = duty ? duty : row->duty;
    sks_buffer_putc (out, '\n');
    if (!duty)
        return;
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_print_wrapped (out, terminal, duty, NULL, 0, 0);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

/* ----------------------------------------------------------------- stacked */

static void
put_stacked (sks_buffer *out, const sks_terminal *terminal, const sks_compare_cell *cells, const struct part *part,
             bool words)
{
    sks_buffer line = SKS_BUFFER_INIT (CELL_BYTES);
    for (int i = 0; i < part->count; i++) {
        const sks_compare_cell *cell = &cells[part->levels[i]];
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_buffer_printf (out, "%-*s", LABEL, sks_level_name (part->levels[i]));
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        sks_print_wrapped (out, terminal, cell->hit->text, NULL, 0, LABEL);
        sks_buffer_putc (out, '\n');
        if (i && cell->likeness > 0) {
            sks_buffer_printf (&line, "%.2f alike", cell->likeness);
            sks_print_aside (out, terminal, &line, LABEL);
        }
        if (words && put_meaning (&line, "= ", cell))
            sks_print_aside (out, terminal, &line, LABEL);
        for (int lost = 0; words && i && lost < 2; lost++) {
            put_words (&line, lost ? "- " : "+ ", lost ? cell->lost : cell->gained,
                       lost ? cell->lost_count : cell->gained_count);
            if (line.size)
                sks_print_aside (out, terminal, &line, LABEL);
        }
    }
    sks_buffer_free (&line);
}

/* ----------------------------------------------------------------- columns */

/* What is still to be written of one column. */
struct column {
    const char *rest;
    sks_buffer text;
};

/* As many words as go into a line of `width`, at least one; it may be cut. */
static size_t
take_line (const char *text, unsigned width)
{
    size_t end = 0;
    while (text[end] && text[end] != '\n') {
        size_t word = end + strspn (text + end, " ");
        size_t to = word + strcspn (text + word, " \n");
        if (end && sks_terminal_columns (text, to) > width)
            break;
        end = to;
    }
    return end;
}

/* One line of a column, filled up with blanks. False when nothing was left. */
static bool
put_line (sks_buffer *out, const sks_terminal *terminal, struct column *column, unsigned width)
{
    char line[CELL_BYTES];
    size_t size = take_line (column->rest, width);
    bool some = *column->rest != '\0';
    memcpy (line, column->rest, size);
    line[size] = '\0';
    column->rest += size;
    column->rest += strspn (column->rest, " ");
    if (*column->rest == '\n')
        column->rest++;
    sks_terminal_fit (terminal, out, line, width);
    return some;
}

static void
fill_column (struct column *column, const sks_compare_cell *cell, bool words)
{
    column->text = (sks_buffer) SKS_BUFFER_INIT (CELL_BYTES - 1);
    sks_terminal_puts (&column->text, cell->hit->text);
    if (words) {
        put_meaning (&column->text, "\n= ", cell);
        put_words (&column->text, "\n+ ", cell->gained, cell->gained_count);
        put_words (&column->text, "\n- ", cell->lost, cell->lost_count);
    }
    const char *text = sks_buffer_text (&column->text);
    column->rest = text ? text : "";
}

/* Columns beside each other from part->levels[from] on. */
static void
put_columns (sks_buffer *out, const sks_terminal *terminal, const sks_compare_cell *cells, const struct part *part,
             int from, int count, bool words)
{
    struct column columns[SKS_LEVELS];
    sks_buffer head = SKS_BUFFER_INIT (CELL_BYTES);
    unsigned width = (terminal->width - (unsigned) (count - 1) * GAP) / (unsigned) count;
    bool more = true;
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    for (int i = 0; i < count; i++) {
        int level = part->levels[from + i];
        fill_column (&columns[i], &cells[level], words && from + i > 0);
        put_level (&head, level, &cells[level], from + i == 0);
        const char *text = sks_buffer_text (&head);
        if (i + 1 < count)
            sks_terminal_fit (terminal, out, text ? text : "", width + GAP);
        else
            sks_terminal_puts (out, text ? text : "");
        sks_buffer_clear (&head);
    }
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    while (more) {
        size_t before = out->size;
        more = false;
        for (int i = 0; i < count; i++) {
            more |= put_line (out, terminal, &columns[i], width);
            sks_buffer_printf (out, "%*s", GAP, "");
        }
        while (out->size > before && out->bytes[out->size - 1] == ' ')
            out->size--;
        if (more)
            sks_buffer_putc (out, '\n');
    }
    for (int i = 0; i < count; i++)
        sks_buffer_free (&columns[i].text);
    sks_buffer_free (&head);
}

/* ------------------------------------------------------------------- whole */

/* The statements of a row from `level` on that are alike enough. Returns the level after them. */
static int
take_part (struct part *part, const sks_compare_row *row, int level)
{
    *part = (struct part) { .count = 0 };
    for (; level < SKS_LEVELS; level++) {
        const sks_compare_cell *cell = &row->cells[level];
        if (!cell->hit)
            continue;
        if (part->count && cell->loose)
            break;
        part->levels[part->count++] = level;
    }
    return level;
}

static void
put_row (sks_buffer *out, const sks_terminal *terminal, const sks_compare_row *row, bool words)
{
    struct part part;
    int most = (int) ((terminal->width + GAP) / (LEAST_COLUMN + GAP));
    for (int level = take_part (&part, row, 0); part.count; level = take_part (&part, row, level)) {
        put_title (out, terminal, row, &part);
        if (most < 2)
            put_stacked (out, terminal, row->cells, &part, words);
        else
            for (int from = 0, count; from < part.count; from += count) {
                /* Four statements in a width for three are laid out in two pairs. */
                int left = part.count - from;
                count = left <= most ? left : left == most + 1 && most > 2 ? most - 1 : most;
                put_columns (out, terminal, row->cells, &part, from, count, words);
            }
    }
}

static void
put_remark (sks_buffer *out, const sks_terminal *terminal, const char *remark)
{
    sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_puts (out, remark);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

void
sks_print_partial (sks_buffer *out, const sks_terminal *terminal)
{
    put_remark (out, terminal, "Statements with very many words were compared by the words that weigh most.");
}

void
sks_print_compared_by (sks_buffer *out, const sks_terminal *terminal, const char *compared_by)
{
    if (compared_by && strcmp (compared_by, SKS_BY_MEANING) == 0)
        put_remark (out, terminal, "Compared by words and by meaning.");
}

void
sks_print_reason (sks_buffer *out, const sks_share *reason)
{
    sks_terminal_puts (out, reason->term);
    if (reason->word) {
        sks_buffer_puts (out, " ~ ");
        sks_terminal_puts (out, reason->word);
    }
}

bool
sks_print_comparison (sks_buffer *out, const sks_terminal *terminal, const sks_comparison *comparison, const char *duty,
                      bool words)
{
    bool found = comparison->row_count > 0;
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_puts (out, comparison->occupation);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, " (");
    sks_terminal_puts (out, comparison->soc);
    sks_buffer_puts (out, found ? ")\n" : "): no duty has these words\n");
    if (found && duty) {
        sks_buffer_puts (out, "Duties with ");
        sks_terminal_puts (out, duty);
        sks_buffer_putc (out, '\n');
    }
    for (size_t i = 0; i < comparison->row_count; i++)
        put_row (out, terminal, &comparison->rows[i], words);
    if (found)
        sks_print_compared_by (out, terminal, comparison->compared_by);
    if (comparison->partial)
        sks_print_partial (out, terminal);
    return found;
}
