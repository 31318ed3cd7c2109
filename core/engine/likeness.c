/* likeness.c - the likeness of two profiles, its reasons, and the pairing of two lists. */
#include "likeness.h"

#include <stdlib.h>
#include <string.h>

/* The cost of joining a stem of two profiles, in units of a budget. */
#define JOIN_UNITS 2
/* The cost of the cosine of two statements, and of the product of the vectors of two words. */
#define COSINE_UNITS 4
#define WORD_PAIR_UNITS 8

/* Measured on pairs that were judged by hand (docs/ranking.md). */
static const sks_likeness_bounds by_words = { .occupations = .2, .levels = .1, .close = .15 };
static const sks_likeness_bounds by_meaning = { .occupations = .3, .levels = .2, .close = .25 };

const sks_likeness_bounds *
sks_likeness_least (const sks_matching *m)
{
    return m->semantics || m->reader ? &by_meaning : &by_words;
}

/* ----------------------------------------------------------------- likeness */

/* The words of one stem: [first, end). */
struct run {
    uint32_t first, end;
};

static struct run
run_at (const sks_profile *profile, uint32_t first)
{
    struct run run = { first, first };
    while (run.end < profile->heaviest_count && profile->heaviest[run.end].stem == profile->heaviest[first].stem)
        run.end++;
    return run;
}

/* The share of a common stem in the product of the vectors. */
static sks_common
join_runs (const sks_profile *left, struct run a, const sks_profile *right, struct run b)
{
    const sks_profile_word *x = &left->heaviest[a.first], *y = &right->heaviest[b.first];
    sks_common common = { x->stem, x->form, SKS_NONE, 0, (double) x->stem_weight * y->stem_weight };
    for (uint32_t i = a.first, k = b.first; i < a.end && k < b.end;) {
        uint32_t one = left->heaviest[i].form, two = right->heaviest[k].form;
        if (one == two) {
            common.share += (double) left->heaviest[i].form_weight * right->heaviest[k].form_weight;
            common.form = common.same_form ? common.form : one;
            common.same_form = 1;
        }
        i += one <= two;
        k += two <= one;
    }
    return common;
}

/* Walk over the common stems; shares are divided by the lengths. list may be
 * NULL. Returns their number; *sum is the likeness of the words. */
static size_t
find_common (const sks_profile *left, const sks_profile *right, sks_common *list, double *sum)
{
    double lengths = left->length * right->length;
    size_t count = 0;
    *sum = 0;
    for (uint32_t i = 0, k = 0; i < left->heaviest_count && k < right->heaviest_count;) {
        uint32_t one = left->heaviest[i].stem, two = right->heaviest[k].stem;
        if (one != two) {
            i += one < two;
            k += two < one;
            continue;
        }
        struct run a = run_at (left, i), b = run_at (right, k);
        sks_common common = join_runs (left, a, right, b);
        common.share /= lengths;
        *sum += common.share;
        if (list)
            list[count] = common;
        count++;
        i = a.end;
        k = b.end;
    }
    return count;
}

/* The weights of what two statements are compared by; they add up to 1. */
struct weights {
    double words, meaning, sentence;
};

static struct weights
weights_of (const sks_profile *left, const sks_profile *right)
{
    bool meaning = left->vector && right->vector, sentence = left->sentence && right->sentence;
    double of_sentence = sentence ? SKS_LIKENESS_SENTENCE : 0;
    double of_meaning = !meaning ? 0 : sentence ? SKS_LIKENESS_BESIDE : SKS_LIKENESS_MEANING;
    return (struct weights) { 1 - of_sentence - of_meaning, of_meaning, of_sentence };
}

/* The part of a cosine above a floor, from 0 to 1. */
static double
share_above (const int8_t *left, const int8_t *right, double scale, double floor)
{
    double share = (sks_centroid_product (left, right) * scale - floor) / (1 - floor);
    return share > 0 ? share : 0;
}

/* What the meaning of two statements adds to their likeness. */
static double
meaning_share (const sks_profile *left, const sks_profile *right)
{
    struct weights weights = weights_of (left, right);
    double share = 0;
    if (weights.meaning > 0)
        share +=
            weights.meaning * share_above (left->vector, right->vector, left->scale * right->scale, SKS_LIKENESS_FLOOR);
    if (weights.sentence > 0)
        share +=
            weights.sentence * share_above (left->sentence, right->sentence,
                                            left->sentence_scale * right->sentence_scale, SKS_LIKENESS_SENTENCE_FLOOR);
    return share;
}

/* The likeness of two statements, given that of their words. */
static double
add_meaning (const sks_profile *left, const sks_profile *right, double words)
{
    double sum = weights_of (left, right).words * words + meaning_share (left, right);
    return sum < 1 ? sum : 1;
}

