/* score.c - windows, look-ups and the selection of the best. */
#include "score.h"

#include "contenders.h"
#include "choice.h"
#include "context.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Contexts that are written at a time. */
#define CONTEXTS 64

/* Scoring a contender by itself costs as much as adding this many postings to the scores of a window. */
#define CONTENDER_COST 12

/* Walking all lists is faster unless there are this many times fewer members than postings. */
#define SEEK_COST 8

/* The cost of a window, in units of a budget. */
#define WINDOW_UNITS(scorer) (SKS_WINDOW / 4 * ((scorer)->count + 1))

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
                          .few_windows = SKS_WINDOWS_FEW,
                          .arena = m->arena,
                          .budget = m->budget };
}

int
sks_scorer_boost_full (sks_scorer *scorer, const sks_set *full, sks_error *err)
{
    uint32_t *list = sks_arena_room (scorer->arena, full->count + (size_t) 1, sizeof *list);
    if (!list)
        return sks_fail_memory (err);
    sks_set_walk walk = { full, 0 };
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

/* ------------------------------------------------------------------ windows */

/* The data of a ranked word. The ranks of forms follow no pattern, so their worth is read from a table instead of
 * chosen by a branch. */
struct word {
    const float (*weight)[SKS_RANK_LENGTHS];
    const uint8_t *lengths;
    const uint16_t *wdf;
    const uint32_t *statements;
    uint32_t count;
    const uint8_t *kin;
    const float *worth, *flat;
};

static inline struct word
word_of (const sks_scorer *scorer, size_t w)
{
    const sks_ranked_word *word = &scorer->words[w];
    const sks_postings *p = word->postings;
    return (struct word) { scorer->rank->weight,
                           scorer->store->lengths,
                           p->wdf,
                           p->statements,
                           p->count,
                           word->kin,
                           word->worth,
                           word->flat };
}

static inline float
share_of (const struct word *word, uint32_t i)
{
    uint32_t wdf = word->wdf[i];
    return word->weight[sks_posting_code (wdf)][word->lengths[word->statements[i]]] *
           word->worth[word->kin[sks_posting_rank (wdf)]];
}

/* The worth that the form of the only word of a query adds. */
static inline float
flat_of (const struct word *word, uint32_t i)
{
    return word->flat[word->kin[sks_posting_rank (word->wdf[i])]];
}

/* What a posting adds to the score of its statement. */
static inline float
share_of_word (const sks_scorer *scorer, size_t w, uint32_t i)
{
    const struct word word = word_of (scorer, w);
    return word.flat ? flat_of (&word, i) + share_of (&word, i) : share_of (&word, i);
}

/* Add a word's shares for the statements [base, end), from its posting `next` on. */
static inline __attribute__ ((always_inline)) void
add_shares (const sks_scorer *scorer, size_t w, uint32_t next, uint32_t base, uint32_t end, float *scores)
{
    const struct word word = word_of (scorer, w);
    for (uint32_t i = next; word.flat && i < word.count && word.statements[i] < end; i++)
        scores[word.statements[i] - base] += flat_of (&word, i);
    for (; next < word.count && word.statements[next] < end; next++)
        scores[word.statements[next] - base] += share_of (&word, next);
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

/* The statements [base, end), and the score that the words add to each. */
struct window {
    uint32_t base, end;
    float scores[SKS_WINDOW];
    float contexts[SKS_WINDOW + CONTEXTS]; /* of their occupations */
};

static void
clear_window (struct window *window)
{
    memset (window->scores, 0, (window->end - window->base + 63) / 64 * 64 * sizeof *window->scores);
}

/* Add what statements gain, except by words. */
static void
add_gains (const sks_scorer *scorer, struct window *window)
{
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] >= window->base && scorer->full[i] < window->end)
            window->scores[scorer->full[i] - window->base] += scorer->gain;
    size_t i = sks_set_list_find (scorer->brought, (uint32_t) scorer->brought_count, 0, window->base);
    for (; i < scorer->brought_count && scorer->brought[i] < window->end; i++)
        window->scores[scorer->brought[i] - window->base] += scorer->brought_gains[i];
}

/* ------------------------------------------------------------- all members */

/* Score all members in their order, which is needed to keep only some of each occupation, and skips windows without
 * members. */
