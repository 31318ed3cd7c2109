/* answer.c - one function per operation, found by a table.
 *
 * Each calls the engine and writes the result with the wire. A multi does this for each of its requests: a failed one
 * becomes a refusal inside the reply, and the others are answered. */
#include "answer.h"

#include "core/engine/operations.h"
#include "reply.h"

typedef int answer_op (sks_answerer *answerer, const sks_request *request, sks_error *err);

/* ---------------------------------------------------------------- results */

/* Takes ownership of result. */
static int
encode (sks_answerer *answerer, const sks_request *request, sks_result *result, sks_error *err)
{
    int code = sks_reply_encode_result (answerer->reply, request, result, err);
    answerer->partial = result->shards_answered < result->shards_asked;
    sks_result_destroy (&result);
    return code;
}

static int
search (sks_answerer *answerer, const sks_query *query, sks_result **out, sks_error *err)
{
    return answerer->gather ? sks_gather_search (answerer->gather, query, out, err)
                            : sks_searcher_search (answerer->searcher, query, out, err);
}

static int
answer_search (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_result *result;
    int code = search (answerer, &request->query, &result, err);
    return code ? code : encode (answerer, request, result, err);
}

static int
answer_get (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_result *result;
    sks_searcher *searcher = answerer->searcher;
    int code = answerer->gather
                   ? sks_gather_statements (answerer->gather, request->ids, request->id_count, &searcher, err)
                   : 0;
    if (!code)
        code = sks_searcher_get (searcher, request->ids, request->id_count, &result, err);
    return code ? code : encode (answerer, request, result, err);
}

static int
answer_similar (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_result *result;
    int code = answerer->gather ? sks_gather_similar (answerer->gather, request->statement, request->exclude,
                                                      &request->query, &result, err)
                                : sks_searcher_similar (answerer->searcher, request->statement, request->exclude,
                                                        &request->query, &result, err);
    return code ? code : encode (answerer, request, result, err);
}

/* Run a search whose reply has only the requested facet. */
static int
answer_facet_values (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_result *result;
    sks_query query = request->query;
    query.limit = 0;
    int code = search (answerer, &query, &result, err);
    return code ? code : encode (answerer, request, result, err);
}

static int
answer_scan (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_result *result;
    int code = answerer->gather
                   ? sks_gather_scan (answerer->gather, &request->query, request->cursor, &result, err)
                   : sks_searcher_scan (answerer->searcher, &request->query, request->cursor, &result, err);
    return code ? code : encode (answerer, request, result, err);
}

/* ---------------------------------------------------------- other answers */

static uint64_t
generation_number (const sks_answerer *answerer)
{
    return sks_generation_number (sks_searcher_generation (answerer->searcher));
}

static sks_answered
answered_since (const sks_answerer *answerer, uint64_t begun_us)
{
    return (sks_answered) { generation_number (answerer), sks_clock_us () - begun_us };
}

/* Find the SOC code of an occupation in the request, which may be given as a title. */
static int
read_occupation (sks_answerer *answerer, const sks_request *request, size_t i, const char **soc, sks_error *err)
{
    *soc = request->occupations[i];
    return request->query.resolve ? sks_searcher_occupation_code (answerer->searcher, *soc, answerer->memory, soc, err)
                                  : 0;
}

/* Find the codes of the first `count` occupations, and a searcher that has all statements of these. */
static int
find_occupations (sks_answerer *answerer, const sks_request *request, const char **codes, size_t count,
                  sks_searcher **out, sks_error *err)
{
    int code = 0;
    *out = answerer->searcher;
    for (size_t i = 0; !code && i < count; i++)
        code = read_occupation (answerer, request, i, &codes[i], err);
    return code || !answerer->gather ? code : sks_gather_occupations (answerer->gather, codes, count, out, err);
}

