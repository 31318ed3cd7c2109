/* report_json.c - the JSON report. */
#include "report_json.h"

#include "core/base/json.h"
#include "core/base/utf8.h"
#include "report_lists.h"

#include <string.h>

/* A file name may contain any byte, a JSON string may not: U+FFFD replaces each byte that is not UTF-8. */
static void
put_member (sks_buffer *out, const char *name, const char *text)
{
    sks_buffer clean = SKS_BUFFER_INIT (SIZE_MAX / 2);
    size_t size = strlen (text), bad = 0;
    sks_json_put_name (out, name);
    for (; !sks_utf8_valid (text, size, &bad); text += bad + 1, size -= bad + 1) {
        sks_buffer_add (&clean, text, bad);
        sks_buffer_puts (&clean, "\xEF\xBF\xBD");
    }
    sks_buffer_add (&clean, text, size);
    const char *bytes = sks_buffer_text (&clean);
    if (bytes)
        sks_json_put_bytes (out, bytes, clean.size);
    else
        out->failed = clean.failed;
    sks_buffer_free (&clean);
}

static void
put_notes (sks_buffer *out, const char *notes)
{
    sks_json_open_list (out, "notes");
    for (const char *line = notes; *line; line += strcspn (line, "\n") + 1) {
        if (line != notes)
            sks_buffer_putc (out, ',');
        sks_json_put_bytes (out, line, strcspn (line, "\n"));
    }
    sks_buffer_putc (out, ']');
}

enum list_kind { PROBLEMS, WARNINGS, SKIPPED, REMOVED };

static void
put_entry (sks_buffer *out, const sks_report_entry *entry, enum list_kind kind)
{
    sks_buffer_putc (out, '{');
    put_member (out, "file", entry->file);
    if (kind == PROBLEMS) {
        put_member (out, "pointer", entry->pointer);
        put_member (out, "problem", sks_report_problem_name (entry->problem));
    }
    if (kind == WARNINGS)
        put_member (out, "statement", entry->pointer);
    if (kind == REMOVED)
        put_member (out, "source", entry->pointer);
    put_member (out, "reason", entry->reason);
    if (*entry->notes)
        put_notes (out, entry->notes);
    if (entry->at >= 0)
        sks_json_put_count (out, "at", (uint64_t) entry->at);
    sks_buffer_putc (out, '}');
}

static void
put_list (sks_buffer *out, const char *name, const struct sks_report_list *list, enum list_kind kind)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            sks_buffer_puts (out, ",\n");
        put_entry (out, &list->entries[i], kind);
    }
    sks_buffer_putc (out, ']');
}

static void
put_gone (sks_buffer *out, const struct sks_report_list *gone)
{
    sks_json_open_list (out, "gone");
    for (size_t i = 0; i < gone->count; i++) {
        sks_buffer_puts (out, i ? ",\n{" : "{");
        put_member (out, "source", gone->entries[i].file);
        sks_json_put_count (out, "exports", (uint64_t) gone->entries[i].at);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_phases (sks_buffer *out, const sks_summary *summary)
{
    sks_json_open_object (out, "phases_ms");
    for (int phase = 0; phase < SKS_PHASES; phase++)
        sks_json_put_count (out, sks_progress_phase_name (phase), summary->phase_ms[phase]);
    sks_buffer_putc (out, '}');
}

static void
put_counts (sks_buffer *out, const sks_report *report)
{
    sks_json_open_object (out, "counts");
    sks_json_put_count (out, "problems", sks_report_count (report));
    sks_json_put_count (out, "warnings", sks_report_warnings (report));
    sks_json_put_count (out, "skipped", report->skipped.count);
    sks_json_put_count (out, "stale", report->stale.count);
    sks_buffer_putc (out, '}');
}

int
sks_report_json (const sks_report *report, const sks_summary *summary, sks_buffer *out, sks_error *err)
{
    sks_buffer_putc (out, '{');
    sks_json_put_count (out, "v", 1);
    put_member (out, "outcome", summary->outcome);
    if (summary->error)
        put_member (out, "error", summary->error);
    sks_json_put_count (out, "generation", summary->generation);
    sks_json_put_count (out, "files", summary->files);
    sks_json_put_count (out, "exports", summary->exports);
    sks_json_put_count (out, "statements", summary->statements);
    sks_json_put_count (out, "occupations", summary->occupations);
    sks_json_put_count (out, "shards", summary->shards);
    sks_json_put_count (out, "added", summary->added);
    sks_json_put_count (out, "changed", summary->changed);
    sks_json_put_count (out, "removed", summary->removed);
    sks_json_put_count (out, "kept", summary->kept);
    sks_json_put_count (out, "renamed", summary->renamed);
    sks_json_put_count (out, "encoded", summary->encoded);
    sks_json_put_count (out, "elapsed_ms", summary->elapsed_ms);
    put_phases (out, summary);
    sks_json_put_count (out, "peak_bytes", summary->peak_bytes);
    put_counts (out, report);
    put_list (out, "problems", &report->problems, PROBLEMS);
    put_list (out, "warnings", &report->warnings, WARNINGS);
    put_list (out, "skipped", &report->skipped, SKIPPED);
    put_list (out, "stale", &report->stale, SKIPPED);
    put_list (out, "removals", &report->removed, REMOVED);
    put_list (out, "moves", &report->moved, REMOVED);
    put_gone (out, &report->gone);
    sks_buffer_puts (out, "}\n");
    return sks_buffer_status (out, err);
}
