/* request_reader.c - bytes -> request, and freeing a request.
 *
 * A member that is not in the table (request_table.h) is refused. Reading needs the operation first, so "v", "id"
 * and "op" are looked up before the walk over the rest. The requests inside a "multi" are read with the same table. */
#include "core/base/schema.h"
#include "core/base/utf8.h"
#include "identity.h"
#include "op.h"
#include "request_table.h"

#include <cjson/cJSON.h>
#include <string.h>

#define REQUEST_MEMBERS 64 /* names in one object; no request has nearly as many */
/* Items in one array. It is above the maximum of every member, so that slightly too many items are refused with the
 * member's path. Far more are refused before parsing, which takes eight times as long as checking the text. */
#define REQUEST_ITEMS (2 * SKS_MAX_FILTER_VALUES)

/* ---------------------------------------------------------- single members */

static int
read_deadline (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    if (d->above)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "the deadline is that of the whole request");
    int rc = sks_tree_uint (&d->tree, item, place, 0, SKS_MAX_DEADLINE_MS, &d->request->deadline_ms);
    d->request->query.deadline_ms = d->request->deadline_ms;
    return rc;
}

static int
read_texts (sks_decoder *d, const cJSON *item, const sks_place *place, const sks_request_member *row)
{
    char *request = (char *) d->request;
    size_t *count = (void *) (request + row->count_offset);
    int rc = sks_tree_texts (&d->tree, item, place, row->max, row->limit, (void *) (request + row->offset), count);
    return rc || *count ? rc : sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "%s", row->what);
}

static int
read_pair (sks_decoder *d, const cJSON *item, const sks_place *place, const sks_request_member *row)
{
    const char **pair = (void *) ((char *) d->request + row->offset), *const * texts;
    size_t count;
    int rc = sks_tree_texts (&d->tree, item, place, 2, row->limit, &texts, &count);
    if (rc == 0 && count != 2)
        rc = sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "%s", row->what);
    for (size_t i = 0; rc == 0 && i < 2; i++)
        pair[i] = texts[i];
    return rc;
}

static int
read_bits (sks_decoder *d, const cJSON *item, const sks_place *place, const sks_request_member *row)
{
    unsigned *bits = (void *) ((char *) d->request + row->offset);
    size_t count;
    int rc = sks_tree_list (&d->tree, item, place, row->max, &count);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *name = rc ? NULL : item->child; name && rc == 0; name = name->next, here.index++) {
        int bit = 0;
        rc = sks_tree_choice (&d->tree, name, &here, row->name_of, &bit);
        *bits |= rc ? 0 : 1u << bit;
    }
    return rc;
}

static int
read_flag (sks_decoder *d, const cJSON *item, const sks_place *place, const sks_request_member *row)
{
    bool flag = row->usual;
    int rc = sks_tree_flag (&d->tree, item, place, &flag);
    *(int *) (void *) ((char *) d->request + row->offset) = flag != row->usual;
    return rc;
}

static sks_member_reader read_requests;

static int
read_row (sks_decoder *d, const cJSON *item, const sks_place *place, const sks_request_member *row)
{
    void *at = (char *) d->request + row->offset;
    switch (row->kind) {
    case SKS_REQUEST_TEXT:
        return sks_tree_text (&d->tree, item, place, row->limit, at);
    case SKS_REQUEST_TEXTS:
        return read_texts (d, item, place, row);
    case SKS_REQUEST_PAIR:
        return read_pair (d, item, place, row);
    case SKS_REQUEST_NUMBER:
        return sks_tree_uint (&d->tree, item, place, 0, (uint32_t) row->limit, at);
    case SKS_REQUEST_NAME:
        return sks_tree_choice (&d->tree, item, place, row->name_of, at);
    case SKS_REQUEST_BITS:
        return read_bits (d, item, place, row);
    case SKS_REQUEST_FLAG:
        return read_flag (d, item, place, row);
    case SKS_REQUEST_OTHER:
        return row->read (d, item, place);
    case SKS_REQUEST_DEADLINE:
        return read_deadline (d, item, place);
    case SKS_REQUEST_REQUESTS:
        return read_requests (d, item, place);
    default:
        return 0;
    }
}

/* ---------------------------------------------------------- the whole request */

static int
read_member (sks_decoder *d, const cJSON *item)
{
    sks_place here = { d->above, item->string, 0 };
    bool known;
    const sks_request_member *row = sks_request_member_of (item->string, d->request->op, &known);
    if (row)
        return read_row (d, item, &here, row);
    if (!known)
        return sks_tree_refuse_member (&d->tree, &here);
    return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &here, "not a member of \"%s\"", sks_op_name (d->request->op));
}

