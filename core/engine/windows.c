/* windows.c - adds the shares of words by window. */
#include "windows.h"

#include "worth.h"

/* The cost of a window, in units of a budget. */
#define WINDOW_UNITS(windows) (((windows)->end - (windows)->base) / 4 * ((windows)->scorer->count + 1))

/* What a kind of posting adds. */
static inline float
share_of_kind (const sks_worth *word, sks_posting_kind kind)
{
    return word->flat ? sks_worth_share_alone (word, kind) : sks_worth_share (word, kind);
}

static void *
share_kinds (const sks_scorer *scorer, size_t w, float scale)
{
    const sks_postings *p = scorer->words[w].postings;
    const sks_worth word = sks_worth_of (scorer, w);
    float *exact = sks_arena_room (scorer->arena, p->kind_count, sizeof *exact);
    uint16_t *coarse = (void *) exact;
    for (uint32_t i = 0; exact && i < p->kind_count; i++)
        if (scale > 0)
            coarse[i] = (uint16_t) (share_of_kind (&word, p->kinds[i]) * scale);
        else
            exact[i] = share_of_kind (&word, p->kinds[i]);
    return exact;
}

int
sks_windows_start (sks_windows *out, const sks_scorer *scorer, float scale, sks_error *err)
{
    out->scorer = scorer;
    out->scale = scale;
    out->first = 0;
    out->base = out->end = 0;
    out->follows = false;
    out->next = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->next);
    out->stop = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->stop);
    out->shares = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *out->shares);
    bool made = out->next && out->stop && out->shares;
    for (size_t w = 0; made && w < scorer->count; w++)
        if (scorer->words[w].postings->kind_count)
            made = (out->shares[w] = share_kinds (scorer, w, scale)) != NULL;
    return made ? 0 : sks_fail_memory (err);
}

bool
sks_windows_move (sks_windows *windows, uint32_t statement)
{
    uint32_t size = windows->scale > 0 ? SKS_WINDOW_COARSE : SKS_WINDOW_EXACT;
    uint32_t statements = windows->scorer->store->statements, base = statement / size * size;
    uint32_t end = statements - base > size ? base + size : statements;
    bool first = windows->first && !windows->end && end > windows->first;
    windows->base = base > windows->end ? base : windows->end;
    windows->follows = windows->base == windows->end;
    windows->end = first ? windows->first : end;
    return !sks_budget_spend (windows->scorer->budget, WINDOW_UNITS (windows));
}

/* -------------------------------------------------------------------- shares */

/* Postings whose shares are read before any is added, so that the processor works on all of them at once. */
#define SHARES 4

/* Postings of one block, and the window: numbers within the block. */
struct postings {
    const uint32_t *at;
    uint32_t next, stop, base, end;
    const uint8_t *lengths; /* of the statements of the block */
    const void *shares;     /* by kind; NULL: the load is a wdf, and its share follows from word and length */
};

/* What a posting adds. */
typedef union share {
    float exact;
    uint16_t coarse;
} share;

/* How shares are found and added. Constants, so that the loop is compiled once for each way. */
struct way {
    bool coarse;
    bool kinds; /* there is a share for each kind */
    bool alone; /* the word is the only one of the query */
};

static inline __attribute__ ((always_inline)) share
share_of (uint32_t posting, const struct postings *in, const sks_worth *word, float scale, struct way way)
{
    uint32_t load = sks_packed_load (posting);
    if (way.kinds && way.coarse)
        return (share) { .coarse = ((const uint16_t *) in->shares)[load] };
    if (way.kinds)
        return (share) { .exact = ((const float *) in->shares)[load] };
    sks_posting_kind kind = sks_posting_kind_of (load, in->lengths[sks_packed_number (posting)]);
    float exact = way.alone ? sks_worth_share_alone (word, kind) : sks_worth_share (word, kind);
    if (way.coarse)
        return (share) { .coarse = (uint16_t) (exact * scale) };
    return (share) { .exact = exact };
}

