/* report.c - six growing lists in one arena, printed as text or JSON. */
#include "report.h"

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/base/printable.h"
#include "core/base/printable_put.h"
#include "core/base/utf8.h"
#include "array.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REASON_BYTES (PATH_MAX + 256) /* a reason may name another file */
#define POINTER_BYTES 256
#define NOTES_BYTES (3 * REASON_BYTES) /* notes may name two files, one of them twice */

static const char *const problem_names[SKS_PROBLEMS] = {
    [SKS_PROBLEM_UNREADABLE] = "unreadable",
    [SKS_PROBLEM_TOO_LARGE] = "too_large",
    [SKS_PROBLEM_NOT_JSON] = "not_json",
    [SKS_PROBLEM_NOT_CSV] = "not_csv",
    [SKS_PROBLEM_NOT_AN_EXPORT] = "not_an_export",
    [SKS_PROBLEM_SCHEMA_VERSION] = "schema_version",
    [SKS_PROBLEM_MISSING] = "missing",
    [SKS_PROBLEM_TYPE] = "type",
    [SKS_PROBLEM_VALUE] = "value",
    [SKS_PROBLEM_SOC] = "soc",
    [SKS_PROBLEM_LEVEL] = "level",
    [SKS_PROBLEM_EMPTY] = "empty",
    [SKS_PROBLEM_TOO_LONG] = "too_long",
    [SKS_PROBLEM_DUPLICATE] = "duplicate",
    [SKS_PROBLEM_SAME_ID] = "same_id",
    [SKS_PROBLEM_SAME_SOC] = "same_soc",
    [SKS_PROBLEM_LOST] = "lost",
    [SKS_PROBLEM_SHRINK] = "shrink",
};

struct list {
    sks_report_entry *entries;
    size_t count, capacity;
    size_t joined, hidden; /* entries of other reports; entries that are counted but not kept */
};

struct sks_report {
    sks_arena *arena;
    struct list gone; /* `at` of an entry is the number of exports */
    struct list problems, warnings, skipped, stale;
    struct list removed, moved; /* the pointer of an entry is its source */
    const char *within;         /* pointer and byte of the current part of the file; NULL: the whole file */
    long within_at;
    bool bounded;
    bool last_is_hidden; /* the last problem */
    bool out_of_memory;
};

const char *
sks_report_problem_name (int problem)
{
    return problem_names[problem];
}

int
sks_report_create (sks_report **out, sks_error *err)
{
    sks_report *report = calloc (1, sizeof *report);
    if (report && !(report->arena = sks_arena_create ())) {
        free (report);
        report = NULL;
    }
    *out = report;
    return report ? 0 : sks_fail_memory (err);
}

void
sks_report_destroy (sks_report **report_p)
{
    sks_report *report = *report_p;
    if (!report)
        return;
    *report_p = NULL;
    free (report->problems.entries);
    free (report->warnings.entries);
    free (report->skipped.entries);
    free (report->stale.entries);
    free (report->removed.entries);
    free (report->moved.entries);
    free (report->gone.entries);
    sks_arena_destroy (&report->arena);
    free (report);
}

static void
append (sks_report *report, struct list *list, sks_report_entry entry)
{
    if (!sks_array_reserve (&list->entries, &list->capacity, list->count + 1, sizeof *list->entries)) {
        report->out_of_memory = true;
        return;
    }
    entry.file = sks_arena_copy (report->arena, entry.file, strlen (entry.file));
    entry.pointer = sks_arena_copy (report->arena, entry.pointer, strlen (entry.pointer));
    entry.reason = sks_arena_copy (report->arena, entry.reason, strlen (entry.reason));
    entry.notes = entry.notes ? sks_arena_copy (report->arena, entry.notes, strlen (entry.notes)) : "";
    bool grouped = entry.group != NULL;
    entry.group = grouped ? sks_arena_copy (report->arena, entry.group, strlen (entry.group)) : NULL;
    if (!entry.file || !entry.pointer || !entry.reason || !entry.notes || grouped != !!entry.group)
        report->out_of_memory = true;
    else
        list->entries[list->count++] = entry;
}

void
sks_report_within (sks_report *report, const char *pointer, long at)
{
    report->within = pointer;
    report->within_at = at;
}

void
sks_report_bound (sks_report *report)
{
    report->bounded = true;
}

