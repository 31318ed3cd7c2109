/* print_mapping.c - a mapping as text: each sentence of the text with what matched in it
 * marked, and the statements that answer it. */
#include "print.h"

#include <stdlib.h>
#include <string.h>

#define INDENT 4
#define MATCH_INDENT 8
#define MOST_SPANS 1024
#define LINE_BYTES 65536

static int
compare_spans (const void *one, const void *other)
{
    const sks_span *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
}

/* What all matches of a sentence point at, as ascending spans of the sentence that do
 * not overlap. */
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
put_match (sks_buffer *out, const sks_terminal *terminal, const sks_map_match *match)
{
    const sks_hit *hit = match->hit;
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    const char *dot = terminal->utf8 ? " · " : " | ";
    sks_buffer_printf (out, "%*s%3.0f%% ", INDENT - 1, "", 100 * match->share);
    sks_print_wrapped (out, terminal, hit->text, hit->spans, hit->span_count, MATCH_INDENT);
    sks_buffer_putc (out, '\n');
    sks_buffer_printf (&line, "%s%s%s (%s)%s%s", sks_level_name (hit->level), dot, hit->occupation, hit->soc, dot,
                       hit->id);
    sks_print_aside (out, terminal, &line, MATCH_INDENT);
    sks_buffer_free (&line);
}

static void
put_sentence (sks_buffer *out, const sks_terminal *terminal, const sks_map_sentence *sentence, const char *text)
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
        put_match (out, terminal, &sentence->matches[i]);
    if (sentence->match_count == 0)
        sks_buffer_printf (out, "%*sno matching statement\n", INDENT, "");
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping)
{
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_print_count (out, mapping->sentence_count);
    sks_buffer_printf (out, " sentence%s, %.0f%% of the text matched", mapping->sentence_count == 1 ? "" : "s",
                       100 * mapping->coverage);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    for (int level = 0; level < SKS_LEVELS; level++) {
        sks_buffer_printf (out, "%s%s ", level ? ", " : "; ", sks_level_name (level));
        sks_print_count (out, mapping->levels[level]);
    }
    sks_buffer_putc (out, '\n');
}

bool
sks_print_mapping (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping, const char *text)
{
    bool found = false;
    put_heading (out, terminal, mapping);
    for (size_t i = 0; i < mapping->sentence_count; i++) {
        put_sentence (out, terminal, &mapping->sentences[i], text);
        found |= mapping->sentences[i].match_count > 0;
    }
    return found;
}
