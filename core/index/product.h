/* product.h - dot products of one word vector with many.
 *
 * A product is a sum of whole numbers below 2^21, so all kernels give the same numbers, whatever instructions they
 * use. Any thread may call these functions. */
#ifndef SKS_PRODUCT_H
#define SKS_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKS_VECTOR_DIMENSIONS 100 /* numbers of a vector */
#define SKS_VECTOR_BYTES 112      /* of a row: the numbers, then zeros, because instructions process 16 at a time */

/* For functions with a loop that the compiler should vectorise; gcc does not do so at -O2. */
#if defined(__clang__)
#define SKS_VECTORISED
#else
#define SKS_VECTORISED __attribute__ ((optimize ("O3")))
#endif

/* Multiply a vector with each of `count` rows; all have SKS_VECTOR_BYTES numbers and
 * need no alignment. */
typedef void sks_product (const int8_t *rows, size_t count, const int8_t *vector, int32_t *out);

/* The same by different instructions. */
typedef struct sks_product_kernel {
    const char *name;
    sks_product *multiply;
    bool usable; /* by this processor */
} sks_product_kernel;

/* All kernels of this build, the fastest first; the last one runs everywhere.
 * Returns how many. */
#define SKS_MAX_KERNELS 2
size_t sks_product_kernels (sks_product_kernel kernels[SKS_MAX_KERNELS]);

/* The fastest kernel that this processor supports. */
sks_product *sks_product_kernel_of_processor (void);

#endif
