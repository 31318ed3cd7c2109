/* count.c - digits in groups of three. */
#include "count.h"

#include <inttypes.h>
#include <stdio.h>

int
browse_count_write (uint64_t value, char out[BROWSE_COUNT_BYTES])
{
    char digits[24];
    int size = snprintf (digits, sizeof digits, "%" PRIu64, value), used = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return used;
}
