/* export.c - one line a statement. ndjson has every member the daemon sends,
 * the tables the columns below. Control characters and marks of direction never
 * leave as they are: ndjson has them as escapes of JSON, a table shows them. */
#include "export.h"

#include "core/base/json.h"
#include "core/base/printable.h"
#include "member.h"
#include "terminal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = { "id",    "level",  "position", "soc",  "occupation",
                                       "group", "sector", "zone",     "duty", "text" };

#define COLUMNS (sizeof columns / sizeof *columns)

/* RFC 4180: quotes where a comma, a quote or a line end makes them needed. Tabs
 * and line ends stay, all other control characters become visible. */
static void
put_quoted (sks_buffer *out, const char *text)
{
    bool quotes = text[strcspn (text, ",\"\r\n")];
    if (quotes)
        sks_buffer_putc (out, '"');
    while (*text) {
        size_t plain = strcspn (text, "\"\t\n");
        sks_printable_put (out, text, plain);
        text += plain;
        if (*text == '"')
            sks_buffer_putc (out, '"');
        if (*text)
            sks_buffer_putc (out, *text++);
    }
    if (quotes)
        sks_buffer_putc (out, '"');
}

static void
put_value (sks_buffer *out, int format, const cJSON *value)
{
    if (cJSON_IsNumber (value))
        sks_json_put_number (out, value->valuedouble);
    else if (cJSON_IsString (value) && format == SKS_FORMAT_CSV)
        put_quoted (out, value->valuestring);
    else if (cJSON_IsString (value))
        sks_terminal_puts (out, value->valuestring);
}

static void
put_row (sks_buffer *out, int format, const cJSON *hit)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            sks_buffer_putc (out, format == SKS_FORMAT_CSV ? ',' : '\t');
        put_value (out, format, sks_member (hit, columns[i]));
    }
    sks_buffer_puts (out, format == SKS_FORMAT_CSV ? "\r\n" : "\n");
}

static int
put_object (sks_buffer *out, const cJSON *hit, sks_error *err)
{
    char *text = cJSON_PrintUnformatted (hit);
    if (!text)
        return sks_fail_memory (err);
    sks_printable_put_json (out, text, strlen (text));
    sks_buffer_putc (out, '\n');
    cJSON_free (text);
    return 0;
}

void
sks_export_heading (sks_buffer *out, int format)
{
    if (format == SKS_FORMAT_NDJSON)
        return;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            sks_buffer_putc (out, format == SKS_FORMAT_CSV ? ',' : '\t');
        sks_buffer_puts (out, columns[i]);
    }
    sks_buffer_puts (out, format == SKS_FORMAT_CSV ? "\r\n" : "\n");
}

/* Whether a hit comes after the last one; then it is the last one. */
static bool
moves_on (sks_export *export, const cJSON *hit)
{
    const char *id = sks_member_text (hit, "id");
    if (strlen (id) >= sizeof export->last || strcmp (id, export->last) <= 0)
        return false;
    strcpy (export->last, id);
    return true;
}

int
sks_export_page (sks_export *export, sks_buffer *out, const cJSON *reply, sks_error *err)
{
    int rc = 0;
    uint64_t before = export->count;
    if (!cJSON_IsArray (sks_member (reply, "hits")))
        return sks_fail (err, SKS_EPROTOCOL, "/hits: not a list");
    for (const cJSON *hit = sks_member_items (reply, "hits"); hit && rc == 0; hit = hit->next, export->count++) {
        if (!moves_on (export, hit))
            return sks_fail (err, SKS_EPROTOCOL, "/hits/%llu/id: the ids of a scan ascend, and this one does not",
                             (unsigned long long) (export->count - before));
        if (export->format == SKS_FORMAT_NDJSON)
            rc = put_object (out, hit, err);
        else
            put_row (out, export->format, hit);
    }
    if (rc == 0 && export->count == before && sks_member (reply, "cursor"))
        rc = sks_fail (err, SKS_EPROTOCOL, "/cursor: a page without statements has none");
    return rc ? rc : sks_buffer_status (out, err);
}
