/* task_export.c - every statement that matches, for other programs: page by page as lines, or occupation by occupation
 * as packages. */
#include "core/base/error.h"
#include "destination.h"
#include "pager.h"
#include "print.h"
#include "task.h"

#include <stdio.h>
#include <string.h>

#define MOST_BEGINNINGS 5 /* of an export to a file, while the index is being replaced */
#define MOST_NAME_BYTES 64

/* The library's format for each output; text and json are made from NDJSON. */
static const int formats[] = { [SKS_OUTPUT_TEXT] = SKS_FORMAT_NDJSON,   [SKS_OUTPUT_JSON] = SKS_FORMAT_NDJSON,
                               [SKS_OUTPUT_NDJSON] = SKS_FORMAT_NDJSON, [SKS_OUTPUT_CSV] = SKS_FORMAT_CSV,
                               [SKS_OUTPUT_TSV] = SKS_FORMAT_TSV,       [SKS_OUTPUT_MARKDOWN] = SKS_FORMAT_MARKDOWN };

/* An export under way. */
struct export
{
    sks_session *session;
    sks_destination *destination; /* NULL: the standard output */
    bool begun;                   /* a part of the answer has arrived */
    bool replaced;                /* the index was replaced */
    bool streamed;                /* what was written cannot be taken back */
    uint64_t total;               /* statements found */
};

/* Write session->out and empty it. SKS_EIO without a text: the message comes at exit. */
static int
send_text (struct export *export)
{
    sks_session *session = export->session;
    sks_buffer *out = &session->out;
    int rc = sks_buffer_status (out, &session->err);
    if (rc)
        return rc;
    if (!export->destination)
        return sks_session_send (session) ? 0 : SKS_EIO;
    rc = sks_destination_write (export->destination, out->bytes, out->size, &session->err);
    sks_buffer_clear (out);
    return rc;
}

/* ------------------------------------------------------------------ lines */

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

/* Request one page and write it. Its cursor is that of the next page; query->limit becomes that of the next page. */
static int
export_page (struct export *export, sks_lines *lines, sks_query *query, sks_page *page, uint64_t *count)
{
    sks_session *session = export->session;
    sks_result *result;
    int rc = sks_client_scan (session->client, query, page->cursor, &result, &session->err);
    if (rc == 0 && !page->cursor)
        sks_task_report_names (result->notes, result->note_count);
    if (rc == 0)
        rc = sks_lines_page (lines, result->json, strlen (result->json), page, &session->err);
    if (rc == 0) {
        put_page (session, result, page, *count);
        *count += result->hit_count;
        query->limit = page->next_limit;
        export->begun = true;
        export->total = page->total;
        rc = send_text (export);
    }
    sks_result_destroy (&result);
    return rc;
}

static int
export_lines (struct export *export)
{
    const sks_options *options = export->session->options;
    sks_query query = options->query;
    sks_page page = { 0 };
    sks_lines_options how = SKS_LINES_OPTIONS_INIT;
    sks_lines *lines;
    uint64_t count = 0;
    how.format = formats[options->output];
    how.columns = options->columns;
    how.column_count = options->column_count;
    how.flags = (options->excel_safe ? SKS_LINES_EXCEL_SAFE : 0) |
                (query.want & SKS_WANT_PROVENANCE ? SKS_LINES_PROVENANCE : 0) |
                (query.sort != SKS_SORT_RELEVANCE ? SKS_LINES_SORTED : 0);
    int rc = sks_lines_create_with (&lines, &how, &export->session->err);
    query.limit = SKS_FIRST_PAGE;
    query.want |= sks_lines_want (lines);
    while (rc == 0 && (!export->begun || page.cursor))
        rc = export_page (export, lines, &query, &page, &count);
    sks_lines_destroy (&lines);
    return rc;
}

/* --------------------------------------------------------------- packages */

/* Warn of what other programs require, once. */
static void
warn_of_gaps (const sks_options *options, const sks_package_kind *kind)
{
    bool json = strncmp (kind->extension, "json", strlen ("json")) == 0;
    if (json && !options->base_uri)
        fputs ("skillsearch: URIs are urn:uuid:UUID, which nothing resolves; --base-uri https://HOST/ gives others\n",
               stderr);
    if (options->output == SKS_OUTPUT_CTDL && !options->publisher)
        fputs (
            "skillsearch: the frameworks have no publisher, which the Credential Registry requires: --publisher URI\n",
            stderr);
}

