/* array.h - growable arrays. */
#ifndef SKS_ARRAY_H
#define SKS_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Double the capacity until `needed` elements fit. */
bool sks_array_grow (void *array_p, size_t *capacity, size_t needed, size_t size);

/* Grow *array_p, which is NULL at first and has space for *capacity elements of `size` bytes, to at least `needed`
 * elements. False when out of memory; nothing has changed then.
 *   array_p   the address of a pointer to elements; free that with free. */
static inline bool
sks_array_reserve (void *array_p, size_t *capacity, size_t needed, size_t size)
{
    return needed <= *capacity || sks_array_grow (array_p, capacity, needed, size);
}

#endif
