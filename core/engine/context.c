/* context.c - adds the contexts of words, for all occupations at once or for one. */
#include "context.h"

#include <string.h>

typedef float four __attribute__ ((vector_size (16)));
typedef int32_t masks __attribute__ ((vector_size (16)));

static inline four
load (const float *from)
{
    four out;
    memcpy (&out, from, sizeof out);
    return out;
}

static inline void
add (float *to, const float *from, uint32_t count)
{
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four sum = load (to + i) + load (from + i);
        memcpy (to + i, &sum, sizeof sum);
    }
    for (; i < count; i++)
        to[i] += from[i];
}

const float *
sks_context_make (const sks_scorer *scorer)
{
    const sks_store *store = scorer->store;
    float *context = sks_arena_array (scorer->arena, store->occupations + (size_t) 1, sizeof *context);
    float *groups = sks_arena_array (scorer->arena, store->groups + (size_t) 1, sizeof *groups);
    if (!context || !groups)
        return NULL;
    for (size_t w = 0; w < scorer->count && !sks_budget_spend (scorer->budget, store->occupations); w++) {
        const sks_postings *p = scorer->words[w].postings;
        for (uint32_t i = 0; p->occupations && i < p->context_count; i++)
            context[p->occupations[i]] += p->contexts[i];
        if (!p->occupations)
            add (context, p->contexts, store->occupations);
        add (groups, p->groups, store->groups);
    }
    for (uint32_t i = 0; scorer->count && i < store->occupations; i++)
        context[i] += groups[store->occupation[i].group];
    for (size_t i = 0; i < scorer->named.count; i++)
        context[scorer->named.occupations[i]] += scorer->named_gain;
    return context;
}

float
sks_context_of (const sks_scorer *scorer, uint32_t occupation, uint32_t *from)
{
    float sum = 0, groups = 0;
    uint32_t group = scorer->store->occupation[occupation].group;
    for (size_t w = 0; w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        sum += sks_postings_context (p, occupation, &from[w]);
        groups += p->groups[group];
    }
    sum += groups;
    return scorer->named.count && sks_named_has (&scorer->named, occupation) ? sum + scorer->named_gain : sum;
}

float
sks_context_most (const float *contexts, uint32_t first, uint32_t last)
{
    float most = contexts[first];
    uint32_t i = first;
    if (last - first >= 4) {
        four greatest = load (contexts + i);
        for (i += 4; i + 4 <= last + 1; i += 4) {
            four other = load (contexts + i);
            masks above = other > greatest;
            greatest = (four) (((masks) other & above) | ((masks) greatest & ~above));
        }
        for (unsigned k = 0; k < 4; k++)
            most = greatest[k] > most ? greatest[k] : most;
    }
    for (; i <= last; i++)
        most = contexts[i] > most ? contexts[i] : most;
    return most;
}
