/* profile.c - words of a statement -> the weighted words by which it is compared. */
#include "profile.h"

#include "core/base/bisect.h"

#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cost of a token of a profile, which is sorted twice, in units of a budget. */
#define PROFILE_UNITS 32

static int
by_stem (const void *left, const void *right)
{
    const sks_profile_word *a = left, *b = right;
    if (a->stem != b->stem)
        return a->stem < b->stem ? -1 : 1;
    return a->form < b->form ? -1 : a->form > b->form;
}

/* List the words except stop words. Their weights are only the weights of their places so far. */
static uint32_t
list_words (const sks_words *words, sks_profile_word *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        float place = words->duty && i >= words->duty ? (float) SKS_PROFILE_DETAIL : 1;
        if (words->stem[i] != SKS_NONE)
            out[count++] = (sks_profile_word) { words->stem[i], words->form[i], place, place };
    }
    return count;
}

/* Merge repeated forms; the best place counts. */
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

/* Multiply the places by idf. All forms of a stem get the stem's best place. */
static void
weigh (sks_profile_word *words, uint32_t count, const sks_snapshot *snapshot)
{
    const sks_store *store = snapshot->store;
    for (uint32_t i = 0, end; i < count; i = end) {
        float place = 0, idf = snapshot->idf_of_stem[words[i].stem];
        for (end = i; end < count && words[end].stem == words[i].stem; end++)
            place = words[end].stem_weight > place ? words[end].stem_weight : place;
        for (uint32_t k = i; k < end; k++) {
            float form_idf = sks_rank_idf (store->collected, store->form[words[k].form].statements);
            words[k].stem_weight = place * idf;
            words[k].form_weight *= sqrtf (SKS_PROFILE_FORM) * form_idf;
        }
    }
}

static double
measure (const sks_profile_word *words, uint32_t count)
{
    double square = 0;
    for (uint32_t i = 0; i < count; i++) {
        square += (double) words[i].form_weight * words[i].form_weight;
        if (i + 1 == count || words[i + 1].stem != words[i].stem)
            square += (double) words[i].stem_weight * words[i].stem_weight;
    }
    return sqrt (square);
}

static int
heaviest_first (const void *left, const void *right)
{
    const sks_profile_word *a = left, *b = right;
    if (a->stem_weight != b->stem_weight)
        return a->stem_weight > b->stem_weight ? -1 : 1;
    return by_stem (left, right);
}

/* Choose the words that are compared. */
static int
choose_heaviest (sks_profile *profile, sks_matching *m)
{
    profile->heaviest = profile->words;
    profile->heaviest_count = profile->count;
    if (profile->count > SKS_MAX_ALIKE_WORDS) {
        sks_profile_word *list = sks_arena_array (m->arena, profile->count, sizeof *list);
        if (!list)
            return sks_fail_memory (m->err);
        memcpy (list, profile->words, profile->count * sizeof *list);
        qsort (list, profile->count, sizeof *list, heaviest_first);
        qsort (list, SKS_MAX_ALIKE_WORDS, sizeof *list, by_stem);
        profile->heaviest = list;
        profile->heaviest_count = SKS_MAX_ALIKE_WORDS;
    }
    profile->length = measure (profile->heaviest, profile->heaviest_count);
    return 0;
}

int
sks_profile_read (sks_profile *out, sks_matching *m, uint32_t statement)
{
    uint32_t tokens = sks_store_tokens (m->store, statement);
    int code = sks_budget_check (m->budget, PROFILE_UNITS * (uint64_t) tokens, m->err);
    if (code)
        return code;
    sks_words_read (m->words, m->store, statement);
    sks_profile_word *words = sks_arena_array (m->arena, m->words->count + (size_t) 1, sizeof *words);
    if (!words)
        return sks_fail_memory (m->err);
    uint32_t count = join_forms (words, list_words (m->words, words));
    weigh (words, count, m->snapshot);
    *out = (sks_profile) { .statement = statement,
                           .position = (uint16_t) sks_store_position (m->store, statement),
                           .count = count,
                           .words = words };
    if (m->semantics)
        out->vector = sks_semantics_vector (m->semantics, statement, &out->scale);
    if (m->reader)
        out->sentence = sks_sense_vector (m->snapshot->sense, statement, &out->sentence_scale);
    return choose_heaviest (out, m);
}

static int
by_position (const void *left, const void *right)
{
    const sks_profile *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

int
sks_profile_list (sks_profile **out, uint32_t *count, sks_matching *m, uint32_t cell)
{
    uint32_t first = m->store->cells[cell];
    *count = m->store->cells[cell + 1] - first;
    if (*count > SKS_MAX_ALIKE)
        return sks_fail (m->err, SKS_ELIMIT, "%u statements at one level: at most %d can be compared", *count,
                         SKS_MAX_ALIKE);
    sks_profile *list = sks_arena_array (m->arena, *count + (size_t) 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < *count; i++)
        code = sks_profile_read (&list[i], m, first + i);
    if (!code)
        qsort (list, *count, sizeof *list, by_position);
    *out = list;
    return code;
}

uint32_t
sks_profile_find (const sks_profile *profile, uint32_t stem)
{
    uint32_t low = 0, high = profile->count;
    SKS_BISECT (low, high, at, profile->words[at].stem < stem)
    return low < profile->count && profile->words[low].stem == stem ? low : SKS_NONE;
}