double
sks_likeness (const sks_profile *left, const sks_profile *right)
{
    double sum;
    find_common (left, right, NULL, &sum);
    return add_meaning (left, right, sum);
}

/* ------------------------------------------------------------------ reasons */

static int
highest_share_first (const void *left, const void *right)
{
    const sks_common *a = left, *b = right;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return a->stem < b->stem ? -1 : a->stem > b->stem;
}

/* Name the common meaning of two statements by a pair of words. */
static int
name_meaning (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common *out)
{
    const sks_profile *profiles[2] = { left, right };
    sks_semantic_word words[2][SKS_MAX_ALIKE_WORDS];
    uint32_t forms[2][SKS_MAX_ALIKE_WORDS];
    size_t counts[2], one, other;
    for (int i = 0; i < 2; i++)
        counts[i] = sks_semantics_words (m->semantics, profiles[i]->statement, words[i], forms[i], SKS_MAX_ALIKE_WORDS);
    int code = sks_budget_check (m->budget, WORD_PAIR_UNITS * counts[0] * counts[1], m->err);
    if (!code && sks_semantics_nearest (m->semantics, words[0], counts[0], words[1], counts[1], &one, &other)) {
        out->form = forms[0][one];
        out->other = forms[1][other];
    }
    return code;
}

int
sks_likeness_explain (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common **out,
                      size_t *count)
{
    double sum, weight = weights_of (left, right).words;
    sks_common meaning = { SKS_NONE, SKS_NONE, SKS_NONE, 0, meaning_share (left, right) };
    sks_common *list = sks_arena_array (m->arena, left->heaviest_count + (size_t) 2, sizeof *list);
    *out = list;
    *count = 0;
    if (!list)
        return sks_fail_memory (m->err);
    *count = find_common (left, right, list, &sum);
    for (size_t i = 0; i < *count; i++)
        list[i].share *= weight;
    int code = meaning.share > 0 && m->semantics ? name_meaning (m, left, right, &meaning) : 0;
    if (meaning.share > 0)
        list[(*count)++] = meaning;
    qsort (list, *count, sizeof *list, highest_share_first);
    return code;
}

static const char *
copy_form (const sks_store *store, uint32_t form, sks_arena *arena)
{
    return form == SKS_NONE ? ""
                            : sks_arena_copy (arena, store->strings + store->form[form].text, store->form[form].size);
}

int
sks_likeness_shares (sks_matching *m, const sks_common *reasons, size_t count, sks_arena *arena, const sks_share **out)
{
    sks_share *shares = sks_arena_array (arena, count + 1, sizeof *shares);
    *out = shares;
    if (!shares)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < count; i++) {
        const sks_common *reason = &reasons[i];
        bool means = reason->stem == SKS_NONE;
        shares[i] = (sks_share) { means               ? "meaning"
                                  : reason->same_form ? "form"
                                                      : "stem",
                                  copy_form (m->store, reason->form, arena), reason->share,
                                  means ? copy_form (m->store, reason->other, arena) : NULL };
        if (!shares[i].term || (means && !shares[i].word))
            return sks_fail_memory (m->err);
    }
    return 0;
}

/* ------------------------------------------------------------------ pairing */

/* A stem of one of the right statements. */
struct posting {
    uint32_t stem, profile, word;
};

/* The right statements by their stems, and the working memory of the pairing. */
struct pairing {
    sks_matching *m;
    const sks_profile *right;
    uint32_t right_count, stem_count;
    uint32_t *stems, *starts; /* the distinct stems, and where their postings start; one more at the end */
    struct posting *postings;
    double *sums; /* by right statement */
    bool *taken;  /* the same */
};

/* The right statements that may be paired with a left one, the most alike first. */
struct answers {
    struct answer {
        uint32_t right;
        double likeness;
    } * list;
    uint32_t next, count;
};

static int
by_posting (const void *left, const void *right)
{
    const struct posting *a = left, *b = right;
    if (a->stem != b->stem)
        return a->stem < b->stem ? -1 : 1;
    return a->profile < b->profile ? -1 : a->profile > b->profile;
}

/* List the stems of the right statements. */
static uint32_t
list_postings (const struct pairing *p)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < p->right_count; k++)
        for (uint32_t i = 0; i < p->right[k].heaviest_count; i = run_at (&p->right[k], i).end)
            p->postings[count++] = (struct posting) { p->right[k].heaviest[i].stem, k, i };
    qsort (p->postings, count, sizeof *p->postings, by_posting);
    return count;
}

