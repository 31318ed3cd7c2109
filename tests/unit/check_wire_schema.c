/* check_wire_schema.c - docs/schema agrees with the tables of the wire. Tests run in the top folder of the sources. */
#include "core/base/schema.h"
#include "core/wire/reply_table.h"
#include "core/wire/request_table.h"
#include "tests/support/request.h"

#include <cjson/cJSON.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_wire_schema (void);

static cJSON *
read_schema (const char *name)
{
    char path[128];
    static char text[1 << 16];
    snprintf (path, sizeof path, "docs/schema/%s.json", name);
    FILE *file = fopen (path, "r");
    ck_assert_msg (file != NULL, "%s cannot be read", path);
    size_t size = fread (text, 1, sizeof text - 1, file);
    fclose (file);
    text[size] = '\0';
    cJSON *root = cJSON_Parse (text);
    ck_assert_msg (root != NULL, "%s is not JSON", path);
    return root;
}

/* The schema that "$ref": "#/$defs/NAME" names. */
static const cJSON *
resolve (const cJSON *root, const cJSON *schema)
{
    const cJSON *ref = cJSON_GetObjectItemCaseSensitive (schema, "$ref");
    if (!ref)
        return schema;
    return cJSON_GetObjectItemCaseSensitive (cJSON_GetObjectItemCaseSensitive (root, "$defs"),
                                             ref->valuestring + strlen ("#/$defs/"));
}

static double
number_of (const cJSON *schema, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (schema, name);
    return item ? item->valuedouble : -1;
}

static bool
has_text (const cJSON *list, const char *text)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, list) if (strcmp (item->valuestring, text) == 0) return true;
    return false;
}

static void
expect_names (const cJSON *schema, const char *(*name_of) (int), const char *where)
{
    const cJSON *names = cJSON_GetObjectItemCaseSensitive (schema, "enum");
    int count = 0;
    for (; name_of (count); count++)
        ck_assert_msg (has_text (names, name_of (count)), "%s: no %s in the schema", where, name_of (count));
    ck_assert_msg (cJSON_GetArraySize (names) == count, "%s: the wire lacks a name of the schema", where);
}

/* Limits of lists and texts, and names, must equal those of the table. */
static void
expect_row (const cJSON *root, const cJSON *schema, const sks_request_member *row)
{
    const cJSON *items = resolve (root, cJSON_GetObjectItemCaseSensitive (schema, "items"));
    if (row->kind == SKS_REQUEST_TEXT)
        ck_assert_msg (number_of (schema, "maxLength") == (double) row->limit, "%s: maxLength", row->name);
    if (row->kind == SKS_REQUEST_TEXTS || row->kind == SKS_REQUEST_PAIR) {
        ck_assert_msg (number_of (items, "maxLength") == (double) row->limit, "%s: maxLength of items", row->name);
        double max = row->kind == SKS_REQUEST_PAIR ? 2 : (double) row->max;
        ck_assert_msg (number_of (schema, "maxItems") == max, "%s: maxItems", row->name);
    }
    if (row->kind == SKS_REQUEST_NUMBER)
        ck_assert_msg (number_of (schema, "maximum") == (double) row->limit, "%s: maximum", row->name);
    if (row->kind == SKS_REQUEST_NAME)
        expect_names (schema, row->name_of, row->name);
    if (row->kind == SKS_REQUEST_BITS) {
        expect_names (items, row->name_of, row->name);
        ck_assert_msg (number_of (schema, "maxItems") == (double) row->max, "%s: maxItems", row->name);
    }
}

static bool
is_status (int op)
{
    return op == SKS_OP_HELLO || op == SKS_OP_STATS || op == SKS_OP_HEALTH;
}

