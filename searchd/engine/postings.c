/* postings.c - one block of memory a list: head, bits, what is below them,
 * statements, contexts, groups, codes, ranks. */
#include "postings.h"

#include "../../core/posting.h"
#include "generation_parts.h"

#include <string.h>

/* A stem in at least one of so many statements is frequent: it has bits as well. */
#define FREQUENT_SHARE 32

/* Words of a stem's bits; 0 for a rare one. One more than needed, so that the
 * word behind the last statement may be read. */
static size_t
words_of_bits (const sks_store *store, uint32_t stem)
{
    bool frequent = store->stem[stem].statements >= store->statements / FREQUENT_SHARE;
    return frequent ? store->statements / 64 + (size_t) 2 : 0;
}

/* Occupations that can have the stem: by its statements or by its context. */
static size_t
most_contexts (const sks_store *store, uint32_t stem)
{
    const sks_stem *row = &store->stem[stem];
    size_t most = (size_t) row->statements + (row[1].contexts - row->contexts);
    return most < store->occupations ? most : store->occupations;
}

size_t
sks_postings_bytes (const sks_generation *generation, uint32_t stem)
{
    const sks_store *store = sks_generation_store (generation);
    size_t count = store->stem[stem].statements;
    return sizeof (sks_postings) + words_of_bits (store, stem) * (sizeof (uint64_t) + sizeof (uint32_t))
           + count * (sizeof (uint32_t) + 2)
           + most_contexts (store, stem) * sizeof (sks_context_score) + store->groups * sizeof (float);
}

/* Count the stem's statements in each occupation, then what its title, group
 * and description add; both lists ascend. Returns how many occupations. */
static uint32_t
count_occupations (const sks_store *store, uint32_t stem, const sks_postings *list, sks_context_score *out)
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
        out[found++] = (sks_context_score) { next, (float) count };
    }
    return found;
}

/* Counts become scores. */
static void
score_contexts (const sks_generation *generation, sks_postings *list, sks_context_score *contexts, float *groups)
{
    const sks_store *store = sks_generation_store (generation);
    const sks_rank *rank = sks_generation_rank (generation);
    const uint64_t *words = sks_generation_group_words (generation);
    for (uint32_t i = 0, s = 0; i < list->context_count; i++) {
        const sks_occupation *row = &store->occupation[contexts[i].occupation];
        uint32_t end = store->cells[(contexts[i].occupation + 1) * SKS_LEVELS];
        for (; s < list->count && list->statements[s] < end; s++)
            groups[row->group] += 1;
        contexts[i].score = sks_rank_occupation (rank, store, (uint32_t) contexts[i].score, row->length,
                                                 list->context_count);
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

int
sks_postings_decode (const sks_generation *generation, sks_lists *lists, uint32_t stem, sks_postings *list,
                     sks_arena *scratch, sks_error *err)
{
    const sks_store *store = sks_generation_store (generation);
    const sks_stem *row = &store->stem[stem];
    size_t count = row->statements, words = words_of_bits (store, stem);
    uint64_t *bits = (uint64_t *) (list + 1);
    uint32_t *before = (uint32_t *) (bits + words), *statements = before + words;
    sks_context_score *contexts = (sks_context_score *) (statements + count);
    float *groups = (float *) (contexts + most_contexts (store, stem));
    uint8_t *codes = (uint8_t *) (groups + store->groups), *ranks = codes + count;
    uint32_t *counts = sks_arena_array (scratch, count, sizeof *counts);
    if (!counts)
        return sks_fail_memory (err);
    int code = sks_lists_read (lists, stem, statements, counts, err);
    if (code)
        return code;
    unsigned first = sks_weight_code (sks_position_weight (0));
    size_t opening = 0;
    for (size_t i = 0; i < count; i++) {
        codes[i] = (uint8_t) sks_posting_code (counts[i]);
        ranks[i] = (uint8_t) sks_posting_rank (counts[i]);
        opening += codes[i] >= first;
    }
    *list = (sks_postings) { (uint32_t) count, statements, codes, ranks, words ? bits : NULL, before, 0, contexts, groups,
                             count ? (float) opening / (float) count : 0 };
    set_bits (bits, before, words, list);
    list->context_count = count_occupations (store, stem, list, contexts);
    memset (groups, 0, store->groups * sizeof *groups);
    score_contexts (generation, list, contexts, groups);
    return 0;
}
