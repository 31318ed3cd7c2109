/* axes.c - sums of products in whole numbers, then Jacobi's rotations. */
#include "axes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = SKS_VECTOR_DIMENSIONS, BLOCK = 1024, UNIT = 1024, SWEEPS = 30 };

/* Rows of length UNIT, transposed, so that products are of neighbours in memory. */
struct block {
    int16_t column[N][BLOCK];
};

static void
fill_block (struct block *block, const int8_t *rows, size_t count)
{
    memset (block, 0, sizeof *block);
    for (size_t r = 0; r < count; r++) {
        const int8_t *row = rows + r * SKS_VECTOR_BYTES;
        int32_t square = 0;
        for (int i = 0; i < N; i++)
            square += row[i] * row[i];
        double scale = UNIT / sqrt (square);
        for (int i = 0; i < N; i++)
            block->column[i][r] = (int16_t) lrint (row[i] * scale);
    }
}

SKS_VECTORISED static void
add_products (const struct block *block, double matrix[N][N])
{
    for (int i = 0; i < N; i++)
        for (int j = i; j < N; j++) {
            int32_t sum = 0; /* at most BLOCK * UNIT * UNIT */
            for (int r = 0; r < BLOCK; r++)
                sum += block->column[i][r] * block->column[j][r];
            matrix[i][j] += sum;
        }
}

/* Rotate two axes so that their products sum to 0. */
static void
rotate (double m[N][N], double axes[N][N], int p, int q)
{
    double angle = (m[q][q] - m[p][p]) / (2 * m[p][q]);
    double t = (angle < 0 ? -1 : 1) / (fabs (angle) + sqrt (angle * angle + 1));
    double c = 1 / sqrt (t * t + 1), s = t * c;
    for (int i = 0; i < N; i++) {
        double left = m[i][p], right = m[i][q];
        m[i][p] = c * left - s * right;
        m[i][q] = s * left + c * right;
    }
    for (int i = 0; i < N; i++) {
        double left = m[p][i], right = m[q][i];
        m[p][i] = c * left - s * right;
        m[q][i] = s * left + c * right;
        left = axes[p][i], right = axes[q][i];
        axes[p][i] = c * left - s * right;
        axes[q][i] = s * left + c * right;
    }
}

/* Jacobi's method: rotations of two axes at a time, until the products outside the diagonal are negligible. */
static void
diagonalise (double m[N][N], double axes[N][N])
{
    bool rotated = true;
    for (int sweep = 0; rotated && sweep < SWEEPS; sweep++) {
        rotated = false;
        for (int p = 0; p < N; p++)
            for (int q = p + 1; q < N; q++)
                if (fabs (m[p][q]) > 1e-12 * (m[0][0] + fabs (m[p][p]) + fabs (m[q][q]))) {
                    rotate (m, axes, p, q);
                    rotated = true;
                }
    }
}

/* Sort the axes by their share of the vectors, the largest first. */
static void
sort_axes (sks_axes *out, double m[N][N], double axes[N][N])
{
    bool taken[N] = { false };
    for (int k = 0; k < N; k++) {
        int best = -1, largest = 0;
        for (int i = 0; i < N; i++)
            if (!taken[i] && (best < 0 || m[i][i] > m[best][best]))
                best = i;
        taken[best] = true;
        for (int i = 1; i < N; i++)
            if (fabs (axes[best][i]) > fabs (axes[best][largest]))
                largest = i;
        double unit = axes[best][largest] < 0 ? -SKS_AXES_UNIT : SKS_AXES_UNIT;
        for (int i = 0; i < N; i++)
            out->axis[k][i] = (int16_t) lrint (unit * axes[best][i]);
    }
}

int
sks_axes_find (sks_axes *out, const int8_t *rows, size_t count, sks_error *err)
{
    struct block *block = malloc (sizeof *block);
    double (*matrix)[N] = calloc (N, sizeof *matrix), (*axes)[N] = calloc (N, sizeof *axes);
    int code = block && matrix && axes ? 0 : sks_fail_memory (err);
    for (size_t from = 0; !code && from < count; from += BLOCK) {
        fill_block (block, rows + from * SKS_VECTOR_BYTES, count - from < BLOCK ? count - from : BLOCK);
        add_products (block, matrix);
    }
    for (int i = 0; !code && i < N; i++) {
        axes[i][i] = 1;
        for (int j = 0; j < i; j++)
            matrix[i][j] = matrix[j][i];
    }
    if (!code) {
        diagonalise (matrix, axes);
        sort_axes (out, matrix, axes);
    }
    free (block);
    free (matrix);
    free (axes);
    return code;
}

SKS_VECTORISED void
sks_axes_turn (const sks_axes *axes, const int16_t vector[N], int32_t out[N])
{
    for (int k = 0; k < N; k++) {
        int32_t sum = 0;
        for (int i = 0; i < N; i++)
            sum += axes->axis[k][i] * vector[i];
        out[k] = sum;
    }
}
