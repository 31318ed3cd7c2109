/* report_print.c - one line per entry, with its notes below. */
#include "report_print.h"

#include "core/base/printable.h"
#include "core/base/printable_put.h"
#include "report_lists.h"

#include <string.h>
#include <strings.h>

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
print_hidden (const struct sks_report_list *list, const char *kind, FILE *out)
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
find_end (const struct sks_report_list *list, size_t first)
{
    size_t end = first + 1;
    while (end < list->count && strcmp (list->entries[end].pointer, list->entries[first].pointer) == 0)
        end++;
    return end;
}

/* Print the exports [first, end) of one source. A single one is as short as its number. */
static void
print_source (const struct sks_report_list *list, size_t first, size_t end, bool verbose, const char *what, FILE *out)
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
print_by_source (const struct sks_report_list *list, bool verbose, const char *what, FILE *out)
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

void
sks_report_print_gone (const sks_report *report, bool verbose, FILE *out)
{
    const struct sks_report_list *gone = &report->gone;
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
