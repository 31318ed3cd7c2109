/* export.c - one line a statement. ndjson has every member the daemon sends,
 * the tables the columns below. Control characters and marks of direction never
 * leave as they are: ndjson has them as escapes of JSON, a table shows them. */
#include "export.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "terminal.h"

#include <inttypes.h>
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

/* The columns of a hit, in the order of `columns`. */
static void
put_row (sks_buffer *out, int format, const sks_hit *hit)
{
    char position[12], zone[12];
    snprintf (position, sizeof position, "%" PRIu32, hit->position);
    snprintf (zone, sizeof zone, "%d", hit->zone);
    const char *const values[COLUMNS] = {
        hit->id,     sks_level_name (hit->level), position,  hit->soc,  hit->occupation, hit->group,
        hit->sector, hit->zone ? zone : NULL,     hit->duty, hit->text,
    };
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            sks_buffer_putc (out, format == SKS_FORMAT_CSV ? ',' : '\t');
        if (values[i] && format == SKS_FORMAT_CSV)
            put_quoted (out, values[i]);
        else if (values[i])
            sks_terminal_puts (out, values[i]);
    }
    sks_buffer_puts (out, format == SKS_FORMAT_CSV ? "\r\n" : "\n");
}

/* Past the string, number or word at `at`; past all of an object or a list, too. */
static const char *
skip_value (const char *at)
{
    int depth = 0;
    do {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            depth--;
        }
        at += *at != '\0';
    } while (*at && (depth > 0 || !strchr (",}]", *at)));
    return at;
}

/* The first item of the list "hits" of a reply, which is valid JSON and has one. */
static const char *
find_hits (const char *json)
{
    static const char name[] = "\"hits\"";
    const char *at = strchr (json, '{');
    while (at && *at && strncmp (at + 1 + strspn (at + 1, " \t\r\n"), name, sizeof name - 1) != 0)
        at = skip_value (at + 1);
    at = at && *at ? strchr (at, '[') : NULL;
    return at ? at + 1 : NULL;
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
moves_on (sks_export *export, const sks_hit *hit)
{
    size_t size = strlen (hit->id);
    if (size >= sizeof export->last || strcmp (hit->id, export->last) <= 0)
        return false;
    memcpy (export->last, hit->id, size + 1);
    return true;
}

int
sks_export_page (sks_export *export, sks_buffer *out, const sks_result *page, sks_error *err)
{
    const char *item = export->format == SKS_FORMAT_NDJSON ? find_hits (page->json) : NULL;
    for (size_t i = 0; i < page->hit_count; i++, export->count++) {
        if (!moves_on (export, &page->hits[i]))
            return sks_fail (err, SKS_EPROTOCOL, "/hits/%zu/id: the ids of a scan ascend, and this one does not", i);
        if (!item) {
            put_row (out, export->format, &page->hits[i]);
            continue;
        }
        item += strspn (item, ", \t\r\n");
        const char *end = skip_value (item), *last = end;
        while (strchr (" \t\r\n", last[-1]))
            last--;
        sks_printable_put_json (out, item, (size_t) (last - item));
        sks_buffer_putc (out, '\n');
        item = end;
    }
    if (page->hit_count == 0 && page->cursor)
        return sks_fail (err, SKS_EPROTOCOL, "/cursor: a page without statements has none");
    return sks_buffer_status (out, err);
}
