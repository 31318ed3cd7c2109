/* print_count.c - numbers as people read them. */
#include "print_count.h"

#include <inttypes.h>
#include <stdio.h>

void
sks_print_count (sks_buffer *out, uint64_t value)
{
    char digits[24];
    int size = snprintf (digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            sks_buffer_putc (out, ',');
        sks_buffer_putc (out, digits[i]);
    }
}

void
sks_print_number (sks_buffer *out, double value)
{
    char digits[330]; /* enough for any double with 6 decimals */
    int size = snprintf (digits, sizeof digits, "%.6f", value);
    while (size > 1 && digits[size - 1] == '0')
        size--;
    sks_buffer_add (out, digits, (size_t) size - (digits[size - 1] == '.'));
}
