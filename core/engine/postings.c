/* postings.c - one block of memory per list: head, bits, counts before each word of the bits, statements, groups, wdf,
 * occupations, contexts. The last two are at its end, because their number is known only after decoding. */
#include "postings.h"

#include "core/index/posting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stem in at least one of 32 statements is frequent: it has bits as well. */
#define FREQUENT_SHARE 32

/* Words of a stem's bits; 0 for a rare one. One more than needed, so that the word after the last statement can be
 * read. */
static size_t
words_of_bits (const sks_store *store, uint32_t stem)
{
    bool frequent = !store->shards && store->stem[stem].statements >= store->statements / FREQUENT_SHARE;
    return frequent ? store->statements / 64 + (size_t) 2 : 0;
}

/* The maximum number of occupations with the stem: in a statement or in their context. */
static size_t
most_contexts (const sks_store *store, uint32_t stem)
{
    const sks_stem *row = &store->stem[stem];
    size_t max = (size_t) row->statements + (row[1].contexts - row->contexts);
    return max < store->occupations ? max : store->occupations;
}

/* Whether one score for every occupation takes less memory than pairs of occupation and score. */
static bool
is_everywhere (const sks_store *store, uint32_t stem)
{
    return most_contexts (store, stem) * 2 > store->occupations;
}

/* Where the parts of a block begin, in bytes from its start, and its end. */
struct layout {
    size_t bits, before, statements, slots, groups, wdf, occupations, occupation_slots, contexts, end;
};

/* The layout of the block of a stem; occupations: the number of those that have a context. An index in shards has no
 * statements here. */
static struct layout
lay_out (const sks_store *store, uint32_t stem, size_t occupations)
{
    size_t count = store->shards ? 0 : store->stem[stem].statements, words = words_of_bits (store, stem);
    bool everywhere = is_everywhere (store, stem);
    struct layout at = { .bits = sizeof (sks_postings) };
    at.before = at.bits + words * sizeof (uint64_t);
    at.statements = at.before + words * sizeof (uint32_t);
    at.slots = at.statements + count * sizeof (uint32_t);
    at.groups = at.slots + (words ? 0 : sks_slots_starts ((uint32_t) count, store->statements)) * sizeof (uint32_t);
    at.wdf = at.groups + store->groups * sizeof (float);
    at.occupations = at.wdf + (count + 1) / 2 * 2 * sizeof (uint16_t);
    at.occupation_slots = at.occupations + (everywhere ? 0 : occupations * sizeof (uint32_t));
    at.contexts = at.occupation_slots;
    if (!everywhere)
        at.contexts += sks_slots_starts ((uint32_t) occupations, store->occupations) * sizeof (uint32_t);
    at.end = at.contexts + (everywhere ? store->occupations : occupations) * sizeof (float);
    return at;
}

/* Set the pointers of a list for its number of occupations; returns the bytes of its block. */
static size_t
set_pointers (sks_postings *list, const sks_store *store, uint32_t stem)
{
    struct layout at = lay_out (store, stem, list->context_count);
    char *start = (char *) list;
    list->statements = (const void *) (start + at.statements);
    list->wdf = (const void *) (start + at.wdf);
    list->bits = at.before > at.bits ? (void *) (start + at.bits) : NULL;
    list->slots.starts = list->bits ? NULL : (const void *) (start + at.slots);
    list->before = (const void *) (start + at.before);
    list->occupations = is_everywhere (store, stem) ? NULL : (const void *) (start + at.occupations);
    list->occupation_slots.starts = (const void *) (start + at.occupation_slots);
    list->contexts = (const void *) (start + at.contexts);
    list->groups = (const void *) (start + at.groups);
    return at.end;
}

size_t
sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem)
{
    return lay_out (snapshot->store, stem, most_contexts (snapshot->store, stem)).end;
}

