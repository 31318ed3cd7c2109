/* check_lengthy.c - comparisons of statements of maximum length: only some of their words are compared, and the answer
 * reports it. */
#include "core/engine/search.h"
#include "tests/support/alike.h"

#include <stdlib.h>
#include <string.h>

Suite *suite_lengthy (void);

#define STATEMENTS 100
#define LETTERS 20  /* words are two of these */
#define WORDS 1000  /* of a statement */
#define UNITS 10000 /* units of work between two readings of the clock */

static engine lengthy;

static char *
draw_long_lines (unsigned state)
{
    sks_buffer lines = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int line = 0; line < STATEMENTS; line++) {
        for (int i = 0; i < WORDS; i++) {
            unsigned word = engine_draw (&state, LETTERS * LETTERS);
            sks_buffer_printf (&lines, "%sz%c%c", i ? " " : "", 'a' + word % LETTERS, 'a' + word / LETTERS);
        }
        sks_buffer_putc (&lines, '\n');
    }
    ck_assert_ptr_nonnull (sks_buffer_text (&lines));
    return lines.bytes;
}

static void
open_lengthy (void)
{
    char *one = draw_long_lines (1), *two = draw_long_lines (2);
    const sample_occupation occupations[] = {
        { .soc = MAIL, .title = "One", .levels = { one, two } },
        { .soc = REPAIR, .title = "Two", .levels = { two, "Sort letters" } },
        { .soc = PLAIN, .title = "Three", .levels = { "Sort the letters", "Sort more letters" } },
    };
    engine_open_occupations (&lengthy, occupations, COUNT (occupations));
    arena = sks_arena_create ();
    free (one);
    free (two);
}

static void
close_lengthy (void)
{
    sks_arena_destroy (&arena);
    engine_close (&lengthy);
}

START_TEST (long_statements_are_compared_by_their_heaviest_words_and_the_answer_reports_it)
{
    sks_comparison rows;
    sks_crosswalk pairs;
    ck_assert_int_eq (sks_searcher_compare (lengthy.searcher, MAIL, NULL, NULL, arena, &rows, NULL), 0);
    ck_assert (rows.partial);
    ck_assert_int_eq (sks_searcher_compare (lengthy.searcher, PLAIN, NULL, NULL, arena, &rows, NULL), 0);
    ck_assert (!rows.partial);
    ck_assert_int_eq (sks_searcher_crosswalk (lengthy.searcher, MAIL, REPAIR, -1, NULL, arena, &pairs, NULL), 0);
    ck_assert (pairs.partial);
    ck_assert_uint_le (pairs.pairs[0].share_count, SKS_MAX_ALIKE_WORDS);
    ck_assert_int_eq (sks_searcher_crosswalk (lengthy.searcher, MAIL, REPAIR, SKS_ADVANCED, NULL, arena, &pairs, NULL),
                      0);
    ck_assert (!pairs.partial);
}
END_TEST

START_TEST (words_gained_and_lost_consider_whole_statements)
{
    sks_comparison out;
    ck_assert_int_eq (sks_searcher_compare (lengthy.searcher, MAIL, NULL, NULL, arena, &out, NULL), 0);
    for (size_t i = 0; i < out.row_count; i++) {
        const sks_compare_cell *before = &out.rows[i].cells[SKS_EMERGING], *cell = before + 1;
        for (size_t k = 0; before->hit && cell->hit && k < cell->gained_count; k++)
            ck_assert_msg (!strstr (before->hit->text, cell->gained[k]), "%s", cell->gained[k]);
    }
}
END_TEST

static uint64_t looks;

static uint64_t
count_looks (void)
{
    looks++;
    return 1;
}

/* A hundred statements of 360 words compared with a hundred: using all their words would be five times the work. */
START_TEST (the_work_of_pairing_long_statements_is_bounded)
{
    sks_error err;
    sks_matching m = sks_searcher_matching (lengthy.searcher, &err);
    sks_profile *left, *right;
    sks_pair *pairs;
    size_t found;
    uint32_t left_count, right_count;
    ck_assert_int_eq (sks_profile_list (&left, &left_count, &m, sks_cell (0, SKS_EMERGING)), 0);
    ck_assert_int_eq (sks_profile_list (&right, &right_count, &m, sks_cell (1, SKS_EMERGING)), 0);
    ck_assert_uint_eq (left_count + right_count, 2 * STATEMENTS);
    ck_assert_uint_gt (left[0].count, 5 * SKS_MAX_ALIKE_WORDS);
    m.budget->clock = count_looks;
    m.budget->every = UNITS;
    sks_budget_begin (m.budget, UINT64_MAX);
    looks = 0;
    ck_assert_int_eq (sks_likeness_pair (&m, left, left_count, right, right_count, .1, &pairs, &found), 0);
    *m.budget = (sks_budget) SKS_BUDGET_INIT;
    ck_assert_uint_eq (found, STATEMENTS);
    ck_assert_uint_le (looks * UNITS, 3 * STATEMENTS * STATEMENTS * SKS_MAX_ALIKE_WORDS);
}
END_TEST

Suite *
suite_lengthy (void)
{
    Suite *suite = suite_create ("lengthy");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_lengthy, close_lengthy);
    tcase_set_timeout (core, 60);
    tcase_add_test (core, long_statements_are_compared_by_their_heaviest_words_and_the_answer_reports_it);
    tcase_add_test (core, words_gained_and_lost_consider_whole_statements);
    tcase_add_test (core, the_work_of_pairing_long_statements_is_bounded);
    suite_add_tcase (suite, core);
    return suite;
}
