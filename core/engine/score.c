/* score.c - windows, look-ups and the selection of the best. */
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Statements scored per window, so that their scores stay in the cache; and scores that are compared at a time. */
#define WINDOW 8192
#define PADDING 16

/* Walking all lists is faster unless there are this many times fewer members than postings. */
#define SEEK_COST 8

/* The cost of looking a statement up in a posting list, in units of a budget. */
#define SEEK_UNITS 8

void
sks_scorer_make (sks_scorer *out, const sks_matching *m, const sks_ranked_word *words, size_t count, bool reverse)
{
    *out = (sks_scorer) { .store = m->store,
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

/* ------------------------------------------------------------------ context */

/* The score that each occupation adds to its statements; NULL when out of memory. Here and in context_of, sums are
 * made in the order of the words, groups last, so that they are equal to the last bit. */
static const float *
make_context (const sks_scorer *scorer)
{
    const sks_store *store = scorer->store;
    float *context = sks_arena_array (scorer->arena, store->occupations + (size_t) 1, sizeof *context);
    float *groups = sks_arena_array (scorer->arena, store->groups + (size_t) 1, sizeof *groups);
    if (!context || !groups)
        return NULL;
    for (size_t w = 0; w < scorer->count && !sks_budget_spend (scorer->budget, store->occupations); w++) {
        const sks_postings *p = scorer->words[w].postings;
        for (uint32_t i = 0; p->occupations && i < p->context_count; i++)
            context[p->occupations[i]] += p->contexts[i];
        for (uint32_t i = 0; !p->occupations && i < store->occupations; i++)
            context[i] += p->contexts[i];
        for (uint32_t g = 0; g < store->groups; g++)
            groups[g] += p->groups[g];
    }
    for (uint32_t i = 0; scorer->count && i < store->occupations; i++)
        context[i] += groups[store->occupation[i].group];
    for (size_t i = 0; i < scorer->named.count; i++)
        context[scorer->named.occupations[i]] += scorer->named_gain;
    return context;
}

/* The current position in a word's postings and in its contexts. */
struct place {
    uint32_t posting, context;
};

/* The same for one occupation. Occupations must ascend from call to call. */
static float
context_of (const sks_scorer *scorer, uint32_t occupation, struct place *places)
{
    float sum = 0, groups = 0;
    uint32_t group = scorer->store->occupation[occupation].group;
    for (size_t w = 0; w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        sum += sks_postings_context (p, occupation, &places[w].context);
        groups += p->groups[group];
    }
    sum += groups;
    return scorer->named.count && sks_named_has (&scorer->named, occupation) ? sum + scorer->named_gain : sum;
}

/* --------------------------------------------------------------- selection */

/* The best `wanted` of what was offered, in no order. Up to twice as many are collected before the worse half is
 * dropped, which costs less than a heap. A reverse choice keeps negated scores and complemented statements, which
 * reverses both orders. */
struct choice {
    uint64_t *items; /* sks_scored_rank; space for twice `wanted` */
    size_t count, wanted;
    uint64_t least; /* rank of the worst of `wanted` items; lower ones are dropped. 0: there are fewer */
    bool reverse;
    struct run *run; /* NULL unless the number kept per occupation is limited */
};

/* The best statements of the current occupation, whose statements are a run. */
struct run {
    uint32_t occupation;
    struct choice best;
    uint64_t items[2 * SKS_MAX_COLLAPSE];
};

static void
drop_worse (struct choice *choice)
{
    if (choice->count > choice->wanted) {
        sks_scored_select_ranks (choice->items, choice->count, choice->wanted);
        choice->count = choice->wanted;
    }
    if (choice->count && choice->count == choice->wanted)
        choice->least = sks_scored_least_rank (choice->items, choice->count);
}

static inline void
push (struct choice *choice, uint64_t item)
{
    if (item <= choice->least)
        return;
    choice->items[choice->count++] = item;
    if (choice->count == (choice->least ? 2 : 1) * choice->wanted)
        drop_worse (choice);
}

/* End an occupation: offer its best statements to the choice among all. */
static void
end_run (struct choice *choice)
{
    struct choice *best = &choice->run->best;
    drop_worse (best);
    for (size_t i = 0; i < best->count; i++)
        push (choice, best->items[i]);
    best->count = 0;
    best->least = 0;
}

static inline void
offer (struct choice *choice, float score, uint32_t statement, uint32_t occupation)
{
    uint64_t item = choice->reverse ? sks_scored_rank (-score, ~statement) : sks_scored_rank (score, statement);
    if (!choice->run) {
        push (choice, item);
        return;
    }
    if (choice->run->occupation != occupation)
        end_run (choice);
    choice->run->occupation = occupation;
    push (&choice->run->best, item);
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

/* Add a word's shares for the statements [base, end), from its posting `next` on.
 * Returns the first posting after them. */
static uint32_t
add_shares (const sks_scorer *scorer, size_t w, uint32_t next, uint32_t base, uint32_t end, float *scores)
{
    const struct word word = word_of (scorer, w);
    for (uint32_t i = next; word.flat && i < word.count && word.statements[i] < end; i++)
        scores[word.statements[i] - base] += flat_of (&word, i);
    for (; next < word.count && word.statements[next] < end; next++)
        scores[word.statements[next] - base] += share_of (&word, next);
    return next;
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

/* A walk over members that also tracks the cell. */
struct members {
    sks_set_walk walk;
    uint32_t statement, cell;
    bool more;
};

static void
next_member (struct members *members, const sks_store *store)
{
    members->more = sks_set_walk_next (&members->walk, &members->statement);
    while (members->more && store->cells[members->cell + 1] <= members->statement)
        members->cell++;
}

/* The statements [base, end), and the score that the words add to each. */
struct window {
    const sks_scorer *scorer;
    const sks_set *set;
    const sks_fails *fails;
    const float *context; /* by occupation */
    uint32_t *next;       /* by word: its first posting that is not added yet */
    uint32_t base, end;
    float scores[WINDOW + PADDING];
};

static void
fill_window (struct window *window, uint32_t statement)
{
    const sks_scorer *scorer = window->scorer;
    uint32_t statements = scorer->store->statements, *next = window->next;
    window->base = statement / WINDOW * WINDOW;
    window->end = statements - window->base > WINDOW ? window->base + WINDOW : statements;
    memset (window->scores, 0, (window->end - window->base + PADDING) * sizeof *window->scores);
    for (size_t w = 0; w < scorer->count; w++) {
        const sks_postings *p = scorer->words[w].postings;
        next[w] = sks_set_list_find (p->statements, p->count, next[w], window->base);
        next[w] = add_shares (scorer, w, next[w], window->base, window->end, window->scores);
    }
    for (size_t i = 0; i < scorer->full_count; i++)
        if (scorer->full[i] >= window->base && scorer->full[i] < window->end)
            window->scores[scorer->full[i] - window->base] += scorer->gain;
    size_t i = sks_set_list_find (scorer->brought, (uint32_t) scorer->brought_count, 0, window->base);
    for (; i < scorer->brought_count && scorer->brought[i] < window->end; i++)
        window->scores[scorer->brought[i] - window->base] += scorer->brought_gains[i];
}

/* Offer the window's members one by one. */
static void
offer_members (const struct window *window, struct members *members, struct choice *choice)
{
    for (; members->more && members->statement < window->end; next_member (members, window->scorer->store)) {
        uint32_t occupation = members->cell / SKS_LEVELS;
        if (!window->fails->any || !sks_cell_fails (window->fails, members->cell))
            offer (choice, window->scores[members->statement - window->base] + window->context[occupation],
                   members->statement, occupation);
    }
}

typedef float floats __attribute__ ((vector_size (16)));
typedef int32_t numbers __attribute__ ((vector_size (16)));
typedef uint64_t halves __attribute__ ((vector_size (16)));

/* Which of PADDING scores are above the limit, one bit each. */
static inline uint32_t
find_above (const float *scores, float limit)
{
    static const numbers bits[PADDING / 4] = {
        { 0x1, 0x2, 0x4, 0x8 },
        { 0x10, 0x20, 0x40, 0x80 },
        { 0x100, 0x200, 0x400, 0x800 },
        { 0x1000, 0x2000, 0x4000, 0x8000 },
    };
    const floats limits = { limit, limit, limit, limit };
    numbers above = { 0 };
    for (unsigned i = 0; i < PADDING / 4; i++) {
        floats f;
        memcpy (&f, scores + 4 * i, sizeof f);
        above |= (numbers) (f > limits) & bits[i];
    }
    halves two = (halves) above;
    uint64_t both = two[0] | two[1];
    return (uint32_t) (both | both >> 32);
}

/* The score by words from which a statement with this context may be among the best. It is slightly lower than
 * needed, so that rounding loses none. */
static inline float
limit_of (const struct choice *choice, float context)
{
    float min = choice->least ? sks_scored_of (choice->least).score : -INFINITY;
    return min - context - (fabsf (min) + fabsf (context)) * 1e-5f;
}

/* The members among the PADDING statements from `at` on, one bit each; none from `end` on. */
static inline uint32_t
find_members (const uint64_t *bits, uint32_t at, uint32_t end)
{
    uint64_t members = bits[at >> 6] >> (at & 63);
    if ((at & 63) > 64 - PADDING && (at | 63) + 1 < end)
        members |= bits[(at >> 6) + 1] << (64 - (at & 63));
    uint64_t all = end - at < PADDING ? (UINT64_C (1) << (end - at)) - 1 : (UINT64_C (1) << PADDING) - 1;
    return (uint32_t) (members & all);
}

static bool
passes (const struct window *window, uint32_t statement)
{
    const sks_fails *fails = window->fails;
    return !fails->any || !sks_cell_fails (fails, sks_store_cell (window->scorer->store, statement));
}

/* From statement `from` on, offer the members that are better than the worst of the choice, occupation by
 * occupation. */
static void
offer_better (const struct window *window, uint32_t from, struct choice *choice)
{
    const sks_store *store = window->scorer->store;
    const uint64_t *bits = window->set->bits;
    uint32_t base = window->base, occupation = sks_store_cell (store, from) / SKS_LEVELS;
    for (; from < window->end; occupation++) {
        uint32_t end = store->cells[(occupation + 1) * SKS_LEVELS];
        float context = window->context[occupation];
        end = end < window->end ? end : window->end;
        for (; from < end; from += PADDING) {
            const float *scores = window->scores + (from - base);
            uint32_t above = find_above (scores, limit_of (choice, context)) & find_members (bits, from, end);
            for (; above; above &= above - 1) {
                uint32_t i = (uint32_t) __builtin_ctz (above);
                if (passes (window, from + i))
                    offer (choice, scores[i] + context, from + i, occupation);
            }
        }
        from = end;
    }
}

static int
score_windows (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, struct choice *choice,
               sks_error *err)
{
    struct window window; /* large, so it is not zeroed */
    struct members members = { .walk = { set, 0 } };
    bool one_by_one = choice->reverse || choice->run || !set->bits;
    window.scorer = scorer;
    window.set = set;
    window.fails = fails;
    window.context = make_context (scorer);
    window.next = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *window.next);
    if (!window.context || !window.next)
        return sks_fail_memory (err);
    next_member (&members, scorer->store);
    while (members.more && !sks_budget_spend (scorer->budget, WINDOW / 4 * (scorer->count + 1))) {
        fill_window (&window, members.statement);
        if (one_by_one)
            offer_members (&window, &members, choice);
        else {
            offer_better (&window, members.statement, choice);
            members.walk.next = window.end;
            next_member (&members, scorer->store);
        }
    }
    return 0;
}

/* ------------------------------------------------------------------ look-ups */

SKS_WITH_POPCOUNT
static void
look_up (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, struct place *places,
         struct choice *choice)
{
    const sks_store *store = scorer->store;
    uint32_t cells = store->occupations * SKS_LEVELS, cell = 0, occupation = SKS_NONE, statement;
    float context = 0;
    sks_set_walk walk = { set, 0 };
    while (!sks_budget_spend (scorer->budget, SEEK_UNITS * (scorer->count + 1)) &&
           sks_set_walk_next (&walk, &statement)) {
        cell = sks_set_list_find (store->cells + 1, cells, cell, statement + 1);
        if (fails->any && sks_cell_fails (fails, cell))
            continue;
        if (cell / SKS_LEVELS != occupation)
            context = context_of (scorer, occupation = cell / SKS_LEVELS, places);
        float score = 0;
        for (size_t w = 0; w < scorer->count; w++) {
            const struct word word = word_of (scorer, w);
            uint32_t i = sks_postings_find (scorer->words[w].postings, statement, &places[w].posting);
            if (i != SKS_NONE)
                score += word.flat ? flat_of (&word, i) + share_of (&word, i) : share_of (&word, i);
        }
        if (is_full (scorer, statement))
            score += scorer->gain;
        score += sks_scorer_brought (scorer, statement);
        offer (choice, score + context, statement, occupation);
    }
}

static int
score_members (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, struct choice *choice,
               sks_error *err)
{
    struct place *places = sks_arena_array (scorer->arena, scorer->count + 1, sizeof *places);
    if (!places)
        return sks_fail_memory (err);
    look_up (scorer, set, fails, places, choice);
    return 0;
}

int
sks_scorer_choose (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want, sks_scored *out,
                   size_t *found, sks_error *err)
{
    struct run run = { .occupation = SKS_NONE, .best = { .items = run.items, .wanted = scorer->collapse } };
    uint64_t *items = sks_arena_room (scorer->arena, 2 * want + 1, sizeof *items);
    struct choice choice = { items, 0, want, 0, scorer->reverse, scorer->collapse ? &run : NULL };
    uint64_t postings = 0;
    if (!items)
        return sks_fail_memory (err);
    for (size_t w = 0; w < scorer->count; w++)
        postings += scorer->words[w].postings->count;
    bool seek = (uint64_t) set->count * scorer->count * SEEK_COST < postings;
    int code = want == 0 ? 0 : (seek ? score_members : score_windows) (scorer, set, fails, &choice, err);
    if (choice.run)
        end_run (&choice);
    drop_worse (&choice);
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
    struct place place = { 0, 0 };
    uint32_t i = sks_postings_find (p, statement, &place.posting);
    uint32_t occupation = sks_store_cell (store, statement) / SKS_LEVELS;
    double sum = 0;
    if (i != SKS_NONE) {
        double weight = scorer->rank->weight[sks_posting_code (p->wdf[i])][store->lengths[statement]];
        unsigned kin = word->kin[sks_posting_rank (p->wdf[i])];
        double flat = word->flat ? word->flat[kin] : 0;
        sum += note (shares, count, "stem", word->word, weight * word->worth[SKS_KIN_STEM]);
        sum += note (shares, count, "form", word->word, weight * (word->worth[kin] - word->worth[SKS_KIN_STEM]) + flat);
    }
    sum += note (shares, count, "occupation", word->word, sks_postings_context (p, occupation, &place.context));
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
    if (scorer->named.count && sks_named_has (&scorer->named, sks_store_cell (scorer->store, statement) / SKS_LEVELS))
        score += note (shares, share_count, "title", "", scorer->named_gain);
    return score;
}
