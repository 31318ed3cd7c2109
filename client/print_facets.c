/* print_facets.c - the counts of a facet as bars, one line for each value, or as options to type next.
 *
 * Bars:
 *
 *   group
 *     43  Office & Administrative Support   21  ██████████
 *   * 29  Healthcare Practitioners & Tec…    4  █▉
 *
 * In a tree, an occupation is below its group, indented by two columns. */
#include "print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LEAST_BAR_COLUMNS 8
#define MOST_BAR_COLUMNS 20
#define LEAST_LABEL_COLUMNS 12
#define WIDTH_WITHOUT_TERMINAL 80
#define INDENT 2 /* columns of indentation per level of a tree */

/* Columns of the parts of a line, the same for all values of a facet. */
struct layout {
    unsigned value, label, count, bar;
    uint64_t most;
};

/* A label that only repeats its value is not written. */
static bool
has_label (const sks_facet_value *value)
{
    return value->label && strcasecmp (value->label, value->value) != 0;
}

static unsigned
larger (unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static unsigned
count_columns (uint64_t value)
{
    char digits[24];
    unsigned size = (unsigned) snprintf (digits, sizeof digits, "%" PRIu64, value);
    return size + (size - 1) / 3;
}

static void
measure_values (struct layout *layout, const sks_facet_value *values, size_t count, unsigned indent)
{
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        unsigned columns = sks_terminal_columns (value->value, strlen (value->value));
        layout->value = larger (layout->value, indent + columns);
        if (has_label (value))
            layout->label = larger (layout->label, sks_terminal_columns (value->label, strlen (value->label)));
        layout->count = larger (layout->count, count_columns (value->count));
        layout->most = value->count > layout->most ? value->count : layout->most;
        measure_values (layout, value->children, value->child_count, indent + INDENT);
    }
}

static struct layout
measure (const sks_terminal *terminal, const sks_facet_counts *counts)
{
    struct layout layout = { .most = 0 };
    measure_values (&layout, counts->values, counts->count, 0);
    unsigned width = terminal->width ? terminal->width : WIDTH_WITHOUT_TERMINAL;
    layout.bar = width / 4 < MOST_BAR_COLUMNS ? larger (width / 4, LEAST_BAR_COLUMNS) : MOST_BAR_COLUMNS;
    unsigned taken = 2 + layout.value + 2 + 2 + layout.count + 2 + layout.bar;
    unsigned room = taken + LEAST_LABEL_COLUMNS < width ? width - taken : LEAST_LABEL_COLUMNS;
    layout.label = layout.label < room ? layout.label : room;
    return layout;
}

