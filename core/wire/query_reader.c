/* query_reader.c - the members of a request that make up its query.
 *
 * Facet values are not interpreted here, except levels and zones, which every index shares. The engine parses the
 * query text. */
#include "core/base/schema.h"
#include "op.h"
#include "request_table.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Read an order; a "-" before it reverses it. */
int
sks_query_read_sort (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    sks_query *query = &d->request->query;
    const char *name = "";
    int rc = sks_tree_text (&d->tree, item, place, SKS_MAX_FILTER_VALUE_BYTES, &name);
    if (rc)
        return rc;
    query->reverse = *name == '-';
    query->sort = sks_schema_sort_of (name + query->reverse);
    if (query->sort == SKS_SORT_RELEVANCE && d->request->op == SKS_OP_SCAN)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "a scan does not rank its statements");
    return query->sort >= 0
               ? 0
               : sks_tree_refuse_choice (&d->tree, place, name, sks_schema_sort_name, ", or these with \"-\"");
}

int
sks_query_read_limit (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    const sks_page_bounds *bounds = sks_op_page (d->request->op);
    return sks_tree_uint (&d->tree, item, place, bounds->min, bounds->max, &d->request->query.limit);
}

/* Read a range of zones, {"min":2,"max":3}; a missing end is that of the scale. */
static int
read_zone_range (sks_decoder *d, const cJSON *item, const sks_place *place, sks_filter *filter)
{
    uint32_t min = 1, max = SKS_ZONES;
    int rc = 0;
    if (!item->child)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "min or max is needed");
    for (const cJSON *member = item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        bool low = strcmp (member->string, "min") == 0;
        if (!low && strcmp (member->string, "max") != 0)
            return sks_tree_refuse_member (&d->tree, &here);
        rc = sks_tree_uint (&d->tree, member, &here, 1, SKS_ZONES, low ? &min : &max);
    }
    if (rc == 0 && min > max)
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "min is above max");
    filter->min = (int) min;
    filter->max = (int) max;
    return rc;
}

static int
read_filter_values (sks_decoder *d, const cJSON *item, const sks_place *place, int facet)
{
    sks_filter *filter = &d->request->query.filter[facet];
    int rc = sks_tree_texts (&d->tree, item, place, SKS_MAX_FILTER_VALUES, SKS_MAX_FILTER_VALUE_BYTES, &filter->values,
                             &filter->count);
    if (rc || d->request->query.resolve) /* the engine reads labels */
        return rc;
    const char **codes = sks_arena_array (d->tree.memory, filter->count, sizeof *codes);
    if (!codes)
        return sks_fail_memory (d->tree.err);
    for (sks_place here = { place, NULL, 0 }; here.index < filter->count; here.index++) {
        char excerpt[SKS_EXCERPT_BYTES];
        const char *value = codes[here.index] = sks_schema_facet_code (facet, filter->values[here.index]);
        const char *refusal = sks_schema_facet_refusal (facet, value);
        if (refusal)
            return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &here, "no %s \"%s\"; %s", sks_facet_name (facet),
                                    sks_tree_excerpt (excerpt, value), refusal);
    }
    filter->values = codes;
    return 0;
}

int
sks_query_read_filter (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    int rc = sks_tree_object (&d->tree, item, place);
    for (const cJSON *member = rc ? NULL : item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        int facet = sks_schema_facet_of (member->string);
        if (facet < 0)
            rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &here, "no facet of this name");
        else if (facet == SKS_FACET_ZONE && cJSON_IsObject (member))
            rc = read_zone_range (d, member, &here, &d->request->query.filter[facet]);
        else
            rc = read_filter_values (d, member, &here, facet);
    }
    return rc;
}

static int
read_facet_name (sks_decoder *d, const cJSON *item, const sks_place *place, sks_facet_ask *ask)
{
    int rc = sks_tree_choice (&d->tree, item, place, sks_facet_name, &ask->facet);
    if (rc)
        return rc;
    const sks_query *query = &d->request->query;
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == ask->facet)
            return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "\"%s\" is requested twice",
                                    sks_facet_name (ask->facet));
    return 0;
}

static int
read_facet_members (sks_decoder *d, const cJSON *item, const sks_place *place, sks_facet_ask *ask)
{
    bool tree = false;
    int rc = 0;
    for (const cJSON *member = item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        if (strcmp (member->string, "name") == 0)
            rc = read_facet_name (d, member, &here, ask);
        else if (strcmp (member->string, "limit") == 0)
            rc = sks_tree_uint (&d->tree, member, &here, 1, SKS_MAX_FACET_LIMIT, &ask->limit);
        else if (strcmp (member->string, "find") == 0)
            rc = sks_tree_text (&d->tree, member, &here, SKS_MAX_FILTER_VALUE_BYTES, &ask->find);
        else if (strcmp (member->string, "tree") == 0)
            rc = sks_tree_flag (&d->tree, member, &here, &tree);
        else
            rc = sks_tree_refuse_member (&d->tree, &here);
    }
    if (ask->find && ask->find[strspn (ask->find, " ")] == '\0')
        ask->find = NULL;
    if (rc == 0 && ask->facet < 0)
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { place, "name", 0 }, "missing");
    if (rc == 0 && tree && ask->facet != SKS_FACET_OCCUPATION)
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { place, "tree", 0 },
                              "only occupations have a tree");
    ask->tree = tree;
    return rc;
}

/* Read a facet: its name alone, or an object. */
int
sks_query_read_facet (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    sks_query *query = &d->request->query;
    sks_facet_ask ask = { -1, SKS_DEFAULT_FACET_LIMIT, NULL, 0 };
    int rc;
    if (cJSON_IsString (item))
        rc = read_facet_name (d, item, place, &ask);
    else if (cJSON_IsObject (item))
        rc = read_facet_members (d, item, place, &ask);
    else
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "neither an object nor a facet's name");
    if (rc == 0)
        query->facets[query->facet_count++] = ask;
    return rc;
}

int
sks_query_read_facets (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    size_t count;
    int rc = sks_tree_list (&d->tree, item, place, SKS_FACETS, &count);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *facet = rc ? NULL : item->child; facet && rc == 0; facet = facet->next, here.index++)
        rc = sks_query_read_facet (d, facet, &here);
    return rc;
}

/* -------------------------------------------------------------- collapsing */

/* The facets by which hits can be collapsed; there is one so far. */
static const char *
collapse_name (int i)
{
    return i == 0 ? sks_facet_name (SKS_FACET_OCCUPATION) : NULL;
}

int
sks_query_read_collapse (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    uint32_t keep = 1;
    int by = -1;
    int rc = sks_tree_object (&d->tree, item, place);
    for (const cJSON *member = rc ? NULL : item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        if (strcmp (member->string, "by") == 0)
            rc = sks_tree_choice (&d->tree, member, &here, collapse_name, &by);
        else if (strcmp (member->string, "keep") == 0)
            rc = sks_tree_uint (&d->tree, member, &here, 1, SKS_MAX_COLLAPSE, &keep);
        else
            rc = sks_tree_refuse_member (&d->tree, &here);
    }
    if (rc == 0 && by < 0)
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { place, "by", 0 }, "missing");
    d->request->query.collapse = keep;
    return rc;
}
