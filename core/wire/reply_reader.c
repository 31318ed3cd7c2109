/* reply_reader.c - bytes -> result, and the parts shared with other answers. */
#include "reader.h"

#include "core/base/result.h"
#include "core/base/schema.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

#define REPLY_DEPTH SKS_JSON_DEPTH /* the tree of "analyze" is as deep as its query */
#define REPLY_MEMBERS 4096
#define ANY_SIZE SIZE_MAX

/* ------------------------------------------------------------------- hits */

static int
read_span (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t min, size_t max, sks_span *out)
{
    const sks_place first = { place, NULL, 0 }, second = { place, NULL, 1 };
    uint64_t start, end;
    size_t count;
    int rc = sks_tree_list (tree, item, place, 2, &count);
    if (rc)
        return rc;
    const cJSON *from = item->child, *to = from ? from->next : NULL;
    if ((rc = sks_tree_whole (tree, from, &first, min, max, &start)) ||
        (rc = sks_tree_whole (tree, to, &second, start + 1, max, &end)))
        return rc;
    *out = (sks_span) { (uint32_t) start, (uint32_t) end };
    return 0;
}

int
sks_reply_read_spans (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, size_t min,
                      size_t max, const sks_span **out, size_t *count)
{
    const sks_place place = { above, name, 0 };
    const cJSON *list = sks_tree_member (object, name);
    int rc;
    sks_span *spans = sks_tree_array (tree, list, &place, sizeof *spans, count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        if ((rc = read_span (tree, item, &here, min, max, &spans[here.index])))
            return rc;
        min = spans[here.index].end;
    }
    *out = spans;
    return 0;
}

int
sks_reply_read_shares (const sks_tree *tree, const cJSON *object, const sks_place *above, bool parts,
                       const sks_share **out, size_t *count)
{
    const sks_member_items *items = parts ? &sks_share_items : &sks_word_share_items;
    int rc = 0;
    if (!sks_tree_member (object, "explain"))
        return 0;
    sks_share *shares =
        sks_tree_records (tree, object, above, "explain", items->rules, items->count, sizeof *shares, count, &rc);
    for (size_t i = 0; shares && !parts && i < *count; i++)
        shares[i].part = "";
    *out = shares;
    return rc;
}

int
sks_reply_read_level (const sks_tree *tree, const cJSON *object, const sks_place *above, int *out)
{
    const sks_place here = { above, "level", 0 };
    return sks_tree_choice (tree, sks_tree_member (object, "level"), &here, sks_level_name, out);
}

static int
read_provenance (const sks_tree *tree, const cJSON *object, const sks_place *above, const sks_hit_provenance **out)
{
    const sks_place place = { above, "provenance", 0 };
    const cJSON *item = sks_tree_member (object, "provenance");
    sks_hit_provenance *provenance = item ? sks_arena_alloc (tree->memory, sizeof *provenance) : NULL;
    *out = provenance;
    if (!provenance)
        return item ? sks_fail_memory (tree->err) : 0;
    *provenance = (sks_hit_provenance) { 0 };
    return sks_tree_members (tree, item, &place, sks_provenance_rules, SKS_PROVENANCE_RULES, provenance);
}

int
sks_reply_read_hit (const sks_tree *tree, const cJSON *item, const sks_place *place, sks_hit *hit)
{
    int rc = sks_tree_members (tree, item, place, sks_hit_rules, SKS_HIT_RULES, hit);
    if (rc ||
        (rc =
             sks_reply_read_spans (tree, item, place, "spans", 0, strlen (hit->text), &hit->spans, &hit->span_count)) ||
        (rc = read_provenance (tree, item, place, &hit->provenance)))
        return rc;
    return sks_reply_read_shares (tree, item, place, true, &hit->shares, &hit->share_count);
}

int
sks_reply_read_hits (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name,
                     const sks_hit **out, size_t *count)
{
    const sks_place place = { above, name, 0 };
    const cJSON *list = sks_tree_member (object, name);
    int rc;
    sks_hit *hits = sks_tree_array (tree, list, &place, sizeof *hits, count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++)
        if ((rc = sks_reply_read_hit (tree, item, &here, &hits[here.index])))
            return rc;
    *out = hits;
    return 0;
}

