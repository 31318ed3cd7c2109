/* check_similar.c - the likeness of two statements, and the statements most similar to one. */
#include "core/engine/search.h"
#include "tests/support/alike.h"

#include <math.h>
#include <string.h>

Suite *suite_similar (void);

static sks_result *
similar (engine *e, const char *id, unsigned exclude, const sks_query *options)
{
    static const sks_query all = { .version = 1, .limit = SKS_MAX_LIMIT, .want = SKS_WANT_EXPLAIN };
    sks_result *result;
    sks_error err;
    int code = sks_searcher_similar (e->searcher, id, exclude, options ? options : &all, &result, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return result;
}

/* The statement whose text begins with this. */
static const engine_statement *
find (const engine *e, const char *start)
{
    for (size_t i = 0; i < e->count; i++)
        if (strncmp (e->statements[i].text, start, strlen (start)) == 0)
            return &e->statements[i];
    ck_abort_msg ("no statement begins with \"%s\"", start);
}

/* ----------------------------------------------------------------- likeness */

START_TEST (likeness_is_1_for_the_same_words_and_0_without_common_words)
{
    const char *budgets = alike_id (&small, MAIL, "Budgets");
    const char *same = alike_id (&small, REPAIR, "Budgets — forecast");
    ck_assert_double_eq_tol (alike_likeness (&small, budgets, same), 1, NEAR);
    ck_assert_double_eq (alike_likeness (&small, budgets, alike_id (&small, MAIL, "Stamps")), 0);
    ck_assert_double_eq (alike_likeness (&small, budgets, alike_id (&small, PLAIN, "Of the and")), 0);
}
END_TEST

START_TEST (a_common_duty_counts_more_than_a_common_detail)
{
    /* "count" is in the details of both; "stamps" is the duty of both. */
    const char *weekly = alike_id (&small, MAIL, "Stamps"), *daily = alike_id (&small, REPAIR, "Stamps");
    sks_matching m = sks_searcher_matching (small.searcher, NULL);
    sks_profile a = alike_profile (&m, weekly), b = alike_profile (&m, daily);
    sks_common *common;
    ck_assert_uint_eq (alike_explain (&m, &a, &b, &common), 2);
    const sks_form *form = &m.store->form[common[0].form];
    ck_assert_int_eq (strncmp (m.store->strings + form->text, "stamps", form->size), 0);
    ck_assert_double_gt (common[0].share, 4 * common[1].share);
}
END_TEST

START_TEST (the_same_form_counts_a_little_more_than_the_same_stem)
{
    const char *route = alike_id (&small, PLAIN, "Route letters");
    const char *routed = alike_id (&small, PLAIN, "Routed");
    sks_matching m = sks_searcher_matching (small.searcher, NULL);
    sks_profile a = alike_profile (&m, route), b = alike_profile (&m, routed);
    sks_common *other_form, *same_form;
    ck_assert_uint_eq (alike_explain (&m, &a, &b, &other_form), 2);
    ck_assert_uint_eq (alike_explain (&m, &a, &a, &same_form), 3);
    ck_assert_int_eq (other_form[0].same_form + other_form[1].same_form, 1);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++)
            if (other_form[i].stem == same_form[k].stem && !other_form[i].same_form) {
                double of_stem = other_form[i].share * a.length * b.length;
                double of_form = same_form[k].share * a.length * a.length;
                ck_assert_double_gt (of_form, of_stem * 1.1);
                ck_assert_double_lt (of_form, of_stem * 1.5);
            }
}
END_TEST

START_TEST (shares_add_up_to_a_likeness_that_is_the_same_both_ways)
{
    unsigned state = 11;
    sks_matching m = sks_searcher_matching (corpus.searcher, NULL);
    for (int i = 0; i < 2000; i++) {
        unsigned left = engine_draw (&state, (unsigned) corpus.count);
        unsigned right = engine_draw (&state, (unsigned) corpus.count);
        sks_profile a = alike_profile (&m, corpus.statements[left].id);
        sks_profile b = alike_profile (&m, corpus.statements[right].id);
        sks_common *common;
        double sum = 0, value = sks_likeness (&a, &b);
        size_t count = alike_explain (&m, &a, &b, &common);
        for (size_t k = 0; k < count; k++)
            sum += common[k].share;
        ck_assert_double_ge (value, 0);
        ck_assert_double_le (value, 1);
        ck_assert_double_eq (value, sks_likeness (&b, &a));
        ck_assert_double_eq_tol (sum, value, NEAR);
        ck_assert_double_eq_tol (sks_likeness (&a, &a), 1, NEAR);
    }
}
END_TEST

