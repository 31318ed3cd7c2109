/* contenders.c - compares the coarse scores of 64 statements at a time with the least one of the best so far. */
#include "contenders.h"

#include "coarse.h"
#include "core/base/clones.h"
#include "scored.h"
#include "windows.h"

#include <string.h>

/* There may be this many times as many contenders as are wanted, and a few more. */
#define MOST_TIMES 3
#define MOST_MORE 64

/* Contexts that are written at a time. */
#define CONTEXTS 48

/* An entry of the list of contenders, the greater the better: coarse score, and statement. */
typedef uint64_t entry;

struct search {
    const sks_set *set;
    const sks_fails *fails;
    const uint16_t *contexts; /* by occupation */
    entry *entries;
    size_t count, wanted;
    size_t full;         /* number of entries from which on the worse ones are dropped */
    size_t most;         /* entries from which on there are too many */
    uint32_t least;      /* the coarse score from which on a statement may be among the best; 0 is below all */
    uint32_t margin;     /* of coarse scores (coarse.h) */
    uint32_t occupation; /* that of the next window's first statement, or one before it */
    uint32_t cell;       /* the same for the next contender, if there are filters */
    bool crowded;        /* there are too many */
    sks_windows windows;
};

/* ------------------------------------------------------------------- entries */

/* Drop the entries that cannot be among the best. */
static void
drop_worse (struct search *search)
{
    if (search->count > search->wanted) {
        sks_scored_select_ranks (search->entries, search->count, search->wanted);
        uint32_t score = (uint32_t) (sks_scored_least_rank (search->entries, search->wanted) >> 32);
        if (score > search->least + search->margin)
            search->least = score - search->margin;
        size_t kept = search->wanted;
        for (size_t i = kept; i < search->count; i++)
            if (search->entries[i] >> 32 >= search->least)
                search->entries[kept++] = search->entries[i];
        search->count = kept;
    }
    search->full = search->count + search->wanted;
    search->crowded = search->full > search->most;
}

static void
offer (struct search *search, uint32_t at)
{
    uint32_t statement = search->windows.base + at;
    if (search->fails->any) {
        while (search->windows.scorer->store->cells[search->cell + 1] <= statement)
            search->cell++;
        if (sks_cell_fails (search->fails, search->cell))
            return;
    }
    search->entries[search->count++] = (entry) search->windows.coarse[at] << 32 | statement;
    if (search->count == search->full)
        drop_worse (search);
}

/* ------------------------------------------------------------------- windows */

#define LANES 32
#define HALF_LANES 16
typedef uint16_t lanes __attribute__ ((vector_size (2 * LANES)));
typedef uint16_t lanes_anywhere __attribute__ ((vector_size (2 * LANES), aligned (2), may_alias));
typedef uint16_t half_lanes __attribute__ ((vector_size (2 * HALF_LANES)));
typedef uint16_t half_lanes_anywhere __attribute__ ((vector_size (2 * HALF_LANES), aligned (2), may_alias));
typedef uint64_t eight __attribute__ ((vector_size (64)));
typedef uint64_t four __attribute__ ((vector_size (32)));
typedef uint64_t two __attribute__ ((vector_size (16)));

_Static_assert(CONTEXTS % HALF_LANES == 0 && CONTEXTS <= SKS_WINDOW_SPARE, "contexts are written in halves");

/* Write the context of each statement's occupation, CONTEXTS at a time, as most occupations have fewer statements: what
 * is too much is overwritten by the next ones. Returns the occupation of the statement at `end`. */
SKS_CLONES
static uint32_t
spread_contexts (uint16_t *out, const uint16_t *contexts, const uint32_t *starts, uint32_t occupation, uint32_t base,
                 uint32_t end)
{
    for (uint32_t from = base; from < end;) {
        uint32_t stop = starts[occupation + 1];
        half_lanes context = (half_lanes) { 0 } + contexts[occupation];
        for (; from < stop && from < end; from += CONTEXTS)
            for (size_t i = 0; i < CONTEXTS; i += HALF_LANES)
                *(half_lanes_anywhere *) (out + (from - base) + i) = context;
        from = stop;
        occupation += stop <= end;
    }
    return occupation;
}

/* Which of 64 scores reach the least one. Bit 8 * b + i stands for the score at 4 * i + b / 2, and 32 more if b is odd:
 * the masks of two vectors are interleaved in one of 64 bytes, each byte i of 8 keeps bit i, and all are joined. */
