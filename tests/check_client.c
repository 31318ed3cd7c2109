/* check_client.c - the client library against a daemon of the test's own.
 *
 * The daemon is a thread with a ROUTER on a free port. It decodes each request
 * with the real decoder and then does what its test wants: answer, answer
 * wrongly, keep silent, hang up. */
#include <check.h>

#include "../client/endpoint.h"
#include "../client/identity.h"
#include "../core/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_client (void);

/* ------------------------------------------------------------ the daemon */

#define HITS                                                                                        \
    "[{\"id\":\"43-9061.00/emerging/0123456789ab\",\"score\":2.5,\"text\":\"Route mail\","         \
    "\"spans\":[[6,10]],\"duty\":null,\"level\":\"emerging\",\"position\":1,\"soc\":\"43-9061.00\"," \
    "\"occupation\":\"Office Clerks, General\",\"group\":\"Office\",\"sector\":\"55\",\"zone\":2}]"
#define SEARCH_REPLY                                                                                 \
    "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"generation\":7,\"total\":1,\"matched_all\":1,"           \
    "\"relaxed\":false,\"read_as\":\"mail\",\"ignored\":[],\"suggestion\":null,\"hits\":" HITS       \
    ",\"facets\":{},\"took_us\":9}"
#define GET_REPLY                                                                             \
    "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"generation\":7,\"hits\":" HITS                      \
    ",\"missing\":[\"x\"],\"took_us\":9}"
#define HEALTH_REPLY "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"status\":\"ok\"}"
#define REFUSAL(code) \
    "{\"v\":1,\"id\":\"%s\",\"ok\":false,\"error\":{\"code\":\"" code "\",\"message\":\"no\",\"at\":3}}"

enum manner { ANSWER, REFUSE, BUSY, STALE_FIRST, WITHOUT_ID, SILENT_ONCE, HANG_UP, NO_JSON, TOO_LARGE };

struct daemon {
    enum manner manner;
    const char *bind;         /* NULL: a free port */
    bool wants_key;
    void *context, *router;
    char endpoint[128];
    pthread_t thread;
    sks_request *last;        /* read it after stop_daemon only */
    char bytes[4096];         /* of that request */
    unsigned served;
};

static void
send_text (struct daemon *daemon, zmq_msg_t *to, const char *text)
{
    zmq_msg_t copy;
    zmq_msg_init (&copy);
    zmq_msg_copy (&copy, to);
    zmq_msg_send (&copy, daemon->router, ZMQ_SNDMORE);
    zmq_send (daemon->router, text, strlen (text), 0);
}

static void
send_reply (struct daemon *daemon, zmq_msg_t *to, const char *id, const char *before, const char *after)
{
    char text[2048];
    snprintf (text, sizeof text, "%s%s%s", before, id, after);
    send_text (daemon, to, text);
}

/* Put the id where a format has its "%s". */
static void
send_format (struct daemon *daemon, zmq_msg_t *to, const char *id, const char *format)
{
    char before[64];
    const char *place = strstr (format, "%s");
    snprintf (before, sizeof before, "%.*s", (int) (place - format), format);
    send_reply (daemon, to, id, before, place + 2);
}

static const char *
reply_format (int op)
{
    return op == SKS_OP_GET ? GET_REPLY : op == SKS_OP_SEARCH ? SEARCH_REPLY : HEALTH_REPLY;
}

static void
send_too_large (struct daemon *daemon, zmq_msg_t *to)
{
    char *text = malloc (SKS_MAX_REPLY_BYTES + 2);
    memset (text, ' ', SKS_MAX_REPLY_BYTES + 1);
    text[SKS_MAX_REPLY_BYTES + 1] = '\0';
    send_text (daemon, to, text);
    free (text);
}

