/* check_search.c - totals of a search, get by id, and the generation of a searcher; check_hit.c and check_order.c test
 * the hits. */
#include "core/engine/operations.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_search (void);

/* ------------------------------------------------------------------ totals */

START_TEST (letter_case_and_endings_do_not_change_a_total)
{
    uint64_t total = engine_total (&corpus, "routing mail");
    ck_assert_uint_gt (total, 0);
    ck_assert_uint_eq (engine_total (&corpus, "Routing mail"), total);
    ck_assert_uint_eq (engine_total (&corpus, "routing MAIL"), total);
    ck_assert_uint_eq (engine_total (&corpus, "routed mail"), total);
    ck_assert_uint_eq (engine_total (&corpus, "ROUTES MAILED"), total);
    ck_assert_uint_eq (engine_total (&corpus, "\"incoming mail\""), engine_total (&corpus, "\"INCOMING Mails\""));
}
END_TEST

START_TEST (letter_case_never_changes_an_answer)
{
    unsigned state = 18;
    size_t one[CORPUS_MOST], other[CORPUS_MOST];
    for (int i = 0; i < 200; i++) {
        char text[CORPUS_TEXT_BYTES];
        corpus_draw_words (&state, text);
        for (char *c = text; *c; c++)
            *c = (char) (*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
        size_t count = corpus_page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, one);
        for (char *c = text; *c; c++)
            *c = (char) (*c >= 'a' && *c <= 'z' && engine_draw (&state, 2) ? *c - 32 : *c);
        if (strstr (text, "AND") || strstr (text, "OR") || strstr (text, "NOT") || strstr (text, "NEAR"))
            continue;
        sks_result *result = engine_ask (&corpus, text);
        bool named = result->note_count > 0; /* "A" and "IT" among lower-case letters are names */
        sks_result_destroy (&result);
        if (named)
            continue;
        if (corpus_page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, other) != count ||
            memcmp (one, other, count * sizeof *one) != 0)
            ck_abort_msg ("\"%s\"", text);
    }
}
END_TEST

START_TEST (an_empty_query_browses_everything_by_occupation)
{
    static const char *const texts[] = { NULL, "", " \t", "\n", "\u00A0" };
    for
        EACH (t, texts)
        {
            sks_result *result = corpus_ask (texts[t], SKS_SORT_RELEVANCE, false, 500, 100);
            ck_assert_uint_eq (result->total, corpus.count);
            ck_assert_uint_eq (result->matched_all, corpus.count);
            ck_assert (!result->relaxed);
            ck_assert_str_eq (result->read_as, "*");
            ck_assert_uint_eq (result->hit_count, corpus.count - 500);
            sks_result *by_occupation = corpus_ask (texts[t], SKS_SORT_OCCUPATION, false, 500, 100);
            for (size_t i = 0; i < result->hit_count; i++) {
                ck_assert_str_eq (result->hits[i].id, by_occupation->hits[i].id);
                ck_assert (result->hits[i].score == 0);
                ck_assert_uint_eq (result->hits[i].span_count, 0);
            }
            sks_result_destroy (&by_occupation);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (answers_after_a_refusal)
{
    static const char *const refused[] = { "AND", "mail OR", "level:expert", "*mail", "\xFF" };
    for
        EACH (i, refused)
        {
            sks_query query = SKS_QUERY_INIT;
            sks_result *result;
            query.text = refused[i];
            ck_assert_int_lt (sks_searcher_search (corpus.searcher, &query, &result, NULL), 0);
            ck_assert_ptr_null (result);
            ck_assert_uint_eq (engine_total (&corpus, ""), corpus.count);
        }
}
END_TEST

/* --------------------------------------------------------------------- get */

START_TEST (gets_statements_by_id_in_the_requested_order)
{
    const char *ids[SKS_MAX_IDS];
    for (size_t first = 0; first < corpus.count; first += SKS_MAX_IDS) {
        size_t count = corpus.count - first < SKS_MAX_IDS ? corpus.count - first : SKS_MAX_IDS;
        for (size_t i = 0; i < count; i++)
            ids[i] = corpus.statements[first + count - 1 - i].id;
        sks_result *result;
        ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, count, &result, NULL), 0);
        ck_assert_uint_eq (result->hit_count, count);
        ck_assert_uint_eq (result->missing_count, 0);
        for (size_t i = 0; i < count; i++) {
            const engine_statement *s = &corpus.statements[first + count - 1 - i];
            const sks_hit *hit = &result->hits[i];
            if (strcmp (hit->id, s->id) != 0 || strcmp (hit->text, s->text) != 0 || strcmp (hit->soc, s->soc) != 0 ||
                hit->level != s->level || hit->position != s->position || hit->zone != s->zone)
                ck_abort_msg ("%s", s->id);
            if (hit->span_count || hit->marked || hit->shares || hit->score != 0)
                ck_abort_msg ("%s has spans or a score", s->id);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (lists_ids_that_name_no_statement)
{
    const char *known = corpus.statements[7].id;
    char other_level[SKS_STATEMENT_ID_BYTES], longer[64], upper[SKS_STATEMENT_ID_BYTES];
    snprintf (other_level, sizeof other_level, "%.11sdeveloping%s", known, strrchr (known, '/'));
    snprintf (longer, sizeof longer, "%s0", known);
    strcpy (upper, known);
    upper[11] = 'X';
    const char *ids[] = {
        "",    known, "43-9051.00",           "43-9051.00/emerging/000000000000", other_level, longer,
        known, upper, "43-9051.00/emerging/", "43-9051.00/expert/000000000000",   "///",       "99-9999.99/emerging/zz"
    };
    sks_result *result;
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, COUNT (ids), &result, NULL), 0);
    ck_assert_uint_eq (result->hit_count, 2);
    ck_assert_str_eq (result->hits[0].id, known);
    ck_assert_str_eq (result->hits[1].id, known);
    ck_assert_uint_eq (result->missing_count, COUNT (ids) - 2);
    ck_assert_str_eq (result->missing[0], "");
    ck_assert_str_eq (result->missing[3], other_level);
    ck_assert_uint_eq (result->generation, 1);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_to_get_more_than_100_ids)
{
    const char *ids[SKS_MAX_IDS + 1];
    sks_result *result;
    sks_error err;
    for (size_t i = 0; i <= SKS_MAX_IDS; i++)
        ids[i] = "x";
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, SKS_MAX_IDS + 1, &result, &err), SKS_ELIMIT);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, SKS_MAX_IDS, &result, &err), 0);
    ck_assert_uint_eq (result->missing_count, SKS_MAX_IDS);
    sks_result_destroy (&result);
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, NULL, 0, &result, &err), 0);
    ck_assert_uint_eq (result->hit_count + result->missing_count, 0);
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------- generations */

