/* print_hits.c - statements as text. Those of several occupations with the same text are shown once. */
#include "print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_TITLE 10 /* columns of a title that is cut */
#define LINE_BYTES 65536

/* ----------------------------------------------------------- lines of a hit */

void
sks_print_origin (sks_buffer *out, const sks_terminal *terminal, const sks_hit *hit, unsigned indent)
{
    sks_buffer whole = SKS_BUFFER_INIT (LINE_BYTES), *line = &whole;
    sks_buffer rest = SKS_BUFFER_INIT (LINE_BYTES);
    const char *dot = terminal->utf8 ? " · " : " | ";
    sks_buffer_printf (line, "%s%s", sks_level_name (hit->level), dot);
    sks_buffer_puts (&rest, " (");
    sks_terminal_puts (&rest, hit->soc);
    sks_buffer_putc (&rest, ')');
    if (hit->position)
        sks_buffer_printf (&rest, "%splace %" PRIu32, dot, hit->position);
    if (hit->by)
        sks_buffer_printf (&rest, "%sby %s", dot, hit->by);
    if (hit->more)
        sks_buffer_printf (&rest, "%s%" PRIu64 " more of this occupation", dot, hit->more);
    unsigned taken = indent + sks_terminal_columns (line->bytes, line->size) +
                     sks_terminal_columns (rest.size ? rest.bytes : "", rest.size);
    unsigned title = sks_terminal_columns (hit->occupation, strlen (hit->occupation));
    if (terminal->width && taken + title > terminal->width && taken + LEAST_TITLE <= terminal->width)
        sks_terminal_fit (terminal, line, hit->occupation, terminal->width - taken);
    else
        sks_terminal_puts (line, hit->occupation);
    sks_buffer_add (line, rest.bytes, rest.size);
    sks_print_aside (out, terminal, line, indent);
    sks_buffer_free (&rest);
    sks_buffer_free (&whole);
}

static void
put_shares (sks_buffer *line, const sks_hit *hit)
{
    sks_buffer_printf (line, "%.2f =", hit->score);
    for (size_t i = 0; i < hit->share_count; i++) {
        const sks_share *share = &hit->shares[i];
        const char *sign = !i ? "" : share->score < 0 ? " -" : " +";
        sks_buffer_printf (line, "%s %.2f %s%s%s", sign, i ? fabs (share->score) : share->score, share->part,
                           *share->term ? " " : "", share->term);
        if (share->word)
            sks_buffer_printf (line, " ~ %s", share->word);
    }
}

/* ---------------------------------------------------------------- same text */

/* The hits that are shown under a hit: those of other occupations with its text. */
struct group {
    const sks_hit *hit;
    struct group *next; /* the next one under the same hit; NULL: the last one */
    bool is_under;      /* it is shown under another hit */
};

static int
compare_texts (const void *a, const void *b)
{
    const sks_hit *left = *(const sks_hit *const *) a, *right = *(const sks_hit *const *) b;
    int order = strcmp (left->text, right->text);
    return order ? order : (left > right) - (left < right);
}

/* Link the hits from `from` on that have its text. They are in the order of the answer. Returns the end of them. */
static size_t
link_group (struct group *groups, const sks_result *result, const sks_hit *const *sorted, size_t from)
{
    const sks_hit *first = sorted[from];
    struct group *last = &groups[first - result->hits];
    size_t i = from + 1;
    for (; i < result->hit_count && strcmp (sorted[i]->text, first->text) == 0; i++) {
        if (strcmp (sorted[i]->soc, first->soc) == 0)
            continue;
        last->next = &groups[sorted[i] - result->hits];
        last = last->next;
        last->is_under = true;
    }
    return i;
}

/* One group per hit. The hits are sorted, because a hostile server can send 30,000 of them. Caller owns it; free with
 * free. NULL: no memory. */
static struct group *
find_groups (const sks_result *result)
{
    size_t count = result->hit_count;
    struct group *groups = calloc (count, sizeof *groups);
    const sks_hit **sorted = calloc (count, sizeof *sorted);
    for (size_t i = 0; groups && sorted && i < count; i++)
        groups[i].hit = sorted[i] = &result->hits[i];
    if (groups && sorted) {
        qsort (sorted, count, sizeof *sorted, compare_texts);
        for (size_t from = 0; from < count;)
            from = link_group (groups, result, sorted, from);
    } else {
        free (groups);
        groups = NULL;
    }
    free (sorted);
    return groups;
}

/* "also in 2 occupations: 4. Mail Clerks (43-9051.00), 7. ...": each keeps its number. */
static void
put_same (sks_buffer *line, const struct group *group, const sks_result *result, uint64_t first)
{
    size_t count = 0;
    for (const struct group *same = group->next; same; same = same->next)
        count++;
    if (count)
        sks_buffer_printf (line, "also in %zu occupation%s:", count, count == 1 ? "" : "s");
    for (const struct group *same = group->next; same; same = same->next) {
        sks_buffer_printf (line, " %" PRIu64 ". ", first + (uint64_t) (same->hit - result->hits));
        sks_terminal_puts (line, same->hit->occupation);
        sks_buffer_puts (line, " (");
        sks_terminal_puts (line, same->hit->soc);
        sks_buffer_puts (line, same->next ? ")," : ")");
    }
}

/* ------------------------------------------------------------------- hits */

static void
put_hit (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, const struct group *group,
         uint64_t first, bool full)
{
    const sks_hit *hit = group->hit;
    int digits = snprintf (NULL, 0, "%" PRIu64, first + result->hit_count - 1);
    unsigned indent = (unsigned) digits + 2;
    sks_buffer line = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_buffer_printf (out, "%*" PRIu64 ". ", digits, first + (uint64_t) (hit - result->hits));
    sks_print_wrapped (out, terminal, hit->text, hit->spans, hit->span_count, indent);
    sks_buffer_putc (out, '\n');
    sks_print_origin (out, terminal, hit, indent);
    put_same (&line, group, result, first);
    if (line.size)
        sks_print_aside (out, terminal, &line, indent);
    if (full && !hit->share_count && hit->score > 0)
        sks_buffer_printf (&line, "%.2f%s", hit->score, terminal->utf8 ? " · " : " | ");
    if (full) {
        sks_terminal_puts (&line, hit->id);
        sks_print_aside (out, terminal, &line, indent);
    }
    if (hit->share_count) {
        put_shares (&line, hit);
        sks_print_aside (out, terminal, &line, indent);
    }
    sks_buffer_free (&line);
}

void
sks_print_hits (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, uint64_t first, bool full)
{
    if (!result->hit_count)
        return;
    struct group *groups = find_groups (result);
    if (!groups && !out->failed)
        out->failed = SKS_ENOMEM;
    for (size_t i = 0; groups && i < result->hit_count; i++)
        if (!groups[i].is_under)
            put_hit (out, terminal, result, &groups[i], first, full);
    free (groups);
}

size_t
sks_print_hits_that_fit (const sks_terminal *terminal, const sks_result *result, uint64_t first, bool full,
                         unsigned lines)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_result page = *result;
    unsigned taken = 0;
    for (page.hit_count = 0; page.hit_count < result->hit_count && taken <= lines && !text.failed;) {
        page.hit_count++;
        sks_buffer_clear (&text);
        sks_print_hits (&text, terminal, &page, first, full);
        taken = sks_terminal_lines (terminal, text.size ? text.bytes : "", text.size);
    }
    sks_buffer_free (&text);
    return taken > lines && page.hit_count > 1 ? page.hit_count - 1 : page.hit_count;
}
