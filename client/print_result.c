/* print_result.c - a result as text: heading, how the query was read, as many statements as fit, counts, and how to
 * continue. */
#include "core/base/printable_put.h"
#include "invocation.h"
#include "print.h"

#include <inttypes.h>
#include <string.h>

#define LINE_BYTES 65536
#define HEADING_LINES 1

/* ---------------------------------------------------------------- heading */

static bool
is_filtered (const sks_query *query)
{
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (query->filter[facet].count || query->filter[facet].min > 0)
            return true;
    return false;
}

static bool
has_no_text (const sks_query *query)
{
    return !query->text || !query->text[strspn (query->text, " \t\r\n")];
}

/* Some of the statements, or all, lack words. */
static void
put_lacking (sks_buffer *out, const sks_query *query, const sks_result *result)
{
    bool one = !result->read_as || !strchr (result->read_as, '('); /* word, apart from those that were ignored */
    const char *words = one ? "the word itself" : "all words";
    const char *instead = one ? "similar ones" : query->plain ? "some of them" : "some of them or similar ones";
    sks_buffer_puts (out, "; ");
    if (result->matched_all == 0 && result->total == 1) {
        sks_buffer_printf (out, "it does not contain %s, only %s", words, instead);
    } else if (result->matched_all == 0) {
        sks_buffer_printf (out, "none contains %s, only %s", words, instead);
    } else {
        sks_print_count (out, result->matched_all);
        sks_buffer_printf (out, " %s %s, the other%s %s", result->matched_all == 1 ? "contains" : "contain", words,
                           result->total - result->matched_all == 1 ? "" : "s", instead);
    }
}

static void
put_match (sks_buffer *out, const sks_query *query, const sks_result *result)
{
    const char *reading = result->read_as ? result->read_as : "";
    if (result->relaxed && result->matched_all < result->total) {
        put_lacking (out, query, result);
    } else if (strchr (reading, ' ') && !strstr (reading, "OR(") && !strstr (reading, "NOT(")) {
        sks_buffer_puts (out, query->match == SKS_MATCH_ANY       ? ", any word"
                              : query->match == SKS_MATCH_MEANING ? ", by meaning"
                                                                  : ", all words");
    }
}

/* How many statements were found, and which of them follow. */
static void
put_extent (sks_buffer *out, uint64_t total, uint64_t before, uint64_t shown)
{
    bool some = shown && shown < total;
    if (some) {
        sks_buffer_puts (out, shown == 1 ? "Statement " : "");
        sks_print_count (out, before + 1);
        if (shown > 1) {
            sks_buffer_putc (out, '-');
            sks_print_count (out, before + shown);
        }
        sks_buffer_puts (out, " of ");
    }
    sks_print_count (out, total);
    if (!some || shown > 1)
        sks_buffer_puts (out, total == 1 ? " statement" : " statements");
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result,
             size_t shown)
{
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    if (result->total == 0) {
        sks_buffer_puts (out, "Nothing found");
    } else {
        put_extent (out, result->total, query->offset, shown);
        put_match (out, query, result);
    }
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

static void
put_words (sks_buffer *out, const sks_terminal *terminal, const char *heading, const char *const *words, size_t count)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (&line, i ? ", " : heading);
        sks_buffer_puts (&line, words[i]);
    }
    if (count)
        sks_print_line (out, terminal, &line);
    sks_buffer_free (&line);
}

/* Near words by the words that they stand for: "Also read as: onboard ~ orient, train". */
static void
put_near (sks_buffer *out, const sks_terminal *terminal, const sks_near *near, size_t count)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    for (size_t i = 0; i < count; i++) {
        bool same = i && strcmp (near[i - 1].term, near[i].term) == 0;
        sks_buffer_puts (&line, same ? ", " : i ? "; " : "Also read as: ");
        if (!same)
            sks_buffer_printf (&line, "%s ~ ", near[i].term);
        sks_buffer_puts (&line, near[i].word);
    }
    if (count)
        sks_print_line (out, terminal, &line);
    sks_buffer_free (&line);
}

static void
put_suggestion (sks_buffer *out, const sks_terminal *terminal, const sks_suggestion *suggestion)
{
    if (!suggestion->word)
        return;
    sks_buffer_puts (out, "Did you mean ");
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_printable_put_words (out, suggestion->query);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, "? It finds ");
    sks_print_count (out, suggestion->count);
    sks_buffer_puts (out, suggestion->count == 1 ? " statement" : " statements");
    sks_buffer_puts (out, "; --fix searches for it.\n");
}

