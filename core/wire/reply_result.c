/* reply_result.c - the replies to "search", "get", "similar", "scan" and "facet_values", and to a multi of searches. */
#include "core/base/result.h"
#include "core/base/schema.h"
#include "reply.h"

#include <cjson/cJSON.h>

/* A daemon of 0.1 has no unknown words, no notes and no near words. */
static const sks_member_rule suggestion_rules[] = {
    SKS_RULE (sks_suggestion, word, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, replacement, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, query, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, count, WHOLE, PRESENT),
};
static const sks_member_type suggestion_type = SKS_TYPE (suggestion_rules, sks_suggestion);

#define HITS SKS_RULE_ITEMS (sks_result, "hits", hits, hit_count, PRESENT, sks_hit_type)

static const sks_member_rule search_rules[] = {
    SKS_RULE (sks_result, total, WHOLE, PRESENT),
    SKS_RULE (sks_result, matched_all, WHOLE, PRESENT),
    SKS_RULE (sks_result, relaxed, FLAG, PRESENT),
    SKS_RULE (sks_result, read_as, TEXT, PRESENT),
    SKS_RULE_COUNTED (sks_result, ignored, ignored_count, TEXTS, PRESENT),
    SKS_RULE_COUNTED (sks_result, unknown, unknown_count, TEXTS, OPTIONAL),
    SKS_RULE_ITEMS (sks_result, "notes", notes, note_count, OPTIONAL, sks_note_type),
    SKS_RULE_ITEMS (sks_result, "near", near, near_count, FILLED, sks_near_type),
    SKS_RULE_OF (sks_result, "suggestion", suggestion, PART, NULLABLE, suggestion_type),
    HITS,
};
static const sks_member_type search_type = SKS_TYPE (search_rules, sks_result);

static const sks_member_rule get_rules[] = {
    HITS,
    SKS_RULE_COUNTED (sks_result, missing, missing_count, TEXTS, PRESENT),
};
static const sks_member_type get_type = SKS_TYPE (get_rules, sks_result);

static const sks_member_rule similar_rules[] = {
    SKS_RULE (sks_result, total, WHOLE, PRESENT),
    HITS,
    SKS_RULE (sks_result, compared_by, TEXT, OPTIONAL),
};
static const sks_member_type similar_type = SKS_TYPE (similar_rules, sks_result);

static const sks_member_rule scan_rules[] = {
    SKS_RULE (sks_result, total, WHOLE, PRESENT),
    HITS,
    SKS_RULE (sks_result, cursor, TEXT, NULLABLE),
};
static const sks_member_type scan_type = SKS_TYPE (scan_rules, sks_result);

static const sks_member_rule answered_rules[] = {
    SKS_RULES_ANSWERED (sks_result),
    SKS_RULE_ITEMS (sks_result, "notes", notes, note_count, OPTIONAL, sks_note_type),
};
static const sks_member_type answered_type = SKS_TYPE (answered_rules, sks_result);

static const sks_member_rule facet_value_rules[] = {
    SKS_RULE (sks_facet_value, value, TEXT, PRESENT),
    SKS_RULE (sks_facet_value, label, TEXT, PRESENT),
    SKS_RULE (sks_facet_value, count, WHOLE, PRESENT),
    SKS_RULE (sks_facet_value, selected, FLAG, PRESENT),
};
static const sks_member_type facet_value_type = SKS_TYPE (facet_value_rules, sks_facet_value);

static const sks_member_rule shards_rules[] = {
    SKS_RULE_AS (sks_result, "asked", shards_asked, PLACE, PRESENT),
    SKS_RULE_AS (sks_result, "answered", shards_answered, PLACE, PRESENT),
};
static const sks_member_type shards_type = SKS_TYPE (shards_rules, sks_result);

/* ---------------------------------------------------------------- writing */

/* Only of requests that allow a partial answer. */
static void
put_shards (sks_buffer *out, const sks_result *result)
{
    sks_json_put_flag (out, "partial", result->shards_answered < result->shards_asked);
    if (!result->shards_asked)
        return;
    sks_json_open_object (out, "shards");
    sks_members_put (out, &shards_type, result, NULL);
    sks_buffer_putc (out, '}');
}

