/* selection.h - the first statements of a match set in the order of relevance, or the last ones.
 *
 * The scorer chooses; near words and feedback then reorder the best few. Collapsing and the reversed order keep to the
 * order that this gives. */
#ifndef SKS_SELECTION_H
#define SKS_SELECTION_H

#include "matching.h"
#include "score.h"

/* All borrowed. */
typedef struct sks_selection {
    sks_matching *m;
    sks_scorer *scorer; /* its reverse and collapse may change */
    const sks_set *set;
    const sks_fails *fails;
    uint32_t collapse; /* how many to keep of each occupation; 0: all of them */
} sks_selection;

/* The number of best statements that are sorted again; they stay before all others. A selection needs space for at
 * least as many. */
size_t sks_selection_depth (const sks_scorer *scorer);

/* The best `want` statements, best first. Of those that near words reorder, at least the first `shown` are sorted. */
int sks_selection_best (const sks_selection *selection, size_t want, size_t shown, sks_scored *out, size_t *found);

/* The same with only the first of each occupation. The head of the list is sorted again before it is collapsed, so
 * that the statements kept are those that come first without collapsing. */
int sks_selection_collapsed (const sks_selection *selection, size_t want, sks_scored *out, size_t *found);

/* The worst `want` statements, worst first: exactly the reverse of best first; `total` is the number of all. */
int sks_selection_worst (const sks_selection *selection, size_t want, uint64_t total, sks_scored *out, size_t *found);

#endif