/* Write what the reply completed. */
static int
put_package (struct export *export, const sks_package *package, const sks_package_kind *kind)
{
    sks_session *session = export->session;
    char name[MOST_NAME_BYTES];
    if (!export->begun)
        sks_task_report_names (package->notes, package->note_count);
    export->begun = true;
    export->total = package->total;
    if (package->size == 0)
        return 0;
    if (session->options->output_folder && package->begins) {
        sks_session_restart (session);
        snprintf (name, sizeof name, "%s.%s", package->soc, kind->extension);
        int rc = sks_destination_begin (export->destination, name, &session->err);
        if (rc)
            return rc;
    }
    sks_buffer_add (&session->out, package->text, package->size);
    return send_text (export);
}

/* The library names the member, as in "base_uri: ...", and the command the option. */
static void
name_option (sks_error *err)
{
    sks_error named = *err;
    char *underscore = memchr (named.text, '_', strcspn (named.text, " "));
    if (underscore)
        *underscore = '-';
    sks_fail (err, named.code, "--%s", named.text);
}

static int
export_packages (struct export *export)
{
    sks_session *session = export->session;
    const sks_options *options = session->options;
    sks_package_options how = SKS_PACKAGE_OPTIONS_INIT;
    sks_packages *packages;
    sks_package package = { 0 };
    how.format = options->output - SKS_OUTPUT_CASE_1_0;
    how.flags =
        (options->output_folder ? SKS_PACKAGE_SEPARATE : 0) | (options->excel_safe ? SKS_PACKAGE_EXCEL_SAFE : 0);
    how.query = &options->query;
    how.base_uri = options->base_uri;
    how.creator = options->creator;
    how.publisher = options->publisher;
    const sks_package_kind *kind = sks_package_kind_of (how.format);
    int rc = sks_packages_create (&packages, &how, &session->err);
    if (rc == SKS_EINVALID || rc == SKS_ELIMIT)
        name_option (&session->err);
    while (rc == 0 && !package.ended) {
        rc = sks_packages_next (packages, session->client, &package, &session->err);
        rc = rc ? rc : put_package (export, &package, kind);
    }
    sks_packages_destroy (&packages);
    return rc;
}

/* -------------------------------------------------------------- beginnings */

static bool
is_to_files (const sks_options *options)
{
    return options->output_folder || (options->output_file && strcmp (options->output_file, "-") != 0);
}

/* Export once, up to the files' final names. */
static int
export_once (struct export *export)
{
    const sks_options *options = export->session->options;
    sks_error *err = &export->session->err;
    int rc = 0;
    sks_session_restart (export->session);
    *err = (sks_error) { .at = -1 };
    if (is_to_files (options))
        rc = sks_destination_open (&export->destination, options->output_folder, err);
    if (rc == 0 && export->destination && options->output_file)
        rc = sks_destination_begin (export->destination, options->output_file, err);
    if (rc == 0)
        rc = options->output >= SKS_OUTPUT_CASE_1_0 ? export_packages (export) : export_lines (export);
    export->replaced = rc == SKS_ENOTFOUND && export->begun;
    export->streamed = !export->destination || sks_destination_streams (export->destination);
    if (rc == 0 && export->destination)
        rc = sks_destination_commit (export->destination, err);
    sks_destination_close (&export->destination);
    return rc;
}

int
sks_task_export (sks_session *session)
{
    const sks_options *options = session->options;
    struct export export = { .session = session, .replaced = true };
    int rc = 0;
    if (options->output >= SKS_OUTPUT_CASE_1_0)
        warn_of_gaps (options, sks_package_kind_of (options->output - SKS_OUTPUT_CASE_1_0));
    if (is_to_files (options))
        sks_terminal_detect (&session->terminal, -1, options->color);
    for (int i = MOST_BEGINNINGS; export.replaced && !export.streamed && i > 0; i--) {
        export = (struct export) { .session = session };
        rc = export_once (&export);
    }
    if (!sks_pager_close () && rc == 0)
        rc = sks_fail (&session->err, SKS_EIO, "the pager was not found, and nothing was shown; see --no-pager");
    if (export.replaced) {
        sks_fail (&session->err, SKS_EIO, "the index was replaced during the export; start it again");
        sks_session_fail (session);
        return SKS_EXIT_REPLACED;
    }
    if (rc && !session->err.code)
        return SKS_EXIT_FAILED;
    return rc ? sks_session_fail (session) : export.total ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}
