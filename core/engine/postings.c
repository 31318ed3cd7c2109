/* postings.c - one block of memory per list: head, bits, counts before each word of the bits, statements,
 * occupations, contexts, groups, wdf. */
#include "postings.h"

#include "core/index/posting.h"

#include <math.h>
#include <string.h>

/* A stem in at least one of 32 statements is frequent: it has bits as well. */
#define FREQUENT_SHARE 32

/* Words of a stem's bits; 0 for a rare one. One more than needed, so that the word after the last statement can be
 * read. */
static size_t
words_of_bits (const sks_store *store, uint32_t stem)
{
    bool frequent = store->stem[stem].statements >= store->statements / FREQUENT_SHARE;
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

/* The number of values that the contexts take. */
static size_t
context_room (const sks_store *store, uint32_t stem)
{
    return is_everywhere (store, stem) ? store->occupations : 2 * most_contexts (store, stem);
}

size_t
sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem)
{
    const sks_store *store = snapshot->store;
    size_t count = store->stem[stem].statements, contexts = context_room (store, stem) + store->groups;
    if (store->shards)
        return sizeof (sks_postings) + contexts * sizeof (float);
    return sizeof (sks_postings) + words_of_bits (store, stem) * (sizeof (uint64_t) + sizeof (uint32_t)) +
           count * (sizeof (uint32_t) + sizeof (uint16_t)) + contexts * sizeof (float);
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

/* The stem of an index in shards: its contexts and scores by group, but no statements. */
static int
decode_usage (const sks_snapshot *snapshot, uint32_t stem, sks_postings *list)
{
    const sks_store *store = snapshot->store;
    const sks_usage *usage = &store->usage[stem];
    const sks_holding *held = store->holding + usage->holdings, *held_end = store->holding + usage[1].holdings;
    const sks_context *context = store->context + store->stem[stem].contexts;
    const sks_context *context_end = store->context + store->stem[stem + 1].contexts;
    uint32_t count = store->stem[stem].statements, found = 0;
    bool everywhere = is_everywhere (store, stem);
    uint32_t *occupations = everywhere ? NULL : (uint32_t *) (list + 1);
    float *contexts = (void *) ((uint32_t *) (list + 1) + (everywhere ? 0 : most_contexts (store, stem)));
    float *groups = contexts + (everywhere ? store->occupations : most_contexts (store, stem));
    *list = (sks_postings) { .occupations = occupations,
                             .contexts = contexts,
                             .groups = groups,
                             .opening = (float) usage->opening / ((float) count + SKS_RANK_OPENING_PRIOR) };
    list->context_count = (uint32_t) ((held_end - held) + (context_end - context));
    for (const sks_holding *h = held; h < held_end; h++) /* those in both count once */
        for (; context < context_end && context->occupation <= h->occupation; context++)
            list->context_count -= context->occupation == h->occupation;
    context = store->context + store->stem[stem].contexts;
    memset (contexts, 0, (everywhere ? store->occupations : list->context_count) * sizeof *contexts);
    memset (groups, 0, store->groups * sizeof *groups);
    while (held < held_end || context < context_end) {
        bool by_context = held == held_end || (context < context_end && context->occupation <= held->occupation);
        bool by_statement = held < held_end && (!by_context || context->occupation == held->occupation);
        uint32_t occupation = by_context ? context->occupation : held->occupation, total = 0;
        if (by_statement) {
            groups[store->occupation[occupation].group] += (float) held->statements;
            total += held++->statements;
        }
        if (by_context)
            total += context++->count;
        if (!everywhere)
            occupations[found] = occupation;
        contexts[everywhere ? occupation : found++] = sks_rank_occupation (
            &snapshot->rank, store, total, store->occupation[occupation].length, list->context_count);
    }
    for (uint32_t g = 0; g < store->groups; g++)
        groups[g] = sks_rank_group ((uint64_t) groups[g], snapshot->group_words[g], count, store->words);
    return 0;
}

int
sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                     sks_arena *scratch, sks_error *err)
{
    const sks_store *store = snapshot->store;
    const sks_stem *row = &store->stem[stem];
    size_t count = row->statements, words = words_of_bits (store, stem);
    if (store->shards)
        return decode_usage (snapshot, stem, list);
    uint64_t *bits = (uint64_t *) (list + 1);
    uint32_t *before = (uint32_t *) (bits + words), *statements = before + words;
    bool everywhere = is_everywhere (store, stem);
    uint32_t *occupations = everywhere ? NULL : statements + count;
    float *contexts = (void *) (statements + count + (everywhere ? 0 : most_contexts (store, stem)));
    float *groups = (void *) (statements + count + context_room (store, stem));
    uint16_t *wdf = (void *) (groups + store->groups);
    uint32_t *counts = sks_arena_array (scratch, count, sizeof *counts);
    struct holding *holding = sks_arena_array (scratch, most_contexts (store, stem), sizeof *holding);
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
    *list = (sks_postings) { (uint32_t) count,
                             statements,
                             wdf,
                             words ? bits : NULL,
                             before,
                             0,
                             occupations,
                             contexts,
                             groups,
                             (float) opening / ((float) count + SKS_RANK_OPENING_PRIOR),
                             most };
    set_bits (bits, before, words, list);
    list->context_count = count_occupations (store, stem, list, holding);
    memset (contexts, 0, (everywhere ? store->occupations : list->context_count) * sizeof *contexts);
    for (uint32_t i = 0; i < list->context_count; i++) {
        uint32_t occupation = holding[i].occupation, length = store->occupation[occupation].length;
        contexts[everywhere ? occupation : i] =
            sks_rank_occupation (&snapshot->rank, store, holding[i].count, length, list->context_count);
        if (!everywhere)
            occupations[i] = occupation;
    }
    score_groups (snapshot, list, holding, groups);
    return 0;
}