/* ----------------------------------------------------------------- facets */

static int
read_distinct (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, uint64_t *out)
{
    const sks_place here = { above, name, 0 };
    return sks_tree_whole (tree, sks_tree_member (object, name), &here, 0, SKS_WHOLE_MOST, out);
}

/* depth: the levels of children that may follow. */
static int
read_facet_values (const sks_tree *tree, const cJSON *list, const sks_place *place, int depth,
                   const sks_facet_value **out, size_t *count)
{
    int rc;
    sks_facet_value *values = sks_tree_array (tree, list, place, sizeof *values, count, &rc);
    if (rc)
        return rc;
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        sks_facet_value *value = &values[here.index];
        const sks_place below = { &here, "children", 0 };
        if ((rc = sks_tree_members (tree, item, &here, sks_facet_value_rules, SKS_FACET_VALUE_RULES, value)))
            return rc;
        const cJSON *children = depth ? sks_tree_member (item, "children") : NULL;
        if (children &&
            ((rc = read_facet_values (tree, children, &below, depth - 1, &value->children, &value->child_count)) ||
             (rc = read_distinct (tree, item, &here, "distinct", &value->distinct))))
            return rc;
    }
    *out = values;
    return 0;
}

/* Facets with unknown names are ignored: sks_result has no member for them. */
static int
read_facets (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "facets", 0 }, distinct_place = { NULL, "distinct", 0 };
    const cJSON *object = sks_tree_member (root, "facets"), *distinct = sks_tree_member (root, "distinct");
    int rc = sks_tree_object (tree, object, &place);
    if (rc || !object->child || (rc = sks_tree_object (tree, distinct, &distinct_place)))
        return rc;
    sks_facet_counts *facets = sks_arena_array (tree->memory, SKS_FACETS, sizeof *facets);
    if (!facets)
        return sks_fail_memory (tree->err);
    for (const cJSON *item = object->child; item; item = item->next) {
        const sks_place here = { &place, item->string, 0 };
        int known = sks_schema_facet_of (item->string);
        if (known < 0)
            continue;
        sks_facet_counts *facet = &facets[result->facet_count++];
        facet->facet = known;
        if ((rc = read_facet_values (tree, item, &here, 1, &facet->values, &facet->count)) ||
            (rc = read_distinct (tree, distinct, &distinct_place, item->string, &facet->distinct)))
            return rc;
    }
    result->facets = facets;
    return 0;
}

/* Read the only facet in the reply to "facet_values". */
static int
read_facet (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "facet", 0 }, name_place = { &place, "name", 0 }, values = { &place, "values", 0 };
    const cJSON *object = sks_tree_member (root, "facet");
    const char *name;
    int rc = sks_tree_object (tree, object, &place);
    if (rc || (rc = sks_tree_text (tree, sks_tree_member (object, "name"), &name_place, ANY_SIZE, &name)))
        return rc;
    sks_facet_counts *facet = sks_arena_alloc (tree->memory, sizeof *facet);
    if (!facet)
        return sks_fail_memory (tree->err);
    facet->facet = sks_schema_facet_of (name);
    if (facet->facet < 0)
        return sks_tree_refuse (tree, tree->type_code, &name_place, "not a facet");
    result->facets = facet;
    result->facet_count = 1;
    rc = read_facet_values (tree, sks_tree_member (object, "values"), &values, 1, &facet->values, &facet->count);
    return rc ? rc : read_distinct (tree, object, &place, "distinct", &facet->distinct);
}

/* ---------------------------------------------------------------- results */

static int
read_suggestion (const sks_tree *tree, const cJSON *root, sks_suggestion *out)
{
    const sks_place here = { NULL, "suggestion", 0 };
    const cJSON *item = sks_tree_member (root, "suggestion");
    return cJSON_IsNull (item) ? 0
                               : sks_tree_members (tree, item, &here, sks_suggestion_rules, SKS_SUGGESTION_RULES, out);
}

