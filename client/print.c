/* print.c - text wrapped to the terminal, lines and notes, which all answers share. */
#include "print.h"

#include <string.h>

#define LINE_BYTES 65536

/* --------------------------------------------------------------- wrapping */

/* A text with its matches, written piece by piece from front to back. */
struct writing {
    const sks_terminal *terminal;
    sks_buffer *out;
    const char *text;
    const sks_span *span, *end; /* the spans that are not written yet */
    bool marked;
};

static void
set_mark (struct writing *writing, bool marked)
{
    if (writing->marked != marked)
        sks_terminal_style (writing->terminal, writing->out, marked ? SKS_STYLE_MATCH : SKS_STYLE_NONE);
    writing->marked = marked;
}

static void
put_piece (struct writing *writing, size_t from, size_t to)
{
    while (from < to) {
        while (writing->span < writing->end && writing->span->end <= from)
            writing->span++;
        size_t stop = to;
        bool inside = false;
        if (writing->span < writing->end) {
            inside = writing->span->start <= from;
            size_t edge = inside ? writing->span->end : writing->span->start;
            stop = edge < to ? edge : to;
        }
        set_mark (writing, inside);
        sks_terminal_put (writing->out, writing->text + from, stop - from);
        from = stop;
    }
}

static void
break_line (struct writing *writing, unsigned indent)
{
    set_mark (writing, false);
    sks_buffer_printf (writing->out, "\n%*s", (int) indent, "");
}

/* Write a text that begins at column `indent` and continues there in each following line. Lines break at blanks; a word
 * that is longer than a line stays whole. */
static void
put_wrapped (struct writing *writing, unsigned indent)
{
    size_t size = strlen (writing->text);
    unsigned column = indent, width = writing->terminal->width;
    for (size_t from = 0, to; from < size; from = to) {
        size_t word = from + strspn (writing->text + from, " ");
        to = word + strcspn (writing->text + word, " ");
        unsigned columns = sks_terminal_columns (writing->text + word, to - word);
        unsigned blanks = (unsigned) (word - from);
        if (width && column > indent && column + blanks + columns > width) {
            break_line (writing, indent);
            column = indent + columns;
            put_piece (writing, word, to);
        } else {
            column += blanks + columns;
            put_piece (writing, from, to);
        }
    }
    set_mark (writing, false);
}

void
sks_print_wrapped (sks_buffer *out, const sks_terminal *terminal, const char *text, const sks_span *spans, size_t count,
                   unsigned indent)
{
    struct writing writing = { .terminal = terminal, .out = out, .text = text, .span = spans, .end = spans + count };
    put_wrapped (&writing, indent);
}

/* ------------------------------------------------------------------ lines */

void
sks_print_aside (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line, unsigned indent)
{
    const char *text = sks_buffer_text (line);
    struct writing writing = { .terminal = terminal, .out = out, .text = text ? text : "" };
    sks_buffer_printf (out, "%*s", (int) indent, "");
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    put_wrapped (&writing, indent);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    sks_buffer_clear (line);
}

void
sks_print_title (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line)
{
    const char *text = sks_buffer_text (line);
    struct writing writing = { .terminal = terminal, .out = out, .text = text ? text : "" };
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    put_wrapped (&writing, 0);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

void
sks_print_line (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line)
{
    const char *text = sks_buffer_text (line);
    sks_print_wrapped (out, terminal, text ? text : "", NULL, 0, 0);
    sks_buffer_putc (out, '\n');
    sks_buffer_clear (line);
}

/* ------------------------------------------------------------------ notes */

/* Bytes of the query that a note shows. */
#define WORD_BYTES 24
#define MOST_WORDS 3 /* of notes with the same text */

/* The text up to its first blank, cut at a character. */
static const char *
cut_word (char out[WORD_BYTES + 1], const char *text)
{
    size_t size = strcspn (text, " \t\r\n");
    if (size > WORD_BYTES)
        for (size = WORD_BYTES; size && ((unsigned char) text[size] & 0xC0) == 0x80;)
            size--;
    memcpy (out, text, size);
    out[size] = '\0';
    return out;
}

/* Whether a note is about a name, so that its text is complete by itself. */
static bool
is_of_name (const sks_note *note)
{
    return strcmp (note->code, "label") == 0 || strcmp (note->code, "absent") == 0;
}

void
sks_print_names (sks_buffer *out, const sks_terminal *terminal, const sks_note *notes, size_t count)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (!is_of_name (&notes[i]))
            continue;
        sks_buffer_puts (&line, "Note: ");
        sks_buffer_puts (&line, notes[i].text);
        sks_print_line (out, terminal, &line);
    }
    sks_buffer_free (&line);
}

/* Whether an earlier note says the same. */
static bool
is_repeated (const sks_note *notes, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!is_of_name (&notes[k]) && strcmp (notes[k].text, notes[i].text) == 0)
            return true;
    return false;
}

/* The words of the query that note i and its repetitions are about, each once: , "(a)", "(b)" and 4 more. A word with a
 * quotation mark in it is in others. */
static void
put_noted (sks_buffer *line, const char *text, const sks_note *notes, size_t count, size_t i)
{
    char words[MOST_WORDS][WORD_BYTES + 1], word[WORD_BYTES + 1];
    size_t size = text ? strlen (text) : 0, listed = 0, more = 0;
    for (size_t k = i; k < count; k++) {
        if (notes[k].at >= size || is_of_name (&notes[k]) || strcmp (notes[k].text, notes[i].text) != 0)
            continue;
        cut_word (word, text + notes[k].at);
        size_t same = 0;
        while (same < listed && strcmp (words[same], word) != 0)
            same++;
        if (same < listed)
            continue;
        if (listed == MOST_WORDS) {
            more++;
            continue;
        }
        const char quote = strchr (word, '"') ? '\'' : '"';
        sks_buffer_printf (line, ", %c%s%c", quote, word, quote);
        memcpy (words[listed++], word, sizeof word);
    }
    if (more)
        sks_buffer_printf (line, " and %zu more", more);
}

void
sks_print_notes (sks_buffer *out, const sks_terminal *terminal, const char *text, const sks_note *notes, size_t count)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    if (count > SKS_MAX_QUERY_NOTES) /* each is compared with all others, and a hostile server can send many */
        count = SKS_MAX_QUERY_NOTES;
    for (size_t i = 0; i < count; i++) {
        if (is_of_name (&notes[i]) || is_repeated (notes, i))
            continue;
        sks_buffer_puts (&line, "Note");
        put_noted (&line, text, notes, count, i);
        sks_buffer_puts (&line, ": ");
        sks_buffer_puts (&line, notes[i].text);
        sks_print_line (out, terminal, &line);
    }
    sks_buffer_free (&line);
}
