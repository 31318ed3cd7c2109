/* wire_request_reader.c - bytes -> request, and the life of a request.
 *
 * One table says which members there are, which operations take them and who
 * reads them; a member that is not in it is refused. Reading needs the
 * operation first, so "v", "id" and "op" are looked up before the walk over the
 * rest. Facet values stay opaque here but for levels and zones, which every
 * index shares. */
#include "schema.h"
#include "wire.h"
#include "wire_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define REQUEST_MEMBERS 64 /* names in one object; no request has nearly as many */
#define ID_BYTES SKS_MAX_FILTER_VALUE_BYTES /* over any statement id: one that is no id is "missing" */
#define MOST_WANTS 8

#define COUNT(table) (sizeof (table) / sizeof *(table))

static const char *const op_names[SKS_OPS] = { "search", "get", "hello", "stats", "health" };

const char *
sks_op_name (int op)
{
    return op >= 0 && op < SKS_OPS ? op_names[op] : NULL;
}

/* ---------------------------------------------------------------- reading */

struct decoder {
    sks_tree tree;
    sks_request *request;
};

static int
read_q (struct decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_text (&d->tree, item, place, SKS_MAX_QUERY_BYTES, &d->request->query.text);
}

/* A string that must be one of a table's names, found by `of`. */
static int
read_choice (struct decoder *d, const cJSON *item, const sks_place *place, int (*of) (const char *),
             const char *choices, int *out)
{
    const char *name;
    char excerpt[SKS_EXCERPT_BYTES];
    int rc = sks_wire_text (&d->tree, item, place, SKS_MAX_FILTER_VALUE_BYTES, &name);
    if (rc)
        return rc;
    *out = of (name);
    return *out >= 0 ? 0
                     : sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "\"%s\" is not one of %s",
                                        sks_wire_excerpt (excerpt, name), choices);
}

static int
read_match (struct decoder *d, const cJSON *item, const sks_place *place)
{
    return read_choice (d, item, place, sks_match_of, "auto, all, any", &d->request->query.match);
}

/* sks_sort_of with "-" for the other way round; bit 8 keeps the sign. */
#define REVERSED 0x100

static int
signed_sort_of (const char *name)
{
    int sort = sks_sort_of (*name == '-' ? name + 1 : name);
    return sort >= 0 && *name == '-' ? sort | REVERSED : sort;
}

static int
read_sort (struct decoder *d, const cJSON *item, const sks_place *place)
{
    int sort;
    int rc = read_choice (d, item, place, signed_sort_of,
                          "relevance, level, occupation, id, or these with \"-\"", &sort);
    if (rc)
        return rc;
    d->request->query.sort = sort & ~REVERSED;
    d->request->query.reverse = (sort & REVERSED) != 0;
    return 0;
}

static int
read_uint (struct decoder *d, const cJSON *item, const sks_place *place, uint64_t least, uint64_t most,
           uint32_t *out)
{
    uint64_t value;
    int rc = sks_wire_whole (&d->tree, item, place, least, most, &value);
    if (rc == 0)
        *out = (uint32_t) value;
    return rc;
}

static int
read_offset (struct decoder *d, const cJSON *item, const sks_place *place)
{
    return read_uint (d, item, place, 0, SKS_MAX_WINDOW, &d->request->query.offset);
}

static int
read_limit (struct decoder *d, const cJSON *item, const sks_place *place)
{
    return read_uint (d, item, place, 0, SKS_MAX_LIMIT, &d->request->query.limit);
}

static int
read_deadline (struct decoder *d, const cJSON *item, const sks_place *place)
{
    int rc = read_uint (d, item, place, 0, SKS_MAX_DEADLINE_MS, &d->request->deadline_ms);
    d->request->query.deadline_ms = d->request->deadline_ms;
    return rc;
}