/* Add an entry about the current part of the file. */
static void
append_within (sks_report *report, struct list *list, sks_report_entry entry)
{
    char pointer[POINTER_BYTES];
    report->last_is_hidden = report->bounded && list->count >= SKS_REPORT_KEPT;
    if (report->last_is_hidden) {
        list->hidden++;
        return;
    }
    if (report->within && *report->within) {
        snprintf (pointer, sizeof pointer, "%s%s", report->within, entry.pointer);
        entry.pointer = pointer;
    }
    if (entry.at >= 0)
        entry.at += report->within_at;
    append (report, list, entry);
}

void
sks_report_add (sks_report *report, int problem, const char *file, const char *pointer, long at, const char *reason,
                ...)
{
    char text[REASON_BYTES];
    va_list arguments;
    va_start (arguments, reason);
    vsnprintf (text, sizeof text, reason, arguments);
    va_end (arguments);
    append_within (report, &report->problems,
                   (sks_report_entry) { problem, file, pointer, at, text, NULL, NULL, NULL });
}

void
sks_report_explain (sks_report *report, const char *notes, ...)
{
    char text[NOTES_BYTES];
    va_list arguments;
    if (!report->problems.count || report->last_is_hidden)
        return;
    va_start (arguments, notes);
    vsnprintf (text, sizeof text, notes, arguments);
    va_end (arguments);
    const char *copy = sks_arena_copy (report->arena, text, strlen (text));
    if (copy)
        report->problems.entries[report->problems.count - 1].notes = copy;
    report->out_of_memory |= !copy;
}

void
sks_report_explain_file (sks_report *report, const char *file, const char *notes)
{
    for (size_t i = 0; i < report->problems.count; i++) {
        sks_report_entry *entry = &report->problems.entries[i];
        if (*entry->pointer || strcmp (entry->file, file) != 0)
            continue;
        const char *copy = sks_arena_copy (report->arena, notes, strlen (notes));
        entry->notes = copy ? copy : entry->notes;
        report->out_of_memory |= !copy;
    }
}

void
sks_report_group (sks_report *report, const char *group, const char *unit)
{
    if (!report->problems.count || report->last_is_hidden)
        return;
    sks_report_entry *entry = &report->problems.entries[report->problems.count - 1];
    entry->unit = unit;
    entry->group = sks_arena_copy (report->arena, group, strlen (group));
    report->out_of_memory |= !entry->group;
}

void
sks_report_warn (sks_report *report, const char *file, const char *pointer, const char *reason, ...)
{
    char text[REASON_BYTES];
    va_list arguments;
    va_start (arguments, reason);
    vsnprintf (text, sizeof text, reason, arguments);
    va_end (arguments);
    append_within (report, &report->warnings,
                   (sks_report_entry) { SKS_PROBLEMS, file, pointer, -1, text, NULL, NULL, NULL });
}

void
sks_report_drop (sks_report *report, const char *file, const char *pointer, const char *reason, ...)
{
    char text[REASON_BYTES];
    va_list arguments;
    va_start (arguments, reason);
    vsnprintf (text, sizeof text, reason, arguments);
    va_end (arguments);
    append_within (report, &report->warnings,
                   (sks_report_entry) { SKS_PROBLEM_LOST, file, pointer, -1, text, NULL, NULL, NULL });
}

void
sks_report_skip (sks_report *report, const char *file, const char *reason)
{
    append (report, &report->skipped,
            (sks_report_entry) { SKS_PROBLEM_NOT_AN_EXPORT, file, "", -1, reason, NULL, NULL, NULL });
}

void
sks_report_keep (sks_report *report, const char *file, const char *reason)
{
    append (report, &report->stale, (sks_report_entry) { SKS_PROBLEMS, file, "", -1, reason, NULL, NULL, NULL });
}

void
sks_report_remove (sks_report *report, const char *file, const char *source, const char *reason)
{
    append (report, &report->removed, (sks_report_entry) { SKS_PROBLEMS, file, source, -1, reason, NULL, NULL, NULL });
}

void
sks_report_move (sks_report *report, const char *file, const char *source, const char *reason)
{
    append (report, &report->moved, (sks_report_entry) { SKS_PROBLEMS, file, source, -1, reason, NULL, NULL, NULL });
}

void
sks_report_gone (sks_report *report, const char *source, size_t exports)
{
    append (report, &report->gone,
            (sks_report_entry) { SKS_PROBLEMS, source, "", (long) exports, "", NULL, NULL, NULL });
}

/* Join the entries of a bounded report: those of all readers have one bound, so what is kept does not depend on the
 * number of threads. */
static void
join_bounded (sks_report *report, struct list *list, struct list *from)
{
    size_t kept = SKS_REPORT_KEPT - list->joined;
    kept = from->count < kept ? from->count : kept;
    for (size_t i = 0; i < kept; i++)
        append (report, list, from->entries[i]);
    list->joined += kept;
    list->hidden += from->hidden + from->count - kept;
    from->count = from->hidden = 0;
}

