/* standin.c - what the daemon sends in each manner. */
#include "standin.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>

#define HITS                                                                                                           \
    "[{\"id\":\"43-9061.00/emerging/0123456789ab\",\"score\":2.5,\"text\":\"Route mail\","                             \
    "\"spans\":[[6,10]],\"duty\":null,\"level\":\"emerging\",\"position\":1,\"soc\":\"43-9061.00\","                   \
    "\"occupation\":\"Office Clerks, General\",\"group\":\"Office\",\"sector\":\"55\",\"zone\":2}]"
#define SEARCH_REPLY                                                                                                   \
    "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"generation\":7,\"total\":1,\"matched_all\":1,"                               \
    "\"relaxed\":false,\"read_as\":\"mail\",\"ignored\":[],\"suggestion\":null,\"hits\":" HITS                         \
    ",\"facets\":{},\"took_us\":9}"
#define GET_REPLY                                                                                                      \
    "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"generation\":7,\"hits\":" HITS ",\"missing\":[\"x\"],\"took_us\":9}"
#define HEALTH_REPLY "{\"v\":1,\"id\":\"%s\",\"ok\":true,\"status\":\"ok\"}"
#define REFUSAL(code)                                                                                                  \
    "{\"v\":1,\"id\":\"%s\",\"ok\":false,\"error\":{\"code\":\"" code "\",\"message\":\"no\",\"at\":3}}"

static void
send_text (standin *daemon, zmq_msg_t *to, const char *text)
{
    zmq_msg_t copy;
    zmq_msg_init (&copy);
    zmq_msg_copy (&copy, to);
    zmq_msg_send (&copy, daemon->router, ZMQ_SNDMORE);
    zmq_send (daemon->router, text, strlen (text), 0);
}

static void
send_reply (standin *daemon, zmq_msg_t *to, const char *id, const char *before, const char *after)
{
    char text[2048];
    snprintf (text, sizeof text, "%s%s%s", before, id, after);
    send_text (daemon, to, text);
}

/* Put the id where a format has its "%s". */
static void
send_format (standin *daemon, zmq_msg_t *to, const char *id, const char *format)
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
send_too_large (standin *daemon, zmq_msg_t *to)
{
    char *text = malloc (SKS_MAX_REPLY_BYTES + 2);
    memset (text, ' ', SKS_MAX_REPLY_BYTES + 1);
    text[SKS_MAX_REPLY_BYTES + 1] = '\0';
    send_text (daemon, to, text);
    free (text);
}

static void
serve (standin *daemon, zmq_msg_t *from)
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
    case STOPPING:
        send_format (daemon, from, id, REFUSAL ("shutting_down"));
        return;
    case UNAVAILABLE:
        send_format (daemon, from, id, REFUSAL ("unavailable"));
        return;
    case UNKNOWN:
        send_format (daemon, from, id, REFUSAL ("not_found"));
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
    case TOO_LARGE_ONCE:
        if (daemon->served == 1) {
            send_too_large (daemon, from);
            return;
        }
        break;
    case HANG_UP:
    case ANSWER:
        break;
    }
    send_format (daemon, from, id, format);
}

static void
remember (standin *daemon, zmq_msg_t *message)
{
    sks_error err;
    sks_request_destroy (&daemon->last);
    snprintf (daemon->bytes, sizeof daemon->bytes, "%.*s", (int) zmq_msg_size (message),
              (const char *) zmq_msg_data (message));
    sks_request_decode (&daemon->last, zmq_msg_data (message), zmq_msg_size (message), &err);
    daemon->served++;
}

/* Serve until the context ends; a daemon that hangs up serves only until the first request. */
static void *
run (void *argument)
{
    standin *daemon = argument;
    bool going = true;
    while (going) {
        zmq_msg_t from, message;
        zmq_msg_init (&from);
        zmq_msg_init (&message);
        going = zmq_msg_recv (&from, daemon->router, 0) >= 0 && zmq_msg_recv (&message, daemon->router, 0) >= 0;
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

void
standin_start (standin *daemon, enum standin_manner manner)
{
    int none = 0, yes = 1;
    size_t size = sizeof daemon->endpoint;
    char public_key[41], secret_key[41], port[64];
    daemon->manner = manner;
    daemon->context = zmq_ctx_new ();
    daemon->router = zmq_socket (daemon->context, ZMQ_ROUTER);
    zmq_setsockopt (daemon->router, ZMQ_LINGER, &none, sizeof none);
    if (daemon->wants_key) {
        ck_assert_int_eq (zmq_curve_keypair (public_key, secret_key), 0);
        zmq_setsockopt (daemon->router, ZMQ_CURVE_SERVER, &yes, sizeof yes);
        zmq_setsockopt (daemon->router, ZMQ_CURVE_SECRETKEY, secret_key, sizeof secret_key);
    }
    if (!daemon->bind)
        standin_closed_port (port);
    ck_assert_int_eq (zmq_bind (daemon->router, daemon->bind ? daemon->bind : port), 0);
    zmq_getsockopt (daemon->router, ZMQ_LAST_ENDPOINT, daemon->endpoint, &size);
    ck_assert_int_eq (pthread_create (&daemon->thread, NULL, run, daemon), 0);
}

void
standin_stop (standin *daemon)
{
    zmq_ctx_shutdown (daemon->context);
    pthread_join (daemon->thread, NULL);
    zmq_ctx_term (daemon->context);
}

sks_client *
standin_client (const char *endpoint)
{
    sks_client *client;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_error err = { 0 };
    options.endpoint = endpoint;
    options.spread = 0;
    ck_assert_msg (sks_client_open_with (&client, &options, &err) == 0, "%s", err.text);
    return client;
}

int
standin_closed_port (char endpoint[64])
{
    int fd = socket (AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    ck_assert_int_eq (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), 0);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, size), 0);
    getsockname (fd, (struct sockaddr *) &address, &size);
    snprintf (endpoint, 64, "tcp://127.0.0.1:%d", ntohs (address.sin_port));
    return fd;
}

double
standin_seconds_since (const struct timespec *start)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) (now.tv_sec - start->tv_sec) + (double) (now.tv_nsec - start->tv_nsec) / 1e9;
}
