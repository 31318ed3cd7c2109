/* likeness.c - vectors, their cosine, and the pairing of two lists. */
#include "likeness.h"

#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------------- profiles */

static int
by_stem (const void *left, const void *right)
{
    const sks_profile_word *a = left, *b = right;
    if (a->stem != b->stem)
        return a->stem < b->stem ? -1 : 1;
    return a->form < b->form ? -1 : a->form > b->form;
}

/* The words that are no stop words; a weight is only its place as yet. */
static uint32_t
list_words (const sks_words *words, const sks_store *store, sks_profile_word *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        const sks_form *form = &store->form[words->form[i]];
        float place = words->duty && i >= words->duty ? (float) SKS_LIKENESS_DETAIL : 1;
        if (form->stem != SKS_NONE)
            out[count++] = (sks_profile_word) { form->stem, words->form[i], place, place };
    }
    return count;
}

/* Make one of a form that stands there several times; its best place counts. */
static uint32_t
join_forms (sks_profile_word *words, uint32_t count)
{
    uint32_t kept = 0;
    qsort (words, count, sizeof *words, by_stem);
    for (uint32_t i = 0; i < count; i++) {
        if (!kept || words[kept - 1].form != words[i].form)
            words[kept++] = words[i];
        else if (words[kept - 1].form_weight < words[i].form_weight)
            words[kept - 1] = words[i];
    }
    return kept;
}

/* Places become weights; all forms of a stem get the stem's best place. Returns
 * the square of the vector's length. */
static double
weigh (sks_profile_word *words, uint32_t count, const sks_store *store)
{
    double square = 0;
    for (uint32_t i = 0, end; i < count; i = end) {
        float place = 0, idf = sks_rank_idf (store->statements, store->stem[words[i].stem].statements);
        for (end = i; end < count && words[end].stem == words[i].stem; end++)
            place = words[end].stem_weight > place ? words[end].stem_weight : place;
        for (uint32_t k = i; k < end; k++) {
            float form_idf = sks_rank_idf (store->statements, store->form[words[k].form].statements);
            words[k].stem_weight = place * idf;
            words[k].form_weight *= sqrtf (SKS_LIKENESS_FORM) * form_idf;
            square += (double) words[k].form_weight * words[k].form_weight;
        }
        square += (double) words[i].stem_weight * words[i].stem_weight;
    }
    return square;
}

int
sks_profile_make (sks_profile *out, sks_matching *m, uint32_t statement)
{
    sks_words_read (m->words, m->store, statement);
    sks_profile_word *words = sks_arena_array (m->arena, m->words->count + (size_t) 1, sizeof *words);
    if (!words)
        return sks_fail_memory (m->err);
    uint32_t count = join_forms (words, list_words (m->words, m->store, words));
    *out = (sks_profile) { statement, m->store->positions[statement], count, words,
                           sqrt (weigh (words, count, m->store)) };
    return 0;
}

static int
by_position (const void *left, const void *right)
{
    const sks_profile *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

int
sks_profiles_make (sks_profile **out, uint32_t *count, sks_matching *m, uint32_t cell)
{
    uint32_t first = m->store->cells[cell];
    *count = m->store->cells[cell + 1] - first;
    if (*count > SKS_MAX_ALIKE)
        return sks_fail (m->err, SKS_ELIMIT, "%u statements at one level: at most %d can be compared", *count,
                         SKS_MAX_ALIKE);
    sks_profile *list = sks_arena_array (m->arena, *count + (size_t) 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < *count; i++)
        code = sks_profile_make (&list[i], m, first + i);
    if (!code)
        qsort (list, *count, sizeof *list, by_position);
    *out = list;
    return code;
}

uint32_t
sks_profile_find (const sks_profile *profile, uint32_t stem)
{
    uint32_t low = 0, high = profile->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (profile->words[middle].stem < stem)
            low = middle + 1;
        else
            high = middle;
    }
    return low < profile->count && profile->words[low].stem == stem ? low : SKS_NONE;
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
    while (run.end < profile->count && profile->words[run.end].stem == profile->words[first].stem)
        run.end++;
    return run;
}

