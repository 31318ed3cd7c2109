/* cell_page.h - which cells a page in an order other than relevance has, from the numbers of matches by cell. */
#ifndef SKS_CELL_PAGE_H
#define SKS_CELL_PAGE_H

#include "core/engine/filter.h"

typedef struct sks_cell_page {
    uint32_t *cells; /* that it has statements of; in the order of the page */
    uint32_t count;
    uint32_t members; /* of these cells together */
    uint32_t offset;  /* of its first statement among them */
} sks_cell_page;

/* Find the page of a query, whose sort is not relevance. `counts` are the numbers of matches by cell. With collapsing,
 * the page begins with the first cell of the order: what an occupation may still have depends on all before. */
int sks_cell_page_find (sks_cell_page *out, const sks_matching *m, const uint32_t *counts, const sks_fails *fails,
                        const sks_query *query);

/* Cells that have the next statements of a scan: from the cell `first` on (SKS_NONE: the first of the order), until
 * they have more than query->limit without those of `first`. */
int sks_cell_page_from (sks_cell_page *out, const sks_matching *m, const uint32_t *counts, const sks_fails *fails,
                        const sks_query *query, uint32_t first);

#endif
