/* report.h - the problems of the input, and what a run did with it. report_print and report_json write them.
 *
 * Each problem is one line on stderr, with its notes below, and one entry of the JSON report. Files that are not
 * exports are listed as skipped; they are not problems. Warnings are not problems either: they are about input that is
 * indexed but may be a mistake. A report belongs to one thread; reports of several readers are joined in the order of
 * their files. */
#ifndef SKS_REPORT_H
#define SKS_REPORT_H

#include "entries.h"

#include <stdbool.h>
#include <stddef.h>

enum sks_problem {
    SKS_PROBLEM_UNREADABLE,    /* the file or folder cannot be read */
    SKS_PROBLEM_TOO_LARGE,     /* over SKS_MAX_EXPORT_BYTES */
    SKS_PROBLEM_NOT_JSON,      /* not valid JSON; `at` is the byte */
    SKS_PROBLEM_NOT_CSV,       /* a row that is not valid CSV; `at` is the byte in the line */
    SKS_PROBLEM_NOT_AN_EXPORT, /* named on the command line, but not an export */
    SKS_PROBLEM_SCHEMA_VERSION,
    SKS_PROBLEM_MISSING,   /* a required member is missing */
    SKS_PROBLEM_TYPE,      /* a member of the wrong type */
    SKS_PROBLEM_VALUE,     /* a member whose value is out of range */
    SKS_PROBLEM_SOC,       /* no SOC code, or not of the form dd-dddd.dd */
    SKS_PROBLEM_LEVEL,     /* an unknown level */
    SKS_PROBLEM_EMPTY,     /* an empty statement or export */
    SKS_PROBLEM_TOO_LONG,  /* a statement or name over its limit */
    SKS_PROBLEM_DUPLICATE, /* the same statement again in one level */
    SKS_PROBLEM_SAME_ID,   /* another statement of the level has its id, short and long */
    SKS_PROBLEM_SAME_SOC,  /* another export of this SOC code is newer */
    SKS_PROBLEM_LOST,      /* a source that had exports has none now; they stay */
    SKS_PROBLEM_SHRINK,    /* more than half of a source would be removed */
    SKS_PROBLEMS
};

/* The name of a problem in the JSON report ("not_json"). */
const char *sks_report_problem_name (int problem);

typedef struct sks_report sks_report;

/* *out: caller owns it; free with sks_report_destroy. */
int sks_report_create (sks_report **out, sks_error *err);
void sks_report_destroy (sks_report **report_p);

/* Entries of each kind that a bounded report keeps; the others are only counted. Hostile input of 16 MiB can have
 * millions of problems, whose texts would take gigabytes. */
#define SKS_REPORT_KEPT 100000

/* Keep SKS_REPORT_KEPT problems and warnings. A report of all readers has the same bound for those that are joined to
 * it, but none for its own, which are about whole sources. */
void sks_report_bound (sks_report *report);

/* Add a problem. file and pointer are copied. A report that runs out of memory
 * says so in sks_report_status. */
void sks_report_add (sks_report *report, int problem, const char *file, const char *pointer, long at,
                     const char *reason, ...) SKS_PRINTF (6, 7);

/* Set the notes of the last problem: lines that end in a newline. They are printed unescaped, so they must have no text
 * of the input. */
void sks_report_explain (sks_report *report, const char *notes, ...) SKS_PRINTF (2, 3);

/* Set the notes of the problems about the whole of a file or folder. They are copied and printed unescaped. */
void sks_report_explain_file (sks_report *report, const char *file, const char *notes);

/* The last problem may occur many times in its file: sks_report_arrange keeps the first one of each group in a file.
 *   group   copied
 *   unit    what has the problem, as a noun ("row"); valid for ever */
void sks_report_group (sks_report *report, const char *group, const char *unit);

/* What helps against a wrong encoding, for sks_report_explain. */
#define SKS_SAVE_AS_UTF8 "Save the file as UTF-8.\n"

/* Add a warning about the value at `pointer`; all strings are copied. */
void sks_report_warn (sks_report *report, const char *file, const char *pointer, const char *reason, ...)
    SKS_PRINTF (4, 5);

/* The same about exports or statements that leave the index. It is printed without `verbose`, too. */
void sks_report_drop (sks_report *report, const char *file, const char *pointer, const char *reason, ...)
    SKS_PRINTF (4, 5);

/* From now on, entries are about a part of the file: `pointer` is put before each pointer, and `at` is added to each
 * byte offset. "" and 0 for the whole file. pointer is borrowed until the next call. */
void sks_report_within (sks_report *report, const char *pointer, long at);

/* Add a file that is not an export. */
void sks_report_skip (sks_report *report, const char *file, const char *reason);

/* Add a file whose exports stay as the last generation had them. */
void sks_report_keep (sks_report *report, const char *file, const char *reason);

/* Add a source that this run was not asked to read and that does not exist any more; `exports` of it are kept. */
void sks_report_gone (sks_report *report, const char *source, size_t exports);

/* The number of exports that are kept of all such sources. */
size_t sks_report_gone_exports (const sks_report *report);

/* Add an export that is removed from the index.
 *   source   the source that it came from, or else its file */
void sks_report_remove (sks_report *report, const char *file, const char *source, const char *reason);

/* Add an export that another file has now.
 *   file, source   where it was */
void sks_report_move (sks_report *report, const char *file, const char *source, const char *reason);

/* Append all of `from` to `report`; `from` is empty afterwards. */
void sks_report_join (sks_report *report, sks_report *from);

/* Put the problems, and the warnings, of each file in the order of its lines, where the first of them was; and fold
 * groups. Call it once, after the last problem. Returns 0 or SKS_ENOMEM. */
int sks_report_arrange (sks_report *report, sks_error *err);

size_t sks_report_count (const sks_report *report);
const sks_report_entry *sks_report_entry_at (const sks_report *report, size_t i);
size_t sks_report_skipped (const sks_report *report);
size_t sks_report_warnings (const sks_report *report);
size_t sks_report_unseen_warnings (const sks_report *report); /* those that only `verbose` prints */
size_t sks_report_stale (const sks_report *report);
int sks_report_status (const sks_report *report, sks_error *err);

#endif
