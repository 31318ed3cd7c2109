/* request_table.c - the table of members. */
#include "request_table.h"

#include "core/base/schema.h"

#include <stddef.h>
#include <string.h>

/* Above the length of any statement id and SOC code. A shorter text that is not one is reported as missing or not
 * found. */
#define SHORT_BYTES SKS_MAX_FILTER_VALUE_BYTES
#define MAX_WANTS 8

#define FOR(op) (1u << SKS_OP_##op)
#define FOR_ALL ((1u << SKS_OPS) - 1)
#define FOR_QUERY (FOR (SEARCH) | FOR (FACET_VALUES) | FOR (SCAN))
#define FOR_MEANING (FOR_QUERY | FOR (SIMILAR) | FOR (MAP) | FOR (COMPARE) | FOR (CROSSWALK))
#define FOR_MARKED (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (SCAN))
#define FOR_PARTIAL (FOR (SEARCH) | FOR (FACET_VALUES))
#define FOR_LIMIT (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (SUGGEST) | FOR (SCAN))

#define AT(member) .offset = offsetof (sks_request, member)

static const char *
want_name (int i)
{
    return sks_schema_want_name (1u << i);
}

/* The name of bit i of sks_request.exclude. */
static const char *
exclusion_name (int i)
{
    return i == 0 ? sks_facet_name (SKS_FACET_OCCUPATION) : i == 1 ? sks_facet_name (SKS_FACET_LEVEL) : NULL;
}

static const sks_request_member members[] = {
    { .name = "v", .operations = FOR_ALL, .kind = SKS_REQUEST_HEAD },
    { .name = "id", .operations = FOR_ALL, .kind = SKS_REQUEST_HEAD },
    { .name = "op", .operations = FOR_ALL, .kind = SKS_REQUEST_HEAD },
    { .name = "units", .operations = FOR_ALL, .kind = SKS_REQUEST_HEAD },
    { "ids", FOR (GET), FOR (GET), SKS_REQUEST_TEXTS, AT (ids), .count_offset = offsetof (sks_request, id_count),
      .max = SKS_MAX_IDS, .limit = SHORT_BYTES, .what = "at least 1 id is needed" },
    { "statement", FOR (SIMILAR), FOR (SIMILAR), SKS_REQUEST_TEXT, AT (statement), .limit = SHORT_BYTES },
    { "exclude", FOR (SIMILAR), 0, SKS_REQUEST_BITS, AT (exclude), .max = 2, .name_of = exclusion_name },
    { "occupation", FOR (COMPARE) | FOR (OCCUPATION), FOR (COMPARE) | FOR (OCCUPATION), SKS_REQUEST_TEXT,
      AT (occupations[0]), .limit = SHORT_BYTES },
    { "statements", FOR (OCCUPATION), 0, SKS_REQUEST_FLAG, AT (heading), .usual = true },
    { "duty", FOR (COMPARE), 0, SKS_REQUEST_TEXT, AT (duty), .limit = SHORT_BYTES },
    { "occupations", FOR (CROSSWALK), FOR (CROSSWALK), SKS_REQUEST_PAIR, AT (occupations), .limit = SHORT_BYTES,
      .what = "two SOC codes are needed" },
    { "level", FOR (CROSSWALK), 0, SKS_REQUEST_NAME, AT (level), .name_of = sks_level_name, .usual = -1 },
    { "text", FOR (MAP), FOR (MAP), SKS_REQUEST_TEXT, AT (text), .limit = SKS_MAX_MAP_BYTES },
    { "text", FOR (SUGGEST), FOR (SUGGEST), SKS_REQUEST_TEXT, AT (text), .limit = SKS_MAX_QUERY_BYTES },
    { "q", FOR_QUERY | FOR (ANALYZE), 0, SKS_REQUEST_TEXT, AT (query.text), .limit = SKS_MAX_QUERY_BYTES },
    { "match", FOR_QUERY | FOR (ANALYZE), 0, SKS_REQUEST_NAME, AT (query.match), .name_of = sks_schema_match_name },
    { "meaning", FOR_MEANING, 0, SKS_REQUEST_FLAG, AT (query.plain), .usual = true },
    { "resolve", FOR_QUERY | FOR (SIMILAR) | FOR (MAP) | FOR (COMPARE) | FOR (CROSSWALK) | FOR (OCCUPATION), 0,
      SKS_REQUEST_FLAG, AT (query.resolve) },
    { "partial", FOR_PARTIAL, 0, SKS_REQUEST_FLAG, AT (query.partial) },
    { "filter", FOR_QUERY | FOR (SIMILAR) | FOR (MAP), 0, SKS_REQUEST_OTHER, AT (query.filter),
      .read = sks_query_read_filter, .put = sks_query_put_filter },
    { "facets", FOR (SEARCH), 0, SKS_REQUEST_OTHER, AT (query.facets), .read = sks_query_read_facets,
      .put = sks_query_put_facets },
    { "facet", FOR (FACET_VALUES), FOR (FACET_VALUES), SKS_REQUEST_OTHER, AT (query.facets),
      .read = sks_query_read_facet, .put = sks_query_put_facet },
    { "collapse", FOR (SEARCH), 0, SKS_REQUEST_OTHER, AT (query.collapse), .read = sks_query_read_collapse,
      .put = sks_query_put_collapse },
    { "sort", FOR (SEARCH) | FOR (SCAN), 0, SKS_REQUEST_OTHER, AT (query.sort), .read = sks_query_read_sort,
      .put = sks_query_put_sort },
    { "offset", FOR (SEARCH), 0, SKS_REQUEST_NUMBER, AT (query.offset), .limit = SKS_MAX_WINDOW },
    { "cursor", FOR (SCAN), 0, SKS_REQUEST_TEXT, AT (cursor), .limit = SHORT_BYTES },
    { "limit", FOR_LIMIT, 0, SKS_REQUEST_OTHER, AT (query.limit), .read = sks_query_read_limit,
      .put = sks_query_put_limit },
    { "want", FOR_MARKED, 0, SKS_REQUEST_BITS, AT (query.want), .max = MAX_WANTS, .name_of = want_name },
    { "tags", FOR_MARKED, 0, SKS_REQUEST_PAIR, AT (query.tag_open), .limit = SKS_MAX_TAG_BYTES,
      .what = "two tags are needed, one to open and one to close", .put = sks_query_put_tags },
    { "escape", FOR_MARKED, 0, SKS_REQUEST_NAME, AT (query.escape), .name_of = sks_schema_escape_name },
    { "requests", FOR (MULTI), FOR (MULTI), SKS_REQUEST_REQUESTS, AT (requests) },
    { "deadline_ms", FOR_ALL, 0, SKS_REQUEST_DEADLINE, AT (deadline_ms) },
};

_Static_assert(offsetof (sks_query, tag_close) == offsetof (sks_query, tag_open) + sizeof (char *), "tags are a pair");

const sks_request_member *
sks_request_member_of (const char *name, int op, bool *known)
{
    *known = false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp (members[i].name, name) != 0)
            continue;
        if (members[i].operations & 1u << op)
            return &members[i];
        *known = true;
    }
    return NULL;
}

const sks_request_member *
sks_request_member_at (size_t i)
{
    return i < sizeof members / sizeof *members ? &members[i] : NULL;
}

bool
sks_request_has_query (int op)
{
    const size_t first = offsetof (sks_request, query), end = first + sizeof (sks_query);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].operations & 1u << op && members[i].offset >= first && members[i].offset < end)
            return true;
    return false;
}
