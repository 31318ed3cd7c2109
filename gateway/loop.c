/* loop.c - one thread, whose poll has the descriptors of libmicrohttpd and of the
 * library.
 *
 * libmicrohttpd 0.9.75: MHD_get_timeout does not know of resumed connections, so
 * replies are taken before MHD_run. A suspended connection has no time limit and
 * does not notice that its client left. Stopping while one is suspended aborts the
 * process. */
#include "loop.h"

#include "handler.h"
#include "paths.h"

#include "gateway/http/clock.h"
#include "gateway/http/daemon.h"
#include "gateway/http/link.h"
#include "gateway/http/linger.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define NO_SIGNALS (-1)
#define LOOP_MS 500 /* the longest sleep; slow connections are checked after it */
#define DRAIN_MS 25 /* the longest sleep while the server is stopping */

/* --------------------------------------------------------------------- loop */
static int
shortest (int64_t a, int64_t b)
{
    int64_t least = a < b ? a : b;
    return (int) (least < 0 ? 0 : least);
}

/* One turn: sleep, take replies, then let libmicrohttpd work.
 *   signals   a descriptor that ends the sleep, or NO_SIGNALS */
static void
turn (gw_server *server, int signals)
{
    MHD_UNSIGNED_LONG_LONG until;
    int timeout = shortest (gw_daemon_timeout (server), server->draining ? DRAIN_MS : LOOP_MS);
    if (MHD_get_timeout (server->http, &until) == MHD_YES && until < (unsigned) timeout)
        timeout = (int) until;
    struct pollfd items[3 + GW_MAX_LINGERING] = {
        { MHD_get_daemon_info (server->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, 0 },
        { sks_client_fd (server->client), POLLIN, 0 },
        { signals, POLLIN, 0 },
    };
    poll (items, 3 + gw_linger_poll (server, items + 3), timeout);
    gw_linger_step (server, items + 3);
    gw_daemon_step (server);
    MHD_run (server->http);
    gw_daemon_step (server);
    MHD_run (server->http);
    gw_link_reap_all (server);
}

/* Whether a connection waits to be accepted. */
static bool
has_unaccepted (int listener)
{
    struct pollfd item = { listener, POLLIN, 0 };
    return poll (&item, 1, 0) > 0 && item.revents == POLLIN;
}

/* Answer the requests under way and refuse later ones. A client whose connection is open, or waits to be accepted,
 * may be about to send. It gets a 503, because after a closed connection it could not know whether its request was
 * served. Requests that have arrived are answered even if a slow machine takes long, up to GW_MAX_DRAIN_MS. */
static void
drain (gw_server *server)
{
    int64_t now = gw_clock_ms (), end = now + GW_MAX_DRAIN_MS, wait_until = now + GW_MAX_STOP_MS;
    int listener = MHD_get_daemon_info (server->http, MHD_DAEMON_INFO_LISTEN_FD)->listen_fd;
    server->draining = true;
    do
        turn (server, NO_SIGNALS);
    while (server->links && gw_clock_ms () < wait_until);
    listen (listener, 0); /* without a backlog, the queue only gets shorter */
    while (has_unaccepted (listener) && gw_clock_ms () < end)
        turn (server, NO_SIGNALS);
    close (MHD_quiesce_daemon (server->http)); /* later clients are refused, not reset */
    wait_until = gw_clock_ms () + GW_MAX_STOP_MS;
    while (((server->requests || gw_link_has_unread (server)) && gw_clock_ms () < end) ||
           (server->links && gw_clock_ms () < wait_until))
        turn (server, NO_SIGNALS);
    /* Every resumed connection must have run once before the stop. */
    do {
        gw_daemon_fail_all (server, SKS_ESHUTTINGDOWN, "the server is stopping");
        MHD_run (server->http);
    } while (server->waiting || server->sent);
    MHD_stop_daemon (server->http);
    gw_linger_end (server, gw_clock_ms () + GW_MAX_STOP_MS);
}

/* --------------------------------------------------------------------- start */
static int
start_http (gw_server *server)
{
    const gw_options *options = &server->options;
    server->http = MHD_start_daemon (
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
            (options->address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0),
        0, NULL, NULL, gw_handler_request, server, MHD_OPTION_SOCK_ADDR, &options->address, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned) GW_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) GW_MAX_IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) GW_CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_NOTIFY_COMPLETED, gw_handler_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, gw_handler_connection, server, MHD_OPTION_URI_LOG_CALLBACK, gw_handler_url,
        server, MHD_OPTION_END);
    if (server->http)
        return 0;
    int cause = errno;
    fprintf (stderr, "skillsearch-http: cannot serve %s: %s%s\n", options->listen, strerror (cause),
             cause == EADDRINUSE ? "; --listen ADDRESS:PORT chooses another" : "");
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
    /* The same as in skillsearchd: these signals have no meaning here. */
    static const int ignored[] = { SIGPIPE, SIGUSR1, SIGUSR2,   SIGTTOU, SIGTTIN,
                                   SIGALRM, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO };
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal (ignored[i], SIG_IGN);
    return sigprocmask (SIG_BLOCK, &set, NULL) ? -1 : signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int
gw_loop_run (gw_server *server)
{
    struct signalfd_siginfo signal_info;
    sks_error err;
    int signals = take_over_signals ();
    server->waiting_end = &server->waiting;
    server->routes = gw_paths;
    if (signals < 0) {
        fputs ("skillsearch-http: cannot receive signals\n", stderr);
        return 1;
    }
    if (sks_client_open_with (&server->client, &server->options.client, &err) != 0) {
        fprintf (stderr, "skillsearch-http: %s\n", err.text);
        return err.code == SKS_EINVALID ? 2 : 1;
    }
    int rc = start_http (server);
    if (rc == 0) {
        say_ready (server);
        while (read (signals, &signal_info, sizeof signal_info) != (ssize_t) sizeof signal_info)
            turn (server, signals);
        drain (server);
    }
    sks_client_close (&server->client);
    close (signals);
    return rc;
}
