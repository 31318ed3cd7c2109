/* check_client.c - calls of the client library and their replies; check_failover.c tests daemons that fail. */
#include "tests/support/standin.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

Suite *suite_client (void);

/* Search for "mail" with one daemon of the given manner. */
static int
search_once (standin *daemon, enum standin_manner manner, sks_result **result, sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    standin_start (daemon, manner);
    sks_client *client = standin_client (daemon->endpoint);
    int rc = sks_client_search (client, &query, result, err);
    sks_client_close (&client);
    standin_stop (daemon);
    return rc;
}

/* ---------------------------------------------------------------- requests */

START_TEST (a_request_reaches_the_daemon_unchanged)
{
    standin daemon = { 0 };
    static const char *const levels[] = { "emerging", "advanced" };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = "\"incoming mail\" größe";
    query.match = SKS_MATCH_ANY;
    query.offset = 20;
    query.deadline_ms = 700;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 5, "clerk", 0 };
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_search (client, &query, &result, NULL), 0);
    sks_result_destroy (&result);
    sks_client_close (&client);
    standin_stop (&daemon);
    const sks_query *seen = &daemon.last->query;
    ck_assert_int_eq (daemon.last->op, SKS_OP_SEARCH);
    ck_assert_str_eq (daemon.last->id, "1");
    ck_assert_uint_eq (daemon.last->deadline_ms, 700);
    ck_assert_str_eq (seen->text, query.text);
    ck_assert_int_eq (seen->match, SKS_MATCH_ANY);
    ck_assert_uint_eq (seen->offset, 20);
    ck_assert_uint_eq (seen->filter[SKS_FACET_LEVEL].count, 2);
    ck_assert_str_eq (seen->filter[SKS_FACET_LEVEL].values[1], "advanced");
    ck_assert_uint_eq (seen->facet_count, 1);
    ck_assert_str_eq (seen->facets[0].find, "clerk");
    sks_request_destroy (&daemon.last);
}
END_TEST

/* sks_query in programs that were compiled for 0.1. */
struct old_query {
    uint32_t version;
    const char *text;
    int match, sort, reverse;
    unsigned want;
    uint32_t offset, limit, deadline_ms;
    sks_filter filter[5];
    sks_facet_ask facets[5];
    size_t facet_count;
    const char *tag_open, *tag_close;
    uint32_t collapse;
};