static int
answer_compare (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_comparison comparison;
    uint64_t begun_us = sks_clock_us ();
    const char *soc;
    sks_searcher *searcher;
    int code = find_occupations (answerer, request, &soc, 1, &searcher, err);
    if (!code)
        code = sks_searcher_compare (searcher, soc, request->duty, &request->query, answerer->memory, &comparison, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_comparison (answerer->reply, request, &comparison, &answered, err);
}

static int
answer_crosswalk (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_crosswalk crosswalk;
    uint64_t begun_us = sks_clock_us ();
    const char *sides[2];
    sks_searcher *searcher;
    int code = find_occupations (answerer, request, sides, 2, &searcher, err);
    if (!code)
        code = sks_searcher_crosswalk (searcher, sides[0], sides[1], request->level, &request->query, answerer->memory,
                                       &crosswalk, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_crosswalk (answerer->reply, request, &crosswalk, &answered, err);
}

static int
answer_map (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_mapping mapping;
    uint64_t begun_us = sks_clock_us ();
    int code = sks_searcher_map (answerer->searcher, request->text, &request->query, answerer->memory, &mapping, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_mapping (answerer->reply, request, &mapping, &answered, err);
}

static int
answer_suggest (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_completions completions;
    uint64_t begun_us = sks_clock_us ();
    int code = sks_searcher_suggest (answerer->searcher, request->text, request->query.limit, answerer->memory,
                                     &completions, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_completions (answerer->reply, request, &completions, &answered, err);
}

static int
answer_analyze (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_analysis analysis;
    uint64_t begun_us = sks_clock_us ();
    const char *text = request->query.text ? request->query.text : "";
    int match = request->query.match;
    int code = answerer->gather
                   ? sks_gather_analyze (answerer->gather, text, match, answerer->memory, &analysis, err)
                   : sks_searcher_analyze (answerer->searcher, text, match, answerer->memory, &analysis, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_analysis (answerer->reply, request, &analysis, &answered, err);
}

static int
answer_occupation (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_record record;
    uint64_t begun_us = sks_clock_us ();
    const char *soc;
    sks_searcher *searcher;
    int code = find_occupations (answerer, request, &soc, 1, &searcher, err);
    if (!code)
        code = sks_searcher_occupation (searcher, soc, request->heading, answerer->memory, &record, err);
    if (code)
        return code;
    sks_answered answered = answered_since (answerer, begun_us);
    return sks_reply_encode_record (answerer->reply, request, &record, &answered, err);
}

static int
answer_status (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    return sks_reply_status (answerer->reply, request, answerer->counters, err);
}

/* ------------------------------------------------------------------ multi */

/* Whether the work ended because its time was over: the reply is useless, but a refusal can still be written. */
static bool
is_cut (int code)
{
    return code == SKS_EDEADLINE || code == SKS_ESHUTTINGDOWN;
}

/* The reply to one request of a multi, possibly a refusal. It fails only when the
 * whole reply is too large. */
static int
answer_part (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_error cause;
    size_t before = answerer->reply->size;
    int code = sks_answer (answerer, request, &cause);
    if (is_cut (code))
        answerer->reply->failed = 0;
    if (code && !answerer->reply->failed) {
        answerer->reply->size = before;
        sks_reply_refuse_within (answerer->reply, request, answerer->client, &cause);
    }
    return sks_buffer_status (answerer->reply, err);
}

static int
answer_multi (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    uint64_t begun_us = sks_clock_us ();
    int code = 0;
    sks_reply_open_multi (answerer->reply, request, generation_number (answerer));
    for (size_t i = 0; i < request->request_count && code == 0; i++)
        code = answer_part (answerer, request->requests[i], err);
    return code ? code : sks_reply_close_multi (answerer->reply, sks_clock_us () - begun_us, err);
}

/* What an index in shards answers. The others read statements of the whole index. */
static const bool in_shards[SKS_OPS] = {
    [SKS_OP_SEARCH] = true,  [SKS_OP_GET] = true,        [SKS_OP_HELLO] = true,     [SKS_OP_STATS] = true,
    [SKS_OP_HEALTH] = true,  [SKS_OP_COMPARE] = true,    [SKS_OP_CROSSWALK] = true, [SKS_OP_FACET_VALUES] = true,
    [SKS_OP_MULTI] = true,   [SKS_OP_OCCUPATION] = true, [SKS_OP_SCAN] = true,      [SKS_OP_SIMILAR] = true,
    [SKS_OP_ANALYZE] = true, [SKS_OP_SUGGEST] = true,
};

static answer_op *const answers[SKS_OPS] = {
    [SKS_OP_SEARCH] = answer_search,
    [SKS_OP_GET] = answer_get,
    [SKS_OP_HELLO] = answer_status,
    [SKS_OP_STATS] = answer_status,
    [SKS_OP_HEALTH] = answer_status,
    [SKS_OP_SIMILAR] = answer_similar,
    [SKS_OP_COMPARE] = answer_compare,
    [SKS_OP_CROSSWALK] = answer_crosswalk,
    [SKS_OP_MAP] = answer_map,
    [SKS_OP_SUGGEST] = answer_suggest,
    [SKS_OP_FACET_VALUES] = answer_facet_values,
    [SKS_OP_ANALYZE] = answer_analyze,
    [SKS_OP_SCAN] = answer_scan,
    [SKS_OP_OCCUPATION] = answer_occupation,
    [SKS_OP_MULTI] = answer_multi,
};

/* Answer, or take the reply to an equal request. What was cut and partial answers are not kept; what exceeded its quota
 * is answered again, and counted then. */
static int
answer_or_find (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_results *results = answerer->results;
    const sks_budget *budget = sks_searcher_budget (answerer->searcher);
    sks_buffer *reply = answerer->reply;
    size_t before = reply->size;
    uint64_t begun_us = results ? sks_clock_us () : 0;
    if (!results || !sks_results_begin (results, request))
        return answers[request->op](answerer, request, err);
    if (sks_results_find (results, request, reply))
        return sks_reply_close_kept (reply, sks_clock_us () - begun_us, err);
    answerer->partial = false;
    int code = answers[request->op](answerer, request, err);
    if (!budget->over)
        sks_counters_add (&answerer->counters->results_misses);
    if (!code && !reply->failed && !budget->cut && !answerer->partial)
        sks_results_keep (results, reply->bytes + before, reply->size - before);
    return code;
}

int
sks_answer (sks_answerer *answerer, const sks_request *request, sks_error *err)
{
    sks_budget *budget = sks_searcher_budget (answerer->searcher);
    bool whole = request->op != SKS_OP_MULTI; /* the parts of a multi are refused one by one */
    if (whole && sks_budget_look (budget))
        return sks_budget_status (budget, err);
    if (answerer->gather && !in_shards[request->op])
        return sks_fail (err, SKS_EUNSUPPORTED, "an index in shards does not answer %s", sks_op_name (request->op));
    sks_arena_clear (answerer->memory);
    answerer->reply->budget = whole ? budget : NULL;
    int code = answer_or_find (answerer, request, err);
    answerer->reply->budget = NULL;
    if (code == SKS_ELIMIT && answerer->reply->failed == SKS_ELIMIT)
        return sks_fail (err, SKS_ELIMIT, "the reply would have more than %d bytes; request less", SKS_MAX_REPLY_BYTES);
    return code;
}
