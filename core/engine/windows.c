/* windows.c - adds the shares of words, and compares the scores of 64 statements at a time. */
#include "windows.h"

#include "worth.h"

#include <string.h>

/* Contexts that are written at a time. */
#define CONTEXTS 64

/* The cost of a window, in units of a budget. */
#define WINDOW_UNITS(scorer) (SKS_WINDOW / 4 * ((scorer)->count + 1))

/* Compute the share of each kind of a word's postings. */
static void
share_kinds (float *out, const sks_postings *p, const sks_worth *word)
{
    for (uint32_t i = 0; i < p->kind_count; i++)
        out[i] = word->flat ? sks_worth_share_alone (word, p->kinds[i]) : sks_worth_share (word, p->kinds[i]);
}

int
sks_windows_start (sks_windows *out, const sks_scorer *scorer, sks_error *err)
{
    out->scorer = scorer;
    out->base = out->end = 0;
    out->zero = false;
    out->next = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->next);
    out->stop = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->stop);
    out->shares = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->shares);
    bool made = out->next && out->stop && out->shares;
    for (size_t w = 0; made && w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        const sks_worth word = sks_worth_of (scorer, w);
        if (p->kind_count && (made = (out->shares[w] = sks_arena_room (scorer->arena, p->kind_count, sizeof (float)))))
            share_kinds (out->shares[w], p, &word);
    }
    return made ? 0 : sks_fail_memory (err);
}

/* Postings whose shares are read before any is added, so that the processor works on all of them at once. */
#define SHARES 4

/* The kind of a posting whose load is its wdf.
 *   lengths   of the statements of its block */
static inline sks_posting_kind
kind_of (uint32_t posting, const uint8_t *lengths)
{
    return sks_posting_kind_of (sks_packed_load (posting), lengths[sks_packed_number (posting)]);
}

/* Postings of one block, and the window: numbers within the block. */
struct postings {
    const uint32_t *at;
    uint32_t next, stop, base, end;
};

/* What a posting adds.
 *   shares_of   by kind; NULL: the load is a wdf, and its share follows from the word and the statement's length */
static inline __attribute__ ((always_inline)) float
share_of (uint32_t posting, const float *shares_of, const sks_worth *word, const uint8_t *lengths)
{
    return shares_of ? shares_of[sks_packed_load (posting)] : sks_worth_share (word, kind_of (posting, lengths));
}

/* Add the shares of a window's postings. Returns the first one after the window. */
static inline __attribute__ ((always_inline)) uint32_t
add (float *restrict scores, const struct postings *in, const float *shares_of, const sks_worth *word,
     const uint8_t *lengths)
{
    const uint32_t *at = in->at;
    const size_t stop = in->stop, base = in->base;
    const uint32_t end = in->end;
    size_t i = in->next;
    for (; i + SHARES <= stop && sks_packed_number (at[i + SHARES - 1]) < end; i += SHARES) {
        float shares[SHARES];
#pragma GCC unroll 4
        for (size_t k = 0; k < SHARES; k++)
            shares[k] = share_of (at[i + k], shares_of, word, lengths);
#pragma GCC unroll 4
        for (size_t k = 0; k < SHARES; k++)
            scores[sks_packed_number (at[i + k]) - base] += shares[k];
    }
    for (; i < stop && sks_packed_number (at[i]) < end; i++)
        scores[sks_packed_number (at[i]) - base] += share_of (at[i], shares_of, word, lengths);
    return (uint32_t) i;
}

/* The loop is compiled once for each kind of load. */
SKS_CLONES
static uint32_t
add_shares (float *restrict scores, const struct postings *in, const float *shares_of, const sks_worth *worth,
            const uint8_t *lengths)
{
    const sks_worth word = *worth;
    return shares_of ? add (scores, in, shares_of, &word, lengths) : add (scores, in, NULL, &word, lengths);
}

