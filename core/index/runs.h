/* runs.h - checks that look at the rows of a column in runs of a fixed length.
 *
 * Loops of that length are compiled to the widest vectors that the processor has (clones.h), for a million rows each
 * time an index is opened. */
#ifndef SKS_RUNS_H
#define SKS_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#define SKS_RUN 64

/* Whether each of the first SKS_RUN numbers is less than the one after it. */
bool sks_runs_ascend (const uint32_t *numbers);

/* The same for the first `count` numbers. */
bool sks_runs_ascend_throughout (const uint32_t *numbers, uint32_t count);

/* Whether the positions of SKS_RUN statements are valid. The sum of their lengths is added to *words. */
bool sks_runs_columns (const uint16_t *positions, const uint8_t *lengths, uint64_t *words);

#endif