size_t
sks_postings_fit (sks_postings **list_p, const sks_snapshot *snapshot, uint32_t stem)
{
    struct layout at = lay_out (snapshot->store, stem, (*list_p)->context_count);
    sks_postings *smaller = realloc (*list_p, at.end);
    if (!smaller)
        return sks_postings_bytes (snapshot, stem);
    *list_p = smaller;
    return set_pointers (smaller, snapshot->store, stem);
}

/* The stem in the document of one occupation. */
struct holding {
    uint32_t occupation, count;
};

/* Count the stem's statements in each occupation, then what its title, group
 * and description add; both lists ascend. Returns the number of occupations. */
static uint32_t
count_occupations (const sks_store *store, uint32_t stem, const sks_postings *list, struct holding *out)
{
    const sks_context *context = store->context + store->stem[stem].contexts;
    const sks_context *end = store->context + store->stem[stem + 1].contexts;
    uint32_t occupation = 0, found = 0, i = 0;
    while (i < list->count || context < end) {
        if (i < list->count)
            while (store->cells[(occupation + 1) * SKS_LEVELS] <= list->statements[i])
                occupation++;
        uint32_t next = i < list->count ? occupation : SKS_NONE, count = 0;
        if (context < end && context->occupation < next)
            next = context->occupation;
        for (; i < list->count && list->statements[i] < store->cells[(next + 1) * SKS_LEVELS]; i++)
            count++;
        if (context < end && context->occupation == next)
            count += context++->count;
        out[found++] = (struct holding) { next, count };
    }
    return found;
}

/* The same for an index in shards, which counts statements by occupation. */
static uint32_t
count_usages (const sks_store *store, uint32_t stem, struct holding *out)
{
    const sks_usage *usage = &store->usage[stem];
    const sks_holding *held = store->holding + usage->holdings, *held_end = store->holding + usage[1].holdings;
    const sks_context *context = store->context + store->stem[stem].contexts;
    const sks_context *end = store->context + store->stem[stem + 1].contexts;
    uint32_t found = 0;
    while (held < held_end || context < end) {
        uint32_t next = held < held_end ? held->occupation : SKS_NONE, count = 0;
        if (context < end && context->occupation < next)
            next = context->occupation;
        if (held < held_end && held->occupation == next)
            count += held++->statements;
        if (context < end && context->occupation == next)
            count += context++->count;
        out[found++] = (struct holding) { next, count };
    }
    return found;
}

static void
score_groups (const sks_snapshot *snapshot, const sks_postings *list, const struct holding *holding, float *groups)
{
    const sks_store *store = snapshot->store;
    const uint64_t *words = snapshot->group_words;
    memset (groups, 0, store->groups * sizeof *groups);
    for (uint32_t s = 0; s < list->count; holding++) {
        uint32_t end = store->cells[(holding->occupation + 1) * SKS_LEVELS];
        for (; s < list->count && list->statements[s] < end; s++)
            groups[store->occupation[holding->occupation].group] += 1;
    }
    for (uint32_t g = 0; g < store->groups; g++)
        groups[g] = sks_rank_group ((uint64_t) groups[g], words[g], list->count, store->words);
}

static void
set_bits (uint64_t *bits, uint32_t *before, size_t words, const sks_postings *list)
{
    memset (bits, 0, words * sizeof *bits);
    for (uint32_t i = 0; words && i < list->count; i++)
        bits[list->statements[i] >> 6] |= (uint64_t) 1 << (list->statements[i] & 63);
    for (uint32_t w = 0, i = 0; w < words; w++) {
        while (i < list->count && list->statements[i] >> 6 < w)
            i++;
        before[w] = i;
    }
}