static void
serve (struct daemon *daemon, zmq_msg_t *from)
{
    const char *id = daemon->last->id ? daemon->last->id : "";
    const char *format = reply_format (daemon->last->op);
    switch (daemon->manner) {
    case REFUSE:
        send_format (daemon, from, id, REFUSAL ("query_syntax"));
        return;
    case BUSY:
        send_format (daemon, from, id, REFUSAL ("busy"));
        return;
    case STALE_FIRST:
        send_format (daemon, from, "of another time", REFUSAL ("internal"));
        break;
    case WITHOUT_ID:
        send_text (daemon, from, "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"limit\",\"message\":\"no\"}}");
        return;
    case SILENT_ONCE:
        if (daemon->served == 1)
            return;
        break;
    case NO_JSON:
        send_text (daemon, from, "hello");
        return;
    case TOO_LARGE:
        send_too_large (daemon, from);
        return;
    case HANG_UP:
    case ANSWER:
        break;
    }
    send_format (daemon, from, id, format);
}

static void
remember (struct daemon *daemon, zmq_msg_t *message)
{
    sks_error err;
    sks_request_destroy (&daemon->last);
    snprintf (daemon->bytes, sizeof daemon->bytes, "%.*s", (int) zmq_msg_size (message),
              (const char *) zmq_msg_data (message));
    sks_request_decode (&daemon->last, zmq_msg_data (message), zmq_msg_size (message), &err);
    daemon->served++;
}

/* Serve until the context ends, or until the first request if it is to hang up. */
static void *
run (void *argument)
{
    struct daemon *daemon = argument;
    bool going = true;
    while (going) {
        zmq_msg_t from, message;
        zmq_msg_init (&from);
        zmq_msg_init (&message);
        going = zmq_msg_recv (&from, daemon->router, 0) >= 0
                && zmq_msg_recv (&message, daemon->router, 0) >= 0;
        if (going) {
            remember (daemon, &message);
            going = daemon->manner != HANG_UP;
        }
        if (going)
            serve (daemon, &from);
        zmq_msg_close (&from);
        zmq_msg_close (&message);
    }
    zmq_close (daemon->router);
    return NULL;
}

static void
start_daemon (struct daemon *daemon, enum manner manner)
{
    int none = 0, yes = 1;
    size_t size = sizeof daemon->endpoint;
    char public_key[41], secret_key[41];
    daemon->manner = manner;
    daemon->context = zmq_ctx_new ();
    daemon->router = zmq_socket (daemon->context, ZMQ_ROUTER);
    zmq_setsockopt (daemon->router, ZMQ_LINGER, &none, sizeof none);
    if (daemon->wants_key) {
        ck_assert_int_eq (zmq_curve_keypair (public_key, secret_key), 0);
        zmq_setsockopt (daemon->router, ZMQ_CURVE_SERVER, &yes, sizeof yes);
        zmq_setsockopt (daemon->router, ZMQ_CURVE_SECRETKEY, secret_key, sizeof secret_key);
    }
    ck_assert_int_eq (zmq_bind (daemon->router, daemon->bind ? daemon->bind : "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt (daemon->router, ZMQ_LAST_ENDPOINT, daemon->endpoint, &size);
    ck_assert_int_eq (pthread_create (&daemon->thread, NULL, run, daemon), 0);
}

static void
stop_daemon (struct daemon *daemon)
{
    zmq_ctx_shutdown (daemon->context);
    pthread_join (daemon->thread, NULL);
    zmq_ctx_term (daemon->context);
}

/* A port that is taken, and where nobody listens. */
static int
take_closed_port (char endpoint[64])
{
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, size), 0);
    getsockname (fd, (struct sockaddr *) &address, &size);
    snprintf (endpoint, 64, "tcp://127.0.0.1:%d", ntohs (address.sin_port));
    return fd;
}

static sks_client *
open_client (const char *endpoint)
{
    sks_client *client;
    sks_error err = { 0 };
    ck_assert_msg (sks_client_open (&client, endpoint, &err) == 0, "%s", err.text);
    return client;
}

