/* reply_reader.c - bytes -> result, the client's way to understand.
 *
 * A newer daemon may send more than we know: unknown members are passed over.
 * What is known must be there and of its type, and spans must lie inside their
 * text, so that no caller is led beyond a string by a broken daemon. */
#include "core/base/result.h"
#include "core/base/schema.h"
#include "wire.h"
#include "tree.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

#define REPLY_DEPTH SKS_JSON_DEPTH /* the tree of "analyze" is as deep as its query */
#define REPLY_MEMBERS 4096
#define ANY_SIZE SIZE_MAX

#define COUNT(table) (sizeof (table) / sizeof *(table))

static int
find_text (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, const char **out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_text (tree, sks_wire_member (object, name), &here, ANY_SIZE, out);
}

static int
find_whole (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, uint64_t most,
            uint64_t *out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_whole (tree, sks_wire_member (object, name), &here, 0, most, out);
}

static int
find_number (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, double *out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_number (tree, sks_wire_member (object, name), &here, out);
}

static int
find_flag (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, bool *out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_flag (tree, sks_wire_member (object, name), &here, out);
}

/* Room for `count` pieces of one list; *rc tells how it went. */
static void *
make_list (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t size, size_t *count, int *rc)
{
    void *list = NULL;
    *rc = sks_wire_list (tree, item, place, ANY_SIZE, count);
    if (*rc == 0 && !(list = sks_arena_array (tree->memory, *count, size)))
        *rc = sks_fail_memory (tree->err);
    return list;
}

/* ------------------------------------------------------------------- hits */

static int
read_span (const sks_tree *tree, const cJSON *item, const sks_place *place, uint32_t least, size_t most, sks_span *out)
{
    const sks_place first = { place, NULL, 0 }, second = { place, NULL, 1 };
    uint64_t start, end;
    size_t count;
    int rc = sks_wire_list (tree, item, place, 2, &count);
    if (rc)
        return rc;
    const cJSON *from = item->child, *to = from ? from->next : NULL;
    if ((rc = sks_wire_whole (tree, from, &first, least, most, &start)) ||
        (rc = sks_wire_whole (tree, to, &second, start + 1, most, &end)))
        return rc;
    *out = (sks_span) { (uint32_t) start, (uint32_t) end };
    return 0;
}

static int
read_spans (const sks_tree *tree, const cJSON *object, const sks_place *above, sks_hit *hit)
{
    const sks_place place = { above, "spans", 0 };
    const cJSON *list = sks_wire_member (object, "spans");
    int rc;
    sks_span *spans = make_list (tree, list, &place, sizeof *spans, &hit->span_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    size_t size = strlen (hit->text);
    uint32_t least = 0;
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        if ((rc = read_span (tree, item, &here, least, size, &spans[here.index])))
            return rc;
        least = spans[here.index].end;
    }
    hit->spans = spans;
    return 0;
}

static int
read_shares (const sks_tree *tree, const cJSON *object, const sks_place *above, sks_hit *hit)
{
    const sks_place place = { above, "explain", 0 };
    const cJSON *list = sks_wire_member (object, "explain");
    int rc = 0;
    if (!list)
        return 0;
    sks_share *shares = make_list (tree, list, &place, sizeof *shares, &hit->share_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        sks_share *share = &shares[here.index];
        if ((rc = sks_wire_object (tree, item, &here)) || (rc = find_text (tree, item, &here, "part", &share->part)) ||
            (rc = find_text (tree, item, &here, "term", &share->term)) ||
            (rc = find_number (tree, item, &here, "score", &share->score)))
            return rc;
    }
    hit->shares = shares;
    return 0;
}

enum need { PRESENT, NULLABLE, OPTIONAL };

static const struct {
    const char *name;
    size_t offset;
    enum need need;
} hit_texts[] = {
    { "id", offsetof (sks_hit, id), PRESENT },          { "text", offsetof (sks_hit, text), PRESENT },
    { "marked", offsetof (sks_hit, marked), OPTIONAL }, { "duty", offsetof (sks_hit, duty), NULLABLE },
    { "soc", offsetof (sks_hit, soc), PRESENT },        { "occupation", offsetof (sks_hit, occupation), PRESENT },
    { "group", offsetof (sks_hit, group), PRESENT },    { "sector", offsetof (sks_hit, sector), NULLABLE },
};

