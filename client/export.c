/* export.c - one line a statement. ndjson has every member the daemon sends,
 * the tables the columns below; texts are as they are in the index, in a table
 * of tabs with control characters made visible. */
#include "export.h"

#include "core/base/json.h"
#include "member.h"
#include "terminal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = { "id",    "level",  "position", "soc",  "occupation",
                                       "group", "sector", "zone",     "duty", "text" };

#define COLUMNS (sizeof columns / sizeof *columns)

/* RFC 4180: quotes where a comma, a quote or a line end makes them needed. */
static void
put_quoted (sks_buffer *out, const char *text)
{
    if (!text[strcspn (text, ",\"\r\n")]) {
        sks_buffer_puts (out, text);
        return;
    }
    sks_buffer_putc (out, '"');
    for (; *text; text++) {
        if (*text == '"')
            sks_buffer_putc (out, '"');
        sks_buffer_putc (out, *text);
    }
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
    sks_buffer_puts (out, text);
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

int
sks_export_page (sks_buffer *out, int format, const cJSON *reply, sks_error *err)
{
    int rc = 0;
    for (const cJSON *hit = sks_member_items (reply, "hits"); hit && rc == 0; hit = hit->next)
        if (format == SKS_FORMAT_NDJSON)
            rc = put_object (out, hit, err);
        else
            put_row (out, format, hit);
    return rc ? rc : sks_buffer_status (out, err);
}