/* Members of all operations are separate in the schema. */
START_TEST (requests_have_the_members_of_the_table)
{
    cJSON *root = read_schema ("request");
    const cJSON *defs = cJSON_GetObjectItemCaseSensitive (root, "$defs");
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive (defs, is_status (_i) ? "status" : sks_op_name (_i));
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive (schema, "properties");
    const cJSON *required = cJSON_GetObjectItemCaseSensitive (schema, "required");
    const sks_request_member *row;
    int count = 1; /* op */
    ck_assert_msg (properties != NULL, "no schema of %s", sks_op_name (_i));
    for (size_t i = 0; (row = sks_request_member_at (i)); i++) {
        if (!(row->operations & 1u << _i) || row->kind == SKS_REQUEST_HEAD || strcmp (row->name, "deadline_ms") == 0)
            continue;
        const cJSON *member = cJSON_GetObjectItemCaseSensitive (properties, row->name);
        ck_assert_msg (member != NULL, "%s: no %s in the schema", sks_op_name (_i), row->name);
        ck_assert_msg (has_text (required, row->name) == ((row->required & 1u << _i) != 0),
                       "%s: schema and table differ on whether %s is required", sks_op_name (_i), row->name);
        expect_row (root, resolve (root, member), row);
        count++;
    }
    ck_assert_msg (cJSON_GetArraySize (properties) == count, "%s: the table lacks a member of the schema",
                   sks_op_name (_i));
    cJSON_Delete (root);
}
END_TEST

START_TEST (schemas_name_all_facets)
{
    cJSON *root = read_schema ("request"), *reply = read_schema ("reply-search");
    const cJSON *defs = cJSON_GetObjectItemCaseSensitive (root, "$defs");
    const cJSON *filter = cJSON_GetObjectItemCaseSensitive (defs, "filter");
    const cJSON *search = cJSON_GetObjectItemCaseSensitive (defs, "search");
    const cJSON *filters = cJSON_GetObjectItemCaseSensitive (filter, "properties");
    const cJSON *facets =
        cJSON_GetObjectItemCaseSensitive (cJSON_GetObjectItemCaseSensitive (search, "properties"), "facets");
    expect_names (cJSON_GetObjectItemCaseSensitive (defs, "facet"), sks_facet_name, "request");
    expect_names (cJSON_GetObjectItemCaseSensitive (cJSON_GetObjectItemCaseSensitive (reply, "$defs"), "facet"),
                  sks_facet_name, "reply");
    ck_assert_int_eq (cJSON_GetArraySize (filters), SKS_FACETS);
    ck_assert_int_eq ((int) number_of (facets, "maxItems"), SKS_FACETS);
    for (int facet = 0; facet < SKS_FACETS; facet++)
        ck_assert_ptr_nonnull (cJSON_GetObjectItemCaseSensitive (filters, sks_facet_name (facet)));
    cJSON_Delete (root);
    cJSON_Delete (reply);
}
END_TEST

static const char *const replies_with_hits[] = { "search", "get", "similar", "scan", "compare", "crosswalk", "map" };

/* Schemas of objects with more members than a hit list those. */
START_TEST (hits_have_the_members_of_the_table)
{
    char name[32];
    snprintf (name, sizeof name, "reply-%s", replies_with_hits[_i]);
    cJSON *root = read_schema (name);
    const cJSON *hit = cJSON_GetObjectItemCaseSensitive (cJSON_GetObjectItemCaseSensitive (root, "$defs"), "hit");
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive (hit, "properties");
    const cJSON *required = cJSON_GetObjectItemCaseSensitive (hit, "required");
    ck_assert_msg (properties != NULL, "%s has no definition of a hit", name);
    for (size_t i = 0; i < sks_hit_type.count; i++) {
        const sks_member_rule *rule = &sks_hit_type.rules[i];
        bool optional = rule->need >= SKS_MEMBER_OPTIONAL;
        ck_assert_msg (has_text (required, rule->name) == !optional,
                       "%s: schema and table differ on whether %s is required", name, rule->name);
        if (!optional)
            ck_assert_msg (cJSON_GetObjectItemCaseSensitive (properties, rule->name) != NULL, "%s: no %s", name,
                           rule->name);
    }
    const cJSON *property;
    cJSON_ArrayForEach (property, properties)
    {
        bool known = false;
        for (size_t i = 0; i < sks_hit_type.count; i++)
            known |= strcmp (sks_hit_type.rules[i].name, property->string) == 0;
        ck_assert_msg (known, "%s: a hit has no %s", name, property->string);
    }
    cJSON_Delete (root);
}
END_TEST

Suite *
suite_wire_schema (void)
{
    Suite *suite = suite_create ("wire_schema");
    TCase *tests = tcase_create ("schema");
    tcase_add_loop_test (tests, requests_have_the_members_of_the_table, 0, SKS_OPS);
    tcase_add_test (tests, schemas_name_all_facets);
    tcase_add_loop_test (tests, hits_have_the_members_of_the_table, 0, SKS_COUNT (replies_with_hits));
    suite_add_tcase (suite, tests);
    return suite;
}
