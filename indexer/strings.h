/* strings.h - strings that are stored once, however many rows refer to them.
 *
 * A statements file has one section of strings. The same version, attribution or time stamp occurs in hundreds of
 * exports; here each has one offset. */
#ifndef SKS_STRINGS_H
#define SKS_STRINGS_H

#include "core/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct sks_strings {
    sks_buffer *bytes; /* of the section; borrowed */
    uint32_t *slots;   /* offset + 1 of a text; 0: a free slot */
    size_t mask, count;
} sks_strings;

/* Begin with a section that may already hold bytes; strings that were not added here are not found. Free with
 * sks_strings_free. */
void sks_strings_begin (sks_strings *strings, sks_buffer *bytes);
void sks_strings_free (sks_strings *strings);

/* The offset of a text with its NUL, which is added at the end of the section when it
 * is new. The status of the buffer shows whether memory ran out or the section is full. */
uint32_t sks_strings_add (sks_strings *strings, const char *text);

/* Find a text that the section has already at this offset, with its NUL, when it is added again. */
void sks_strings_keep (sks_strings *strings, uint32_t offset);

#endif
