/* package.c - identifiers, titles and times of a package. */
#include "package.h"

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/base/json.h"
#include "core/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NO_TIME "1970-01-01T00:00:00Z"
#define NAME_BYTES (SKS_MAX_REQUEST_BYTES + SKS_PACKAGE_NAME_BYTES) /* of a document */
#define TITLE_BYTES (SKS_MAX_NAME_BYTES + 96)

/* ------------------------------------------------------------------- time */

/* Write a time of ISO 8601 as RFC 3339 has it, in its zone and with the digits of its fraction. */
static bool
put_time (char out[SKS_PACKAGE_TIME_BYTES], const char *text)
{
    sks_instant instant;
    struct tm tm;
    char fraction[16] = "", zone[16] = "Z";
    if (!sks_instant_read (&instant, text) || !gmtime_r (&(time_t) { instant.seconds + instant.offset }, &tm))
        return false;
    int minutes = abs (instant.offset) / 60;
    if (instant.offset)
        snprintf (zone, sizeof zone, "%c%02d:%02d", instant.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    snprintf (fraction, sizeof fraction, ".%09u", instant.nanoseconds);
    fraction[instant.digits ? 1 + instant.digits : 0] = '\0';
    size_t size = strftime (out, SKS_PACKAGE_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf (out + size, SKS_PACKAGE_TIME_BYTES - size, "%s%s", fraction, zone);
    return size > 0;
}

/* ------------------------------------------------------------ identifiers */
sks_uuid
sks_package_uuid (const sks_package_content *content, bool canonical, const char *kind, const char *key)
{
    char name[SKS_PACKAGE_NAME_BYTES];
    snprintf (name, sizeof name, "%s/%s", kind, key);
    return sks_uuid_derive (canonical ? &content->project : &content->space, name);
}

sks_uuid
sks_package_level_uuid (const sks_package_content *content, bool canonical, int level)
{
    char key[SKS_PACKAGE_NAME_BYTES / 2];
    snprintf (key, sizeof key, "%s/%s", content->record->soc, sks_level_name (level));
    return sks_package_uuid (content, canonical, "level", key);
}

/* A part's document is named by the generation and the request, too, and is the name space of what is in it. */
static int
name_document (sks_package_content *content, const char *request, sks_error *err)
{
    const sks_record *record = content->record;
    sks_buffer name = SKS_BUFFER_INIT (NAME_BYTES);
    sks_buffer_printf (&name, "document/%s", record->soc);
    if (content->part)
        sks_buffer_printf (&name, "/%" PRIu64 "/%s", record->generation, request);
    const char *text = sks_buffer_text (&name);
    content->project = sks_uuid_space ();
    if (text)
        content->document = sks_uuid_derive (&content->project, text);
    content->space = content->part ? content->document : content->project;
    int rc = sks_buffer_status (&name, err);
    sks_buffer_free (&name);
    return rc;
}

int
sks_package_identify (sks_package_content *content, const char *request, sks_arena *memory, sks_error *err)
{
    const sks_record *record = content->record;
    char *title = sks_arena_alloc (memory, TITLE_BYTES);
    content->title = title;
    if (!title)
        return sks_fail_memory (err);
    int size = snprintf (title, TITLE_BYTES, "%s (%s)", record->title, record->soc);
    if (content->part)
        snprintf (title + size, TITLE_BYTES - (size_t) size, ", %zu of %zu statements", content->count, content->total);
    if (!put_time (content->time, record->exported_at))
        snprintf (content->time, sizeof content->time, "%s", NO_TIME);
    return name_document (content, request, err);
}

void
sks_package_write_uri (sks_buffer *out, const sks_package_options *options, const sks_uuid *uuid)
{
    const char *base = options->base_uri;
    if (base)
        sks_buffer_printf (out, "%s%suri/", base, base[strlen (base) - 1] == '/' ? "" : "/");
    else
        sks_buffer_puts (out, "urn:uuid:");
    sks_buffer_puts (out, sks_uuid_write (uuid).text);
}

void
sks_package_put_uri (const sks_package_content *content, const char *name, const sks_uuid *uuid)
{
    if (name)
        sks_json_put_name (content->out, name);
    sks_buffer_putc (content->out, '"');
    sks_package_write_uri (content->out, content->options, uuid);
    sks_buffer_putc (content->out, '"');
}

/* ------------------------------------------------------------------ texts */
const char *
sks_package_creator (const sks_package_content *content)
{
    const char *creator = content->options->creator;
    return creator ? creator : *content->record->attribution ? content->record->attribution : "Unknown";
}

const char *
sks_package_label (const sks_package_content *content, int level)
{
    static const char *const names[SKS_LEVELS] = { "Emerging", "Developing", "Proficient", "Advanced" };
    const char *label = content->record->levels[level].label;
    return *label ? label : names[level];
}

/* The beginning of a text as a title. */
static const char *
cut_title (const char *text, sks_arena *memory)
{
    size_t size = strlen (text), end = 0;
    for (int letters = 0; end < size && letters < SKS_PACKAGE_TITLE_LETTERS; letters++)
        end = sks_utf8_end (text, size, end);
    if (end == size)
        return text;
    char *title = sks_arena_alloc (memory, end + sizeof "…");
    if (title) {
        memcpy (title, text, end);
        memcpy (title + end, "…", sizeof "…");
    }
    return title;
}

bool
sks_package_copy (sks_package_statement *out, const sks_hit *hit, sks_arena *memory)
{
    *out = (sks_package_statement) { .id = sks_arena_copy (memory, hit->id, strlen (hit->id)),
                                     .text = sks_arena_copy (memory, hit->text, strlen (hit->text)),
                                     .duty = hit->duty ? sks_arena_copy (memory, hit->duty, strlen (hit->duty)) : NULL,
                                     .level = hit->level,
                                     .position = hit->position };
    const char *named = hit->duty ? out->duty : out->text;
    out->title = named ? cut_title (named, memory) : NULL;
    return out->id && out->text && out->title;
}

bool
sks_package_has_level (const sks_package_content *content, int level)
{
    bool found = !content->part;
    for (size_t i = 0; i < content->count && !found; i++)
        found = content->statements[i].level == level;
    return found;
}
