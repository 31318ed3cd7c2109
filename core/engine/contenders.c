/* contenders.c - compares the coarse scores of 64 statements at a time with the least one of the best so far. */
#include "contenders.h"

#include "coarse.h"
#include "core/base/clones.h"
#include "scored.h"
#include "windows.h"

#include <math.h>
#include <string.h>

/* There may be this many times as many contenders as are wanted, and a few more. */
#define MOST_TIMES 3
#define MOST_MORE 64

/* If more than one of MANY statements is a member, most of them may be equal. Then the first window is a small one, as it
 * shows whether scores are too similar. */
#define MANY 4
#define FIRST_WINDOW 1024

/* Contexts that are written at a time. */
#define CONTEXTS 48

struct search {
    const sks_set *set;
    const sks_fails *fails;
    const uint16_t *contexts; /* by occupation */
    uint32_t *statements;     /* the contenders */
    uint16_t *scores;         /* their coarse scores */
    size_t count, wanted;
    size_t full;         /* number of contenders from which on the worse ones are dropped */
    size_t most;         /* contenders from which on there are too many */
    uint32_t least;      /* the coarse score from which on a statement may be among the best; 0 is below all */
    uint32_t margin;     /* of coarse scores (coarse.h) */
    uint32_t occupation; /* that of the next window's first statement, or one before it */
    bool crowded;        /* there are too many */
    sks_windows windows;
};

/* Contenders that are added at a time, at most. */
#define GROUP 64

#define LANES 32
#define HALF_LANES 16
typedef uint16_t lanes __attribute__ ((vector_size (2 * LANES)));
typedef uint16_t lanes_anywhere __attribute__ ((vector_size (2 * LANES), aligned (2), may_alias));
typedef uint16_t half_lanes __attribute__ ((vector_size (2 * HALF_LANES)));
typedef uint16_t half_lanes_anywhere __attribute__ ((vector_size (2 * HALF_LANES), aligned (2), may_alias));
typedef uint64_t eight __attribute__ ((vector_size (64)));
typedef uint64_t four __attribute__ ((vector_size (32)));
typedef uint64_t two __attribute__ ((vector_size (16)));

/* ---------------------------------------------------------------- contenders */

/* A lane, and a sum of eight of them, counts less than 2^16. */
_Static_assert((MOST_TIMES * SKS_MAX_WINDOW + MOST_MORE + GROUP) / LANES * 8 < UINT16_MAX, "scores fit into sums");

/* The number of scores that are at least `least`, which is not 0. After the scores are zeros up to a whole vector. */
static inline __attribute__ ((always_inline)) size_t
count_reaching (const uint16_t *scores, size_t count, uint32_t least)
{
    lanes limit = (lanes) { 0 } + (uint16_t) least, found = { 0 };
    for (size_t i = 0; i < count; i += LANES)
        found -= (lanes) (*(const lanes_anywhere *) (scores + i) >= limit);
    eight all = (eight) found;
    four half = __builtin_shufflevector (all, all, 0, 1, 2, 3) + __builtin_shufflevector (all, all, 4, 5, 6, 7);
    uint64_t sum = half[0] + half[1] + half[2] + half[3];
    sum = (sum & UINT64_C (0x0000FFFF0000FFFF)) + (sum >> 16 & UINT64_C (0x0000FFFF0000FFFF));
    return (uint32_t) sum + (sum >> 32);
}

/* The greatest score that at least `wanted` contenders reach, found bit by bit, as the branches of a selection are
 * unpredictable. The scores have LANES more elements, which are zeroed. */
SKS_CLONES
static uint32_t
find_reached (struct search *search)
{
    uint32_t reached = 0;
    memset (search->scores + search->count, 0, LANES * sizeof *search->scores);
    for (uint32_t bit = 1 << 15; bit; bit >>= 1) {
        size_t count = count_reaching (search->scores, search->count, reached | bit);
        reached |= bit & -(uint32_t) (count >= search->wanted);
    }
    return reached;
}

/* Drop the contenders that cannot be among the best. */
static void
drop_worse (struct search *search)
{
    if (search->count > search->wanted) {
        uint32_t reached = find_reached (search);
        if (reached > search->least + search->margin)
            search->least = reached - search->margin;
        uint32_t *statements = search->statements, least = search->least;
        uint16_t *scores = search->scores;
        size_t kept = 0;
        for (size_t i = 0; i < search->count; i++) {
            uint16_t score = scores[i];
            statements[kept] = statements[i];
            scores[kept] = score;
            kept += score >= least;
        }
        search->count = kept;
    }
    search->full = search->count + (search->wanted > LANES ? search->wanted : LANES);
    search->crowded = search->count + search->wanted > search->most;
}

/* Of the contenders from `from` on, keep those that the filters pass. */
static void
filter_contenders (struct search *search, size_t from)
{
    const sks_scorer *scorer = search->windows.scorer;
    size_t kept = from;
    for (size_t i = from; i < search->count; i++) {
        uint32_t statement = search->statements[i];
        uint32_t occupation = sks_facet_table_occupation (&scorer->snapshot->facets, statement);
        search->statements[kept] = statement;
        search->scores[kept] = search->scores[i];
        kept += sks_filter_passes (search->fails, scorer->store, occupation, statement);
    }
    search->count = kept;
}

/* Add the contenders that were written up to `end`. */
static inline void
add_contenders (struct search *search, size_t end)
{
    size_t from = search->count;
    search->count = end;
    if (search->fails->any)
        filter_contenders (search, from);
    if (search->count >= search->full)
        drop_worse (search);
}

/* ------------------------------------------------------------------- windows */

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