/* shown: hits of the page that were written. */
static bool
has_more (const sks_query *query, const sks_result *result, size_t shown)
{
    uint64_t seen = query->offset + shown;
    if (seen + query->limit > SKS_MAX_WINDOW)
        return false;
    /* The total counts what is collapsed, too. */
    return shown < result->hit_count || (query->collapse ? result->hit_count == query->limit : seen < result->total);
}

/* How to continue: the next page, or what to try when there is nothing. */
static void
put_next (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result, size_t shown,
          const char *const *command)
{
    sks_buffer text = SKS_BUFFER_INIT (LINE_BYTES);
    bool one = result->read_as && !strchr (result->read_as, ' ');
    if (result->total == 0 && result->suggestion.word)
        ; /* what to try has been said */
    else if (result->total == 0)
        sks_buffer_printf (&text, "Try %sother words%s.", one ? "" : "fewer or ",
                           is_filtered (query) ? ", or fewer filters" : "");
    else if (query->limit && result->hit_count == 0)
        sks_buffer_puts (&text, "No results at this offset; use a smaller --offset.");
    else if (query->limit && has_more (query, result, shown)) {
        sks_buffer_puts (&text, "More: ");
        sks_invocation_put (&text, command, query->offset + (uint32_t) shown);
    }
    if (text.size) {
        if (result->hit_count)
            sks_buffer_putc (out, '\n');
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_buffer_add (out, text.bytes, text.size);
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        sks_buffer_putc (out, '\n');
    }
    sks_buffer_free (&text);
}

/* What comes after the statements, of which `shown` were written. */
static void
put_end (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result,
         const sks_print_how *how, size_t shown)
{
    if (how->bars)
        sks_print_facets (out, terminal, result);
    else
        sks_print_facets_narrow (out, terminal, result, how->cut);
    put_next (out, terminal, query, result, shown, how->command);
}

/* How many hits fit when `taken` lines are already used. */
static size_t
count_hits (unsigned taken, const sks_terminal *terminal, const sks_query *query, const sks_result *result,
            const sks_print_how *how)
{
    sks_buffer end = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    put_end (&end, terminal, query, result, how, 0);
    taken += sks_terminal_lines (terminal, end.size ? end.bytes : "", end.size);
    sks_buffer_free (&end);
    return sks_print_hits_that_fit (terminal, result, query->offset + UINT64_C (1), how->full,
                                    how->lines > taken ? how->lines - taken : 0);
}

/* Write as many hits as fit. Returns their number. */
static size_t
put_hits (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result,
          const sks_print_how *how)
{
    sks_result page = *result; /* without the hits of the next page, which "also in" would name */
    unsigned taken = HEADING_LINES + sks_terminal_lines (terminal, out->size ? out->bytes : "", out->size);
    if (how->lines && result->hit_count)
        page.hit_count = count_hits (taken, terminal, query, result, how);
    sks_print_hits (out, terminal, &page, query->offset + UINT64_C (1), how->full);
    return page.hit_count;
}

size_t
sks_print_result (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result,
                  const sks_print_how *how)
{
    sks_buffer whole = SKS_BUFFER_INIT (out->maximum), *answer = out;
    out = &whole;
    if (result->total && !query->offset && has_no_text (query) && !is_filtered (query) && !query->collapse)
        sks_buffer_puts (out, "The query has no words: these are all statements\n");
    put_words (out, terminal, "Ignored common words: ", result->ignored, result->ignored_count);
    put_words (out, terminal, "Occurs nowhere: ", result->unknown, result->unknown_count);
    sks_print_names (out, terminal, result->notes, result->note_count);
    put_near (out, terminal, result->near, result->near_count);
    sks_print_notes (out, terminal, query->text, result->notes, result->note_count);
    put_suggestion (out, terminal, &result->suggestion);
    if ((query->want & SKS_WANT_EXPLAIN) && result->read_as) {
        sks_buffer_puts (out, "Read as: ");
        sks_terminal_puts (out, result->read_as);
        sks_buffer_putc (out, '\n');
    }
    if (result->hit_count)
        sks_buffer_putc (out, '\n');
    size_t shown = put_hits (out, terminal, query, result, how);
    put_end (out, terminal, query, result, how, shown);
    put_heading (answer, terminal, query, result, shown);
    sks_buffer_add (answer, whole.bytes, whole.size);
    if (whole.failed)
        answer->failed = whole.failed;
    sks_buffer_free (&whole);
    return shown;
}
