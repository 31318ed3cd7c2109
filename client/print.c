/* print.c - a result as text: heading, hits wrapped to the terminal, TSV. */
#include "print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* Write a text that begins at column `indent`, and goes on there in each line
 * that follows. Lines break at blanks; a word that is longer than a line stays whole. */
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

/* ------------------------------------------------------------------- hits */

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

static void
put_origin (sks_buffer *line, const sks_terminal *terminal, const sks_hit *hit)
{
    const char *dot = terminal->utf8 ? " · " : " | ";
    sks_buffer_printf (line, "%s%s%s (%s)", sks_level_name (hit->level), dot, hit->occupation, hit->soc);
    if (hit->score > 0)
        sks_buffer_printf (line, "%s%.2f", dot, hit->score);
    sks_buffer_printf (line, "%s%s", dot, hit->id);
    if (hit->by)
        sks_buffer_printf (line, "%sby %s", dot, hit->by);
    if (hit->more)
        sks_buffer_printf (line, "%s%" PRIu64 " more of this occupation", dot, hit->more);
}

static void
put_shares (sks_buffer *line, const sks_hit *hit)
{
    sks_buffer_printf (line, "%.2f =", hit->score);
    for (size_t i = 0; i < hit->share_count; i++) {
        const sks_share *share = &hit->shares[i];
        sks_buffer_printf (line, "%s %.2f %s%s%s", i ? " +" : "", share->score, share->part, *share->term ? " " : "",
                           share->term);
        if (share->word)
            sks_buffer_printf (line, " ~ %s", share->word);
    }
}

void
sks_print_hits (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, uint64_t first)
{
    int digits = snprintf (NULL, 0, "%" PRIu64, first + result->hit_count);
    unsigned indent = (unsigned) digits + 2;
    sks_buffer line = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        sks_buffer_printf (out, "%*" PRIu64 ". ", digits, first + i);
        sks_print_wrapped (out, terminal, hit->text, hit->spans, hit->span_count, indent);
        sks_buffer_putc (out, '\n');
        put_origin (&line, terminal, hit);
        sks_print_aside (out, terminal, &line, indent);
        if (hit->share_count) {
            put_shares (&line, hit);
            sks_print_aside (out, terminal, &line, indent);
        }
    }
    sks_buffer_free (&line);
}

/* ---------------------------------------------------------------- heading */

static bool
is_filtered (const sks_query *query)
{
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (query->filter[facet].count || query->filter[facet].min > 0)
            return true;
    return false;
}

static void
put_match (sks_buffer *out, const sks_query *query, const sks_result *result)
{
    const char *text = query->text ? query->text : "";
    if (result->relaxed && result->matched_all == 0) {
        sks_buffer_puts (out, "; none has all words; showing close matches");
    } else if (result->relaxed) {
        sks_buffer_puts (out, "; ");
        sks_print_count (out, result->matched_all);
        sks_buffer_printf (out, " %s all words; also showing close matches", result->matched_all == 1 ? "has" : "have");
    } else if (strchr (text, ' ')) {
        sks_buffer_puts (out, query->match == SKS_MATCH_ANY       ? ", any word"
                              : query->match == SKS_MATCH_MEANING ? ", by meaning"
                                                                  : ", all words");
    }
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result)
{
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    if (result->total == 0) {
        sks_buffer_puts (out, "Nothing found");
    } else {
        sks_print_count (out, result->total);
        sks_buffer_puts (out, result->total == 1 ? " statement" : " statements");
    }
    if (result->hit_count) {
        sks_buffer_puts (out, " (");
        sks_print_count (out, query->offset + UINT64_C (1));
        sks_buffer_putc (out, '-');
        sks_print_count (out, query->offset + result->hit_count);
        sks_buffer_putc (out, ')');
    }
    if (result->total)
        put_match (out, query, result);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

static void
put_words (sks_buffer *out, const char *heading, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? ", " : heading);
        sks_terminal_puts (out, words[i]);
    }
    if (count)
        sks_buffer_putc (out, '\n');
}

/* Bytes of the query that a note shows. */
#define WORD_BYTES 24

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

/* Near words by the words that they stand for: "Also read as: onboard ~ orient, train". */
static void
put_near (sks_buffer *out, const sks_near *near, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool same = i && strcmp (near[i - 1].term, near[i].term) == 0;
        sks_buffer_puts (out, same ? ", " : i ? "; " : "Also read as: ");
        if (!same) {
            sks_terminal_puts (out, near[i].term);
            sks_buffer_puts (out, " ~ ");
        }
        sks_terminal_puts (out, near[i].word);
    }
    if (count)
        sks_buffer_putc (out, '\n');
}

/* Whether a note's text names what it is about. */
static bool
is_of_name (const sks_note *note)
{
    return strcmp (note->code, "label") == 0 || strcmp (note->code, "absent") == 0;
}

