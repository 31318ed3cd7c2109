/* case_package.c - items by their identifiers, then associations, then statements in the order of the items. */
#include "case_package.h"

#include "core/base/bisect.h"
#include "case_document.h"
#include "export_statements.h"
#include "export_text.h"
#include "export_value.h"
#include "locator.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UNKNOWN_LEVEL (-1)
#define MANY_LEVELS (-2)

struct item {
    const char *identifier, *type;
    const cJSON *json;
    size_t number;       /* in CFItems */
    bool is_level;       /* it is a level, not a statement */
    bool is_parent;      /* another item is its child */
    bool is_double;      /* an earlier item has its identifier */
    bool is_reached;     /* no circle of associations: it has a level, or an item without children is below it */
    int level;           /* of a level or a statement, or UNKNOWN_LEVEL or MANY_LEVELS */
    unsigned long place; /* the sequence number below its level; 0: unknown */
};

/* An association isChildOf. */
struct edge {
    struct item *child, *parent;
};

struct reading {
    sks_export_reader *r;
    struct item *items, **sorted; /* in their order; by identifier */
    size_t count;
    struct edge *edges; /* by their child, after read_associations */
    size_t edge_count;
    const struct item *levels[SKS_LEVELS]; /* the first item of each */
    bool has_levels;
};

static const cJSON *
member (const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive (object, name);
}

/* A member that is a string, "" if it is not. */
static const char *
text_of (const cJSON *object, const char *name)
{
    const cJSON *text = member (object, name);
    return cJSON_IsString (text) ? text->valuestring : "";
}

static void
complain (struct reading *reading, int problem, const char *list, size_t number, const char *name, const char *reason)
{
    char pointer[SKS_POINTER_BYTES];
    snprintf (pointer, sizeof pointer, "/%s/%zu%s%s", list, number, *name ? "/" : "", name);
    sks_report_add (reading->r->report, problem, reading->r->file, pointer, -1, "%s", reason);
}

/* A list of the package. A missing one is empty. */
static const cJSON *
list_of (struct reading *reading, const cJSON *root, const char *name)
{
    char pointer[SKS_POINTER_BYTES];
    const cJSON *list = member (root, name);
    if (!list || cJSON_IsNull (list) || cJSON_IsArray (list))
        return list;
    snprintf (pointer, sizeof pointer, "/%s", name);
    sks_report_add (reading->r->report, SKS_PROBLEM_TYPE, reading->r->file, pointer, -1, "must be an array");
    reading->r->bad = true;
    return NULL;
}

/* ------------------------------------------------------------------ items */

