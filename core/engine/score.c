/* score.c - all members, look-ups and the selection of the best. */
#include "score.h"

#include "choice.h"
#include "contenders.h"
#include "context.h"
#include "windows.h"
#include "worth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Walking all lists is faster unless there are this many times fewer members than postings. */
#define SEEK_COST 8

/* Contenders are sought if there are at least this many times as many members as places. Else a large part of them
 * contends, and scoring all is faster. */
#define CONTENDED 16

/* The cost of looking a statement up in a posting list, in units of a budget. */
#define SEEK_UNITS 8

void
sks_scorer_make (sks_scorer *out, const sks_matching *m, const sks_ranked_word *words, size_t count, bool reverse)
{
    *out = (sks_scorer) { .snapshot = m->snapshot,
                          .store = m->store,
                          .rank = &m->snapshot->rank,
                          .words = words,
                          .count = count,
                          .reverse = reverse,
                          .arena = m->arena,
                          .budget = m->budget };
}

int
sks_scorer_boost_full (sks_scorer *scorer, const sks_set *full, sks_error *err)
{
    uint32_t *list = sks_arena_room (scorer->arena, full->count + (size_t) 1, sizeof *list);
    if (!list)
        return sks_fail_memory (err);
    sks_set_walk walk = { .set = full };
    while (sks_set_walk_next (&walk, &list[scorer->full_count]))
        scorer->full_count++;
    for (size_t w = 0; w < scorer->count; w++)
        scorer->gain += SKS_RANK_FULL * scorer->words[w].worth[SKS_KIN_FORM];
    scorer->full = list;
    return 0;
}

void
sks_scorer_boost_named (sks_scorer *scorer, const sks_named *named)
{
    scorer->named = *named;
    scorer->named_gain = SKS_RANK_NAMED * named->weight;
}

/* What a posting adds to the score of its statement. */
static inline float
share_of_word (const sks_scorer *scorer, size_t w, uint32_t i, uint32_t statement)
{
    const sks_worth word = sks_worth_of (scorer, w);
    sks_posting_kind kind = sks_worth_kind (&word, i, statement);
    return word.flat ? sks_worth_share_alone (&word, kind) : sks_worth_share (&word, kind);
}

static bool
is_full (const sks_scorer *scorer, uint32_t statement)
{
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] == statement)
            return true;
    return false;
}

float
sks_scorer_brought (const sks_scorer *scorer, uint32_t statement)
{
    uint32_t count = (uint32_t) scorer->brought_count;
    uint32_t i = sks_set_list_find (scorer->brought, count, 0, statement);
    return i < count && scorer->brought[i] == statement ? scorer->brought_gains[i] : 0;
}

/* What a statement gains, except by words. */
static inline float
gain_of (const sks_scorer *scorer, uint32_t statement)
{
    float gain = scorer->full_count && is_full (scorer, statement) ? scorer->gain : 0;
    return scorer->brought_count ? gain + sks_scorer_brought (scorer, statement) : gain;
}

/* ------------------------------------------------------------- all members */

/* Go to the window of a statement, and score all its statements. */
static bool
score_window (sks_windows *windows, uint32_t statement)
{
    if (!sks_windows_move (windows, statement))
        return false;
    memset (windows->exact, 0, sizeof windows->exact);
    sks_windows_add (windows);
    return true;
}

/* All members of a set of bits. */
struct all {
    const uint64_t *members;
    const float *contexts; /* by occupation */
    const sks_fails *fails;
    sks_choice *choice;
    uint32_t occupation; /* that of the next window's first statement */
    sks_windows windows;
};

/* Scores that are compared at a time. */
typedef float sixteen __attribute__ ((vector_size (64)));
typedef float anywhere __attribute__ ((vector_size (64), aligned (4), may_alias)); /* at any float */
typedef int32_t numbers __attribute__ ((vector_size (64)));
typedef uint64_t eight __attribute__ ((vector_size (64)));
typedef uint64_t four __attribute__ ((vector_size (32)));
typedef uint64_t two __attribute__ ((vector_size (16)));
#define SIXTEEN (sizeof (sixteen) / sizeof (float))
#define THIRTY_TWO (2 * SIXTEEN)

_Static_assert(THIRTY_TWO <= SKS_WINDOW_SPARE, "scores after those of a window are compared");

/* The bits of all elements together. */
static inline __attribute__ ((always_inline)) uint64_t
join (const numbers *found)
{
    eight all = (eight) *found;
    four half = __builtin_shufflevector (all, all, 0, 1, 2, 3) | __builtin_shufflevector (all, all, 4, 5, 6, 7);
    two quarter = __builtin_shufflevector (half, half, 0, 1) | __builtin_shufflevector (half, half, 2, 3);
    return quarter[0] | quarter[1];
}

