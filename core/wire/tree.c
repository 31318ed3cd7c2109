/* tree.c - typed values out of a cJSON tree.
 *
 * Names are case-sensitive. Numbers are read from valuedouble, because valueint is silently clamped. */
#include "tree.h"

#include "core/base/printable.h"
#include "core/base/schema.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define POINTER_BYTES 1024
#define MAX_CHOICE_BYTES 128 /* longer than any name in a table */

const char *
sks_tree_excerpt (char out[SKS_EXCERPT_BYTES], const char *text)
{
    sks_printable_copy (out, SKS_EXCERPT_BYTES, text, strlen (text));
    return out;
}

/* Write one step; "~" and "/" are special in a JSON pointer. */
static void
put_step (sks_buffer *out, const sks_place *place)
{
    sks_buffer_putc (out, '/');
    if (!place->name) {
        sks_buffer_number (out, place->index);
        return;
    }
    char name[SKS_EXCERPT_BYTES];
    for (const char *at = sks_tree_excerpt (name, place->name); *at; at++)
        if (*at == '~' || *at == '/')
            sks_buffer_puts (out, *at == '~' ? "~0" : "~1");
        else
            sks_buffer_putc (out, *at);
}

/* The chain goes from the value to the root, and a pointer from the root to the value, hence the recursion. It is as
 * deep as the JSON text, whose depth is limited. */
static void
put_pointer (sks_buffer *out, const sks_place *place)
{
    if (!place)
        return;
    put_pointer (out, place->above);
    put_step (out, place);
}

int
sks_tree_refuse (const sks_tree *tree, int code, const sks_place *place, const char *format, ...)
{
    char text[SKS_ERROR_TEXT_BYTES];
    sks_buffer pointer = SKS_BUFFER_INIT (POINTER_BYTES);
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    put_pointer (&pointer, place);
    const char *where = pointer.size ? sks_buffer_text (&pointer) : NULL;
    if (where)
        sks_fail (tree->err, code, "%s: %s", where, text);
    else
        sks_fail (tree->err, code, "%s", text);
    sks_buffer_free (&pointer);
    return code;
}

const cJSON *
sks_tree_member (const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive (object, name);
}

static int
refuse_type (const sks_tree *tree, const cJSON *item, const sks_place *place, const char *wanted)
{
    return sks_tree_refuse (tree, tree->type_code, place, item ? "not %s" : "missing", wanted);
}

int
sks_tree_object (const sks_tree *tree, const cJSON *item, const sks_place *place)
{
    return cJSON_IsObject (item) ? 0 : refuse_type (tree, item, place, "an object");
}

int
sks_tree_list (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t max, size_t *count)
{
    if (!cJSON_IsArray (item))
        return refuse_type (tree, item, place, "a list");
    *count = (size_t) cJSON_GetArraySize (item);
    return *count <= max ? 0 : sks_tree_refuse (tree, tree->limit_code, place, "at most %zu", max);
}

int
sks_tree_flag (const sks_tree *tree, const cJSON *item, const sks_place *place, bool *out)
{
    if (!cJSON_IsBool (item))
        return refuse_type (tree, item, place, "true or false");
    *out = cJSON_IsTrue (item);
    return 0;
}

int
sks_tree_number (const sks_tree *tree, const cJSON *item, const sks_place *place, double *out)
{
    if (!cJSON_IsNumber (item))
        return refuse_type (tree, item, place, "a number");
    *out = item->valuedouble;
    return 0;
}

int
sks_tree_whole (const sks_tree *tree, const cJSON *item, const sks_place *place, uint64_t min, uint64_t max,
                uint64_t *out)
{
    if (!cJSON_IsNumber (item))
        return refuse_type (tree, item, place, "a whole number");
    double value = item->valuedouble;
    if (value > (double) max)
        return sks_tree_refuse (tree, tree->limit_code, place, "at most %llu", (unsigned long long) max);
    if (value < 0 || value != (double) (uint64_t) value)
        return refuse_type (tree, item, place, "a whole number");
    *out = (uint64_t) value;
    if (*out < min)
        return sks_tree_refuse (tree, tree->type_code, place, "at least %llu", (unsigned long long) min);
    return 0;
}

