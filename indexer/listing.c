/* listing.c - generations as rows of a table or as JSON. */
#include "listing.h"

#include "core/base/json.h"
#include "core/base/printable_put.h"
#include "core/base/streams.h"
#include "recovery.h"
#include "source_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/* One generation. */
struct row {
    uint64_t number;
    bool current, damaged;
    char created[32];
    uint32_t statements, occupations, shards;
    char reason[sizeof ((sks_error *) 0)->text]; /* if it is damaged */
};

static void
read_row (struct row *row, const sks_folder *folder, uint64_t number)
{
    sks_store *store;
    sks_origins *origins;
    sks_error err;
    *row = (struct row) { .number = number, .current = number == sks_folder_current (folder) };
    if (sks_recovery_open (&store, &origins, folder, number, sks_store_open, &err)) {
        row->damaged = true;
        snprintf (row->reason, sizeof row->reason, "%s", err.text);
        return;
    }
    time_t created = (time_t) store->created;
    struct tm utc;
    strftime (row->created, sizeof row->created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r (&created, &utc));
    row->statements = store->statements;
    row->occupations = store->occupations;
    row->shards = store->shards;
    sks_store_close (&store);
    sks_origins_destroy (&origins);
}

static void
put_row (sks_buffer *out, const struct row *row)
{
    sks_buffer_printf (out, "%" PRIu64 "\t%s\t%s\t", row->number, row->current ? "current" : "",
                       row->damaged ? "damaged" : row->created);
    /* Scripts read this table: the words after a number are part of its form, so they stay plural for 1. */
    if (row->damaged)
        sks_buffer_puts (out, row->reason);
    else
        sks_buffer_printf (out, "%u statements\t%u occupations", row->statements, row->occupations);
    if (row->shards)
        sks_buffer_printf (out, "\t%u shards", row->shards);
    sks_buffer_putc (out, '\n');
}

static void
put_row_json (sks_buffer *out, const struct row *row)
{
    sks_json_open_item (out);
    sks_json_put_count (out, "generation", row->number);
    sks_json_put_flag (out, "current", row->current);
    if (row->damaged) {
        sks_json_put_text (out, "damaged", row->reason);
    } else {
        sks_json_put_text (out, "created", row->created);
        sks_json_put_count (out, "statements", row->statements);
        sks_json_put_count (out, "occupations", row->occupations);
        sks_json_put_count (out, "shards", row->shards);
    }
    sks_buffer_putc (out, '}');
}

/* Write all rows. Fails, after that, if there are generations but none that can be used is current. */
static int
put_generations (sks_buffer *out, const sks_folder *folder, bool json, sks_error *err)
{
    size_t count;
    const uint64_t *numbers = sks_folder_numbers (folder, &count);
    int code = sks_folder_check (folder, err);
    for (size_t i = 0; i < count; i++) {
        struct row row;
        read_row (&row, folder, numbers[i]);
        if (json)
            put_row_json (out, &row);
        else
            put_row (out, &row);
        if (row.damaged && row.current)
            code = sks_fail (err, SKS_EINDEX, "generation %" PRIu64 " is current but damaged", row.number);
    }
    return code;
}

static void
warn_stale (const sks_source_list *sources)
{
    size_t stale = sks_source_list_stale (sources);
    if (stale)
        fprintf (stderr, "skillsearch-index: %zu export%s; --list -v counts them by folder, --list --json names them\n",
                 stale,
                 stale == 1 ? " is stale: its file does not have it now"
                            : "s are stale: their files do not have them now");
}

static int
print_text (const sks_folder *folder, const sks_index_options *options, sks_error *err)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_source_list *sources = NULL;
    int code = put_generations (&out, folder, false, err);
    fwrite (out.bytes, 1, out.size, stdout);
    sks_buffer_free (&out);
    if (!code)
        code = sks_source_list_read (&sources, folder, options->threads, err);
    if (!code && options->verbose)
        sks_source_list_print (sources);
    else if (!code && !options->quiet)
        warn_stale (sources);
    sks_source_list_destroy (&sources);
    return code;
}

static int
print_json (const sks_folder *folder, const sks_index_options *options, sks_error *err)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2), shown = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_source_list *sources = NULL;
    sks_buffer_putc (&out, '{');
    sks_json_put_count (&out, "v", 1);
    sks_json_open_list (&out, "generations");
    int code = put_generations (&out, folder, true, err);
    sks_buffer_putc (&out, ']');
    sks_json_open_list (&out, "exports");
    if (!code)
        code = sks_source_list_read (&sources, folder, options->threads, err);
    if (sources)
        sks_source_list_put_json (sources, &out);
    sks_buffer_puts (&out, "]}\n");
    sks_printable_put_json (&shown, out.bytes, out.size);
    shown.failed = out.failed ? out.failed : shown.failed;
    if (!code)
        code = sks_buffer_status (&shown, err);
    if (!shown.failed)
        sks_streams_write (shown.bytes, shown.size);
    sks_source_list_destroy (&sources);
    sks_buffer_free (&out);
    sks_buffer_free (&shown);
    return code;
}

int
sks_listing_print (const sks_folder *folder, const sks_index_options *options, sks_error *err)
{
    return options->json ? print_json (folder, options, err) : print_text (folder, options, err);
}