/* A request inside another one may omit its version. */
static int
read_version (sks_decoder *d, const cJSON *root)
{
    const sks_place here = { d->above, "v", 0 };
    const cJSON *item = sks_tree_member (root, "v");
    if ((!item && d->above) || (item && cJSON_IsNumber (item) && item->valuedouble == SKS_PROTOCOL_VERSION))
        return 0;
    return sks_tree_refuse (&d->tree, SKS_EBADVERSION, &here, "%s; version %d is supported",
                            item ? "not a version this daemon knows" : "missing", SKS_PROTOCOL_VERSION);
}

static int
read_op (sks_decoder *d, const cJSON *root)
{
    const sks_place here = { d->above, "op", 0 };
    const char *name;
    char excerpt[SKS_EXCERPT_BYTES];
    int rc = sks_tree_text (&d->tree, sks_tree_member (root, "op"), &here, SKS_MAX_REQUEST_BYTES, &name);
    if (rc)
        return rc;
    int op = sks_op_of (name);
    if (op < 0)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &here, "no operation \"%s\"",
                                sks_tree_excerpt (excerpt, name));
    if (op == SKS_OP_MULTI && d->above)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &here, "no \"multi\" inside another one");
    d->request->op = op;
    d->request->query.limit = sks_op_page (op)->usual;
    return 0;
}

/* Check what depends on several members. */
static int
check_whole (sks_decoder *d, const cJSON *root)
{
    const sks_query *query = &d->request->query;
    const sks_request_member *row;
    for (size_t i = 0; (row = sks_request_member_at (i)); i++)
        if (row->required & 1u << d->request->op && !sks_tree_member (root, row->name))
            return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, &(sks_place) { d->above, row->name, 0 }, "missing");
    if (query->offset + query->limit > SKS_MAX_WINDOW)
        return sks_tree_refuse (&d->tree, SKS_ELIMIT, &(sks_place) { d->above, "offset", 0 },
                                "offset + limit is at most %d", SKS_MAX_WINDOW);
    return 0;
}

/* The id comes first, so that every later refusal can carry it. The units and
 * "resolve" come before the other members: requests of a "multi" have those of the whole unless
 * they name their own. */
static int
read_root (sks_decoder *d, const cJSON *root)
{
    const sks_place id_place = { d->above, "id", 0 };
    int rc = sks_tree_object (&d->tree, root, d->above);
    if (rc)
        return rc;
    const cJSON *id = sks_tree_member (root, "id");
    if (id && (rc = sks_tree_text (&d->tree, id, &id_place, SKS_MAX_REQUEST_ID_BYTES, &d->request->id)))
        return rc;
    if ((rc = read_version (d, root)) || (rc = read_op (d, root)))
        return rc;
    const cJSON *units = sks_tree_member (root, "units");
    if (units && (rc = sks_tree_choice (&d->tree, units, &(sks_place) { d->above, "units", 0 }, sks_schema_units_name,
                                        &d->request->query.units)))
        return rc;
    d->request->query.resolve = cJSON_IsTrue (sks_tree_member (root, "resolve"));
    for (const cJSON *item = root->child; item; item = item->next)
        if ((rc = read_member (d, item)))
            return rc;
    return check_whole (d, root);
}

static const sks_request fresh = { .op = SKS_OPS, .query = SKS_QUERY_INIT, .level = -1 };

/* Read the requests of a multi. They are allocated in the arena of the multi. */
static int
read_requests (sks_decoder *d, const cJSON *item, const sks_place *place)
{
    size_t count;
    int rc = sks_tree_list (&d->tree, item, place, SKS_MAX_MULTI, &count);
    if (rc)
        return rc;
    if (count == 0)
        return sks_tree_refuse (&d->tree, SKS_EBADREQUEST, place, "at least 1 request is needed");
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

/* Create an empty request inside its own arena. */
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

/* Keep the id of a request that is not read as JSON. An id with an escape is left out, because its bytes are not the
 * id that the client compares. */
static void
keep_id (sks_request *request, sks_identity id)
{
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
    keep_id (*out, sks_identity_find_both (bytes, size, &(*out)->deadline_ms));
}

int
sks_request_decode (sks_request **out, const char *bytes, size_t size, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REQUEST_BYTES, SKS_MAX_REQUEST_DEPTH, REQUEST_MEMBERS,
                                            SKS_MAX_REQUEST_VALUES, REQUEST_ITEMS };
    sks_error cause;
    cJSON *root;
    *out = create_request ();
    if (!*out)
        return sks_fail_memory (err);
    int rc = sks_json_parse (&root, bytes, size, &limits, &cause);
    if (rc)
        keep_id (*out, sks_identity_find (bytes, size));
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
