/* check_operations.c - the library's calls for the operations other than search and get, with a running daemon on the
 * sample exports. */
#include "tests/support/daemon.h"
#include "tests/support/standin.h"

#include <check.h>
#include <string.h>

Suite *suite_operations (void);

#define TIMEOUT_S 120
#define CLERKS "43-9051.00"

static char index_dir[SKS_TEST_PATH_BYTES];
static sks_test_daemon served;
static sks_client *client;
static sks_error err;

static void
serve (void)
{
    sks_test_folder_make (index_dir);
    sks_test_index_build (index_dir, NULL);
    sks_test_daemon_start (&served, NULL, index_dir, NULL);
}

static void
stop (void)
{
    sks_test_daemon_stop (&served);
    sks_test_folder_remove (index_dir);
}

static void
connect_client (void)
{
    client = standin_client (served.endpoint);
}

static void
close_client (void)
{
    sks_client_close (&client);
}

#define ASSERT_DONE(call) ck_assert_msg ((call) == 0, "%s", err.text)

/* The id of some statement with this word. */
static const char *
some_id (const char *text)
{
    static char id[128];
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = text;
    query.limit = 1;
    ASSERT_DONE (sks_client_search (client, &query, &result, &err));
    strcpy (id, result->hits[0].id);
    sks_result_destroy (&result);
    return id;
}

START_TEST (similar_leaves_out_what_is_excluded)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    const char *id = some_id ("soc:" CLERKS " train");
    query.limit = 20;
    ASSERT_DONE (sks_client_similar (client, id, SKS_EXCLUDE_OCCUPATION, &query, &result, &err));
    ck_assert_uint_gt (result->hit_count, 0);
    for (size_t i = 0; i < result->hit_count; i++)
        ck_assert_str_ne (result->hits[i].soc, CLERKS);
    sks_result_destroy (&result);
    ASSERT_DONE (sks_client_similar (client, id, 0, NULL, &result, &err));
    ck_assert_uint_gt (result->hit_count, 0);
    sks_result_destroy (&result);
    ck_assert_int_eq (sks_client_similar (client, "x", 0, NULL, &result, &err), SKS_ENOTFOUND);
    ck_assert_ptr_null (result);
}
END_TEST

START_TEST (compare_has_the_levels_of_one_occupation)
{
    sks_comparison *all, *some;
    ASSERT_DONE (sks_client_compare (client, CLERKS, NULL, NULL, &all, &err));
    ck_assert_str_eq (all->soc, CLERKS);
    ck_assert_uint_gt (all->row_count, 1);
    for (size_t i = 0; i < all->row_count; i++)
        for (int level = 0; level < SKS_LEVELS; level++)
            if (all->rows[i].cells[level].hit)
                ck_assert_int_eq (all->rows[i].cells[level].hit->level, level);
    ASSERT_DONE (sks_client_compare (client, CLERKS, "mail", NULL, &some, &err));
    ck_assert_uint_lt (some->row_count, all->row_count);
    sks_comparison_destroy (&all);
    sks_comparison_destroy (&some);
    ck_assert_ptr_null (some);
    ck_assert_int_eq (sks_client_compare (client, "99-9999.99", NULL, NULL, &all, &err), SKS_ENOTFOUND);
}
END_TEST

START_TEST (crosswalk_pairs_two_occupations)
{
    sks_crosswalk *crosswalk;
    ASSERT_DONE (sks_client_crosswalk (client, "25-2021.00", "47-2111.00", SKS_ADVANCED, NULL, &crosswalk, &err));
    ck_assert_uint_gt (crosswalk->pair_count, 0);
    ck_assert_str_eq (crosswalk->pairs[0].left->soc, "25-2021.00");
    ck_assert_str_eq (crosswalk->pairs[0].right->soc, "47-2111.00");
    ck_assert_int_eq (crosswalk->pairs[0].left->level, SKS_ADVANCED);
    double sum = 0;
    for (size_t i = 0; i < crosswalk->pairs[0].share_count; i++)
        sum += crosswalk->pairs[0].shares[i].score;
    ck_assert_double_eq_tol (sum, crosswalk->pairs[0].likeness, 1e-4);
    sks_crosswalk_destroy (&crosswalk);
    ck_assert_int_eq (sks_client_crosswalk (client, "a", "b", SKS_LEVELS, NULL, &crosswalk, &err), SKS_EINVALID);
}
END_TEST

