/* scan.h - cursors of a scan, for all ways in which its pages are made. */
#ifndef SKS_SCAN_H
#define SKS_SCAN_H

#include "core/index/store.h"

#include <skillsearch.h>

/* The query of a scan without what it ignores: not collapsed, and by id if its order is that of relevance. */
sks_query sks_scan_query (const sks_query *query);

/* Check the number of statements of a page. */
int sks_scan_check (const sks_query *query, sks_error *err);

/* The statement where a page starts; SKS_NONE for a cursor of NULL, which is the beginning. Failures as of
 * sks_searcher_scan. */
int sks_scan_read_cursor (const char *cursor, const sks_store *store, const sks_query *query, uint32_t *out,
                          sks_error *err);

/* Set the cursor of a result to the statement where the next page starts. */
int sks_scan_write_cursor (sks_result *result, const sks_store *store, const sks_query *query, uint32_t statement,
                           sks_error *err);

#endif
