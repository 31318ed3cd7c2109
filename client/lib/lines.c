/* lines.c - one line per statement. NDJSON has every member that the daemon sends unless columns are named; tables have
 * columns.
 * Control characters and direction marks are never written raw: NDJSON escapes them, tables make them printable. */
#include "page.h"

#include "core/base/printable_put.h"
#include "core/base/schema.h"
#include "core/base/table.h"
#include "core/wire/wire.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAGE_BYTES (4 * (size_t) SKS_MAX_REPLY_BYTES) /* escapes may be longer than what they replace */

enum column {
    COLUMN_ID,
    COLUMN_LEVEL,
    COLUMN_POSITION,
    COLUMN_SOC,
    COLUMN_OCCUPATION,
    COLUMN_GROUP,
    COLUMN_SECTOR,
    COLUMN_ZONE,
    COLUMN_DUTY,
    COLUMN_TEXT,
    COLUMN_VERSION,
    COLUMN_EXPORTED_AT,
    COLUMN_SOURCE,
    COLUMN_ATTRIBUTION,
    COLUMN_SECTOR_LABEL,
    COLUMN_DETAIL,
    COLUMNS
};

static const char *const names[COLUMNS] = { "id",         "level",       "position",     "soc",
                                            "occupation", "group",       "sector",       "zone",
                                            "duty",       "text",        "version",      "exported_at",
                                            "source",     "attribution", "sector_label", "detail" };

#define USUAL_COLUMNS COLUMN_VERSION           /* the first ones, if none are named */
#define PROVENANCE_COLUMNS COLUMN_SECTOR_LABEL /* the same with those of the provenance */

struct sks_lines {
    int format;
    unsigned flags;
    char last[SKS_MAX_FILTER_VALUE_BYTES + 1]; /* the id written last */
    char *cursor;                              /* of the next page; NULL: there is none */
    uint64_t count;                            /* statements written */
    int columns[COLUMNS];                      /* enum column */
    const char *names[COLUMNS];
    size_t column_count; /* 0: NDJSON with every member of a hit */
    sks_table table;     /* of all pages */
    sks_buffer text;     /* of one page */
    sks_buffer cell;     /* the sources of one statement */
};

/* Add a column by its name. */
static int
add_column (sks_lines *lines, const char *name, sks_error *err)
{
    int column = 0;
    while (column < COLUMNS && (!name || strcmp (names[column], name) != 0))
        column++;
    if (column == COLUMNS)
        return sks_fail (err, SKS_EINVALID,
                         "no column %s; there are id, level, position, soc, occupation, group, sector, sector_label, "
                         "zone, duty, detail, text, version, exported_at, source and attribution",
                         name ? name : "NULL");
    for (size_t i = 0; i < lines->column_count; i++)
        if (lines->columns[i] == column)
            return sks_fail (err, SKS_EINVALID, "column %s is named twice", name);
    lines->names[lines->column_count] = names[column];
    lines->columns[lines->column_count++] = column;
    return 0;
}

static int
add_columns (sks_lines *lines, const sks_lines_options *options, sks_error *err)
{
    size_t usual = lines->flags & SKS_LINES_PROVENANCE ? PROVENANCE_COLUMNS : USUAL_COLUMNS;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < options->column_count; i++)
        rc = add_column (lines, options->columns[i], err);
    for (size_t i = 0; rc == 0 && options->column_count == 0 && lines->format != SKS_FORMAT_NDJSON && i < usual; i++)
        rc = add_column (lines, names[i], err);
    return rc;
}

int
sks_lines_create_with (sks_lines **out, const sks_lines_options *options, sks_error *err)
{
    static const int tables[SKS_FORMATS] = { [SKS_FORMAT_NDJSON] = SKS_TABLE_NDJSON,
                                             [SKS_FORMAT_CSV] = SKS_TABLE_CSV,
                                             [SKS_FORMAT_TSV] = SKS_TABLE_TSV,
                                             [SKS_FORMAT_MARKDOWN] = SKS_TABLE_MARKDOWN };
    if (out)
        *out = NULL;
    if (!out || !options || (options->column_count && !options->columns))
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    if (options->version != 1)
        return sks_fail (err, SKS_EINVALID, "sks_lines_options.version is not 1; start from its INIT");
    if (options->format < 0 || options->format >= SKS_FORMATS ||
        options->flags & ~(SKS_LINES_EXCEL_SAFE | SKS_LINES_PROVENANCE | SKS_LINES_SORTED))
        return sks_fail (err, SKS_EINVALID, "unknown format or flag");
    sks_lines *lines = calloc (1, sizeof *lines);
    if (!lines)
        return sks_fail_memory (err);
    *lines = (sks_lines) { .format = options->format,
                           .flags = options->flags,
                           .text = SKS_BUFFER_INIT (MAX_PAGE_BYTES),
                           .cell = SKS_BUFFER_INIT (MAX_PAGE_BYTES) };
    lines->table = (sks_table) { .out = &lines->text,
                                 .format = tables[options->format],
                                 .flags = options->flags & SKS_LINES_EXCEL_SAFE ? SKS_TABLE_SAFE : 0 };
    int rc = add_columns (lines, options, err);
    if (rc)
        sks_lines_destroy (&lines);
    *out = lines;
    return rc;
}

