/* report_lists.h - what a report has, for the files that fill and write it. */
#ifndef SKS_REPORT_LISTS_H
#define SKS_REPORT_LISTS_H

#include "core/base/arena.h"
#include "entries.h"

struct sks_report_list {
    sks_report_entry *entries;
    size_t count, capacity;
    size_t joined, hidden; /* entries of other reports; entries that are counted but not kept */
};

struct sks_report {
    sks_arena *arena;
    struct sks_report_list gone; /* `at` of an entry is the number of exports */
    struct sks_report_list problems, warnings, skipped, stale;
    struct sks_report_list removed, moved; /* the pointer of an entry is its source */
    const char *within;                    /* pointer and byte of the current part of the file; NULL: the whole file */
    long within_at;
    bool bounded;
    bool last_is_hidden; /* the last problem */
    bool out_of_memory;
};

#endif
