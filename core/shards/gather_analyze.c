/* gather_analyze.c - how a query is read; the shards count the statements of its words. */
#include "gather.h"

#include "core/base/result.h"
#include "core/engine/operations.h"
#include "gather_link.h"
#include "gather_step.h"

static int
count_node (sks_search *a, sks_node *node, uint64_t *count)
{
    sks_gathering *s = (sks_gathering *) ((char *) a - offsetof (sks_gathering, a));
    sks_shards_query *query;
    int code = sks_ask_match (&s->g->ask, &a->m, node, SKS_AMOUNT_ALL, &query);
    return code ? code : sks_ask_count (&s->g->ask, &a->m, query, count);
}

static int
analyze (sks_gather *g, const sks_query *query, sks_arena *arena, sks_analysis *out, sks_error *err)
{
    sks_gathering s;
    sks_gather_begin (&s, g, query, err);
    s.a.count_node = count_node;
    int code = s.a.result ? sks_gather_match (&s) : sks_fail_memory (err);
    if (!code)
        code = sks_analyze_search (&s.a, arena, out);
    sks_shards_clear (g->shards);
    sks_result_destroy (&s.a.result);
    return code;
}

int
sks_gather_analyze (sks_gather *g, const char *text, int match, sks_arena *arena, sks_analysis *out, sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    int code;
    query.text = text;
    query.match = match;
    *out = (sks_analysis) { 0 };
    if (match == SKS_MATCH_MEANING)
        return sks_fail (err, SKS_EUNSUPPORTED, "/match: an index in shards does not match by meaning");
    sks_gather_begin_request (g);
    do {
        code = sks_gather_connect (g, false, err);
        if (!code)
            code = analyze (g, &query, arena, out, err);
    } while (sks_gather_again (g, false, &code, err));
    return code;
}