/* Add to `found` the bits of those of 16 scores of an occupation that may be among the best. */
static inline __attribute__ ((always_inline)) void
find_16 (numbers *found, const numbers *bits, const float *scores, float context, float limit, bool reverse)
{
    sixteen sums = *(const anywhere *) scores + context;
    *found |= *bits & (reverse ? (numbers) (sums <= limit) : (numbers) (sums > limit));
}

static const numbers low_bits = { 0x1,   0x2,   0x4,   0x8,   0x10,   0x20,   0x40,   0x80,
                                  0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000 };
static const numbers high_bits = { 0x10000,    0x20000,    0x40000,    0x80000,   0x100000,  0x200000,
                                   0x400000,   0x800000,   0x1000000,  0x2000000, 0x4000000, 0x8000000,
                                   0x10000000, 0x20000000, 0x40000000, INT32_MIN };

/* Whether any of `count` scores, or of the next ones, may be among the best. */
static inline __attribute__ ((always_inline)) bool
find_any (const float *scores, uint32_t count, float context, float limit)
{
    numbers found = { 0 };
    for (uint32_t i = 0; i < count; i += SIXTEEN)
        find_16 (&found, &low_bits, scores + i, context, limit, false);
    return join (&found);
}

/* Which of 32 scores may be among the best, one bit each. */
static inline __attribute__ ((always_inline)) uint32_t
find_32 (const float *scores, float context, float limit, bool reverse)
{
    numbers found = { 0 };
    find_16 (&found, &low_bits, scores, context, limit, reverse);
    find_16 (&found, &high_bits, scores + SIXTEEN, context, limit, reverse);
    uint64_t both = join (&found);
    return (uint32_t) (both | both >> 32);
}

/* The bits of up to 32 members from a statement on. */
static inline uint32_t
members_from (const uint64_t *bits, uint32_t statement, uint32_t count)
{
    uint64_t some = bits[statement / 64] >> statement % 64;
    if (statement % 64 + count > 64)
        some |= bits[statement / 64 + 1] << (64 - statement % 64);
    return (uint32_t) (some & ~(~UINT64_C (0) << count));
}

/* Offer the members [from, end) of the current occupation that may be among the best. */
static inline __attribute__ ((always_inline)) void
offer_members (struct all *all, uint32_t from, uint32_t end, bool reverse)
{
    float context = all->contexts[all->occupation];
    for (; from < end; from += THIRTY_TWO) {
        const float *scores = all->windows.exact + (from - all->windows.base);
        uint32_t some = end - from < THIRTY_TWO ? end - from : THIRTY_TWO;
        uint32_t left = find_32 (scores, context, sks_choice_limit (all->choice), reverse);
        for (left &= members_from (all->members, from, some); left; left &= left - 1) {
            uint32_t at = (uint32_t) __builtin_ctz (left);
            if (sks_filter_passes (all->fails, all->windows.scorer->store, all->occupation, from + at))
                sks_choice_offer (all->choice, scores[at] + context, from + at, all->occupation);
        }
    }
}

/* Offer the members of a window. Statements that are no members have the lowest scores, so it pays to look at all scores
 * of an occupation first only if the highest are wanted. */
static inline __attribute__ ((always_inline)) void
offer_runs (struct all *all, bool reverse)
{
    const uint32_t *starts = all->windows.scorer->snapshot->facets.starts, end = all->windows.end;
    for (uint32_t from = all->windows.base, stop; from < end; from = stop) {
        uint32_t next = starts[all->occupation + 1];
        float context = all->contexts[all->occupation], limit = sks_choice_limit (all->choice);
        stop = next < end ? next : end;
        if (reverse || find_any (all->windows.exact + (from - all->windows.base), stop - from, context, limit))
            offer_members (all, from, stop, reverse);
        all->occupation += next <= end;
    }
}

SKS_CLONES
static void
offer_window (struct all *all)
{
    if (all->choice->reverse)
        offer_runs (all, true);
    else
        offer_runs (all, false);
}

/* Score all members of a set of bits, in their order, which is needed to keep only some of each occupation. */
static int
score_bits (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
            sks_choice *choice, sks_error *err)
{
    struct all all; /* large, so it is not zeroed */
    int code = sks_windows_start (&all.windows, scorer, 0, err);
    all.members = set->bits;
    all.contexts = contexts;
    all.fails = fails;
    all.choice = choice;
    all.occupation = 0;
    while (!code && all.windows.end < set->universe && score_window (&all.windows, all.windows.end))
        offer_window (&all);
    return code;
}

