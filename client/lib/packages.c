/* packages.c - a scan in the order of occupations, and the heading of each: the statements of one occupation are
 * gathered, then its package is written piece by piece. */
#include "client.h"
#include "package.h"
#include "package_scan.h"
#include "page.h"

#include "core/base/printable_put.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PIECE_BYTES (4 * (size_t) SKS_MAX_REPLY_BYTES) /* what comes before 40,000 statements may be large */
#define PIECE_BYTES 262144                                 /* of a package; the largest statement is added */
#define FIRST_STATEMENTS 64

static const struct {
    sks_package_kind kind;
    const sks_package_writer *writer;
    bool json;  /* what it writes is made printable afterwards */
    bool table; /* a line of names comes first, also if no package follows */
} formats[SKS_PACKAGE_FORMATS] = {
    [SKS_PACKAGE_CASE_1_0] = { { "case1.0", "application/json", "json" }, &sks_package_case, true, false },
    [SKS_PACKAGE_CASE_1_1] = { { "case1.1", "application/json", "json" }, &sks_package_case, true, false },
    [SKS_PACKAGE_CTDL] = { { "ctdl", "application/ld+json", "jsonld" }, &sks_package_ctdl, true, false },
    [SKS_PACKAGE_RSD] = { { "rsd", "text/csv; charset=utf-8; header=present", "csv" }, &sks_package_rsd, false, true },
    [SKS_PACKAGE_MARKDOWN] = { { "md", "text/markdown; charset=utf-8", "md" }, &sks_package_markdown, false, false },
};

/* What is written next of a package. */
enum stage { STAGE_NOTHING, STAGE_BEGIN, STAGE_STATEMENTS, STAGE_BETWEEN, STAGE_AGAIN, STAGE_END };

struct sks_packages {
    sks_package_options options; /* its strings are in the memory of `scan` */
    sks_request *scan;           /* what was asked for */
    sks_buffer canonical;        /* the same without what does not choose statements, as text */
    sks_request next;            /* the request to send */
    sks_buffer asked;            /* the same as text */
    bool ended;                  /* nothing else is requested */
    sks_scan_page *page;         /* NULL: none was read */
    size_t at;                   /* of its hits: the next one */
    uint32_t limit;              /* hits of the next page */
    uint64_t generation, seen;
    /* The occupation that is being read or written; its record, without statements, is NULL between two of them. */
    sks_record *record;
    sks_arena *memory; /* of its statements */
    sks_package_statement *statements;
    size_t count, capacity;
    uint64_t total; /* statements that it has in all */
    sks_package_content content;
    int stage;      /* enum stage */
    size_t written; /* statements written in this stage */
    char soc[SKS_MAX_FILTER_VALUE_BYTES + 1];
    sks_buffer raw, text;
    sks_table table;
};

const sks_package_kind *
sks_package_kind_of (int format)
{
    return format >= 0 && format < SKS_PACKAGE_FORMATS ? &formats[format].kind : NULL;
}

/* ----------------------------------------------------------------- begin */

static int
copy_text (sks_arena *memory, const char **text, sks_error *err)
{
    if (*text)
        *text = sks_arena_copy (memory, *text, strlen (*text));
    return *text ? 0 : sks_fail_memory (err);
}

/* Request a page of the scan. */
static void
ask_page (sks_packages *packages, const char *cursor)
{
    packages->next =
        (sks_request) { .op = SKS_OP_SCAN, .query = sks_client_copy_query (NULL, SKS_OP_SCAN), .cursor = cursor };
    sks_query *query = &packages->next.query;
    const sks_query *from = &packages->scan->query;
    query->text = from->text;
    query->match = from->match;
    query->plain = from->plain;
    query->resolve = from->resolve;
    query->deadline_ms = packages->scan->deadline_ms ? packages->scan->deadline_ms : from->deadline_ms;
    memcpy (query->filter, from->filter, sizeof from->filter);
    query->sort = SKS_SORT_OCCUPATION;
    query->limit = packages->limit;
}

/* Fill an object that has the options' values, whose strings the caller owns. */
static int
prepare (sks_packages *packages, sks_error *err)
{
    sks_package_options *options = &packages->options;
    const char **const texts[] = { &options->base_uri, &options->creator, &options->publisher };
    sks_request *scan = NULL;
    int rc = packages->memory ? sks_package_scan_read (&scan, options, err) : sks_fail_memory (err);
    packages->scan = scan;
    for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof *texts; i++)
        rc = *texts[i] ? copy_text (scan->memory, texts[i], err) : 0;
    if (rc == 0)
        rc = sks_package_scan_canonical (&packages->canonical, scan, err);
    if (rc == 0)
        ask_page (packages, NULL);
    return rc;
}

