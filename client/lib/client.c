/* client.c - libskillsearch: a call -> request -> reply -> result; operations.c has the other operations.
 *
 * Every request has an id assigned by the library. Nothing here touches signals, prints or logs; exchange.c decides
 * which daemon is asked, and how often. */
#include "client.h"

#include "balancer.h"
#include "exchange.h"
#include "layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_MS 5000
#define QUERY_1_FACETS 5
#define OPTIONS_VERSION 4

struct sks_client {
    pid_t owner; /* the process that opened it */
    sks_connection *connection;
    uint32_t timeout_ms;
    bool narrow;        /* its program was compiled for 0.1.0: see layout.h */
    uint64_t requests;  /* the last one's id */
    sks_buffer request; /* bytes of the request under way */
    sks_exchange exchange;
    sks_balancer *balancer; /* of the calls that do not wait; NULL: not used yet */
};

int
sks_client_check (const sks_client *client, const void *argument, const void *out, sks_error *err)
{
    if (!client || !argument || !out)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL: %s",
                         !client     ? "the client"
                         : !argument ? "what to ask for"
                                     : "where the answer goes");
    if (client->owner != getpid ())
        return sks_fail (err, SKS_EINVALID,
                         "this client belongs to the process that opened it; a child of fork needs "
                         "a client of its own");
    return 0;
}

static int
decode_result (void *out, const char *bytes, size_t size, sks_error *err)
{
    return sks_reply_decode_result (out, bytes, size, err);
}

static int
decode_status (void *out, const char *bytes, size_t size, sks_error *err)
{
    (void) out;
    return sks_reply_decode_status (bytes, size, err);
}

/* Send client->request, decode its reply. */
static int
exchange (sks_client *client, const char *id, sks_deadline deadline, sks_client_decoder *decode, void *out,
          sks_error *err)
{
    const char *reply;
    size_t size;
    const sks_call call = { .bytes = client->request.bytes,
                            .size = client->request.size,
                            .id = { id, strlen (id) },
                            .deadline = deadline,
                            .timeout_ms = client->timeout_ms };
    int rc = sks_exchange_run (&client->exchange, &call, &reply, &size, err);
    if (rc == 0)
        rc = decode (out, reply, size, err);
    sks_exchange_forget (&client->exchange);
    return rc;
}

int
sks_client_ask (sks_client *client, const sks_request *request, sks_client_decoder *decode, void *out, sks_error *err)
{
    char id[24];
    sks_deadline deadline = sks_deadline_after (client->timeout_ms);
    snprintf (id, sizeof id, "%" PRIu64, ++client->requests);
    sks_request named = *request;
    named.id = id;
    sks_buffer_clear (&client->request);
    int rc = sks_request_encode (&named, &client->request, err);
    if (rc)
        return rc;
    return exchange (client, id, deadline, decode, out, err);
}

/* sks_query as it was in version 1. */
struct query_1 {
    uint32_t version;
    const char *text;
    int match, sort, reverse;
    unsigned want;
    uint32_t offset, limit, deadline_ms;
    sks_filter filter[QUERY_1_FACETS];
    sks_facet_ask facets[QUERY_1_FACETS];
    size_t facet_count;
    const char *tag_open, *tag_close;
    uint32_t collapse;
};

#define QUERY_VERSION 3

/* A facet_count above the old maximum becomes one that is refused. */
static sks_query
copy_query_1 (const struct query_1 *old)
{
    sks_query copy = SKS_QUERY_INIT;
    memcpy (&copy, old, offsetof (struct query_1, filter));
    copy.version = QUERY_VERSION;
    memcpy (copy.filter, old->filter, sizeof old->filter);
    memcpy (copy.facets, old->facets, sizeof old->facets);
    copy.facet_count = old->facet_count <= QUERY_1_FACETS ? old->facet_count : SKS_FACET_PLACES + 1;
    copy.tag_open = old->tag_open;
    copy.tag_close = old->tag_close;
    copy.collapse = old->collapse;
    return copy;
}
_Static_assert(offsetof (struct query_1, filter) == offsetof (sks_query, filter), "their first members are the same");

sks_query
sks_client_copy_query (const sks_query *query, int op)
{
    sks_query copy = SKS_QUERY_INIT;
    if (!query)
        copy.limit = sks_op_page (op)->usual;
    else if (query->version == SKS_LAYOUT_1)
        return copy_query_1 ((const struct query_1 *) query);
    else if (query->version == 2) {
        memcpy (&copy, query, offsetof (sks_query, resolve));
        copy.version = QUERY_VERSION;
    } else if (query->version == copy.version)
        return *query;
    else
        copy.version = query->version; /* to be refused */
    return copy;
}

/* ------------------------------------------------------------ public calls */