static inline __attribute__ ((always_inline)) uint64_t
find_reaching (const uint16_t *scores, const lanes *least)
{
    static const eight bits = { UINT64_C (0x0101010101010101) << 0, UINT64_C (0x0101010101010101) << 1,
                                UINT64_C (0x0101010101010101) << 2, UINT64_C (0x0101010101010101) << 3,
                                UINT64_C (0x0101010101010101) << 4, UINT64_C (0x0101010101010101) << 5,
                                UINT64_C (0x0101010101010101) << 6, UINT64_C (0x0101010101010101) << 7 };
    eight first = (eight) (*(const lanes_anywhere *) scores >= *least);
    eight second = (eight) (*(const lanes_anywhere *) (scores + LANES) >= *least);
    eight all = ((first & UINT64_C (0x00FF00FF00FF00FF)) | (second & UINT64_C (0xFF00FF00FF00FF00))) & bits;
    four half = __builtin_shufflevector (all, all, 0, 1, 2, 3) | __builtin_shufflevector (all, all, 4, 5, 6, 7);
    two quarter = __builtin_shufflevector (half, half, 0, 1) | __builtin_shufflevector (half, half, 2, 3);
    return quarter[0] | quarter[1];
}

/* The same bits in the order of the scores. */
static uint64_t
sort_reaching (uint64_t mixed)
{
    uint64_t sorted = 0;
    for (; mixed; mixed &= mixed - 1) {
        unsigned bit = (unsigned) __builtin_ctzll (mixed), b = bit / 8, i = bit % 8;
        sorted |= UINT64_C (1) << (4 * i + b / 2 + 32 * (b % 2));
    }
    return sorted;
}

/* Offer the members of a window that reach the least score. */
SKS_CLONES
static void
offer_window (struct search *search)
{
    const uint64_t *members = search->set->bits + search->windows.base / 64;
    uint32_t count = search->windows.end - search->windows.base;
    lanes least = (lanes) { 0 } + (uint16_t) search->least;
    for (uint32_t at = 0; at < count && !search->crowded; at += 64) {
        uint64_t mixed = find_reaching (search->windows.coarse + at, &least);
        if (!mixed)
            continue;
        for (uint64_t left = sort_reaching (mixed) & members[at / 64]; left && !search->crowded; left &= left - 1)
            offer (search, at + (uint32_t) __builtin_ctzll (left));
        least = (lanes) { 0 } + (uint16_t) search->least;
    }
}

/* Of the second window, which is the first large one, offer the statements with the word that weighs most before the
 * others, as the best mostly have it. So the least score is high when the others are compared. */
static void
offer_heaviest (struct search *search)
{
    const sks_scorer *scorer = search->windows.scorer;
    uint16_t *scores = search->windows.coarse;
    size_t heaviest = 0;
    for (size_t w = 1; w < scorer->count; w++)
        if (scorer->words[w].worth[SKS_KIN_FORM] > scorer->words[heaviest].worth[SKS_KIN_FORM])
            heaviest = w;
    const uint32_t *postings = scorer->words[heaviest].postings->packed.postings;
    for (uint32_t i = 0; i < search->windows.next[heaviest] && !search->crowded; i++) {
        uint32_t statement = sks_packed_number (postings[i]), at = statement - search->windows.base;
        if (statement >= search->windows.base && scores[at] >= search->least &&
            sks_set_has_bit (search->set->bits, statement)) {
            offer (search, at);
            scores[at] = 0;
        }
    }
}

static void
search_windows (struct search *search)
{
    sks_windows *windows = &search->windows;
    const uint32_t *starts = windows->scorer->snapshot->facets.starts;
    while (windows->end < search->set->universe && !search->crowded && sks_windows_move (windows, windows->end)) {
        search->occupation = spread_contexts (windows->coarse, search->contexts, starts, search->occupation,
                                              windows->base, windows->end);
        memset (windows->coarse + (windows->end - windows->base), 0, SKS_WINDOW_SPARE * sizeof *windows->coarse);
        sks_windows_add (windows);
        if (windows->base == SKS_WINDOW_FIRST && windows->scorer->count && !search->fails->any)
            offer_heaviest (search);
        offer_window (search);
    }
    drop_worse (search);
}

int
sks_contenders_find (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
                     size_t wanted, uint32_t **out_p, uint32_t *count_p, sks_error *err)
{
    struct search search; /* large, so it is not zeroed */
    sks_coarse coarse;
    int code = sks_coarse_make (&coarse, scorer, contexts, err);
    if (code || (code = sks_windows_start (&search.windows, scorer, coarse.scale, err)))
        return code;
    search.set = set;
    search.fails = fails;
    search.contexts = coarse.contexts;
    search.count = 0;
    search.wanted = wanted;
    search.full = wanted + 1;
    search.most = MOST_TIMES * wanted + MOST_MORE;
    search.least = 1;
    search.margin = coarse.margin;
    search.occupation = search.cell = 0;
    search.crowded = false;
    size_t space = search.most < set->count ? search.most : set->count;
    search.entries = sks_arena_room (scorer->arena, space, sizeof *search.entries);
    *out_p = sks_arena_room (scorer->arena, space, sizeof **out_p);
    if (!search.entries || !*out_p)
        return sks_fail_memory (err);
    search_windows (&search);
    *count_p = (uint32_t) search.count;
    for (size_t i = 0; i < search.count; i++)
        (*out_p)[i] = (uint32_t) search.entries[i];
    if (search.crowded)
        *out_p = NULL;
    return 0;
}
