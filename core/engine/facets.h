/* facets.h - exact, disjunctive counts of one match set.
 *
 * Total and all facets are sums over cells (cells.h), so they cannot disagree. A facet's counts
 * ignore its own filter: count (v) is the total of the same query with that filter
 * replaced by v. That holds at both levels of the tree, since a group there is a
 * value of the occupation facet: the beginning of its SOC codes. */
#ifndef SKS_FACETS_H
#define SKS_FACETS_H

#include "core/base/arena.h"
#include "core/base/budget.h"
#include "filter.h"
#include "set.h"

typedef struct sks_tally {
    uint64_t total;               /* members that pass all filters */
    uint32_t *counts[SKS_FACETS]; /* by row; NULL if not requested */
    uint32_t *seen;               /* the only occupations that may have counts, ascending; NULL: all may. The counts of
                                   * others are 0, or not set if no list needs them (sks_facets_by_count) */
    uint32_t seen_count;
} sks_tally;

/* Whether a list of values is the occupations with the most matches, which needs only the counts of those that have
 * any. */
static inline bool
sks_facets_by_count (const sks_query *query, const sks_facet_ask *ask)
{
    const sks_filter *filter = &query->filter[ask->facet];
    bool find = ask->find && *ask->find;
    return ask->facet == SKS_FACET_OCCUPATION && !ask->tree && !find && !filter->count && filter->min <= 0;
}

/* Count the set, for the facets in the query only. */
int sks_facets_count (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                      const sks_fails *fails, const sks_query *query, sks_error *err);

/* The same from the numbers of members by cell. */
int sks_facets_count_cells (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const uint32_t *cells,
                            const sks_fails *fails, const sks_query *query, sks_error *err);

/* Only the total. */
int sks_facets_total (uint64_t *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                      const sks_fails *fails, sks_error *err);

/* Turn counts into the lists of values that the query requests: levels and zones in their order, others by count,
 * then value; chosen values are always included. A tree has the groups of occupations, and below each its
 * occupations. The lists are useless when the budget is cut. */
int sks_facets_list (const sks_tally *tally, const sks_facet_table *table, const sks_query *query, sks_arena *arena,
                     sks_budget *budget, sks_facet_counts **out, sks_error *err);

#endif
