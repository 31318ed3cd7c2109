/* request.c - builds requests with cJSON, which escapes their strings. */
#include "request.h"

#include <cjson/cJSON.h>

#define PAGE 50         /* statements per request: more than a window shows */
#define FACET_VALUES 30 /* more than sector, group, level or zone has */
#define OCCUPATIONS 15
#define VERSIONS 5

static char *
finish (cJSON *request)
{
    char *text = cJSON_PrintUnformatted (request);
    cJSON_Delete (request);
    return text;
}

static cJSON *
begin (const char *op)
{
    cJSON *request = cJSON_CreateObject ();
    cJSON_AddStringToObject (request, "op", op);
    return request;
}

static void
add_filter (cJSON *request, const browse_choices *choices)
{
    cJSON *filter = cJSON_AddObjectToObject (request, "filter");
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        cJSON *list = NULL;
        for (size_t i = 0; i < choices->count; i++) {
            if (choices->items[i].facet != facet)
                continue;
            if (!list)
                list = cJSON_AddArrayToObject (filter, sks_facet_name (facet));
            cJSON_AddItemToArray (list, cJSON_CreateString (choices->items[i].value));
        }
    }
}

static void
add_facet (cJSON *list, int facet, int limit)
{
    cJSON *item = cJSON_CreateObject ();
    cJSON_AddStringToObject (item, "name", sks_facet_name (facet));
    cJSON_AddNumberToObject (item, "limit", limit);
    cJSON_AddItemToArray (list, item);
}

static cJSON *
begin_query (const char *op, const browse_question *question)
{
    static const char *const matches[] = { "auto", "all", "any", "meaning" };
    static const char *const orders[][2] = { [SKS_SORT_LEVEL] = { "level", "-level" },
                                             [SKS_SORT_OCCUPATION] = { "occupation", "-occupation" },
                                             [SKS_SORT_ID] = { "id", "-id" } };
    cJSON *request = begin (op);
    cJSON_AddStringToObject (request, "q", question->text);
    cJSON_AddStringToObject (request, "match", matches[question->match]);
    if (question->sort != SKS_SORT_RELEVANCE)
        cJSON_AddStringToObject (request, "sort", orders[question->sort][question->reverse]);
    if (question->plain)
        cJSON_AddBoolToObject (request, "meaning", false);
    cJSON_AddBoolToObject (request, "resolve", true); /* values of the command line may be labels */
    add_filter (request, question->choices);
    return request;
}

char *
browse_request_search (const browse_question *question, uint32_t offset)
{
    cJSON *request = begin_query ("search", question);
    if (question->sort == SKS_SORT_RELEVANCE && question->reverse)
        cJSON_AddStringToObject (request, "sort", "-relevance");
    cJSON_AddNumberToObject (request, "limit", PAGE);
    cJSON_AddNumberToObject (request, "offset", offset);
    if (offset == 0) {
        cJSON *facets = cJSON_AddArrayToObject (request, "facets");
        add_facet (facets, SKS_FACET_LEVEL, FACET_VALUES);
        add_facet (facets, SKS_FACET_GROUP, FACET_VALUES);
        add_facet (facets, SKS_FACET_SECTOR, FACET_VALUES);
        add_facet (facets, SKS_FACET_OCCUPATION, OCCUPATIONS);
        add_facet (facets, SKS_FACET_ZONE, FACET_VALUES);
        add_facet (facets, SKS_FACET_VERSION, VERSIONS);
    }
    return finish (request);
}

char *
browse_request_scan (const browse_question *question, const char *cursor)
{
    cJSON *request = begin_query ("scan", question);
    cJSON_AddNumberToObject (request, "limit", SKS_MAX_SCAN);
    if (cursor)
        cJSON_AddStringToObject (request, "cursor", cursor);
    return finish (request);
}

char *
browse_request_similar (const char *id, bool others)
{
    cJSON *request = begin ("similar");
    cJSON_AddStringToObject (request, "statement", id);
    cJSON_AddNumberToObject (request, "limit", PAGE);
    if (others)
        cJSON_AddItemToArray (cJSON_AddArrayToObject (request, "exclude"), cJSON_CreateString ("occupation"));
    return finish (request);
}

char *
browse_request_compare (const char *soc)
{
    cJSON *request = begin ("compare");
    cJSON_AddStringToObject (request, "occupation", soc);
    return finish (request);
}

char *
browse_request_crosswalk (const char *left, const char *right)
{
    cJSON *request = begin ("crosswalk");
    cJSON *list = cJSON_AddArrayToObject (request, "occupations");
    cJSON_AddItemToArray (list, cJSON_CreateString (left));
    cJSON_AddItemToArray (list, cJSON_CreateString (right));
    return finish (request);
}
