/* server.c - the loop. One thread has libmicrohttpd's epoll and the library's
 * descriptor in one poll.
 *
 * libmicrohttpd 0.9.75: MHD_get_timeout does not know of resumed connections, so
 * replies are taken before MHD_run. A suspended connection has no time limit and
 * does not notice that its client left. Stopping while one is suspended aborts the
 * process. */
#include "server.h"

#include "answer.h"
#include "daemon.h"
#include "headers.h"
#include "route.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEALTHY_MS 1000
#define LOOP_MS 500 /* the longest sleep; slow connections are looked at after it */

int64_t
gw_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* -------------------------------------------------------------- connections */
static gw_link *
link_of (struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void
on_connection (void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
    gw_server *server = cls;
    gw_link *link = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        link = *context = calloc (1, sizeof *link);
        if (!link)
            return;
        *link = (gw_link) { .next = server->links, .back = &server->links, .until = gw_now () + GW_MAX_REQUEST_MS };
        link->fd = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        if (server->links)
            server->links->back = &link->next;
        server->links = link;
        server->metrics.connections++;
    } else if (link) {
        *link->back = link->next;
        if (link->next)
            link->next->back = link->back;
        free (link);
        *context = NULL;
    }
}

void
gw_server_answering (gw_request *request)
{
    if (!request->link)
        return;
    request->link->answering = true;
    request->link->until = gw_now () + GW_MAX_ANSWER_MS;
}

bool
gw_server_is_ready (const gw_server *server)
{
    return !server->draining && server->health_at && gw_now () - server->health_at <= HEALTHY_MS;
}

/* End connections whose request has not arrived in time, or whose answer was not
 * taken. The bytes of a 408 fit into the empty buffer of the socket; if not, the
 * end alone is seen. */
