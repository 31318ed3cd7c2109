/* strings.h - texts that are stored once, however many rows name them.
 *
 * A statements file has one section of strings. The same version, attribution or
 * time stamp stands in hundreds of exports; here each gets one offset. */
#ifndef SKS_STRINGS_H
#define SKS_STRINGS_H

#include "core/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct sks_strings {
    sks_buffer *bytes; /* of the section; borrowed */
    uint32_t *slots;   /* offset + 1 of a text, 0 for a free one */
    size_t mask, count;
} sks_strings;

/* Begin with a section that may hold bytes already; what was not added here is
 * not found. Free with sks_strings_free. */
void sks_strings_begin (sks_strings *strings, sks_buffer *bytes);
void sks_strings_free (sks_strings *strings);

/* The offset of a text with its NUL, which is added at the end of the section when it
 * is new. Lack of memory and a section that is full show in the status of the buffer. */
uint32_t sks_strings_add (sks_strings *strings, const char *text);

#endif