static int
read_hit_texts (const sks_tree *tree, const cJSON *object, const sks_place *place, sks_hit *hit)
{
    for (size_t i = 0; i < COUNT (hit_texts); i++) {
        const cJSON *item = sks_wire_member (object, hit_texts[i].name);
        enum need need = hit_texts[i].need;
        if ((need == OPTIONAL && !item) || (need == NULLABLE && cJSON_IsNull (item)))
            continue;
        const char **text = (const char **) ((char *) hit + hit_texts[i].offset);
        int rc = find_text (tree, object, place, hit_texts[i].name, text);
        if (rc)
            return rc;
    }
    return 0;
}

static int
read_level (const sks_tree *tree, const cJSON *object, const sks_place *above, int *out)
{
    const sks_place here = { above, "level", 0 };
    const char *name;
    int rc = find_text (tree, object, above, "level", &name);
    if (rc)
        return rc;
    *out = sks_level_of (name, strlen (name));
    return *out >= 0 ? 0 : sks_wire_refuse (tree, tree->misfit, &here, "not a level");
}

static int
read_zone (const sks_tree *tree, const cJSON *object, const sks_place *above, int *out)
{
    const sks_place here = { above, "zone", 0 };
    const cJSON *item = sks_wire_member (object, "zone");
    uint64_t zone = 0;
    int rc = cJSON_IsNull (item) ? 0 : sks_wire_whole (tree, item, &here, 1, SKS_ZONES, &zone);
    *out = (int) zone;
    return rc;
}

/* Only collapsed hits tell it. */
static int
read_more (const sks_tree *tree, const cJSON *object, const sks_place *place, uint64_t *out)
{
    bool told = sks_wire_member (object, "more") != NULL;
    return told ? find_whole (tree, object, place, "more", SKS_WHOLE_MOST, out) : 0;
}

static int
read_hit (const sks_tree *tree, const cJSON *item, const sks_place *place, sks_hit *hit)
{
    uint64_t position = 0;
    int rc = sks_wire_object (tree, item, place);
    if (rc || (rc = read_hit_texts (tree, item, place, hit)) || (rc = read_level (tree, item, place, &hit->level)) ||
        (rc = read_zone (tree, item, place, &hit->zone)) ||
        (rc = find_whole (tree, item, place, "position", UINT32_MAX, &position)) ||
        (rc = find_number (tree, item, place, "score", &hit->score)) ||
        (rc = read_more (tree, item, place, &hit->more)) || (rc = read_spans (tree, item, place, hit)) ||
        (rc = read_shares (tree, item, place, hit)))
        return rc;
    hit->position = (uint32_t) position;
    return 0;
}

static int
read_hits (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "hits", 0 };
    const cJSON *list = sks_wire_member (root, "hits");
    int rc;
    sks_hit *hits = make_list (tree, list, &place, sizeof *hits, &result->hit_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++)
        if ((rc = read_hit (tree, item, &here, &hits[here.index])))
            return rc;
    result->hits = hits;
    return 0;
}

/* ----------------------------------------------------------------- facets */

static int
read_facet_value (const sks_tree *tree, const cJSON *item, const sks_place *place, sks_facet_value *value)
{
    bool selected = false;
    int rc = sks_wire_object (tree, item, place);
    if (rc || (rc = find_text (tree, item, place, "value", &value->value)) ||
        (rc = find_text (tree, item, place, "label", &value->label)) ||
        (rc = find_whole (tree, item, place, "count", SKS_WHOLE_MOST, &value->count)))
        return rc;
    rc = find_flag (tree, item, place, "selected", &selected);
    value->selected = selected;
    return rc;
}

/* depth: steps of a tree that are below. */
static int
read_facet_values (const sks_tree *tree, const cJSON *list, const sks_place *place, int depth,
                   const sks_facet_value **out, size_t *count)
{
    int rc;
    sks_facet_value *values = make_list (tree, list, place, sizeof *values, count, &rc);
    if (rc)
        return rc;
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        sks_facet_value *value = &values[here.index];
        const sks_place below = { &here, "children", 0 };
        if ((rc = read_facet_value (tree, item, &here, value)))
            return rc;
        const cJSON *children = depth ? sks_wire_member (item, "children") : NULL;
        if (children &&
            ((rc = read_facet_values (tree, children, &below, depth - 1, &value->children, &value->child_count)) ||
             (rc = find_whole (tree, item, &here, "distinct", SKS_WHOLE_MOST, &value->distinct))))
            return rc;
    }
    *out = values;
    return 0;
}

