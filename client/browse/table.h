/* table.h - writes the statements of the current query to a CSV file, page by page. */
#ifndef BROWSE_TABLE_H
#define BROWSE_TABLE_H

#include "skillsearch.h"
#include <stdbool.h>
#include <stdio.h>

#define BROWSE_TABLE_NAMES 1000 /* skillsearch-1.csv .. skillsearch-999.csv */

/* Start from zeros. */
typedef struct browse_table {
    FILE *file; /* NULL: nothing is written */
    sks_lines *lines;
    char name[32];
} browse_table;

/* Create a file with an unused name in the working directory.
 *   sorted   pages are not in the order of ids.
 * Returns 0, SKS_EIO or SKS_ENOMEM. */
int browse_table_begin (browse_table *table, bool sorted, sks_error *err);

/* Write a reply to "scan". *page is filled; after the last one (no cursor) the file is complete and closed. On failure
 * the file is removed. Returns 0, SKS_EIO or as sks_lines_page. */
int browse_table_add (browse_table *table, const char *json, size_t size, sks_page *page, sks_error *err);

/* Remove a file that is not complete. */
void browse_table_end (browse_table *table);

#endif