static void
put_bar (sks_buffer *out, const sks_terminal *terminal, const struct layout *layout, uint64_t count)
{
    static const char *const parts[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    double share = layout->most ? (double) count / (double) layout->most : 0;
    unsigned eighths = (unsigned) (share * layout->bar * 8 + 0.5);
    if (count && eighths == 0)
        eighths = 1;
    if (!terminal->utf8)
        eighths = (eighths + 7) / 8 * 8;
    for (unsigned i = 0; i < eighths / 8; i++)
        sks_buffer_puts (out, terminal->utf8 ? "█" : "#");
    sks_buffer_puts (out, parts[eighths % 8]);
}

static void
put_value (sks_buffer *out, const sks_terminal *terminal, const struct layout *layout, const sks_facet_value *value,
           unsigned indent)
{
    sks_buffer_printf (out, "%s%*s", value->selected ? "* " : "  ", (int) indent, "");
    if (value->selected)
        sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_fit (terminal, out, value->value, layout->value - indent);
    if (layout->label) {
        sks_buffer_puts (out, "  ");
        sks_terminal_fit (terminal, out, has_label (value) ? value->label : "", layout->label);
    }
    if (value->selected)
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_printf (out, "  %*s", (int) (layout->count - count_columns (value->count)), "");
    sks_print_count (out, value->count);
    if (value->count)
        sks_buffer_puts (out, "  ");
    put_bar (out, terminal, layout, value->count);
    sks_buffer_putc (out, '\n');
}

/* The line below the values: how many of the `distinct` ones are not shown, and the option that shows them. */
static void
put_rest (sks_buffer *out, const sks_terminal *terminal, int facet, size_t shown, uint64_t distinct, unsigned indent)
{
    if (distinct <= shown)
        return;
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_printf (out, "  %*sand ", (int) indent, "");
    sks_print_count (out, distinct - shown);
    sks_buffer_printf (out, " more: --facet %s:%" PRIu64, sks_facet_name (facet),
                       distinct < SKS_MAX_FACET_LIMIT ? distinct : (uint64_t) SKS_MAX_FACET_LIMIT);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

static void
put_facet (sks_buffer *out, const sks_terminal *terminal, const sks_facet_counts *counts)
{
    struct layout layout = measure (terminal, counts);
    sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_puts (out, sks_facet_name (counts->facet));
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    for (size_t i = 0; i < counts->count; i++) {
        const sks_facet_value *value = &counts->values[i];
        put_value (out, terminal, &layout, value, 0);
        for (size_t k = 0; k < value->child_count; k++)
            put_value (out, terminal, &layout, &value->children[k], INDENT);
        put_rest (out, terminal, counts->facet, value->child_count, value->distinct, INDENT);
    }
    if (counts->count == 0)
        sks_buffer_puts (out, "  no value\n");
    put_rest (out, terminal, counts->facet, counts->count, counts->distinct, 0);
}

void
sks_print_facets (sks_buffer *out, const sks_terminal *terminal, const sks_result *result)
{
    for (size_t i = 0; i < result->facet_count; i++)
        if (result->total || result->facets[i].count)
            put_facet (out, terminal, &result->facets[i]);
}

/* ----------------------------------------------------------------- options */

/* The option that chooses values of a facet. */
static const char *
option_of (int facet)
{
    return facet == SKS_FACET_VERSION ? "framework-version" : sks_facet_name (facet);
}

/* "55 (12, Management of Companies and Enterprises)" after a comma; a value of several words in quotes. */
static void
put_choice (sks_buffer *out, const sks_facet_value *value, bool first)
{
    const char *quote = strpbrk (value->value, " '()&;") ? "\"" : "";
    sks_buffer_puts (out, first ? " " : ", ");
    sks_buffer_puts (out, quote);
    sks_terminal_puts (out, value->value);
    sks_buffer_puts (out, quote);
    sks_buffer_puts (out, " (");
    sks_print_count (out, value->count);
    if (has_label (value)) {
        sks_buffer_puts (out, ", ");
        sks_terminal_puts (out, value->label);
    }
    sks_buffer_puts (out, value->selected ? ", chosen)" : ")");
}

/* Values and, below groups of a tree, their occupations. False when the line is full. */
static bool
put_choices (sks_buffer *line, const sks_terminal *terminal, const sks_facet_value *values, size_t count, bool cut,
             bool *first)
{
    unsigned room = terminal->width ? terminal->width : WIDTH_WITHOUT_TERMINAL;
    for (size_t i = 0; i < count; i++) {
        size_t before = line->size;
        if (cut && values[i].count == 0 && !values[i].selected)
            continue;
        put_choice (line, &values[i], *first);
        if (cut && !*first && sks_terminal_columns (line->bytes, line->size) + strlen (", ...") > room) {
            line->size = before;
            sks_buffer_puts (line, terminal->utf8 ? ", …" : ", ...");
            return false;
        }
        *first = false;
        if (!put_choices (line, terminal, values[i].children, values[i].child_count, cut, first))
            return false;
    }
    return true;
}

void
sks_print_facets_narrow (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, bool cut)
{
    sks_buffer line = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    bool some = false;
    for (size_t i = 0; i < result->facet_count; i++) {
        const sks_facet_counts *counts = &result->facets[i];
        if (cut && counts->distinct < 2)
            continue;
        bool first = true;
        sks_buffer_printf (&line, "--%s", option_of (counts->facet));
        put_choices (&line, terminal, counts->values, counts->count, cut, &first);
        if (!some)
            sks_buffer_putc (out, '\n');
        some = true;
        sks_print_aside (out, terminal, &line, 0);
    }
    sks_buffer_free (&line);
}
