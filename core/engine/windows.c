/* windows.c - finds the greatest context and the first postings of each window. */
#include "windows.h"

#include "context.h"
#include "scored.h"

static uint32_t
end_of (const sks_windows *windows, uint32_t base)
{
    uint32_t statements = windows->scorer->store->statements;
    return statements - base > SKS_WINDOW ? base + SKS_WINDOW : statements;
}

/* Find where each word begins in each window. */
static int
start_words (sks_windows *windows, sks_error *err)
{
    const sks_scorer *scorer = windows->scorer;
    uint32_t count = windows->count;
    size_t room = windows->ordered ? scorer->count * (count + (size_t) 1) : 0;
    uint32_t *starts = sks_arena_room (scorer->arena, room + 1, sizeof *starts);
    windows->starts = starts;
    windows->from = sks_arena_array (scorer->arena, 2 * scorer->count + 1, sizeof *windows->from);
    if (!starts || !windows->from)
        return sks_fail_memory (err);
    windows->found = windows->from + scorer->count;
    for (size_t w = 0; windows->ordered && w < scorer->count; w++, starts += count + 1) {
        const sks_postings *p = scorer->words[w].postings;
        for (uint32_t i = 0, from = 0; i < count; i++)
            starts[i] = from = p->bits ? p->before[i * SKS_WINDOW_WORDS]
                                       : sks_set_list_find (p->statements, p->count, from, i * SKS_WINDOW);
        starts[count] = p->count;
    }
    return 0;
}

/* Order the windows roughly: the best quarter first, of these the best quarter, and so on. */
static int
order_windows (sks_windows *windows, const float *contexts, sks_error *err)
{
    const sks_facet_table *table = &windows->scorer->snapshot->facets;
    uint64_t *order = sks_arena_room (windows->scorer->arena, windows->count + (size_t) 1, sizeof *order);
    windows->order = order;
    if (!order)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < windows->count; i++) {
        uint32_t base = i * SKS_WINDOW, end = end_of (windows, base);
        uint32_t first = sks_facet_table_occupation (table, base), last = sks_facet_table_occupation (table, end - 1);
        order[i] = sks_scored_rank (sks_context_most (contexts, first, last), i);
    }
    for (uint32_t count = windows->ordered ? windows->count : 0; count > 1; count = count / 4 + 1)
        sks_scored_select_ranks (order, count, count / 4 + 1);
    return 0;
}

int
sks_windows_start (sks_windows *out, const sks_scorer *scorer, const float *contexts, sks_error *err)
{
    uint32_t count = (scorer->store->statements + SKS_WINDOW - 1) / SKS_WINDOW;
    *out = (sks_windows) { .scorer = scorer,
                           .count = count,
                           .ordered = count > scorer->few_windows && scorer->count <= SKS_WINDOWS_WORDS };
    int code = start_words (out, err);
    return code ? code : order_windows (out, contexts, err);
}

bool
sks_windows_next (sks_windows *windows)
{
    if (windows->done == windows->count)
        return false;
    const sks_scorer *scorer = windows->scorer;
    sks_scored window = sks_scored_of (windows->order[windows->done++]);
    windows->base = window.statement * SKS_WINDOW;
    windows->end = end_of (windows, windows->base);
    windows->context = window.score;
    windows->first = sks_facet_table_occupation (&scorer->snapshot->facets, windows->base);
    windows->postings = 0;
    for (size_t w = 0; !windows->ordered && w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        windows->from[w] = sks_set_list_find (p->statements, p->count, windows->from[w], windows->base);
    }
    for (size_t w = 0; windows->ordered && w < scorer->count; w++) {
        const uint32_t *start = windows->starts + w * (windows->count + (size_t) 1) + window.statement;
        windows->from[w] = start[0];
        windows->found[w] = start[1] - start[0];
        windows->postings += windows->found[w];
    }
    return true;
}