/* Search for "mail" with one daemon of the given manner. */
static int
search_once (struct daemon *daemon, enum manner manner, sks_result **result, sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    start_daemon (daemon, manner);
    sks_client *client = open_client (daemon->endpoint);
    int rc = sks_client_search (client, &query, result, err);
    sks_client_close (&client);
    stop_daemon (daemon);
    return rc;
}

static double
seconds_since (const struct timespec *start)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) (now.tv_sec - start->tv_sec) + (double) (now.tv_nsec - start->tv_nsec) / 1e9;
}

/* ------------------------------------------------------------------- core */

START_TEST (a_request_reaches_the_daemon_as_it_was_asked)
{
    struct daemon daemon = { 0 };
    static const char *const levels[] = { "emerging", "advanced" };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = "\"incoming mail\" größe";
    query.match = SKS_MATCH_ANY;
    query.offset = 20;
    query.deadline_ms = 700;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 5, "clerk", 0 };
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_search (client, &query, &result, NULL), 0);
    sks_result_destroy (&result);
    sks_client_close (&client);
    stop_daemon (&daemon);
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

START_TEST (a_reply_becomes_a_result)
{
    struct daemon daemon = { 0 };
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

START_TEST (get_asks_for_ids_and_tells_the_missing)
{
    struct daemon daemon = { 0 };
    static const char *const ids[] = { "43-9061.00/emerging/0123456789ab", "x" };
    sks_result *result;
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_get (client, ids, 2, &result, NULL), 0);
    ck_assert_str_eq (result->hits[0].id, ids[0]);
    ck_assert_uint_eq (result->missing_count, 1);
    ck_assert_str_eq (result->missing[0], "x");
    sks_result_destroy (&result);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_int_eq (daemon.last->op, SKS_OP_GET);
    ck_assert_str_eq (daemon.last->ids[1], "x");
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (ping_asks_for_health_and_takes_the_time)
{
    struct daemon daemon = { 0 };
    uint64_t took_us = 0;
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_ping (client, &took_us, NULL), 0);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_int_eq (daemon.last->op, SKS_OP_HEALTH);
    ck_assert_uint_gt (took_us, 0);
    ck_assert_uint_lt (took_us, 5000000);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (call_sends_and_gives_back_the_bytes_as_they_are)
{
    static const char request[] = "{\"v\":1, \"id\":\"mine\", \"op\":\"stats\"}";
    struct daemon daemon = { 0 };
    char *reply;
    start_daemon (&daemon, REFUSE);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_call (client, request, &reply, NULL), 0);
    ck_assert_str_eq (reply, "{\"v\":1,\"id\":\"mine\",\"ok\":false,\"error\":"
                             "{\"code\":\"query_syntax\",\"message\":\"no\",\"at\":3}}");
    sks_free (reply);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_str_eq (daemon.bytes, request);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_refusal_becomes_its_code_and_place)
{
    struct daemon daemon = { 0 };
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
    struct daemon daemon = { 0 };
    sks_result *result;
    sks_error err = { 0 };
    ck_assert_msg (search_once (&daemon, STALE_FIRST, &result, &err) == 0, "%s", err.text);
    ck_assert_uint_eq (result->total, 1);
    sks_result_destroy (&result);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_reply_without_an_id_is_ours)
{
    struct daemon daemon = { 0 };
    sks_result *result;
    ck_assert_int_eq (search_once (&daemon, WITHOUT_ID, &result, NULL), SKS_ELIMIT);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_local_socket_serves_as_well)
{
    char folder[] = "/tmp/skillsearch-XXXXXX", path[64], endpoint[80];
    struct daemon daemon = { .bind = endpoint };
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

START_TEST (several_calls_share_a_connection)
{
    struct daemon daemon = { 0 };
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_str_eq (daemon.last->id, "100");
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (the_next_endpoint_serves_when_the_first_is_closed)
{
    struct daemon daemon = { 0 };
    char closed[64], both[256];
    int fd = take_closed_port (closed);
    start_daemon (&daemon, ANSWER);
    snprintf (both, sizeof both, "%s, %s", closed, daemon.endpoint);
    sks_client *client = open_client (both);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    stop_daemon (&daemon);
    sks_request_destroy (&daemon.last);
    close (fd);
}
END_TEST

/* Ask a first daemon of the given manner with a second one behind it. */
static void
ask_two (enum manner manner, unsigned first_served)
{
    struct daemon first = { 0 }, second = { 0 };
    char both[300];
    sks_error err = { 0 };
    start_daemon (&first, manner);
    start_daemon (&second, ANSWER);
    snprintf (both, sizeof both, "%s,%s", first.endpoint, second.endpoint);
    sks_client *client = open_client (both);
    ck_assert_msg (sks_client_ping (client, NULL, &err) == 0, "%s", err.text);
    sks_client_close (&client);
    stop_daemon (&first);
    stop_daemon (&second);
    ck_assert_uint_eq (first.served, first_served);
    ck_assert_uint_eq (second.served, 1);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}

START_TEST (the_next_endpoint_serves_when_the_first_is_busy)
{
    ask_two (BUSY, 1);
}
END_TEST

START_TEST (a_request_is_sent_again_when_its_connection_breaks)
{
    ask_two (HANG_UP, 1);
}
END_TEST

START_TEST (after_a_time_out_the_next_endpoint_is_asked)
{
    struct daemon first = { 0 }, second = { 0 };
    char both[300];
    start_daemon (&first, SILENT_ONCE);
    start_daemon (&second, ANSWER);
    snprintf (both, sizeof both, "%s,%s", first.endpoint, second.endpoint);
    sks_client *client = open_client (both);
    sks_client_set_timeout (client, 50);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), SKS_EDEADLINE);
    sks_client_set_timeout (client, 5000);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    stop_daemon (&first);
    stop_daemon (&second);
    ck_assert_uint_eq (second.served, 1);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}
