/* crosswalk.c - pairs the statements of two occupations. */
#include "operations.h"

#include "hit.h"
#include "likeness.h"
#include "occupation.h"
#include "search.h"

#include <stdlib.h>
#include <string.h>

/* The statements of one occupation at one level. */
struct side {
    sks_profile *profiles;
    uint32_t count;
    bool *paired;
};

struct crosswalk {
    sks_matching m;
    sks_arena *arena;     /* of the answer */
    uint32_t left, right; /* occupations */
    struct side sides[SKS_LEVELS][2];
    bool partial; /* for some statement, only some of its words were compared */
};

/* A pair before the pairs of all levels are sorted. */
struct made {
    sks_crosswalk_pair pair;
    uint32_t left;
};

/* -------------------------------------------------------------------- pairs */

static int
make_side (struct crosswalk *c, uint32_t occupation, int level, struct side *out)
{
    int code = sks_profile_list (&out->profiles, &out->count, &c->m, sks_cell (occupation, level));
    if (code)
        return code;
    out->paired = sks_arena_array (c->m.arena, out->count + (size_t) 1, sizeof *out->paired);
    for (uint32_t i = 0; i < out->count; i++)
        c->partial |= sks_profile_is_partial (&out->profiles[i]);
    return out->paired ? 0 : sks_fail_memory (c->m.err);
}

/* Turn the reasons of a pair into shares, and its common words into a bag for finding spans. */
static int
explain (struct crosswalk *c, const sks_profile *left, const sks_profile *right, sks_crosswalk_pair *out, sks_node *bag)
{
    sks_common *reasons;
    int code = sks_likeness_explain (&c->m, left, right, &reasons, &out->share_count);
    if (!code)
        code = sks_likeness_shares (&c->m, reasons, out->share_count, c->arena, &out->shares);
    if (code)
        return code;
    sks_node *leaves = sks_arena_array (c->m.arena, out->share_count + 1, sizeof *leaves);
    sks_matcher *matchers = sks_arena_array (c->m.arena, out->share_count + 1, sizeof *matchers);
    sks_node **children = sks_arena_array (c->m.arena, out->share_count + 1, sizeof *children);
    size_t count = 0;
    if (!leaves || !matchers || !children)
        return sks_fail_memory (c->m.err);
    for (size_t i = 0; i < out->share_count; i++) {
        if (reasons[i].stem == SKS_NONE)
            continue;
        matchers[count] = (sks_matcher) { .stem = reasons[i].stem };
        leaves[count] = (sks_node) { .kind = SKS_NODE_WORD, .word_count = 1, .matchers = &matchers[count] };
        children[count] = &leaves[count];
        count++;
    }
    *bag = (sks_node) { .kind = SKS_NODE_BAG, .children = children, .child_count = count };
    return 0;
}

static int
fill_pair (struct crosswalk *c, const sks_profile *left, const sks_profile *right, double likeness,
           sks_crosswalk_pair *out)
{
    sks_node bag;
    sks_hit *hits = sks_arena_array (c->arena, 2, sizeof *hits);
    int code = hits ? explain (c, left, right, out, &bag) : sks_fail_memory (c->m.err);
    if (!code)
        code =
            sks_hit_fill (&hits[0], &c->m, &bag, NULL, NULL, (sks_scored) { .statement = left->statement }, c->arena);
    if (!code)
        code =
            sks_hit_fill (&hits[1], &c->m, &bag, NULL, NULL, (sks_scored) { .statement = right->statement }, c->arena);
    out->left = &hits[0];
    out->right = &hits[1];
    out->likeness = likeness;
    return code;
}

/* Pair the statements of one level. */
static int
pair_level (struct crosswalk *c, int level, struct made *made, size_t *count)
{
    struct side *left = &c->sides[level][0], *right = &c->sides[level][1];
    sks_pair *pairs;
    size_t found = 0;
    int code = make_side (c, c->left, level, left);
    if (!code)
        code = make_side (c, c->right, level, right);
    if (!code)
        code = sks_likeness_pair (&c->m, left->profiles, left->count, right->profiles, right->count,
                                  sks_likeness_least (&c->m)->occupations, &pairs, &found);
    for (size_t i = 0; !code && i < found; i++) {
        const sks_pair *pair = &pairs[i];
        left->paired[pair->left] = right->paired[pair->right] = true;
        made[*count].left = left->profiles[pair->left].statement;
        code = fill_pair (c, &left->profiles[pair->left], &right->profiles[pair->right], pair->likeness,
                          &made[(*count)++].pair);
    }
    return code;
}