/* By identifier, whose letters may be capitals in CASE 1.0; then in their order. */
static int
by_identifier (const void *left, const void *right)
{
    const struct item *a = *(struct item *const *) left, *b = *(struct item *const *) right;
    int order = strcasecmp (a->identifier, b->identifier);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* The level that an item of the type "Level" stands for. If its text is the name of another level than its code, one of
 * them may be a mistake. */
static int
level_of (struct reading *reading, const cJSON *json, size_t number)
{
    const char *scheme = text_of (json, "humanCodingScheme"), *slash = strrchr (scheme, '/');
    int coded = slash ? sks_export_value_level (slash + 1) : UNKNOWN_LEVEL;
    int named = sks_export_value_level (text_of (json, "fullStatement"));
    if (coded >= 0 && named >= 0 && coded != named) {
        char pointer[SKS_POINTER_BYTES];
        snprintf (pointer, sizeof pointer, "/CFItems/%zu/fullStatement", number);
        sks_report_warn (reading->r->report, reading->r->file, pointer,
                         "the name of another level than in humanCodingScheme, which is used");
    }
    return coded >= 0 ? coded : named;
}

/* Keep the label of a level. Several items may be the same level, as of several documents that were joined: the first
 * one gives the label, and the statements of all are taken together. */
static void
read_label (struct reading *reading, const struct item *item)
{
    char pointer[SKS_POINTER_BYTES];
    const char **labels = reading->r->export->edition.labels;
    const struct item *first = reading->levels[item->level];
    snprintf (pointer, sizeof pointer, "/CFItems/%zu/fullStatement", item->number);
    const char *label = sks_export_text_name (reading->r, item->json, "fullStatement", pointer);
    if (!first) {
        labels[item->level] = label;
        reading->levels[item->level] = item;
    } else if (strcmp (labels[item->level], label) != 0)
        sks_report_add (reading->r->report, SKS_PROBLEM_VALUE, reading->r->file, pointer, -1,
                        "/CFItems/%zu is the same level with another label, which is used", first->number);
    else
        sks_report_warn (reading->r->report, reading->r->file, pointer,
                         "/CFItems/%zu is the same level; their statements are taken together", first->number);
}

static void
read_item (struct reading *reading, const cJSON *json, size_t number)
{
    struct item *item = &reading->items[reading->count];
    *item = (struct item) { .identifier = text_of (json, "identifier"),
                            .type = text_of (json, "CFItemType"),
                            .json = json,
                            .number = number,
                            .level = UNKNOWN_LEVEL };
    if (!*item->type)
        item->type = text_of (member (json, "CFItemTypeURI"), "title");
    if (!*item->identifier) {
        complain (reading, SKS_PROBLEM_MISSING, "CFItems", number, "identifier", "this required member is missing");
        return;
    }
    item->is_level = strcasecmp (item->type, "Level") == 0;
    if (item->is_level) {
        item->level = level_of (reading, json, number);
        if (item->level < 0)
            complain (reading, SKS_PROBLEM_LEVEL, "CFItems", number, "",
                      "levels are emerging, developing, proficient and advanced");
        else
            read_label (reading, item);
        reading->has_levels |= item->level >= 0;
    }
    reading->sorted[reading->count++] = item;
}

static bool
read_items (struct reading *reading, const cJSON *root)
{
    sks_export_reader *r = reading->r;
    const cJSON *list = list_of (reading, root, "CFItems"), *json;
    size_t max = (size_t) cJSON_GetArraySize (list), number = 0;
    if (r->bad)
        return false;
    if (!max || max > SKS_MAX_PACKAGE_ITEMS) {
        sks_report_add (r->report, max ? SKS_PROBLEM_TOO_LONG : SKS_PROBLEM_EMPTY, r->file, "/CFItems", -1,
                        max ? "%zu items, at most %d" : "a CFPackage without items", max, SKS_MAX_PACKAGE_ITEMS);
        r->bad = true;
        return false;
    }
    reading->items = sks_arena_array (r->memory, max + 1, sizeof *reading->items);
    reading->sorted = sks_arena_array (r->memory, max + 1, sizeof *reading->sorted);
    r->no_memory |= !reading->items || !reading->sorted;
    if (r->no_memory || !sks_export_statements_begin (r, max))
        return false;
    cJSON_ArrayForEach (json, list) read_item (reading, json, number++);
    qsort (reading->sorted, reading->count, sizeof (struct item *), by_identifier);
    for (size_t i = 1; i < reading->count; i++) {
        struct item *item = reading->sorted[i];
        item->is_double = strcasecmp (item->identifier, reading->sorted[i - 1]->identifier) == 0;
        if (item->is_double)
            complain (reading, SKS_PROBLEM_DUPLICATE, "CFItems", item->number, "identifier",
                      "an earlier item has the same identifier; left out");
    }
    return true;
}

/* ----------------------------------------------------------- associations */

/* The item at an end of an association; NULL if it is not in the package. */
static struct item *
find_item (struct reading *reading, const cJSON *association, const char *end)
{
    struct item key = { .identifier = text_of (member (association, end), "identifier") };
    size_t low = 0, high = reading->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp (reading->sorted[middle]->identifier, key.identifier) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < reading->count && strcasecmp (reading->sorted[low]->identifier, key.identifier) == 0;
    return found ? reading->sorted[low] : NULL;
}

/* The statement `from` belongs to the level `to`. */
static void
set_level (struct reading *reading, struct item *from, const struct item *to, const cJSON *association, size_t number)
{
    const cJSON *place = member (association, "sequenceNumber");
    if (from->level != UNKNOWN_LEVEL && from->level != to->level) {
        if (from->level != MANY_LEVELS)
            complain (reading, SKS_PROBLEM_LEVEL, "CFAssociations", number, "",
                      "the statement has another level already; left out");
        from->level = MANY_LEVELS;
        return;
    }
    from->level = to->level;
    if (!from->place && cJSON_IsNumber (place) && place->valuedouble >= 1 &&
        place->valuedouble <= SKS_MAX_LEVEL_STATEMENTS && floor (place->valuedouble) >= place->valuedouble)
        from->place = (unsigned long) place->valuedouble;
}

static int
by_child (const void *left, const void *right)
{
    const struct edge *a = left, *b = right;
    return (a->child > b->child) - (a->child < b->child);
}

/* Mark all items above an item; `stack` has space for all items, and each is put there once. */
static void
mark_above (struct reading *reading, struct item *from, struct item **stack)
{
    size_t height = 0;
    from->is_reached = true;
    for (stack[height++] = from; height;) {
        const struct item *child = stack[--height];
        size_t low = 0, high = reading->edge_count;
        SKS_BISECT (low, high, at, reading->edges[at].child < child)
        for (; low < reading->edge_count && reading->edges[low].child == child; low++) {
            struct item *parent = reading->edges[low].parent;
            if (!parent->is_reached)
                stack[height++] = parent;
            parent->is_reached = true;
        }
    }
}

/* Find out which items are headings, and which are only children of each other: those are not. */
static void
find_headings (struct reading *reading)
{
    struct item **stack = sks_arena_array (reading->r->memory, reading->count + 1, sizeof *stack);
    reading->r->no_memory |= !stack;
    if (reading->edge_count)
        qsort (reading->edges, reading->edge_count, sizeof *reading->edges, by_child);
    for (size_t i = 0; stack && i < reading->count; i++) {
        struct item *item = &reading->items[i];
        if (!item->is_reached && (!item->is_parent || item->level != UNKNOWN_LEVEL))
            mark_above (reading, item, stack);
    }
}

static void
read_associations (struct reading *reading, const cJSON *root)
{
    size_t number = 0;
    const cJSON *json, *list = list_of (reading, root, "CFAssociations");
    size_t max = (size_t) cJSON_GetArraySize (list);
    reading->edges = sks_arena_array (reading->r->memory, max + 1, sizeof *reading->edges);
    reading->r->no_memory |= !reading->edges;
    if (!reading->edges)
        return;
    cJSON_ArrayForEach (json, list)
    {
        bool child = strcmp (text_of (json, "associationType"), "isChildOf") == 0;
        bool levelled = strcmp (text_of (json, "associationType"), "hasSkillLevel") == 0;
        struct item *from = child || levelled ? find_item (reading, json, "originNodeURI") : NULL;
        struct item *to = from ? find_item (reading, json, "destinationNodeURI") : NULL;
        if (to && child) {
            to->is_parent = true;
            reading->edges[reading->edge_count++] = (struct edge) { from, to };
        }
        if (to && to->is_level && to->level >= 0 && !from->is_level)
            set_level (reading, from, to, json, number);
        number++;
    }
    find_headings (reading);
}

/* ------------------------------------------------------------- statements */

/* The level of a statement; negative, and reported, if it has none. An item that has children is a heading. */
static int
find_level (struct reading *reading, struct item *item)
{
    if (!reading->has_levels)
        item->level = sks_export_value_level (item->type);
    if (item->level == UNKNOWN_LEVEL && !item->is_parent)
        complain (reading, SKS_PROBLEM_LEVEL, "CFItems", item->number, reading->has_levels ? "" : "CFItemType",
                  reading->has_levels ? "no association hasSkillLevel or isChildOf with a level of this package"
                                      : "levels are emerging, developing, proficient and advanced");
    else if (item->level == UNKNOWN_LEVEL && !item->is_reached)
        complain (reading, SKS_PROBLEM_LEVEL, "CFItems", item->number, "",
                  "no level, and no heading: all items below it are above it, too");
    return item->level;
}

/* The position in listEnumeration, 0 if that is not a number. */
static unsigned long
number_of (const struct item *item)
{
    const char *number = text_of (item->json, "listEnumeration");
    char *end;
    unsigned long position = *number >= '0' && *number <= '9' ? strtoul (number, &end, 10) : 0;
    return position && !*end ? position : 0;
}

/* Set the position of the statement that was added last: the first number that is free. */
static void
place_statement (struct reading *reading, const struct item *item)
{
    unsigned long position = number_of (item);
    if (!sks_export_statements_claim (reading->r, position))
        sks_export_statements_claim (reading->r, item->place);
}

static void
read_statement (struct reading *reading, struct item *item)
{
    char pointer[SKS_POINTER_BYTES];
    const cJSON *text = member (item->json, "fullStatement");
    if (item->is_level || item->is_double || find_level (reading, item) < 0)
        return;
    snprintf (pointer, sizeof pointer, "/CFItems/%zu/fullStatement", item->number);
    if (!cJSON_IsString (text))
        complain (reading, text ? SKS_PROBLEM_TYPE : SKS_PROBLEM_MISSING, "CFItems", item->number, "fullStatement",
                  "must be a string");
    else if (sks_export_statements_add (reading->r, text->valuestring, pointer, item->level, 0, item->number)) {
        place_statement (reading, item);
        if (item->is_parent)
            sks_report_warn (reading->r->report, reading->r->file, pointer,
                             "other items are below it; it is indexed as a statement, as it has a level");
        return;
    }
    unsigned long position = number_of (item);
    sks_export_statements_reserve (reading->r, item->level, position ? position : item->place);
}

/* A package without levels; they could only be invented. */
static void
refuse (struct reading *reading)
{
    sks_report_add (reading->r->report, SKS_PROBLEM_LEVEL, reading->r->file, "/CFItems", -1,
                    "a CFPackage whose items have no level, and a level must not be invented");
    sks_report_explain (reading->r->report, "If the types of its items are emerging, developing, proficient and "
                                            "advanced: --level-from CFItemType.\n");
    reading->r->bad = true;
}

bool
sks_case_package_is (const cJSON *root)
{
    return member (root, "CFDocument") != NULL;
}

void
sks_case_package_read (sks_export_reader *r, const cJSON *root, bool level_from_type)
{
    struct reading reading = { .r = r };
    r->export->locator = &sks_locator_package;
    for (int level = 0; level < SKS_LEVELS; level++)
        r->export->edition.labels[level] = "";
    if (!read_items (&reading, root))
        return;
    if (!reading.has_levels && !level_from_type && !r->bad) {
        refuse (&reading);
        return;
    }
    sks_case_document_read (r, member (root, "CFDocument"));
    read_associations (&reading, root);
    for (size_t i = 0; i < reading.count; i++)
        read_statement (&reading, &reading.items[i]);
    sks_export_statements_place (r);
    if (!r->bad && !r->export->count) {
        sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, "/CFItems", -1, "no usable statement");
        r->bad = true;
    }
}
