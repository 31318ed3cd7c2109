/* members.c - one switch to read and one to write. */
#include "members.h"

#include "core/base/schema.h"

#include <cjson/cJSON.h>
#include <string.h>

/* ---------------------------------------------------------------- reading */

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

/* Ascending spans that do not overlap. */
static int
read_spans (const sks_tree *tree, const cJSON *list, const sks_place *place, size_t max, const sks_span **out,
            size_t *count)
{
    size_t min = 0;
    int rc;
    sks_span *spans = sks_tree_array (tree, list, place, sizeof *spans, count, &rc);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = rc ? NULL : list->child; item && rc == 0; item = item->next, here.index++) {
        rc = read_span (tree, item, &here, min, max, &spans[here.index]);
        min = spans[here.index].end;
    }
    *out = spans;
    return rc;
}

static int
read_places (const sks_tree *tree, const cJSON *list, const sks_place *place, const uint32_t **out, size_t *count)
{
    int rc;
    uint32_t *places = sks_tree_array (tree, list, place, sizeof *places, count, &rc);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = rc ? NULL : list->child; item && rc == 0; item = item->next, here.index++)
        rc = sks_tree_uint (tree, item, &here, 0, UINT32_MAX, &places[here.index]);
    *out = places;
    return rc;
}

static int
read_items (const sks_tree *tree, const cJSON *list, const sks_place *place, const sks_member_type *type,
            const void **out, size_t *count)
{
    int rc;
    char *records = sks_tree_array (tree, list, place, type->size, count, &rc);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = rc ? NULL : list->child; item && rc == 0; item = item->next, here.index++)
        rc = sks_members_read (tree, item, &here, type, records + here.index * type->size);
    *out = records;
    return rc;
}

static int
read_record (const sks_tree *tree, const cJSON *item, const sks_place *place, const sks_member_type *type,
             const void **out)
{
    void *record = sks_arena_array (tree->memory, 1, type->size);
    *out = record;
    return record ? sks_members_read (tree, item, place, type, record) : sks_fail_memory (tree->err);
}

static int
read_levels (const sks_tree *tree, const cJSON *levels, const sks_place *place, const sks_member_type *type, void *out)
{
    int rc = sks_tree_object (tree, levels, place);
    for (int level = 0; rc == 0 && level < SKS_LEVELS; level++) {
        const sks_place here = { place, sks_level_name (level), 0 };
        const cJSON *item = sks_tree_member (levels, here.name);
        if (!type)
            rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, (uint64_t *) out + level);
        else if (!cJSON_IsNull (item))
            rc = sks_members_read (tree, item, &here, type, (char *) out + (size_t) level * type->size);
    }
    return rc;
}

/* Read a member of the object that the structure at out is read from. */
static int
read_member (const sks_tree *tree, const cJSON *item, const sks_place *place, const sks_member_rule *rule,
             const sks_member_type *type, char *out)
{
    void *at = out + rule->offset, *own = out + type->text, *count = out + rule->count_offset;
    uint64_t whole = 0;
    bool flag = false;
    int rc = 0;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
        return sks_tree_text (tree, item, place, SIZE_MAX, at);
    case SKS_MEMBER_TEXTS:
        return sks_tree_texts (tree, item, place, SIZE_MAX, SIZE_MAX, at, count);
    case SKS_MEMBER_WHOLE:
        return sks_tree_whole (tree, item, place, 0, SKS_WHOLE_MOST, at);
    case SKS_MEMBER_PLACE:
    case SKS_MEMBER_BYTE:
        return sks_tree_uint (tree, item, place, 0, UINT32_MAX, at);
    case SKS_MEMBER_PLACES:
        return read_places (tree, item, place, at, count);
    case SKS_MEMBER_SPANS:
        return read_spans (tree, item, place, type->text ? strlen (*(const char *const *) own) : UINT32_MAX, at, count);
    case SKS_MEMBER_REAL:
        return sks_tree_number (tree, item, place, at);
    case SKS_MEMBER_FLAG:
        rc = sks_tree_flag (tree, item, place, &flag);
        *(int *) at = flag;
        return rc;
    case SKS_MEMBER_LEVEL:
        return sks_tree_choice (tree, item, place, sks_level_name, at);
    case SKS_MEMBER_STATED:
        rc = cJSON_IsNull (item) ? 0 : sks_tree_flag (tree, item, place, &flag);
        *(int *) at = cJSON_IsNull (item) ? -1 : flag;
        return rc;
    case SKS_MEMBER_ZONE:
        rc = cJSON_IsNull (item) ? 0 : sks_tree_whole (tree, item, place, 1, SKS_ZONES, &whole);
        *(int *) at = (int) whole;
        return rc;
    case SKS_MEMBER_ITEMS:
        return read_items (tree, item, place, rule->type, at, count);
    case SKS_MEMBER_RECORD:
    case SKS_MEMBER_MERGED:
        return read_record (tree, item, place, rule->type, at);
    case SKS_MEMBER_PART:
        return sks_members_read (tree, item, place, rule->type, at);
    case SKS_MEMBER_LEVELS:
        return read_levels (tree, item, place, rule->type, at);
    }
    return rc;
}

