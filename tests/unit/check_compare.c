/* check_compare.c - the levels of one occupation, and two occupations, side by side. */
#include "tests/support/alike.h"

#include <string.h>

Suite *suite_compare (void);

static sks_comparison
compare (engine *e, const char *soc, const char *duty)
{
    sks_comparison out;
    sks_error err;
    ck_assert_msg (sks_searcher_compare (e->searcher, soc, duty, NULL, arena, &out, &err) == 0, "%s", err.text);
    return out;
}

static sks_crosswalk
crosswalk (engine *e, const char *left, const char *right, int level)
{
    sks_crosswalk out;
    sks_error err;
    int code = sks_searcher_crosswalk (e->searcher, left, right, level, NULL, arena, &out, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return out;
}

/* The words of a list, separated by blanks. Borrowed: valid until the next call. */
static const char *
join (const char *const *words, size_t count)
{
    static char line[1024];
    *line = '\0';
    for (size_t i = 0; i < count; i++)
        strcat (strcat (line, i ? " " : ""), words[i]);
    return line;
}

/* ------------------------------------------------------------------ compare */

/* A row as "duty: text | text | - | text", each text cut to its duty. */
static const char *
row_line (const sks_compare_row *row)
{
    static char line[512];
    *line = '\0';
    for (int level = 0; level < SKS_LEVELS; level++) {
        const sks_hit *hit = row->cells[level].hit;
        strcat (strcat (line, level ? " | " : ""), !hit ? "-" : hit->duty ? hit->duty : hit->text);
    }
    return line;
}

START_TEST (compare_aligns_the_levels_by_duty_and_may_skip_a_level)
{
    static const char *const expected[] = {
        "Incoming letters | Incoming letters for six floors | Routing of letters | -",
        "Filing cabinets | - | Filing rooms | -",
        "Telephones | - | - | Telephone exchanges",
        "- | Stamps | - | -",
        "- | - | - | Budgets",
    };
    sks_comparison c = compare (&small, MAIL, NULL);
    ck_assert_str_eq (c.soc, MAIL);
    ck_assert_str_eq (c.occupation, "Mail Clerks");
    ck_assert_uint_eq (c.row_count, COUNT (expected));
    for
        EACH (i, expected)
    ck_assert_str_eq (row_line (&c.rows[i]), expected[i]);
}
END_TEST

START_TEST (compare_lists_the_words_gained_and_lost_as_written)
{
    sks_comparison c = compare (&small, MAIL, NULL);
    const sks_compare_cell *first = c.rows[0].cells, *next = first + 1, *last = first + 2;
    ck_assert_uint_eq (first->gained_count + first->lost_count, 0);
    ck_assert_double_eq (first->likeness, 0);
    ck_assert_str_eq (join (next->gained, next->gained_count), "six floors alone");
    ck_assert_str_eq (join (next->lost, next->lost_count), "open sort hand");
    ck_assert_str_eq (join (last->gained, last->gained_count), "teach");
    ck_assert_str_eq (join (last->lost, last->lost_count), "Incoming six floors alone");
    ck_assert_double_eq_tol (next->likeness, alike_likeness (&small, first->hit->id, next->hit->id), NEAR);
}
END_TEST

START_TEST (compare_returns_the_rows_whose_duty_has_all_the_words)
{
    static const struct {
        const char *duty;
        size_t rows;
    } filters[] = {
        { "letter", 1 },       { "FILED", 1 }, { "letters six", 1 }, { "letters telephones", 0 }, { "route", 1 },
        { "hand", 0 },         { "", 5 },      { "the of", 5 },      { "telephone", 1 },          { "zorbing", 0 },
        { "exchange the", 1 },
    };
    for
        EACH (i, filters)
    ck_assert_msg (compare (&small, MAIL, filters[i].duty).row_count == filters[i].rows, "%s: %zu rows",
                   filters[i].duty, compare (&small, MAIL, filters[i].duty).row_count);
    ck_assert_uint_eq (compare (&small, PLAIN, "sorting").row_count, 1);
}
END_TEST

/* Compare a cell with the previous one: each word gained or lost is listed once. */
static void
check_cell (engine *e, const sks_compare_cell *before, const sks_compare_cell *cell)
{
    alike_stems gained, lost;
    alike_read_stems (join (cell->gained, cell->gained_count), &gained);
    alike_read_stems (join (cell->lost, cell->lost_count), &lost);
    ck_assert_uint_eq (gained.count, cell->gained_count);
    ck_assert_uint_eq (lost.count, cell->lost_count);
    for (size_t i = 0; i < gained.count; i++)
        ck_assert (!alike_holds (&lost, gained.text[i]));
    ck_assert_double_ge (cell->likeness, .1);
    ck_assert_double_eq_tol (cell->likeness, alike_likeness (e, before->hit->id, cell->hit->id), NEAR);
}

/* Check the rows of one occupation, which has `statements` statements. */
static void
check_rows (engine *e, const char *soc, size_t statements)
{
    sks_comparison c = compare (e, soc, NULL);
    size_t seen = 0;
    int level_before = 0;
    uint32_t place_before = 0;
    for (size_t r = 0; r < c.row_count; r++) {
        const sks_compare_cell *cells = c.rows[r].cells;
        int first = 0;
        while (!cells[first].hit)
            first++;
        const sks_compare_cell *before = &cells[first];
        seen++;
        for (int level = first + 1; level < SKS_LEVELS; level++) {
            if (!cells[level].hit)
                continue;
            check_cell (e, before, &cells[level]);
            before = &cells[level];
            seen++;
        }
        uint32_t place = cells[first].hit->position;
        ck_assert (first > level_before || (first == level_before && place > place_before));
        level_before = first;
        place_before = place;
    }
    ck_assert_uint_eq (seen, statements);
}

START_TEST (compare_shows_each_statement_once_and_rows_in_the_order_of_the_lists)
{
    engine *engines[] = { &corpus, &drawn };
    for
        EACH (which, engines)
        {
            engine *e = engines[which];
            for (size_t i = 0, end; i < e->count; i = end) {
                for (end = i; end < e->count && strcmp (e->statements[end].soc, e->statements[i].soc) == 0;)
                    end++;
                check_rows (e, e->statements[i].soc, end - i);
            }
        }
}
END_TEST

/* ---------------------------------------------------------------- crosswalk */

START_TEST (crosswalk_pairs_similar_statements_and_lists_the_rest)
{
    sks_crosswalk c = crosswalk (&small, MAIL, REPAIR, -1);
    ck_assert_str_eq (c.left_title, "Mail Clerks");
    ck_assert_str_eq (c.right_soc, REPAIR);
    ck_assert_uint_eq (c.pair_count, 3);
    ck_assert_str_eq (c.pairs[0].left->duty, "Budgets");
    ck_assert_str_eq (c.pairs[1].left->duty, "Filing cabinets");
    ck_assert_str_eq (c.pairs[2].left->duty, "Stamps");
    const sks_hit *right = c.pairs[2].right;
    ck_assert_str_eq (alike_cut (right->text, right->spans, right->span_count), "Stamps|count");
    ck_assert_uint_eq (c.pairs[1].share_count, 3);
    ck_assert_str_eq (c.pairs[1].shares[0].term, "cabinets");
    ck_assert_str_eq (c.pairs[1].shares[0].part, "stem");
    ck_assert_str_eq (c.pairs[1].shares[1].term, "filing");
    ck_assert_str_eq (c.pairs[1].shares[1].part, "form");
    ck_assert_uint_eq (c.left_count, 6);
    ck_assert_str_eq (c.left_only[0].duty, "Incoming letters");
    ck_assert_str_eq (c.left_only[5].duty, "Telephone exchanges");
    ck_assert_uint_eq (c.right_count, 3);
    ck_assert_str_eq (c.right_only[2].text, "Budgets — forecast");
}
END_TEST

START_TEST (crosswalk_of_one_level_uses_only_that_level)
{
    sks_crosswalk c = crosswalk (&small, MAIL, REPAIR, SKS_DEVELOPING);
    ck_assert_uint_eq (c.pair_count, 1);
    ck_assert_uint_eq (c.left_count, 1);
    ck_assert_uint_eq (c.right_count, 1);
}
END_TEST

/* Check that no two statements of different pairs are more alike than each is to its partner. */
static void
check_preferences (engine *e, const sks_crosswalk *c)
{
    for (size_t i = 0; i < c->pair_count; i++)
        for (size_t k = i + 1; k < c->pair_count; k++) {
            const sks_crosswalk_pair *one = &c->pairs[i], *two = &c->pairs[k];
            if (one->left->level != two->left->level)
                continue;
            ck_assert_double_le (alike_likeness (e, one->left->id, two->right->id), one->likeness + NEAR);
            ck_assert_double_le (alike_likeness (e, two->left->id, one->right->id), one->likeness + NEAR);
        }
    for (size_t i = 0; i < c->pair_count; i++)
        for (size_t k = 0; k < c->left_count; k++)
            if (c->left_only[k].level == c->pairs[i].left->level)
                ck_assert_double_le (alike_likeness (e, c->left_only[k].id, c->pairs[i].right->id),
                                     c->pairs[i].likeness + NEAR);
}

/* Check that one crosswalk follows its rules. */
static void
check_crosswalk (engine *e, const char *left, const char *right, int level)
{
    sks_crosswalk c = crosswalk (e, left, right, level);
    uint64_t lefts = 0, rights = 0;
    for (size_t i = 0; i < e->count; i++) {
        const engine_statement *s = &e->statements[i];
        lefts += strcmp (s->soc, left) == 0 && (level < 0 || s->level == level);
        rights += strcmp (s->soc, right) == 0 && (level < 0 || s->level == level);
    }
    ck_assert_uint_eq (c.pair_count + c.left_count, lefts);
    ck_assert_uint_eq (c.pair_count + c.right_count, rights);
    for (size_t i = 0; i < c.pair_count; i++) {
        const sks_crosswalk_pair *pair = &c.pairs[i];
        double sum = 0;
        for (size_t k = 0; k < pair->share_count; k++)
            sum += pair->shares[k].score;
        ck_assert_double_eq_tol (sum, pair->likeness, NEAR);
        ck_assert_double_ge (pair->likeness, .2);
        ck_assert_int_eq (pair->left->level, pair->right->level);
        ck_assert (!i || pair->likeness <= pair[-1].likeness);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne (c.pairs[k].left->id, pair->left->id);
    }
    check_preferences (e, &c);
    for (size_t i = 0; i < c.left_count; i++)
        for (size_t k = 0; k < c.right_count; k++)
            if (c.left_only[i].level == c.right_only[k].level)
                ck_assert_double_lt (alike_likeness (e, c.left_only[i].id, c.right_only[k].id), .2);
}

START_TEST (crosswalk_uses_each_statement_once_and_misses_no_pair)
{
    unsigned state = 9;
    for (int i = 0; i < 40; i++) {
        engine *e = i % 2 ? &corpus : &drawn;
        const char *left = e->statements[engine_draw (&state, (unsigned) e->count)].soc;
        const char *right = e->statements[engine_draw (&state, (unsigned) e->count)].soc;
        check_crosswalk (e, left, right, -1);
        check_crosswalk (e, left, right, (int) engine_draw (&state, SKS_LEVELS));
    }
}
END_TEST

/* ------------------------------------------------------------------- limits */

START_TEST (unknown_occupations_are_not_found)
{
    sks_comparison c;
    sks_crosswalk w;
    sks_searcher *s = small.searcher;
    ck_assert_int_eq (sks_searcher_compare (s, "43-", NULL, NULL, arena, &c, NULL), SKS_ENOTFOUND);
    ck_assert_int_eq (sks_searcher_crosswalk (s, MAIL, "11-1011.00", -1, NULL, arena, &w, NULL), SKS_ENOTFOUND);
    ck_assert_int_eq (sks_searcher_crosswalk (s, "", MAIL, -1, NULL, arena, &w, NULL), SKS_ENOTFOUND);
}
END_TEST

START_TEST (a_duty_that_is_not_utf8_is_refused_with_its_place)
{
    sks_comparison c;
    sks_error err;
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, "a\xC3", NULL, arena, &c, &err), SKS_EBADREQUEST);
    ck_assert_int_eq (err.at, 1);
}
END_TEST