int
sks_lines_create (sks_lines **out, int format, unsigned flags, sks_error *err)
{
    const sks_lines_options options = { 1, format, flags, NULL, 0 };
    return sks_lines_create_with (out, &options, err);
}

unsigned
sks_lines_want (const sks_lines *lines)
{
    unsigned want = lines && lines->flags & SKS_LINES_PROVENANCE ? SKS_WANT_PROVENANCE : 0;
    for (size_t i = 0; lines && i < lines->column_count; i++)
        if (lines->columns[i] >= USUAL_COLUMNS && lines->columns[i] < PROVENANCE_COLUMNS)
            want = SKS_WANT_PROVENANCE;
    return want;
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

/* The text after the duty and the dash that ends it. */
static const char *
detail_of (const sks_hit *hit)
{
    static const char *const marks[] = { "\u2014", "\u2015", "\u2013", "\u2012", "--" };
    size_t size = hit->duty ? strlen (hit->duty) : 0;
    const char *at = hit->text;
    if (size == 0 || strncmp (at, hit->duty, size) != 0)
        return at;
    at += size + strspn (at + size, " ");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp (at, marks[i], strlen (marks[i])) == 0) {
            at += strlen (marks[i]);
            break;
        }
    return at + strspn (at, " ");
}

static const char *
text_of (sks_lines *lines, const sks_hit *hit, int column)
{
    static const sks_hit_provenance none = { NULL, NULL, NULL, NULL, 0 };
    const sks_hit_provenance *from = hit->provenance ? hit->provenance : &none;
    switch (column) {
    case COLUMN_ID:
        return hit->id;
    case COLUMN_LEVEL:
        return sks_level_name (hit->level);
    case COLUMN_SOC:
        return hit->soc;
    case COLUMN_OCCUPATION:
        return hit->occupation;
    case COLUMN_GROUP:
        return hit->group;
    case COLUMN_SECTOR:
        return hit->sector;
    case COLUMN_SECTOR_LABEL:
        return hit->sector ? sks_schema_sector_label (hit->sector) : NULL;
    case COLUMN_DUTY:
        return hit->duty;
    case COLUMN_DETAIL:
        return detail_of (hit);
    case COLUMN_TEXT:
        return hit->text;
    case COLUMN_VERSION:
        return from->version;
    case COLUMN_EXPORTED_AT:
        return from->exported_at;
    case COLUMN_SOURCE:
        return join_sources (lines, from);
    default:
        return from->attribution;
    }
}

static void
put_hit (sks_lines *lines, const sks_hit *hit)
{
    for (size_t i = 0; i < lines->column_count; i++) {
        int column = lines->columns[i];
        if (column == COLUMN_POSITION)
            sks_table_count (&lines->table, hit->position);
        else if (column == COLUMN_ZONE && hit->zone)
            sks_table_count (&lines->table, (uint64_t) hit->zone);
        else
            sks_table_text (&lines->table, column == COLUMN_ZONE ? NULL : text_of (lines, hit, column));
    }
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
    if (lines->column_count)
        sks_table_begin (&lines->table, lines->names, lines->column_count);
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
        return sks_fail (err, SKS_EPROTOCOL, "/total: the pages had %llu statements, not that many",
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
    int rc = lines->column_count ? sks_reply_decode_page (&read, json, size, err)
                                 : sks_reply_decode_page_lines (&read, json, size, err);
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
                             .total = read->total,
                             .next_limit = sks_page_limit (read->hit_count, size) };
    sks_scan_page_destroy (&read);
    return rc;
}
