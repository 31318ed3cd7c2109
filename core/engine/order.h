/* order.h - pages in an order other than relevance.
 *
 * Statements are numbered in id order and cells are runs of them, so an order
 * by level or occupation is an order of cells; a page skips whole cells by
 * their counts. */
#ifndef SKS_ORDER_H
#define SKS_ORDER_H

#include "filter.h"
#include "score.h"
#include "set.h"

/* The i-th cell of an order other than relevance, from 0. */
uint32_t sks_order_cell (const sks_store *store, int sort, uint32_t i);

/* Write the members `offset` .. `offset + limit` of the set that pass the filters, in the order of query->sort (not
 * relevance) and query->reverse, with a score of 0. If query->collapse is set, only the first query->collapse of
 * each occupation count. *found is the number written. */
int sks_order_page (const sks_store *store, sks_arena *arena, const sks_set *set, const sks_fails *fails,
                    const sks_query *query, sks_scored *out, size_t *found, sks_error *err);

/* The same, but starting at statement `from` (SKS_NONE: the first), not at the offset, and without collapse. *next
 * is the first statement after them, SKS_NONE at the end. Ends early when the budget of the matching is spent. */
int sks_order_from (const sks_matching *m, const sks_set *set, const sks_fails *fails, const sks_query *query,
                    uint32_t from, sks_scored *out, size_t *found, uint32_t *next);

#endif
