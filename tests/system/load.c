/* load.c - clients for the load tests, and a bare echo server to compare with.
 *
 *   load ask ENDPOINT CLIENTS DEPTH SECONDS FILE   send requests, count and time replies
 *   load deaf ENDPOINT CLIENTS REQUESTS FILE       send requests and never read, until stdin ends
 *   load echo ENDPOINT BYTES                       answer every request with BYTES, until stdin ends
 *
 * FILE holds one request per line, as the members after "id". Each client has its own DEALER; one thread serves them
 * all. "ask" stops sending when the time is over or the daemon says that it is ending; requests under way count as lost
 * after 60 s without any reply. It prints one line of JSON. The first requests of each client are not timed, as they
 * wait for its connection. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define MAX_LINES 65536
#define MAX_CLIENTS 1024
#define REQUEST_BYTES 70000
#define MAX_TIMES 8000000
#define PATIENCE_US 60000000.0

static char *lines[MAX_LINES];
static size_t line_count;

/* Results of replies; the last name stands for all others. */
static const char *const outcomes[] = { "\"ok\":true", "\"busy\"", "\"deadline\"", "\"shutting_down\"", "" };
static const char *const outcome_names[] = { "ok", "busy", "deadline", "shutting_down", "other" };
#define SHUTTING_DOWN 3
#define OUTCOMES (sizeof outcomes / sizeof *outcomes)

struct tally {
    uint64_t sent, got[OUTCOMES], empty, bytes;
    float *times; /* us, of good replies */
    size_t time_count;
    uint64_t untimed; /* requests at the beginning */
    double *sent_us;  /* a ring, indexed by id */
};

#define REMEMBERED (1u << 20)

static void
die (const char *what)
{
    fprintf (stderr, "load: %s: %s\n", what, zmq_strerror (errno));
    exit (2);
}

static double
now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static void
read_lines (const char *name)
{
    FILE *file = fopen (name, "re");
    size_t room = 0;
    if (!file)
        die (name);
    char *line = NULL;
    for (; line_count < MAX_LINES && getline (&line, &room, file) > 0; line = NULL, room = 0) {
        line[strcspn (line, "\n")] = '\0';
        if (*line)
            lines[line_count++] = line;
    }
    free (line);
    fclose (file);
    if (!line_count)
        die ("no requests");
}

