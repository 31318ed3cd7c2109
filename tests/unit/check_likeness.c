/* check_likeness.c - likeness with word vectors, and its use by similar, compare, crosswalk and map.
 *
 * The index is small, and its words and their vectors are written by hand: words of one group have nearly equal
 * vectors, and the groups have nothing in common. */
#include "core/engine/likeness.h"
#include "core/engine/operations.h"
#include "core/engine/snapshot.h"
#include "tests/support/engine.h"
#include "tests/support/word_vectors.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *suite_likeness (void);

#define WORDS                                                                                                          \
    "children 9 1\nkids 9 2\npupils 9 3 1\nteach 0 0 9 1\ninstruct 0 0 9 2\nvalves 1 0 0 0 0 9\npumps 0 1 0 0 0 9\n"   \
    "repair 0 0 0 0 0 0 9 1\nfix 0 0 0 0 0 0 9 2\nnight 0 0 0 0 0 0 0 0 9\nevening 0 0 0 0 0 0 0 1 9\n"
/* One common word, which has no vector: too little for a pair by words alone. */
#define SONGS "Teach kids songs, games, rhymes and dances"
#define SUMS "Instruct children songs, sums, letters and numbers"
#define SCHOOL "25-2021.00"
#define WORKSHOP "49-9071.00"
#define CLOSE 1e-6

static const sample_occupation occupations[] = {
    { .soc = SCHOOL,
      .title = "Teachers",
      .levels = { SONGS "\nFix pumps\nSweep halls", "Instruct pupils\nPolish shoes", "Teach pumps at night",
                  "Instruct children at night\nCount chairs" } },
    { .soc = WORKSHOP,
      .title = "Mechanics",
      .levels = { "Repair valves\n" SUMS "\nSweep floors", "Fix pumps", "Repair pumps in the evening",
                  "Instruct children" } },
};

static sks_buffer bytes = SKS_BUFFER_INIT (1 << 20);
static sks_vectors *vectors;
static engine index_;
static sks_arena *arena;
static sks_error err;

/* The index has vectors; the searcher uses them after `use`. */
static void
begin (void)
{
    sks_buffer_clear (&bytes);
    sample_vectors = vectors = word_vectors_make (&bytes, WORDS);
    engine_open_occupations (&index_, occupations, COUNT (occupations));
    arena = sks_arena_create ();
}

static void
end (void)
{
    sample_vectors = NULL;
    sks_arena_destroy (&arena);
    engine_close (&index_);
    sks_vectors_close (&vectors);
}

static void
use (void)
{
    sks_vectors *given = vectors;
    vectors = NULL;
    sample_vectors = NULL;
    ck_assert_msg (sks_generation_use_vectors (index_.generation, &given, &err) == 0, "%s", err.text);
}

static const char *
id_of (const char *soc, const char *text)
{
    for (size_t i = 0; i < index_.count; i++)
        if (strcmp (index_.statements[i].text, text) == 0 && strcmp (index_.statements[i].soc, soc) == 0)
            return index_.statements[i].id;
    ck_abort_msg ("no statement \"%s\"", text);
}

static sks_profile
profile (sks_matching *m, const char *soc, const char *text)
{
    sks_profile out;
    ck_assert_int_eq (sks_profile_read (&out, m, sks_store_find (m->store, id_of (soc, text))), 0);
    return out;
}

/* ------------------------------------------------------------------ likeness */

/* The cosine by doubles. */
static double
cosine (const sks_profile *left, const sks_profile *right)
{
    double product = 0, a = 0, b = 0;
    for (int i = 0; i < SKS_CENTROID_DIMENSIONS; i++) {
        product += (double) left->vector[i] * right->vector[i];
        a += (double) left->vector[i] * left->vector[i];
        b += (double) right->vector[i] * right->vector[i];
    }
    return product / sqrt (a * b);
}

START_TEST (vectors_join_statements_that_share_no_word)
{
    sks_matching m = sks_searcher_matching (index_.searcher, &err);
    sks_profile kids = profile (&m, SCHOOL, SONGS), children = profile (&m, WORKSHOP, "Instruct children");
    ck_assert_ptr_null (kids.vector);
    ck_assert_double_eq (sks_likeness (&kids, &children), 0);
    use ();
    m = sks_searcher_matching (index_.searcher, &err);
    kids = profile (&m, SCHOOL, SONGS);
    children = profile (&m, WORKSHOP, "Instruct children");
    double expected =
        SKS_LIKENESS_MEANING * (cosine (&kids, &children) - SKS_LIKENESS_FLOOR) / (1 - SKS_LIKENESS_FLOOR);
    ck_assert_double_gt (expected, .9 * SKS_LIKENESS_MEANING);
    ck_assert_double_eq_tol (sks_likeness (&kids, &children), expected, CLOSE);
    sks_profile valves = profile (&m, WORKSHOP, "Repair valves");
    ck_assert_double_eq (sks_likeness (&kids, &valves), 0);
}
END_TEST

