/* http_load.c - sends searches over HTTP, as test-load sends them over ZeroMQ.
 *
 * http_load PORT CONNECTIONS SECONDS TARGETS: every connection has one GET under
 * way; TARGETS has one target per line, requested in turn. One JSON line: requests, those that were not answered 200,
 * rate, p50_us, p99_us. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_TARGETS 5000
#define MAX_REPLY 262144
#define MAX_TIMES 1000000

struct connection {
    int fd;
    size_t have, need; /* need 0: the headers are not complete */
    double sent;
    char bytes[MAX_REPLY];
};

static char *targets[MAX_TARGETS];
static size_t target_count, requests, bad, next_target;
static double times[MAX_TIMES];

static double
now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static void
fail (const char *what)
{
    perror (what);
    exit (1);
}

static void
send_next (struct connection *connection)
{
    char request[8192];
    int size = snprintf (request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                         targets[next_target++ % target_count]);
    connection->have = connection->need = 0;
    connection->sent = now_us ();
    if (write (connection->fd, request, (size_t) size) != size)
        fail ("write");
}

/* Whether the answer is complete. */
static int
receive (struct connection *connection)
{
    ssize_t got = read (connection->fd, connection->bytes + connection->have, MAX_REPLY - 1 - connection->have);
    if (got <= 0)
        fail ("read");
    connection->have += (size_t) got;
    connection->bytes[connection->have] = '\0';
    char *end = connection->need ? NULL : strstr (connection->bytes, "\r\n\r\n");
    if (end) {
        const char *length = strstr (connection->bytes, "Content-Length:");
        connection->need = (size_t) (end + 4 - connection->bytes) + (length ? strtoul (length + 15, NULL, 10) : 0);
    }
    return connection->need && connection->have >= connection->need;
}

static void
open_connection (struct connection *connection, int port, int epoll)
{
    int one = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    connection->fd = socket (AF_INET, SOCK_STREAM, 0);
    if (connect (connection->fd, (struct sockaddr *) &address, sizeof address) != 0)
        fail ("connect");
    setsockopt (connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_ctl (epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

static int
compare_times (const void *a, const void *b)
{
    double left = *(const double *) a, right = *(const double *) b;
    return (left > right) - (left < right);
}

static void
read_targets (const char *path)
{
    char line[4096];
    FILE *file = fopen (path, "r");
    if (!file)
        fail (path);
    while (target_count < MAX_TARGETS && fgets (line, sizeof line, file)) {
        line[strcspn (line, "\n")] = '\0';
        targets[target_count++] = strdup (line);
    }
    fclose (file);
}

int
main (int argc, char **argv)
{
    if (argc != 5)
        return 2;
    int count = atoi (argv[2]), epoll = epoll_create1 (0);
    struct connection *all = calloc ((size_t) count, sizeof *all);
    read_targets (argv[4]);
    for (int i = 0; i < count; i++)
        open_connection (&all[i], atoi (argv[1]), epoll);
    double start = now_us (), end = start + atof (argv[3]) * 1e6;
    for (int i = 0; i < count; i++)
        send_next (&all[i]);
    while (now_us () < end && requests < MAX_TIMES) {
        struct epoll_event events[64];
        int ready = epoll_wait (epoll, events, 64, 1000);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive (connection) || requests == MAX_TIMES)
                continue;
            bad += memcmp (connection->bytes + 9, "200", 3) != 0;
            times[requests++] = now_us () - connection->sent;
            send_next (connection);
        }
    }
    double took = now_us () - start;
    qsort (times, requests, sizeof *times, compare_times);
    printf ("{\"requests\":%zu,\"bad\":%zu,\"rate\":%.0f,\"p50_us\":%.0f,\"p99_us\":%.0f}\n", requests, bad,
            (double) requests / took * 1e6, requests ? times[requests / 2] : 0.0,
            requests ? times[requests * 99 / 100] : 0.0);
    return 0;
}
