/* check_reload.c - the daemon loads the generation that was published. */
#include "tests/support/peer.h"
#include "tests/support/said.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_reload (void);

#define ONE_EXPORT "15-1252.00.json"

/* Make an index of one export in its own folder, and start a daemon on it. */
static void
start_on_small_index_with (char *folder, const char *const *options)
{
    sks_test_folder_make (folder);
    sks_test_index_build (folder, ONE_EXPORT);
    peer_daemon = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&peer_daemon, NULL, folder, options);
    peer_socket = peer_connect (ZMQ_DEALER, peer_daemon.endpoint);
}

static void
start_on_small_index (char *folder)
{
    start_on_small_index_with (folder, (const char *[]) { "--workers", "2", NULL });
}

START_TEST (loads_a_new_generation_automatically)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    peer_ask (PEER_BROWSE);
    unsigned long long before = number_after (peer_reply, "\"total\":");
    ck_assert_uint_eq (number_after (peer_reply, "\"generation\":"), 1);
    sks_test_index_build (folder, NULL);
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    ck_assert_uint_gt (number_after (peer_reply, "\"total\":"), before);
    for (int i = 0; i < 20; i++)
        assert_has (peer_ask (PEER_BROWSE), "\"generation\":2");
    assert_has (peer_ask ("{\"v\":1,\"op\":\"stats\"}"), "\"reloads\":{\"done\":1,\"failed\":0}");
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

/* Ask until the log has this part. */
static void
await_log (const char *part)
{
    do
        peer_ask (PEER_BROWSE);
    while (!sks_test_file_has (peer_daemon.log, part));
}

START_TEST (decodes_the_lists_of_each_generation_ahead)
{
    char folder[SKS_TEST_PATH_BYTES];
    sks_test_folder_make (folder);
    sks_test_index_build (folder, ONE_EXPORT);
    peer_daemon = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&peer_daemon, NULL, folder, (const char *[]) { "--log-level", "debug", NULL });
    peer_socket = peer_connect (ZMQ_DEALER, peer_daemon.endpoint);
    await_log ("event=prefetched generation=1 ");
    sks_test_index_build (folder, NULL);
    await_log ("event=prefetched generation=2 ");
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (answers_no_kept_reply_after_a_publish)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index_with (folder, (const char *[]) { "--workers", "1", "--results-mb", "1", NULL });
    peer_ask (PEER_BROWSE);
    unsigned long long before = number_after (peer_reply, "\"total\":");
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq (number_after (peer_ask (PEER_BROWSE), "\"total\":"), before);
    peer_ask (PEER_STATS);
    ck_assert_uint_eq (number_after (peer_reply, "\"hits\":"), 3);
    ck_assert_uint_eq (number_after (peer_reply, "\"misses\":"), 1);
    ck_assert_uint_eq (number_after (peer_reply, "\"limit_bytes\":"), 1 << 20);
    sks_test_index_build (folder, NULL);
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    ck_assert_uint_gt (number_after (peer_reply, "\"total\":"), before);
    unsigned long long after = number_after (peer_reply, "\"total\":");
    for (int i = 0; i < 3; i++) {
        assert_has (peer_ask (PEER_BROWSE), "\"generation\":2");
        ck_assert_uint_eq (number_after (peer_reply, "\"total\":"), after);
    }
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

/* Send the same search to both workers at once, and check the generation and the total of each reply. */
static void
ask_both_workers (const char *generation, unsigned long long total)
{
    static const int many = 40;
    peer_send_while_frozen (many, "");
    sks_test_daemon_thaw (&peer_daemon);
    for (int i = 0; i < many; i++) {
        assert_has (peer_receive (peer_socket), generation);
        ck_assert_uint_eq (number_after (peer_reply, "\"total\":"), total);
    }
}

START_TEST (neither_of_two_workers_answers_a_kept_reply_after_a_publish)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index_with (folder, (const char *[]) { "--workers", "2", "--results-mb", "1", NULL });
    ask_both_workers ("\"generation\":1,", number_after (peer_ask (PEER_BROWSE), "\"total\":"));
    peer_ask (PEER_STATS);
    unsigned long long hits = number_after (peer_reply, "\"hits\":"), misses = number_after (peer_reply, "\"misses\":");
    ck_assert_uint_eq (hits + misses, 41);
    ck_assert_uint_le (misses, 2);
    sks_test_index_build (folder, NULL);
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    ask_both_workers ("\"generation\":2,", number_after (peer_reply, "\"total\":"));
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (the_main_thread_answers_on_the_new_generation)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    unsigned long long before = number_after (peer_ask (PEER_BROWSE), "\"total\":");
    sks_test_index_build (folder, NULL);
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    unsigned long long after = number_after (peer_reply, "\"total\":");
    ck_assert_uint_gt (after, before);
    peer_ask_until (PEER_STATS, "\"busy\":1}"); /* with this request; so no worker is changing */
    unsigned long long runs = peer_worker_runs ();
    for (int i = 0; i < 3; i++) {
        assert_has (peer_ask (PEER_BROWSE), "\"generation\":2");
        ck_assert_uint_eq (number_after (peer_reply, "\"total\":"), after);
    }
    ck_assert_uint_eq (peer_worker_runs (), runs);
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

