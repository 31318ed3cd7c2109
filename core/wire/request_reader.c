/* request_reader.c - bytes -> request, and the life of a request.
 *
 * One table says which members there are, which operations take them and who
 * reads them; a member that is not in it is refused. Reading needs the
 * operation first, so "v", "id" and "op" are looked up before the walk over the
 * rest. The requests inside a "multi" are read by the same table. */
#include "core/base/schema.h"
#include "core/base/utf8.h"
#include "decoder.h"
#include "identity.h"
#include "op.h"

#include <cjson/cJSON.h>
#include <string.h>

#define REQUEST_MEMBERS 64                   /* names in one object; no request has nearly as many */
#define ID_BYTES SKS_MAX_FILTER_VALUE_BYTES  /* over any statement id: one that is no id is "missing" */
#define SOC_BYTES SKS_MAX_FILTER_VALUE_BYTES /* likewise: what is no code is not found */
#define DUTY_BYTES SKS_MAX_FILTER_VALUE_BYTES
#define CURSOR_BYTES SKS_MAX_FILTER_VALUE_BYTES

#define COUNT(table) (sizeof (table) / sizeof *(table))

/* ---------------------------------------------------------- single members */

static int
read_deadline (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    if (d->above)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "the deadline is that of the whole request");
    int rc = sks_wire_uint (&d->tree, item, place, 0, SKS_MAX_DEADLINE_MS, &d->request->deadline_ms);
    d->request->query.deadline_ms = d->request->deadline_ms;
    return rc;
}

static int
read_ids (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    int rc = sks_wire_texts (&d->tree, item, place, SKS_MAX_IDS, ID_BYTES, &d->request->ids, &d->request->id_count);
    if (rc == 0 && d->request->id_count == 0)
        rc = sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "at least 1 id is needed");
    return rc;
}

static int
read_statement (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_text (&d->tree, item, place, ID_BYTES, &d->request->statement);
}

/* The bit that leaves out what has the same value of a facet; 0 for none. */
static unsigned
exclusion_of (const char *name)
{
    int facet = sks_facet_of (name);
    return facet == SKS_FACET_OCCUPATION ? SKS_EXCLUDE_OCCUPATION : facet == SKS_FACET_LEVEL ? SKS_EXCLUDE_LEVEL : 0;
}

static int
read_exclude (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    const char *const *names;
    size_t count;
    int rc = sks_wire_texts (&d->tree, item, place, 2, SKS_MAX_FILTER_VALUE_BYTES, &names, &count);
    if (rc)
        return rc;
    for (sks_place here = { place, NULL, 0 }; here.index < count; here.index++) {
        char excerpt[SKS_EXCERPT_BYTES];
        unsigned bit = exclusion_of (names[here.index]);
        if (!bit)
            return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "\"%s\" is not one of occupation, level",
                                    sks_wire_excerpt (excerpt, names[here.index]));
        d->request->exclude |= bit;
    }
    return 0;
}

static int
read_occupation (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_text (&d->tree, item, place, SOC_BYTES, &d->request->occupations[0]);
}

static int
read_occupations (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    const char *const *codes;
    size_t count;
    int rc = sks_wire_texts (&d->tree, item, place, 2, SOC_BYTES, &codes, &count);
    if (rc)
        return rc;
    if (count != 2)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "two SOC codes are needed");
    d->request->occupations[0] = codes[0];
    d->request->occupations[1] = codes[1];
    return 0;
}

static int
read_duty (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_text (&d->tree, item, place, DUTY_BYTES, &d->request->duty);
}

static int
level_of (const char *name)
{
    return sks_level_of (name, strlen (name));
}

static int
read_level (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_choice (&d->tree, item, place, level_of, "emerging, developing, proficient, advanced",
                            &d->request->level);
}

static int
read_text (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    size_t max = d->request->op == SKS_OP_MAP ? SKS_MAX_MAP_BYTES : SKS_MAX_QUERY_BYTES;
    return sks_wire_text (&d->tree, item, place, max, &d->request->text);
}

static int
read_cursor (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    return sks_wire_text (&d->tree, item, place, CURSOR_BYTES, &d->request->cursor);
}

static sks_member_reader read_requests;

/* ---------------------------------------------------------- the whole request */

#define FOR(op) (1u << SKS_OP_##op)
#define FOR_ALL ((1u << SKS_OPS) - 1)
#define FOR_QUERY (FOR (SEARCH) | FOR (FACET_VALUES) | FOR (SCAN))
#define FOR_MARKED (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (SCAN))
#define FOR_LIMIT (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (SUGGEST) | FOR (SCAN))