/* The same for a list. Windows without members are skipped. */
static int
score_list (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
            sks_choice *choice, sks_error *err)
{
    sks_windows windows; /* large, so it is not zeroed */
    uint32_t statement;
    int code = sks_windows_start (&windows, scorer, 0, err);
    for (sks_set_walk walk = { .set = set }; !code && sks_set_walk_next (&walk, &statement);) {
        if (statement >= windows.end && !score_window (&windows, statement))
            break;
        uint32_t occupation = sks_facet_table_occupation (&scorer->snapshot->facets, statement);
        if (sks_filter_passes (fails, scorer->store, occupation, statement))
            sks_choice_offer (choice, windows.exact[statement - windows.base] + contexts[occupation], statement,
                              occupation);
    }
    return code;
}

/* ------------------------------------------------------------------ look-ups */

/* Members that are scored together: what is read of one is fetched while others are looked up. */
struct batch {
    uint32_t count, statements[SKS_CONTEXT_MOST];
    uint32_t occupation_count, occupations[SKS_CONTEXT_MOST]; /* each once */
    uint8_t occupation_of[SKS_CONTEXT_MOST];                  /* by member: its index in these */
};

static inline void
add_member (struct batch *batch, uint32_t statement, uint32_t occupation)
{
    if (!batch->occupation_count || batch->occupations[batch->occupation_count - 1] != occupation)
        batch->occupations[batch->occupation_count++] = occupation;
    batch->occupation_of[batch->count] = (uint8_t) (batch->occupation_count - 1);
    batch->statements[batch->count++] = statement;
}

/* Score the members of a batch, by the words in their order, so that all ways to score give the same to the last bit.
 * Then empty it.
 *   contexts   by occupation; NULL: they are looked up */
static inline __attribute__ ((always_inline)) void
end_batch (const sks_scorer *scorer, struct batch *batch, const float *contexts, sks_choice *choice)
{
    float scores[SKS_CONTEXT_MOST] = { 0 }, context[SKS_CONTEXT_MOST];
    for (size_t w = 0; w < scorer->count; w++)
        for (uint32_t i = 0; i < batch->count; i++) {
            uint32_t at = sks_postings_find (scorer->words[w].postings, batch->statements[i]);
            if (at != SKS_NONE)
                scores[i] += share_of_word (scorer, w, at, batch->statements[i]);
        }
    if (!contexts)
        sks_context_of (scorer, batch->occupations, batch->occupation_count, context);
    for (uint32_t i = 0; contexts && i < batch->occupation_count; i++)
        context[i] = contexts[batch->occupations[i]];
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t statement = batch->statements[i], occupation = batch->occupation_of[i];
        float score = scores[i] + gain_of (scorer, statement);
        sks_choice_offer (choice, score + context[occupation], statement, batch->occupations[occupation]);
    }
    batch->count = batch->occupation_count = 0;
}

SKS_CLONES
static void
look_up (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, sks_choice *choice)
{
    struct batch batch = { .count = 0 };
    uint32_t statement;
    sks_set_walk walk = { .set = set };
    while (!sks_budget_spend (scorer->budget, SEEK_UNITS * (scorer->count + 1)) &&
           sks_set_walk_next (&walk, &statement)) {
        uint32_t occupation = sks_facet_table_occupation (&scorer->snapshot->facets, statement);
        if (sks_filter_passes (fails, scorer->store, occupation, statement))
            add_member (&batch, statement, occupation);
        if (batch.count == SKS_CONTEXT_MOST)
            end_batch (scorer, &batch, NULL, choice);
    }
    end_batch (scorer, &batch, NULL, choice);
}

/* ---------------------------------------------------------------- contenders */

SKS_CLONES
static void
score_contenders (const sks_scorer *scorer, const float *contexts, const uint32_t *statements, uint32_t count,
                  sks_choice *choice)
{
    struct batch batch = { .count = 0 };
    sks_budget_spend (scorer->budget, count * SEEK_UNITS * (scorer->count + 1));
    for (uint32_t i = 0; i < count; i++) {
        add_member (&batch, statements[i], sks_facet_table_occupation (&scorer->snapshot->facets, statements[i]));
        if (batch.count == SKS_CONTEXT_MOST)
            end_batch (scorer, &batch, contexts, choice);
    }
    end_batch (scorer, &batch, contexts, choice);
}