END_TEST

START_TEST (a_daemon_that_starts_again_is_found_again)
{
    struct daemon first = { 0 }, second = { 0 };
    start_daemon (&first, ANSWER);
    sks_client *client = open_client (first.endpoint);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    stop_daemon (&first);
    second.bind = first.endpoint;
    start_daemon (&second, ANSWER);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    stop_daemon (&second);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}
END_TEST

START_TEST (a_silent_daemon_costs_the_time_out_and_no_more)
{
    struct daemon daemon = { 0 };
    struct timespec start;
    sks_error err;
    start_daemon (&daemon, SILENT_ONCE);
    sks_client *client = open_client (daemon.endpoint);
    sks_client_set_timeout (client, 50);
    clock_gettime (CLOCK_MONOTONIC, &start);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), SKS_EDEADLINE);
    ck_assert (seconds_since (&start) >= 0.049);
    ck_assert_ptr_nonnull (strstr (err.text, "within 50 ms"));
    sks_client_set_timeout (client, 5000);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), 0);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_uint_eq (daemon.served, 2);
    sks_request_destroy (&daemon.last);
}
END_TEST

static volatile sig_atomic_t signals;

static void
count_signal (int number)
{
    (void) number;
    signals++;
}

START_TEST (a_signal_does_not_end_a_call)
{
    struct daemon daemon = { 0 };
    struct sigaction action = { .sa_handler = count_signal }, before;
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never = { { 0, 0 }, { 0, 0 } };
    struct timespec start;
    sigset_t alarms;
    sigemptyset (&alarms);
    sigaddset (&alarms, SIGALRM);
    pthread_sigmask (SIG_BLOCK, &alarms, NULL);
    start_daemon (&daemon, SILENT_ONCE);
    pthread_sigmask (SIG_UNBLOCK, &alarms, NULL);
    sks_client *client = open_client (daemon.endpoint);
    sks_client_set_timeout (client, 50);
    sigaction (SIGALRM, &action, &before);
    signals = 0;
    clock_gettime (CLOCK_MONOTONIC, &start);
    setitimer (ITIMER_REAL, &often, NULL);
    int rc = sks_client_ping (client, NULL, NULL);
    setitimer (ITIMER_REAL, &never, NULL);
    sigaction (SIGALRM, &before, NULL);
    ck_assert_int_eq (rc, SKS_EDEADLINE);
    ck_assert (seconds_since (&start) >= 0.049);
    ck_assert_int_gt (signals, 3);
    sks_client_close (&client);
    stop_daemon (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (a_daemon_that_is_not_there_is_told_at_once)
{
    char endpoint[64];
    struct timespec start;
    sks_client *client;
    sks_error err;
    int fd = take_closed_port (endpoint);
    clock_gettime (CLOCK_MONOTONIC, &start);
    ck_assert_int_eq (sks_client_open (&client, endpoint, &err), SKS_ECONNECT);
    ck_assert (seconds_since (&start) < 1);
    ck_assert_ptr_null (client);
    ck_assert_ptr_nonnull (strstr (err.text, endpoint));
    ck_assert_ptr_nonnull (strstr (err.text, "start it with: skillsearchd"));
    ck_assert_int_eq (sks_client_open (&client, "ipc:///nowhere/at/all", &err), SKS_ECONNECT);
    close (fd);
}
END_TEST

START_TEST (a_daemon_that_went_away_is_told_by_the_next_call)
{
    struct daemon daemon = { 0 };
    struct timespec start;
    sks_error err;
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    stop_daemon (&daemon);
    clock_gettime (CLOCK_MONOTONIC, &start);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), SKS_ECONNECT);
    ck_assert (seconds_since (&start) < 2);
    sks_client_close (&client);
}
END_TEST