/* Facets of a name that we do not know cannot be told in a sks_result. */
static int
read_facets (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "facets", 0 }, distinct_place = { NULL, "distinct", 0 };
    const cJSON *object = sks_wire_member (root, "facets"), *distinct = sks_wire_member (root, "distinct");
    int rc = sks_wire_object (tree, object, &place);
    if (rc || !object->child || (rc = sks_wire_object (tree, distinct, &distinct_place)))
        return rc;
    sks_facet_counts *facets = sks_arena_array (tree->memory, SKS_FACETS, sizeof *facets);
    if (!facets)
        return sks_fail_memory (tree->err);
    for (const cJSON *item = object->child; item; item = item->next) {
        const sks_place here = { &place, item->string, 0 };
        int known = sks_facet_of (item->string);
        if (known < 0)
            continue;
        sks_facet_counts *facet = &facets[result->facet_count++];
        facet->facet = known;
        if ((rc = read_facet_values (tree, item, &here, 1, &facet->values, &facet->count)) ||
            (rc = find_whole (tree, distinct, &distinct_place, item->string, SKS_WHOLE_MOST, &facet->distinct)))
            return rc;
    }
    result->facets = facets;
    return 0;
}

/* ---------------------------------------------------------------- results */

static int
read_suggestion (const sks_tree *tree, const cJSON *root, sks_suggestion *out)
{
    const sks_place here = { NULL, "suggestion", 0 };
    const cJSON *item = sks_wire_member (root, "suggestion");
    int rc;
    if (cJSON_IsNull (item))
        return 0;
    if ((rc = sks_wire_object (tree, item, &here)) || (rc = find_text (tree, item, &here, "word", &out->word)) ||
        (rc = find_text (tree, item, &here, "replacement", &out->replacement)) ||
        (rc = find_text (tree, item, &here, "query", &out->query)))
        return rc;
    return find_whole (tree, item, &here, "count", SKS_WHOLE_MOST, &out->count);
}

/* What a daemon before notes does not send: nothing was unknown or noted. */
static int
read_notes (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    sks_place here = { NULL, "notes", 0 }, unknown = { NULL, "unknown", 0 };
    const cJSON *list = sks_wire_member (root, "notes"), *words = sks_wire_member (root, "unknown");
    size_t count;
    int rc = words
                 ? sks_wire_texts (tree, words, &unknown, ANY_SIZE, ANY_SIZE, &result->unknown, &result->unknown_count)
                 : 0;
    if (rc || !list || (rc = sks_wire_list (tree, list, &here, ANY_SIZE, &count)))
        return rc;
    sks_note *notes = sks_arena_array (tree->memory, count + 1, sizeof *notes);
    if (!notes)
        return sks_fail_memory (tree->err);
    sks_place item_place = { &here, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, item_place.index++) {
        sks_note *note = &notes[result->note_count++];
        uint64_t at;
        if ((rc = sks_wire_object (tree, item, &item_place)) ||
            (rc = find_text (tree, item, &item_place, "code", &note->code)) ||
            (rc = find_whole (tree, item, &item_place, "at", UINT32_MAX, &at)) ||
            (rc = find_text (tree, item, &item_place, "text", &note->text)))
            return rc;
        note->at = (uint32_t) at;
    }
    result->notes = notes;
    return 0;
}

static int
read_search (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place ignored = { NULL, "ignored", 0 };
    bool relaxed = false;
    int rc;
    if ((rc = find_whole (tree, root, NULL, "total", SKS_WHOLE_MOST, &result->total)) ||
        (rc = find_whole (tree, root, NULL, "matched_all", SKS_WHOLE_MOST, &result->matched_all)) ||
        (rc = find_flag (tree, root, NULL, "relaxed", &relaxed)) ||
        (rc = find_text (tree, root, NULL, "read_as", &result->read_as)) ||
        (rc = sks_wire_texts (tree, sks_wire_member (root, "ignored"), &ignored, ANY_SIZE, ANY_SIZE, &result->ignored,
                              &result->ignored_count)) ||
        (rc = read_notes (tree, root, result)) || (rc = read_suggestion (tree, root, &result->suggestion)))
        return rc;
    result->relaxed = relaxed;
    return read_facets (tree, root, result);
}

/* Whether nothing of a search's own is there: the reply to a similar or a scan. */
static bool
is_plain (const cJSON *root)
{
    static const char *const own[] = { "matched_all", "relaxed", "read_as", "facets" };
    for (size_t i = 0; i < COUNT (own); i++)
        if (sks_wire_member (root, own[i]))
            return false;
    return true;
}

