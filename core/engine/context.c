/* context.c - adds the contexts of words, for all occupations at once or for one. */
#include "context.h"

#include "lanes.h"

#include <string.h>

/* Add the contexts of all words to the occupations, and their scores to the groups. */
SKS_CLONES
static void
add_words (const sks_scorer *scorer, float *context, float *groups)
{
    const sks_store *store = scorer->store;
    for (size_t w = 0; w < scorer->count && !sks_budget_spend (scorer->budget, store->occupations); w++) {
        const sks_postings *p = scorer->words[w].postings;
        sks_contexts_add (&p->contexts, store, context);
        sks_lanes_add (groups, p->groups, store->groups);
    }
}

const float *
sks_context_make (const sks_scorer *scorer)
{
    const sks_store *store = scorer->store;
    float *context = sks_arena_array (scorer->arena, store->occupations + (size_t) 1, sizeof *context);
    float *groups = sks_arena_array (scorer->arena, store->groups + (size_t) 1, sizeof *groups);
    if (!context || !groups)
        return NULL;
    add_words (scorer, context, groups);
    const uint32_t *group_of = scorer->snapshot->facets.facet[SKS_FACET_GROUP].row_of;
    for (uint32_t i = 0; scorer->count && i < store->occupations; i++)
        context[i] += groups[group_of[i]];
    for (size_t i = 0; i < scorer->named.count; i++)
        context[scorer->named.occupations[i]] += scorer->named_gain;
    return context;
}

/* Word by word, so that what is read for one occupation is fetched while others are looked up. */
SKS_CLONES
void
sks_context_of (const sks_scorer *scorer, const uint32_t *occupations, uint32_t count, float *out)
{
    const uint32_t *group_of = scorer->snapshot->facets.facet[SKS_FACET_GROUP].row_of;
    float groups[SKS_CONTEXT_MOST];
    memset (out, 0, count * sizeof *out);
    memset (groups, 0, sizeof groups);
    for (size_t w = 0; w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        for (uint32_t i = 0; i < count; i++) {
            out[i] += sks_contexts_of (&p->contexts, occupations[i]);
            groups[i] += p->groups[group_of[occupations[i]]];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        out[i] += groups[i];
        if (scorer->named.count && sks_named_has (&scorer->named, occupations[i]))
            out[i] += scorer->named_gain;
    }
}