static int
read_want (struct decoder *d, const cJSON *item, const sks_place *place)
{
    const char *const *names;
    size_t count;
    int rc = sks_wire_texts (&d->tree, item, place, MOST_WANTS, SKS_MAX_FILTER_VALUE_BYTES, &names, &count);
    if (rc)
        return rc;
    for (sks_place here = { place, NULL, 0 }; here.index < count; here.index++) {
        char excerpt[SKS_EXCERPT_BYTES];
        unsigned bit = sks_want_of (names[here.index]);
        if (!bit)
            return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "\"%s\" is not one of marked, explain",
                                    sks_wire_excerpt (excerpt, names[here.index]));
        d->request->query.want |= bit;
    }
    return 0;
}

static int
read_tags (struct decoder *d, const cJSON *item, const sks_place *place)
{
    const char *const *tags;
    size_t count;
    int rc = sks_wire_texts (&d->tree, item, place, 2, SKS_MAX_TAG_BYTES, &tags, &count);
    if (rc)
        return rc;
    if (count != 2)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place,
                                "two tags are needed, one to open and one to close");
    d->request->query.tag_open = tags[0];
    d->request->query.tag_close = tags[1];
    return 0;
}

static int
read_ids (struct decoder *d, const cJSON *item, const sks_place *place)
{
    int rc = sks_wire_texts (&d->tree, item, place, SKS_MAX_IDS, ID_BYTES, &d->request->ids,
                             &d->request->id_count);
    if (rc == 0 && d->request->id_count == 0)
        rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "at least 1 id is needed");
    return rc;
}

static int
refuse_member (struct decoder *d, const sks_place *place)
{
    return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "unknown member");
}

/* {"min":2,"max":3}; the end that is missing is that of the scale. */
static int
read_zone_range (struct decoder *d, const cJSON *item, const sks_place *place, sks_filter *filter)
{
    uint32_t min = 1, max = SKS_ZONES;
    int rc = 0;
    if (!item->child)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "min or max is needed");
    for (const cJSON *member = item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        bool low = strcmp (member->string, "min") == 0;
        if (!low && strcmp (member->string, "max") != 0)
            return refuse_member (d, &here);
        rc = read_uint (d, member, &here, 1, SKS_ZONES, low ? &min : &max);
    }
    if (rc == 0 && min > max)
        rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "min is above max");
    filter->min = (int) min;
    filter->max = (int) max;
    return rc;
}

/* Values that are the same in every index are checked here, all others by the engine. */
static bool
value_exists (int facet, const char *value)
{
    if (facet == SKS_FACET_LEVEL)
        return sks_level_of (value, strlen (value)) >= 0;
    return facet != SKS_FACET_ZONE || sks_zone_of (value) >= 0;
}

static int
read_filter_values (struct decoder *d, const cJSON *item, const sks_place *place, int facet)
{
    sks_filter *filter = &d->request->query.filter[facet];
    int rc = sks_wire_texts (&d->tree, item, place, SKS_MAX_FILTER_VALUES, SKS_MAX_FILTER_VALUE_BYTES,
                             &filter->values, &filter->count);
    if (rc)
        return rc;
    for (sks_place here = { place, NULL, 0 }; here.index < filter->count; here.index++) {
        char excerpt[SKS_EXCERPT_BYTES];
        if (!value_exists (facet, filter->values[here.index]))
            return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "no %s \"%s\"", sks_facet_name (facet),
                                    sks_wire_excerpt (excerpt, filter->values[here.index]));
    }
    return 0;
}

static int
read_filter (struct decoder *d, const cJSON *item, const sks_place *place)
{
    int rc = sks_wire_object (&d->tree, item, place);
    for (const cJSON *member = rc ? NULL : item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        int facet = sks_facet_of (member->string);
        if (facet < 0)
            rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "no facet of this name");
        else if (facet == SKS_FACET_ZONE && cJSON_IsObject (member))
            rc = read_zone_range (d, member, &here, &d->request->query.filter[facet]);
        else
            rc = read_filter_values (d, member, &here, facet);
    }
    return rc;
}

