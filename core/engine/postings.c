/* postings.c - one block of memory per list: head, bits, counts before each word of the bits, postings, slots, groups,
 * kinds, contexts. The last two are at its end, because their size is known only after decoding. */
#include "postings.h"

#include "core/index/posting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(SKS_MAX_POSTING < SKS_PACKED_LOADS, "the load of a posting has space for its wdf");

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
    size_t bits, before, postings, slots, groups, kinds, contexts;
};

/* The layout of the block of a stem. An index in shards has no statements here. */
static struct layout
lay_out (const sks_store *store, uint32_t stem, uint32_t kinds)
{
    size_t count = store->shards ? 0 : store->stem[stem].statements, words = words_of_bits (store, stem);
    struct layout at = { .bits = sizeof (sks_postings) };
    at.before = at.bits + words * sizeof (uint64_t);
    at.postings = at.before + words * sizeof (uint32_t);
    at.slots = at.postings + count * sizeof (uint32_t);
    at.groups = at.slots + (words ? 0 : sks_packed_starts ((uint32_t) count, store->statements)) * sizeof (uint32_t);
    at.kinds = at.groups + store->groups * sizeof (float);
    at.contexts = at.kinds + kinds * sizeof (sks_posting_kind);
    return at;
}

/* The parts of a list, to write to. */
struct parts {
    uint64_t *bits; /* NULL if the stem is rare */
    uint32_t *before, *postings, *starts;
    float *groups;
    sks_posting_kind *kinds;
};

static struct parts
parts_of (sks_postings *list, const sks_store *store, uint32_t stem)
{
    struct layout at = lay_out (store, stem, list->kind_count);
    char *start = (char *) list;
    return (struct parts) { .bits = at.before > at.bits ? (void *) (start + at.bits) : NULL,
                            .before = (void *) (start + at.before),
                            .postings = (void *) (start + at.postings),
                            .starts = (void *) (start + at.slots),
                            .groups = (void *) (start + at.groups),
                            .kinds = (void *) (start + at.kinds) };
}

/* Set the pointers of a list except those of its contexts. */
static void
set_pointers (sks_postings *list, const sks_store *store, uint32_t stem)
{
    struct parts parts = parts_of (list, store, stem);
    list->packed.postings = parts.postings;
    list->packed.slots.starts = parts.bits ? NULL : parts.starts;
    list->bits = parts.bits;
    list->before = parts.before;
    list->groups = parts.groups;
    list->kinds = parts.kinds;
}

size_t
sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem)
{
    const sks_store *store = snapshot->store;
    uint32_t kinds = store->shards ? 0 : sks_posting_kinds_most (store->stem[stem].statements);
    return lay_out (store, stem, kinds).contexts + sks_contexts_bytes (store, (uint32_t) most_contexts (store, stem));
}

