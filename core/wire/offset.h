/* offset.h - places in a text: bytes, as they are counted inside, and the units
 * that a client asked for (enum sks_units). */
#ifndef SKS_WIRE_OFFSET_H
#define SKS_WIRE_OFFSET_H

#include <skillsearch.h>

/* A text and the last place that was counted in it. The next one is counted from
 * there, forwards or backwards, so places near each other are cheap. */
typedef struct sks_offset {
    const char *text; /* valid UTF-8; NULL: places stay bytes */
    int units;        /* enum sks_units */
    size_t byte, unit;
} sks_offset;

/* The place of a byte of the text in units. A byte beyond the text's end is
 * taken for the end. */
size_t sks_offset_of (sks_offset *offset, size_t byte);

#endif
