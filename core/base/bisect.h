/* bisect.h - search in what is sorted. */
#ifndef SKS_BISECT_H
#define SKS_BISECT_H

/* Move `low` to the first place of [low, high) that is not before what is sought, or to
 * the end. Both are variables of an unsigned type, `high` is used up.
 *   before   an expression in low and high's middle, whose name is `at` */
#define SKS_BISECT(low, high, at, before)                                                                              \
    while ((low) < (high)) {                                                                                           \
        __typeof__ (low) at = (low) + ((high) - (low)) / 2;                                                            \
        if (before)                                                                                                    \
            (low) = at + 1;                                                                                            \
        else                                                                                                           \
            (high) = at;                                                                                               \
    }

#endif
