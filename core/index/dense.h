/* dense.h - products of rows of floats with a matrix, bit for bit the same on every machine.
 *
 * Each number of the result is its bias plus the products with the inputs in their order, each product and each sum
 * rounded by itself: the build forbids fused multiplication and addition (-ffp-contract=off). How many columns
 * an instruction computes at a time then makes no difference. Any thread may call these functions. */
#ifndef SKS_DENSE_H
#define SKS_DENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKS_DENSE_PANEL 32 /* columns that are stored together; `outs` is a multiple of it */
#define SKS_DENSE_FLOATS(ins, outs) ((size_t) (outs) * ((size_t) (ins) + 1))

/* Multiply `rows` rows of `ins` numbers by a matrix.
 *   out      rows x outs; does not overlap anything else
 *   weights  SKS_DENSE_FLOATS: the biases, then panel after panel; of each panel, for each input
 *            SKS_DENSE_PANEL numbers
 * No pointer needs an alignment beyond that of floats. */
typedef void sks_dense (float *out, const float *in, size_t rows, const float *weights, uint32_t ins, uint32_t outs);

/* Where the number for an input and an output is in the weights. */
static inline size_t
sks_dense_at (uint32_t ins, uint32_t outs, uint32_t in, uint32_t out)
{
    uint32_t panel = out / SKS_DENSE_PANEL;
    return outs + ((size_t) panel * ins + in) * SKS_DENSE_PANEL + out % SKS_DENSE_PANEL;
}

/* A version of sks_dense for some processors. */
typedef struct sks_dense_kernel {
    const char *name;
    sks_dense *multiply;
    bool usable; /* by this processor */
} sks_dense_kernel;

/* All kernels of this build, the fastest first; the last one runs everywhere. Returns how many. */
#define SKS_MAX_DENSE_KERNELS 3
size_t sks_dense_kernels (sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS]);

/* The fastest kernel that this processor supports. */
sks_dense *sks_dense_kernel_of_processor (void);

#endif