void
sks_print_names (sks_buffer *out, const sks_note *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_of_name (&notes[i]))
            continue;
        sks_buffer_puts (out, "Note: ");
        sks_terminal_puts (out, notes[i].text);
        sks_buffer_putc (out, '\n');
    }
}

/* The part of the query that a note is about, and what it says. */
static void
put_notes (sks_buffer *out, const sks_query *query, const sks_result *result)
{
    size_t size = query->text ? strlen (query->text) : 0;
    for (size_t i = 0; i < result->note_count; i++) {
        const sks_note *note = &result->notes[i];
        if (is_of_name (note))
            continue;
        sks_buffer_printf (out, "Note, byte %u", note->at);
        if (note->at < size) {
            char word[WORD_BYTES + 1];
            sks_buffer_puts (out, ", \"");
            sks_terminal_puts (out, cut_word (word, query->text + note->at));
            sks_buffer_putc (out, '"');
        }
        sks_buffer_puts (out, ": ");
        sks_terminal_puts (out, note->text);
        sks_buffer_putc (out, '\n');
    }
}

static void
put_suggestion (sks_buffer *out, const sks_terminal *terminal, const sks_suggestion *suggestion)
{
    if (!suggestion->word)
        return;
    sks_buffer_puts (out, "Did you mean ");
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_puts (out, suggestion->query);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, "? It finds ");
    sks_print_count (out, suggestion->count);
    sks_buffer_puts (out, suggestion->count == 1 ? " statement" : " statements");
    sks_buffer_puts (out, "; --fix searches for it. (\"");
    sks_terminal_puts (out, suggestion->word);
    sks_buffer_puts (out, "\" occurs nowhere.)\n");
}

static bool
has_more (const sks_query *query, const sks_result *result)
{
    uint64_t seen = query->offset + result->hit_count;
    if (seen + query->limit > SKS_MAX_WINDOW)
        return false;
    /* The total counts what is collapsed, too. */
    return query->collapse ? result->hit_count == query->limit : seen < result->total;
}

/* The way on: there is more, or there is nothing. */
static void
put_next (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result)
{
    char text[80] = "";
    uint64_t seen = query->offset + result->hit_count;
    if (result->total == 0)
        snprintf (text, sizeof text, "Try fewer or other words%s.", is_filtered (query) ? ", or fewer filters" : "");
    else if (query->limit && result->hit_count == 0)
        snprintf (text, sizeof text, "No results at this offset; use a smaller --offset.");
    else if (query->limit && has_more (query, result))
        snprintf (text, sizeof text, "More: --offset %" PRIu64, seen);
    if (!*text)
        return;
    if (result->hit_count)
        sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_puts (out, text);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

void
sks_print_result (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result)
{
    put_heading (out, terminal, query, result);
    put_words (out, "Ignored common words: ", result->ignored, result->ignored_count);
    put_words (out, "Occurs nowhere: ", result->unknown, result->unknown_count);
    sks_print_names (out, result->notes, result->note_count);
    put_near (out, result->near, result->near_count);
    put_notes (out, query, result);
    put_suggestion (out, terminal, &result->suggestion);
    if ((query->want & SKS_WANT_EXPLAIN) && result->read_as) {
        sks_buffer_puts (out, "Read as: ");
        sks_terminal_puts (out, result->read_as);
        sks_buffer_putc (out, '\n');
    }
    if (result->hit_count)
        sks_buffer_putc (out, '\n');
    sks_print_hits (out, terminal, result, query->offset + UINT64_C (1));
    sks_print_facets (out, terminal, result);
    put_next (out, terminal, query, result);
}

/* -------------------------------------------------------------------- TSV */

void
sks_print_tsv (sks_buffer *out, const sks_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        sks_terminal_puts (out, hit->id);
        sks_buffer_printf (out, "\t%.4f\t%s\t", hit->score, sks_level_name (hit->level));
        sks_terminal_puts (out, hit->soc);
        sks_buffer_putc (out, '\t');
        sks_terminal_puts (out, hit->occupation);
        sks_buffer_putc (out, '\t');
        sks_terminal_puts (out, hit->marked ? hit->marked : hit->text);
        sks_buffer_putc (out, '\n');
    }
}

/* Of a tree: each group, then its occupations. */
static void
put_values_tsv (sks_buffer *out, int facet, const sks_facet_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        sks_buffer_printf (out, "%s\t", sks_facet_name (facet));
        sks_terminal_puts (out, value->value);
        sks_buffer_putc (out, '\t');
        sks_terminal_puts (out, value->label);
        sks_buffer_printf (out, "\t%" PRIu64 "\t%s\n", value->count, value->selected ? "selected" : "");
        put_values_tsv (out, facet, value->children, value->child_count);
    }
}

void
sks_print_facets_tsv (sks_buffer *out, const sks_result *result)
{
    for (size_t i = 0; i < result->facet_count; i++)
        put_values_tsv (out, result->facets[i].facet, result->facets[i].values, result->facets[i].count);
}