static int
read_facet_name (struct decoder *d, const cJSON *item, const sks_place *place, sks_facet_ask *ask)
{
    int rc = read_choice (d, item, place, sks_facet_of, "level, sector, group, occupation, zone",
                          &ask->facet);
    if (rc)
        return rc;
    const sks_query *query = &d->request->query;
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == ask->facet)
            return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "\"%s\" is asked twice",
                                    sks_facet_name (ask->facet));
    return 0;
}

static int
read_facet_members (struct decoder *d, const cJSON *item, const sks_place *place, sks_facet_ask *ask)
{
    int rc = 0;
    for (const cJSON *member = item->child; member && rc == 0; member = member->next) {
        sks_place here = { place, member->string, 0 };
        if (strcmp (member->string, "name") == 0)
            rc = read_facet_name (d, member, &here, ask);
        else if (strcmp (member->string, "limit") == 0)
            rc = read_uint (d, member, &here, 1, SKS_MAX_FACET_LIMIT, &ask->limit);
        else if (strcmp (member->string, "find") == 0)
            rc = sks_wire_text (&d->tree, member, &here, SKS_MAX_FILTER_VALUE_BYTES, &ask->find);
        else
            rc = refuse_member (d, &here);
    }
    if (ask->find && !*ask->find)
        ask->find = NULL;
    if (rc == 0 && ask->facet < 0)
        rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { place, "name", 0 }, "missing");
    return rc;
}

static int
read_facets (struct decoder *d, const cJSON *item, const sks_place *place)
{
    sks_query *query = &d->request->query;
    size_t count;
    int rc = sks_wire_list (&d->tree, item, place, SKS_FACETS, &count);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *facet = rc ? NULL : item->child; facet && rc == 0; facet = facet->next, here.index++) {
        sks_facet_ask ask = { -1, SKS_DEFAULT_FACET_LIMIT, NULL };
        if (cJSON_IsString (facet))
            rc = read_facet_name (d, facet, &here, &ask);
        else if (cJSON_IsObject (facet))
            rc = read_facet_members (d, facet, &here, &ask);
        else
            rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "neither an object nor a facet's name");
        if (rc == 0)
            query->facets[query->facet_count++] = ask;
    }
    return rc;
}

/* ---------------------------------------------------------- the whole request */

#define FOR(op) (1u << (op))
#define FOR_SEARCH FOR (SKS_OP_SEARCH)
#define FOR_ALL (FOR (SKS_OPS) - 1)

static const struct {
    const char *name;
    unsigned ops;
    int (*read) (struct decoder *d, const cJSON *item, const sks_place *place); /* NULL: read before */
} members[] = {
    { "v", FOR_ALL, NULL },
    { "id", FOR_ALL, NULL },
    { "op", FOR_ALL, NULL },
    { "deadline_ms", FOR_ALL, read_deadline },
    { "ids", FOR (SKS_OP_GET), read_ids },
    { "q", FOR_SEARCH, read_q },
    { "match", FOR_SEARCH, read_match },
    { "filter", FOR_SEARCH, read_filter },
    { "facets", FOR_SEARCH, read_facets },
    { "sort", FOR_SEARCH, read_sort },
    { "offset", FOR_SEARCH, read_offset },
    { "limit", FOR_SEARCH, read_limit },
    { "want", FOR_SEARCH, read_want },
    { "tags", FOR_SEARCH, read_tags },
};

static int
read_member (struct decoder *d, const cJSON *item)
{
    sks_place here = { NULL, item->string, 0 };
    size_t i = 0;
    while (i < COUNT (members) && strcmp (members[i].name, item->string) != 0)
        i++;
    if (i == COUNT (members))
        return refuse_member (d, &here);
    if (!(members[i].ops & FOR (d->request->op)))
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "not a member of \"%s\"",
                                sks_op_name (d->request->op));
    return members[i].read ? members[i].read (d, item, &here) : 0;
}