static int
read_plain (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const cJSON *cursor = sks_wire_member (root, "cursor");
    int rc = find_whole (tree, root, NULL, "total", SKS_WHOLE_MOST, &result->total);
    if (rc || !cursor || cJSON_IsNull (cursor))
        return rc;
    return find_text (tree, root, NULL, "cursor", &result->cursor);
}

/* Only the reply to a get says what is missing. */
static int
read_result (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "missing", 0 };
    const cJSON *missing = sks_wire_member (root, "missing");
    int rc;
    if ((rc = find_whole (tree, root, NULL, "generation", SKS_WHOLE_MOST, &result->generation)) ||
        (rc = find_whole (tree, root, NULL, "took_us", SKS_WHOLE_MOST, &result->took_us)))
        return rc;
    if (missing)
        rc = sks_wire_texts (tree, missing, &place, ANY_SIZE, ANY_SIZE, &result->missing, &result->missing_count);
    else
        rc = is_plain (root) ? read_plain (tree, root, result) : read_search (tree, root, result);
    return rc ? rc : read_hits (tree, root, result);
}

/* ----------------------------------------------------------------- status */

static int
parse (const sks_tree *tree, cJSON **out, const char *bytes, size_t size)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, REPLY_DEPTH, REPLY_MEMBERS, SIZE_MAX };
    sks_error cause;
    int rc = sks_json_parse (out, bytes, size, &limits, &cause);
    if (rc == 0 || rc == SKS_ENOMEM)
        return rc ? sks_fail_memory (tree->err) : 0;
    return sks_fail_at (tree->err, tree->misfit, cause.at, "the reply is not JSON as the protocol has it: %s",
                        cause.text);
}

/* The failure that a reply tells. A code that is none of the protocol's, of a
 * newer daemon maybe, must still be a failure. */
static int
read_failure (const sks_tree *tree, const cJSON *root)
{
    const sks_place here = { NULL, "error", 0 };
    const cJSON *item = sks_wire_member (root, "error");
    const char *name, *message;
    uint64_t at = 0;
    int rc;
    if ((rc = sks_wire_object (tree, item, &here)) || (rc = find_text (tree, item, &here, "code", &name)) ||
        (rc = find_text (tree, item, &here, "message", &message)))
        return rc;
    bool has_at = sks_wire_member (item, "at") != NULL;
    if (has_at && (rc = find_whole (tree, item, &here, "at", SKS_MAX_REQUEST_BYTES, &at)))
        return rc;
    int code = sks_code_of_name (name);
    if (code >= 0 || code <= -SKS_PROTOCOL_CODES)
        code = SKS_EINTERNAL;
    return sks_fail_at (tree->err, code, has_at ? (long) at : -1, "%s", message);
}

static int
read_status (const sks_tree *tree, const cJSON *root)
{
    uint64_t version = 0;
    bool ok = false;
    int rc;
    if ((rc = sks_wire_object (tree, root, NULL)) ||
        (rc = find_whole (tree, root, NULL, "v", SKS_WHOLE_MOST, &version)))
        return rc;
    if (version != SKS_PROTOCOL_VERSION)
        return sks_wire_refuse (tree, tree->misfit, &(sks_place) { NULL, "v", 0 }, "not version %d",
                                SKS_PROTOCOL_VERSION);
    rc = find_flag (tree, root, NULL, "ok", &ok);
    return rc || ok ? rc : read_failure (tree, root);
}

int
sks_reply_decode_status (const char *bytes, size_t size, sks_error *err)
{
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root = NULL;
    if (!tree.memory)
        return sks_fail_memory (err);
    int rc = parse (&tree, &root, bytes, size);
    if (rc == 0)
        rc = read_status (&tree, root);
    cJSON_Delete (root);
    sks_arena_destroy (&tree.memory);
    return rc;
}

int
sks_reply_decode_result (sks_result **out, const char *bytes, size_t size, sks_error *err)
{
    *out = NULL;
    sks_result *result = sks_result_create ();
    if (!result)
        return sks_fail_memory (err);
    const sks_tree tree = { sks_result_arena (result), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root = NULL;
    int rc = parse (&tree, &root, bytes, size);
    if (rc || (rc = read_status (&tree, root)) || (rc = read_result (&tree, root, result)))
        goto out;
    result->json = sks_arena_copy (tree.memory, bytes, size);
    if (!result->json)
        rc = sks_fail_memory (err);
out:
    cJSON_Delete (root);
    if (rc)
        sks_result_destroy (&result);
    *out = result;
    return rc;
}
