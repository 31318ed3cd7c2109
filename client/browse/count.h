/* count.h - numbers as they are shown. */
#ifndef BROWSE_COUNT_H
#define BROWSE_COUNT_H

#include <stdint.h>

#define BROWSE_COUNT_BYTES 32

/* Write a number with commas: "18,796". Returns its size. */
int browse_count_write (uint64_t value, char out[BROWSE_COUNT_BYTES]);

#endif
