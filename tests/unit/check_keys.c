/* check_keys.c - keys at the client: certificates, keygen, and the errors when keys do not match. The daemon is the
 * real one. */
#include "core/base/certificate.h"
#include "client/lib/credentials.h"
#include "tests/support/said.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_keys (void);

#define TIMEOUT_S 120
#define PATH_BYTES (SKS_TEST_PATH_BYTES + 64)
#define KEY "0123456789012345678901234567890123456789"

static char folder[SKS_TEST_PATH_BYTES], output[16384];
static sks_error err;

/* ------------------------------------------------------------------ helpers */
static void
make_folder (void)
{
    sks_test_folder_make (folder);
    unsetenv ("SKILLSEARCH_SERVER_KEY");
    unsetenv ("SKILLSEARCH_CLIENT_KEY");
}

static void
remove_folder (void)
{
    sks_test_folder_remove (folder);
}

/* A path in the folder; valid until the fourth call after it. */
static const char *
at (const char *name)
{
    static char paths[4][PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf (path, PATH_BYTES, "%s/%s", folder, name);
    return path;
}

/* Run skillsearch to its end. */
#define RUN(...) sks_test_program_run ("skillsearch", (const char *[]) { __VA_ARGS__, NULL }, output, sizeof output)

static mode_t
mode_of (const char *path)
{
    struct stat status;
    ck_assert_msg (stat (path, &status) == 0, "%s", path);
    return status.st_mode & 07777;
}

static void
write_text (const char *path, mode_t mode, const char *text)
{
    FILE *file = fopen (path, "we");
    ck_assert_ptr_nonnull (file);
    fputs (text, file);
    ck_assert_int_eq (fchmod (fileno (file), mode), 0);
    fclose (file);
}

/* Make keys for a daemon, for alice, whom it accepts, and for bob, whom it refuses; start the daemon. */
static void
start (sks_test_daemon *daemon)
{
    ck_assert_int_eq (RUN ("keygen", "--server", at ("keys")), 0);
    ck_assert_int_eq (RUN ("keygen", at ("alice")), 0);
    ck_assert_int_eq (RUN ("keygen", at ("bob")), 0);
    ck_assert_int_eq (link (at ("alice"), at ("keys/clients/alice")), 0);
    *daemon = (sks_test_daemon) { 0 };
    sks_test_daemon_start (daemon, NULL, sks_test_small_index, (const char *[]) { "--curve-keys", at ("keys"), NULL });
}

static int
open_with (sks_client **client, const char *endpoint, const char *server_key, const char *client_key)
{
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    options.endpoint = endpoint;
    options.server_key = server_key;
    options.client_key = client_key;
    return sks_client_open_with (client, &options, &err);
}

/* --------------------------------------------------------------------- core */
START_TEST (keygen_writes_certificates_that_can_be_read)
{
    sks_certificate public, secret;
    ck_assert_int_eq (RUN ("keygen", "--name", "Alice of office 3", at ("alice")), 0);
    ck_assert_int_eq (sks_certificate_read_public (&public, at ("alice"), &err), 0);
    ck_assert_int_eq (sks_certificate_read_secret (&secret, at ("alice_secret"), &err), 0);
    ck_assert_str_eq (public.public_key, secret.public_key);
    ck_assert_str_eq (public.secret_key, "");
    ck_assert_uint_eq (strlen (secret.secret_key), 40);
    ck_assert_uint_eq (mode_of (at ("alice_secret")), 0600);
    sks_test_file_read (at ("alice"), output, sizeof output);
    assert_has (output, "    name = \"Alice of office 3\"\n");
    ck_assert_ptr_null (strstr (output, secret.secret_key));
}
END_TEST

START_TEST (keygen_makes_the_folder_of_a_daemon)
{
    sks_certificate server;
    ck_assert_int_eq (RUN ("keygen", "--server", at ("keys")), 0);
    assert_has (output, "skillsearchd --curve-keys ");
    ck_assert_int_eq (sks_certificate_read_public (&server, at ("keys/server"), &err), 0);
    ck_assert_uint_eq (mode_of (at ("keys/server_secret")), 0600);
    ck_assert_uint_eq (mode_of (at ("keys/clients")) & 0027, 0);
    ck_assert_uint_eq (mode_of (at ("keys")) & 0027, 0);
}
END_TEST

START_TEST (keygen_overwrites_nothing)
{
    sks_certificate before, after;
    ck_assert_int_eq (RUN ("keygen", "--server", at ("keys")), 0);
    ck_assert_int_eq (sks_certificate_read_public (&before, at ("keys/server"), &err), 0);
    ck_assert_int_eq (RUN ("keygen", "--server", at ("keys")), 2);
    assert_has (output, "never overwritten");
    ck_assert_int_eq (sks_certificate_read_public (&after, at ("keys/server"), &err), 0);
    ck_assert_str_eq (before.public_key, after.public_key);
    write_text (at ("public"), 0644, "mine");
    ck_assert_int_eq (RUN ("keygen", at ("public")), 2);
    ck_assert_int_eq (access (at ("public_secret"), F_OK), -1);
}
END_TEST

START_TEST (a_known_client_is_answered)
{
    sks_test_daemon daemon;
    sks_client *client;
    sks_result *result;
    sks_query query = SKS_QUERY_INIT;
    start (&daemon);
    ck_assert_msg (open_with (&client, daemon.endpoint, at ("keys/server"), at ("alice_secret")) == 0, "%s", err.text);
    ck_assert_int_eq (sks_client_search (client, &query, &result, &err), 0);
    ck_assert_uint_gt (result->total, 0);
    sks_result_destroy (&result);
    sks_client_close (&client);
    setenv ("SKILLSEARCH_SERVER_KEY", at ("keys/server"), 1);
    setenv ("SKILLSEARCH_CLIENT_KEY", at ("alice_secret"), 1);
    ck_assert_int_eq (sks_client_open (&client, daemon.endpoint, &err), 0);
    sks_client_close (&client);
    ck_assert_int_eq (RUN ("--connect", daemon.endpoint, "ping"), 0);
    sks_test_daemon_stop (&daemon);
}
END_TEST

START_TEST (keys_that_do_not_fit_are_reported_at_once)
{
    sks_test_daemon daemon;
    sks_client *client;
    start (&daemon);
    ck_assert_int_eq (open_with (&client, daemon.endpoint, NULL, NULL), SKS_EAUTH);
    assert_has (err.text, "takes only clients whose key it knows");
    ck_assert_int_eq (open_with (&client, daemon.endpoint, at ("keys/server"), at ("bob_secret")), SKS_EAUTH);
    assert_has (err.text, "does not know our key");
    ck_assert_int_eq (open_with (&client, daemon.endpoint, at ("bob"), at ("alice_secret")), SKS_EAUTH);
    assert_has (err.text, "server key given is not this daemon");
    ck_assert_int_eq (RUN ("--connect", daemon.endpoint, "--server-key", at ("keys/server"), "--client-key",
                           at ("bob_secret"), "ping"),
                      7);
    assert_has (output, "skillsearch keygen FILE");
    sks_test_daemon_stop (&daemon);
}
END_TEST

START_TEST (a_daemon_without_keys_is_not_accepted_as_one_with_keys)
{
    sks_test_daemon daemon = { 0 };
    sks_client *client;
    ck_assert_int_eq (RUN ("keygen", at ("alice")), 0);
    sks_test_daemon_start (&daemon, NULL, sks_test_small_index, NULL);
    ck_assert_int_eq (open_with (&client, daemon.endpoint, at ("alice"), at ("alice_secret")), SKS_EAUTH);
    assert_has (err.text, "uses no keys");
    sks_test_daemon_stop (&daemon);
}
END_TEST

START_TEST (a_revoked_key_is_reported_by_the_next_calls)
{
    sks_test_daemon daemon;
    sks_client *client;
    int rc = 0;
    start (&daemon);
    ck_assert_int_eq (open_with (&client, daemon.endpoint, at ("keys/server"), at ("alice_secret")), 0);
    ck_assert_int_eq (unlink (at ("keys/clients/alice")), 0);
    for (int i = 0; rc == 0 && i < 1000000; i++)
        rc = sks_client_ping (client, NULL, &err);
    ck_assert_int_eq (rc, SKS_EAUTH);
    sks_client_close (&client);
    sks_test_daemon_stop (&daemon);
}
END_TEST

START_TEST (reads_certificates_in_every_layout)
{
    sks_certificate read;
    write_text (at ("a"), 0600,
                "# c\r\nmetadata\r\n    name = x\r\ncurve\r\n    public-key = \"" KEY "\"\r\n"
                "    secret-key = '" KEY "'\r\n");
    ck_assert_int_eq (sks_certificate_read_secret (&read, at ("a"), &err), 0);
    ck_assert_str_eq (read.secret_key, KEY);
    write_text (at ("b"), 0644, "metadata\n    public-key = \"wrong\"\ncurve\n    public-key = " KEY);
    ck_assert_int_eq (sks_certificate_read_public (&read, at ("b"), &err), 0);
    ck_assert_str_eq (read.public_key, KEY);
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (refuses_invalid_certificates)
{
    static const char *const wrong[] = { "",
                                         "curve\n",
                                         "public-key = \"" KEY "\"\n",
                                         "curve\n    public-key = \"" KEY "0\"\n",
                                         "curve\n    public-key = \"" KEY "\n",
                                         "curve\n    public-key = \"01234\"\n",
                                         "other\n    public-key = \"" KEY "\"\n",
                                         "curves\n    public-key = \"" KEY "\"\n" };
    sks_certificate read;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_text (at ("wrong"), 0600, wrong[i]);
        int rc = sks_certificate_read_public (&read, at ("wrong"), &err);
        ck_assert_msg (rc == SKS_EINVALID, "%s", wrong[i]);
        assert_has (err.text, "wrong");
    }
    ck_assert_int_eq (sks_certificate_read_public (&read, folder, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_certificate_read_public (&read, "/nowhere", &err), SKS_EINVALID);
}
END_TEST

START_TEST (refuses_a_secret_that_is_readable_by_others_or_public)
{
    sks_certificate read;
    ck_assert_int_eq (RUN ("keygen", at ("alice")), 0);
    ck_assert_int_eq (sks_certificate_read_secret (&read, at ("alice"), &err), SKS_EINVALID);
    assert_has (err.text, "alice_secret");
    chmod (at ("alice_secret"), 0604);
    ck_assert_int_eq (sks_certificate_read_secret (&read, at ("alice_secret"), &err), SKS_EINVALID);
    assert_has (err.text, "mode 0604");
}
END_TEST

START_TEST (one_key_alone_never_means_without_keys)
{
    sks_credentials keys;
    ck_assert_int_eq (RUN ("keygen", at ("alice")), 0);
    ck_assert_int_eq (sks_credentials_read (&keys, at ("alice"), NULL, &err), SKS_EINVALID);
    assert_has (err.text, "--client-key");
    ck_assert_int_eq (sks_credentials_read (&keys, NULL, at ("alice_secret"), &err), SKS_EINVALID);
    assert_has (err.text, "--server-key");
    ck_assert_int_eq (sks_credentials_read (&keys, NULL, NULL, &err), 0);
    ck_assert_str_eq (keys.server_key, "");
}
END_TEST

START_TEST (keygen_refuses_invalid_names_and_places)
{
    ck_assert_int_eq (RUN ("keygen"), 2);
    ck_assert_int_eq (RUN ("keygen", folder, at ("x")), 2);
    ck_assert_int_eq (RUN ("keygen", at ("")), 2);
    ck_assert_int_eq (RUN ("keygen", "--name", "a\"b", at ("x")), 2);
    ck_assert_int_eq (RUN ("keygen", "--name", "a\nb", at ("x")), 2);
    ck_assert_int_eq (RUN ("keygen", at ("no/such/folder")), 5);
    ck_assert_int_eq (RUN ("ping", "--name", "x"), 2);
    ck_assert_int_eq (access (at ("x_secret"), F_OK), -1);
}
END_TEST

Suite *
suite_keys (void)
{
    Suite *suite = suite_create ("keys");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_set_timeout (core, TIMEOUT_S);
    tcase_add_unchecked_fixture (core, sks_test_small_index_make, sks_test_small_index_remove);
    tcase_add_checked_fixture (core, make_folder, remove_folder);
    tcase_add_test (core, keygen_writes_certificates_that_can_be_read);
    tcase_add_test (core, keygen_makes_the_folder_of_a_daemon);
    tcase_add_test (core, keygen_overwrites_nothing);
    tcase_add_test (core, a_known_client_is_answered);
    tcase_add_test (core, keys_that_do_not_fit_are_reported_at_once);
    tcase_add_test (core, a_daemon_without_keys_is_not_accepted_as_one_with_keys);
    tcase_add_test (core, a_revoked_key_is_reported_by_the_next_calls);
    tcase_add_test (core, reads_certificates_in_every_layout);
    suite_add_tcase (suite, core);
    tcase_set_timeout (limits, TIMEOUT_S);
    tcase_add_checked_fixture (limits, make_folder, remove_folder);
    tcase_add_test (limits, refuses_invalid_certificates);
    tcase_add_test (limits, refuses_a_secret_that_is_readable_by_others_or_public);
    tcase_add_test (limits, one_key_alone_never_means_without_keys);
    tcase_add_test (limits, keygen_refuses_invalid_names_and_places);
    suite_add_tcase (suite, limits);
    return suite;
}
