/* check_endpoint.c - the syntax of endpoints, lists of them, and a probe of one. */
#include "client/lib/probe.h"
#include "tests/support/standin.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *suite_endpoint (void);

#define A107                                                                                                           \
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"

#define NO_PORT "is not tcp://HOST:PORT (PORT 1 to 65535"
#define NO_BRACKETS "has an IPv6 address without brackets: tcp://[ADDRESS]:PORT"
#define NO_SOCKET "names no socket: ipc://PATH"
#define SEVERAL "has more than one endpoint; separate them by commas"
#define NEITHER "is neither tcp://HOST:PORT nor ipc://PATH"

/* NULL: it is accepted. */
static const struct endpoint_case {
    const char *text, *connect, *listen;
    const char *host; /* of an accepted one; "" for ipc */
    bool local;
} cases[] = {
    { "tcp://127.0.0.1:7311", NULL, NULL, "127.0.0.1", true },
    { "tcp://127.9.9.9:1", NULL, NULL, "127.9.9.9", true },
    { "tcp://[::1]:65535", NULL, NULL, "::1", true },
    { "tcp://[fe80::1%eth0]:7311", NULL, NULL, "fe80::1%eth0", false },
    { "tcp://[::]:7311", NULL, NULL, "::", false },
    { "tcp://0.0.0.0:7311", NULL, NULL, "0.0.0.0", false },
    { "tcp://host.example:65535", NULL, NULL, "host.example", false },
    { "tcp://localhost:07311", NULL, NULL, "localhost", false },
    { "tcp://127.0.0.1.example.org:7311", NULL, NULL, "127.0.0.1.example.org", false },
    { "tcp://1270.0.0.1:7311", NULL, NULL, "1270.0.0.1", false },
    { "ipc:///run/skillsearch/socket", NULL, NULL, "", true },
    { "ipc://relative", NULL, NULL, "", true },
    { "ipc://" A107, NULL, NULL, "", true },
    { "ipc://@a b", NULL, "names no file", "", true },
    { "tcp://127.0.0.1:*", NO_PORT ")", NULL, "127.0.0.1", true },
    { "tcp://*:7311", NO_PORT ")", NULL, "*", false },
    { "tcp://*:*", NO_PORT ")", NULL, "*", false },
    { "", NEITHER, NEITHER, NULL, false },
    { "127.0.0.1:7311", NEITHER, NEITHER, NULL, false },
    { "tcp://127.0.0.1:7311 tcp://127.0.0.1:7312", SEVERAL, SEVERAL, NULL, false },
    { "TCP://127.0.0.1:7311", NEITHER, NEITHER, NULL, false },
    { "inproc://a", NEITHER, NEITHER, NULL, false },
    { "ws://127.0.0.1:1", NEITHER, NEITHER, NULL, false },
    { "tcp://", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1", NO_PORT, NO_PORT ", or * for a free one)", NULL, false },
    { "tcp://127.0.0.1:", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:0", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:65536", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:000001", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:1x", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:-1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://127.0.0.1:1 b", NO_PORT, NO_PORT, NULL, false },
    { "tcp://:7311", NO_PORT, NO_PORT, NULL, false },
    { "tcp://[]:1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://[::1:1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://[::1]1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://a;b:1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://a/b:1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://a*:1", NO_PORT, NO_PORT, NULL, false },
    { "tcp://::1:1", NO_BRACKETS, NO_BRACKETS, NULL, false },
    { "ipc://", NO_SOCKET, NO_SOCKET, NULL, false },
    { "ipc://@", NO_SOCKET, NO_SOCKET, NULL, false },
    { "ipc://*", NO_SOCKET, NO_SOCKET, NULL, false },
    { "ipc://" A107 "z", "has a path of 108 bytes; at most 107", "has a path of 108 bytes; at most 107", NULL, false },
};

static void
check_case (const struct endpoint_case *row, enum sks_endpoint_use use, const char *message)
{
    sks_endpoint endpoint;
    sks_error err;
    int rc = sks_endpoint_parse (&endpoint, row->text, use, &err);
    if (message) {
        ck_assert_msg (rc == SKS_EINVALID, "%s: %d", row->text, rc);
        ck_assert_msg (strstr (err.text, message), "%s: %s", row->text, err.text);
        return;
    }
    ck_assert_msg (rc == 0, "%s: %s", row->text, err.text);
    const char *path = sks_endpoint_path (row->text);
    ck_assert_str_eq (endpoint.host, row->host);
    ck_assert_ptr_eq (endpoint.path, path);
    ck_assert_str_eq (path ? "" : strrchr (row->text, ':') + 1, endpoint.port);
    ck_assert_msg (sks_endpoint_is_local (&endpoint) == row->local, "%s", row->text);
}

START_TEST (an_endpoint_is_read_or_refused_with_its_reason)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_case (&cases[i], SKS_ENDPOINT_CONNECT, cases[i].connect);
        check_case (&cases[i], SKS_ENDPOINT_LISTEN, cases[i].listen);
    }
}
END_TEST

START_TEST (the_length_of_a_host_name_is_limited)
{
    char text[300];
    sks_endpoint endpoint;
    snprintf (text, sizeof text, "tcp://%0255d:1", 0);
    ck_assert_int_eq (sks_endpoint_parse (&endpoint, text, SKS_ENDPOINT_CONNECT, NULL), 0);
    ck_assert_uint_eq (strlen (endpoint.host), 255);
    snprintf (text, sizeof text, "tcp://%0256d:1", 0);
    ck_assert_int_eq (sks_endpoint_parse (&endpoint, text, SKS_ENDPOINT_CONNECT, NULL), SKS_EINVALID);
}
END_TEST

START_TEST (a_client_refuses_an_invalid_endpoint)
{
    static const char *const wrong[] = { "tcp://a:1,", "tcp://127.0.0.1", "tcp://a:1,inproc://b" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sks_client *client;
        ck_assert_int_eq (sks_client_open (&client, wrong[i], NULL), SKS_EINVALID);
        ck_assert_ptr_null (client);
    }
}
END_TEST

START_TEST (a_list_of_endpoints_is_read)
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

START_TEST (the_length_of_a_list_is_limited)
{
    char list[256] = "ipc:///a";
    sks_client *client;
    for (int i = 0; i < SKS_MAX_ENDPOINTS; i++)
        strcat (list, ",ipc:///a");
    ck_assert_int_eq (sks_client_open (&client, list, NULL), SKS_EINVALID);
}
END_TEST

START_TEST (a_probe_does_not_wait_for_ever)
{
    char endpoint[64], address[SKS_PROBE_ADDRESS_BYTES];
    sks_endpoints endpoints;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (sks_endpoints_parse (&endpoints, endpoint, NULL), 0);
    int rc = sks_probe (&endpoints.items[0], false, sks_deadline_after (30), address, &err);
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
    tcase_add_test (core, an_endpoint_is_read_or_refused_with_its_reason);
    tcase_add_test (core, a_client_refuses_an_invalid_endpoint);
    tcase_add_test (core, a_list_of_endpoints_is_read);
    tcase_add_test (limits, the_length_of_a_host_name_is_limited);
    tcase_add_test (limits, the_length_of_a_list_is_limited);
    tcase_add_test (limits, a_probe_does_not_wait_for_ever);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
