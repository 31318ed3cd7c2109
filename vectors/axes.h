/* axes.h - the principal axes of word vectors, strongest first.
 *
 * Vectors along these axes have the same cosines, and most of a vector is in its first numbers. So a reader that
 * keeps only 64 of the 100 numbers keeps most of every cosine, and needs no projection. */
#ifndef SKS_AXES_H
#define SKS_AXES_H

#include "core/base/error.h"
#include "core/index/product.h"

#define SKS_AXES_UNIT (1 << 14) /* the length of an axis */

typedef struct sks_axes {
    int16_t axis[SKS_VECTOR_DIMENSIONS][SKS_VECTOR_DIMENSIONS];
} sks_axes;

/* Find the axes of `count` rows of 8 bits (SKS_VECTOR_BYTES each, none of them zeros), each
 * as if of length 1. The strongest is the first; its largest number is above 0.
 * Returns 0 or SKS_ENOMEM. */
int sks_axes_find (sks_axes *out, const int8_t *rows, size_t count, sks_error *err);

/* A vector along the axes, in units that depend only on its length. All numbers are from -SKS_AXES_MOST to
 * SKS_AXES_MOST, so that the sums do not overflow. */
#define SKS_AXES_MOST (1 << 13)
void sks_axes_turn (const sks_axes *axes, const int16_t vector[SKS_VECTOR_DIMENSIONS],
                    int32_t out[SKS_VECTOR_DIMENSIONS]);

#endif
