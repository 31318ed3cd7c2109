/* contenders.h - which statements of a window may still be among the best.
 *
 * The score by words is at most the sum of what the words of a statement can be worth, so it matters only which words
 * it has. The combinations of words that reach a limit are found by the common bits of their postings. */
#ifndef SKS_CONTENDERS_H
#define SKS_CONTENDERS_H

#include "windows.h"

/* Words that are combined, the heaviest ones: of the others, a statement is assumed to have all. */
#define SKS_CONTENDERS_HEAVY 8

typedef struct sks_contenders {
    const sks_windows *windows;
    size_t count; /* of words */
    struct sks_heavy {
        size_t word;
        float most;                /* what it can be worth */
    } heavy[SKS_CONTENDERS_HEAVY]; /* the heaviest first */
    size_t heavy_count;
    float rest; /* what all other words can be worth */

    /* The latest window, by word of the query. */
    const uint64_t *bits[SKS_WINDOWS_WORDS];   /* the statements that have it */
    const uint32_t *before[SKS_WINDOWS_WORDS]; /* the number of its postings before each word of the bits */
    uint64_t found[SKS_WINDOW_WORDS];          /* the contenders */
    uint64_t listed[SKS_WINDOWS_WORDS][SKS_WINDOW_WORDS];
    uint32_t counts[SKS_WINDOWS_WORDS][SKS_WINDOW_WORDS];
} sks_contenders;

/* Prepare to search; the windows must be ordered. The structure is large, and most of it is not
 * written. */
void sks_contenders_start (sks_contenders *out, const sks_windows *windows);

/* Find the members of the current window, which is a whole one, that may reach the limit by their words. Returns their
 * number. */
uint32_t sks_contenders_find (sks_contenders *contenders, const uint64_t members[SKS_WINDOW_WORDS], float limit);

#endif