/* What a common stem adds to the product of the vectors. */
static sks_common
join_runs (const sks_profile *left, struct run a, const sks_profile *right, struct run b)
{
    const sks_profile_word *x = &left->words[a.first], *y = &right->words[b.first];
    sks_common common = { x->stem, x->form, 0, (double) x->stem_weight * y->stem_weight };
    for (uint32_t i = a.first, k = b.first; i < a.end && k < b.end;) {
        uint32_t one = left->words[i].form, two = right->words[k].form;
        if (one == two) {
            common.share += (double) left->words[i].form_weight * right->words[k].form_weight;
            common.form = common.same_form ? common.form : one;
            common.same_form = 1;
        }
        i += one <= two;
        k += two <= one;
    }
    return common;
}

/* Walk over the common stems; shares are divided by the lengths. list may be
 * NULL. Returns their number; *sum is the likeness. */
static size_t
find_common (const sks_profile *left, const sks_profile *right, sks_common *list, double *sum)
{
    double lengths = left->length * right->length;
    size_t count = 0;
    *sum = 0;
    for (uint32_t i = 0, k = 0; i < left->count && k < right->count;) {
        uint32_t one = left->words[i].stem, two = right->words[k].stem;
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

double
sks_likeness (const sks_profile *left, const sks_profile *right)
{
    double sum;
    find_common (left, right, NULL, &sum);
    return sum < 1 ? sum : 1;
}

static int
highest_share_first (const void *left, const void *right)
{
    const sks_common *a = left, *b = right;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return a->stem < b->stem ? -1 : a->stem > b->stem;
}

size_t
sks_likeness_explain (const sks_profile *left, const sks_profile *right, sks_common *out)
{
    double sum;
    size_t count = find_common (left, right, out, &sum);
    qsort (out, count, sizeof *out, highest_share_first);
    return count;
}

/* ------------------------------------------------------------------ pairing */

struct pairs {
    sks_pair *list;
    size_t count, room;
};

static bool
add_pair (struct pairs *pairs, sks_arena *arena, sks_pair pair)
{
    if (pairs->count == pairs->room) {
        size_t room = pairs->room ? pairs->room * 2 : 64;
        sks_pair *list = sks_arena_array (arena, room, sizeof *list);
        if (!list)
            return false;
        if (pairs->count)
            memcpy (list, pairs->list, pairs->count * sizeof *list);
        pairs->list = list;
        pairs->room = room;
    }
    pairs->list[pairs->count++] = pair;
    return true;
}

static int
most_alike_first (const void *left, const void *right)
{
    const sks_pair *a = left, *b = right;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

/* Keep the pairs whose statements are both free, best first; in place. */
static int
take_free (struct pairs *pairs, size_t left_count, size_t right_count, sks_arena *arena)
{
    bool *left_taken = sks_arena_array (arena, left_count + 1, sizeof *left_taken);
    bool *right_taken = sks_arena_array (arena, right_count + 1, sizeof *right_taken);
    size_t kept = 0;
    if (!left_taken || !right_taken)
        return SKS_ENOMEM;
    for (size_t i = 0; i < pairs->count; i++) {
        sks_pair pair = pairs->list[i];
        if (left_taken[pair.left] || right_taken[pair.right])
            continue;
        left_taken[pair.left] = right_taken[pair.right] = true;
        pairs->list[kept++] = pair;
    }
    pairs->count = kept;
    return 0;
}

int
sks_likeness_pair (const sks_profile *left, size_t left_count, const sks_profile *right, size_t right_count,
                   double least, sks_arena *arena, sks_pair **out, size_t *count, sks_error *err)
{
    struct pairs pairs = { 0 };
    for (uint32_t i = 0; i < left_count; i++)
        for (uint32_t k = 0; k < right_count; k++) {
            double likeness = sks_likeness (&left[i], &right[k]);
            if (likeness >= least && !add_pair (&pairs, arena, (sks_pair) { i, k, likeness }))
                return sks_fail_memory (err);
        }
    if (pairs.count)
        qsort (pairs.list, pairs.count, sizeof *pairs.list, most_alike_first);
    if (take_free (&pairs, left_count, right_count, arena))
        return sks_fail_memory (err);
    *out = pairs.list;
    *count = pairs.count;
    return 0;
}