int
sks_client_open (sks_client **out, const char *endpoint, sks_error *err)
{
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    options.endpoint = endpoint;
    return sks_client_open_with (out, &options, err);
}

int
sks_client_open_with (sks_client **out, const sks_client_options *options, sks_error *err)
{
    if (out)
        *out = NULL;
    if (!out || !options)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL: %s", out ? "the options" : "where the client goes");
    if (options->version < 1 || options->version > OPTIONS_VERSION)
        return sks_fail (err, SKS_EINVALID,
                         "sks_client_options.version is not 1 to 4; start from "
                         "SKS_CLIENT_OPTIONS_INIT");
    const char *endpoint = options->endpoint;
    uint32_t timeout_ms = options->version > 1 ? options->timeout_ms : 0;
    if (!endpoint)
        endpoint = getenv ("SKILLSEARCH_ENDPOINT");
    if (!endpoint || !*endpoint)
        endpoint = SKS_DEFAULT_ENDPOINT;
    sks_client *client = calloc (1, sizeof *client);
    if (!client)
        return sks_fail_memory (err);
    client->owner = getpid ();
    client->timeout_ms = timeout_ms ? timeout_ms : DEFAULT_TIMEOUT_MS;
    client->narrow = options->version == SKS_LAYOUT_1;
    client->request = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    sks_deadline deadline = sks_deadline_after (client->timeout_ms);
    bool later = options->version > 2 && options->later;
    bool spread = options->version < 4 || options->spread;
    int rc = sks_connection_open (&client->connection, endpoint, spread, options->server_key, options->client_key, err);
    client->exchange = (sks_exchange) { .connection = client->connection, .spread = spread, .hedges = SKS_HEDGES_INIT };
    if (rc == 0 && !later)
        rc = sks_exchange_connect (&client->exchange, deadline, err);
    if (rc)
        sks_client_close (&client);
    *out = client;
    return rc;
}

void
sks_client_close (sks_client **client_p)
{
    if (!client_p || !*client_p)
        return;
    sks_client *client = *client_p;
    *client_p = NULL;
    bool owner = client->owner == getpid ();
    sks_balancer_close (&client->balancer, !owner);
    sks_exchange_close (&client->exchange, !owner);
    (owner ? sks_connection_close : sks_connection_abandon) (&client->connection);
    sks_buffer_free (&client->request);
    free (client);
}

void
sks_client_set_timeout (sks_client *client, uint32_t timeout_ms)
{
    if (client)
        client->timeout_ms = timeout_ms;
}

void
sks_client_expect_layout_1 (sks_client *client)
{
    if (client)
        client->narrow = true;
}

static int
ask_hits (sks_client *client, const sks_request *request, sks_result **out, sks_error *err)
{
    int rc = sks_client_ask (client, request, decode_result, out, err);
    if (rc == 0 && client->narrow)
        sks_layout_narrow (*out);
    return rc;
}

int
sks_client_search (sks_client *client, const sks_query *query, sks_result **out, sks_error *err)
{
    if (out)
        *out = NULL;
    int rc = sks_client_check (client, query, out, err);
    if (rc)
        return rc;
    sks_request request = { .op = SKS_OP_SEARCH, .query = sks_client_copy_query (query, SKS_OP_SEARCH) };
    client->narrow = query->version == SKS_LAYOUT_1;
    return ask_hits (client, &request, out, err);
}

int
sks_client_get (sks_client *client, const char *const *ids, size_t count, sks_result **out, sks_error *err)
{
    if (out)
        *out = NULL;
    int rc = sks_client_check (client, ids, out, err);
    if (rc)
        return rc;
    if (count < 1 || count > SKS_MAX_IDS)
        return sks_fail (err, SKS_ELIMIT, "1 to %d ids at a time", SKS_MAX_IDS);
    for (size_t i = 0; i < count; i++)
        if (!ids[i])
            return sks_fail (err, SKS_EINVALID, "an argument is NULL: ids[%zu]", i);
    sks_request request = { .op = SKS_OP_GET, .query = SKS_QUERY_INIT, .ids = ids, .id_count = count };
    return ask_hits (client, &request, out, err);
}

int
sks_client_ping (sks_client *client, uint64_t *took_us, sks_error *err)
{
    struct timespec before, after;
    sks_request request = { .op = SKS_OP_HEALTH, .query = SKS_QUERY_INIT };
    int rc = sks_client_check (client, &request, &request, err);
    if (rc)
        return rc;
    clock_gettime (CLOCK_MONOTONIC, &before);
    rc = sks_client_ask (client, &request, decode_status, NULL, err);
    clock_gettime (CLOCK_MONOTONIC, &after);
    if (took_us)
        *took_us =
            (uint64_t) (after.tv_sec - before.tv_sec) * 1000000 + (uint64_t) ((after.tv_nsec - before.tv_nsec) / 1000);
    return rc;
}