/* The score that a bit stands for. */
static inline unsigned
score_of (unsigned bit)
{
    unsigned b = bit / 8, i = bit % 8;
    return 4 * i + b / 2 + 32 * (b % 2);
}

/* The groups of 64 statements, of GROUPS, that have scores which reach the least one. */
#define GROUPS 32
struct groups {
    uint32_t at[GROUPS];
    uint64_t reaching[GROUPS];
};

/* List these groups. Returns their number. */
SKS_CLONES
static size_t
compare_groups (struct groups *out, const struct search *search, uint32_t from, uint32_t end)
{
    lanes least = (lanes) { 0 } + (uint16_t) search->least;
    size_t count = 0;
    for (uint32_t at = from; at < end; at += GROUP) {
        uint64_t reaching = find_reaching (search->windows.coarse + at, &least);
        out->at[count] = at;
        out->reaching[count] = reaching;
        count += reaching != 0;
    }
    return count;
}

/* Write the statements of a group that are members and still reach the least score to the end of the contenders. There
 * is no branch on that, as it is unpredictable: a wrong prediction costs as much as twenty instructions. Returns the new
 * end.
 *   bits    the statements to write
 *   mixed   whether they are in the order of find_reaching */
static inline __attribute__ ((always_inline)) size_t
put_group (const struct search *search, uint32_t at, uint64_t bits, bool mixed)
{
    const uint16_t *coarse = search->windows.coarse + at;
    uint32_t statement = search->windows.base + at, least = search->least, *statements = search->statements;
    uint64_t members = search->set->bits[statement / GROUP];
    uint16_t *scores = search->scores;
    size_t end = search->count;
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned) __builtin_ctzll (bits), i = mixed ? score_of (bit) : bit;
        statements[end] = statement + i;
        scores[end] = coarse[i];
        end += (members >> i & 1) & (coarse[i] >= least);
    }
    return end;
}

/* Offer the members of a window that reach the least score. */
static void
offer_window (struct search *search)
{
    uint32_t count = search->windows.end - search->windows.base;
    struct groups groups = { .at = { 0 } };
    for (uint32_t from = 0; from < count; from += GROUPS * GROUP) {
        uint32_t end = count - from > GROUPS * GROUP ? from + GROUPS * GROUP : count;
        size_t listed = compare_groups (&groups, search, from, end);
        for (size_t i = 0; i < listed && !search->crowded; i++)
            add_contenders (search, put_group (search, groups.at[i], groups.reaching[i], true));
    }
}

/* Offer all members of a small first window, as there is no least score to compare them with. */
static void
offer_first (struct search *search)
{
    for (uint32_t at = 0; at < search->windows.end && !search->crowded; at += GROUP)
        add_contenders (search, put_group (search, at, search->set->bits[at / GROUP], false));
}

/* Offer the statements of the window that have a word, of which the first posting is given. Returns their number. */
static uint32_t
offer_word (struct search *search, size_t w, uint32_t first)
{
    const uint32_t *postings = search->windows.scorer->words[w].postings->packed.postings;
    const uint64_t *members = search->set->bits;
    uint16_t *coarse = search->windows.coarse;
    for (uint32_t i = first; i < search->windows.next[w] && !search->crowded; i++) {
        uint32_t statement = sks_packed_number (postings[i]), at = statement - search->windows.base;
        uint16_t score = coarse[at];
        bool offered = (score >= search->least) & (members[statement / 64] >> statement % 64 & 1);
        search->statements[search->count] = statement;
        search->scores[search->count] = score;
        coarse[at] = offered ? 0 : score;
        add_contenders (search, search->count + offered);
    }
    return search->windows.next[w] - first;
}

/* The word that weighs most of those that weigh less than word `other`, or of all; the number of words if there is none.
 */
static size_t
find_heaviest (const sks_scorer *scorer, size_t other)
{
    size_t heaviest = scorer->count;
    float most = -1, end = other < scorer->count ? scorer->words[other].worth[SKS_KIN_FORM] : INFINITY;
    for (size_t w = 0; w < scorer->count; w++) {
        float worth = scorer->words[w].worth[SKS_KIN_FORM];
        if (worth > most && worth < end) {
            most = worth;
            heaviest = w;
        }
    }
    return heaviest;
}

/* Of the first large window, offer the statements with the words that weigh most before the
 * others, until there are enough of them, as the best mostly have these words. So the least score is high when the others
 * are compared. */
static void
offer_heaviest (struct search *search)
{
    const sks_scorer *scorer = search->windows.scorer;
    size_t offered = 0, w = find_heaviest (scorer, scorer->count);
    for (; w < scorer->count && offered < search->wanted; w = find_heaviest (scorer, w))
        offered += offer_word (search, w, sks_postings_seek (scorer->words[w].postings, search->windows.base));
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
        if (windows->base == windows->first)
            offer_heaviest (search);
        if (windows->base || !windows->first)
            offer_window (search);
        else
            offer_first (search);
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
    search.occupation = 0;
    search.crowded = false;
    search.windows.first = set->count > set->universe / MANY ? FIRST_WINDOW : 0;
    size_t space = (search.most + LANES < set->count ? search.most + LANES : set->count) + GROUP;
    search.statements = *out_p = sks_arena_room (scorer->arena, space, sizeof *search.statements);
    search.scores = sks_arena_room (scorer->arena, space + LANES, sizeof *search.scores);
    if (!search.scores || !search.statements)
        return sks_fail_memory (err);
    search_windows (&search);
    *count_p = (uint32_t) search.count;
    if (search.crowded)
        *out_p = NULL;
    return 0;
}