static inline __attribute__ ((always_inline)) void
add_to (void *scores, size_t at, share more, bool coarse)
{
    uint16_t *score = (uint16_t *) scores + at;
    if (coarse)
        *score = (uint16_t) (*score + more.coarse);
    else
        ((float *) scores)[at] += more.exact;
}

static inline __attribute__ ((always_inline)) uint32_t
add (void *restrict scores, const struct postings *postings, const sks_worth *word, float scale, struct way way)
{
    const struct postings in = *postings;
    const size_t stop = in.stop, base = in.base;
    size_t i = in.next;
    for (; i + SHARES <= stop && sks_packed_number (in.at[i + SHARES - 1]) < in.end; i += SHARES) {
        share shares[SHARES];
#pragma GCC unroll 4
        for (size_t k = 0; k < SHARES; k++)
            shares[k] = share_of (in.at[i + k], &in, word, scale, way);
#pragma GCC unroll 4
        for (size_t k = 0; k < SHARES; k++)
            add_to (scores, sks_packed_number (in.at[i + k]) - base, shares[k], way.coarse);
    }
    for (; i < stop && sks_packed_number (in.at[i]) < in.end; i++)
        add_to (scores, sks_packed_number (in.at[i]) - base, share_of (in.at[i], &in, word, scale, way), way.coarse);
    return (uint32_t) i;
}

static inline __attribute__ ((always_inline)) uint32_t
add_way (void *restrict scores, const struct postings *in, const sks_worth *worth, float scale, bool coarse)
{
    const sks_worth word = *worth;
    if (in->shares)
        return add (scores, in, &word, scale, (struct way) { coarse, true, false });
    return word.flat ? add (scores, in, &word, scale, (struct way) { coarse, false, true })
                     : add (scores, in, &word, scale, (struct way) { coarse, false, false });
}

/* Add the shares of a window's postings to scores. Returns the first posting after the window. */
SKS_CLONES
static uint32_t
add_shares (void *restrict scores, const struct postings *in, const sks_worth *word, float scale)
{
    return scale > 0 ? add_way (scores, in, word, scale, true) : add_way (scores, in, word, scale, false);
}

/* Add the shares of a word for the statements of the window. */
static void
add_word (sks_windows *windows, size_t w)
{
    const sks_postings *p = windows->scorer->words[w].postings;
    const sks_worth word = sks_worth_of (windows->scorer, w);
    uint32_t statements = windows->scorer->store->statements, block = windows->base & ~(SKS_PACKED_BLOCK - 1);
    if (!windows->follows)
        windows->next[w] = sks_postings_seek (p, windows->base);
    if (!windows->follows || windows->base == block)
        windows->stop[w] =
            sks_postings_seek (p, statements - block > SKS_PACKED_BLOCK ? block + SKS_PACKED_BLOCK : statements);
    const struct postings in = { .at = p->packed.postings,
                                 .next = windows->next[w],
                                 .stop = windows->stop[w],
                                 .base = windows->base - block,
                                 .end = windows->end - block,
                                 .lengths = word.lengths + block,
                                 .shares = windows->shares[w] };
    windows->next[w] = add_shares (windows->coarse, &in, &word, windows->scale);
}

/* Add what a statement of the window gains, except by words. */
static void
add_gain (sks_windows *windows, uint32_t statement, float gain)
{
    bool coarse = windows->scale > 0;
    uint16_t scaled = coarse ? (uint16_t) (gain * windows->scale) : 0;
    share exact = { .exact = gain }, rounded = { .coarse = scaled };
    add_to (windows->coarse, statement - windows->base, coarse ? rounded : exact, coarse);
}

void
sks_windows_add (sks_windows *windows)
{
    const sks_scorer *scorer = windows->scorer;
    for (size_t w = 0; w < scorer->count; w++)
        add_word (windows, w);
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] >= windows->base && scorer->full[i] < windows->end)
            add_gain (windows, scorer->full[i], scorer->gain);
    size_t i = sks_set_list_find (scorer->brought, (uint32_t) scorer->brought_count, 0, windows->base);
    for (; i < scorer->brought_count && scorer->brought[i] < windows->end; i++)
        add_gain (windows, scorer->brought[i], scorer->brought_gains[i]);
}