/* The same for the only word of a query. */
static uint32_t
add_shares_alone (float *restrict scores, const struct postings *in, const sks_worth *worth, const uint8_t *lengths)
{
    const sks_worth word = *worth;
    uint32_t i = in->next;
    for (; i < in->stop && sks_packed_number (in->at[i]) < in->end; i++)
        scores[sks_packed_number (in->at[i]) - in->base] += sks_worth_share_alone (&word, kind_of (in->at[i], lengths));
    return i;
}

/* Add the shares of a word for the statements of the window. */
static void
add_word (sks_windows *windows, size_t w, bool follows)
{
    const sks_postings *p = windows->scorer->words[w].postings;
    const sks_worth word = sks_worth_of (windows->scorer, w);
    uint32_t statements = windows->scorer->store->statements, block = windows->base & ~(SKS_PACKED_BLOCK - 1);
    if (!follows)
        windows->next[w] = sks_postings_seek (p, windows->base);
    if (!follows || windows->base == block)
        windows->stop[w] =
            sks_postings_seek (p, statements - block > SKS_PACKED_BLOCK ? block + SKS_PACKED_BLOCK : statements);
    const struct postings in = { p->packed.postings, windows->next[w], windows->stop[w], windows->base - block,
                                 windows->end - block };
    const float *shares = windows->shares[w];
    windows->next[w] = word.flat && !shares ? add_shares_alone (windows->scores, &in, &word, word.lengths + block)
                                            : add_shares (windows->scores, &in, shares, &word, word.lengths + block);
}

/* Add what statements gain, except by words. */
static void
add_gains (sks_windows *windows)
{
    const sks_scorer *scorer = windows->scorer;
    uint32_t base = windows->base, end = windows->end;
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] >= base && scorer->full[i] < end)
            windows->scores[scorer->full[i] - base] += scorer->gain;
    size_t i = sks_set_list_find (scorer->brought, (uint32_t) scorer->brought_count, 0, base);
    for (; i < scorer->brought_count && scorer->brought[i] < end; i++)
        windows->scores[scorer->brought[i] - base] += scorer->brought_gains[i];
}

bool
sks_windows_score (sks_windows *windows, uint32_t statement)
{
    const sks_scorer *scorer = windows->scorer;
    uint32_t statements = scorer->store->statements, base = statement / SKS_WINDOW * SKS_WINDOW;
    bool follows = base == windows->end;
    if (sks_budget_spend (scorer->budget, WINDOW_UNITS (scorer)))
        return false;
    windows->base = base;
    windows->end = statements - base > SKS_WINDOW ? base + SKS_WINDOW : statements;
    if (!windows->zero)
        memset (windows->scores, 0, sizeof windows->scores);
    windows->zero = false;
    for (size_t w = 0; w < scorer->count; w++)
        add_word (windows, w, follows);
    if (scorer->full_count || scorer->brought_count)
        add_gains (windows);
    return true;
}

/* ------------------------------------------------------------------ offer */

/* Scores that are compared at a time. */
typedef float sixteen __attribute__ ((vector_size (64)));
typedef float anywhere __attribute__ ((vector_size (64), aligned (4), may_alias)); /* at any float */
typedef int32_t numbers __attribute__ ((vector_size (64)));
typedef uint64_t eight __attribute__ ((vector_size (64)));
typedef uint64_t four __attribute__ ((vector_size (32)));
typedef uint64_t two __attribute__ ((vector_size (16)));
#define SIXTEEN (sizeof (sixteen) / sizeof (float))

/* Which of 32 statements reach the least score of the best, one bit each. The last step adds the contexts of their
 * occupations, so these are the final scores. */
