/* entries.h - puts the entries of a report in the order of the input, and folds those that repeat. */
#ifndef SKS_ENTRIES_H
#define SKS_ENTRIES_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_report_entry {
    int problem;         /* enum sks_problem of report.h */
    const char *file;    /* the source; "-:12" is line 12 of standard input, "PATH:12" of a file */
    const char *pointer; /* JSON pointer, or "column 3 (level)" of CSV; "" for the whole file */
    long at;             /* byte in the file, or -1 */
    const char *reason;
    const char *notes; /* further facts and the options that help, one per line; "" for none */
    const char *group; /* see sks_report_group; NULL for none */
    const char *unit;
} sks_report_entry;

/* Sort entries: those of a file are together, where its first entry was, by their lines; entries of one line keep their
 * order. Of a group in a file the first entry stays, and its reason ends in the number of the others.
 *   *count   the number of entries; lower afterwards if some were folded
 *   arena    for the changed reasons
 * Returns 0 or SKS_ENOMEM; entries are unchanged then. */
int sks_entries_arrange (sks_report_entry *entries, size_t *count, sks_arena *arena, sks_error *err);

#endif