void
sks_report_join (sks_report *report, sks_report *from)
{
    join_bounded (report, &report->problems, &from->problems);
    join_bounded (report, &report->warnings, &from->warnings);
    for (size_t i = 0; i < from->skipped.count; i++)
        append (report, &report->skipped, from->skipped.entries[i]);
    for (size_t i = 0; i < from->stale.count; i++)
        append (report, &report->stale, from->stale.entries[i]);
    for (size_t i = 0; i < from->removed.count; i++)
        append (report, &report->removed, from->removed.entries[i]);
    for (size_t i = 0; i < from->moved.count; i++)
        append (report, &report->moved, from->moved.entries[i]);
    for (size_t i = 0; i < from->gone.count; i++)
        append (report, &report->gone, from->gone.entries[i]);
    report->out_of_memory |= from->out_of_memory;
    from->removed.count = from->moved.count = from->gone.count = 0;
    from->skipped.count = from->stale.count = 0;
    sks_arena_clear (from->arena);
}

int
sks_report_arrange (sks_report *report, sks_error *err)
{
    int code = sks_entries_arrange (report->problems.entries, &report->problems.count, report->arena, err);
    return code ? code : sks_entries_arrange (report->warnings.entries, &report->warnings.count, report->arena, err);
}

size_t
sks_report_count (const sks_report *report)
{
    return report->problems.count + report->problems.hidden;
}

const sks_report_entry *
sks_report_entry_at (const sks_report *report, size_t i)
{
    return i < report->problems.count ? &report->problems.entries[i] : NULL;
}

size_t
sks_report_skipped (const sks_report *report)
{
    return report->skipped.count;
}

size_t
sks_report_stale (const sks_report *report)
{
    return report->stale.count;
}

size_t
sks_report_warnings (const sks_report *report)
{
    return report->warnings.count + report->warnings.hidden;
}

size_t
sks_report_unseen_warnings (const sks_report *report)
{
    size_t unseen = report->warnings.hidden;
    for (size_t i = 0; i < report->warnings.count; i++)
        unseen += report->warnings.entries[i].problem != SKS_PROBLEM_LOST;
    return unseen;
}

int
sks_report_status (const sks_report *report, sks_error *err)
{
    return report->out_of_memory ? sks_fail_memory (err) : 0;
}

/* File names and reasons may contain any byte. */
static void
print_entry (const sks_report_entry *entry, const char *kind, FILE *out)
{
    sks_printable_write (out, entry->file);
    if (*entry->pointer) {
        fputs (": ", out);
        sks_printable_write (out, entry->pointer);
    }
    fprintf (out, ": %s", kind);
    sks_printable_write (out, entry->reason);
    if (entry->at >= 0)
        fprintf (out, " (byte %ld)", entry->at);
    fputc ('\n', out);
    for (const char *line = entry->notes; *line; line += strcspn (line, "\n") + 1)
        fprintf (out, "    %.*s\n", (int) strcspn (line, "\n"), line);
}

static void
print_hidden (const struct list *list, const char *kind, FILE *out)
{
    if (list->hidden)
        fprintf (out, "and %zu more %s%s, which are not listed\n", list->hidden, kind, list->hidden == 1 ? "" : "s");
}

void
sks_report_print (const sks_report *report, bool verbose, FILE *out)
{
    for (size_t i = 0; i < report->problems.count; i++)
        print_entry (&report->problems.entries[i], "", out);
    print_hidden (&report->problems, "problem", out);
    for (size_t i = 0; i < report->stale.count && (verbose || i < SKS_STALE_SHOWN); i++)
        print_entry (&report->stale.entries[i], "stale: ", out);
    if (!verbose && report->stale.count > SKS_STALE_SHOWN)
        fprintf (out, "and %zu more are stale: -v lists them\n", report->stale.count - SKS_STALE_SHOWN);
    for (size_t i = 0; i < report->warnings.count; i++)
        if (verbose || report->warnings.entries[i].problem == SKS_PROBLEM_LOST)
            print_entry (&report->warnings.entries[i], "warning: ", out);
    if (verbose)
        print_hidden (&report->warnings, "warning", out);
    for (size_t i = 0; verbose && i < report->skipped.count; i++)
        print_entry (&report->skipped.entries[i], "skipped: ", out);
}