START_TEST (a_query_of_version_1_is_understood)
{
    standin daemon = { 0 };
    static const char *const zones[] = { "2" };
    struct old_query query = { .version = 1, .text = "mail", .limit = 3, .collapse = 2, .tag_open = "[" };
    sks_result *result;
    query.filter[SKS_FACET_ZONE] = (sks_filter) { zones, 1, 0, 0 };
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_ZONE, 5, NULL, 0 };
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_search (client, (const sks_query *) &query, &result, NULL), 0);
    sks_result_destroy (&result);
    query.facet_count = 6;
    ck_assert_int_eq (sks_client_search (client, (const sks_query *) &query, &result, NULL), SKS_EINVALID);
    sks_client_close (&client);
    standin_stop (&daemon);
    const sks_query *seen = &daemon.last->query;
    ck_assert_str_eq (seen->text, "mail");
    ck_assert_uint_eq (seen->limit, 3);
    ck_assert_uint_eq (seen->collapse, 2);
    ck_assert_str_eq (seen->tag_open, "[");
    ck_assert_str_eq (seen->filter[SKS_FACET_ZONE].values[0], "2");
    ck_assert_uint_eq (seen->facet_count, 1);
    ck_assert_int_eq (seen->facets[0].facet, SKS_FACET_ZONE);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (get_requests_ids_and_lists_missing_ones)
{
    standin daemon = { 0 };
    static const char *const ids[] = { "43-9061.00/emerging/0123456789ab", "x" };
    sks_result *result;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_get (client, ids, 2, &result, NULL), 0);
    ck_assert_str_eq (result->hits[0].id, ids[0]);
    ck_assert_uint_eq (result->missing_count, 1);
    ck_assert_str_eq (result->missing[0], "x");
    sks_result_destroy (&result);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_int_eq (daemon.last->op, SKS_OP_GET);
    ck_assert_str_eq (daemon.last->ids[1], "x");
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (ping_requests_health_and_measures_the_time)
{
    standin daemon = { 0 };
    uint64_t took_us = 0;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_ping (client, &took_us, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_int_eq (daemon.last->op, SKS_OP_HEALTH);
    ck_assert_uint_gt (took_us, 0);
    ck_assert_uint_lt (took_us, 5000000);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (call_sends_and_returns_the_bytes_unchanged)
{
    static const char request[] = "{\"v\":1, \"id\":\"mine\", \"op\":\"stats\"}";
    standin daemon = { 0 };
    char *reply;
    standin_start (&daemon, REFUSE);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_call (client, request, &reply, NULL), 0);
    ck_assert_str_eq (reply, "{\"v\":1,\"id\":\"mine\",\"ok\":false,\"error\":"
                             "{\"code\":\"query_syntax\",\"message\":\"no\",\"at\":3}}");
    sks_free (reply);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_str_eq (daemon.bytes, request);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (several_calls_share_a_connection)
{
    standin daemon = { 0 };
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_str_eq (daemon.last->id, "100");
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (an_ipc_endpoint_works)
{
    char folder[] = "/tmp/skillsearch-XXXXXX", path[64], endpoint[80];
    standin daemon = { .bind = endpoint };
    sks_result *result;
    ck_assert_ptr_nonnull (mkdtemp (folder));
    snprintf (path, sizeof path, "%s/socket", folder);
    snprintf (endpoint, sizeof endpoint, "ipc://%s", path);
    ck_assert_int_eq (search_once (&daemon, ANSWER, &result, NULL), 0);
    sks_result_destroy (&result);
    sks_request_destroy (&daemon.last);
    unlink (path);
    ck_assert_int_eq (rmdir (folder), 0);
}
END_TEST

START_TEST (the_environment_names_the_endpoint)
{
    standin daemon = { 0 };
    standin_start (&daemon, ANSWER);
    setenv ("SKILLSEARCH_ENDPOINT", daemon.endpoint, 1);
    sks_client *client = standin_client (NULL);
    unsetenv ("SKILLSEARCH_ENDPOINT");
    sks_client_close (&client);
    standin_stop (&daemon);
}
END_TEST

/* ----------------------------------------------------------------- replies */

START_TEST (a_reply_becomes_a_result)
{
    standin daemon = { 0 };
    sks_result *result;
    ck_assert_int_eq (search_once (&daemon, ANSWER, &result, NULL), 0);
    ck_assert_uint_eq (result->generation, 7);
    ck_assert_uint_eq (result->hit_count, 1);
    ck_assert_str_eq (result->hits[0].text, "Route mail");
    ck_assert_int_eq (result->hits[0].level, SKS_EMERGING);
    ck_assert_uint_eq (result->hits[0].spans[0].start, 6);
    ck_assert_ptr_nonnull (strstr (result->json, "\"took_us\":9"));
    sks_result_destroy (&result);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_refusal_becomes_an_error_code_and_place)
{
    standin daemon = { 0 };
    sks_result *result;
    sks_error err;
    ck_assert_int_eq (search_once (&daemon, REFUSE, &result, &err), SKS_EQUERYSYNTAX);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (err.code, SKS_EQUERYSYNTAX);
    ck_assert_int_eq (err.at, 3);
    ck_assert_str_eq (err.text, "no");
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_stale_reply_is_skipped)
{
    standin daemon = { 0 };
    sks_result *result;
    sks_error err = { 0 };
    ck_assert_msg (search_once (&daemon, STALE_FIRST, &result, &err) == 0, "%s", err.text);
    ck_assert_uint_eq (result->total, 1);
    sks_result_destroy (&result);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_reply_without_an_id_is_accepted)
{
    standin daemon = { 0 };
    sks_result *result;
    ck_assert_int_eq (search_once (&daemon, WITHOUT_ID, &result, NULL), SKS_ELIMIT);
    sks_request_destroy (&daemon.last);
}
END_TEST

/* ------------------------------------------------------------------ limits */

START_TEST (a_request_that_is_too_large_is_refused_before_it_is_sent)
{
    standin daemon = { 0 };
    char *reply, *request = malloc (SKS_MAX_REQUEST_BYTES + 2);
    sks_result *result;
    sks_error err;
    memset (request, 'x', SKS_MAX_REQUEST_BYTES + 1);
    request[SKS_MAX_REQUEST_BYTES + 1] = '\0';
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_call (client, request, &reply, &err), SKS_ELIMIT);
    ck_assert_ptr_null (reply);
    sks_query query = SKS_QUERY_INIT;
    query.text = request;
    ck_assert_int_eq (sks_client_search (client, &query, &result, &err), SKS_ELIMIT);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_uint_eq (daemon.served, 0);
    free (request);
}
END_TEST

START_TEST (a_reply_that_is_too_large_or_invalid_is_a_failure)
{
    standin daemon = { 0 }, second = { 0 };
    sks_result *result;
    sks_error err;
    ck_assert_int_eq (search_once (&daemon, NO_JSON, &result, &err), SKS_EPROTOCOL);
    sks_request_destroy (&daemon.last);
    ck_assert_int_eq (search_once (&second, TOO_LARGE, &result, &err), SKS_ECONNECT);
    ck_assert_str_eq (strchr (err.text, ' '), " closed the connection before it answered");
    ck_assert_ptr_null (result);
    ck_assert_uint_eq (second.served, 2);
    sks_request_destroy (&second.last);
}
END_TEST

START_TEST (too_few_descriptors_are_an_error_instead_of_an_abort)
{
    standin daemon = { 0 };
    struct rlimit before, few;
    sks_client *client;
    sks_error err;
    standin_start (&daemon, ANSWER);
    getrlimit (RLIMIT_NOFILE, &before);
    int next = dup (0);
    few = (struct rlimit) { (rlim_t) next + 20, before.rlim_max };
    close (next);
    setrlimit (RLIMIT_NOFILE, &few);
    int rc = sks_client_open (&client, daemon.endpoint, &err);
    setrlimit (RLIMIT_NOFILE, &before);
    ck_assert_int_eq (rc, SKS_EIO);
    standin_stop (&daemon);
}
END_TEST

START_TEST (get_takes_one_to_a_hundred_ids)
{
    standin daemon = { 0 };
    const char *ids[SKS_MAX_IDS + 1] = { "x" };
    sks_result *result;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_get (client, ids, 0, &result, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_client_get (client, ids, SKS_MAX_IDS + 1, &result, NULL), SKS_ELIMIT);
    sks_client_close (&client);
    standin_stop (&daemon);
}
END_TEST

START_TEST (closing_is_safe_twice)
{
    sks_client *client = NULL;
    sks_client_close (&client);
    sks_client_close (NULL);
    ck_assert_ptr_null (client);
}
END_TEST

Suite *
suite_client (void)
{
    Suite *suite = suite_create ("client");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, a_request_reaches_the_daemon_unchanged);
    tcase_add_test (core, a_reply_becomes_a_result);
    tcase_add_test (core, get_requests_ids_and_lists_missing_ones);
    tcase_add_test (core, a_query_of_version_1_is_understood);
    tcase_add_test (core, ping_requests_health_and_measures_the_time);
    tcase_add_test (core, call_sends_and_returns_the_bytes_unchanged);
    tcase_add_test (core, a_refusal_becomes_an_error_code_and_place);
    tcase_add_test (core, a_stale_reply_is_skipped);
    tcase_add_test (core, a_reply_without_an_id_is_accepted);
    tcase_add_test (core, an_ipc_endpoint_works);
    tcase_add_test (core, several_calls_share_a_connection);
    tcase_add_test (core, the_environment_names_the_endpoint);
    tcase_add_test (limits, a_request_that_is_too_large_is_refused_before_it_is_sent);
    tcase_add_test (limits, a_reply_that_is_too_large_or_invalid_is_a_failure);
    tcase_add_test (limits, too_few_descriptors_are_an_error_instead_of_an_abort);
    tcase_add_test (limits, get_takes_one_to_a_hundred_ids);
    tcase_add_test (limits, closing_is_safe_twice);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
