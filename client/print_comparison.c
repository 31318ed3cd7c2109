/* print_comparison.c - a comparison as text: a row for each duty. On a wide terminal the four levels are in columns, else one
 * below the other; words that a level gains or loses are below its statement. */
#include "print.h"

#include <string.h>

#define LEAST_COLUMN 28 /* a narrower column holds two or three words a line */
#define GAP 2
#define LABEL 12 /* "developing" and the gap after it */
#define CELL_BYTES (8 * SKS_MAX_STATEMENT_BYTES)

static void
put_words (sks_buffer *out, const char *sign, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? ", " : sign);
        sks_terminal_puts (out, words[i]);
    }
}

static void
put_title (sks_buffer *out, const sks_terminal *terminal, const char *duty)
{
    sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_puts (out, duty ? duty : "(no duty)");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

/* ----------------------------------------------------------------- stacked */

static void
put_block (sks_buffer *out, const sks_terminal *terminal, int level, const sks_compare_cell *cell)
{
    sks_buffer changes = SKS_BUFFER_INIT (CELL_BYTES);
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_printf (out, "%-*s", LABEL, sks_level_name (level));
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_print_wrapped (out, terminal, cell->hit->text, NULL, 0, LABEL);
    sks_buffer_putc (out, '\n');
    put_words (&changes, "+ ", cell->gained, cell->gained_count);
    if (changes.size)
        sks_print_aside (out, terminal, &changes, LABEL);
    put_words (&changes, "- ", cell->lost, cell->lost_count);
    if (changes.size)
        sks_print_aside (out, terminal, &changes, LABEL);
    sks_buffer_free (&changes);
}

static void
put_stacked (sks_buffer *out, const sks_terminal *terminal, const sks_compare_cell *cells)
{
    for (int level = 0; level < SKS_LEVELS; level++)
        if (cells[level].hit)
            put_block (out, terminal, level, &cells[level]);
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
fill_column (struct column *column, const sks_compare_cell *cell)
{
    column->text = (sks_buffer) SKS_BUFFER_INIT (CELL_BYTES - 1);
    sks_terminal_puts (&column->text, cell->hit ? cell->hit->text : "");
    put_words (&column->text, "\n+ ", cell->gained, cell->gained_count);
    put_words (&column->text, "\n- ", cell->lost, cell->lost_count);
    const char *text = sks_buffer_text (&column->text);
    column->rest = text ? text : "";
}

static void
put_columns (sks_buffer *out, const sks_terminal *terminal, const sks_compare_cell *cells, unsigned width)
{
    struct column columns[SKS_LEVELS];
    bool more = true;
    for (int level = 0; level < SKS_LEVELS; level++)
        fill_column (&columns[level], &cells[level]);
    while (more) {
        size_t before = out->size;
        more = false;
        for (int level = 0; level < SKS_LEVELS; level++) {
            more |= put_line (out, terminal, &columns[level], width);
            sks_buffer_printf (out, "%*s", GAP, "");
        }
        while (out->size > before && out->bytes[out->size - 1] == ' ')
            out->size--;
        if (more)
            sks_buffer_putc (out, '\n');
    }
    for (int level = 0; level < SKS_LEVELS; level++)
        sks_buffer_free (&columns[level].text);
}

static void
put_heads (sks_buffer *out, const sks_terminal *terminal, unsigned width)
{
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    for (int level = 0; level < SKS_LEVELS; level++)
        sks_buffer_printf (out, "%-*s", (int) (width + GAP), sks_level_name (level));
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

/* Columns that each level gets; 0 when the terminal is too narrow for four. */
static unsigned
column_width (const sks_terminal *terminal)
{
    unsigned gaps = (SKS_LEVELS - 1) * GAP;
    unsigned width = terminal->width > gaps ? (terminal->width - gaps) / SKS_LEVELS : 0;
    return width >= LEAST_COLUMN ? width : 0;
}

void
sks_print_partial (sks_buffer *out, const sks_terminal *terminal)
{
    sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_puts (out, "Statements with very many words were compared by the words that weigh most.");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

bool
sks_print_comparison (sks_buffer *out, const sks_terminal *terminal, const sks_comparison *comparison)
{
    unsigned width = column_width (terminal);
    bool found = comparison->row_count > 0;
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_puts (out, comparison->occupation);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, " (");
    sks_terminal_puts (out, comparison->soc);
    sks_buffer_puts (out, found ? ")\n" : "): no duty has these words\n");
    if (found && width)
        put_heads (out, terminal, width);
    for (size_t i = 0; i < comparison->row_count; i++) {
        const sks_compare_row *row = &comparison->rows[i];
        put_title (out, terminal, row->duty);
        if (width)
            put_columns (out, terminal, row->cells, width);
        else
            put_stacked (out, terminal, row->cells);
    }
    if (comparison->partial)
        sks_print_partial (out, terminal);
    return found;
}