static const struct {
    const char *name;
    unsigned ops;
    sks_member_reader *read; /* NULL: read before */
    unsigned required;       /* operations that are nothing without it */
} members[] = {
    { "v", FOR_ALL, NULL, 0 },
    { "id", FOR_ALL, NULL, 0 },
    { "op", FOR_ALL, NULL, 0 },
    { "units", FOR_ALL, NULL, 0 },
    { "deadline_ms", FOR_ALL, read_deadline, 0 },
    { "ids", FOR (GET), read_ids, FOR (GET) },
    { "q", FOR_QUERY | FOR (ANALYZE), sks_query_read_q, 0 },
    { "match", FOR_QUERY | FOR (ANALYZE), sks_query_read_match, 0 },
    { "filter", FOR_QUERY | FOR (SIMILAR) | FOR (MAP), sks_query_read_filter, 0 },
    { "facets", FOR (SEARCH), sks_query_read_facets, 0 },
    { "facet", FOR (FACET_VALUES), sks_query_read_facet, FOR (FACET_VALUES) },
    { "meaning", FOR_QUERY, sks_query_read_meaning, 0 },
    { "collapse", FOR (SEARCH), sks_query_read_collapse, 0 },
    { "sort", FOR (SEARCH), sks_query_read_sort, 0 },
    { "offset", FOR (SEARCH), sks_query_read_offset, 0 },
    { "limit", FOR_LIMIT, sks_query_read_limit, 0 },
    { "want", FOR_MARKED, sks_query_read_want, 0 },
    { "tags", FOR_MARKED, sks_query_read_tags, 0 },
    { "escape", FOR_MARKED, sks_query_read_escape, 0 },
    { "statement", FOR (SIMILAR), read_statement, FOR (SIMILAR) },
    { "exclude", FOR (SIMILAR), read_exclude, 0 },
    { "occupation", FOR (COMPARE) | FOR (OCCUPATION), read_occupation, FOR (COMPARE) | FOR (OCCUPATION) },
    { "duty", FOR (COMPARE), read_duty, 0 },
    { "occupations", FOR (CROSSWALK), read_occupations, FOR (CROSSWALK) },
    { "level", FOR (CROSSWALK), read_level, 0 },
    { "text", FOR (MAP) | FOR (SUGGEST), read_text, FOR (MAP) | FOR (SUGGEST) },
    { "cursor", FOR (SCAN), read_cursor, 0 },
    { "requests", FOR (MULTI), read_requests, FOR (MULTI) },
};

static int
read_member (sks_decoder *d, const cJSON *item)
{
    sks_place here = { d->above, item->string, 0 };
    size_t i = 0;
    while (i < COUNT (members) && strcmp (members[i].name, item->string) != 0)
        i++;
    if (i == COUNT (members))
        return sks_wire_refuse_member (&d->tree, &here);
    if (!(members[i].ops & 1u << d->request->op))
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "not a member of \"%s\"",
                                sks_op_name (d->request->op));
    return members[i].read ? members[i].read (d, item, &here) : 0;
}

/* A request inside another one may leave its version out. */
static int
read_version (sks_decoder *d, const cJSON *root)
{
    const sks_place here = { d->above, "v", 0 };
    const cJSON *item = sks_wire_member (root, "v");
    if ((!item && d->above) || (item && cJSON_IsNumber (item) && item->valuedouble == SKS_PROTOCOL_VERSION))
        return 0;
    return sks_wire_refuse (&d->tree, SKS_EBADVERSION, &here, "%s; version %d is supported",
                            item ? "not a version this daemon knows" : "missing", SKS_PROTOCOL_VERSION);
}

static int
read_op (sks_decoder *d, const cJSON *root)
{
    const sks_place here = { d->above, "op", 0 };
    const char *name;
    char excerpt[SKS_EXCERPT_BYTES];
    int rc = sks_wire_text (&d->tree, sks_wire_member (root, "op"), &here, SKS_MAX_REQUEST_BYTES, &name);
    if (rc)
        return rc;
    int op = sks_op_of (name);
    if (op < 0)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "no operation \"%s\"",
                                sks_wire_excerpt (excerpt, name));
    if (op == SKS_OP_MULTI && d->above)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &here, "no \"multi\" inside another one");
    d->request->op = op;
    d->request->query.limit = sks_op_page (op)->usual;
    return 0;
}

