/* print_count.h - numbers as text, for all files that print; separate from print.h, so that print.c and
 * print_facets.c need not call each other. */
#ifndef SKS_PRINT_COUNT_H
#define SKS_PRINT_COUNT_H

#include "core/base/buffer.h"

/* value with commas between thousands. */
void sks_print_count (sks_buffer *out, uint64_t value);

/* value with up to 6 digits after the point and no needless zeros. */
void sks_print_number (sks_buffer *out, double value);

#endif