static int
most_alike_first (const void *left, const void *right)
{
    const struct made *a = left, *b = right;
    if (a->pair.likeness != b->pair.likeness)
        return a->pair.likeness > b->pair.likeness ? -1 : 1;
    return a->left < b->left ? -1 : a->left > b->left;
}

static uint32_t
count_statements (const struct crosswalk *c, uint32_t occupation)
{
    return c->m.store->cells[(occupation + 1) * SKS_LEVELS] - c->m.store->cells[occupation * SKS_LEVELS];
}

static int
make_pairs (struct crosswalk *c, int level, sks_crosswalk *out)
{
    size_t count = 0, max = count_statements (c, c->left);
    struct made *made = sks_arena_array (c->m.arena, max + 1, sizeof *made);
    sks_crosswalk_pair *pairs = sks_arena_array (c->arena, max + 1, sizeof *pairs);
    int code = made && pairs ? 0 : sks_fail_memory (c->m.err);
    for (int i = 0; !code && i < SKS_LEVELS; i++)
        if (level < 0 || i == level)
            code = pair_level (c, i, made, &count);
    if (code)
        return code;
    qsort (made, count, sizeof *made, most_alike_first);
    for (size_t i = 0; i < count; i++)
        pairs[i] = made[i].pair;
    out->pairs = pairs;
    out->pair_count = count;
    return 0;
}

/* ---------------------------------------------------------------- leftovers */

static int
list_unpaired (struct crosswalk *c, int which, const sks_hit **out, size_t *count)
{
    uint32_t occupation = which ? c->right : c->left;
    sks_hit *hits = sks_arena_array (c->arena, count_statements (c, occupation) + (size_t) 1, sizeof *hits);
    int code = hits ? 0 : sks_fail_memory (c->m.err);
    *count = 0;
    for (int level = 0; level < SKS_LEVELS; level++) {
        const struct side *side = &c->sides[level][which];
        for (uint32_t i = 0; !code && i < side->count; i++) {
            uint32_t statement = side->profiles[i].statement;
            if (!side->paired[i])
                code = sks_hit_fill (&hits[(*count)++], &c->m, NULL, NULL, NULL,
                                     (sks_scored) { .statement = statement }, c->arena);
        }
    }
    *out = hits;
    return code;
}

int
sks_searcher_crosswalk (sks_searcher *searcher, const char *left, const char *right, int level,
                        const sks_query *options, sks_arena *arena, sks_crosswalk *out, sks_error *err)
{
    struct crosswalk c = { .m = sks_searcher_matching (searcher, err), .arena = arena };
    const sks_store *store = c.m.store;
    *out = (sks_crosswalk) { .compared_by = sks_matching_compares_by (&c.m, options) };
    int code = sks_occupation_find (store, left, &c.left, err);
    if (!code)
        code = sks_occupation_find (store, right, &c.right, err);
    if (!code)
        code = make_pairs (&c, level, out);
    if (!code)
        code = list_unpaired (&c, 0, &out->left_only, &out->left_count);
    if (!code)
        code = list_unpaired (&c, 1, &out->right_only, &out->right_count);
    if (!code)
        code = sks_budget_status (c.m.budget, err);
    if (code) {
        *out = (sks_crosswalk) { 0 };
        return code;
    }
    out->left_soc = sks_store_string (store, store->occupation[c.left].soc);
    out->left_title = sks_store_string (store, store->occupation[c.left].title);
    out->right_soc = sks_store_string (store, store->occupation[c.right].soc);
    out->right_title = sks_store_string (store, store->occupation[c.right].title);
    out->partial = c.partial;
    return 0;
}