/* ------------------------------------------------------------------ similar */

static alike_stems all_stems[1000];

static void
read_all_stems (void)
{
    ck_assert_uint_le (drawn.count, COUNT (all_stems));
    for (size_t i = 0; i < drawn.count; i++)
        alike_read_stems (drawn.statements[i].text, &all_stems[i]);
}

/* Keep the 24 words of the highest idf. */
static void
keep_heaviest (alike_stems *stems)
{
    for (size_t i = 0; i < stems->count; i++) {
        double holding = 0, all = (double) drawn.count;
        for (size_t k = 0; k < drawn.count; k++)
            holding += alike_holds (&all_stems[k], stems->text[i]);
        stems->weight[i] = (uint32_t) (logf ((float) (1 + (all - holding + .5) / (holding + .5))) * 1024);
    }
    while (stems->count > 24) {
        size_t least = 0;
        for (size_t i = 1; i < stems->count; i++)
            if (stems->weight[i] <= stems->weight[least])
                least = i;
        size_t after = --stems->count - least;
        memmove (stems->text[least], stems->text[least + 1], after * sizeof *stems->text);
        memmove (&stems->weight[least], &stems->weight[least + 1], after * sizeof *stems->weight);
    }
}

static bool
holds_all (const alike_stems *asked, const alike_stems *other)
{
    for (size_t i = 0; i < asked->count; i++)
        if (!alike_holds (other, asked->text[i]))
            return false;
    return true;
}

/* Whether a statement has an eighth of the weight: 1 yes, -1 no, 0 too close to decide, since idf is rounded. */
static int
compare_with_eighth (const alike_stems *asked, const alike_stems *other)
{
    int64_t sum = 0, all = 0, rounding = (int64_t) asked->count;
    for (size_t i = 0; i < asked->count; i++) {
        all += asked->weight[i];
        sum += alike_holds (other, asked->text[i]) ? asked->weight[i] : 0;
    }
    return 8 * sum >= all + 8 * rounding ? 1 : 8 * sum < all - 8 * rounding ? -1 : 0;
}

