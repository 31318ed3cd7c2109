/* dense.c - one loop for each width of the processors' vectors.
 *
 * The loop keeps the sums of two vectors of columns for some rows in registers: 16 of 32 registers with AVX-512, 12
 * of 16 otherwise. Compilers do not find this from a plain loop, nor from vectors wider than the registers. */
#include "dense.h"

#include <string.h>

/* Multiply by columns of LANES floats, ROWS rows at a time. */
#define KERNEL(name, target, LANES, ROWS)                                                                              \
    typedef float name##_vector __attribute__ ((vector_size (LANES * sizeof (float)), aligned (sizeof (float))));      \
    target static void name (float *restrict out, const float *restrict in, size_t rows,                               \
                             const float *restrict weights, uint32_t ins, uint32_t outs)                               \
    {                                                                                                                  \
        for (uint32_t column = 0; column < outs; column += 2 * LANES)                                                  \
            for (size_t row = 0; row < rows; row += ROWS) {                                                            \
                const float *from = weights + sks_dense_at (ins, outs, 0, column), *read[ROWS];                        \
                size_t taken = rows - row < ROWS ? rows - row : ROWS;                                                  \
                name##_vector sums[ROWS][2];                                                                           \
                for (size_t i = 0; i < ROWS; i++) {                                                                    \
                    read[i] = in + (row + (i < taken ? i : 0)) * ins;                                                  \
                    memcpy (sums[i], weights + column, sizeof sums[i]);                                                \
                }                                                                                                      \
                for (uint32_t k = 0; k < ins; k++, from += SKS_DENSE_PANEL) {                                          \
                    name##_vector left, right;                                                                         \
                    memcpy (&left, from, sizeof left);                                                                 \
                    memcpy (&right, from + LANES, sizeof right);                                                       \
                    _Pragma ("GCC unroll 8") for (size_t i = 0; i < ROWS; i++)                                         \
                    {                                                                                                  \
                        sums[i][0] += left * read[i][k];                                                               \
                        sums[i][1] += right * read[i][k];                                                              \
                    }                                                                                                  \
                }                                                                                                      \
                for (size_t i = 0; i < taken; i++)                                                                     \
                    memcpy (out + (row + i) * outs + column, sums[i], sizeof sums[i]);                                 \
            }                                                                                                          \
    }

#if defined(__x86_64__)
KERNEL (multiply_avx512, __attribute__ ((target ("avx512f"))), 16, 8)
KERNEL (multiply_avx2, __attribute__ ((target ("avx2"))), 8, 6)
#endif
KERNEL (multiply_baseline, , 4, 6)

size_t
sks_dense_kernels (sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS])
{
    size_t count = 0;
#if defined(__x86_64__)
    kernels[count++] = (sks_dense_kernel) { "avx512", multiply_avx512, __builtin_cpu_supports ("avx512f") };
    kernels[count++] = (sks_dense_kernel) { "avx2", multiply_avx2, __builtin_cpu_supports ("avx2") };
#endif
    kernels[count++] = (sks_dense_kernel) { "baseline", multiply_baseline, true };
    return count;
}

sks_dense *
sks_dense_kernel_of_processor (void)
{
    sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS];
    size_t i = 0;
    sks_dense_kernels (kernels);
    while (!kernels[i].usable)
        i++;
    return kernels[i].multiply;
}