/* Copies the reply, with a NUL at its end. */
static int
copy_reply (const char *reply, size_t size, char **out, sks_error *err)
{
    sks_error refusal = { .at = -1 };
    int rc = sks_reply_decode_status (reply, size, &refusal);
    if (rc == SKS_EPROTOCOL || rc == SKS_ENOMEM)
        return sks_fail (err, rc, "%s", refusal.text);
    *out = malloc (size + 1);
    if (!*out)
        return sks_fail_memory (err);
    memcpy (*out, reply, size);
    (*out)[size] = '\0';
    return 0;
}

int
sks_client_call (sks_client *client, const char *request, char **reply, sks_error *err)
{
    if (reply)
        *reply = NULL;
    int rc = sks_client_check (client, request, reply, err);
    if (rc)
        return rc;
    const char *bytes;
    size_t size = strlen (request), got;
    if (size > SKS_MAX_REQUEST_BYTES)
        return sks_fail (err, SKS_ELIMIT, "the request has %zu bytes; at most %d", size, SKS_MAX_REQUEST_BYTES);
    const sks_call call = { .bytes = request,
                            .size = size,
                            .id = sks_identity_find (request, size),
                            .deadline = sks_deadline_after (client->timeout_ms),
                            .timeout_ms = client->timeout_ms };
    rc = sks_exchange_run (&client->exchange, &call, &bytes, &got, err);
    if (rc == 0)
        rc = copy_reply (bytes, got, reply, err);
    sks_exchange_forget (&client->exchange);
    return rc;
}

/* --------------------------------------------------------- without waiting */
static int
open_balancer (sks_client *client, sks_error *err)
{
    return client->balancer ? 0
                            : sks_balancer_open (&client->balancer, client->connection, client->exchange.spread, err);
}

/* Write the request with v and id in front of its own members.
 *   *ahead   see sks_call */
static int
frame_request (sks_client *client, const char *request, uint64_t id, long *ahead, sks_error *err)
{
    sks_buffer *out = &client->request;
    const char *start = request;
    request += strspn (request, " \t\r\n");
    if (*request != '{')
        return sks_fail (err, SKS_EINVALID, "a request is a JSON object");
    request++;
    request += strspn (request, " \t\r\n");
    sks_buffer_clear (out);
    sks_buffer_puts (out, "{\"v\":1,\"id\":\"");
    sks_buffer_number (out, id);
    sks_buffer_puts (out, *request == '}' ? "\"" : "\",");
    *ahead = (long) out->size - (request - start);
    sks_buffer_puts (out, request);
    return sks_buffer_status (out, err);
}

int
sks_client_send (sks_client *client, const char *request, uint32_t timeout_ms, uint64_t *ticket, sks_error *err)
{
    int rc = sks_client_check (client, request, ticket, err);
    uint64_t id = client ? client->requests + 1 : 0;
    long ahead = 0;
    if (rc == 0)
        rc = frame_request (client, request, id, &ahead, err);
    if (rc == 0)
        rc = open_balancer (client, err);
    if (rc == 0) {
        uint32_t wait_ms = timeout_ms ? timeout_ms : client->timeout_ms;
        const sks_call call = { .ticket = id,
                                .bytes = client->request.bytes,
                                .size = client->request.size,
                                .ahead = ahead,
                                .deadline = sks_deadline_after (wait_ms),
                                .timeout_ms = wait_ms };
        rc = sks_balancer_send (client->balancer, &call, err);
    }
    if (rc == 0)
        client->requests = *ticket = id;
    return rc;
}

int
sks_client_receive (sks_client *client, sks_reply **out, sks_error *err)
{
    if (out)
        *out = NULL;
    int rc = sks_client_check (client, client, out, err);
    if (rc == 0)
        rc = open_balancer (client, err);
    return rc ? rc : sks_balancer_receive (client->balancer, out, err);
}

void
sks_client_cancel (sks_client *client, uint64_t ticket)
{
    if (client && client->balancer && client->owner == getpid ())
        sks_balancer_cancel (client->balancer, ticket);
}

int
sks_client_fd (sks_client *client)
{
    if (sks_client_check (client, client, client, NULL) != 0 || open_balancer (client, NULL) != 0)
        return -1;
    return sks_balancer_fd (client->balancer);
}

int
sks_client_next_timeout (sks_client *client)
{
    return client && client->balancer ? sks_balancer_next_timeout (client->balancer) : -1;
}

void
sks_free (void *memory)
{
    free (memory);
}

const char *
sks_version (void)
{
    return SKS_VERSION;
}
