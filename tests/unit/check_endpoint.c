/* check_endpoint.c - endpoints: what one must look like, lists of them, and a
 * look whether somebody is there. */
#include "client/lib/endpoint.h"
#include "tests/support/standin.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *suite_endpoint (void);

START_TEST (an_endpoint_must_be_one)
{
    static const char *const wrong[] = {
        "127.0.0.1:7311", "tcp://127.0.0.1", "tcp://:7311", "tcp://host:0", "tcp://host:65536", "tcp://host:*",
        "tcp://a;b:1",    "tcp://[]:1",      "ipc://",      "ipc://@",      "tcp://a:1,",       "inproc://a",
        "tcp://::1:1",    "tcp://a:1 b",     "tcp://a:-1",  "http://a:80",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sks_client *client;
        sks_error err;
        int rc = sks_client_open (&client, wrong[i], &err);
        ck_assert_msg (rc == SKS_EINVALID, "%s: %d", wrong[i], rc);
        ck_assert_ptr_null (client);
        if (strcmp (wrong[i], "tcp://::1:1") == 0)
            ck_assert_ptr_nonnull (strstr (err.text, "needs brackets"));
    }
}
END_TEST

START_TEST (endpoints_are_read_in_all_their_forms)
{
    sks_endpoints endpoints;
    static const char list[] = "tcp://[::1]:1 , tcp://host.example:65535,ipc://@a b";
    ck_assert_int_eq (sks_endpoints_parse (&endpoints, list, NULL), 0);
    ck_assert_uint_eq (endpoints.count, 3);
    ck_assert_str_eq (endpoints.items[0].host, "::1");
    ck_assert_str_eq (endpoints.items[1].port, "65535");
    ck_assert_str_eq (endpoints.items[1].text, "tcp://host.example:65535");
    ck_assert_str_eq (endpoints.items[2].path, "@a b");
    sks_endpoints_free (&endpoints);
}
END_TEST

START_TEST (lists_and_paths_have_a_most)
{
    char path[160], list[256] = "ipc:///a";
    sks_client *client;
    snprintf (path, sizeof path, "ipc:///%0120d", 0);
    ck_assert_int_eq (sks_client_open (&client, path, NULL), SKS_EINVALID);
    for (int i = 0; i < SKS_MAX_ENDPOINTS; i++)
        strcat (list, ",ipc:///a");
    ck_assert_int_eq (sks_client_open (&client, list, NULL), SKS_EINVALID);
}
END_TEST

START_TEST (a_probe_does_not_wait_for_ever)
{
    char endpoint[64], address[SKS_ENDPOINT_BYTES];
    sks_endpoints endpoints;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (sks_endpoints_parse (&endpoints, endpoint, NULL), 0);
    int rc = sks_endpoint_probe (&endpoints.items[0], false, sks_deadline_after (30), address, &err);
    ck_assert_int_eq (rc, SKS_EDEADLINE);
    sks_endpoints_free (&endpoints);
    close (fd);
}
END_TEST

Suite *
suite_endpoint (void)
{
    Suite *suite = suite_create ("endpoint");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, an_endpoint_must_be_one);
    tcase_add_test (core, endpoints_are_read_in_all_their_forms);
    tcase_add_test (limits, lists_and_paths_have_a_most);
    tcase_add_test (limits, a_probe_does_not_wait_for_ever);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