static int
score_all (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, sks_choice *choice, sks_error *err)
{
    struct window window; /* large, so it is not zeroed */
    const sks_store *store = scorer->store;
    const float *contexts = sks_context_make (scorer);
    uint32_t statement, cell = 0, *from = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *from);
    if (!contexts || !from)
        return sks_fail_memory (err);
    window.end = 0;
    for (sks_set_walk walk = { set, 0 }; sks_set_walk_next (&walk, &statement);) {
        if (statement >= window.end) {
            if (sks_budget_spend (scorer->budget, WINDOW_UNITS (scorer)))
                break;
            window.base = statement / SKS_WINDOW * SKS_WINDOW;
            window.end = store->statements - window.base > SKS_WINDOW ? window.base + SKS_WINDOW : store->statements;
            clear_window (&window);
            for (size_t w = 0; w < scorer->count; w++) {
                const sks_postings *p = scorer->words[w].postings;
                from[w] = sks_set_list_find (p->statements, p->count, from[w], window.base);
                add_shares (scorer, w, from[w], window.base, window.end, window.scores);
            }
            add_gains (scorer, &window);
        }
        while (store->cells[cell + 1] <= statement)
            cell++;
        uint32_t occupation = cell / SKS_LEVELS;
        if (!fails->any || !sks_cell_fails (fails, cell))
            sks_choice_offer (choice, window.scores[statement - window.base] + contexts[occupation], statement,
                              occupation);
    }
    return 0;
}

/* -------------------------------------------------------------- contenders */

/* Scores that are compared at a time. */
typedef float sixteen __attribute__ ((vector_size (64)));
typedef int32_t numbers __attribute__ ((vector_size (64)));
typedef uint64_t halves __attribute__ ((vector_size (64)));
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
        sixteen sums, others;
        memcpy (&sums, words + SIXTEEN * i, sizeof sums);
        memcpy (&others, contexts + SIXTEEN * i, sizeof others);
        sums += others;
        reaching |= (numbers) (sums >= least) & bits[i];
    }
    halves eight = (halves) reaching;
    uint64_t two = (eight[0] | eight[1]) | (eight[2] | eight[3]) | (eight[4] | eight[5]) | (eight[6] | eight[7]);
    return (uint32_t) (two | two >> 32);
}

/* A search for the best members of a set of bits in windows. */
struct search {
    const sks_scorer *scorer;
    const sks_set *set;
    const sks_fails *fails;
    const float *contexts; /* by occupation */
    sks_choice *choice;
    sks_windows windows;
    sks_contenders contenders;
    struct window window;
    uint32_t occupation;                /* of the latest statement */
    uint64_t members[SKS_WINDOW_WORDS]; /* those of a list */
};

/* Whether the filters pass a statement of an occupation. */
static inline bool
passes (const sks_store *store, const sks_fails *fails, uint32_t statement, uint32_t occupation)
{
    uint32_t cell = occupation * SKS_LEVELS;
    if (!fails->any)
        return true;
    while (store->cells[cell + 1] <= statement)
        cell++;
    return !sks_cell_fails (fails, cell);
}

/* What a word adds to the score of a statement that may have it. Whether it has follows no pattern, so there is no
 * branch on it: without the word, the share of some other statement is read, and not added. */
static inline float
share_if_held (const sks_contenders *c, const struct word *word, size_t w, uint32_t statement)
{
    uint32_t at = (statement - c->windows->base) / 64;
    uint64_t bits = c->bits[w][at], bit = UINT64_C (1) << statement % 64;
    uint32_t i = c->before[w][at] + (uint32_t) __builtin_popcountll (bits & (bit - 1)),
             held = -(uint32_t) !!(bits & bit);
    float share = word->flat ? flat_of (word, i & held) : 0;
    uint32_t wdf = word->wdf[i & held], value;
    share +=
        word->weight[sks_posting_code (wdf)][word->lengths[statement]] * word->worth[word->kin[sks_posting_rank (wdf)]];
    memcpy (&value, &share, sizeof value);
    value &= held;
    memcpy (&share, &value, sizeof share);
    return share;
}

