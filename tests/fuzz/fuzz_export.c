/* fuzz_export.c - any bytes as an export: read, split into entries, reported.
 *
 * Besides crashes, it checks what the reader promises: what is rejected or left out is reported; statements are
 * complete, distinct and in the order of their ids; entries have their original bytes; and the report is JSON. */
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "indexer/element.h"
#include "indexer/nearness.h"
#include "indexer/report_json.h"
#include "require.h"

#include <string.h>

static void
check_statement (const sks_statement *s, const sks_statement *before)
{
    require (s->size && s->size <= SKS_MAX_STATEMENT_BYTES && strlen (s->text) == s->size);
    require (sks_utf8_valid (s->text, s->size, NULL) && s->hash == sks_text_hash (s->text, s->size));
    require (s->level >= 0 && s->level < SKS_LEVELS && s->position);
    if (before) {
        int order = strcmp (sks_level_name (before->level), sks_level_name (s->level));
        require (order < 0 || (order == 0 && sks_short_hash (before->hash) <= sks_short_hash (s->hash)));
    }
}

/* The entries of a statement, concatenated, are its text; joined forms are not part of it. */
static void
check_line (const sks_collection *c, const sks_line *line, const sks_statement *s)
{
    size_t used = 0;
    for (size_t e = line->first; e < line->first + line->count; e++) {
        const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (c->vocabulary, c->entries[e]);
        if (entry->word & SKS_ENTRY_JOINED) {
            require (entry->form != SKS_NONE && (entry->word & SKS_ENTRY_WORD) > 1);
            continue;
        }
        require (entry->size <= s->size - used);
        require (memcmp (s->text + used, sks_vocabulary_bytes (c->vocabulary, entry->text), entry->size) == 0);
        used += entry->size;
    }
    require (used == s->size);
}

static void
check_export (const sks_export *export, sks_report *report)
{
    sks_collection *collection;
    require (sks_schema_soc_valid (export->soc) && *export->title && export->count);
    require (export->zone >= 0 && export->zone <= SKS_ZONES);
    require (sks_collection_create (&collection, NULL) == 0);
    require (sks_collection_add (collection, export,
                                 &(sks_provenance) { .source = "file", .name = "file", .pointer = "" }, NULL) == 0);
    require (sks_nearness_warn (collection->frameworks, export, report, NULL) == 0);
    for (size_t i = 0; i < export->count; i++) {
        check_statement (&export->statements[i], i ? &export->statements[i - 1] : NULL);
        check_line (collection, &collection->lines[i], &export->statements[i]);
    }
    sks_collection_destroy (&collection);
}

static void
check_report (const sks_report *report)
{
    static const sks_json_limits limits = { 1 << 26, SKS_JSON_DEPTH, 1000, SIZE_MAX, 0 };
    sks_summary summary = { .outcome = "checked" };
    sks_buffer out = SKS_BUFFER_INIT (limits.bytes);
    require (sks_report_json (report, &summary, &out, NULL) == 0);
    require (sks_json_check (out.bytes, out.size, &limits, NULL) == 0);
    sks_buffer_free (&out);
}

/* Every element lies within the text, and the iteration ends. */
static void
check_elements (const char *text, size_t size)
{
    sks_elements elements;
    sks_element element;
    size_t count = 0;
    sks_elements_begin (&elements, text, size, size % 2);
    while (sks_elements_next (&elements, &element)) {
        require (count++ <= size);
        require (element.fault || (element.bytes >= text && (size_t) (element.bytes - text) + element.size <= size));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    sks_export *export;
    sks_report *report;
    int kind;
    require (sks_report_create (&report, NULL) == 0);
    require (sks_export_read (&export, &kind, "file", (int) (size % 3), size % 2, (const char *) data, size, report,
                              NULL) == 0);
    require ((kind == SKS_EXPORT_GOOD) == (export != NULL));
    require (kind != SKS_EXPORT_REJECTED || sks_report_count (report));
    require (kind != SKS_EXPORT_SKIPPED || sks_report_skipped (report) == 1);
    if (export)
        check_export (export, report);
    check_report (report);
    check_elements ((const char *) data, size);
    sks_export_destroy (&export);
    sks_report_destroy (&report);
    return 0;
}