size_t
sks_postings_fit (sks_postings **list_p, const sks_snapshot *snapshot, uint32_t stem)
{
    const sks_store *store = snapshot->store;
    size_t contexts = lay_out (store, stem, (*list_p)->kind_count).contexts;
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
count_occupations (const sks_store *store, uint32_t stem, const uint32_t *statements, sks_context_count *out)
{
    const uint32_t all = store->stem[stem].statements;
    const sks_context *context = store->context + store->stem[stem].contexts;
    const sks_context *end = store->context + store->stem[stem + 1].contexts;
    uint32_t occupation = 0, found = 0, i = 0;
    while (i < all || context < end) {
        if (i < all)
            while (store->cells[(occupation + 1) * SKS_LEVELS] <= statements[i])
                occupation++;
        uint32_t next = i < all ? occupation : SKS_NONE, count = 0;
        if (context < end && context->occupation < next)
            next = context->occupation;
        for (; i < all && statements[i] < store->cells[(next + 1) * SKS_LEVELS]; i++)
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
score_groups (const sks_snapshot *snapshot, const uint32_t *statements, uint32_t count,
              const sks_context_count *holding, float *groups)
{
    const sks_store *store = snapshot->store;
    const uint64_t *words = snapshot->group_words;
    memset (groups, 0, store->groups * sizeof *groups);
    for (uint32_t s = 0; s < count; holding++) {
        uint32_t end = store->cells[(holding->occupation + 1) * SKS_LEVELS];
        for (; s < count && statements[s] < end; s++)
            groups[store->occupation[holding->occupation].group] += 1;
    }
    for (uint32_t g = 0; g < store->groups; g++)
        groups[g] = sks_rank_group ((uint64_t) groups[g], words[g], count, store->words);
}

static void
set_bits (uint64_t *bits, uint32_t *before, size_t words, const uint32_t *statements, uint32_t count)
{
    memset (bits, 0, words * sizeof *bits);
    for (uint32_t i = 0; words && i < count; i++)
        bits[statements[i] >> 6] |= (uint64_t) 1 << (statements[i] & 63);
    for (uint32_t w = 0, i = 0; w < words; w++) {
        while (i < count && statements[i] >> 6 < w)
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
    void *start = (char *) list + lay_out (snapshot->store, stem, list->kind_count).contexts;
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
    score_groups_of_usages (snapshot, stem, parts_of (list, store, stem).groups);
    return make_contexts (snapshot, list, stem, holding, count_usages (store, stem, holding), scratch, err);
}

/* Set the properties of a list that depend on each posting's wdf. */
static void
measure (const sks_snapshot *snapshot, sks_postings *list, const uint32_t *statements, const uint32_t *wdf)
{
    unsigned first = sks_posting_weight_code (sks_posting_position_weight (0));
    size_t opening = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        unsigned weight = sks_posting_code (wdf[i]);
        opening += weight >= first;
        list->most = fmaxf (list->most, snapshot->rank.weight[weight][snapshot->store->lengths[statements[i]]]);
    }
    list->opening = (float) opening / ((float) list->count + SKS_RANK_OPENING_PRIOR);
}

/* Make bits or slots. */
static void
make_finder (const sks_store *store, sks_postings *list, uint32_t stem, const struct parts *parts)
{
    if (parts->bits)
        set_bits (parts->bits, parts->before, words_of_bits (store, stem), parts->postings, list->count);
    else
        list->packed.slots = sks_slots_fill (parts->starts, sks_packed_shift (list->count, store->statements),
                                             parts->postings, list->count, store->statements);
}

int
sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                     sks_arena *scratch, sks_error *err)
{
    const sks_store *store = snapshot->store;
    size_t count = store->stem[stem].statements, most_occupations = most_contexts (store, stem);
    sks_context_count *holding = sks_arena_array (scratch, most_occupations, sizeof *holding);
    if (holding && store->shards)
        return decode_usage (snapshot, stem, list, holding, scratch, err);
    uint32_t *loads = sks_arena_array (scratch, count, sizeof *loads);
    if (!loads || !holding)
        return sks_fail_memory (err);
    *list = (sks_postings) { .count = (uint32_t) count };
    set_pointers (list, store, stem);
    struct parts parts = parts_of (list, store, stem);
    uint32_t *postings = parts.postings; /* statements, until they are packed */
    int code = sks_lists_read (lists, stem, postings, loads, err);
    if (code)
        return code;
    measure (snapshot, list, postings, loads);
    make_finder (store, list, stem, &parts);
    uint32_t occupations = count_occupations (store, stem, postings, holding);
    score_groups (snapshot, postings, list->count, holding, parts.groups);
    if (!sks_posting_kinds_find (store, postings, loads, count, parts.kinds, &list->kind_count, scratch))
        return sks_fail_memory (err);
    for (size_t i = 0; i < count; i++)
        postings[i] = sks_packed_make (postings[i], loads[i]);
    return make_contexts (snapshot, list, stem, holding, occupations, scratch, err);
}
