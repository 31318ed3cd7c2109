/* conform.c - asks what conformance.py sends, by the calls of libskillsearch that do not wait.
 *
 * usage: conform ENDPOINT < BATCHES
 *
 * A batch is a line "COUNT TIMEOUT_MS" and COUNT lines with a request each; all are sent before a reply is taken.
 * Prints a line per request, in the order of sending: the reply, or "error CODE AT". */
#include <skillsearch.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BATCH 64

static sks_client *client;
static uint64_t tickets[MAX_BATCH]; /* 0: the request has ended */
static char *ends[MAX_BATCH];

static char *
printed_error (const sks_error *err)
{
    char *text = NULL;
    if (asprintf (&text, "error %s %ld", sks_code_name (err->code), err->at) < 0)
        abort ();
    return text;
}

/* Wait for an event of the client, and take what has ended. */
static void
advance (void)
{
    sks_reply *reply;
    struct pollfd event = { sks_client_fd (client), POLLIN, 0 };
    poll (&event, 1, sks_client_next_timeout (client));
    while (sks_client_receive (client, &reply, NULL) == 0 && reply) {
        for (size_t i = 0; i < MAX_BATCH; i++) {
            if (tickets[i] != reply->ticket)
                continue;
            tickets[i] = 0;
            ends[i] = reply->code ? printed_error (&reply->error) : strndup (reply->json, reply->size);
        }
        sks_reply_destroy (&reply);
    }
}

/* Send a request; wait while the client connects. */
static void
ask (size_t i, const char *request, uint32_t timeout_ms)
{
    sks_error err;
    int code;
    while ((code = sks_client_send (client, request, timeout_ms, &tickets[i], &err)) == SKS_ECONNECT)
        advance ();
    if (code) {
        tickets[i] = 0;
        ends[i] = printed_error (&err);
    }
}

static void
run_batch (size_t count, uint32_t timeout_ms)
{
    char *line = NULL;
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (getline (&line, &size, stdin) < 0)
            abort ();
        ask (i, line, timeout_ms);
    }
    free (line);
    for (size_t i = 0; i < count; i++) {
        while (!ends[i])
            advance ();
        puts (ends[i]);
        free (ends[i]);
        ends[i] = NULL;
    }
    fflush (stdout);
}

int
main (int argc, char **argv)
{
    sks_error err;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    options.endpoint = argc > 1 ? argv[1] : NULL;
    options.later = 1;
    if (sks_client_open_with (&client, &options, &err)) {
        fprintf (stderr, "conform: %s\n", err.text);
        return 1;
    }
    char line[64];
    unsigned count, timeout_ms;
    while (fgets (line, sizeof line, stdin) && sscanf (line, "%u %u", &count, &timeout_ms) == 2 && count <= MAX_BATCH)
        run_batch (count, timeout_ms);
    sks_client_close (&client);
    return 0;
}