int
sks_packages_create (sks_packages **out, const sks_package_options *options, sks_error *err)
{
    if (out)
        *out = NULL;
    if (!out || !options)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    int rc = sks_package_scan_check (options, err);
    if (rc == 0 && !sks_package_kind_of (options->format))
        rc = sks_fail (err, SKS_EINVALID, "format is not one of enum sks_package_format");
    if (rc)
        return rc;
    sks_packages *packages = calloc (1, sizeof *packages);
    if (!packages)
        return sks_fail_memory (err);
    *packages = (sks_packages) { .options = *options,
                                 .memory = sks_arena_create (),
                                 .limit = SKS_FIRST_PAGE,
                                 .canonical = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES),
                                 .asked = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES),
                                 .raw = SKS_BUFFER_INIT (MAX_PIECE_BYTES),
                                 .text = SKS_BUFFER_INIT (MAX_PIECE_BYTES) };
    packages->table = (sks_table) { .out = &packages->text,
                                    .format = SKS_TABLE_CSV,
                                    .flags = options->flags & SKS_PACKAGE_EXCEL_SAFE ? SKS_TABLE_SAFE : 0 };
    rc = prepare (packages, err);
    if (rc)
        sks_packages_destroy (&packages);
    *out = packages;
    return rc;
}

void
sks_packages_destroy (sks_packages **packages_p)
{
    if (!packages_p || !*packages_p)
        return;
    sks_packages *packages = *packages_p;
    sks_request_destroy (&packages->scan);
    sks_scan_page_destroy (&packages->page);
    sks_record_destroy (&packages->record);
    sks_arena_destroy (&packages->memory);
    free (packages->statements);
    sks_buffer_free (&packages->canonical);
    sks_buffer_free (&packages->asked);
    sks_buffer_free (&packages->raw);
    sks_buffer_free (&packages->text);
    free (packages);
    *packages_p = NULL;
}

/* --------------------------------------------------------------- writing */

/* Begin to write the occupation that was read; without one, what comes before all packages. */
static int
begin_package (sks_packages *packages, sks_error *err)
{
    packages->content =
        (sks_package_content) { .options = &packages->options,
                                .record = packages->record,
                                .statements = packages->statements,
                                .count = packages->count,
                                .total = packages->total,
                                .part = packages->count < packages->total,
                                .out = formats[packages->options.format].json ? &packages->raw : &packages->text,
                                .table = &packages->table };
    packages->stage = STAGE_BEGIN;
    packages->written = 0;
    sks_buffer_clear (&packages->raw);
    if (packages->options.flags & SKS_PACKAGE_SEPARATE)
        packages->table.names = NULL;
    if (!packages->record)
        return 0;
    snprintf (packages->soc, sizeof packages->soc, "%s", packages->record->soc);
    return sks_package_identify (&packages->content, packages->canonical.bytes, packages->memory, err);
}

/* Write the next statement of a stage. False if there are no more. */
static bool
write_statement (sks_packages *packages, sks_package_each *each)
{
    if (!each || packages->written == packages->count)
        return false;
    each (&packages->content, &packages->statements[packages->written++]);
    return true;
}

/* Write what comes next, and move on. */
static void
write_step (sks_packages *packages)
{
    const sks_package_writer *writer = formats[packages->options.format].writer;
    sks_package_piece *piece = packages->stage == STAGE_BEGIN     ? writer->begin
                               : packages->stage == STAGE_BETWEEN ? writer->between
                               : packages->stage == STAGE_END     ? writer->end
                                                                  : NULL;
    if (piece)
        piece (&packages->content);
    if (packages->stage == STAGE_BEGIN && !packages->record)
        packages->stage = STAGE_END; /* a heading without a package */
    if ((packages->stage == STAGE_STATEMENTS && write_statement (packages, writer->statement)) ||
        (packages->stage == STAGE_AGAIN && write_statement (packages, writer->again)))
        return;
    packages->written = 0;
    packages->stage = packages->stage == STAGE_END ? STAGE_NOTHING : packages->stage + 1;
}

/* Write the next piece of the package into packages->text. JSON is written with the last byte of the piece before it,
 * from which the writer sees whether a comma is needed. */
