/* print_analysis.c - the answers to "analyze" and "suggest" as text: the words of a query, and completions. */
#include "print.h"

#include <string.h>

#define FORM 20
#define STEM 16
#define COUNT 10
#define LINE_BYTES 65536

/* ----------------------------------------------------------------- analyze */

static void
put_cell (sks_buffer *out, const sks_terminal *terminal, const char *text, unsigned columns)
{
    unsigned used = sks_terminal_columns (text, strlen (text));
    if (used < columns)
        sks_terminal_fit (terminal, out, text, columns);
    else
        sks_terminal_puts (out, text);
    sks_buffer_putc (out, ' ');
}

/* Whether a node or one of its children has a word. */
static bool
has_word (const sks_reading_node *node, size_t word)
{
    for (size_t i = 0; i < node->word_count; i++)
        if (node->words[i] == word)
            return true;
    for (size_t i = 0; i < node->child_count; i++)
        if (has_word (&node->children[i], word))
            return true;
    return false;
}

static void
put_remark (sks_buffer *line, const sks_read_word *word, bool ignored)
{
    if (ignored)
        sks_buffer_puts (line, "ignored as too common");
    else if (!word->known)
        sks_buffer_puts (line, "occurs nowhere");
    for (size_t i = 0; i < word->expansion_count; i++) {
        sks_buffer_puts (line, i ? ", " : "stands for ");
        sks_terminal_puts (line, word->expansions[i]);
    }
}

static void
put_word (sks_buffer *out, const sks_terminal *terminal, const sks_read_word *word, bool ignored)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    size_t before = out->size;
    sks_buffer_puts (out, "  ");
    put_cell (out, terminal, word->form, FORM);
    put_cell (out, terminal, word->stem ? word->stem : "-", STEM);
    size_t number = out->size;
    sks_print_count (out, word->count);
    put_remark (&line, word, ignored);
    const char *remark = sks_buffer_text (&line);
    if (remark && *remark) {
        unsigned used = (unsigned) (out->size - number);
        sks_buffer_printf (out, "%*s", used < COUNT ? (int) (COUNT - used) : 1, "");
        sks_print_wrapped (out, terminal, remark, NULL, 0, (unsigned) (out->size - before));
    }
    sks_buffer_putc (out, '\n');
    sks_buffer_free (&line);
}

static void
put_node (sks_buffer *out, const sks_reading_node *node, const sks_read_word *words, unsigned indent)
{
    sks_buffer_printf (out, "%*s", (int) indent, "");
    sks_terminal_puts (out, node->kind);
    if (node->distance)
        sks_buffer_printf (out, "/%u", node->distance);
    if (node->exact)
        sks_buffer_puts (out, ", exactly");
    if (node->field) {
        sks_buffer_putc (out, ' ');
        sks_terminal_puts (out, node->field);
        sks_buffer_putc (out, ':');
        sks_terminal_puts (out, node->value ? node->value : "");
    }
    for (size_t i = 0; i < node->word_count; i++) {
        sks_buffer_putc (out, ' ');
        sks_terminal_puts (out, words[node->words[i]].form);
    }
    sks_buffer_putc (out, '\n');
    for (size_t i = 0; i < node->child_count; i++)
        put_node (out, &node->children[i], words, indent + 2);
}

static void
put_near (sks_buffer *out, const sks_near *near, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? "            " : "Near words: ");
        sks_terminal_puts (out, near[i].term);
        sks_buffer_puts (out, " ~ ");
        sks_terminal_puts (out, near[i].word);
        sks_buffer_printf (out, " %.2f ", near[i].weight);
        sks_terminal_puts (out, near[i].source);
        sks_buffer_putc (out, '\n');
    }
}

/* What a statement may have instead of a word or phrase of `text`, for example "health care" for healthcare. */
static void
put_other (sks_buffer *out, const sks_other_words *other, size_t count, const char *text)
{
    size_t size = strlen (text);
    for (size_t i = 0; i < count; i++) {
        size_t end = other[i].end < size ? other[i].end : size, start = other[i].start < end ? other[i].start : end;
        sks_buffer_puts (out, i ? "         " : "Instead: ");
        sks_terminal_put (out, text + start, end - start);
        sks_buffer_puts (out, " ~ \"");
        for (size_t k = 0; k < other[i].word_count; k++) {
            sks_buffer_puts (out, k ? " " : "");
            sks_terminal_puts (out, other[i].words[k].form);
        }
        sks_buffer_puts (out, "\"\n");
    }
}

bool
sks_print_analysis (sks_buffer *out, const sks_terminal *terminal, const sks_analysis *analysis, const char *text)
{
    sks_buffer_puts (out, "Read as: ");
    sks_terminal_puts (out, analysis->read_as);
    sks_buffer_puts (out, "\n");
    sks_print_names (out, terminal, analysis->notes, analysis->note_count);
    sks_print_notes (out, terminal, text, analysis->notes, analysis->note_count);
    put_near (out, analysis->near, analysis->near_count);
    put_other (out, analysis->other, analysis->other_count, text);
    if (analysis->word_count) {
        sks_buffer_puts (out, "\n  ");
        sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
        sks_buffer_printf (out, "%-*s %-*s %s\n", FORM, "word", STEM, "stem", "statements");
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    }
    for (size_t i = 0; i < analysis->word_count; i++)
        put_word (out, terminal, &analysis->words[i], !has_word (&analysis->tree, i));
    sks_buffer_putc (out, '\n');
    put_node (out, &analysis->tree, analysis->words, 2);
    return true;
}

/* ----------------------------------------------------------------- suggest */

static void
put_completions (sks_buffer *out, const sks_terminal *terminal, const char *heading, const sks_completion *completions,
                 size_t count)
{
    if (count == 0)
        return;
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_printf (out, "%s\n", heading);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, "  ");
        if (completions[i].value) {
            sks_terminal_puts (out, completions[i].value);
            sks_buffer_puts (out, "  ");
        }
        sks_terminal_puts (out, completions[i].text);
        sks_buffer_puts (out, "  ");
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_print_count (out, completions[i].count);
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        sks_buffer_putc (out, '\n');
    }
}

bool
sks_print_completions (sks_buffer *out, const sks_terminal *terminal, const sks_completions *completions)
{
    put_completions (out, terminal, "words", completions->words, completions->word_count);
    put_completions (out, terminal, "duties", completions->duties, completions->duty_count);
    put_completions (out, terminal, "occupations", completions->occupations, completions->occupation_count);
    bool found = completions->word_count || completions->duty_count || completions->occupation_count;
    if (!found)
        sks_buffer_puts (out, "No completions\n");
    return found;
}