START_TEST (a_daemon_that_wants_a_key_is_told_as_such)
{
    struct daemon daemon = { .wants_key = true };
    sks_client *client;
    sks_error err;
    if (!zmq_has ("curve"))
        return;
    start_daemon (&daemon, ANSWER);
    ck_assert_int_eq (sks_client_open (&client, daemon.endpoint, &err), SKS_EAUTH);
    stop_daemon (&daemon);
}
END_TEST

START_TEST (the_environment_names_the_endpoint)
{
    struct daemon daemon = { 0 };
    start_daemon (&daemon, ANSWER);
    setenv ("SKILLSEARCH_ENDPOINT", daemon.endpoint, 1);
    sks_client *client = open_client (NULL);
    unsetenv ("SKILLSEARCH_ENDPOINT");
    sks_client_close (&client);
    stop_daemon (&daemon);
}
END_TEST

/* Answer one connection as a web server would. */
static void *
answer_as_another (void *listener)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    int fd = accept (*(int *) listener, NULL, NULL);
    ck_assert_int_eq (send (fd, text, sizeof text - 1, MSG_NOSIGNAL), sizeof text - 1);
    close (fd);
    return NULL;
}

START_TEST (another_program_is_not_taken_for_a_daemon)
{
    char endpoint[64];
    pthread_t thread;
    sks_client *client;
    sks_error err;
    int fd = take_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (pthread_create (&thread, NULL, answer_as_another, &fd), 0);
    ck_assert_int_eq (sks_client_open (&client, endpoint, &err), SKS_ECONNECT);
    ck_assert_ptr_nonnull (strstr (err.text, "another program"));
    pthread_join (thread, NULL);
    close (fd);
}
END_TEST

/* ----------------------------------------------------------------- limits */

START_TEST (a_request_too_large_is_refused_before_it_is_sent)
{
    struct daemon daemon = { 0 };
    char *reply, *request = malloc (SKS_MAX_REQUEST_BYTES + 2);
    sks_result *result;
    sks_error err;
    memset (request, 'x', SKS_MAX_REQUEST_BYTES + 1);
    request[SKS_MAX_REQUEST_BYTES + 1] = '\0';
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_call (client, request, &reply, &err), SKS_ELIMIT);
    ck_assert_ptr_null (reply);
    sks_query query = SKS_QUERY_INIT;
    query.text = request;
    ck_assert_int_eq (sks_client_search (client, &query, &result, &err), SKS_ELIMIT);
    sks_client_close (&client);
    stop_daemon (&daemon);
    ck_assert_uint_eq (daemon.served, 0);
    free (request);
}
END_TEST

