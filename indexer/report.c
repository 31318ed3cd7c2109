/* report.c - six growing lists in one arena. */
#include "report.h"

#include "array.h"
#include "report_lists.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
append (sks_report *report, struct sks_report_list *list, sks_report_entry entry)
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
append_within (sks_report *report, struct sks_report_list *list, sks_report_entry entry)
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

/* The same; its reason is formatted. */
static void
append_printf (sks_report *report, struct sks_report_list *list, sks_report_entry entry, const char *reason,
               va_list arguments)
{
    char text[REASON_BYTES];
    vsnprintf (text, sizeof text, reason, arguments);
    entry.reason = text;
    append_within (report, list, entry);
}

void
sks_report_add (sks_report *report, int problem, const char *file, const char *pointer, long at, const char *reason,
                ...)
{
    va_list arguments;
    va_start (arguments, reason);
    append_printf (report, &report->problems,
                   (sks_report_entry) { .problem = problem, .file = file, .pointer = pointer, .at = at }, reason,
                   arguments);
    va_end (arguments);
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
    va_list arguments;
    va_start (arguments, reason);
    append_printf (report, &report->warnings,
                   (sks_report_entry) { .problem = SKS_PROBLEMS, .file = file, .pointer = pointer, .at = -1 }, reason,
                   arguments);
    va_end (arguments);
}

void
sks_report_drop (sks_report *report, const char *file, const char *pointer, const char *reason, ...)
{
    va_list arguments;
    va_start (arguments, reason);
    append_printf (report, &report->warnings,
                   (sks_report_entry) { .problem = SKS_PROBLEM_LOST, .file = file, .pointer = pointer, .at = -1 },
                   reason, arguments);
    va_end (arguments);
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
join_bounded (sks_report *report, struct sks_report_list *list, struct sks_report_list *from)
{
    size_t kept = SKS_REPORT_KEPT - list->joined;
    kept = from->count < kept ? from->count : kept;
    for (size_t i = 0; i < kept; i++)
        append (report, list, from->entries[i]);
    list->joined += kept;
    list->hidden += from->hidden + from->count - kept;
    from->count = from->hidden = 0;
}

static void
join_all (sks_report *report, struct sks_report_list *list, struct sks_report_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        append (report, list, from->entries[i]);
    from->count = 0;
}

void
sks_report_join (sks_report *report, sks_report *from)
{
    join_bounded (report, &report->problems, &from->problems);
    join_bounded (report, &report->warnings, &from->warnings);
    join_all (report, &report->skipped, &from->skipped);
    join_all (report, &report->stale, &from->stale);
    join_all (report, &report->removed, &from->removed);
    join_all (report, &report->moved, &from->moved);
    join_all (report, &report->gone, &from->gone);
    report->out_of_memory |= from->out_of_memory;
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

size_t
sks_report_gone_exports (const sks_report *report)
{
    size_t exports = 0;
    for (size_t i = 0; i < report->gone.count; i++)
        exports += (size_t) report->gone.entries[i].at;
    return exports;
}
