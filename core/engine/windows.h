/* windows.h - the scores of runs of statements, which stay in the cache.
 *
 * Each ranked word adds its shares to the statements of a window. Scores are exact: floats, as every other way to score
 * computes them. Or they are coarse: numbers of 16 bits, which take half the space, and whose order is nearly that of
 * the exact ones (coarse.h).
 *
 * Windows are searched in their order. Leaving out postings of statements that cannot be among the best does not pay:
 * bounds of scores are too high for it (docs/performance.md). */
#ifndef SKS_WINDOWS_H
#define SKS_WINDOWS_H

#include "scorer.h"

/* Statements of a window, except the last one. A block (packed.h) is a multiple of both. */
#define SKS_WINDOW_EXACT 4096
#define SKS_WINDOW_COARSE 16384

/* Scores after those of a window, which may be written and read. */
#define SKS_WINDOW_SPARE 64

typedef struct sks_windows {
    const sks_scorer *scorer;
    float scale;        /* of coarse scores; 0: they are exact */
    uint32_t first;     /* statements of the first window, if fewer than in the others; 0: as many */
    uint32_t base, end; /* the statements of the current window; none at the start */
    bool follows;       /* the current window follows the one before */
    uint32_t *next;     /* by word: its first posting after the window */
    uint32_t *stop;     /* by word: the end of the postings of the window's block */
    void **shares;      /* by word: the share of each kind of its postings, like a score; NULL if it has none */
    union {             /* by statement from the base on */
        float exact[SKS_WINDOW_EXACT + SKS_WINDOW_SPARE];
        _Alignas(64) uint16_t coarse[SKS_WINDOW_COARSE + SKS_WINDOW_SPARE];
    };
} sks_windows;

/* Prepare windows, all of the same size; they are large, so their scores are not set. Returns 0 or SKS_ENOMEM. */
int sks_windows_start (sks_windows *out, const sks_scorer *scorer, float scale, sks_error *err);

/* Go to the window that has this statement, which is not before the current window. The caller then sets the scores of
 * all its statements to what they have without words. False if the budget is spent. */
bool sks_windows_move (sks_windows *windows, uint32_t statement);

/* Add what words and near words add to the statements of the window. */
void sks_windows_add (sks_windows *windows);

#endif