START_TEST (a_reply_too_large_or_no_reply_is_a_failure)
{
    struct daemon daemon = { 0 }, second = { 0 };
    sks_result *result;
    sks_error err;
    ck_assert_int_eq (search_once (&daemon, NO_JSON, &result, &err), SKS_EPROTOCOL);
    sks_request_destroy (&daemon.last);
    ck_assert_int_eq (search_once (&second, TOO_LARGE, &result, &err), SKS_ECONNECT);
    ck_assert_str_eq (strchr (err.text, ' '), " hung up before it answered");
    ck_assert_ptr_null (result);
    ck_assert_uint_eq (second.served, 2);
    sks_request_destroy (&second.last);
}
END_TEST

START_TEST (an_endpoint_must_be_one)
{
    static const char *const wrong[] = {
        "127.0.0.1:7311", "tcp://127.0.0.1", "tcp://:7311", "tcp://host:0", "tcp://host:65536",
        "tcp://host:*",   "tcp://a;b:1",     "tcp://[]:1",  "ipc://",       "ipc://@",
        "tcp://a:1,",     "inproc://a",      "tcp://::1:1", "tcp://a:1 b",  "tcp://a:-1",
        "http://a:80",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sks_client *client;
        sks_error err;
        int rc = sks_client_open (&client, wrong[i], &err);
        ck_assert_msg (rc == SKS_EINVALID, "%s: %d", wrong[i], rc);
        ck_assert_ptr_null (client);
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
    int fd = take_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (sks_endpoints_parse (&endpoints, endpoint, NULL), 0);
    int rc = sks_endpoint_probe (&endpoints.items[0], false, sks_deadline_after (30), address, &err);
    ck_assert_int_eq (rc, SKS_ECONNECT);
    sks_endpoints_free (&endpoints);
    close (fd);
}
END_TEST

START_TEST (too_few_descriptors_are_an_error_and_no_abort)
{
    struct daemon daemon = { 0 };
    struct rlimit before, few;
    sks_client *client;
    sks_error err;
    start_daemon (&daemon, ANSWER);
    getrlimit (RLIMIT_NOFILE, &before);
    int next = dup (0);
    few = (struct rlimit) { (rlim_t) next + 20, before.rlim_max };
    close (next);
    setrlimit (RLIMIT_NOFILE, &few);
    int rc = sks_client_open (&client, daemon.endpoint, &err);
    setrlimit (RLIMIT_NOFILE, &before);
    ck_assert_int_eq (rc, SKS_EIO);
    stop_daemon (&daemon);
}
END_TEST

START_TEST (get_takes_one_to_a_hundred_ids)
{
    struct daemon daemon = { 0 };
    const char *ids[SKS_MAX_IDS + 1] = { "x" };
    sks_result *result;
    start_daemon (&daemon, ANSWER);
    sks_client *client = open_client (daemon.endpoint);
    ck_assert_int_eq (sks_client_get (client, ids, 0, &result, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_client_get (client, ids, SKS_MAX_IDS + 1, &result, NULL), SKS_ELIMIT);
    sks_client_close (&client);
    stop_daemon (&daemon);
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

static bool
is_stale (const char *request, const char *reply)
{
    return sks_identity_is_stale (sks_identity_find (request, strlen (request)), reply, strlen (reply));
}

START_TEST (only_the_outermost_id_counts)
{
    const char *ours = "{\"id\":\"7\"}";
    ck_assert (!is_stale (ours, "{\"v\":1,\"id\" : \"7\"}"));
    ck_assert (is_stale (ours, "{\"v\":1,\"id\":\"8\"}"));
    ck_assert (is_stale (ours, "{\"hits\":[{\"id\":\"7\"}],\"id\":\"77\"}"));
    ck_assert (!is_stale (ours, "{\"hits\":[{\"id\":\"8\"},\"id\",\"9\"],\"id\":\"7\"}"));
    ck_assert (!is_stale (ours, "{\"x\":\"\\\"id\\\":\\\"8\\\"\",\"id\":\"7\"}"));
    ck_assert (!is_stale (ours, "{\"id\":null,\"x\":\"id\"}"));
    ck_assert (!is_stale (ours, "{\"x\":\"id\",\"y\":\"8\"}"));
    ck_assert (!is_stale ("{\"op\":\"stats\"}", "{\"id\":\"8\"}"));
    ck_assert (!is_stale ("{\"id\":\"\\u0037\"}", "{\"id\":\"7\"}"));
}
END_TEST

START_TEST (a_broken_message_has_no_id_and_is_not_read_beyond)
{
    static const char *const broken[] = {
        "",          "{",          "{\"",          "{\"id",  "{\"id\"",  "{\"id\":", "{\"id\":\"",
        "{\"id\":\"7", "{\"id\":\"7\\", "{\"id\":\"7\\\"", "]]]]",   "{\"id\"\\",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        size_t size = strlen (broken[i]);
        char *copy = malloc (size ? size : 1);
        memcpy (copy, broken[i], size);
        ck_assert_ptr_null (sks_identity_find (copy, size).bytes);
        free (copy);
    }
}
END_TEST

Suite *
suite_client (void)
{
    Suite *suite = suite_create ("client");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, a_request_reaches_the_daemon_as_it_was_asked);
    tcase_add_test (core, a_reply_becomes_a_result);
    tcase_add_test (core, get_asks_for_ids_and_tells_the_missing);
    tcase_add_test (core, ping_asks_for_health_and_takes_the_time);
    tcase_add_test (core, call_sends_and_gives_back_the_bytes_as_they_are);
    tcase_add_test (core, a_refusal_becomes_its_code_and_place);
    tcase_add_test (core, a_stale_reply_is_skipped);
    tcase_add_test (core, a_reply_without_an_id_is_ours);
    tcase_add_test (core, a_local_socket_serves_as_well);
    tcase_add_test (core, several_calls_share_a_connection);
    tcase_add_test (core, the_next_endpoint_serves_when_the_first_is_closed);
    tcase_add_test (core, the_next_endpoint_serves_when_the_first_is_busy);
    tcase_add_test (core, a_request_is_sent_again_when_its_connection_breaks);
    tcase_add_test (core, after_a_time_out_the_next_endpoint_is_asked);
    tcase_add_test (core, a_daemon_that_starts_again_is_found_again);
    tcase_add_test (core, a_silent_daemon_costs_the_time_out_and_no_more);
    tcase_add_test (core, a_signal_does_not_end_a_call);
    tcase_add_test (core, a_daemon_that_is_not_there_is_told_at_once);
    tcase_add_test (core, a_daemon_that_went_away_is_told_by_the_next_call);
    tcase_add_test (core, a_daemon_that_wants_a_key_is_told_as_such);
    tcase_add_test (core, another_program_is_not_taken_for_a_daemon);
    tcase_add_test (core, the_environment_names_the_endpoint);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, a_request_too_large_is_refused_before_it_is_sent);
    tcase_add_test (limits, a_reply_too_large_or_no_reply_is_a_failure);
    tcase_add_test (limits, an_endpoint_must_be_one);
    tcase_add_test (limits, endpoints_are_read_in_all_their_forms);
    tcase_add_test (limits, lists_and_paths_have_a_most);
    tcase_add_test (limits, a_probe_does_not_wait_for_ever);
    tcase_add_test (limits, too_few_descriptors_are_an_error_and_no_abort);
    tcase_add_test (limits, get_takes_one_to_a_hundred_ids);
    tcase_add_test (limits, closing_is_safe_twice);
    tcase_add_test (limits, only_the_outermost_id_counts);
    tcase_add_test (limits, a_broken_message_has_no_id_and_is_not_read_beyond);
    suite_add_tcase (suite, limits);
    return suite;
}