START_TEST (words_and_meaning_are_added)
{
    sks_matching m = sks_searcher_matching (index_.searcher, &err);
    sks_profile a = profile (&m, SCHOOL, "Teach pumps at night"), b = profile (&m, SCHOOL, "Fix pumps");
    double words = sks_likeness (&a, &b);
    ck_assert_double_gt (words, 0);
    use ();
    m = sks_searcher_matching (index_.searcher, &err);
    a = profile (&m, SCHOOL, "Teach pumps at night");
    b = profile (&m, SCHOOL, "Fix pumps");
    double above = fmax (0, (cosine (&a, &b) - SKS_LIKENESS_FLOOR) / (1 - SKS_LIKENESS_FLOOR));
    double expected = (1 - SKS_LIKENESS_MEANING) * words + SKS_LIKENESS_MEANING * above;
    ck_assert_double_eq_tol (sks_likeness (&a, &b), expected, CLOSE);
    ck_assert_double_eq (sks_likeness (&a, &b), sks_likeness (&b, &a));
}
END_TEST

/* "sweep", "halls" and "floors" have no vectors. */
START_TEST (a_statement_without_a_vector_is_compared_by_words)
{
    use ();
    sks_matching m = sks_searcher_matching (index_.searcher, &err);
    sks_profile halls = profile (&m, SCHOOL, "Sweep halls"), floors = profile (&m, WORKSHOP, "Sweep floors");
    sks_profile kids = profile (&m, SCHOOL, SONGS);
    ck_assert_ptr_null (halls.vector);
    ck_assert_double_eq_tol (sks_likeness (&halls, &halls), 1, CLOSE);
    ck_assert_double_gt (sks_likeness (&halls, &floors), .2);
    ck_assert_double_eq (sks_likeness (&halls, &kids), 0);
}
END_TEST

START_TEST (reasons_add_up_and_name_two_words)
{
    use ();
    sks_matching m = sks_searcher_matching (index_.searcher, &err);
    const size_t count = index_.count;
    bool named = false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            sks_profile left, right;
            sks_common *reasons;
            const sks_share *shares;
            size_t reason_count;
            double sum = 0;
            ck_assert_int_eq (sks_profile_read (&left, &m, (uint32_t) i), 0);
            ck_assert_int_eq (sks_profile_read (&right, &m, (uint32_t) k), 0);
            ck_assert_int_eq (sks_likeness_explain (&m, &left, &right, &reasons, &reason_count), 0);
            ck_assert_int_eq (sks_likeness_shares (&m, reasons, reason_count, arena, &shares), 0);
            for (size_t r = 0; r < reason_count; r++) {
                bool means = reasons[r].stem == SKS_NONE;
                sum += shares[r].score;
                ck_assert (!r || shares[r - 1].score >= shares[r].score);
                ck_assert_int_eq (means, strcmp (shares[r].part, "meaning") == 0);
                ck_assert (means == (shares[r].word != NULL) && *shares[r].term);
                named |= means && (strcmp (shares[r].term, "teach") == 0 || strcmp (shares[r].term, "kids") == 0) &&
                         (strcmp (shares[r].word, "instruct") == 0 || strcmp (shares[r].word, "pupils") == 0);
            }
            ck_assert_double_eq_tol (sum, sks_likeness (&left, &right), CLOSE);
            ck_assert_double_eq_tol (sks_likeness (&left, &left), left.count ? 1 : 0, CLOSE);
        }
    ck_assert (named);
}
END_TEST

/* ------------------------------------------------------------------- answers */

static sks_query
options (bool plain)
{
    sks_query query = SKS_QUERY_INIT;
    query.plain = plain;
    query.want = SKS_WANT_EXPLAIN;
    return query;
}

/* The pair with this left text; its right text, or "". */
static const char *
partner (const sks_crosswalk *crosswalk, const char *left)
{
    for (size_t i = 0; i < crosswalk->pair_count; i++)
        if (strcmp (crosswalk->pairs[i].left->text, left) == 0)
            return crosswalk->pairs[i].right->text;
    return "";
}