/* Score each contender by itself, by the words in their order. */
SKS_CLONES
static void
offer_contenders (struct search *search)
{
    const sks_scorer *scorer = search->scorer;
    const sks_contenders *c = &search->contenders;
    const uint32_t *cells = scorer->store->cells;
    uint32_t occupation = search->windows.first;
    struct word words[SKS_WINDOWS_WORDS];
    for (size_t w = 0; w < scorer->count; w++)
        words[w] = word_of (scorer, w);
    for (uint32_t k = 0; k < SKS_WINDOW_WORDS; k++)
        for (uint64_t left = c->found[k]; left; left &= left - 1) {
            uint32_t statement = search->windows.base + k * 64 + (uint32_t) __builtin_ctzll (left);
            float score = 0;
            while (cells[(occupation + 1) * SKS_LEVELS] <= statement)
                occupation++;
            if (!passes (scorer->store, search->fails, statement, occupation))
                continue;
            for (size_t w = 0; w < scorer->count; w++)
                score += share_if_held (c, &words[w], w, statement);
            sks_choice_offer (search->choice, score + gain_of (scorer, statement) + search->contexts[occupation],
                              statement, occupation);
        }
}

/* Write the context of each statement's occupation. CONTEXTS at a time, as most occupations have fewer statements: what
 * is too much is overwritten by the next ones. */
static inline __attribute__ ((always_inline)) void
spread_contexts (const struct search *search, struct window *window)
{
    const uint32_t *cells = search->scorer->store->cells;
    uint32_t from = window->base;
    for (uint32_t occupation = search->windows.first; from < window->end; occupation++) {
        uint32_t stop = cells[(occupation + 1) * SKS_LEVELS];
        float c = search->contexts[occupation], *out = window->contexts;
        sixteen context = { c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c };
        stop = stop < window->end ? stop : window->end;
        for (; from < stop; from += CONTEXTS)
#pragma GCC unroll 4
            for (unsigned i = 0; i < CONTEXTS / SIXTEEN; i++)
                memcpy (out + (from - window->base) + SIXTEEN * i, &context, sizeof context);
        from = stop;
    }
}

/* Offer the members that may be among the best. */
static inline __attribute__ ((always_inline)) void
offer_reaching (struct search *search, const uint64_t *members)
{
    const struct window *window = &search->window;
    const sks_store *store = search->scorer->store;
    uint32_t occupation = search->windows.first;
    for (uint32_t at = 0; at < window->end - window->base; at += 64) {
        float least = sks_choice_least (search->choice);
        uint64_t reaching = find_reaching (window->scores + at, window->contexts + at, least) |
                            find_reaching (window->scores + at + 32, window->contexts + at + 32, least) << 32;
        for (reaching &= members[at / 64]; reaching; reaching &= reaching - 1) {
            uint32_t i = at + (uint32_t) __builtin_ctzll (reaching), statement = window->base + i;
            while (search->fails->any && store->cells[(occupation + 1) * SKS_LEVELS] <= statement)
                occupation++;
            if (passes (store, search->fails, statement, occupation))
                sks_choice_push (search->choice, sks_scored_rank (window->scores[i] + window->contexts[i], statement));
        }
    }
}

/* Score all statements of the window, and offer the members that may be among the best. */
SKS_CLONES
static void
offer_members (struct search *search, const uint64_t *members)
{
    struct window *window = &search->window;
    const sks_scorer *scorer = search->scorer;
    uint32_t base = window->base = search->windows.base, end = window->end = search->windows.end;
    clear_window (window);
    for (size_t w = 0; w < scorer->count; w++)
        add_shares (scorer, w, search->windows.from[w], base, end, window->scores);
    add_gains (scorer, window);
    spread_contexts (search, window);
    offer_reaching (search, members);
}

/* Statements that contain all words gain by it, and others by near words, so their words alone do not show whether
 * they are contenders. */
static void
add_gaining (struct search *search, const uint64_t *members)
{
    const sks_scorer *scorer = search->scorer;
    uint32_t base = search->windows.base, end = search->windows.end;
    uint64_t *found = search->contenders.found;
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] >= base && scorer->full[i] < end)
            sks_set_add_range (found, scorer->full[i] - base, scorer->full[i] - base + 1);
    size_t i = sks_set_list_find (scorer->brought, (uint32_t) scorer->brought_count, 0, base);
    for (; i < scorer->brought_count && scorer->brought[i] < end; i++)
        sks_set_add_range (found, scorer->brought[i] - base, scorer->brought[i] - base + 1);
    for (size_t w = 0; w < SKS_WINDOW_WORDS; w++)
        found[w] &= members[w];
}

