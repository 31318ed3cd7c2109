/* collapse.h - counts the hits that collapsing leaves out.
 *
 * A query may ask to keep only n hits of each occupation: its first n in the order of the query, after filters.
 * They are chosen where the order is made (score.h, order.h). Pages contain only kept hits; total and facets still
 * count statements. */
#ifndef SKS_COLLAPSE_H
#define SKS_COLLAPSE_H

#include "filter.h"
#include "set.h"

/* The number of members in this statement's occupation that pass the filters, minus the `kept` hits that are shown;
 * never below 0. It is 0 if kept is 0, which means that all are shown.
 *   counts   the numbers of members by cell; NULL: they are counted in the set */
uint64_t sks_collapse_more (const sks_store *store, const sks_set *set, const uint32_t *counts, const sks_fails *fails,
                            uint32_t kept, uint32_t statement);

#endif