static sks_crosswalk
crosswalk (bool plain)
{
    sks_query query = options (plain);
    sks_crosswalk out;
    int code = sks_searcher_crosswalk (index_.searcher, SCHOOL, WORKSHOP, SKS_EMERGING, &query, arena, &out, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return out;
}

/* Vectors alone make no pair: "Fix pumps" and "Repair valves" share no word. */
START_TEST (crosswalk_pairs_statements_of_the_same_meaning_and_says_so)
{
    sks_crosswalk before = crosswalk (false);
    ck_assert_str_eq (before.compared_by, SKS_BY_WORDS);
    ck_assert_uint_eq (before.pair_count, 1);
    ck_assert_str_eq (partner (&before, "Sweep halls"), "Sweep floors");
    use ();
    sks_crosswalk after = crosswalk (false);
    ck_assert_str_eq (after.compared_by, SKS_BY_MEANING);
    ck_assert_uint_eq (after.pair_count, 2);
    ck_assert_str_eq (partner (&after, SONGS), SUMS);
    ck_assert_str_eq (partner (&after, "Sweep halls"), "Sweep floors");
    for (size_t i = 0; i < after.pair_count; i++) {
        size_t meanings = 0;
        for (size_t k = 0; k < after.pairs[i].share_count; k++)
            meanings += after.pairs[i].shares[k].word != NULL;
        ck_assert_uint_eq (meanings, strcmp (after.pairs[i].left->text, SONGS) == 0);
    }
    sks_crosswalk plain = crosswalk (true);
    ck_assert_str_eq (plain.compared_by, SKS_BY_WORDS);
    ck_assert_uint_eq (plain.pair_count, before.pair_count);
    ck_assert_double_eq (plain.pairs[0].likeness, before.pairs[0].likeness);
}
END_TEST

static sks_comparison
compare (bool plain)
{
    sks_query query = options (plain);
    sks_comparison out;
    int code = sks_searcher_compare (index_.searcher, SCHOOL, NULL, &query, arena, &out, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return out;
}

START_TEST (compare_follows_a_duty_in_other_words)
{
    sks_comparison before = compare (false);
    ck_assert_str_eq (before.compared_by, SKS_BY_WORDS);
    ck_assert_ptr_null (before.rows[0].cells[SKS_DEVELOPING].hit);
    use ();
    sks_comparison after = compare (false);
    ck_assert_str_eq (after.compared_by, SKS_BY_MEANING);
    const sks_compare_cell *cells = after.rows[0].cells;
    ck_assert_str_eq (cells[SKS_EMERGING].hit->text, SONGS);
    ck_assert_uint_eq (cells[SKS_EMERGING].share_count, 0);
    ck_assert_str_eq (cells[SKS_DEVELOPING].hit->text, "Instruct pupils");
    ck_assert_uint_eq (cells[SKS_DEVELOPING].share_count, 1);
    ck_assert_str_eq (cells[SKS_DEVELOPING].shares[0].part, "meaning");
    ck_assert_double_eq_tol (cells[SKS_DEVELOPING].shares[0].score, cells[SKS_DEVELOPING].likeness, CLOSE);
    ck_assert_int_eq (cells[SKS_DEVELOPING].loose, 0);
    sks_comparison plain = compare (true);
    ck_assert_str_eq (plain.compared_by, SKS_BY_WORDS);
    ck_assert_uint_eq (plain.row_count, before.row_count);
}
END_TEST

/* A pair is loose below the bound for close ones. */
START_TEST (compare_says_which_pairs_are_loose)
{
    for (int with = 0; with < 2; with++) {
        sks_comparison rows = compare (false);
        sks_matching m = sks_searcher_matching (index_.searcher, &err);
        for (size_t r = 0; r < rows.row_count; r++)
            for (int level = 0, seen = 0; level < SKS_LEVELS; level++) {
                const sks_compare_cell *cell = &rows.rows[r].cells[level];
                ck_assert_int_eq (cell->loose != 0,
                                  seen && cell->hit && cell->likeness < sks_likeness_least (&m)->close);
                seen |= cell->hit != NULL;
            }
        if (!with)
            use ();
    }
}
END_TEST

static sks_result *
similar (const char *soc, const char *text, bool plain)
{
    sks_query query = options (plain);
    sks_result *out;
    int code = sks_searcher_similar (index_.searcher, id_of (soc, text), 0, &query, &out, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return out;
}

/* Checks that every hit's shares add up; counts the hits with a share by meaning. */
static size_t
count_meanings (const sks_hit *hit)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < hit->share_count; i++) {
        sum += hit->shares[i].score;
        count += strcmp (hit->shares[i].part, "meaning") == 0;
    }
    ck_assert_double_eq_tol (sum, hit->score, 1e-4);
    return count;
}

START_TEST (similar_orders_by_meaning_but_matches_by_words)
{
    const char *text = "Instruct children at night";
    sks_result *before = similar (SCHOOL, text, false);
    ck_assert_str_eq (before->compared_by, SKS_BY_WORDS);
    use ();
    sks_result *after = similar (SCHOOL, text, false), *plain = similar (SCHOOL, text, true);
    ck_assert_str_eq (after->compared_by, SKS_BY_MEANING);
    ck_assert_str_eq (plain->compared_by, SKS_BY_WORDS);
    ck_assert_uint_eq (after->total, before->total);
    ck_assert_uint_eq (plain->hit_count, before->hit_count);
    for (size_t i = 0; i < plain->hit_count; i++) {
        ck_assert_str_eq (plain->hits[i].id, before->hits[i].id);
        ck_assert_double_eq (plain->hits[i].score, before->hits[i].score);
        ck_assert_uint_eq (count_meanings (&plain->hits[i]), 0);
    }
    ck_assert_str_eq (after->hits[0].text, "Instruct children");
    ck_assert_uint_eq (count_meanings (&after->hits[0]), 1);
    for (size_t i = 1; i < after->hit_count; i++)
        ck_assert_double_ge (after->hits[i - 1].score, after->hits[i].score - 1e-4);
    sks_result_destroy (&before);
    sks_result_destroy (&after);
    sks_result_destroy (&plain);
}
END_TEST

/* Both statements contain one word of the sentence; only the vectors distinguish which one has its meaning. */
START_TEST (map_orders_by_meaning)
{
    static const struct {
        const char *text, *first;
    } sentences[] = { { "Teach valves at night.", "Teach pumps at night" },
                      { "Instruct kids at night.", "Instruct children at night" } };
    use ();
    for
        EACH (row, sentences)
        {
            sks_query query = options (false);
            sks_mapping out;
            ck_assert_int_eq (sks_searcher_map (index_.searcher, sentences[row].text, &query, arena, &out, &err), 0);
            ck_assert_str_eq (out.compared_by, SKS_BY_MEANING);
            ck_assert_uint_gt (out.sentences[0].match_count, 0);
            ck_assert_str_eq (out.sentences[0].matches[0].hit->text, sentences[row].first);
            ck_assert_uint_eq (count_meanings (out.sentences[0].matches[0].hit), 1);
            query.plain = 1;
            ck_assert_int_eq (sks_searcher_map (index_.searcher, sentences[row].text, &query, arena, &out, &err), 0);
            ck_assert_str_eq (out.compared_by, SKS_BY_WORDS);
            ck_assert_uint_eq (count_meanings (out.sentences[0].matches[0].hit), 0);
        }
}
END_TEST

/* Every operation ends at its deadline. */
START_TEST (a_deadline_cuts_every_operation)
{
    sks_query query = options (false);
    sks_comparison comparison;
    sks_crosswalk walk;
    sks_mapping mapping;
    sks_result *result;
    use ();
    sks_budget_begin (sks_searcher_budget (index_.searcher), 1);
    sks_searcher *s = index_.searcher;
    ck_assert_int_eq (sks_searcher_compare (s, SCHOOL, NULL, &query, arena, &comparison, &err), SKS_EDEADLINE);
    ck_assert_int_eq (sks_searcher_crosswalk (s, SCHOOL, WORKSHOP, -1, &query, arena, &walk, &err), SKS_EDEADLINE);
    ck_assert_int_eq (sks_searcher_map (s, "Teach kids songs.", &query, arena, &mapping, &err), SKS_EDEADLINE);
    ck_assert_int_eq (sks_searcher_similar (s, index_.statements[0].id, 0, &query, &result, &err), SKS_EDEADLINE);
}
END_TEST

Suite *
suite_likeness (void)
{
    Suite *suite = suite_create ("likeness");
    TCase *core = tcase_create ("core");
    tcase_add_checked_fixture (core, begin, end);
    tcase_add_test (core, vectors_join_statements_that_share_no_word);
    tcase_add_test (core, words_and_meaning_are_added);
    tcase_add_test (core, a_statement_without_a_vector_is_compared_by_words);
    tcase_add_test (core, reasons_add_up_and_name_two_words);
    tcase_add_test (core, crosswalk_pairs_statements_of_the_same_meaning_and_says_so);
    tcase_add_test (core, compare_follows_a_duty_in_other_words);
    tcase_add_test (core, compare_says_which_pairs_are_loose);
    tcase_add_test (core, similar_orders_by_meaning_but_matches_by_words);
    tcase_add_test (core, map_orders_by_meaning);
    tcase_add_test (core, a_deadline_cuts_every_operation);
    suite_add_tcase (suite, core);
    return suite;
}