static int
read_version (struct decoder *d, const cJSON *root)
{
    const sks_place here = { NULL, "v", 0 };
    const cJSON *item = sks_wire_member (root, "v");
    if (item && cJSON_IsNumber (item) && item->valuedouble == SKS_PROTOCOL_VERSION)
        return 0;
    return sks_wire_refuse (&d->tree, SKS_EBADVERSION, &here, "%s; version %d is supported",
                            item ? "not a version this daemon knows" : "missing", SKS_PROTOCOL_VERSION);
}

static int
op_of (const char *name)
{
    for (int op = 0; op < SKS_OPS; op++)
        if (strcmp (op_names[op], name) == 0)
            return op;
    return -1;
}

static int
read_op (struct decoder *d, const cJSON *root)
{
    const sks_place here = { NULL, "op", 0 };
    const char *name;
    char excerpt[SKS_EXCERPT_BYTES];
    int rc = sks_wire_text (&d->tree, sks_wire_member (root, "op"), &here, SKS_MAX_REQUEST_BYTES, &name);
    if (rc)
        return rc;
    int op = op_of (name);
    if (op < 0)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "no operation \"%s\"",
                                sks_wire_excerpt (excerpt, name));
    d->request->op = op;
    return 0;
}

/* What one member alone cannot tell. */
static int
check_whole (struct decoder *d)
{
    const sks_request *request = d->request;
    if (request->op == SKS_OP_GET && !request->ids)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { NULL, "ids", 0 }, "missing");
    if (request->query.offset + request->query.limit > SKS_MAX_WINDOW)
        return sks_wire_refuse (&d->tree, SKS_ELIMIT, &(sks_place) { NULL, "offset", 0 },
                                "offset + limit is at most %d", SKS_MAX_WINDOW);
    return 0;
}

/* The id comes first, so that every later refusal can carry it. */
static int
read_root (struct decoder *d, const cJSON *root)
{
    const sks_place id_place = { NULL, "id", 0 };
    int rc = sks_wire_object (&d->tree, root, NULL);
    if (rc)
        return rc;
    const cJSON *id = sks_wire_member (root, "id");
    if (id && (rc = sks_wire_text (&d->tree, id, &id_place, SKS_MAX_REQUEST_ID_BYTES, &d->request->id)))
        return rc;
    if ((rc = read_version (d, root)) || (rc = read_op (d, root)))
        return rc;
    for (const cJSON *item = root->child; item; item = item->next)
        if ((rc = read_member (d, item)))
            return rc;
    return check_whole (d);
}

/* An empty request inside its own arena. */
static sks_request *
create_request (void)
{
    sks_arena *memory = sks_arena_create ();
    sks_request *request = memory ? sks_arena_alloc (memory, sizeof *request) : NULL;
    if (!request) {
        sks_arena_destroy (&memory);
        return NULL;
    }
    request->query = (sks_query) SKS_QUERY_INIT;
    request->memory = memory;
    return request;
}

int
sks_request_decode (sks_request **out, const char *bytes, size_t size, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REQUEST_BYTES, SKS_MAX_REQUEST_DEPTH, REQUEST_MEMBERS };
    sks_error cause;
    cJSON *root;
    *out = create_request ();
    if (!*out)
        return sks_fail_memory (err);
    int rc = sks_json_parse (&root, bytes, size, &limits, &cause);
    if (rc == SKS_EINVALID)
        return sks_fail_at (err, SKS_EBADREQUEST, cause.at, "not JSON: %s", cause.text);
    if (rc)
        return sks_fail_at (err, rc, cause.at, "%s", cause.text);
    struct decoder decoder = { { (*out)->memory, SKS_EBADREQUEST, SKS_ELIMIT, err }, *out };
    rc = read_root (&decoder, root);
    cJSON_Delete (root);
    return rc;
}

void
sks_request_destroy (sks_request **request_p)
{
    if (!request_p || !*request_p)
        return;
    sks_arena *memory = (*request_p)->memory;
    *request_p = NULL;
    sks_arena_destroy (&memory);
}