static inline __attribute__ ((always_inline)) uint64_t
find_reaching (const float *words, const float *contexts, float least)
{
    static const numbers bits[2] = {
        { 0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000 },
        { 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000, 0x4000000,
          0x8000000, 0x10000000, 0x20000000, 0x40000000, INT32_MIN },
    };
    numbers reaching = { 0 };
    for (unsigned i = 0; i < 2; i++) {
        sixteen sums = *(const anywhere *) (words + SIXTEEN * i) + *(const anywhere *) (contexts + SIXTEEN * i);
        reaching |= (numbers) (sums >= least) & bits[i];
    }
    eight all = (eight) reaching;
    four half = __builtin_shufflevector (all, all, 0, 1, 2, 3) | __builtin_shufflevector (all, all, 4, 5, 6, 7);
    two quarter = __builtin_shufflevector (half, half, 0, 1) | __builtin_shufflevector (half, half, 2, 3);
    uint64_t both = quarter[0] | quarter[1];
    return (uint32_t) (both | both >> 32);
}

/* A search for the best members of a set of bits. */
struct search {
    const sks_set *set;
    const sks_fails *fails;
    const float *contexts; /* by occupation */
    sks_choice *choice;
    uint32_t occupation; /* that of the next window's first statement, or one before it */
    uint32_t cell;       /* the same for the next member, if there are filters */
    sks_windows windows;
    float around[SKS_WINDOW + CONTEXTS]; /* the context of each statement's occupation */
};

/* Write the context of each statement's occupation, CONTEXTS at a time, as most occupations have fewer statements: what
 * is too much is overwritten by the next ones. Returns the occupation of the statement at `end`. */
SKS_CLONES
static uint32_t
spread_contexts (float *out, const float *contexts, const uint32_t *starts, uint32_t occupation, uint32_t base,
                 uint32_t end)
{
    for (uint32_t from = base; from < end;) {
        uint32_t stop = starts[occupation + 1];
        float c = contexts[occupation];
        sixteen context = { c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c };
        for (; from < stop && from < end; from += CONTEXTS)
            for (size_t i = 0; i < CONTEXTS; i += SIXTEEN)
                *(anywhere *) (out + (from - base) + i) = context;
        from = stop;
        occupation += stop <= end;
    }
    return occupation;
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
    sks_choice_push (search->choice, sks_scored_rank (search->windows.scores[at] + search->around[at], statement));
}

/* Offer the members of a window that may be among the best. Scores are set to zero as soon as they have been compared,
 * which costs less than another pass over them. */
SKS_CLONES
static void
offer_window (struct search *search)
{
    float *scores = search->windows.scores;
    const float *around = search->around;
    const uint64_t *members = search->set->bits + search->windows.base / 64;
    uint32_t count = search->windows.end - search->windows.base;
    search->occupation =
        spread_contexts (search->around, search->contexts, search->windows.scorer->snapshot->facets.starts,
                         search->occupation, search->windows.base, search->windows.end);
    float least = sks_choice_least (search->choice);
    for (uint32_t at = 0; at < count; at += 64) {
        uint64_t reaching = find_reaching (scores + at, around + at, least) |
                            find_reaching (scores + at + 32, around + at + 32, least) << 32;
        reaching &= members[at / 64];
        if (reaching) {
            for (; reaching; reaching &= reaching - 1)
                offer (search, at + (uint32_t) __builtin_ctzll (reaching));
            least = sks_choice_least (search->choice);
        }
        for (uint32_t i = at; i < at + 64; i += SIXTEEN)
            *(anywhere *) (scores + i) = (sixteen) { 0 };
    }
    search->windows.zero = true;
}

int
sks_windows_offer (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
                   sks_choice *choice, sks_error *err)
{
    struct search search; /* large, so it is not zeroed */
    search.set = set;
    search.fails = fails;
    search.contexts = contexts;
    search.choice = choice;
    search.occupation = search.cell = 0;
    int code = sks_windows_start (&search.windows, scorer, err);
    while (!code && search.windows.end < set->universe && sks_windows_score (&search.windows, search.windows.end))
        offer_window (&search);
    return code;
}
