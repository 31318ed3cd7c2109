/* lines.c - one line per statement. NDJSON has every member that the daemon sends, tables have the columns below.
 * Control characters and direction marks are never written raw: NDJSON escapes them, tables make them printable. */
#include "core/base/printable_put.h"
#include "core/base/table.h"
#include "core/wire/wire.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAGE_BYTES (4 * (size_t) SKS_MAX_REPLY_BYTES) /* escapes may be longer than what they replace */

static const char *const columns[] = { "id",   "level", "position", "soc",     "occupation",  "group",  "sector",
                                       "zone", "duty",  "text",     "version", "exported_at", "source", "attribution" };

#define ALL_COLUMNS (sizeof columns / sizeof *columns)
#define COLUMNS (ALL_COLUMNS - 4) /* without those of the provenance */

struct sks_lines {
    int format;
    unsigned flags;
    char last[SKS_MAX_FILTER_VALUE_BYTES + 1]; /* the id written last */
    char *cursor;                              /* of the next page; NULL: there is none */
    uint64_t count;                            /* statements written */
    sks_table table;                           /* of all pages; not used for NDJSON */
    sks_buffer text;                           /* of one page */
    sks_buffer cell;                           /* the sources of one statement */
};

int
sks_lines_create (sks_lines **out, int format, unsigned flags, sks_error *err)
{
    if (!out)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *out = NULL;
    if (format < 0 || format >= SKS_FORMATS ||
        flags & ~(SKS_LINES_EXCEL_SAFE | SKS_LINES_PROVENANCE | SKS_LINES_SORTED))
        return sks_fail (err, SKS_EINVALID, "unknown format or flag");
    sks_lines *lines = calloc (1, sizeof *lines);
    if (!lines)
        return sks_fail_memory (err);
    *lines = (sks_lines) { .format = format,
                           .flags = flags,
                           .text = SKS_BUFFER_INIT (MAX_PAGE_BYTES),
                           .cell = SKS_BUFFER_INIT (MAX_PAGE_BYTES) };
    lines->table = (sks_table) { .out = &lines->text,
                                 .format = format == SKS_FORMAT_CSV   ? SKS_TABLE_CSV
                                           : format == SKS_FORMAT_TSV ? SKS_TABLE_TSV
                                                                      : SKS_TABLE_MARKDOWN,
                                 .flags = flags & SKS_LINES_EXCEL_SAFE ? SKS_TABLE_SAFE : 0 };
    *out = lines;
    return 0;
}

void
sks_lines_destroy (sks_lines **lines_p)
{
    if (!lines_p || !*lines_p)
        return;
    sks_buffer_free (&(*lines_p)->text);
    sks_buffer_free (&(*lines_p)->cell);
    free ((*lines_p)->cursor);
    free (*lines_p);
    *lines_p = NULL;
}

/* ------------------------------------------------------------------- writing */

/* The sources of an export as one cell, "author: ...; onet: ...". NULL when there are none, or when out of memory,
 * which the page reports. */
static const char *
join_sources (sks_lines *lines, const sks_hit_provenance *provenance)
{
    sks_buffer *cell = &lines->cell;
    sks_buffer_clear (cell);
    for (size_t i = 0; i < provenance->source_count; i++)
        sks_buffer_printf (cell, "%s%s: %s", i ? "; " : "", provenance->sources[i].name, provenance->sources[i].text);
    const char *text = cell->size ? sks_buffer_text (cell) : NULL;
    if (sks_buffer_status (cell, NULL) != 0)
        lines->text.failed = sks_buffer_status (cell, NULL);
    return text;
}

/* In the order of `columns`. */
static void
put_hit (sks_lines *lines, const sks_hit *hit)
{
    char position[12], zone[12];
    snprintf (position, sizeof position, "%u", (unsigned) hit->position);
    snprintf (zone, sizeof zone, "%d", hit->zone);
    const sks_hit_provenance none = { NULL, NULL, NULL, NULL, 0 };
    const sks_hit_provenance *from = hit->provenance ? hit->provenance : &none;
    const char *const cells[ALL_COLUMNS] = { hit->id,
                                             sks_level_name (hit->level),
                                             position,
                                             hit->soc,
                                             hit->occupation,
                                             hit->group,
                                             hit->sector,
                                             hit->zone ? zone : NULL,
                                             hit->duty,
                                             hit->text,
                                             from->version,
                                             from->exported_at,
                                             join_sources (lines, from),
                                             from->attribution };
    for (size_t i = 0; i < lines->table.count; i++)
        sks_table_text (&lines->table, cells[i]);
}

/* Check by its id that a hit follows the last one, and record it as the last. */
static bool
moves_on (sks_lines *lines, const sks_hit *hit)
{
    size_t size = strlen (hit->id);
    int order = strcmp (hit->id, lines->last);
    if (size >= sizeof lines->last || order == 0 || (order < 0 && !(lines->flags & SKS_LINES_SORTED)))
        return false;
    memcpy (lines->last, hit->id, size + 1);
    return true;
}

static int
put_hits (sks_lines *lines, const sks_scan_page *page, sks_error *err)
{
    if (lines->format != SKS_FORMAT_NDJSON)
        sks_table_begin (&lines->table, columns, lines->flags & SKS_LINES_PROVENANCE ? ALL_COLUMNS : COLUMNS);
    for (size_t i = 0; i < page->hit_count; i++, lines->count++) {
        if (!moves_on (lines, &page->hits[i]))
            return sks_fail (err, SKS_EPROTOCOL, "/hits/%zu/id: the ids of a scan ascend, and this one does not", i);
        if (page->lines) {
            sks_printable_put_json (&lines->text, page->lines[i], strlen (page->lines[i]));
            sks_buffer_putc (&lines->text, '\n');
        } else {
            put_hit (lines, &page->hits[i]);
        }
    }
    if (page->hit_count == 0 && page->cursor)
        return sks_fail (err, SKS_EPROTOCOL, "/cursor: a page without statements has none");
    return sks_buffer_status (&lines->text, err);
}

/* Keep the cursor; after the last page, all announced statements must have been written. */
static int
take_cursor (sks_lines *lines, const sks_scan_page *page, sks_error *err)
{
    free (lines->cursor);
    lines->cursor = page->cursor ? strdup (page->cursor) : NULL;
    if (page->cursor)
        return lines->cursor ? 0 : sks_fail_memory (err);
    if (page->total != lines->count)
        return sks_fail (err, SKS_EPROTOCOL, "/total: the pages had %llu statements, not as many",
                         (unsigned long long) lines->count);
    return 0;
}

int
sks_lines_page (sks_lines *lines, const char *json, size_t size, sks_page *page, sks_error *err)
{
    sks_scan_page *read;
    if (!lines || !json || !page)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *page = (sks_page) { 0 };
    int rc = lines->format == SKS_FORMAT_NDJSON ? sks_reply_decode_page_lines (&read, json, size, err)
                                                : sks_reply_decode_page (&read, json, size, err);
    if (rc)
        return rc;
    sks_buffer_clear (&lines->text);
    rc = put_hits (lines, read, err);
    rc = rc ? rc : take_cursor (lines, read, err);
    if (rc == 0)
        *page = (sks_page) { .text = lines->text.bytes,
                             .size = lines->text.size,
                             .cursor = lines->cursor,
                             .generation = read->generation,
                             .total = read->total };
    sks_scan_page_destroy (&read);
    return rc;
}