/* What depends on several members. */
static int
check_whole (sks_decoder *d, const cJSON *root)
{
    const sks_query *query = &d->request->query;
    for (size_t i = 0; i < COUNT (members); i++)
        if (members[i].required & 1u << d->request->op && !sks_wire_member (root, members[i].name))
            return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { d->above, members[i].name, 0 },
                                    "missing");
    if (query->offset + query->limit > SKS_MAX_WINDOW)
        return sks_wire_refuse (&d->tree, SKS_ELIMIT, &(sks_place) { d->above, "offset", 0 },
                                "offset + limit is at most %d", SKS_MAX_WINDOW);
    return 0;
}

/* The id comes first, so that every later refusal can carry it. The units come
 * before the other members: requests of a "multi" have those of the whole unless
 * they name their own. */
static int
read_root (sks_decoder *d, const cJSON *root)
{
    const sks_place id_place = { d->above, "id", 0 };
    int rc = sks_wire_object (&d->tree, root, d->above);
    if (rc)
        return rc;
    const cJSON *id = sks_wire_member (root, "id");
    if (id && (rc = sks_wire_text (&d->tree, id, &id_place, SKS_MAX_REQUEST_ID_BYTES, &d->request->id)))
        return rc;
    if ((rc = read_version (d, root)) || (rc = read_op (d, root)))
        return rc;
    const cJSON *units = sks_wire_member (root, "units");
    if (units && (rc = sks_query_read_units (d, units, &(sks_place) { d->above, "units", 0 })))
        return rc;
    for (const cJSON *item = root->child; item; item = item->next)
        if ((rc = read_member (d, item)))
            return rc;
    return check_whole (d, root);
}

static const sks_request fresh = { .op = SKS_OPS, .query = SKS_QUERY_INIT, .level = -1 };

/* They live in the memory of the request around them. */
static int
read_requests (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    size_t count;
    int rc = sks_wire_list (&d->tree, item, place, SKS_MAX_MULTI, &count);
    if (rc)
        return rc;
    if (count == 0)
        return sks_wire_refuse (&d->tree, SKS_EBADREQUEST, place, "at least 1 request is needed");
    sks_request **requests = sks_arena_array (d->tree.memory, count, sizeof *requests);
    sks_request *parts = sks_arena_array (d->tree.memory, count, sizeof *parts);
    if (!requests || !parts)
        return sks_fail_memory (d->tree.err);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *one = item->child; one; one = one->next, here.index++) {
        parts[here.index] = fresh;
        parts[here.index].query.units = d->request->query.units;
        requests[here.index] = &parts[here.index];
        sks_decoder inner = { d->tree, &parts[here.index], &here };
        if ((rc = read_root (&inner, one)))
            return rc;
    }
    d->request->requests = requests;
    d->request->request_count = count;
    return 0;
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
    *request = fresh;
    request->memory = memory;
    return request;
}

/* The id of a request that is not read as JSON. One with an escape is left out, as
 * it is not the id that the client compares. */
static void
take_id (sks_request *request, const char *bytes, size_t size)
{
    sks_identity id = sks_identity_find (bytes, size);
    if (!id.bytes || id.size > SKS_MAX_REQUEST_ID_BYTES || !sks_utf8_valid (id.bytes, id.size, NULL))
        return;
    for (size_t i = 0; i < id.size; i++)
        if (id.bytes[i] == '\\' || (unsigned char) id.bytes[i] < 0x20)
            return;
    request->id = sks_arena_copy (request->memory, id.bytes, id.size);
}

void
sks_request_identify (sks_request **out, const char *bytes, size_t size)
{
    *out = create_request ();
    if (!*out)
        return;
    take_id (*out, bytes, size);
    (*out)->deadline_ms = sks_identity_deadline (bytes, size);
}

int
sks_request_decode (sks_request **out, const char *bytes, size_t size, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REQUEST_BYTES, SKS_MAX_REQUEST_DEPTH, REQUEST_MEMBERS,
                                            SKS_MAX_REQUEST_VALUES };
    sks_error cause;
    cJSON *root;
    *out = create_request ();
    if (!*out)
        return sks_fail_memory (err);
    int rc = sks_json_parse (&root, bytes, size, &limits, &cause);
    if (rc)
        take_id (*out, bytes, size);
    if (rc == SKS_EINVALID)
        return sks_fail_at (err, SKS_EBADREQUEST, cause.at, "not JSON: %s", cause.text);
    if (rc)
        return sks_fail_at (err, rc, cause.at, "%s", cause.text);
    sks_decoder decoder = { { (*out)->memory, SKS_EBADREQUEST, SKS_ELIMIT, err }, *out, NULL };
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