int
sks_tree_uint (const sks_tree *tree, const cJSON *item, const sks_place *place, uint32_t min, uint32_t max,
               uint32_t *out)
{
    uint64_t value = 0;
    int rc = sks_tree_whole (tree, item, place, min, max, &value);
    if (rc == 0)
        *out = (uint32_t) value;
    return rc;
}

int
sks_tree_text (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t max, const char **out)
{
    if (!cJSON_IsString (item))
        return refuse_type (tree, item, place, "a string");
    size_t size = strlen (item->valuestring);
    if (size > max)
        return sks_tree_refuse (tree, tree->limit_code, place, "at most %zu bytes", max);
    *out = sks_arena_copy (tree->memory, item->valuestring, size);
    return *out ? 0 : sks_fail_memory (tree->err);
}

int
sks_tree_texts (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t max, size_t most_bytes,
                const char *const **out, size_t *count)
{
    int rc = sks_tree_list (tree, item, place, max, count);
    if (rc)
        return rc;
    const char **texts = sks_arena_array (tree->memory, *count, sizeof *texts);
    if (!texts)
        return sks_fail_memory (tree->err);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *text = item->child; text; text = text->next, here.index++)
        if ((rc = sks_tree_text (tree, text, &here, most_bytes, &texts[here.index])))
            return rc;
    *out = texts;
    return 0;
}

int
sks_tree_refuse_choice (const sks_tree *tree, const sks_place *place, const char *name, const char *(*name_of) (int),
                        const char *after)
{
    char excerpt[SKS_EXCERPT_BYTES];
    sks_buffer choices = SKS_BUFFER_INIT (SKS_ERROR_TEXT_BYTES);
    for (int i = 0; name_of (i); i++)
        sks_buffer_printf (&choices, "%s%s", i ? ", " : "", name_of (i));
    const char *text = sks_buffer_text (&choices);
    int rc = sks_tree_refuse (tree, tree->type_code, place, "\"%s\" is not one of %s%s",
                              sks_tree_excerpt (excerpt, name), text ? text : "the known names", after);
    sks_buffer_free (&choices);
    return rc;
}

int
sks_tree_choice (const sks_tree *tree, const cJSON *item, const sks_place *place, const char *(*name_of) (int),
                 int *out)
{
    const char *name = "";
    int rc = sks_tree_text (tree, item, place, MAX_CHOICE_BYTES, &name);
    if (rc)
        return rc;
    for (int i = 0; name_of (i); i++)
        if (strcmp (name_of (i), name) == 0) {
            *out = i;
            return 0;
        }
    return sks_tree_refuse_choice (tree, place, name, name_of, "");
}

int
sks_tree_refuse_member (const sks_tree *tree, const sks_place *place)
{
    return sks_tree_refuse (tree, tree->type_code, place, "unknown member");
}

static void *
take_items (const sks_tree *tree, const cJSON *list, const sks_place *place, const sks_member_items *items,
            size_t *count, int *rc)
{
    char *records = sks_tree_array (tree, list, place, items->size, count, rc);
    sks_place here = { place, NULL, 0 };
    for (const cJSON *item = *rc ? NULL : list->child; item && *rc == 0; item = item->next, here.index++)
        *rc = sks_tree_members (tree, item, &here, items->rules, items->count, records + here.index * items->size);
    return *rc ? NULL : records;
}

static int
take_member (const sks_tree *tree, const cJSON *item, const sks_place *place, const sks_member_rule *rule, char *out)
{
    void *at = out + rule->offset;
    uint64_t whole = 0;
    bool flag = false;
    int rc = 0;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
        return sks_tree_text (tree, item, place, SIZE_MAX, at);
    case SKS_MEMBER_TEXTS:
        return sks_tree_texts (tree, item, place, SIZE_MAX, SIZE_MAX, at, (void *) (out + rule->count_offset));
    case SKS_MEMBER_WHOLE:
        return sks_tree_whole (tree, item, place, 0, SKS_WHOLE_MOST, at);
    case SKS_MEMBER_PLACE:
        rc = sks_tree_whole (tree, item, place, 0, UINT32_MAX, &whole);
        *(uint32_t *) at = (uint32_t) whole;
        return rc;
    case SKS_MEMBER_REAL:
        return sks_tree_number (tree, item, place, at);
    case SKS_MEMBER_FLAG:
        rc = sks_tree_flag (tree, item, place, &flag);
        *(int *) at = flag;
        return rc;
    case SKS_MEMBER_LEVEL:
        return sks_tree_choice (tree, item, place, sks_level_name, at);
    case SKS_MEMBER_ZONE:
        rc = cJSON_IsNull (item) ? 0 : sks_tree_whole (tree, item, place, 1, SKS_ZONES, &whole);
        *(int *) at = (int) whole;
        return rc;
    case SKS_MEMBER_ITEMS:
        *(void **) at = take_items (tree, item, place, rule->items, (void *) (out + rule->count_offset), &rc);
        return rc;
    }
    return rc;
}