/* Score the members that may be among the best, or all, if a coarse score does not distinguish enough. */
static int
score_set (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, sks_choice *choice, sks_error *err)
{
    uint32_t *contenders = NULL, count;
    int code = 0;
    const float *contexts = sks_context_make (scorer);
    if (!contexts)
        return sks_fail_memory (err);
    if (!set->bits)
        return score_list (scorer, contexts, set, fails, choice, err);
    if (!choice->reverse && !choice->run && set->count / CONTENDED >= choice->wanted)
        code = sks_contenders_find (scorer, contexts, set, fails, choice->wanted, &contenders, &count, err);
    if (!code && !contenders)
        return score_bits (scorer, contexts, set, fails, choice, err);
    if (!code)
        score_contenders (scorer, contexts, contenders, count, choice);
    return code;
}

/* --------------------------------------------------------------------- choice */

int
sks_scorer_choose (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want, sks_scored *out,
                   size_t *found, sks_error *err)
{
    sks_choice_run run = { .occupation = SKS_NONE, .best = { .items = run.items, .wanted = scorer->collapse } };
    uint64_t *items = sks_arena_room (scorer->arena, 2 * want + 1, sizeof *items);
    sks_choice choice = { items, 0, want, 0, scorer->reverse, scorer->collapse ? &run : NULL };
    uint64_t postings = 0;
    if (!items)
        return sks_fail_memory (err);
    for (size_t w = 0; w < scorer->count; w++)
        postings += scorer->words[w].postings->count;
    bool seek = (uint64_t) set->count * scorer->count * SEEK_COST < postings;
    int code = 0;
    if (want && seek)
        look_up (scorer, set, fails, &choice);
    else if (want)
        code = score_set (scorer, set, fails, &choice, err);
    if (choice.run)
        sks_choice_end_run (&choice);
    sks_choice_drop_worse (&choice);
    for (size_t i = 0; i < choice.count; i++)
        out[i] = sks_scored_of (choice.items[i]);
    *found = choice.count;
    return code;
}

int
sks_scorer_best (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want, sks_scored *out,
                 size_t *found, sks_error *err)
{
    int code = sks_scorer_choose (scorer, set, fails, want, out, found, err);
    sks_scored_sort (out, *found);
    for (size_t i = 0; i < *found && scorer->reverse; i++)
        out[i] = (sks_scored) { .score = -out[i].score, .statement = ~out[i].statement };
    return code;
}

/* ------------------------------------------------------------------ explain */

static double
note (sks_share *shares, size_t *count, const char *part, const char *term, double score)
{
    if (shares && score != 0)
        shares[(*count)++] = (sks_share) { part, term, score, NULL };
    return score;
}

static double
explain_word (const sks_scorer *scorer, const sks_ranked_word *word, uint32_t statement, sks_share *shares,
              size_t *count)
{
    const sks_store *store = scorer->store;
    const sks_postings *p = word->postings;
    uint32_t i = sks_postings_find (p, statement);
    uint32_t occupation = sks_facet_table_occupation (&scorer->snapshot->facets, statement);
    double sum = 0;
    if (i != SKS_NONE) {
        uint32_t wdf = sks_postings_wdf (p, i);
        double weight = scorer->rank->weight[sks_posting_code (wdf)][store->lengths[statement]];
        unsigned kin = word->kin[sks_posting_rank (wdf)];
        double flat = word->flat ? word->flat[kin] : 0;
        sum += note (shares, count, "stem", word->word, weight * word->worth[SKS_KIN_STEM]);
        sum += note (shares, count, "form", word->word, weight * (word->worth[kin] - word->worth[SKS_KIN_STEM]) + flat);
    }
    sum += note (shares, count, "occupation", word->word, sks_contexts_of (&p->contexts, occupation));
    return sum + note (shares, count, "group", word->word, p->groups[store->occupation[occupation].group]);
}

double
sks_scorer_explain (const sks_scorer *scorer, uint32_t statement, sks_share *shares, size_t *share_count)
{
    double score = 0;
    sks_budget_spend (scorer->budget, SEEK_UNITS * scorer->count);
    *share_count = 0;
    for (size_t w = 0; w < scorer->count; w++)
        score += explain_word (scorer, &scorer->words[w], statement, shares, share_count);
    if (is_full (scorer, statement))
        score += note (shares, share_count, "all", "", scorer->gain);
    if (scorer->named.count &&
        sks_named_has (&scorer->named, sks_facet_table_occupation (&scorer->snapshot->facets, statement)))
        score += note (shares, share_count, "title", "", scorer->named_gain);
    return score;
}
