/* export_text.c - markup, encodings and invisible characters in the strings of an export. */
#include "export_text.h"

#include "core/base/character.h"
#include "core/base/markup.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Warn about HTML remnants, and once per file about invisible characters. */
static void
warn (sks_export_reader *r, const char *text, size_t size, const char *pointer)
{
    if (sks_markup_has_tag (text, size))
        sks_report_warn (r->report, r->file, pointer, "this looks like an HTML tag; it is kept as text");
    if (sks_utf8_ascii (text, size))
        return;
    for (size_t at = 0, length; at < size && !r->has_invisible; at += length) {
        sks_character c = sks_character_at (text, size, at);
        length = c.length;
        r->has_invisible = c.kind == SKS_IGNORABLE;
        if (r->has_invisible)
            sks_report_warn (r->report, r->file, pointer,
                             "invisible characters, such as soft hyphens; searches ignore them");
    }
}

char *
sks_export_text_clean (sks_export_reader *r, const char *raw, const char *pointer, size_t *size)
{
    bool references, mojibake;
    size_t length = strlen (raw);
    char *text = sks_arena_copy (r->memory, raw, length), *composed = NULL;
    r->no_memory |= !text;
    if (!text)
        return NULL;
    length = sks_markup_decode (text, length, &references, &mojibake);
    if (references)
        sks_report_warn (r->report, r->file, pointer, "HTML character references were decoded");
    if (mojibake)
        sks_report_warn (r->report, r->file, pointer, "UTF-8 that had been read as Windows-1252 was repaired");
    if (!sks_utf8_ascii (text, length)) {
        length = sks_text_compose (text, length, &composed);
        text = composed ? sks_arena_copy (r->memory, composed, length) : NULL;
        free (composed);
        r->no_memory |= !text;
        if (!text)
            return NULL;
    }
    warn (r, text, length, pointer);
    *size = sks_text_squeeze (text, length, text);
    text[*size] = '\0';
    return text;
}

const char *
sks_export_text_bounded (sks_export_reader *r, const char *raw, const char *pointer, size_t max)
{
    size_t size;
    char *text = sks_export_text_clean (r, raw, pointer, &size);
    if (!text || !sks_text_visible (text, size))
        return "";
    if (size <= max)
        return text;
    sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, pointer, -1, "%zu bytes, at most %zu", size, max);
    return "";
}

const char *
sks_export_text_member (sks_export_reader *r, const cJSON *object, const char *name, const char *pointer, size_t max)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, name);
    if (!item || cJSON_IsNull (item))
        return "";
    if (cJSON_IsString (item))
        return sks_export_text_bounded (r, item->valuestring, pointer, max);
    sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, pointer, -1, "must be a string");
    return "";
}

const char *
sks_export_text_name (sks_export_reader *r, const cJSON *object, const char *name, const char *pointer)
{
    return sks_export_text_member (r, object, name, pointer, SKS_MAX_NAME_BYTES);
}

void
sks_export_text_point (char pointer[SKS_POINTER_BYTES], const char *above, const char *name)
{
    size_t used = (size_t) snprintf (pointer, SKS_POINTER_BYTES, "%s/", above);
    while (*name && used + 4 < SKS_POINTER_BYTES) {
        if (*name == '~' || *name == '/') {
            pointer[used++] = '~';
            pointer[used++] = *name++ == '~' ? '0' : '1';
            continue;
        }
        do
            pointer[used++] = *name++;
        while (((unsigned char) *name & 0xC0) == 0x80);
    }
    pointer[used] = '\0';
}
