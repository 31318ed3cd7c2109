/* windows.h - runs of statements whose scores stay in the cache, those with the greatest contexts first.
 *
 * These hold most of the best statements, so after them few others can still be among the best. */
#ifndef SKS_WINDOWS_H
#define SKS_WINDOWS_H

#include "scorer.h"

/* Statements of a window, except the last one. */
#define SKS_WINDOW 4096
#define SKS_WINDOW_WORDS (SKS_WINDOW / 64)

/* With so few windows, the limit would rise too late to save anything. */
#define SKS_WINDOWS_FEW 32

/* With more words, the postings of each in each window would take too much memory. */
#define SKS_WINDOWS_WORDS 16

typedef struct sks_windows {
    const sks_scorer *scorer;
    uint32_t count, done;
    bool ordered;     /* false: they are few, or the words are many; then they are in the order of statements */
    uint64_t *order;  /* sks_scored_rank of a window's greatest context and its number */
    uint32_t *starts; /* by word and window, of which there is one more: its first posting there; if ordered */

    /* The current window. */
    uint32_t base, end; /* its statements */
    uint32_t first;     /* the occupation of the first one */
    float context;      /* the greatest one of its occupations */
    uint32_t *from;     /* by word: its first posting that is not before the window, */
    uint32_t *found;    /* and, if ordered, the number of its postings in the window */
    uint32_t postings;  /* the sum of these */
} sks_windows;

/* Prepare windows.
 *   contexts   by occupation
 * Returns 0 or SKS_ENOMEM. */
int sks_windows_start (sks_windows *out, const sks_scorer *scorer, const float *contexts, sks_error *err);

/* Move to the next window; false at the end. */
bool sks_windows_next (sks_windows *windows);

#endif
