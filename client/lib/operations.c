/* operations.c - the calls of the library for the operations other than search and get: arguments -> request, reply
 * -> answer. */
#include "client.h"

#include <string.h>

#define DECODER(name)                                                                                                  \
    static int decode_##name (void *out, const char *bytes, size_t size, sks_error *err)                               \
    {                                                                                                                  \
        return sks_reply_decode_##name (out, bytes, size, err);                                                        \
    }
DECODER (result)
DECODER (comparison)
DECODER (crosswalk)
DECODER (record)
DECODER (mapping)
DECODER (completions)
DECODER (analysis)
DECODER (hello)
DECODER (health)
DECODER (stats)

/* Empty *out, check the arguments, send the request. */
#define ASK(argument, decode)                                                                                          \
    do {                                                                                                               \
        if (out)                                                                                                       \
            *out = NULL;                                                                                               \
        int rc = sks_client_check (client, argument, out, err);                                                        \
        return rc ? rc : sks_client_ask (client, &request, decode, out, err);                                          \
    } while (0)

int
sks_client_similar (sks_client *client, const char *statement, unsigned exclude, const sks_query *query,
                    sks_result **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_SIMILAR,
                            .query = sks_client_copy_query (query, SKS_OP_SIMILAR),
                            .statement = statement,
                            .exclude = exclude };
    ASK (statement, decode_result);
}

int
sks_client_compare (sks_client *client, const char *soc, const char *duty, const sks_query *query, sks_comparison **out,
                    sks_error *err)
{
    sks_request request = { .op = SKS_OP_COMPARE,
                            .query = sks_client_copy_query (query, SKS_OP_COMPARE),
                            .occupations = { soc },
                            .duty = duty };
    ASK (soc, decode_comparison);
}

int
sks_client_crosswalk (sks_client *client, const char *left, const char *right, int level, const sks_query *query,
                      sks_crosswalk **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_CROSSWALK,
                            .query = sks_client_copy_query (query, SKS_OP_CROSSWALK),
                            .level = level,
                            .occupations = { left, right } };
    if (level >= SKS_LEVELS) {
        if (out)
            *out = NULL;
        return sks_fail (err, SKS_EINVALID, "level is not one of enum sks_level");
    }
    ASK (left ? right : NULL, decode_crosswalk);
}

int
sks_client_occupation (sks_client *client, const char *soc, sks_record **out, sks_error *err)
{
    return sks_client_occupation_with (client, soc, NULL, out, err);
}

int
sks_client_occupation_with (sks_client *client, const char *soc, const sks_query *query, sks_record **out,
                            sks_error *err)
{
    sks_request request = { .op = SKS_OP_OCCUPATION,
                            .query = sks_client_copy_query (query, SKS_OP_OCCUPATION),
                            .occupations = { soc } };
    ASK (soc, decode_record);
}

int
sks_client_map (sks_client *client, const char *text, const sks_query *query, sks_mapping **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_MAP, .query = sks_client_copy_query (query, SKS_OP_MAP), .text = text };
    sks_mapping *mapping = NULL;
    if (!out)
        return sks_client_check (client, text, out, err);
    *out = NULL;
    int rc = sks_client_check (client, text, out, err);
    if (rc == 0)
        rc = sks_client_ask (client, &request, decode_mapping, &mapping, err);
    if (rc)
        return rc;
    /* A place in another unit is never greater than the number of bytes. */
    size_t count = mapping->sentence_count;
    if (count > 0 && mapping->sentences[count - 1].end > strlen (text)) {
        sks_mapping_destroy (&mapping);
        return sks_fail (err, SKS_EPROTOCOL, "/sentences/%zu/end: beyond the text", count - 1);
    }
    *out = mapping;
    return 0;
}

int
sks_client_suggest (sks_client *client, const char *text, uint32_t limit, sks_completions **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_SUGGEST, .query = SKS_QUERY_INIT, .text = text };
    request.query.limit = limit ? limit : SKS_DEFAULT_SUGGESTIONS;
    ASK (text, decode_completions);
}

int
sks_client_facet_values (sks_client *client, const sks_query *query, sks_result **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_FACET_VALUES, .query = sks_client_copy_query (query, SKS_OP_FACET_VALUES) };
    if (query && request.query.facet_count != 1) {
        if (out)
            *out = NULL;
        return sks_fail (err, SKS_EINVALID, "sks_query.facet_count is not 1");
    }
    ASK (query, decode_result);
}

int
sks_client_analyze (sks_client *client, const sks_query *query, sks_analysis **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_ANALYZE, .query = sks_client_copy_query (query, SKS_OP_ANALYZE) };
    ASK (query, decode_analysis);
}

int
sks_client_scan (sks_client *client, const sks_query *query, const char *cursor, sks_result **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_SCAN, .query = sks_client_copy_query (query, SKS_OP_SCAN), .cursor = cursor };
    ASK (&request, decode_result);
}

/* ------------------------------------------------------------------ multi */
struct searches {
    sks_result **results;
    sks_error *errors;
    size_t count;
};

static int
decode_searches (void *out, const char *bytes, size_t size, sks_error *err)
{
    const struct searches *searches = out;
    return sks_reply_decode_multi (searches->results, searches->errors, searches->count, bytes, size, err);
}

int
sks_client_multi_search (sks_client *client, const sks_query *queries, size_t count, sks_result **results,
                         sks_error *errors, sks_error *err)
{
    sks_request parts[SKS_MAX_MULTI] = { { 0 } }, *requests[SKS_MAX_MULTI];
    sks_request request = { .op = SKS_OP_MULTI, .query = SKS_QUERY_INIT, .requests = requests, .request_count = count };
    struct searches searches = { results, errors, count };
    int rc = sks_client_check (client, queries, results, err);
    if (rc == 0 && (count < 1 || count > SKS_MAX_MULTI))
        rc = sks_fail (err, SKS_ELIMIT, "1 to %d searches at a time", SKS_MAX_MULTI);
    if (rc)
        return rc;
    for (size_t i = 0; i < count; i++) {
        parts[i] = (sks_request) { .op = SKS_OP_SEARCH, .query = sks_client_copy_query (&queries[i], SKS_OP_SEARCH) };
        requests[i] = &parts[i];
        results[i] = NULL;
    }
    request.deadline_ms = parts[0].query.deadline_ms;
    return sks_client_ask (client, &request, decode_searches, &searches, err);
}

/* ------------------------------------------------------------- the daemon */
int
sks_client_hello (sks_client *client, sks_hello **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_HELLO, .query = SKS_QUERY_INIT };
    ASK (&request, decode_hello);
}

int
sks_client_health (sks_client *client, sks_health **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_HEALTH, .query = SKS_QUERY_INIT };
    ASK (&request, decode_health);
}

int
sks_client_stats (sks_client *client, sks_daemon_stats **out, sks_error *err)
{
    sks_request request = { .op = SKS_OP_STATS, .query = SKS_QUERY_INIT };
    ASK (&request, decode_stats);
}
