/* status_reader.c - bytes -> the answers about the daemon itself. */
#include "reader.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* An object whose members are counts. */
static int
read_counts (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name,
             const sks_named_count **out, size_t *count)
{
    const sks_place place = { above, name, 0 };
    const cJSON *list = sks_tree_member (object, name);
    int rc = sks_tree_object (tree, list, &place);
    if (rc)
        return rc;
    *count = (size_t) cJSON_GetArraySize (list);
    sks_named_count *counts = sks_arena_array (tree->memory, *count, sizeof *counts), *next = counts;
    for (const cJSON *item = list->child; item && counts; item = item->next, next++) {
        const sks_place here = { &place, item->string, 0 };
        next->name = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!next->name)
            return sks_fail_memory (tree->err);
        if ((rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, &next->count)))
            return rc;
    }
    *out = counts;
    return counts ? 0 : sks_fail_memory (tree->err);
}

static int
read_hello (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_hello, name, TEXT, PRESENT),
        SKS_RULE (sks_hello, version, TEXT, PRESENT),
        SKS_RULE (sks_hello, protocol, PLACE, PRESENT),
        SKS_RULE (sks_hello, generation, WHOLE, PRESENT),
        SKS_RULE_TEXTS (sks_hello, operations, operation_count),
        SKS_RULE_TEXTS (sks_hello, facets, facet_count),
        SKS_RULE_TEXTS (sks_hello, levels, level_count),
    };
    sks_hello *hello = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), hello);
    return rc ? rc : read_counts (tree, root, NULL, "limits", &hello->limits, &hello->limit_count);
}

static int
read_health (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_health, status, TEXT, PRESENT),
        SKS_RULE (sks_health, generation, WHOLE, PRESENT),
        SKS_RULE (sks_health, statements, WHOLE, PRESENT),
    };
    return sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), out);
}

/* Add a number. Members of other types are read elsewhere or come from a newer daemon. */
static int
add_figure (const sks_tree *tree, const char *group, const cJSON *item, sks_daemon_stats *stats, sks_figure *figures)
{
    if (!cJSON_IsNumber (item))
        return 0;
    const char *name = sks_arena_copy (tree->memory, item->string, strlen (item->string));
    figures[stats->figure_count++] = (sks_figure) { group, name, item->valuedouble };
    return name ? 0 : sks_fail_memory (tree->err);
}

static bool
is_elsewhere (const char *name)
{
    static const char *const names[] = { "v", "replies", "latency", "by_op" };
    for (size_t i = 0; i < SKS_COUNT (names); i++)
        if (strcmp (name, names[i]) == 0)
            return true;
    return false;
}

static int
read_figures (const sks_tree *tree, const cJSON *root, sks_daemon_stats *stats)
{
    size_t max = 0;
    int rc = 0;
    for (const cJSON *item = root->child; item; item = item->next)
        max += 1 + (size_t) cJSON_GetArraySize (item);
    sks_figure *figures = sks_arena_array (tree->memory, max, sizeof *figures);
    if (!figures)
        return sks_fail_memory (tree->err);
    for (const cJSON *item = root->child; rc == 0 && item; item = item->next) {
        if (is_elsewhere (item->string))
            continue;
        if (!cJSON_IsObject (item)) {
            rc = add_figure (tree, "", item, stats, figures);
            continue;
        }
        const char *group = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!group)
            return sks_fail_memory (tree->err);
        for (const cJSON *member = item->child; rc == 0 && member; member = member->next)
            rc = add_figure (tree, group, member, stats, figures);
    }
    stats->figures = figures;
    return rc;
}

/* `replies`, `counts` and `sum_us`. There is a count for each bound. */
static int
read_reply_figures (const sks_tree *tree, const cJSON *replies, const cJSON *times, const sks_place *place,
                    size_t bounds, sks_reply_figures *out)
{
    static const sks_member_rule rules[] = { SKS_RULE (sks_reply_figures, sum_us, WHOLE, PRESENT) };
    const sks_place counts_place = { place, "counts", 0 };
    const cJSON *list = sks_tree_member (times, "counts");
    size_t count;
    int rc = sks_tree_members (tree, times, place, rules, SKS_COUNT (rules), out);
    if (rc || (rc = read_counts (tree, replies, NULL, "replies", &out->replies, &out->reply_count)))
        return rc;
    uint64_t *counts = sks_tree_array (tree, list, &counts_place, sizeof *counts, &count, &rc);
    if (rc)
        return rc;
    if (count != bounds)
        return sks_tree_refuse (tree, tree->type_code, &counts_place, "not %zu numbers", bounds);
    sks_place here = { &counts_place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++)
        if ((rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, &counts[here.index])))
            return rc;
    out->counts = counts;
    return 0;
}

static int
read_bounds (const sks_tree *tree, const cJSON *latency, const sks_place *above, sks_daemon_stats *stats)
{
    const sks_place place = { above, "buckets_us", 0 };
    const cJSON *list = sks_tree_member (latency, "buckets_us");
    int rc;
    double *bounds = sks_tree_array (tree, list, &place, sizeof *bounds, &stats->bound_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        bounds[here.index] = HUGE_VAL;
        if (item->next && (rc = sks_tree_number (tree, item, &here, &bounds[here.index])))
            return rc;
    }
    stats->bounds_us = bounds;
    return 0;
}

static int
read_stats (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_daemon_stats, version, TEXT, PRESENT),
        SKS_RULE (sks_daemon_stats, generation, WHOLE, PRESENT),
    };
    const sks_place latency_place = { NULL, "latency", 0 }, place = { NULL, "by_op", 0 };
    const cJSON *latency = sks_tree_member (root, "latency"), *by_op = sks_tree_member (root, "by_op");
    sks_daemon_stats *stats = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), stats);
    if (rc || (rc = read_figures (tree, root, stats)) || (rc = read_bounds (tree, latency, &latency_place, stats)) ||
        (rc = read_reply_figures (tree, root, latency, &latency_place, stats->bound_count, &stats->all)) ||
        (rc = sks_tree_object (tree, by_op, &place)))
        return rc;
    sks_reply_figures *operations =
        sks_arena_array (tree->memory, (size_t) cJSON_GetArraySize (by_op), sizeof *operations);
    for (const cJSON *item = by_op->child; item && operations; item = item->next) {
        const sks_place here = { &place, item->string, 0 };
        sks_reply_figures *of = &operations[stats->operation_count++];
        of->operation = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!of->operation)
            return sks_fail_memory (tree->err);
        if ((rc = read_reply_figures (tree, item, item, &here, stats->bound_count, of)))
            return rc;
    }
    stats->operations = operations;
    return operations ? 0 : sks_fail_memory (tree->err);
}

const sks_figure *
sks_daemon_stats_find (const sks_daemon_stats *stats, const char *group, const char *name)
{
    bool whole = stats && group && name;
    for (size_t i = 0; whole && i < stats->figure_count; i++)
        if (strcmp (stats->figures[i].group, group) == 0 && strcmp (stats->figures[i].name, name) == 0)
            return &stats->figures[i];
    return NULL;
}

SKS_DECODE (hello, sks_hello, read_hello)
SKS_DECODE (health, sks_health, read_health)
SKS_DECODE (stats, sks_daemon_stats, read_stats)
SKS_DECODE_FORM (stats_body, sks_daemon_stats, read_stats, SKS_REPLY_BODY)

SKS_DESTROY (sks_hello)
SKS_DESTROY (sks_health)
SKS_DESTROY (sks_daemon_stats)