void
sks_report_print_skipped (const sks_report *report, FILE *out)
{
    size_t count = report->skipped.count, shown = count < SKS_SKIPPED_SHOWN ? count : SKS_SKIPPED_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const char *slash = strrchr (report->skipped.entries[i].file, '/');
        fputs (i ? ", " : " (", out);
        sks_printable_write (out, slash ? slash + 1 : report->skipped.entries[i].file);
    }
    if (count > shown)
        fprintf (out, " and %zu more: -v lists them", count - shown);
    fputs (count ? ")" : "", out);
}

void
sks_report_print_reasons (const sks_report *report, const char *ending, FILE *out)
{
    size_t count = 0, tail = strlen (ending);
    for (size_t i = 0; i < report->skipped.count; i++) {
        const sks_report_entry *entry = &report->skipped.entries[i];
        size_t size = strlen (entry->file);
        if (size >= tail && strcasecmp (entry->file + size - tail, ending) == 0 && ++count <= SKS_REASONS_SHOWN)
            print_entry (entry, "skipped: ", out);
    }
    if (count > SKS_REASONS_SHOWN)
        fprintf (out, "and %zu more are skipped: -v lists them\n", count - SKS_REASONS_SHOWN);
}

/* The exports from `first` on with the same source; returns the end of them. */
static size_t
find_end (const struct list *list, size_t first)
{
    size_t end = first + 1;
    while (end < list->count && strcmp (list->entries[end].pointer, list->entries[first].pointer) == 0)
        end++;
    return end;
}

/* Print the exports [first, end) of one source. A single one is as short as its number. */
static void
print_source (const struct list *list, size_t first, size_t end, bool verbose, const char *what, FILE *out)
{
    char kind[32];
    snprintf (kind, sizeof kind, "%s: ", what);
    for (size_t i = first; i < end && (verbose || end - first == 1); i++) {
        sks_report_entry entry = list->entries[i];
        entry.pointer = "";
        print_entry (&entry, kind, out);
    }
    if (end - first == 1)
        return;
    sks_printable_write (out, list->entries[first].pointer);
    fprintf (out, ": %s: %zu exports%s\n", what, end - first, verbose ? "" : " (-v lists them)");
}

static void
print_by_source (const struct list *list, bool verbose, const char *what, FILE *out)
{
    size_t sources = 0;
    for (size_t i = 0, end; i < list->count; i = end, sources++) {
        end = find_end (list, i);
        if (verbose || sources < SKS_REMOVED_SHOWN)
            print_source (list, i, end, verbose, what, out);
    }
    size_t more = verbose || sources < SKS_REMOVED_SHOWN ? 0 : sources - SKS_REMOVED_SHOWN;
    if (more)
        fprintf (out, "and exports of %zu more source%s are %s: -v lists them\n", more, more == 1 ? "" : "s", what);
}

void
sks_report_print_removed (const sks_report *report, bool verbose, FILE *out)
{
    print_by_source (&report->removed, verbose, "removed", out);
}

void
sks_report_print_moved (const sks_report *report, bool verbose, FILE *out)
{
    print_by_source (&report->moved, verbose, "moved", out);
}

size_t
sks_report_gone_exports (const sks_report *report)
{
    size_t exports = 0;
    for (size_t i = 0; i < report->gone.count; i++)
        exports += (size_t) report->gone.entries[i].at;
    return exports;
}

void
sks_report_print_gone (const sks_report *report, bool verbose, FILE *out)
{
    const struct list *gone = &report->gone;
    sks_buffer line = SKS_BUFFER_INIT (SIZE_MAX / 2);
    for (size_t i = 0; i < gone->count && (verbose || i < SKS_GONE_SHOWN); i++) {
        const sks_report_entry *entry = &gone->entries[i];
        sks_buffer_printf (&line, "%ld export%s from ", entry->at, entry->at == 1 ? "" : "s");
        sks_printable_puts (&line, entry->file);
        sks_buffer_printf (&line, ", which is gone, %s kept; --remove ", entry->at == 1 ? "is" : "are");
        sks_printable_put_word (&line, entry->file);
        sks_buffer_printf (&line, " removes %s\n", entry->at == 1 ? "it" : "them");
    }
    size_t more = verbose || gone->count < SKS_GONE_SHOWN ? 0 : gone->count - SKS_GONE_SHOWN;
    if (more)
        sks_buffer_printf (&line, "and %zu more source%s gone: -v lists %s\n", more, more == 1 ? " is" : "s are",
                           more == 1 ? "it" : "them");
    if (line.size)
        fwrite (line.bytes, 1, line.size, out);
    sks_buffer_free (&line);
}

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
put_list (sks_buffer *out, const char *name, const struct list *list, enum list_kind kind)
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
put_gone (sks_buffer *out, const struct list *gone)
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
