/* windows.h - the scores of runs of statements, which stay in the cache.
 *
 * Each ranked word adds its shares to the statements of a window. Then the contexts of their occupations are added, and
 * all are compared with the worst of the best so far, many at a time.
 *
 * Windows are searched in their order. Leaving out statements that cannot be among the best does not pay: bounds of
 * scores are too high for it (docs/performance.md). */
#ifndef SKS_WINDOWS_H
#define SKS_WINDOWS_H

#include "choice.h"
#include "filter.h"
#include "scorer.h"

/* Statements of a window, except the last one. */
#define SKS_WINDOW 4096

typedef struct sks_windows {
    const sks_scorer *scorer;
    uint32_t base, end; /* the statements of the current window; none at the start */
    uint32_t *next;     /* by word: its first posting after the window */
    uint32_t *stop;     /* by word: the end of the postings of the window's block (packed.h) */
    float **shares;     /* by word: the share of each kind of its postings; NULL if it has none */
    bool zero;          /* all scores are 0: their user has reset them */
    float scores[SKS_WINDOW];
} sks_windows;

/* Prepare windows; they are large, so their scores are not zeroed. Returns 0 or SKS_ENOMEM. */
int sks_windows_start (sks_windows *out, const sks_scorer *scorer, sks_error *err);

/* Compute what words and near words add to the statements of the window that has this statement, which is not before the
 * current window. False if the budget is spent. */
bool sks_windows_score (sks_windows *windows, uint32_t statement);

/* Offer the best members of a set of bits that pass the filters.
 *   contexts   by occupation
 *   choice     neither reverse nor with a run
 * Returns 0 or SKS_ENOMEM. */
int sks_windows_offer (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
                       sks_choice *choice, sks_error *err);

#endif