static void *
open_socket (void *context, int type, const char *endpoint)
{
    static const int no_linger = 0, much = 100000;
    void *socket = zmq_socket (context, type);
    if (!socket)
        die ("socket");
    zmq_setsockopt (socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt (socket, ZMQ_SNDHWM, &much, sizeof much);
    if (type == ZMQ_ROUTER ? zmq_bind (socket, endpoint) : zmq_connect (socket, endpoint))
        die (endpoint);
    return socket;
}

/* ---------------------------------------------------------------- asking */
static void
ask (void *socket, struct tally *tally)
{
    static char request[REQUEST_BYTES];
    uint64_t id = tally->sent++;
    int size = snprintf (request, sizeof request, "{\"v\":1,\"id\":\"%" PRIu64 "\",%s}", id, lines[id % line_count]);
    tally->sent_us[id % REMEMBERED] = now_us ();
    if (zmq_send (socket, request, (size_t) size, 0) < 0)
        die ("send");
}

static void
count (struct tally *tally, const char *reply, size_t size)
{
    static char head[256];
    size_t kept = size < sizeof head - 1 ? size : sizeof head - 1, what = 0;
    memcpy (head, reply, kept);
    head[kept] = '\0';
    while (!strstr (head, outcomes[what]))
        what++;
    tally->got[what]++;
    tally->bytes += size;
    tally->empty += what == 0 && strstr (head, "\"total\":0,") != NULL;
    const char *id = strstr (head, "\"id\":\"");
    uint64_t number = id ? strtoull (id + 6, NULL, 10) : 0;
    if (what == 0 && number >= tally->untimed && tally->time_count < MAX_TIMES)
        tally->times[tally->time_count++] = (float) (now_us () - tally->sent_us[number % REMEMBERED]);
}

/* Read the replies that have arrived; returns their number. */
static unsigned
take (void *socket, struct tally *tally)
{
    unsigned taken = 0;
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    while (zmq_msg_recv (&reply, socket, ZMQ_DONTWAIT) >= 0) {
        count (tally, zmq_msg_data (&reply), zmq_msg_size (&reply));
        taken++;
    }
    zmq_msg_close (&reply);
    return taken;
}

static int
compare_times (const void *a, const void *b)
{
    float left = *(const float *) a, right = *(const float *) b;
    return (left > right) - (left < right);
}

static float
quantile (const struct tally *tally, double share)
{
    return tally->time_count ? tally->times[(size_t) ((double) (tally->time_count - 1) * share)] : 0;
}

static void
print_tally (struct tally *tally, double seconds)
{
    uint64_t answered = 0;
    qsort (tally->times, tally->time_count, sizeof *tally->times, compare_times);
    printf ("{\"sent\":%" PRIu64, tally->sent);
    for (size_t i = 0; i < OUTCOMES; i++) {
        printf (",\"%s\":%" PRIu64, outcome_names[i], tally->got[i]);
        answered += tally->got[i];
    }
    printf (",\"lost\":%" PRIu64 ",\"empty\":%" PRIu64 ",\"bytes\":%" PRIu64, tally->sent - answered, tally->empty,
            tally->bytes);
    printf (",\"seconds\":%.3f,\"rate\":%.1f", seconds, (double) answered / seconds);
    printf (",\"p50_us\":%.1f,\"p95_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n", quantile (tally, 0.5),
            quantile (tally, 0.95), quantile (tally, 0.99), quantile (tally, 1));
}

/* Keep `depth` requests of each client under way for a time, then read the remaining replies. */
static void
run (zmq_pollitem_t *items, int clients, unsigned depth, double seconds)
{
    struct tally tally = { .times = malloc (MAX_TIMES * sizeof (float)),
                           .sent_us = calloc (REMEMBERED, sizeof (double)) };
    double begun_us = now_us (), end_us = begun_us + seconds * 1e6, last_us = begun_us;
    uint64_t open = 0;
    if (!tally.times || !tally.sent_us)
        die ("memory");
    tally.untimed = (uint64_t) clients * depth;
    for (int i = 0; i < clients; i++)
        for (unsigned k = 0; k < depth; k++, open++)
            ask (items[i].socket, &tally);
    while (open && now_us () < last_us + PATIENCE_US) {
        if (zmq_poll (items, clients, 1000) < 0 && errno != EINTR)
            die ("poll");
        for (int i = 0; i < clients; i++) {
            unsigned taken = items[i].revents ? take (items[i].socket, &tally) : 0;
            open -= taken;
            last_us = taken ? now_us () : last_us;
            for (; taken && last_us < end_us && !tally.got[SHUTTING_DOWN]; taken--, open++)
                ask (items[i].socket, &tally);
        }
    }
    print_tally (&tally, (now_us () - begun_us) / 1e6);
    free (tally.times);
    free (tally.sent_us);
}

/* ----------------------------------------------------------- other modes */
static void
wait_for_stdin (void)
{
    char byte;
    while (read (STDIN_FILENO, &byte, 1) > 0)
        ;
}

static void
be_deaf (zmq_pollitem_t *items, int clients, unsigned requests)
{
    struct tally tally = { .sent_us = calloc (REMEMBERED, sizeof (double)) };
    if (!tally.sent_us)
        die ("memory");
    for (unsigned k = 0; k < requests; k++)
        for (int i = 0; i < clients; i++)
            ask (items[i].socket, &tally);
    printf ("sent %" PRIu64 "\n", tally.sent);
    fflush (stdout);
    wait_for_stdin ();
    free (tally.sent_us);
}

/* The reply begins with the same bytes as the request, so it has the same id. */
static void
echo (void *socket, size_t size)
{
    char *reply = malloc (size > REQUEST_BYTES ? size : REQUEST_BYTES), identity[256];
    zmq_pollitem_t items[] = { { socket, 0, ZMQ_POLLIN, 0 }, { NULL, STDIN_FILENO, ZMQ_POLLIN, 0 } };
    char bound[256];
    size_t bound_size = sizeof bound;
    if (!reply || zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, bound, &bound_size))
        die ("echo");
    memset (reply, ' ', size);
    printf ("%s\n", bound);
    fflush (stdout);
    while (zmq_poll (items, 2, -1) > 0 && !items[1].revents) {
        int identity_size;
        while ((identity_size = zmq_recv (socket, identity, sizeof identity, ZMQ_DONTWAIT)) >= 0) {
            zmq_recv (socket, reply, REQUEST_BYTES, 0);
            zmq_send (socket, identity, (size_t) identity_size, ZMQ_SNDMORE);
            zmq_send (socket, reply, size, 0);
        }
    }
    free (reply);
}

static int
usage (void)
{
    fputs ("usage: load ask ENDPOINT CLIENTS DEPTH SECONDS FILE\n"
           "       load deaf ENDPOINT CLIENTS REQUESTS FILE\n"
           "       load echo ENDPOINT BYTES\n",
           stderr);
    return 2;
}

int
main (int argc, char **argv)
{
    zmq_pollitem_t items[MAX_CLIENTS];
    void *context = zmq_ctx_new ();
    bool asks = argc == 7 && strcmp (argv[1], "ask") == 0, deaf = argc == 6 && strcmp (argv[1], "deaf") == 0;
    bool echoes = argc == 4 && strcmp (argv[1], "echo") == 0;
    if (!asks && !deaf && !echoes)
        return usage ();
    int clients = echoes ? 1 : atoi (argv[3]);
    if (clients < 1 || clients > MAX_CLIENTS)
        return usage ();
    if (!echoes)
        read_lines (argv[argc - 1]);
    for (int i = 0; i < clients; i++)
        items[i] =
            (zmq_pollitem_t) { open_socket (context, echoes ? ZMQ_ROUTER : ZMQ_DEALER, argv[2]), 0, ZMQ_POLLIN, 0 };
    if (asks)
        run (items, clients, (unsigned) atoi (argv[4]), atof (argv[5]));
    else if (deaf)
        be_deaf (items, clients, (unsigned) atoi (argv[4]));
    else
        echo (items[0].socket, (size_t) atoi (argv[3]));
    for (int i = 0; i < clients; i++)
        zmq_close (items[i].socket);
    zmq_ctx_term (context);
    return 0;
}