START_TEST (a_duty_of_too_many_words_is_refused)
{
    sks_comparison c;
    sks_buffer words = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES + 2);
    for (int i = 0; i <= SKS_MAX_QUERY_WORDS; i++)
        sks_buffer_printf (&words, "unheard%c%c ", 'a' + i / 8, 'a' + i % 8);
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, sks_buffer_text (&words), NULL, arena, &c, NULL),
                      SKS_ELIMIT);
    while (words.size <= SKS_MAX_QUERY_BYTES)
        sks_buffer_putc (&words, ' ');
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, sks_buffer_text (&words), NULL, arena, &c, NULL),
                      SKS_ELIMIT);
    sks_buffer_free (&words);
}
END_TEST

START_TEST (an_occupation_is_its_own_answer)
{
    sks_crosswalk c = crosswalk (&small, MAIL, MAIL, -1);
    ck_assert_uint_eq (c.pair_count, 9);
    ck_assert_double_eq_tol (c.pairs[8].likeness, 1, NEAR);
    ck_assert_uint_eq (c.left_count + c.right_count, 0);
}
END_TEST

START_TEST (more_than_a_thousand_statements_of_a_level_are_not_compared)
{
    sks_comparison c;
    sks_crosswalk w;
    ck_assert_int_eq (sks_searcher_compare (wide.searcher, MAIL, NULL, NULL, arena, &c, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_searcher_crosswalk (wide.searcher, REPAIR, MAIL, -1, NULL, arena, &w, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_searcher_crosswalk (wide.searcher, REPAIR, MAIL, SKS_ADVANCED, NULL, arena, &w, NULL), 0);
    ck_assert_uint_eq (compare (&wide, REPAIR, NULL).row_count, 1);
}
END_TEST

Suite *
suite_compare (void)
{
    Suite *suite = suite_create ("compare");
    TCase *core = tcase_create ("Core");
    TCase *sample = tcase_create ("Core, sample exports");
    TCase *limits = tcase_create ("Limits");
    TCase *large = tcase_create ("Limits, large");
    tcase_add_unchecked_fixture (core, alike_open_small, alike_close_small);
    tcase_add_test (core, compare_aligns_the_levels_by_duty_and_may_skip_a_level);
    tcase_add_test (core, compare_lists_the_words_gained_and_lost_as_written);
    tcase_add_test (core, compare_returns_the_rows_whose_duty_has_all_the_words);
    tcase_add_test (core, crosswalk_pairs_similar_statements_and_lists_the_rest);
    tcase_add_test (core, crosswalk_of_one_level_uses_only_that_level);
    suite_add_tcase (suite, core);
    tcase_add_unchecked_fixture (sample, alike_open_corpus, alike_close_corpus);
    tcase_set_timeout (sample, 60);
    tcase_add_test (sample, compare_shows_each_statement_once_and_rows_in_the_order_of_the_lists);
    tcase_add_test (sample, crosswalk_uses_each_statement_once_and_misses_no_pair);
    suite_add_tcase (suite, sample);
    tcase_add_unchecked_fixture (limits, alike_open_small, alike_close_small);
    tcase_add_test (limits, unknown_occupations_are_not_found);
    tcase_add_test (limits, a_duty_that_is_not_utf8_is_refused_with_its_place);
    tcase_add_test (limits, a_duty_of_too_many_words_is_refused);
    tcase_add_test (limits, an_occupation_is_its_own_answer);
    suite_add_tcase (suite, limits);
    tcase_add_unchecked_fixture (large, alike_open_wide, alike_close_wide);
    tcase_add_test (large, more_than_a_thousand_statements_of_a_level_are_not_compared);
    suite_add_tcase (suite, large);
    return suite;
}