static int
write_piece (sks_packages *packages, sks_error *err)
{
    sks_buffer *raw = &packages->raw, *text = &packages->text;
    const sks_buffer *out = packages->content.out;
    size_t known = raw->size > 0;
    if (known) {
        raw->bytes[0] = raw->bytes[raw->size - 1];
        raw->size = 1;
    }
    sks_buffer_clear (text);
    while (packages->stage != STAGE_NOTHING && out->size < PIECE_BYTES && !out->failed)
        write_step (packages);
    int rc = sks_buffer_status (raw, err);
    if (rc == 0 && raw->size)
        sks_printable_put_json (text, raw->bytes + known, raw->size - known);
    return rc ? rc : sks_buffer_status (text, err);
}

/* --------------------------------------------------------------- reading */

/* Request what is known of an occupation apart from its statements. */
static void
ask_record (sks_packages *packages, const char *soc)
{
    uint32_t deadline = packages->scan->deadline_ms;
    packages->next = (sks_request) { .op = SKS_OP_OCCUPATION,
                                     .query = sks_client_copy_query (NULL, SKS_OP_OCCUPATION),
                                     .occupations = { soc },
                                     .heading = true };
    packages->next.query.deadline_ms = deadline ? deadline : packages->scan->query.deadline_ms;
}

static int
fail_replaced (sks_error *err)
{
    return sks_fail (err, SKS_ENOTFOUND, "the index was replaced during the export");
}

static int
take_page (sks_packages *packages, const char *json, size_t size, sks_package *out, sks_error *err)
{
    sks_scan_page *page;
    bool first = !packages->page;
    int rc = sks_reply_decode_page (&page, json, size, err);
    if (rc == SKS_ENOTFOUND && !first)
        return fail_replaced (err);
    if (rc)
        return rc;
    if (!first && page->generation != packages->generation)
        rc = fail_replaced (err);
    else if (page->hit_count == 0 && page->cursor)
        rc = sks_fail (err, SKS_EPROTOCOL, "/cursor: a page without statements has none");
    if (rc) {
        sks_scan_page_destroy (&page);
        return rc;
    }
    sks_scan_page_destroy (&packages->page);
    packages->page = page;
    packages->at = 0;
    packages->generation = page->generation;
    packages->limit = sks_page_limit (page->hit_count, size);
    if (first) {
        out->notes = page->notes;
        out->note_count = page->note_count;
    }
    return 0;
}

static int
take_record (sks_packages *packages, const char *json, size_t size, sks_error *err)
{
    const char *soc = packages->next.occupations[0];
    sks_record *record;
    int rc = sks_reply_decode_record_body (&record, json, size, err);
    if (rc == SKS_ENOTFOUND || (rc == 0 && record->generation != packages->generation))
        rc = fail_replaced (err);
    else if (rc == 0 && (strcmp (record->soc, soc) != 0 || strlen (soc) >= sizeof packages->soc))
        rc = sks_fail (err, SKS_EPROTOCOL, "/soc: not the occupation that was asked for");
    packages->total = packages->count = 0;
    for (int level = 0; rc == 0 && level < SKS_LEVELS; level++)
        packages->total += record->levels[level].total;
    sks_arena_clear (packages->memory);
    if (rc)
        sks_record_destroy (&record);
    packages->record = record;
    return rc;
}

/* Whether a hit follows the last one in the order of level and position. */
static bool
moves_on (const sks_packages *packages, const sks_hit *hit)
{
    const sks_package_statement *last = packages->count ? &packages->statements[packages->count - 1] : NULL;
    return !last || hit->level > last->level || (hit->level == last->level && hit->position > last->position);
}

static int
take_hit (sks_packages *packages, const sks_hit *hit, sks_error *err)
{
    if (!moves_on (packages, hit))
        return sks_fail (err, SKS_EPROTOCOL, "/hits/%zu: not in the order of levels and positions", packages->at);
    if (packages->count == packages->total)
        return sks_fail (err, SKS_EPROTOCOL, "/hits/%zu: the occupation has fewer statements", packages->at);
    if (packages->count == packages->capacity) {
        size_t capacity = packages->capacity ? 2 * packages->capacity : FIRST_STATEMENTS;
        sks_package_statement *grown = realloc (packages->statements, capacity * sizeof *grown);
        if (!grown)
            return sks_fail_memory (err);
        packages->statements = grown;
        packages->capacity = capacity;
    }
    packages->seen++;
    return sks_package_copy (&packages->statements[packages->count++], hit, packages->memory) ? 0
                                                                                              : sks_fail_memory (err);
}