static void
score_occupations (const sks_snapshot *snapshot, sks_postings *list, uint32_t stem, const struct holding *holding)
{
    const sks_store *store = snapshot->store;
    struct layout at = lay_out (store, stem, list->context_count);
    bool everywhere = is_everywhere (store, stem);
    uint32_t *occupations = (void *) ((char *) list + at.occupations);
    float *contexts = (void *) ((char *) list + at.contexts);
    memset (contexts, 0, at.end - at.contexts);
    for (uint32_t i = 0; i < list->context_count; i++) {
        uint32_t occupation = holding[i].occupation, length = store->occupation[occupation].length;
        contexts[everywhere ? occupation : i] =
            sks_rank_occupation (&snapshot->rank, store, holding[i].count, length, list->context_count);
        if (!everywhere)
            occupations[i] = occupation;
    }
    if (!everywhere)
        list->occupation_slots = sks_slots_make ((void *) ((char *) list + at.occupation_slots), occupations,
                                                 list->context_count, store->occupations);
}

static void
score_groups_of_usages (const sks_snapshot *snapshot, uint32_t stem, float *groups)
{
    const sks_store *store = snapshot->store;
    const sks_usage *usage = &store->usage[stem];
    memset (groups, 0, store->groups * sizeof *groups);
    for (uint32_t h = usage->holdings; h < usage[1].holdings; h++)
        groups[store->occupation[store->holding[h].occupation].group] += (float) store->holding[h].statements;
    for (uint32_t g = 0; g < store->groups; g++)
        groups[g] =
            sks_rank_group ((uint64_t) groups[g], snapshot->group_words[g], store->stem[stem].statements, store->words);
}

/* The stem of an index in shards: its contexts and scores by group, but no statements. */
static void
decode_usage (const sks_snapshot *snapshot, uint32_t stem, sks_postings *list, struct holding *holding)
{
    const sks_store *store = snapshot->store;
    float opening = (float) store->usage[stem].opening, count = (float) store->stem[stem].statements;
    *list = (sks_postings) { .opening = opening / (count + SKS_RANK_OPENING_PRIOR) };
    list->context_count = count_usages (store, stem, holding);
    set_pointers (list, store, stem);
    score_occupations (snapshot, list, stem, holding);
    score_groups_of_usages (snapshot, stem, (void *) ((char *) list + lay_out (store, stem, 0).groups));
}

int
sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                     sks_arena *scratch, sks_error *err)
{
    const sks_store *store = snapshot->store;
    size_t count = store->stem[stem].statements, most_occupations = most_contexts (store, stem);
    struct layout at = lay_out (store, stem, most_occupations);
    uint32_t *statements = (void *) ((char *) list + at.statements);
    uint16_t *wdf = (void *) ((char *) list + at.wdf);
    struct holding *holding = sks_arena_array (scratch, most_occupations, sizeof *holding);
    if (holding && store->shards) {
        decode_usage (snapshot, stem, list, holding);
        return 0;
    }
    uint32_t *counts = sks_arena_array (scratch, count, sizeof *counts);
    if (!counts || !holding)
        return sks_fail_memory (err);
    int code = sks_lists_read (lists, stem, statements, counts, err);
    if (code)
        return code;
    unsigned first = sks_posting_weight_code (sks_posting_position_weight (0));
    size_t opening = 0;
    float most = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned weight = sks_posting_code (counts[i]);
        wdf[i] = (uint16_t) counts[i];
        opening += weight >= first;
        most = fmaxf (most, snapshot->rank.weight[weight][store->lengths[statements[i]]]);
    }
    *list = (sks_postings) { .count = (uint32_t) count,
                             .statements = statements,
                             .opening = (float) opening / ((float) count + SKS_RANK_OPENING_PRIOR),
                             .most = most };
    list->context_count = count_occupations (store, stem, list, holding);
    set_pointers (list, store, stem);
    if (list->bits)
        set_bits ((void *) ((char *) list + at.bits), (void *) ((char *) list + at.before), words_of_bits (store, stem),
                  list);
    else
        list->slots = sks_slots_make ((void *) ((char *) list + at.slots), statements, list->count, store->statements);
    score_occupations (snapshot, list, stem, holding);
    score_groups (snapshot, list, holding, (void *) ((char *) list + at.groups));
    return 0;
}