static int
read_search (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    int rc = sks_tree_members (tree, root, NULL, sks_reading_rules, SKS_READING_RULES, result);
    if (rc || (rc = read_suggestion (tree, root, &result->suggestion)))
        return rc;
    return read_facets (tree, root, result);
}

/* Whether a reply has no member that only a search has: it answers a similar or a scan. */
static bool
is_plain (const cJSON *root)
{
    static const char *const own[] = { "matched_all", "relaxed", "read_as", "facets" };
    for (size_t i = 0; i < SKS_COUNT (own); i++)
        if (sks_tree_member (root, own[i]))
            return false;
    return true;
}

static int
read_plain (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_result, total, WHOLE, PRESENT),
        SKS_RULE (sks_result, cursor, TEXT, NULLABLE),
    };
    size_t count = sks_tree_member (root, "cursor") ? 2 : 1; /* only a scan has one */
    return sks_tree_members (tree, root, NULL, rules, count, result);
}

int
sks_reply_read_result (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    static const sks_member_rule rules[] = {
        SKS_RULES_ANSWERED (sks_result),
        SKS_RULE_ITEMS (sks_result, notes, note_count, OPTIONAL, sks_note_items),
        SKS_RULE (sks_result, compared_by, TEXT, OPTIONAL),
        { "missing", SKS_MEMBER_TEXTS, SKS_MEMBER_OPTIONAL, offsetof (sks_result, missing),
          offsetof (sks_result, missing_count), NULL },
    };
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), result);
    if (rc)
        return rc;
    if (sks_tree_member (root, "facet"))
        return read_facet (tree, root, result);
    if (!sks_tree_member (root, "missing")) /* only a get has it */
        rc = is_plain (root) ? read_plain (tree, root, result) : read_search (tree, root, result);
    return rc ? rc : sks_reply_read_hits (tree, root, NULL, "hits", &result->hits, &result->hit_count);
}

/* ----------------------------------------------------------------- status */

static int
parse (const sks_tree *tree, cJSON **out, const char *bytes, size_t size)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, REPLY_DEPTH, REPLY_MEMBERS, SIZE_MAX, 0 };
    sks_error cause;
    int rc = sks_json_parse (out, bytes, size, &limits, &cause);
    if (rc == 0 || rc == SKS_ENOMEM)
        return rc ? sks_fail_memory (tree->err) : 0;
    return sks_fail_at (tree->err, tree->type_code, cause.at, "the reply is not JSON of this protocol: %s", cause.text);
}

/* Read the failure that a reply reports. An unknown code, perhaps of a newer daemon, must still be a failure. */
static int
read_failure (const sks_tree *tree, const cJSON *root)
{
    struct failure {
        const char *code, *message;
    } failure = { NULL, NULL };
    static const sks_member_rule rules[] = {
        SKS_RULE (struct failure, code, TEXT, PRESENT),
        SKS_RULE (struct failure, message, TEXT, PRESENT),
    };
    const sks_place here = { NULL, "error", 0 }, at_place = { &here, "at", 0 };
    const cJSON *item = sks_tree_member (root, "error");
    uint64_t at = 0;
    int rc = sks_tree_members (tree, item, &here, rules, SKS_COUNT (rules), &failure);
    if (rc)
        return rc;
    const cJSON *at_item = sks_tree_member (item, "at");
    if (at_item && (rc = sks_tree_whole (tree, at_item, &at_place, 0, SKS_MAX_REQUEST_BYTES, &at)))
        return rc;
    int code = sks_error_code_of_name (failure.code);
    if (code >= 0 || code <= -SKS_PROTOCOL_CODES)
        code = SKS_EINTERNAL;
    return sks_fail_at (tree->err, code, at_item ? (long) at : -1, "%s", failure.message);
}

