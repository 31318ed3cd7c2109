/* tree.c - typed values out of a cJSON tree.
 *
 * Names are case-sensitive. Numbers are read from valuedouble, because valueint is silently clamped. */
#include "tree.h"

#include "core/base/printable.h"

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
    if (value >= 0 && value != (double) (uint64_t) value)
        return refuse_type (tree, item, place, "a whole number");
    if (value < (double) min)
        return sks_tree_refuse (tree, tree->type_code, place, "at least %llu", (unsigned long long) min);
    *out = (uint64_t) value;
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

void *
sks_tree_array (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t size, size_t *count, int *rc)
{
    void *list = NULL;
    *rc = sks_tree_list (tree, item, place, SIZE_MAX, count);
    if (*rc == 0 && !(list = sks_arena_array (tree->memory, *count, size)))
        *rc = sks_fail_memory (tree->err);
    return list;
}
