/* clients.c - clients of the library, each with a thread of its own, that ask without a pause.
 *
 *     test-clients ENDPOINTS CLIENTS wait|poll [TIMEOUT_MS]
 *
 * wait   calls that block
 * poll   calls that do not wait, with four requests under way
 *
 * Prints "ready" after each client has an answer, then "answered N" after each further hundred. Ends at the end of its
 * standard input with one line of JSON: answered, failed, the longest time in ms, and the first failure. */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <skillsearch.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_CLIENTS 200
#define DEPTH 4 /* requests under way of a client that polls */
#define TICK 100

static const char *endpoints;
static unsigned timeout_ms; /* 0: the default */
static atomic_bool ends;
static atomic_ulong ready, answered, failed, longest_ms;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static char failure[SKS_ERROR_TEXT_BYTES + 32];

static uint64_t
clock_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

static void
count (int code, const sks_error *err, uint64_t began_ms)
{
    unsigned long took = clock_ms () - began_ms, before = longest_ms;
    while (took > before && !atomic_compare_exchange_weak (&longest_ms, &before, took))
        continue;
    if (code == 0) {
        answered++;
        return;
    }
    pthread_mutex_lock (&first);
    if (failed++ == 0)
        snprintf (failure, sizeof failure, "%s: %s", sks_code_name (code), err->text);
    pthread_mutex_unlock (&first);
}

static sks_client *
open_client (bool later)
{
    sks_client *client;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_error err;
    options.endpoint = endpoints;
    options.later = later;
    options.timeout_ms = timeout_ms;
    if (sks_client_open_with (&client, &options, &err) == 0)
        return client;
    fprintf (stderr, "%s\n", err.text);
    exit (1);
}

static void *
ask_and_wait (void *unused)
{
    static const char *const words[] = { "mail", "patients", "kitchen", "report safety", "records" };
    sks_client *client = open_client (false);
    for (unsigned i = 0; !ends; i++) {
        sks_result *result;
        sks_error err;
        sks_query query = SKS_QUERY_INIT;
        query.text = words[i % (sizeof words / sizeof *words)];
        uint64_t began_ms = clock_ms ();
        count (sks_client_search (client, &query, &result, &err), &err, began_ms);
        sks_result_destroy (&result);
        ready += i == 0;
    }
    sks_client_close (&client);
    return unused;
}

struct asked {
    uint64_t ticket, began_ms; /* ticket 0: nothing is under way */
};

/* Send what may be sent; nothing can be sent before the first connection. */
static void
send_all (sks_client *client, struct asked asked[DEPTH], bool connected)
{
    sks_error err;
    for (int i = 0; i < DEPTH && !ends; i++) {
        if (asked[i].ticket)
            continue;
        asked[i].began_ms = clock_ms ();
        int rc = sks_client_send (client, "{\"op\":\"search\",\"q\":\"mail\"}", 0, &asked[i].ticket, &err);
        if (rc == 0)
            continue;
        asked[i].ticket = 0;
        if (connected)
            count (rc, &err, asked[i].began_ms);
        return;
    }
}

static void *
ask_and_poll (void *unused)
{
    sks_client *client = open_client (true);
    struct asked asked[DEPTH] = { { 0 } };
    bool under_way, connected = false;
    do {
        sks_reply *reply = NULL;
        send_all (client, asked, connected);
        sks_client_receive (client, &reply, NULL);
        if (!reply) {
            struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
            int timeout = sks_client_next_timeout (client);
            poll (&item, 1, timeout < 0 || timeout > 100 ? 100 : timeout);
        }
        under_way = false;
        for (int i = 0; i < DEPTH; i++) {
            if (reply && asked[i].ticket == reply->ticket) {
                count (reply->code, &reply->error, asked[i].began_ms);
                asked[i].ticket = 0;
                ready += !connected;
                connected = true;
            }
            under_way |= asked[i].ticket != 0;
        }
        sks_reply_destroy (&reply);
    } while (!ends || under_way);
    sks_client_close (&client);
    return unused;
}

/* Report the progress until the standard input ends. */
static void
report (unsigned long clients)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    unsigned long last = 0;
    bool said = false;
    while (poll (&input, 1, 5) == 0) {
        if (!said && ready == clients)
            puts ("ready");
        said = said || ready == clients;
        for (; said && last + TICK <= answered; last += TICK)
            printf ("answered %lu\n", last + TICK);
        fflush (stdout);
    }
}

int
main (int argc, char **argv)
{
    pthread_t threads[MOST_CLIENTS];
    unsigned long clients = argc == 4 || argc == 5 ? strtoul (argv[2], NULL, 10) : 0;
    if (clients < 1 || clients > MOST_CLIENTS) {
        fprintf (stderr, "usage: test-clients ENDPOINTS CLIENTS wait|poll [TIMEOUT_MS]\n");
        return 2;
    }
    endpoints = argv[1];
    timeout_ms = argc == 5 ? (unsigned) strtoul (argv[4], NULL, 10) : 0;
    for (unsigned long i = 0; i < clients; i++)
        if (pthread_create (&threads[i], NULL, strcmp (argv[3], "wait") == 0 ? ask_and_wait : ask_and_poll, NULL) != 0)
            return 1;
    report (clients);
    ends = true;
    for (unsigned long i = 0; i < clients; i++)
        pthread_join (threads[i], NULL);
    printf ("{\"answered\":%lu,\"failed\":%lu,\"longest_ms\":%lu,\"failure\":\"%s\"}\n", answered, failed, longest_ms,
            failure);
    return 0;
}