int
sks_reply_read_status (const sks_tree *tree, const cJSON *root, int form)
{
    const sks_place v = { NULL, "v", 0 }, ok_place = { NULL, "ok", 0 };
    const cJSON *version_item = sks_tree_member (root, "v");
    uint64_t version = SKS_PROTOCOL_VERSION;
    bool ok = false;
    int rc = sks_tree_object (tree, root, NULL);
    if (rc == 0 && (version_item || form == SKS_REPLY_WHOLE))
        rc = sks_tree_whole (tree, version_item, &v, 0, SKS_WHOLE_MOST, &version);
    if (rc)
        return rc;
    if (version != SKS_PROTOCOL_VERSION)
        return sks_tree_refuse (tree, tree->type_code, &v, "not version %d", SKS_PROTOCOL_VERSION);
    rc = sks_tree_flag (tree, sks_tree_member (root, "ok"), &ok_place, &ok);
    return rc || ok ? rc : read_failure (tree, root);
}

int
sks_reply_parse (const sks_tree *tree, cJSON **root, const char *bytes, size_t size, int form)
{
    *root = NULL;
    int rc = parse (tree, root, bytes, size);
    return rc ? rc : sks_reply_read_status (tree, *root, form);
}

void *
sks_reply_decode (const char *bytes, size_t size, int form, size_t size_of, size_t json_at, size_t memory_at,
                  sks_answer_reader *read, int *rc, sks_error *err)
{
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root = NULL;
    char *answer = tree.memory ? sks_arena_alloc (tree.memory, size_of) : NULL;
    *rc = answer ? sks_reply_parse (&tree, &root, bytes, size, form) : sks_fail_memory (err);
    if (*rc == 0)
        *rc = read (&tree, root, answer);
    cJSON_Delete (root);
    char *json = *rc ? NULL : sks_arena_copy (tree.memory, bytes, size);
    if (*rc == 0 && !json)
        *rc = sks_fail_memory (err);
    if (*rc) {
        sks_arena_destroy (&tree.memory);
        return NULL;
    }
    memcpy (answer + json_at, &json, sizeof json);
    memcpy (answer + memory_at, &tree.memory, sizeof tree.memory);
    return answer;
}

int
sks_reply_decode_status (const char *bytes, size_t size, sks_error *err)
{
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root;
    if (!tree.memory)
        return sks_fail_memory (err);
    int rc = sks_reply_parse (&tree, &root, bytes, size, SKS_REPLY_WHOLE);
    cJSON_Delete (root);
    sks_arena_destroy (&tree.memory);
    return rc;
}

int
sks_reply_decode_multi (sks_result **results, sks_error *errors, size_t count, const char *bytes, size_t size,
                        sks_error *err)
{
    const sks_place place = { NULL, "replies", 0 };
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root = NULL;
    size_t found = 0, done = 0;
    int rc = tree.memory ? sks_reply_parse (&tree, &root, bytes, size, SKS_REPLY_WHOLE) : sks_fail_memory (err);
    const cJSON *list = sks_tree_member (root, "replies");
    if (rc == 0)
        rc = sks_tree_list (&tree, list, &place, SIZE_MAX, &found);
    if (rc == 0 && found != count)
        rc = sks_tree_refuse (&tree, tree.type_code, &place, "%zu replies to %zu requests", found, count);
    for (const cJSON *item = rc ? NULL : list->child; item && rc == 0; item = item->next) {
        sks_error own = { 0, -1, "" };
        sks_result *result = sks_result_create ();
        if (!result) {
            rc = sks_fail_memory (err);
            break;
        }
        const sks_tree part = { sks_result_arena (result), SKS_EPROTOCOL, SKS_EPROTOCOL, &own };
        int failed = sks_reply_read_status (&part, item, SKS_REPLY_WHOLE);
        if (failed == 0)
            failed = sks_reply_read_result (&part, item, result);
        if (failed)
            sks_result_destroy (&result);
        if (failed == SKS_ENOMEM)
            rc = sks_fail_memory (err);
        if (errors)
            errors[done] = own;
        results[done++] = result;
    }
    while (rc && done > 0)
        sks_result_destroy (&results[--done]);
    cJSON_Delete (root);
    sks_arena_destroy (&tree.memory);
    return rc;
}
