/* collapse.h - what collapsing leaves out.
 *
 * A query may ask to keep n hits of each occupation. Those are its first n in
 * the order of the query, filters applied; which they are is decided where the
 * order is made (score.h, order.h). Pages are cut from the hits that are kept;
 * total and facets go on counting statements. */
#ifndef SKS_COLLAPSE_H
#define SKS_COLLAPSE_H

#include "filter.h"
#include "set.h"

/* Members of the set in the occupation of this statement that pass the filters,
 * without the `kept` hits that are kept of it, never below 0; 0 when kept is 0,
 * which keeps all. */
uint64_t sks_collapse_more (const sks_store *store, const sks_set *set, const sks_fails *fails, uint32_t kept,
                            uint32_t statement);

#endif