int
sks_tree_members (const sks_tree *tree, const cJSON *object, const sks_place *place, const sks_member_rule *rules,
                  size_t count, void *out)
{
    int rc = sks_tree_object (tree, object, place);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const sks_member_rule *rule = &rules[i];
        const sks_place here = { place, rule->name, 0 };
        const cJSON *item = sks_tree_member (object, rule->name);
        bool absent =
            (rule->need == SKS_MEMBER_NULLABLE && cJSON_IsNull (item)) || (rule->need >= SKS_MEMBER_OPTIONAL && !item);
        rc = absent ? 0 : take_member (tree, item, &here, rule, out);
    }
    return rc;
}

void *
sks_tree_array (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t size, size_t *count, int *rc)
{
    void *list = NULL;
    *rc = sks_tree_list (tree, item, place, SIZE_MAX, count);
    if (*rc == 0 && !(list = sks_arena_array (tree->memory, *count, size)))
        *rc = sks_fail_memory (tree->err);
    return list;
}

void *
sks_tree_records (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name,
                  const sks_member_rule *rules, size_t rule_count, size_t size, size_t *count, int *rc)
{
    const sks_place place = { above, name, 0 };
    const sks_member_items items = { rules, rule_count, size };
    return take_items (tree, sks_tree_member (object, name), &place, &items, count, rc);
}

/* ---------------------------------------------------------------- writing */

static bool
is_empty (const sks_member_rule *rule, const char *from)
{
    const void *at = from + rule->offset, *count = from + rule->count_offset;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
        return !*(const char *const *) at;
    case SKS_MEMBER_WHOLE:
        return !*(const uint64_t *) at;
    case SKS_MEMBER_PLACE:
        return !*(const uint32_t *) at;
    case SKS_MEMBER_FLAG:
        return !*(const int *) at;
    case SKS_MEMBER_ITEMS:
        return rule->need == SKS_MEMBER_FILLED && !*(const size_t *) count;
    default:
        return false;
    }
}

static void
put_member (sks_buffer *out, const sks_member_rule *rule, const char *from)
{
    const void *at = from + rule->offset, *count = from + rule->count_offset;
    const char *text;
    switch (rule->kind) {
    case SKS_MEMBER_TEXT:
        text = *(const char *const *) at;
        sks_json_put_text (out, rule->name, text || rule->need == SKS_MEMBER_NULLABLE ? text : "");
        break;
    case SKS_MEMBER_TEXTS:
        sks_json_put_texts (out, rule->name, *(const char *const *const *) at, *(const size_t *) count);
        break;
    case SKS_MEMBER_WHOLE:
        sks_json_put_count (out, rule->name, *(const uint64_t *) at);
        break;
    case SKS_MEMBER_PLACE:
        sks_json_put_count (out, rule->name, *(const uint32_t *) at);
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
    case SKS_MEMBER_ZONE:
        if (*(const int *) at)
            sks_json_put_count (out, rule->name, (uint64_t) * (const int *) at);
        else
            sks_json_put_text (out, rule->name, NULL);
        break;
    case SKS_MEMBER_ITEMS:
        sks_tree_put_items (out, rule->name, rule->items, *(const void *const *) at, *(const size_t *) count);
        break;
    }
}

void
sks_tree_put_members (sks_buffer *out, const sks_member_rule *rules, size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].need < SKS_MEMBER_OPTIONAL || !is_empty (&rules[i], from))
            put_member (out, &rules[i], from);
}

void
sks_tree_put_items (sks_buffer *out, const char *name, const sks_member_items *items, const void *list, size_t count)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        sks_json_open_item (out);
        sks_tree_put_members (out, items->rules, items->count, (const char *) list + i * items->size);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}