START_TEST (occupation_has_the_statements_of_a_scan)
{
    sks_query query = SKS_QUERY_INIT;
    sks_record *record;
    sks_result *page;
    query.text = "soc:" CLERKS;
    query.limit = SKS_MAX_SCAN;
    ASSERT_DONE (sks_client_occupation (client, "43-9051", &record, &err));
    ck_assert_str_eq (record->soc, CLERKS);
    ck_assert_ptr_nonnull (strstr (record->json, record->title));
    ck_assert_uint_gt (record->generation, 0);
    ASSERT_DONE (sks_client_scan (client, &query, NULL, &page, &err));
    uint64_t count = 0;
    for (int level = 0; level < SKS_LEVELS; level++)
        count += record->levels[level].count;
    ck_assert_uint_eq (count, page->total);
    sks_result_destroy (&page);
    sks_record_destroy (&record);
    ck_assert_ptr_null (record);
    ck_assert_int_eq (sks_client_occupation (client, "99-9999.99", &record, &err), SKS_ENOTFOUND);
    ck_assert_ptr_null (record);
}
END_TEST

START_TEST (map_answers_sentences_in_any_units)
{
    static const char text[] = "Gr\u00f6\u00dfe! Sort incoming mail. Zzz qqq.";
    static const int units[] = { SKS_UNITS_BYTES, SKS_UNITS_UTF16 };
    static const uint32_t starts[] = { 9, 7 };
    sks_query query = SKS_QUERY_INIT;
    query.limit = 2;
    for (size_t i = 0; i < 2; i++) {
        sks_mapping *mapping;
        query.units = units[i];
        ASSERT_DONE (sks_client_map (client, text, &query, &mapping, &err));
        ck_assert_uint_eq (mapping->sentence_count, 3);
        ck_assert_uint_eq (mapping->sentences[1].start, starts[i]);
        ck_assert_uint_eq (mapping->sentences[1].match_count, 2);
        ck_assert_uint_gt (mapping->sentences[1].matches[0].evidence_count, 0);
        ck_assert_uint_eq (mapping->sentences[2].match_count, 0);
        sks_mapping_destroy (&mapping);
    }
}
END_TEST

START_TEST (suggest_completes_prefixes_and_analyze_reads_queries)
{
    sks_completions *completions;
    sks_analysis *analysis;
    sks_query query = SKS_QUERY_INIT;
    ASSERT_DONE (sks_client_suggest (client, "ma", 3, &completions, &err));
    ck_assert_uint_eq (completions->word_count, 3);
    ck_assert_int_eq (strncmp (completions->words[0].text, "ma", 2), 0);
    sks_completions_destroy (&completions);
    query.text = "the mail AND level:advanced";
    ASSERT_DONE (sks_client_analyze (client, &query, &analysis, &err));
    ck_assert_str_eq (analysis->tree.kind, "and");
    ck_assert_str_eq (analysis->words[1].form, "mail");
    ck_assert_int_eq (analysis->words[0].stop, 1);
    sks_analysis_destroy (&analysis);
}
END_TEST

START_TEST (facet_values_counts_one_facet)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    ck_assert_int_eq (sks_client_facet_values (client, &query, &result, &err), SKS_EINVALID);
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 };
    ASSERT_DONE (sks_client_facet_values (client, &query, &result, &err));
    ck_assert_uint_eq (result->facets[0].count, SKS_LEVELS);
    ck_assert_str_eq (result->facets[0].values[0].value, sks_level_name (SKS_EMERGING));
    sks_result_destroy (&result);
}
END_TEST

START_TEST (scan_returns_every_statement_once)
{
    sks_query query = SKS_QUERY_INIT;
    char cursor[256] = "", last[256] = "";
    uint64_t seen = 0, total;
    query.limit = 100;
    do {
        sks_result *page;
        ASSERT_DONE (sks_client_scan (client, &query, *cursor ? cursor : NULL, &page, &err));
        for (size_t i = 0; i < page->hit_count; i++) {
            ck_assert_int_gt (strcmp (page->hits[i].id, last), 0);
            strcpy (last, page->hits[i].id);
        }
        seen += page->hit_count;
        total = page->total;
        strcpy (cursor, page->cursor ? page->cursor : "");
        sks_result_destroy (&page);
    } while (*cursor);
    ck_assert_uint_eq (seen, total);
}
END_TEST