static int
start_pairing (struct pairing *p)
{
    sks_arena *arena = p->m->arena;
    size_t room = 1, right = p->right_count + (size_t) 1;
    for (uint32_t k = 0; k < p->right_count; k++)
        room += p->right[k].heaviest_count;
    p->stems = sks_arena_array (arena, room, sizeof *p->stems);
    p->starts = sks_arena_array (arena, room, sizeof *p->starts);
    p->postings = sks_arena_array (arena, room, sizeof *p->postings);
    p->sums = sks_arena_array (arena, right, sizeof *p->sums);
    p->taken = sks_arena_array (arena, right, sizeof *p->taken);
    if (!p->stems || !p->starts || !p->postings || !p->sums || !p->taken)
        return sks_fail_memory (p->m->err);
    uint32_t count = list_postings (p);
    for (uint32_t i = 0; i < count; i++)
        if (!i || p->postings[i].stem != p->postings[i - 1].stem) {
            p->starts[p->stem_count] = i;
            p->stems[p->stem_count++] = p->postings[i].stem;
        }
    p->starts[p->stem_count] = count;
    return 0;
}

/* Sum the likeness of a left statement's words to each right one, stem by stem. The sums equal those of find_common to
 * the last bit. */
static int
add_up (struct pairing *p, const sks_profile *left)
{
    uint32_t at = 0;
    memset (p->sums, 0, p->right_count * sizeof *p->sums);
    for (uint32_t i = 0; i < left->heaviest_count;) {
        struct run run = run_at (left, i);
        at = sks_set_list_find (p->stems, p->stem_count, at, left->heaviest[i].stem);
        i = run.end;
        if (at == p->stem_count || p->stems[at] != left->heaviest[run.first].stem)
            continue;
        uint32_t count = p->starts[at + 1] - p->starts[at];
        if (sks_budget_spend (p->m->budget, JOIN_UNITS * (uint64_t) count))
            return sks_budget_status (p->m->budget, p->m->err);
        for (const struct posting *posting = p->postings + p->starts[at]; count--; posting++) {
            const sks_profile *right = &p->right[posting->profile];
            sks_common common = join_runs (left, run, right, run_at (right, posting->word));
            p->sums[posting->profile] += common.share / (left->length * right->length);
        }
    }
    return 0;
}

static int
most_alike_first (const void *left, const void *right)
{
    const struct answer *a = left, *b = right;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

static int
list_answers (struct pairing *p, const sks_profile *left, double min, struct answers *out)
{
    int code = sks_budget_check (
        p->m->budget, (left->vector || left->sentence ? COSINE_UNITS : 1) * (uint64_t) p->right_count, p->m->err);
    if (!code)
        code = add_up (p, left);
    uint32_t count = 0;
    for (uint32_t k = 0; !code && k < p->right_count; k++) {
        p->sums[k] = add_meaning (left, &p->right[k], p->sums[k]);
        count += p->sums[k] >= min;
    }
    if (code || !count)
        return code;
    if (!(out->list = sks_arena_array (p->m->arena, count, sizeof *out->list)))
        return sks_fail_memory (p->m->err);
    for (uint32_t k = 0; k < p->right_count; k++)
        if (p->sums[k] >= min)
            out->list[out->count++] = (struct answer) { k, p->sums[k] };
    qsort (out->list, count, sizeof *out->list, most_alike_first);
    return sks_budget_check (p->m->budget, count * (uint64_t) 16, p->m->err);
}

/* The left statement whose best free answer is the most alike; SKS_NONE if no answer is free. */
static uint32_t
find_best (const struct pairing *p, struct answers *answers, size_t left_count)
{
    uint32_t best = SKS_NONE;
    for (uint32_t i = 0; i < left_count; i++) {
        struct answers *of = &answers[i];
        while (of->next < of->count && p->taken[of->list[of->next].right])
            of->next++;
        if (of->next == of->count)
            continue;
        if (best == SKS_NONE || of->list[of->next].likeness > answers[best].list[answers[best].next].likeness)
            best = i;
    }
    return best;
}

int
sks_likeness_pair (sks_matching *m, const sks_profile *left, size_t left_count, const sks_profile *right,
                   size_t right_count, double min, sks_pair **out, size_t *count)
{
    struct pairing p = { .m = m, .right = right, .right_count = (uint32_t) right_count };
    struct answers *answers = sks_arena_array (m->arena, left_count + 1, sizeof *answers);
    sks_pair *pairs = sks_arena_array (m->arena, left_count + 1, sizeof *pairs);
    int code = answers && pairs ? start_pairing (&p) : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < left_count; i++)
        code = list_answers (&p, &left[i], min, &answers[i]);
    *out = pairs;
    *count = 0;
    for (uint32_t best; !code && (best = find_best (&p, answers, left_count)) != SKS_NONE;) {
        struct answers *of = &answers[best];
        struct answer taken = of->list[of->next];
        pairs[(*count)++] = (sks_pair) { best, taken.right, taken.likeness };
        p.taken[taken.right] = true;
        of->next = of->count;
        code = sks_budget_check (m->budget, left_count, m->err);
    }
    return code;
}