START_TEST (keeps_its_generation_after_others_released_it)
{
    sks_generation *generation;
    sks_searcher *searcher;
    sks_result *result;
    sks_query query = SKS_QUERY_INIT;
    ck_assert_int_eq (sks_generation_open (&generation, corpus.folder, NULL), 0);
    ck_assert_int_eq (sks_searcher_open (&searcher, generation, NULL), 0);
    ck_assert_ptr_eq (sks_searcher_generation (searcher), generation);
    sks_generation_release (&generation);
    ck_assert_ptr_null (generation);
    query.text = "incoming mail";
    ck_assert_int_eq (sks_searcher_search (searcher, &query, &result, NULL), 0);
    ck_assert_uint_gt (result->hit_count, 0);
    char id[SKS_STATEMENT_ID_BYTES];
    strcpy (id, result->hits[0].id);
    sks_result_destroy (&result);
    sks_searcher_close (&searcher);
    ck_assert_ptr_null (searcher);
    sks_searcher_close (&searcher);
    result = engine_ask (&corpus, "incoming mail");
    ck_assert_str_eq (result->hits[0].id, id);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_a_folder_without_an_index)
{
    sks_generation *generation;
    sks_error err;
    ck_assert_int_eq (sks_generation_open (&generation, "/nonexistent", &err), SKS_EINDEX);
    ck_assert_ptr_null (generation);
    ck_assert_ptr_nonnull (strstr (err.text, "/nonexistent"));
}
END_TEST

Suite *
suite_search (void)
{
    Suite *suite = suite_create ("search");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_test (core, letter_case_and_endings_do_not_change_a_total);
    tcase_add_test (core, letter_case_never_changes_an_answer);
    tcase_add_test (core, an_empty_query_browses_everything_by_occupation);
    tcase_add_test (core, gets_statements_by_id_in_the_requested_order);
    tcase_add_test (core, lists_ids_that_name_no_statement);
    tcase_add_test (limits, refuses_to_get_more_than_100_ids);
    tcase_add_test (limits, answers_after_a_refusal);
    tcase_add_test (limits, keeps_its_generation_after_others_released_it);
    tcase_add_test (limits, refuses_a_folder_without_an_index);
    return suite;
}
