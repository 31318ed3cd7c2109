/* offset.h - converts positions in a text from bytes, which are used internally, to the units that a client
 * requested (enum sks_units). */
#ifndef SKS_WIRE_OFFSET_H
#define SKS_WIRE_OFFSET_H

#include <skillsearch.h>

/* A text and the last converted position. Counting continues from there, forwards or backwards, so positions near
 * each other are cheap. */
typedef struct sks_offset {
    const char *text; /* valid UTF-8; NULL: positions stay bytes */
    int units;        /* enum sks_units */
    size_t byte, unit;
} sks_offset;

/* The position of a byte, in units. A byte beyond the end of the text counts as the end. */
size_t sks_offset_of (sks_offset *offset, size_t byte);

#endif