static void
reap_links (gw_server *server)
{
    static const char slow[] = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                               "Content-Length: 98\r\nConnection: close\r\n\r\n"
                               "{\"type\":\"/problems#slow\",\"title\":\"The request did not arrive in time\","
                               "\"status\":408,\"code\":\"slow\"}\n";
    int64_t now = gw_now ();
    for (gw_link *link = server->links; link; link = link->next) {
        if (now <= link->until)
            continue;
        if (!link->answering && link->answered == 0 &&
            send (link->fd, slow, sizeof slow - 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            errno = 0;
        shutdown (link->fd, SHUT_RDWR);
        link->until = INT64_MAX;
        server->metrics.reaped[link->answering ? GW_REAPED_ANSWER : GW_REAPED_REQUEST]++;
    }
}

/* ----------------------------------------------------------------- requests */

/* The first sight of a request: its URL as it came. What is returned is the
 * state of the handler. */
static void *
on_url (void *cls, const char *url, struct MHD_Connection *connection)
{
    gw_server *server = cls;
    gw_request *request = calloc (1, sizeof *request);
    if (!request)
        return NULL;
    request->server = server;
    request->connection = connection;
    request->link = link_of (connection);
    request->raw_nul = strstr (url, "%00") != NULL;
    request->failure.at = -1;
    server->requests++;
    return request;
}

static void
on_completed (void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    gw_server *server = cls;
    gw_request *request = *state;
    (void) connection;
    (void) why;
    if (!request)
        return;
    *state = NULL;
    if (request->link) {
        request->link->answering = false;
        request->link->until = gw_now () + GW_MAX_REQUEST_MS;
        request->link->answered++;
    }
    gw_daemon_forget (request);
    if (request->free_data)
        request->free_data (request->data);
    sks_reply_destroy (&request->reply);
    gw_bytes_free (&request->body);
    gw_bytes_free (&request->asked);
    free (request);
    server->requests--;
}

static bool
is_json (const gw_request *request)
{
    static const char wanted[] = "application/json";
    const char *type = MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, "Content-Type");
    size_t size = type ? strcspn (type, "; \t") : 0;
    return size == sizeof wanted - 1 && strncasecmp (type, wanted, size) == 0;
}

static enum MHD_Result
refuse (gw_request *request, const char *code, const char *detail)
{
    request->refused = true;
    request->state = GW_ENDED;
    request->server->metrics.refused[GW_REFUSED_HEADERS]++;
    return gw_answer_problem (request, gw_problem_named (code), detail, -1);
}

/* The first call for a request: its headers are there. */
static enum MHD_Result
take_headers (gw_request *request, const char *path, const char *method, const char *version)
{
    const char *detail;
    request->is_post = strcmp (method, "POST") == 0;
    request->is_head = strcmp (method, "HEAD") == 0;
    request->is_old = strcmp (version, "HTTP/1.0") == 0;
    const struct gw_problem *problem = gw_headers_check (request, &detail);
    request->path = path;
    if (problem)
        return refuse (request, problem->code, detail);
    request->route = gw_route_find (path);
    bool is_get = strcmp (method, "GET") == 0 || request->is_head;
    request->state = GW_BODY;
    if (strcmp (method, "OPTIONS") == 0)
        return MHD_YES;
    if (!(request->route->methods & (is_get ? GW_GET : request->is_post ? GW_POST : 0u)))
        return refuse (request, "method", "this method is not for this path");
    if (request->is_post && request->route->op && !is_json (request))
        return refuse (request, "media_type", "Content-Type: application/json is needed");
    return MHD_YES;
}

static void
take_body (gw_request *request, const char *data, size_t size)
{
    if (request->body.size + size <= GW_MAX_BODY_BYTES)
        gw_bytes_add (&request->body, data, size);
    else
        request->body.failed = true;
}

static enum MHD_Result
begin (gw_request *request, const char *method)
{
    request->began = gw_now ();
    request->state = GW_ENDED;
    if (request->link)
        request->link->until = INT64_MAX;
    if (request->body.failed)
        return refuse (request, "body_size", "a body has at most 65536 bytes");
    if (strcmp (method, "OPTIONS") == 0)
        return gw_answer_options (request, gw_route_allow (request->route));
    return request->route->begin (request);
}

static enum MHD_Result
on_request (void *cls, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
            const char *data, size_t *size, void **state)
{
    gw_request *request = *state;
    (void) cls;
    (void) connection;
    if (!request)
        return MHD_NO;
    if (request->state == GW_HEADERS)
        return take_headers (request, path, method, version);
    if (*size) {
        take_body (request, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (request->state == GW_BODY)
        return begin (request, method);
    return request->route->finish ? request->route->finish (request) : gw_answer_reply (request);
}

/* --------------------------------------------------------------------- loop */
static int
shortest (int64_t a, int64_t b)
{
    int64_t least = a < b ? a : b;
    return (int) (least < 0 ? 0 : least);
}

/* One turn: sleep, take replies, then let libmicrohttpd work. */
static void
turn (gw_server *server, int signals)
{
    MHD_UNSIGNED_LONG_LONG until;
    int timeout = shortest (gw_daemon_timeout (server), LOOP_MS);
    if (MHD_get_timeout (server->http, &until) == MHD_YES && until < (unsigned) timeout)
        timeout = (int) until;
    struct pollfd items[] = {
        { MHD_get_daemon_info (server->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, 0 },
        { sks_client_fd (server->client), POLLIN, 0 },
        { signals, POLLIN, 0 },
    };
    poll (items, sizeof items / sizeof *items, timeout);
    gw_daemon_step (server);
    MHD_run (server->http);
    gw_daemon_step (server);
    MHD_run (server->http);
    reap_links (server);
}

/* No new connections; requests under way are answered, later ones refused. A client
 * whose connection was open at the signal may be about to send: it gets its refusal,
 * where a closed connection would leave it in doubt whether its request was served. */
static void
drain (gw_server *server, int signals)
{
    int64_t now = gw_now (), end = now + GW_MAX_DRAIN_MS, linger = now + GW_MAX_LINGER_MS;
    int listener = MHD_quiesce_daemon (server->http);
    server->draining = true;
    while ((server->requests && gw_now () < end) || (server->links && gw_now () < linger))
        turn (server, signals);
    /* Every resumed connection must have run once before the stop. */
    do {
        gw_daemon_fail_all (server, SKS_ESHUTTINGDOWN, "the server is about to stop");
        MHD_run (server->http);
    } while (server->waiting || server->sent);
    MHD_stop_daemon (server->http);
    if (listener != MHD_INVALID_SOCKET)
        close (listener);
}

/* --------------------------------------------------------------------- start */
static int
start_http (gw_server *server)
{
    const gw_options *options = &server->options;
    server->http =
        MHD_start_daemon (MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
                              (options->address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0),
                          0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, &options->address,
                          MHD_OPTION_CONNECTION_LIMIT, (unsigned) GW_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                          (unsigned) GW_MAX_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) GW_CONNECTION_BYTES,
                          MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
                          MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
                          on_connection, server, MHD_OPTION_URI_LOG_CALLBACK, on_url, server, MHD_OPTION_END);
    if (server->http)
        return 0;
    fprintf (stderr, "skillsearch-http: cannot serve %s: %s\n", options->listen, strerror (errno));
    return 1;
}

static void
say_ready (const gw_server *server)
{
    const gw_options *options = &server->options;
    int size = (int) (strrchr (options->listen, ':') - options->listen);
    unsigned port = MHD_get_daemon_info (server->http, MHD_DAEMON_INFO_BIND_PORT)->port;
    fprintf (stderr, "skillsearch-http: ready at http://%.*s:%u\n", size, options->listen, port);
    if (options->ready_fd < 0)
        return;
    dprintf (options->ready_fd, "http://%.*s:%u\n", size, options->listen, port);
    close (options->ready_fd);
}

static int
take_over_signals (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGINT);
    signal (SIGPIPE, SIG_IGN);
    return sigprocmask (SIG_BLOCK, &set, NULL) ? -1 : signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int
gw_server_run (gw_server *server)
{
    struct signalfd_siginfo signal_info;
    sks_error err;
    int signals = take_over_signals ();
    server->waiting_end = &server->waiting;
    if (signals < 0 || sks_client_open_with (&server->client, &server->options.client, &err) != 0) {
        fprintf (stderr, "skillsearch-http: %s\n", signals < 0 ? "cannot receive signals" : err.text);
        return 1;
    }
    int rc = start_http (server);
    if (rc == 0) {
        say_ready (server);
        while (read (signals, &signal_info, sizeof signal_info) != (ssize_t) sizeof signal_info)
            turn (server, signals);
        drain (server, signals);
    }
    sks_client_close (&server->client);
    close (signals);
    return rc;
}