START_TEST (each_search_of_a_multi_succeeds_or_fails_alone)
{
    sks_query queries[3] = { SKS_QUERY_INIT, SKS_QUERY_INIT, SKS_QUERY_INIT };
    sks_result *results[3];
    sks_error errors[3];
    queries[0].text = "mail";
    queries[1].text = "mail AND";
    queries[2].limit = 0;
    ASSERT_DONE (sks_client_multi_search (client, queries, 3, results, errors, &err));
    ck_assert_uint_gt (results[0]->hit_count, 0);
    ck_assert_ptr_null (results[0]->json);
    ck_assert_ptr_null (results[1]);
    ck_assert_int_eq (errors[1].code, SKS_EQUERYSYNTAX);
    ck_assert_int_eq (errors[1].at, 5);
    ck_assert_uint_eq (results[2]->hit_count, 0);
    ck_assert_uint_gt (results[2]->total, results[0]->total);
    ck_assert_uint_eq (results[2]->generation, results[0]->generation);
    sks_result_destroy (&results[0]);
    sks_result_destroy (&results[2]);
    ck_assert_int_eq (sks_client_multi_search (client, queries, 0, results, NULL, &err), SKS_ELIMIT);
    ck_assert_int_eq (sks_client_multi_search (client, queries, SKS_MAX_MULTI + 1, results, NULL, &err), SKS_ELIMIT);
}
END_TEST

START_TEST (the_daemon_returns_its_identity_and_status)
{
    sks_hello *hello;
    sks_health *health;
    sks_daemon_stats *stats;
    ASSERT_DONE (sks_client_hello (client, &hello, &err));
    ck_assert_str_eq (hello->version, sks_version ());
    ASSERT_DONE (sks_client_health (client, &health, &err));
    ck_assert_uint_eq (health->generation, hello->generation);
    ASSERT_DONE (sks_client_stats (client, &stats, &err));
    ck_assert_double_eq (sks_daemon_stats_find (stats, "index", "statements")->value, (double) health->statements);
    ck_assert_uint_gt (stats->operation_count, 1);
    ck_assert_ptr_nonnull (strstr (stats->json, "\"workers\""));
    sks_hello_destroy (&hello);
    sks_health_destroy (&health);
    sks_daemon_stats_destroy (&stats);
}
END_TEST

START_TEST (no_call_accepts_null_for_required_arguments)
{
    sks_result *result;
    sks_comparison *comparison;
    sks_crosswalk *crosswalk;
    sks_mapping *mapping;
    sks_completions *completions;
    sks_analysis *analysis;
    ck_assert_int_eq (sks_client_similar (client, NULL, 0, NULL, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_compare (client, NULL, NULL, NULL, &comparison, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_crosswalk (client, CLERKS, NULL, -1, NULL, &crosswalk, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_map (client, NULL, NULL, &mapping, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_suggest (client, NULL, 0, &completions, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_facet_values (client, NULL, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_analyze (client, NULL, &analysis, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_scan (NULL, NULL, NULL, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_multi_search (client, NULL, 1, &result, NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_hello (client, NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_health (NULL, NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_stats (client, NULL, NULL), SKS_EINVALID);
    sks_comparison_destroy (NULL);
    sks_keys_write (NULL, "x", &err);
    ck_assert_int_eq (err.code, SKS_EINVALID);
}
END_TEST

Suite *
suite_operations (void)
{
    Suite *suite = suite_create ("operations");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_set_timeout (core, TIMEOUT_S);
    tcase_add_unchecked_fixture (core, serve, stop);
    tcase_add_checked_fixture (core, connect_client, close_client);
    tcase_add_test (core, similar_leaves_out_what_is_excluded);
    tcase_add_test (core, compare_has_the_levels_of_one_occupation);
    tcase_add_test (core, crosswalk_pairs_two_occupations);
    tcase_add_test (core, occupation_has_the_statements_of_a_scan);
    tcase_add_test (core, map_answers_sentences_in_any_units);
    tcase_add_test (core, suggest_completes_prefixes_and_analyze_reads_queries);
    tcase_add_test (core, facet_values_counts_one_facet);
    tcase_add_test (core, scan_returns_every_statement_once);
    tcase_add_test (core, each_search_of_a_multi_succeeds_or_fails_alone);
    tcase_add_test (core, the_daemon_returns_its_identity_and_status);
    suite_add_tcase (suite, core);
    tcase_set_timeout (limits, TIMEOUT_S);
    tcase_add_unchecked_fixture (limits, serve, stop);
    tcase_add_checked_fixture (limits, connect_client, close_client);
    tcase_add_test (limits, no_call_accepts_null_for_required_arguments);
    suite_add_tcase (suite, limits);
    return suite;
}
