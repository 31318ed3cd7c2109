/* bisect.h - binary search. */
#ifndef SKS_BISECT_H
#define SKS_BISECT_H

/* Move `low` to the first position of [low, high) for which `before` is false, or to the end. Both are variables of
 * an unsigned type; `high` is changed.
 *   before   an expression in `at`, the middle position: true if the value there precedes the one sought */
#define SKS_BISECT(low, high, at, before)                                                                              \
    while ((low) < (high)) {                                                                                           \
        __typeof__ (low) at = (low) + ((high) - (low)) / 2;                                                            \
        if (before)                                                                                                    \
            (low) = at + 1;                                                                                            \
        else                                                                                                           \
            (high) = at;                                                                                               \
    }

#endif