static void
search_window (struct search *search)
{
    const sks_scorer *scorer = search->scorer;
    const sks_windows *windows = &search->windows;
    const uint64_t *members = search->set->bits + windows->base / 64;
    float limit = sks_choice_limit (search->choice, windows->context, scorer->count);
    bool whole = windows->end - windows->base == SKS_WINDOW;
    if (!windows->ordered || !whole || limit <= 0 ||
        sks_contenders_find (&search->contenders, members, limit) > windows->postings / CONTENDER_COST)
        offer_members (search, members);
    else {
        if (scorer->full_count || scorer->brought_count)
            add_gaining (search, members);
        offer_contenders (search);
    }
}

/* Score the members of a set of bits that may still be among the best, window by window. */
static int
score_windows (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, sks_choice *choice, sks_error *err)
{
    struct search search; /* large, so it is not zeroed */
    search.scorer = scorer;
    search.set = set;
    search.fails = fails;
    search.choice = choice;
    search.contexts = sks_context_make (scorer);
    int code =
        search.contexts ? sks_windows_start (&search.windows, scorer, search.contexts, err) : sks_fail_memory (err);
    if (!code && search.windows.ordered)
        sks_contenders_start (&search.contenders, &search.windows);
    while (!code && !sks_budget_spend (scorer->budget, WINDOW_UNITS (scorer)) && sks_windows_next (&search.windows))
        search_window (&search);
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
 * Then empty it. */
static inline __attribute__ ((always_inline)) void
end_batch (const sks_scorer *scorer, struct batch *batch, sks_choice *choice)
{
    float scores[SKS_CONTEXT_MOST] = { 0 }, contexts[SKS_CONTEXT_MOST];
    for (size_t w = 0; w < scorer->count; w++)
        for (uint32_t i = 0; i < batch->count; i++) {
            uint32_t at = sks_postings_find (scorer->words[w].postings, batch->statements[i]);
            if (at != SKS_NONE)
                scores[i] += share_of_word (scorer, w, at);
        }
    sks_context_of (scorer, batch->occupations, batch->occupation_count, contexts);
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t statement = batch->statements[i], occupation = batch->occupation_of[i];
        float score = scores[i] + gain_of (scorer, statement);
        sks_choice_offer (choice, score + contexts[occupation], statement, batch->occupations[occupation]);
    }
    batch->count = batch->occupation_count = 0;
}

SKS_CLONES
static void
look_up (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, sks_choice *choice)
{
    struct batch batch = { .count = 0 };
    uint32_t statement;
    sks_set_walk walk = { set, 0 };
    while (!sks_budget_spend (scorer->budget, SEEK_UNITS * (scorer->count + 1)) &&
           sks_set_walk_next (&walk, &statement)) {
        uint32_t occupation = sks_facet_table_occupation (&scorer->snapshot->facets, statement);
        if (passes (scorer->store, fails, statement, occupation))
            add_member (&batch, statement, occupation);
        if (batch.count == SKS_CONTEXT_MOST)
            end_batch (scorer, &batch, choice);
    }
    end_batch (scorer, &batch, choice);
}

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
    bool all = choice.reverse || choice.run || !set->bits;
    int code = 0;
    if (want && seek)
        look_up (scorer, set, fails, &choice);
    else if (want)
        code = (all ? score_all : score_windows) (scorer, set, fails, &choice, err);
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
        double weight = scorer->rank->weight[sks_posting_code (p->wdf[i])][store->lengths[statement]];
        unsigned kin = word->kin[sks_posting_rank (p->wdf[i])];
        double flat = word->flat ? word->flat[kin] : 0;
        sum += note (shares, count, "stem", word->word, weight * word->worth[SKS_KIN_STEM]);
        sum += note (shares, count, "form", word->word, weight * (word->worth[kin] - word->worth[SKS_KIN_STEM]) + flat);
    }
    sum += note (shares, count, "occupation", word->word, sks_postings_context (p, occupation));
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