/* A tree is one level deep, so the recursion is, too. */
static void
put_values (sks_buffer *out, const char *name, const sks_facet_value *values, size_t count)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        sks_json_open_item (out);
        sks_members_put (out, &facet_value_type, value, NULL);
        if (value->children) {
            put_values (out, "children", value->children, value->child_count);
            sks_json_put_count (out, "distinct", value->distinct);
        }
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_facets (sks_buffer *out, const sks_result *result)
{
    sks_json_open_object (out, "facets");
    for (size_t i = 0; i < result->facet_count; i++)
        put_values (out, sks_facet_name (result->facets[i].facet), result->facets[i].values, result->facets[i].count);
    sks_buffer_putc (out, '}');
    if (result->facet_count == 0)
        return;
    sks_json_open_object (out, "distinct");
    for (size_t i = 0; i < result->facet_count; i++)
        sks_json_put_count (out, sks_facet_name (result->facets[i].facet), result->facets[i].distinct);
    sks_buffer_putc (out, '}');
}

static void
put_facet (sks_buffer *out, const sks_facet_counts *facet)
{
    sks_json_open_object (out, "facet");
    sks_json_put_text (out, "name", sks_facet_name (facet->facet));
    put_values (out, "values", facet->values, facet->count);
    sks_json_put_count (out, "distinct", facet->distinct);
    sks_buffer_putc (out, '}');
}

int
sks_reply_encode_result (sks_buffer *out, const sks_request *request, const sks_result *result, sks_error *err)
{
    static const sks_member_type *const types[SKS_OPS] = {
        [SKS_OP_SEARCH] = &search_type,
        [SKS_OP_GET] = &get_type,
        [SKS_OP_SIMILAR] = &similar_type,
        [SKS_OP_SCAN] = &scan_type,
    };
    const sks_answered answered = { result->generation, result->took_us };
    sks_offset text;
    sks_reply_open_answer (out, request, &answered, &text);
    if (request->op == SKS_OP_FACET_VALUES)
        put_facet (out, result->facets);
    else
        sks_members_put (out, types[request->op], result, &text);
    if (request->query.partial)
        put_shards (out, result);
    if (request->op == SKS_OP_SEARCH)
        put_facets (out, result);
    else if (result->note_count) /* a search writes them already */
        sks_members_put_list (out, "notes", &sks_note_type, result->notes, result->note_count, &text);
    return sks_reply_close_answer (out, &answered, err);
}

/* ---------------------------------------------------------------- reading */

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
        if ((rc = sks_members_read (tree, item, &here, &facet_value_type, value)))
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
    if (rc || (rc = sks_tree_text (tree, sks_tree_member (object, "name"), &name_place, SIZE_MAX, &name)))
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
read_shards (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    const sks_place place = { NULL, "shards", 0 };
    const cJSON *object = sks_tree_member (root, "shards");
    int rc = object ? sks_tree_object (tree, object, &place) : 0;
    return rc || !object ? rc : sks_members_read (tree, object, &place, &shards_type, result);
}

static int
read_rest (const sks_tree *tree, const cJSON *root, void *out)
{
    const sks_member_type *own = &search_type;
    int rc = read_shards (tree, root, out);
    if (rc)
        return rc;
    if (sks_tree_member (root, "facet"))
        return read_facet (tree, root, out);
    if (sks_tree_member (root, "missing")) /* only a get has it */
        own = &get_type;
    else if (is_plain (root))
        own = sks_tree_member (root, "cursor") ? &scan_type : &similar_type;
    rc = sks_members_read (tree, root, NULL, own, out);
    return rc || own != &search_type ? rc : read_facets (tree, root, out);
}

int
sks_reply_read_result (const sks_tree *tree, const cJSON *root, sks_result *result)
{
    int rc = sks_members_read (tree, root, NULL, &answered_type, result);
    return rc ? rc : read_rest (tree, root, result);
}

SKS_DECODE (result, sks_result, answered_type, read_rest)

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
