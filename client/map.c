/* map.c - the reply to "map": each sentence of the text with what matched in it
 * marked, and the statements that answer it. */
#include "print.h"

#include "core/base/schema.h"
#include "client/lib/member.h"

#include <cjson/cJSON.h>
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

/* What all matches of a sentence point at, as ascending spans that do not
 * overlap. */
static size_t
collect_evidence (const cJSON *sentence, uint32_t from, uint32_t to, sks_span *spans)
{
    size_t count = 0, kept = 0;
    for (const cJSON *match = sks_member_items (sentence, "matches"); match; match = match->next)
        count += sks_member_spans (match, "evidence", from, to, spans + count, MOST_SPANS - count);
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
put_match (sks_buffer *out, const sks_terminal *terminal, const cJSON *match)
{
    sks_span spans[MOST_SPANS];
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    const char *dot = terminal->utf8 ? " · " : " | ", *text = sks_member_text (match, "text");
    size_t count = sks_member_spans (match, "spans", 0, (uint32_t) strlen (text), spans, MOST_SPANS);
    sks_buffer_printf (out, "%*s%3.0f%% ", INDENT - 1, "", 100 * sks_member_number (match, "share"));
    sks_print_wrapped (out, terminal, text, spans, count, MATCH_INDENT);
    sks_buffer_putc (out, '\n');
    sks_buffer_printf (&line, "%s%s%s (%s)%s%s", sks_member_text (match, "level"), dot,
                       sks_member_text (match, "occupation"), sks_member_text (match, "soc"), dot,
                       sks_member_text (match, "id"));
    sks_print_aside (out, terminal, &line, MATCH_INDENT);
    sks_buffer_free (&line);
}

/* The sentence's own bytes on one line. NULL when the reply points beyond the
 * text or memory is out. Caller frees. */
static char *
copy_sentence (const char *text, uint64_t start, uint64_t end)
{
    if (start >= end || end > strlen (text))
        return NULL;
    char *copy = strndup (text + start, end - start);
    for (char *at = copy; at && *at; at++)
        if (strchr ("\t\r\n\f\v", *at))
            *at = ' ';
    return copy;
}

/* *from is where the sentence before it ended, and becomes where this one ends. */
static bool
put_sentence (sks_buffer *out, const sks_terminal *terminal, const cJSON *sentence, const char *text, uint64_t *from)
{
    sks_span spans[MOST_SPANS];
    uint64_t start = sks_member_count (sentence, "start"), end = sks_member_count (sentence, "end");
    char *copy = start < *from ? NULL : copy_sentence (text, start, end);
    const cJSON *matches = sks_member_items (sentence, "matches");
    if (!copy)
        return false;
    *from = end;
    size_t count = collect_evidence (sentence, (uint32_t) start, (uint32_t) end, spans);
    sks_buffer_printf (out, "\n");
    sks_print_wrapped (out, terminal, copy, spans, count, 0);
    sks_buffer_putc (out, '\n');
    free (copy);
    for (const cJSON *match = matches; match; match = match->next)
        put_match (out, terminal, match);
    if (!matches)
        sks_buffer_printf (out, "%*snothing answers it\n", INDENT, "");
    return matches != NULL;
}

static void
put_heading (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply)
{
    size_t count = sks_member_size (reply, "sentences");
    const cJSON *levels = sks_member (reply, "levels");
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_print_count (out, count);
    sks_buffer_printf (out, " sentence%s, %.0f%% of the text answered", count == 1 ? "" : "s",
                       100 * sks_member_number (reply, "coverage"));
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    for (int level = 0; level < SKS_LEVELS; level++) {
        sks_buffer_printf (out, "%s%s ", level ? ", " : "; ", sks_level_name (level));
        sks_print_count (out, sks_member_count (levels, sks_level_name (level)));
    }
    sks_buffer_putc (out, '\n');
}

bool
sks_print_mapping (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply, const char *text)
{
    bool found = false;
    uint64_t from = 0;
    put_heading (out, terminal, reply);
    for (const cJSON *sentence = sks_member_items (reply, "sentences"); sentence; sentence = sentence->next)
        found |= put_sentence (out, terminal, sentence, text, &from);
    return found;
}
