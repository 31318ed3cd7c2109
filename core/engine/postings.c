/* postings.c - one block of memory per list: head, bits, counts before each word of the bits, statements, slots, groups,
 * wdf, contexts. The last are at its end, because their size is known only after decoding. */
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

/* Where the parts of a block begin, in bytes from its start. */
struct layout {
    size_t bits, before, statements, slots, groups, wdf, contexts;
};

/* The layout of the block of a stem. An index in shards has no statements here. */
static struct layout
lay_out (const sks_store *store, uint32_t stem)
{
    size_t count = store->shards ? 0 : store->stem[stem].statements, words = words_of_bits (store, stem);
    struct layout at = { .bits = sizeof (sks_postings) };
    at.before = at.bits + words * sizeof (uint64_t);
    at.statements = at.before + words * sizeof (uint32_t);
    at.slots = at.statements + count * sizeof (uint32_t);
    at.groups = at.slots + (words ? 0 : sks_slots_starts ((uint32_t) count, store->statements)) * sizeof (uint32_t);
    at.wdf = at.groups + store->groups * sizeof (float);
    at.contexts = at.wdf + (count + 1) / 2 * 2 * sizeof (uint16_t);
    return at;
}

/* Set the pointers of a list except those of its contexts. */
static void
set_pointers (sks_postings *list, const sks_store *store, uint32_t stem)
{
    struct layout at = lay_out (store, stem);
    char *start = (char *) list;
    list->statements = (const void *) (start + at.statements);
    list->wdf = (const void *) (start + at.wdf);
    list->bits = at.before > at.bits ? (void *) (start + at.bits) : NULL;
    list->slots.starts = list->bits ? NULL : (const void *) (start + at.slots);
    list->before = (const void *) (start + at.before);
    list->groups = (const void *) (start + at.groups);
}

size_t
sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem)
{
    const sks_store *store = snapshot->store;
    return lay_out (store, stem).contexts + sks_contexts_bytes (store, (uint32_t) most_contexts (store, stem));
}

size_t
sks_postings_fit (sks_postings **list_p, const sks_snapshot *snapshot, uint32_t stem)
{
    const sks_store *store = snapshot->store;
    size_t contexts = lay_out (store, stem).contexts;
    size_t used = contexts + sks_contexts_place (&(*list_p)->contexts, store, (char *) *list_p + contexts);
    sks_postings *smaller = realloc (*list_p, used);
    if (!smaller)
        return sks_postings_bytes (snapshot, stem);
    *list_p = smaller;
    set_pointers (smaller, store, stem);
    sks_contexts_place (&smaller->contexts, store, (char *) smaller + contexts);
    return used;
}

/* Count the stem's statements in each occupation, then what its title, group
 * and description add; both lists ascend. Returns the number of occupations. */
static uint32_t
count_occupations (const sks_store *store, uint32_t stem, const sks_postings *list, sks_context_count *out)
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
        out[found++] = (sks_context_count) { next, count };
    }
    return found;
}

/* The same for an index in shards, which counts statements by occupation. */
static uint32_t
count_usages (const sks_store *store, uint32_t stem, sks_context_count *out)
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
        out[found++] = (sks_context_count) { next, count };
    }
    return found;
}

static void
score_groups (const sks_snapshot *snapshot, const sks_postings *list, const sks_context_count *holding, float *groups)
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

static int
make_contexts (const sks_snapshot *snapshot, sks_postings *list, uint32_t stem, const sks_context_count *holding,
               uint32_t count, sks_arena *scratch, sks_error *err)
{
    void *start = (char *) list + lay_out (snapshot->store, stem).contexts;
    bool made = sks_contexts_make (&list->contexts, start, snapshot, holding, count, scratch);
    return made ? 0 : sks_fail_memory (err);
}

/* The stem of an index in shards: its contexts and scores by group, but no statements. */
static int
decode_usage (const sks_snapshot *snapshot, uint32_t stem, sks_postings *list, sks_context_count *holding,
              sks_arena *scratch, sks_error *err)
{
    const sks_store *store = snapshot->store;
    float opening = (float) store->usage[stem].opening, count = (float) store->stem[stem].statements;
    *list = (sks_postings) { .opening = opening / (count + SKS_RANK_OPENING_PRIOR) };
    set_pointers (list, store, stem);
    score_groups_of_usages (snapshot, stem, (void *) ((char *) list + lay_out (store, stem).groups));
    return make_contexts (snapshot, list, stem, holding, count_usages (store, stem, holding), scratch, err);
}

int
sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                     sks_arena *scratch, sks_error *err)
{
    const sks_store *store = snapshot->store;
    size_t count = store->stem[stem].statements, most_occupations = most_contexts (store, stem);
    struct layout at = lay_out (store, stem);
    uint32_t *statements = (void *) ((char *) list + at.statements);
    uint16_t *wdf = (void *) ((char *) list + at.wdf);
    sks_context_count *holding = sks_arena_array (scratch, most_occupations, sizeof *holding);
    if (holding && store->shards)
        return decode_usage (snapshot, stem, list, holding, scratch, err);
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
    uint32_t occupations = count_occupations (store, stem, list, holding);
    set_pointers (list, store, stem);
    if (list->bits)
        set_bits ((void *) ((char *) list + at.bits), (void *) ((char *) list + at.before), words_of_bits (store, stem),
                  list);
    else
        list->slots = sks_slots_make ((void *) ((char *) list + at.slots), statements, list->count, store->statements);
    score_groups (snapshot, list, holding, (void *) ((char *) list + at.groups));
    return make_contexts (snapshot, list, stem, holding, occupations, scratch, err);
}