START_TEST (similar_counts_statements_that_share_an_eighth_of_the_weight)
{
    unsigned state = 5;
    uint64_t seen = 0;
    read_all_stems ();
    for (int i = 0; i < DRAWS; i++) {
        size_t at = engine_draw (&state, (unsigned) drawn.count);
        alike_stems asked = all_stems[at];
        uint64_t least = 0, most = 0, all = 0;
        keep_heaviest (&asked);
        for (size_t k = 0; k < drawn.count; k++) {
            int order = k == at ? -1 : compare_with_eighth (&asked, &all_stems[k]);
            least += order > 0;
            most += order >= 0;
            all += k != at && holds_all (&asked, &all_stems[k]);
        }
        sks_result *result = similar (&drawn, drawn.statements[at].id, 0, NULL);
        ck_assert_uint_ge (result->total, least);
        ck_assert_uint_le (result->total, most);
        ck_assert_uint_eq (result->matched_all, all);
        ck_assert_uint_eq (result->hit_count, result->total < SKS_MAX_LIMIT ? result->total : SKS_MAX_LIMIT);
        seen += result->total;
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (seen, 10 * DRAWS);
}
END_TEST

START_TEST (similar_explains_and_marks_every_hit_and_never_returns_the_statement_itself)
{
    unsigned state = 6;
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = &drawn.statements[engine_draw (&state, (unsigned) drawn.count)];
        sks_result *result = similar (&drawn, s->id, 0, NULL);
        for (size_t k = 0; k < result->hit_count; k++) {
            const sks_hit *hit = &result->hits[k];
            double sum = 0;
            for (size_t w = 0; w < hit->share_count; w++)
                sum += hit->shares[w].score;
            ck_assert_double_eq_tol (sum, hit->score, 1e-4);
            ck_assert_str_ne (hit->id, s->id);
            ck_assert_uint_gt (hit->span_count, 0);
            ck_assert (!k || result->hits[k - 1].score >= hit->score - 1e-4);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (similar_leaves_out_excluded_and_filtered_statements)
{
    unsigned state = 7, compared = 0;
    const char *levels[] = { "emerging", "advanced" };
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = corpus_draw (&state);
        sks_query options = { .version = 1, .limit = SKS_MAX_LIMIT };
        sks_result *all = similar (&corpus, s->id, 0, &options);
        compared += all->total > 0 && all->total <= SKS_MAX_LIMIT;
        for (unsigned exclude = 0; exclude < 8; exclude++) {
            uint64_t expected = 0;
            options.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, exclude & 4 ? 2 : 0, 0, 0 };
            sks_result *some = similar (&corpus, s->id, exclude & 3, &options);
            for (size_t k = 0; k < all->hit_count; k++) {
                const sks_hit *hit = &all->hits[k];
                const engine_statement *found = &corpus.statements[engine_number (&corpus, hit->id)];
                expected += !(exclude & 1 && strcmp (hit->soc, s->soc) == 0) &&
                            !(exclude & 2 && hit->level == s->level) && engine_passes (found, &options, -1);
            }
            ck_assert_uint_le (some->total, all->total);
            ck_assert (all->total > SKS_MAX_LIMIT || some->total == expected);
            ck_assert (all->total > SKS_MAX_LIMIT || some->hit_count == expected);
            sks_result_destroy (&some);
        }
        sks_result_destroy (&all);
    }
    ck_assert_uint_gt (compared, DRAWS / 4);
}
END_TEST

START_TEST (similar_finds_something_for_most_statements)
{
    unsigned found = 0;
    for (size_t i = 0; i < corpus.count; i++) {
        sks_result *result = similar (&corpus, corpus.statements[i].id, 1, NULL);
        found += result->total > 0;
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (found, corpus.count * 2 / 3);
}
END_TEST

START_TEST (similar_puts_the_same_wording_first)
{
    sks_result *result = similar (&small, alike_id (&small, MAIL, "Budgets"), 0, NULL);
    ck_assert_uint_eq (result->total, 2);
    ck_assert_uint_eq (result->matched_all, 2);
    ck_assert_str_eq (result->read_as, "EIGHTH(budgets forecast)");
    ck_assert_str_eq (alike_cut (result->hits[0].text, result->hits[0].spans, result->hits[0].span_count),
                      "Budgets|forecast");
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------------- limits */

START_TEST (an_unknown_id_is_not_found)
{
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    static const char *const ids[] = { "43-9051.00/emerging/000000000000", "" };
    for
        EACH (i, ids)
        {
            int code = sks_searcher_similar (small.searcher, ids[i], 0, &options, &result, NULL);
            ck_assert_int_eq (code, SKS_ENOTFOUND);
            ck_assert_ptr_null (result);
        }
}
END_TEST

START_TEST (too_many_hits_are_refused)
{
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    options.limit = SKS_MAX_LIMIT + 1;
    const char *id = small.statements[0].id;
    ck_assert_int_eq (sks_searcher_similar (small.searcher, id, 0, &options, &result, NULL), SKS_ELIMIT);
}
END_TEST

START_TEST (a_statement_of_stop_words_is_similar_to_none)
{
    sks_result *result = similar (&small, find (&small, "Of the and")->id, 0, NULL);
    ck_assert_uint_eq (result->total, 0);
    ck_assert_uint_eq (result->hit_count, 0);
    sks_result_destroy (&result);
}
END_TEST

Suite *
suite_similar (void)
{
    Suite *suite = suite_create ("similar");
    TCase *core = tcase_create ("Core");
    TCase *sample = tcase_create ("Core, sample exports");
    TCase *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, alike_open_small, alike_close_small);
    tcase_add_test (core, likeness_is_1_for_the_same_words_and_0_without_common_words);
    tcase_add_test (core, a_common_duty_counts_more_than_a_common_detail);
    tcase_add_test (core, the_same_form_counts_a_little_more_than_the_same_stem);
    tcase_add_test (core, similar_puts_the_same_wording_first);
    suite_add_tcase (suite, core);
    tcase_add_unchecked_fixture (sample, alike_open_corpus, alike_close_corpus);
    tcase_set_timeout (sample, 60);
    tcase_add_test (sample, shares_add_up_to_a_likeness_that_is_the_same_both_ways);
    tcase_add_test (sample, similar_counts_statements_that_share_an_eighth_of_the_weight);
    tcase_add_test (sample, similar_explains_and_marks_every_hit_and_never_returns_the_statement_itself);
    tcase_add_test (sample, similar_leaves_out_excluded_and_filtered_statements);
    tcase_add_test (sample, similar_finds_something_for_most_statements);
    suite_add_tcase (suite, sample);
    tcase_add_unchecked_fixture (limits, alike_open_small, alike_close_small);
    tcase_add_test (limits, an_unknown_id_is_not_found);
    tcase_add_test (limits, too_many_hits_are_refused);
    tcase_add_test (limits, a_statement_of_stop_words_is_similar_to_none);
    suite_add_tcase (suite, limits);
    return suite;
}