int
sks_members_read (const sks_tree *tree, const cJSON *object, const sks_place *place, const sks_member_type *type,
                  void *out)
{
    int rc = sks_tree_object (tree, object, place);
    for (size_t i = 0; rc == 0 && i < type->count; i++) {
        const sks_member_rule *rule = &type->rules[i];
        const sks_place here = { place, rule->name, 0 };
        bool merged = rule->kind == SKS_MEMBER_MERGED;
        const cJSON *item = merged ? object : sks_tree_member (object, rule->name);
        bool absent =
            (rule->need == SKS_MEMBER_NULLABLE && cJSON_IsNull (item)) || (rule->need >= SKS_MEMBER_OPTIONAL && !item);
        if (rule->need == SKS_MEMBER_UNSENT)
            *(const char **) (void *) ((char *) out + rule->offset) = "";
        else if (!absent)
            rc = read_member (tree, item, merged ? place : &here, rule, type, out);
    }
    return rc;
}

/* ---------------------------------------------------------------- writing */

/* Whether an optional member is left out. */
static bool
is_empty (const sks_member_rule *rule, const char *from)
{
    const void *at = from + rule->offset, *count = from + rule->count_offset;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
    case SKS_MEMBER_RECORD:
        return !*(const void *const *) at;
    case SKS_MEMBER_WHOLE:
        return !*(const uint64_t *) at;
    case SKS_MEMBER_PLACE:
        return !*(const uint32_t *) at;
    case SKS_MEMBER_FLAG:
        return !*(const int *) at;
    case SKS_MEMBER_PLACES:
    case SKS_MEMBER_ITEMS:
        return (rule->need == SKS_MEMBER_GIVEN && !*(const void *const *) at) ||
               (rule->need == SKS_MEMBER_FILLED && !*(const size_t *) count);
    default:
        return false;
    }
}

static void
put_places (sks_buffer *out, const char *name, const uint32_t *places, size_t count)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        sks_buffer_number (out, places[i]);
    }
    sks_buffer_putc (out, ']');
}

static void
put_spans (sks_buffer *out, const char *name, const sks_span *spans, size_t count, sks_offset *text)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? ",[" : "[");
        sks_buffer_number (out, sks_offset_of (text, spans[i].start));
        sks_buffer_putc (out, ',');
        sks_buffer_number (out, sks_offset_of (text, spans[i].end));
        sks_buffer_putc (out, ']');
    }
    sks_buffer_putc (out, ']');
}

static void
put_object (sks_buffer *out, const char *name, const sks_member_type *type, const void *from, bool nullable,
            sks_offset *text)
{
    const void *first = (const char *) from + type->rules->offset;
    if (nullable && !*(const void *const *) first) {
        sks_json_put_text (out, name, NULL);
        return;
    }
    sks_json_open_object (out, name);
    sks_members_put (out, type, from, text);
    sks_buffer_putc (out, '}');
}

