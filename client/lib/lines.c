/* lines.c - one line a statement. ndjson has every member the daemon sends, the
 * tables the columns below. Control characters and marks of direction never leave
 * as they are: ndjson has them as escapes of JSON, a table shows them. */
#include "core/base/json.h"
#include "core/base/printable.h"
#include "member.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAGE_BYTES (4 * (size_t) SKS_MAX_REPLY_BYTES) /* escapes may be longer than what they stand for */

static const char *const columns[] = { "id",    "level",  "position", "soc",  "occupation",
                                       "group", "sector", "zone",     "duty", "text" };

#define COLUMNS (sizeof columns / sizeof *columns)

struct sks_lines {
    int format;
    unsigned flags;
    char last[SKS_MAX_FILTER_VALUE_BYTES + 1]; /* the id written last */
    char *cursor;                              /* of the next page; NULL: there is none */
    uint64_t count;                            /* statements written */
    bool begun;
    sks_buffer text; /* of one page */
};

int
sks_lines_create (sks_lines **out, int format, unsigned flags, sks_error *err)
{
    if (!out)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *out = NULL;
    if (format < 0 || format >= SKS_FORMATS || flags & ~SKS_LINES_EXCEL_SAFE)
        return sks_fail (err, SKS_EINVALID, "no such format, or a flag that is not known");
    sks_lines *lines = calloc (1, sizeof *lines);
    if (!lines)
        return sks_fail_memory (err);
    *lines = (sks_lines) { .format = format, .flags = flags, .text = SKS_BUFFER_INIT (MAX_PAGE_BYTES) };
    *out = lines;
    return 0;
}

void
sks_lines_destroy (sks_lines **lines_p)
{
    if (!lines_p || !*lines_p)
        return;
    sks_buffer_free (&(*lines_p)->text);
    free ((*lines_p)->cursor);
    free (*lines_p);
    *lines_p = NULL;
}

/* ------------------------------------------------------------------- writing */

/* RFC 4180: quotes where a comma, a quote or a line end makes them needed, and
 * around a cell that a spreadsheet would take for a formula. Tabs and line ends
 * stay, all other control characters become visible. */
static void
put_quoted (sks_buffer *out, const char *text, const char *mark, bool quotes)
{
    quotes = quotes || text[strcspn (text, ",\"\r\n")];
    if (quotes)
        sks_buffer_putc (out, '"');
    sks_buffer_puts (out, mark);
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
put_cell (sks_lines *lines, const cJSON *value)
{
    if (cJSON_IsNumber (value))
        sks_json_put_number (&lines->text, value->valuedouble);
    if (!cJSON_IsString (value))
        return;
    const char *text = value->valuestring;
    bool formula = *text && strchr ("=+-@\t\r", *text);
    const char *mark = formula && lines->flags & SKS_LINES_EXCEL_SAFE ? "'" : "";
    if (lines->format == SKS_FORMAT_CSV) {
        put_quoted (&lines->text, text, mark, formula);
    } else {
        sks_buffer_puts (&lines->text, mark);
        sks_printable_puts (&lines->text, text);
    }
}

/* The cells of a statement, or the names of the columns when hit is NULL. */
static void
put_row (sks_lines *lines, const cJSON *hit)
{
    bool csv = lines->format == SKS_FORMAT_CSV;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            sks_buffer_putc (&lines->text, csv ? ',' : '\t');
        if (hit)
            put_cell (lines, sks_member (hit, columns[i]));
        else
            sks_buffer_puts (&lines->text, columns[i]);
    }
    sks_buffer_puts (&lines->text, csv ? "\r\n" : "\n");
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

/* ------------------------------------------------------------------- reading */

/* Whether a hit comes after the last one; then it is the last one. */
static bool
moves_on (sks_lines *lines, const cJSON *hit)
{
    const char *id = sks_member_text (hit, "id");
    if (strlen (id) >= sizeof lines->last || strcmp (id, lines->last) <= 0)
        return false;
    strcpy (lines->last, id);
    return true;
}

static int
put_hits (sks_lines *lines, const cJSON *reply, sks_error *err)
{
    uint64_t before = lines->count;
    int rc = 0;
    if (!cJSON_IsArray (sks_member (reply, "hits")))
        return sks_fail (err, SKS_EPROTOCOL, "/hits: not a list");
    for (const cJSON *hit = sks_member_items (reply, "hits"); hit && rc == 0; hit = hit->next, lines->count++) {
        if (!moves_on (lines, hit))
            return sks_fail (err, SKS_EPROTOCOL, "/hits/%llu/id: the ids of a scan ascend, and this one does not",
                             (unsigned long long) (lines->count - before));
        if (lines->format == SKS_FORMAT_NDJSON)
            rc = put_object (&lines->text, hit, err);
        else
            put_row (lines, hit);
    }
    if (rc == 0 && lines->count == before && sks_member (reply, "cursor"))
        rc = sks_fail (err, SKS_EPROTOCOL, "/cursor: a page without statements has none");
    return rc ? rc : sks_buffer_status (&lines->text, err);
}

/* Keep the cursor; after the last page there must be as many as were announced. */
static int
take_cursor (sks_lines *lines, const cJSON *reply, sks_error *err)
{
    const char *cursor = sks_member_text (reply, "cursor");
    free (lines->cursor);
    lines->cursor = *cursor ? strdup (cursor) : NULL;
    if (*cursor)
        return lines->cursor ? 0 : sks_fail_memory (err);
    if (sks_member (reply, "total") && sks_member_count (reply, "total") != lines->count)
        return sks_fail (err, SKS_EPROTOCOL, "/total: the pages had %llu statements, not as many",
                         (unsigned long long) lines->count);
    return 0;
}

int
sks_lines_page (sks_lines *lines, const char *json, size_t size, sks_page *page, sks_error *err)
{
    cJSON *reply;
    if (!lines || !json || !page)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *page = (sks_page) { 0 };
    int rc = sks_member_parse (&reply, json, size, err);
    if (rc)
        return rc;
    sks_buffer_clear (&lines->text);
    if (!lines->begun && lines->format != SKS_FORMAT_NDJSON)
        put_row (lines, NULL);
    lines->begun = true;
    rc = put_hits (lines, reply, err);
    rc = rc ? rc : take_cursor (lines, reply, err);
    if (rc == 0)
        *page = (sks_page) { .text = lines->text.bytes,
                             .size = lines->text.size,
                             .cursor = lines->cursor,
                             .generation = sks_member_count (reply, "generation"),
                             .total = sks_member_count (reply, "total") };
    cJSON_Delete (reply);
    return rc;
}
