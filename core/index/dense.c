/* dense.c - one loop for each width of the processors' vectors.
 *
 * The loop keeps the sums of two vectors of columns for some rows in registers: up to 24 of 32 registers with AVX-512,
 * 12 of 16 otherwise. Compilers do not find this from a plain loop, nor from vectors wider than the registers. The
 * weights of a large matrix come from memory, so they are requested before they are needed. */
#include "dense.h"

/* How many floats before its use a weight is requested: 32 inputs. */
#define AHEAD (32 * SKS_DENSE_PANEL)

/* NAME multiplies by two columns of LANES floats, at most 12 rows at a time; more rows are divided evenly into groups
 * of at most ROWS. NAME_rows is compiled for each number of rows, and so has no loop over rows: with a variable index
 * the sums would be in memory, not in registers. */
#define KERNEL(NAME, TARGET, LANES, ROWS)                                                                              \
    typedef float NAME##_vector                                                                                        \
        __attribute__ ((vector_size (LANES * sizeof (float)), aligned (sizeof (float)), may_alias));                   \
    TARGET static inline __attribute__ ((always_inline)) void NAME##_rows (                                            \
        float *restrict out, const float *restrict in, const float *restrict bias, const float *restrict weight,       \
        uint32_t ins, uint32_t outs, const size_t rows)                                                                \
    {                                                                                                                  \
        NAME##_vector left[ROWS], right[ROWS];                                                                         \
        UNROLL for (size_t i = 0; i < rows; i++)                                                                       \
        {                                                                                                              \
            left[i] = *(const NAME##_vector *) bias;                                                                   \
            right[i] = *(const NAME##_vector *) (bias + LANES);                                                        \
        }                                                                                                              \
        for (uint32_t k = 0; k < ins; k++, weight += SKS_DENSE_PANEL) {                                                \
            NAME##_vector one = *(const NAME##_vector *) weight, other = *(const NAME##_vector *) (weight + LANES);    \
            __builtin_prefetch (weight + AHEAD);                                                                       \
            if (2 * LANES * sizeof (float) > 64)                                                                       \
                __builtin_prefetch (weight + AHEAD + LANES);                                                           \
            UNROLL for (size_t i = 0; i < rows; i++)                                                                   \
            {                                                                                                          \
                left[i] += one * in[i * ins + k];                                                                      \
                right[i] += other * in[i * ins + k];                                                                   \
            }                                                                                                          \
        }                                                                                                              \
        UNROLL for (size_t i = 0; i < rows; i++)                                                                       \
        {                                                                                                              \
            *(NAME##_vector *) (out + i * outs) = left[i];                                                             \
            *(NAME##_vector *) (out + i * outs + LANES) = right[i];                                                    \
        }                                                                                                              \
    }                                                                                                                  \
    TARGET static void NAME (float *restrict out, const float *restrict in, size_t rows,                               \
                             const float *restrict weights, uint32_t ins, uint32_t outs)                               \
    {                                                                                                                  \
        for (uint32_t column = 0; column < outs; column += 2 * LANES) {                                                \
            const float *bias = weights + column, *weight = weights + sks_dense_at (ins, outs, 0, column), *from = in; \
            float *to = out + column;                                                                                  \
            for (size_t left = rows, taken; left; left -= taken, from += taken * ins, to += taken * outs) {            \
                size_t groups = (left + ROWS - 1) / ROWS;                                                              \
                taken = (left + groups - 1) / groups;                                                                  \
                switch (taken) {                                                                                       \
                    CASES_##ROWS (NAME##_rows, to, from, bias, weight, ins, outs)                                      \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }
#define UNROLL _Pragma ("GCC unroll 12")
#define CASE(rows, multiply, ...)                                                                                      \
    case rows:                                                                                                         \
        multiply (__VA_ARGS__, rows);                                                                                  \
        break;
#define CASES_6(...)                                                                                                   \
    CASE (1, __VA_ARGS__)                                                                                              \
    CASE (2, __VA_ARGS__)                                                                                              \
    CASE (3, __VA_ARGS__)                                                                                              \
    CASE (4, __VA_ARGS__)                                                                                              \
    CASE (5, __VA_ARGS__)                                                                                              \
    CASE (6, __VA_ARGS__)
#define CASES_12(...)                                                                                                  \
    CASES_6 (__VA_ARGS__)                                                                                              \
    CASE (7, __VA_ARGS__)                                                                                              \
    CASE (8, __VA_ARGS__)                                                                                              \
    CASE (9, __VA_ARGS__)                                                                                              \
    CASE (10, __VA_ARGS__)                                                                                             \
    CASE (11, __VA_ARGS__)                                                                                             \
    CASE (12, __VA_ARGS__)

#if defined(__x86_64__)
KERNEL (multiply_avx512, __attribute__ ((target ("avx512f"))), 16, 12)
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
