/* check_contexts.c - the scores of a stem for occupations are those of the formula, to the last bit, in every form. */
#include "core/engine/contexts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_contexts (void);

/* More than the numbers of 16 bits. */
#define OCCUPATIONS 150001

static sks_occupation rows[OCCUPATIONS];
static sks_context_count counts[OCCUPATIONS];
static sks_store store;
static sks_snapshot snapshot;
static sks_arena *arena;
static uint32_t random_state;

static uint32_t
draw (uint32_t below)
{
    random_state = random_state * 1664525 + 1013904223;
    return (uint32_t) ((uint64_t) random_state * below >> 32);
}

static void
prepare (void)
{
    random_state = 7;
    store = (sks_store) { .occupation = rows };
    snapshot.store = &store;
    snapshot.rank.occupation_length = 300;
    arena = sks_arena_create ();
}

static void
finish (void)
{
    sks_arena_destroy (&arena);
}

/* Draw about one in `share` occupations, with few or many different lengths. */
static uint32_t
draw_counts (uint32_t occupations, uint32_t share, uint32_t lengths)
{
    uint32_t found = 0;
    store.occupations = occupations;
    for (uint32_t i = 0; i < occupations; i++) {
        rows[i].length = 100 + draw (lengths);
        if (draw (share) == 0)
            counts[found++] = (sks_context_count) { i, 1 + draw (3) };
    }
    return found;
}

static void
assert_scores (const sks_contexts *contexts, uint32_t found)
{
    float *sums = calloc (store.occupations + (size_t) 1, sizeof *sums);
    sks_contexts_add (contexts, &store, sums);
    for (uint32_t i = 0, at = 0; i < store.occupations; i++) {
        float expected = 0, score = sks_contexts_of (contexts, i);
        if (at < found && counts[at].occupation == i)
            expected = sks_rank_occupation (&snapshot.rank, &store, counts[at++].count, rows[i].length, found);
        if (memcmp (&score, &expected, sizeof score) || memcmp (&sums[i], &expected, sizeof score))
            ck_abort_msg ("occupation %u: %g, added %g, not %g", i, score, sums[i], expected);
    }
    free (sums);
}

/* Make the scores, compare them, and return their form. They are moved once, as a list is. */
static sks_contexts
try_form (uint32_t occupations, uint32_t share, uint32_t lengths)
{
    uint32_t found = draw_counts (occupations, share, lengths);
    size_t most = sks_contexts_bytes (&store, found);
    void *start = malloc (most), *moved;
    sks_contexts made;
    sks_arena_clear (arena);
    ck_assert (sks_contexts_make (&made, start, &snapshot, counts, found, arena));
    size_t used = sks_contexts_place (&made, &store, start);
    ck_assert_uint_le (used, most);
    moved = malloc (used);
    memcpy (moved, start, used);
    memset (start, 0xFF, most);
    free (start);
    ck_assert_uint_eq (sks_contexts_place (&made, &store, moved), used);
    ck_assert_uint_eq (made.count, found);
    assert_scores (&made, found);
    free (moved);
    return made;
}

START_TEST (few_different_scores_have_codes_of_one_byte)
{
    sks_contexts made = try_form (OCCUPATIONS, 3, 50);
    ck_assert (!made.all);
    ck_assert_uint_eq (made.width, 1);
}
END_TEST

START_TEST (many_different_scores_have_codes_of_two_bytes)
{
    sks_contexts made = try_form (OCCUPATIONS, 3, 500);
    ck_assert (!made.all);
    ck_assert_uint_eq (made.width, 2);
}
END_TEST

START_TEST (scores_without_repetition_have_no_codes)
{
    ck_assert_uint_eq (try_form (OCCUPATIONS, 3, UINT32_MAX - 100).width, SKS_CONTEXTS_PLAIN);
    ck_assert_uint_eq (try_form (OCCUPATIONS, 10000, 1000).width, SKS_CONTEXTS_PLAIN);
}
END_TEST

START_TEST (most_occupations_have_one_score_each)
{
    ck_assert (try_form (OCCUPATIONS, 1, 50).all);
    ck_assert (try_form (OCCUPATIONS, 1, UINT32_MAX - 100).all);
    ck_assert (try_form (3, 1, 50).all);
}
END_TEST

START_TEST (every_number_of_occupations_is_right)
{
    static const uint32_t ends[] = { 1, 2, 15, 16, 17, 100, 1000, 65535, 65536, 65537, 131072 };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (uint32_t share = 1; share <= 2 * ends[i]; share *= 32)
            try_form (ends[i], share, 1 + ends[i] / 100);
}
END_TEST

Suite *
suite_contexts (void)
{
    Suite *suite = suite_create ("contexts");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, prepare, finish);
    tcase_add_test (core, few_different_scores_have_codes_of_one_byte);
    tcase_add_test (core, many_different_scores_have_codes_of_two_bytes);
    tcase_add_test (core, scores_without_repetition_have_no_codes);
    tcase_add_test (core, most_occupations_have_one_score_each);
    tcase_add_test (core, every_number_of_occupations_is_right);
    suite_add_tcase (suite, core);
    return suite;
}
