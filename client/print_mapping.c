/* print_mapping.c - a mapping as text: each sentence of the text with its matching words marked, and the statements
 * that match it. */
#include "print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 4
#define MATCH_INDENT 10    /* "  1.  63% " */
#define MOST_OCCUPATIONS 3 /* in the heading */
#define MOST_SPANS 1024
#define LINE_BYTES 65536

static int
compare_spans (const void *one, const void *other)
{
    const sks_span *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
}

/* The evidence of all matches of a sentence, as ascending spans of the sentence that do not overlap. */
static size_t
collect_evidence (const sks_map_sentence *sentence, sks_span *spans)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < sentence->match_count; i++)
        for (size_t k = 0; k < sentence->matches[i].evidence_count && count < MOST_SPANS; k++) {
            const sks_span *span = &sentence->matches[i].evidence[k];
            spans[count++] = (sks_span) { span->start - sentence->start, span->end - sentence->start };
        }
    qsort (spans, count, sizeof *spans, compare_spans);
    for (size_t i = 0; i < count; i++)
        if (kept && spans[i].start < spans[kept - 1].end) {
            if (spans[i].end > spans[kept - 1].end)
                spans[kept - 1].end = spans[i].end;
        } else {
            spans[kept++] = spans[i];
        }
    return kept;
}

static void
put_match (sks_buffer *out, const sks_terminal *terminal, const sks_map_match *match, uint64_t number)
{
    const sks_hit *hit = match->hit;
    sks_buffer_printf (out, "%*" PRIu64 ". %3.0f%% ", INDENT - 1, number, 100 * match->share);
    sks_print_wrapped (out, terminal, hit->text, hit->spans, hit->span_count, MATCH_INDENT);
    sks_buffer_putc (out, '\n');
    sks_print_origin (out, terminal, hit, MATCH_INDENT);
}

static void
put_sentence (sks_buffer *out, const sks_terminal *terminal, const sks_map_sentence *sentence, const char *text,
              uint64_t *number)
{
    sks_span spans[MOST_SPANS];
    size_t count = collect_evidence (sentence, spans);
    char *copy = strndup (text + sentence->start, sentence->end - sentence->start);
    for (char *at = copy; at && *at; at++)
        if (strchr ("\t\r\n\f\v", *at))
            *at = ' ';
    sks_buffer_putc (out, '\n');
    sks_print_wrapped (out, terminal, copy ? copy : "", spans, copy ? count : 0, 0);
    sks_buffer_putc (out, '\n');
    free (copy);
    for (size_t i = 0; i < sentence->match_count; i++)
        put_match (out, terminal, &sentence->matches[i], ++*number);
    if (sentence->match_count == 0)
        sks_buffer_printf (out, "%*sno matching statement\n", INDENT, "");
}

/* An occupation, and how many sentences its statements answer. */
struct answering {
    const sks_hit *hit;
    size_t sentences;
    double share; /* the sum of the shares of all its statements */
    size_t last;  /* last sentence that was counted, from 1 */
};

static int
compare_answering (const void *one, const void *other)
{
    const struct answering *a = one, *b = other;
    if (a->sentences != b->sentences)
        return a->sentences < b->sentences ? 1 : -1;
    if (a->share != b->share)
        return a->share < b->share ? 1 : -1;
    return strcmp (a->hit->soc, b->hit->soc);
}

static void
count_match (struct answering *all, size_t *count, const sks_map_match *match, size_t sentence)
{
    size_t i = 0;
    while (i < *count && strcmp (all[i].hit->soc, match->hit->soc) != 0)
        i++;
    if (i == *count)
        all[(*count)++] = (struct answering) { .hit = match->hit };
    all[i].share += match->share;
    all[i].sentences += all[i].last != sentence;
    all[i].last = sentence;
}

/* The occupations that answer most sentences. */
static void
put_occupations (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        most += mapping->sentences[i].match_count;
    struct answering *all = most ? calloc (most, sizeof *all) : NULL;
    if (!all)
        return;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        for (size_t k = 0; k < mapping->sentences[i].match_count; k++)
            count_match (all, &count, &mapping->sentences[i].matches[k], i + 1);
    qsort (all, count, sizeof *all, compare_answering);
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    for (size_t i = 0; i < count && i < MOST_OCCUPATIONS; i++) {
        sks_buffer_puts (&line, i ? ", " : "Most by ");
        sks_terminal_puts (&line, all[i].hit->occupation);
        sks_buffer_puts (&line, " (");
        sks_terminal_puts (&line, all[i].hit->soc);
        sks_buffer_printf (&line, ") %zu", all[i].sentences);
    }
    free (all);
    const char *text = sks_buffer_text (&line);
    sks_print_wrapped (out, terminal, text ? text : "", NULL, 0, 0);
    sks_buffer_putc (out, '\n');
    sks_buffer_free (&line);
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping)
{
    size_t answered = 0;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        answered += mapping->sentences[i].match_count > 0;
    if (mapping->sentence_count == 0) {
        sks_buffer_puts (out, "The text has no sentences\n");
        return;
    }
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_print_count (out, answered);
    sks_buffer_puts (out, " of ");
    sks_print_count (out, mapping->sentence_count);
    sks_buffer_printf (out, " sentence%s answered, %.0f%% of the text", mapping->sentence_count == 1 ? "" : "s",
                       100 * mapping->coverage);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
    if (!answered)
        return;
    for (int level = 0; level < SKS_LEVELS; level++) {
        sks_buffer_printf (out, "%s%s ", level ? ", " : "Best matches by level: ", sks_level_name (level));
        sks_print_count (out, mapping->levels[level]);
    }
    sks_buffer_putc (out, '\n');
    put_occupations (out, terminal, mapping);
}

bool
sks_print_mapping (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping, const char *text)
{
    uint64_t number = 0;
    put_heading (out, terminal, mapping);
    for (size_t i = 0; i < mapping->sentence_count; i++)
        put_sentence (out, terminal, &mapping->sentences[i], text, &number);
    if (number)
        sks_print_compared_by (out, terminal, mapping->compared_by);
    return number > 0;
}
