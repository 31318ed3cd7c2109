/* partners.c - an inverted list of words, processed from the rarest word on. */
#include "partners.h"

#include "core/base/bisect.h"
#include "overlap.h"

#include <stdbool.h>
#include <stdlib.h>

/* The word of a statement without words: such statements equal each other. */
#define NO_WORD UINT32_MAX

/* A statement of the right side and a word in it. */
struct holding {
    uint32_t word, statement;
};

/* The holdings of one word. */
struct range {
    size_t first, count;
};

struct finding {
    const sks_word_set *left, *right;
    size_t lefts, rights;
    struct holding *holdings; /* by word, then statement */
    size_t holding_count;
    uint32_t *met;        /* last statement of the left that was compared with it, + 1 */
    struct range *ranges; /* of the words of one statement */
    unsigned min;
    size_t comparisons;
    sks_partner_pair *pairs;
    size_t pair_count;
};

static int
by_word (const void *left, const void *right)
{
    const struct holding *a = left, *b = right;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    return (a->statement > b->statement) - (a->statement < b->statement);
}

static int
by_count (const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static int
by_likeness (const void *left, const void *right)
{
    const sks_partner_pair *a = left, *b = right;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return (a->right > b->right) - (a->right < b->right);
}

/* The words of a set, or NO_WORD if it has none. */
static const uint32_t *
words_of (const sks_word_set *set, size_t *count)
{
    static const uint32_t none = NO_WORD;
    *count = set->count ? set->count : 1;
    return set->count ? set->words : &none;
}

static int
prepare (struct finding *f, sks_error *err)
{
    size_t total = 0, max = 0, count;
    for (size_t i = 0; i < f->rights; i++)
        total += f->right[i].count + 1;
    for (size_t i = 0; i < f->lefts; i++)
        max = f->left[i].count > max ? f->left[i].count : max;
    f->holdings = malloc ((total + 1) * sizeof *f->holdings);
    f->met = calloc (f->rights + 1, sizeof *f->met);
    f->ranges = malloc ((max + 1) * sizeof *f->ranges);
    f->pairs = malloc ((f->lefts * SKS_PARTNERS_KEPT + 1) * sizeof *f->pairs);
    if (!f->holdings || !f->met || !f->ranges || !f->pairs)
        return sks_fail_memory (err);
    for (size_t i = 0; i < f->rights; i++) {
        const uint32_t *words = words_of (&f->right[i], &count);
        for (size_t k = 0; k < count; k++)
            f->holdings[f->holding_count++] = (struct holding) { words[k], (uint32_t) i };
    }
    qsort (f->holdings, f->holding_count, sizeof *f->holdings, by_word);
    return 0;
}

/* The first holding of a word, or of the next one. */
static size_t
bound (const struct finding *f, uint64_t word)
{
    size_t low = 0, high = f->holding_count;
    SKS_BISECT (low, high, at, f->holdings[at].word < word)
    return low;
}

/* The ranges of a statement's words, the shortest first; returns how many. */
static size_t
list_ranges (struct finding *f, const sks_word_set *set)
{
    size_t count, found = 0;
    const uint32_t *words = words_of (set, &count);
    for (size_t i = 0; i < count; i++) {
        size_t first = bound (f, words[i]), end = bound (f, (uint64_t) words[i] + 1);
        if (end > first)
            f->ranges[found++] = (struct range) { first, end - first };
    }
    if (found)
        qsort (f->ranges, found, sizeof *f->ranges, by_count);
    return found;
}

/* Where to begin in a range that is longer than the budget: in proportion to the statement's own place in its list,
 * so that not all statements compete for the same few. */
static size_t
skipped (const struct finding *f, uint32_t i, size_t count, size_t budget)
{
    size_t place = count * i / f->lefts;
    size_t skip = place > budget / 2 ? place - budget / 2 : 0;
    return skip < count - budget ? skip : count - budget;
}

/* Keep a pair if it is one of the best of its statement. The pairs of the present statement are the last ones; returns
 * their new number. */
static size_t
keep (sks_partner_pair *best, size_t count, sks_partner_pair pair)
{
    if (count == SKS_PARTNERS_KEPT && by_likeness (&pair, &best[count - 1]) > 0)
        return count;
    size_t at = count < SKS_PARTNERS_KEPT ? count++ : count - 1;
    for (; at && by_likeness (&pair, &best[at - 1]) < 0; at--)
        best[at] = best[at - 1];
    best[at] = pair;
    return count;
}

static void
find_for (struct finding *f, uint32_t i)
{
    const sks_word_set *a = &f->left[i];
    sks_partner_pair *best = f->pairs + f->pair_count;
    size_t ranges = list_ranges (f, a), budget = SKS_PARTNER_CANDIDATES, kept = 0;
    for (size_t r = 0; r < ranges && budget; r++) {
        size_t count = f->ranges[r].count, at = f->ranges[r].first;
        at += count > budget ? skipped (f, i, count, budget) : 0;
        for (size_t end = f->ranges[r].first + count; at < end && budget; at++) {
            uint32_t k = f->holdings[at].statement;
            if (f->met[k] == i + 1)
                continue;
            f->met[k] = i + 1;
            budget--;
            unsigned likeness = sks_overlap (a->words, a->count, f->right[k].words, f->right[k].count);
            if (likeness >= f->min)
                kept = keep (best, kept, (sks_partner_pair) { i, k, likeness });
        }
    }
    f->comparisons += SKS_PARTNER_CANDIDATES - budget;
    f->pair_count += kept;
}

int
sks_partners_find (sks_partner_pair **pairs, size_t *pair_count, const sks_word_set *left, size_t lefts,
                   const sks_word_set *right, size_t rights, unsigned likeness, size_t *comparisons, sks_error *err)
{
    struct finding f = { .left = left, .right = right, .lefts = lefts, .rights = rights, .min = likeness };
    int code = prepare (&f, err);
    for (uint32_t i = 0; !code && i < lefts; i++)
        find_for (&f, i);
    if (f.pair_count)
        qsort (f.pairs, f.pair_count, sizeof *f.pairs, by_likeness);
    free (f.holdings);
    free (f.met);
    free (f.ranges);
    if (code) {
        free (f.pairs);
        f.pairs = NULL;
    }
    *pairs = f.pairs;
    *pair_count = f.pair_count;
    *comparisons += f.comparisons;
    return code;
}
