/* fuzz_csv.c - any bytes as a CSV file: split into records, read as exports, reported.
 *
 * Besides crashes, it checks that records are in the order of the text and do not overlap, that each occupation is
 * complete, and that whatever is left out is reported. */
#include "core/base/schema.h"
#include "core/base/utf8.h"
#include "indexer/csv_occupation.h"
#include "indexer/csv_heading.h"
#include "indexer/export.h"
#include "require.h"

#include <string.h>

/* All records together are the text, except line ends. */
static void
check_records (const char *text, size_t size)
{
    sks_csv csv;
    sks_csv_record record;
    bool more;
    const char *end = text;
    sks_csv_begin (&csv, text, size, ',', 1);
    for (unsigned long line = 0;; line = record.line) {
        require (sks_csv_next (&csv, &record, &more, NULL) == 0);
        if (!more)
            break;
        require (record.line > line && record.bytes >= end && record.size);
        require (record.bytes + record.size <= text + size);
        require ((record.fault != NULL) == !record.count);
        require (!record.fault || (record.fault_line >= record.line && record.fault_at >= 0 && record.fault_cell));
        for (size_t i = 0; i < record.count; i++)
            require (sks_utf8_valid (record.cells[i], strlen (record.cells[i]), NULL));
        end = record.bytes + record.size;
    }
    sks_csv_end (&csv);
}

static void
check_export (const sks_export *export)
{
    static bool taken[SKS_LEVELS][SKS_MAX_LEVEL_STATEMENTS + 1];
    require (sks_schema_soc_valid (export->soc) && *export->title && export->count);
    require (export->zone >= 0 && export->zone <= SKS_ZONES);
    memset (taken, 0, sizeof taken);
    for (size_t i = 0; i < export->count; i++) {
        const sks_statement *s = &export->statements[i];
        require (s->size && s->size <= SKS_MAX_STATEMENT_BYTES && strlen (s->text) == s->size);
        require (s->level >= 0 && s->level < SKS_LEVELS);
        require (s->position && s->position <= SKS_MAX_LEVEL_STATEMENTS && !taken[s->level][s->position]);
        taken[s->level][s->position] = true;
    }
}

static void
check_exports (const char *text, size_t size)
{
    sks_report *report;
    sks_csv_export *csv;
    sks_export *export;
    char before[SKS_SOC_BYTES + 1] = "";
    uint64_t content;
    bool more;
    int kind;
    require (sks_report_create (&report, NULL) == 0);
    require (sks_csv_export_open (&csv, "file", text, size, report, NULL) == 0);
    require (!sks_csv_export_has_lost (csv) || sks_report_count (report));
    while (sks_csv_export_next (csv, &more, &content, NULL) == 0 && more) {
        size_t problems = sks_report_count (report);
        require (sks_csv_occupation_read (csv, &export, &kind, NULL) == 0);
        require (export || sks_report_count (report) > problems);
        if (!export)
            continue;
        check_export (export);
        require (strcmp (before, export->soc) < 0 && export->content == content);
        memcpy (before, export->soc, sizeof before);
        sks_export_destroy (&export);
    }
    sks_csv_export_close (&csv);
    sks_report_destroy (&report);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *text = (const char *) data;
    sks_csv_refusal refusal;
    int kind;
    check_records (text, size);
    require (sks_csv_heading_recognise (text, size, size % 2, &kind, &refusal, NULL) == 0);
    require (kind != SKS_CSV_REFUSED || *refusal.reason);
    if (kind == SKS_CSV_TABLE)
        check_exports (text, size);
    return 0;
}
