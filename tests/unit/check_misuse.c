/* check_misuse.c - invalid calls of the client library: with NULL, with a struct of another version, in a child of
 * fork. */
#include "tests/support/skip.h"
#include "tests/support/standin.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *suite_misuse (void);

#define CHILD_SECONDS 60 /* after this time SIGALRM ends a child that hangs */

static const char *const one_id[] = { "43-9061.00/emerging/0123456789ab" };

/* ------------------------------------------------------------------- NULL */

START_TEST (opening_with_a_null_client_pointer_is_invalid)
{
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_client *client = (sks_client *) &options;
    sks_error err;
    ck_assert_int_eq (sks_client_open (NULL, "tcp://127.0.0.1:1", &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_open (NULL, NULL, NULL), SKS_EINVALID);
    ck_assert_int_eq (sks_client_open_with (NULL, &options, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_open_with (&client, NULL, &err), SKS_EINVALID);
    ck_assert_ptr_null (client);
    ck_assert_int_eq (sks_client_open_with (NULL, NULL, NULL), SKS_EINVALID);
}
END_TEST

START_TEST (each_pointer_that_is_null_is_invalid)
{
    standin daemon = { 0 };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result = (sks_result *) &query;
    sks_record *record = (sks_record *) &query;
    char *reply = (char *) &query;
    const char *const no_id[] = { NULL };
    sks_error err;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_search (NULL, &query, &result, &err), SKS_EINVALID);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (sks_client_search (client, NULL, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_search (client, &query, NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_get (NULL, one_id, 1, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_get (client, NULL, 1, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_get (client, no_id, 1, &result, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_get (client, one_id, 1, NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_occupation (NULL, "43-9061", &record, &err), SKS_EINVALID);
    ck_assert_ptr_null (record);
    ck_assert_int_eq (sks_client_occupation (client, NULL, &record, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_occupation (client, "43-9061", NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_call (NULL, "{}", &reply, &err), SKS_EINVALID);
    ck_assert_ptr_null (reply);
    ck_assert_int_eq (sks_client_call (client, NULL, &reply, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_call (client, "{}", NULL, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_client_ping (NULL, NULL, &err), SKS_EINVALID);
    ck_assert_ptr_nonnull (strstr (err.text, "NULL"));
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

/* The calls of the remaining operations; each takes the client, and any of its other pointers may be NULL. */
#define INVALID(call) ck_assert_msg ((call) == SKS_EINVALID, "%s", #call)

START_TEST (no_operation_accepts_null_for_required_arguments)
{
    standin daemon = { 0 };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    uint64_t ticket;
    standin_start (&daemon, ANSWER);
    sks_client *ours = standin_client (daemon.endpoint);
    for (int i = 0; i < 2; i++) {
        sks_client *c = i ? ours : NULL; /* with a client, the pointer for the result is missing */
        sks_result **out = i ? NULL : &result;
        INVALID (sks_client_similar (c, one_id[0], 0, &query, out, NULL));
        INVALID (sks_client_compare (c, "43-9061", NULL, &query, NULL, NULL));
        INVALID (sks_client_crosswalk (c, "43-9061", "43-9051", SKS_EMERGING, &query, NULL, NULL));
        INVALID (sks_client_occupation_with (c, "43-9061", &query, NULL, NULL));
        INVALID (sks_client_map (c, "text", &query, NULL, NULL));
        INVALID (sks_client_suggest (c, "te", 3, NULL, NULL));
        INVALID (sks_client_facet_values (c, &query, out, NULL));
        INVALID (sks_client_analyze (c, &query, NULL, NULL));
        INVALID (sks_client_scan (c, &query, NULL, out, NULL));
        INVALID (sks_client_multi_search (c, &query, 1, i ? NULL : &result, NULL, NULL));
        INVALID (sks_client_hello (c, NULL, NULL));
        INVALID (sks_client_health (c, NULL, NULL));
        INVALID (sks_client_stats (c, NULL, NULL));
        INVALID (sks_client_send (c, i ? NULL : "{}", 1000, &ticket, NULL));
        INVALID (sks_client_receive (c, NULL, NULL));
    }
    INVALID (sks_client_similar (ours, NULL, 0, &query, &result, NULL));
    INVALID (sks_client_crosswalk (ours, NULL, NULL, SKS_EMERGING, &query, &(sks_crosswalk *) { NULL }, NULL));
    INVALID (sks_client_compare (ours, NULL, NULL, NULL, &(sks_comparison *) { NULL }, NULL));
    INVALID (sks_client_map (ours, NULL, NULL, &(sks_mapping *) { NULL }, NULL));
    INVALID (sks_client_suggest (ours, NULL, 3, &(sks_completions *) { NULL }, NULL));
    INVALID (sks_client_analyze (ours, NULL, &(sks_analysis *) { NULL }, NULL));
    INVALID (sks_client_multi_search (ours, NULL, 1, &result, NULL, NULL));
    INVALID (sks_lines_create (NULL, 0, 0, NULL));
    INVALID (sks_lines_create_with (NULL, NULL, NULL));
    INVALID (sks_lines_page (NULL, NULL, 0, NULL, NULL));
    INVALID (sks_packages_create (NULL, NULL, NULL));
    INVALID (sks_packages_next (NULL, ours, NULL, NULL));
    INVALID (sks_packages_read (NULL, "{}", 2, NULL, NULL));
    INVALID (sks_stats_prometheus (NULL, 0, NULL, NULL));
    INVALID (sks_keys_write (NULL, NULL, NULL));
    ck_assert_ptr_null (sks_daemon_stats_find (NULL, NULL, NULL));
    ck_assert_int_lt (sks_client_fd (NULL), 0);
    sks_client_next_timeout (NULL);
    sks_client_cancel (NULL, 1);
    sks_client_set_timeout (NULL, 1);
    sks_client_close (&ours);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (lists_that_are_null_are_invalid)
{
    standin daemon = { 0 };
    static const char *const values[] = { "emerging", NULL };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    query.filter[SKS_FACET_SECTOR].count = 1;
    ck_assert_int_eq (sks_client_search (client, &query, &result, NULL), SKS_EINVALID);
    query = (sks_query) SKS_QUERY_INIT;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { values, 2, 0, 0 };
    ck_assert_int_eq (sks_client_search (client, &query, &result, NULL), SKS_EINVALID);
    sks_client_close (&client);
    standin_stop (&daemon);
}
END_TEST

START_TEST (freeing_null_is_allowed)
{
    sks_client *client = NULL;
    sks_result *result = NULL;
    sks_client_close (NULL);
    sks_client_close (&client);
    sks_client_set_timeout (NULL, 1);
    sks_result_destroy (NULL);
    sks_result_destroy (&result);
    sks_free (NULL);
}
END_TEST

/* --------------------------------------------------------------- versions */

START_TEST (a_struct_of_an_unknown_version_is_invalid)
{
    static const uint32_t unknown[] = { 0, 5, 77, UINT32_MAX }, unknown_queries[] = { 0, 4, 77, UINT32_MAX };
    standin daemon = { 0 };
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_query query = SKS_QUERY_INIT;
    sks_client *client;
    sks_result *result;
    sks_error err;
    standin_start (&daemon, ANSWER);
    options.endpoint = daemon.endpoint;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        options.version = unknown[i];
        ck_assert_int_eq (sks_client_open_with (&client, &options, &err), SKS_EINVALID);
        ck_assert_ptr_nonnull (strstr (err.text, "version"));
        ck_assert_ptr_null (client);
    }
    options.version = 2;
    options.later = 1; /* is not read */
    ck_assert_int_eq (sks_client_open_with (&client, &options, &err), 0);
    for (size_t i = 0; i < sizeof unknown_queries / sizeof *unknown_queries; i++) {
        query.version = unknown_queries[i];
        ck_assert_int_eq (sks_client_search (client, &query, &result, &err), SKS_EINVALID);
        ck_assert_ptr_nonnull (strstr (err.text, "version"));
    }
    sks_client_close (&client);
    standin_stop (&daemon);
}
END_TEST

/* A program that was built with the first header has smaller structs: memory after them must not be read. */
START_TEST (a_struct_of_the_first_version_ends_earlier)
{
    standin daemon = { 0 };
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_client *client;
    sks_error err;
    standin_start (&daemon, SILENT_ONCE);
    options.endpoint = daemon.endpoint;
    options.version = 1;
    options.timeout_ms = 1;
    ck_assert_int_eq (sks_client_open_with (&client, &options, &err), 0);
    sks_client_set_timeout (client, 100);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), SKS_EDEADLINE);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

/* ------------------------------------------------------------------- fork */

/* Every call on a client that another process opened; then close it. Returns
 * the number of the first one that did not fail as it should, else 0. */
static int
use_foreign_client (sks_client *client)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    char *reply;
    if (sks_client_search (client, &query, &result, &err) != SKS_EINVALID || !strstr (err.text, "fork"))
        return 1;
    if (sks_client_get (client, one_id, 1, &result, &err) != SKS_EINVALID)
        return 2;
    if (sks_client_call (client, "{\"v\":1,\"op\":\"health\"}", &reply, &err) != SKS_EINVALID)
        return 3;
    if (sks_client_ping (client, NULL, &err) != SKS_EINVALID)
        return 4;
    sks_client_set_timeout (client, 1);
    sks_client_close (&client);
    return client ? 5 : 0;
}

static int
fork_child (sks_client *client, int generations)
{
    int status;
    pid_t child = fork ();
    if (child == 0) {
        alarm (CHILD_SECONDS);
        int wrong = use_foreign_client (client);
        _exit (wrong);
    }
    if (generations > 1) {
        pid_t middle = fork ();
        if (middle == 0) {
            alarm (CHILD_SECONDS);
            _exit (fork_child (client, generations - 1));
        }
        ck_assert_int_eq (waitpid (middle, &status, 0), middle);
        if (!WIFEXITED (status) || WEXITSTATUS (status))
            return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
    }
    if (waitpid (child, &status, 0) != child || !WIFEXITED (status))
        return 99;
    return WEXITSTATUS (status);
}

/* The parent's connection is unchanged and still answers. */
START_TEST (a_child_of_fork_is_refused_and_its_parent_continues)
{
    bool sent_before = _i;
    standin daemon = { 0 };
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    if (sent_before)
        ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    ck_assert_int_eq (fork_child (client, 1), 0);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    ck_assert_int_eq (fork_child (client, 2), 0);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_uint_eq (daemon.served, 2 + sent_before);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_child_of_fork_may_open_a_client_of_its_own)
{
#ifdef __SANITIZE_THREAD__
    SKIP ("ThreadSanitizer allows a child of a program with threads none of its own");
#endif
    standin daemon = { 0 };
    int status;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    pid_t child = fork ();
    if (child == 0) {
        sks_client *own;
        alarm (CHILD_SECONDS);
        sks_client_close (&client);
        int rc = sks_client_open (&own, daemon.endpoint, NULL);
        rc = rc ? rc : sks_client_ping (own, NULL, NULL);
        sks_client_close (&own);
        _exit (rc != 0);
    }
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    ck_assert (WIFEXITED (status));
    ck_assert_int_eq (WEXITSTATUS (status), 0);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

Suite *
suite_misuse (void)
{
    Suite *suite = suite_create ("misuse");
    TCase *core = tcase_create ("Core");
    tcase_set_timeout (core, 2 * CHILD_SECONDS);
    tcase_add_test (core, opening_with_a_null_client_pointer_is_invalid);
    tcase_add_test (core, each_pointer_that_is_null_is_invalid);
    tcase_add_test (core, no_operation_accepts_null_for_required_arguments);
    tcase_add_test (core, lists_that_are_null_are_invalid);
    tcase_add_test (core, freeing_null_is_allowed);
    tcase_add_test (core, a_struct_of_an_unknown_version_is_invalid);
    tcase_add_test (core, a_struct_of_the_first_version_ends_earlier);
    tcase_add_loop_test (core, a_child_of_fork_is_refused_and_its_parent_continues, 0, 2);
    tcase_add_test (core, a_child_of_fork_may_open_a_client_of_its_own);
    suite_add_tcase (suite, core);
    return suite;
}