static int
finish (sks_packages *packages, sks_error *err)
{
    bool separate = packages->options.flags & SKS_PACKAGE_SEPARATE;
    packages->ended = true;
    if (packages->seen != packages->page->total)
        return sks_fail (err, SKS_EPROTOCOL, "/total: the pages had %llu statements, not that many",
                         (unsigned long long) packages->seen);
    bool heading = !packages->seen && formats[packages->options.format].table && !separate;
    return packages->record || heading ? begin_package (packages, err) : 0;
}

/* Go on with the hits of the page until an occupation ends or something must be requested. */
static int
advance (sks_packages *packages, sks_error *err)
{
    const sks_scan_page *page = packages->page;
    for (; packages->at < page->hit_count; packages->at++) {
        const sks_hit *hit = &page->hits[packages->at];
        if (packages->record && strcmp (packages->record->soc, hit->soc) != 0)
            return begin_package (packages, err);
        if (!packages->record) {
            ask_record (packages, hit->soc);
            return 0;
        }
        int rc = take_hit (packages, hit, err);
        if (rc)
            return rc;
    }
    if (!page->cursor)
        return packages->ended ? 0 : finish (packages, err);
    ask_page (packages, page->cursor);
    return 0;
}

/* Write a piece if there is one, and fill the caller's package. */
static int
give_piece (sks_packages *packages, sks_package *package, sks_error *err)
{
    bool writing = packages->stage != STAGE_NOTHING, begins = packages->stage == STAGE_BEGIN;
    int rc = 0;
    sks_buffer_clear (&packages->text);
    if (writing)
        rc = write_piece (packages, err);
    if (rc)
        return rc;
    if (writing && packages->record) {
        package->soc = packages->soc;
        package->part = packages->content.part;
        package->count = packages->content.count;
        package->begins = begins;
    }
    package->text = packages->text.bytes;
    package->size = packages->text.size;
    package->more = packages->stage != STAGE_NOTHING;
    if (writing && !package->more) {
        sks_record_destroy (&packages->record);
        rc = advance (packages, err);
    }
    package->generation = packages->generation;
    package->total = packages->page->total;
    package->ended = packages->ended && !package->more;
    return rc;
}

int
sks_packages_more (sks_packages *packages, sks_package *package, sks_error *err)
{
    if (!packages || !package)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *package = (sks_package) { 0 };
    if (packages->stage == STAGE_NOTHING)
        return sks_fail (err, SKS_EINVALID, "the package is complete");
    return give_piece (packages, package, err);
}

int
sks_packages_read (sks_packages *packages, const char *json, size_t size, sks_package *package, sks_error *err)
{
    if (!packages || !json || !package)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *package = (sks_package) { 0 };
    if (packages->ended || packages->stage != STAGE_NOTHING)
        return sks_fail (err, SKS_EINVALID, "nothing was requested");
    int rc = packages->next.op == SKS_OP_SCAN ? take_page (packages, json, size, package, err)
                                              : take_record (packages, json, size, err);
    if (rc == 0)
        rc = advance (packages, err);
    return rc ? rc : give_piece (packages, package, err);
}

/* ----------------------------------------------------------------- asking */
const char *
sks_packages_request (sks_packages *packages)
{
    static const char head[] = "{\"v\":1,";
    if (!packages || packages->ended || packages->stage != STAGE_NOTHING)
        return NULL;
    sks_buffer_clear (&packages->asked);
    if (sks_request_encode (&packages->next, &packages->asked, NULL) != 0)
        return NULL;
    if (!sks_buffer_text (&packages->asked))
        return NULL;
    char *text = packages->asked.bytes + strlen (head) - 1;
    *text = '{';
    return text;
}

/* A reply that is read, and what it completes. */
struct reading {
    sks_packages *packages;
    sks_package *package;
};

static int
read_reply (void *out, const char *bytes, size_t size, sks_error *err)
{
    const struct reading *reading = out;
    return sks_packages_read (reading->packages, bytes, size, reading->package, err);
}

int
sks_packages_next (sks_packages *packages, sks_client *client, sks_package *package, sks_error *err)
{
    struct reading reading = { packages, package };
    int rc = sks_client_check (client, packages, package, err);
    if (rc == 0 && packages->stage != STAGE_NOTHING)
        return sks_packages_more (packages, package, err);
    if (rc == 0 && packages->ended)
        rc = sks_fail (err, SKS_EINVALID, "all packages have been written");
    return rc ? rc : sks_client_ask (client, &packages->next, read_reply, &reading, err);
}