/* Make the link `current` of an index point to a generation, as the indexer does. */
static void
make_current (const char *folder, const char *generation)
{
    char aside[SKS_TEST_PATH_BYTES + 16], current[SKS_TEST_PATH_BYTES + 16];
    snprintf (aside, sizeof aside, "%s/aside", folder);
    snprintf (current, sizeof current, "%s/current", folder);
    ck_assert_int_eq (symlink (generation, aside), 0);
    ck_assert_int_eq (rename (aside, current), 0);
}

/* Ask until at least this number of generations could not be opened. */
static void
await_failures (unsigned long long count)
{
    do
        peer_ask ("{\"v\":1,\"op\":\"stats\"}");
    while (number_after (strstr (peer_reply, "\"reloads\""), "\"failed\":") < count);
}

START_TEST (keeps_its_generation_when_a_new_one_is_broken)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    make_current (folder, "gen-77");
    await_failures (1);
    assert_has (peer_ask (PEER_BROWSE), "\"generation\":1");
    assert_log_has (&peer_daemon, "event=reload_failed");
    make_current (folder, "gen-1");
    peer_ask_until ("{\"v\":1,\"op\":\"stats\"}", "\"done\":1,");
    assert_has (peer_ask (PEER_BROWSE), "\"generation\":1");
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

/* Retries become rarer, and SIGHUP begins again with the shortest pause. */
START_TEST (tries_again_after_sighup)
{
    char folder[SKS_TEST_PATH_BYTES], log[8192];
    start_on_small_index (folder);
    make_current (folder, "gen-77");
    await_failures (2);
    ck_assert_int_eq (kill (peer_daemon.pid, SIGHUP), 0);
    await_failures (3);
    const char *second;
    do {
        sks_test_file_read (peer_daemon.log, log, sizeof log);
        second = strstr (log, "retry_ms=1000");
        ck_assert_ptr_nonnull (second);
    } while (!strstr (second, "retry_ms=500"));
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

static void
rename_in (const char *folder, const char *from, const char *to)
{
    char old[SKS_TEST_PATH_BYTES + 32], new[SKS_TEST_PATH_BYTES + 32];
    snprintf (old, sizeof old, "%s/%s", folder, from);
    snprintf (new, sizeof new, "%s/%s", folder, to);
    ck_assert_int_eq (rename (old, new), 0);
}

/* A plain copy of a folder brings the link first, and then the files one by one. */
START_TEST (loads_a_generation_whose_link_came_before_its_files)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    sks_test_index_build (folder, NULL);
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    make_current (folder, "gen-1");
    peer_ask_until (PEER_BROWSE, "\"generation\":1");
    rename_in (folder, "gen-2/postings", "postings");
    rename_in (folder, "gen-2", "aside-2");
    make_current (folder, "gen-2");
    await_failures (1);
    rename_in (folder, "aside-2", "gen-2");
    await_failures (3);
    assert_log_has (&peer_daemon, "retry_ms=500");
    assert_log_has (&peer_daemon, "retry_ms=1000");
    rename_in (folder, "postings", "gen-2/postings");
    peer_ask_until (PEER_BROWSE, "\"generation\":2");
    peer_stop ();
    sks_test_folder_remove (folder);
}
END_TEST

Suite *
suite_reload (void)
{
    Suite *suite = suite_create ("reload");
    TCase *core = peer_case (suite, "Core");
    tcase_set_timeout (core, 60); /* each waits for a daemon, which is slow on a machine with other work */
    tcase_add_test (core, loads_a_new_generation_automatically);
    tcase_add_test (core, decodes_the_lists_of_each_generation_ahead);
    tcase_add_test (core, answers_no_kept_reply_after_a_publish);
    tcase_add_test (core, neither_of_two_workers_answers_a_kept_reply_after_a_publish);
    tcase_add_test (core, the_main_thread_answers_on_the_new_generation);
    tcase_add_test (core, keeps_its_generation_when_a_new_one_is_broken);
    tcase_add_test (core, tries_again_after_sighup);
    tcase_add_test (core, loads_a_generation_whose_link_came_before_its_files);
    return suite;
}
