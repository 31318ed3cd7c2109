/* task_export.c - every statement that matches, page by page. */
#include "core/base/error.h"
#include "pager.h"
#include "print.h"
#include "task.h"

#include <string.h>

/* The library's format for each output; text and json are made from NDJSON. */
static const int formats[] = { [SKS_OUTPUT_TEXT] = SKS_FORMAT_NDJSON,   [SKS_OUTPUT_JSON] = SKS_FORMAT_NDJSON,
                               [SKS_OUTPUT_NDJSON] = SKS_FORMAT_NDJSON, [SKS_OUTPUT_CSV] = SKS_FORMAT_CSV,
                               [SKS_OUTPUT_TSV] = SKS_FORMAT_TSV,       [SKS_OUTPUT_MARKDOWN] = SKS_FORMAT_MARKDOWN };

/* Lines of ndjson as items of a list. */
static void
put_items (sks_buffer *out, const sks_page *page, bool first)
{
    for (size_t at = 0; at < page->size;) {
        const char *line = page->text + at, *end = memchr (line, '\n', page->size - at);
        size_t size = end ? (size_t) (end - line) : page->size - at;
        sks_buffer_puts (out, first ? "[" : ",\n");
        sks_buffer_add (out, line, size);
        at += size + 1;
        first = false;
    }
}

static void
put_page (sks_session *session, const sks_result *result, const sks_page *page, uint64_t before)
{
    const sks_options *options = session->options;
    const char *text = page->text;
    size_t size = page->size;
    if (options->output == SKS_OUTPUT_TEXT) {
        sks_print_hits (&session->out, &session->terminal, result, before + 1, options->full);
    } else if (options->output == SKS_OUTPUT_JSON) {
        put_items (&session->out, page, before == 0);
        if (!page->cursor)
            sks_buffer_puts (&session->out, page->total ? "]\n" : "[]\n");
    } else {
        if (options->bare && before == 0 && size) { /* skip the header line */
            const char *end = memchr (text, '\n', size);
            size -= (size_t) (end + 1 - text);
            text = end + 1;
        }
        sks_buffer_add (&session->out, text, size);
    }
}

/* Request one page and write it. Its cursor is that of the next page. */
static int
export_page (sks_session *session, sks_lines *lines, const sks_query *query, sks_page *page, uint64_t *count)
{
    sks_result *result;
    int rc = sks_client_scan (session->client, query, page->cursor, &result, &session->err);
    if (rc == SKS_ENOTFOUND && page->cursor)
        return sks_fail (&session->err, SKS_EIO, "the index was replaced during the export; start it again");
    if (rc == 0 && !page->cursor)
        sks_task_report_names (result->notes, result->note_count);
    if (rc == 0)
        rc = sks_lines_page (lines, result->json, strlen (result->json), page, &session->err);
    if (rc == 0) {
        put_page (session, result, page, *count);
        *count += result->hit_count;
    }
    sks_result_destroy (&result);
    return rc;
}

int
sks_task_export (sks_session *session)
{
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_page page = { 0 };
    sks_lines *lines;
    uint64_t count = 0;
    unsigned flags = (options->excel_safe ? SKS_LINES_EXCEL_SAFE : 0) |
                     (query.want & SKS_WANT_PROVENANCE ? SKS_LINES_PROVENANCE : 0) |
                     (query.sort != SKS_SORT_RELEVANCE ? SKS_LINES_SORTED : 0);
    int rc = sks_lines_create (&lines, formats[options->output], flags, &session->err);
    query.limit = SKS_MAX_SCAN;
    if (rc)
        return sks_session_fail (session);
    bool written = true;
    do {
        rc = export_page (session, lines, &query, &page, &count);
        written = rc == 0 && sks_session_send (session);
    } while (written && page.cursor);
    uint64_t total = page.total;
    sks_lines_destroy (&lines);
    if (!sks_pager_close () && rc == 0)
        rc = sks_fail (&session->err, SKS_EIO, "the pager was not found, and nothing was shown; see --no-pager");
    return rc ? sks_session_fail (session) : !written ? SKS_EXIT_FAILED : total ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}
