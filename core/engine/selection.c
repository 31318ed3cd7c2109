/* selection.c - what the scorer chose, reordered at its head. */
#include "selection.h"

#include "feedback.h"
#include "hit.h"
#include "nearness.h"
#include "stems.h"

size_t
sks_selection_depth (const sks_scorer *scorer)
{
    return scorer->nearness ? SKS_RANK_NEAR_DEPTH : SKS_RANK_FEEDBACK_DEPTH;
}

int
sks_selection_best (const sks_selection *s, size_t want, size_t shown, sks_scored *out, size_t *found)
{
    bool near = s->scorer->nearness, unsorted = near && want <= SKS_RANK_NEAR_DEPTH;
    sks_stems stems;
    *found = 0;
    int code =
        (unsorted ? sks_scorer_choose : sks_scorer_best) (s->scorer, s->set, s->fails, want, out, found, s->m->err);
    size_t depth = *found < SKS_RANK_FEEDBACK_DEPTH ? *found : SKS_RANK_FEEDBACK_DEPTH;
    size_t head = *found < SKS_RANK_NEAR_DEPTH ? *found : SKS_RANK_NEAR_DEPTH;
    if (!code)
        code = sks_stems_read (&stems, s->m, out, near ? head : depth);
    if (!code && near)
        code = sks_nearness_apply (s->scorer, s->m, &stems, out, head, shown < depth ? depth : shown);
    if (!code)
        code = sks_feedback_apply (s->scorer, s->m, &stems, out, depth, shown);
    if (!code)
        sks_hit_prefetch (s->m, &stems, out, shown < depth ? shown : depth);
    return code;
}

/* Whether a statement may be added to the kept ones, of which an occupation has at most `collapse`. */
static bool
has_room (const sks_selection *s, const sks_scored *kept, size_t count, uint32_t statement)
{
    const sks_store *store = s->m->store;
    uint32_t occupation = sks_store_cell (store, statement) / SKS_LEVELS, before = 0;
    uint32_t first = store->cells[occupation * SKS_LEVELS], end = store->cells[(occupation + 1) * SKS_LEVELS];
    for (size_t i = 0; s->collapse && i < count; i++)
        before += kept[i].statement >= first && kept[i].statement < end;
    return !s->collapse || before < s->collapse;
}

int
sks_selection_collapsed (const sks_selection *s, size_t want, sks_scored *out, size_t *found)
{
    sks_scored best[SKS_RANK_NEAR_DEPTH];
    size_t depth = sks_selection_depth (s->scorer), count, head = 0;
    int code = sks_scorer_best (s->scorer, s->set, s->fails, want, out, found, s->m->err);
    s->scorer->collapse = 0;
    if (!code)
        code = sks_selection_best (s, depth, depth, best, &count);
    for (size_t i = 0; !code && i < count; i++)
        if (has_room (s, out, head, best[i].statement))
            out[head++] = best[i];
    return code;
}

static bool
is_among (const sks_scored *list, size_t count, uint32_t statement)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].statement == statement)
            return true;
    return false;
}

/* Replace the end of a list of the worst by the best statements, sorted again, if the list reaches them; with
 * collapsing, only as many as their occupations may still have. */
static int
end_with_best (const sks_selection *s, sks_scored *worst, size_t found)
{
    sks_scored best[SKS_RANK_NEAR_DEPTH];
    size_t depth = sks_selection_depth (s->scorer), count, at = 0;
    s->scorer->reverse = false;
    s->scorer->collapse = 0;
    int code = sks_selection_best (s, depth, depth, best, &count);
    while (!code && at < found && !is_among (best, count, worst[at].statement))
        at++;
    for (size_t i = count; !code && i-- > 0 && at < found;)
        if (has_room (s, worst, at, best[i].statement))
            worst[at++] = best[i];
    return code;
}

/* Near words and feedback reorder only the best, so they matter only if the list reaches these. */
int
sks_selection_worst (const sks_selection *s, size_t want, uint64_t total, sks_scored *out, size_t *found)
{
    int code = sks_scorer_best (s->scorer, s->set, s->fails, want, out, found, s->m->err);
    if (code || (!s->collapse && *found + sks_selection_depth (s->scorer) <= total))
        return code;
    return end_with_best (s, out, *found);
}