static void
put_levels (sks_buffer *out, const char *name, const sks_member_type *type, const void *from, sks_offset *text)
{
    sks_json_open_object (out, name);
    for (int level = 0; level < SKS_LEVELS; level++)
        if (type)
            put_object (out, sks_level_name (level), type, (const char *) from + (size_t) level * type->size, true,
                        text);
        else
            sks_json_put_count (out, sks_level_name (level), ((const uint64_t *) from)[level]);
    sks_buffer_putc (out, '}');
}

/* Write a member of the structure at `from`. */
static void
put_member (sks_buffer *out, const sks_member_rule *rule, const sks_member_type *type, const char *from,
            sks_offset *text)
{
    const void *at = from + rule->offset, *own = from + type->text;
    const size_t *count = (const void *) (from + rule->count_offset);
    bool nullable = rule->need == SKS_MEMBER_NULLABLE;
    const char *value;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
        value = *(const char *const *) at;
        sks_json_put_text (out, rule->name, value || nullable ? value : "");
        break;
    case SKS_MEMBER_TEXTS:
        sks_json_put_texts (out, rule->name, *(const char *const *const *) at, *count);
        break;
    case SKS_MEMBER_WHOLE:
        sks_json_put_count (out, rule->name, *(const uint64_t *) at);
        break;
    case SKS_MEMBER_PLACE:
        sks_json_put_count (out, rule->name, *(const uint32_t *) at);
        break;
    case SKS_MEMBER_PLACES:
        put_places (out, rule->name, *(const uint32_t *const *) at, *count);
        break;
    case SKS_MEMBER_BYTE:
        sks_json_put_count (out, rule->name, sks_offset_of (text, *(const uint32_t *) at));
        break;
    case SKS_MEMBER_SPANS:
        put_spans (out, rule->name, *(const sks_span *const *) at, *count,
                   type->text ? &(sks_offset) { *(const char *const *) own, text->units, 0, 0 } : text);
        break;
    case SKS_MEMBER_REAL:
        sks_json_put_real (out, rule->name, *(const double *) at);
        break;
    case SKS_MEMBER_FLAG:
        sks_json_put_flag (out, rule->name, *(const int *) at != 0);
        break;
    case SKS_MEMBER_LEVEL:
        sks_json_put_text (out, rule->name, sks_level_name (*(const int *) at));
        break;
    case SKS_MEMBER_STATED:
        if (*(const int *) at >= 0)
            sks_json_put_flag (out, rule->name, *(const int *) at != 0);
        else
            sks_json_put_text (out, rule->name, NULL);
        break;
    case SKS_MEMBER_ZONE:
        if (*(const int *) at)
            sks_json_put_count (out, rule->name, (uint64_t) * (const int *) at);
        else
            sks_json_put_text (out, rule->name, NULL);
        break;
    case SKS_MEMBER_ITEMS:
        sks_members_put_list (out, rule->name, rule->type, *(const void *const *) at, *count, text);
        break;
    case SKS_MEMBER_RECORD:
        put_object (out, rule->name, rule->type, *(const void *const *) at, false, text);
        break;
    case SKS_MEMBER_MERGED:
        sks_members_put (out, rule->type, *(const void *const *) at, text);
        break;
    case SKS_MEMBER_PART:
        put_object (out, rule->name, rule->type, at, nullable, text);
        break;
    case SKS_MEMBER_LEVELS:
        put_levels (out, rule->name, rule->type, at, text);
        break;
    }
}

void
sks_members_put (sks_buffer *out, const sks_member_type *type, const void *from, sks_offset *text)
{
    for (size_t i = 0; i < type->count; i++) {
        const sks_member_rule *rule = &type->rules[i];
        if (rule->need <= SKS_MEMBER_NULLABLE || (rule->need >= SKS_MEMBER_OPTIONAL && !is_empty (rule, from)))
            put_member (out, rule, type, from, text);
    }
}

void
sks_members_put_list (sks_buffer *out, const char *name, const sks_member_type *type, const void *list, size_t count,
                      sks_offset *text)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        sks_json_open_item (out);
        sks_members_put (out, type, (const char *) list + i * type->size, text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}
