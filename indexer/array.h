/* array.h - arrays that grow: there may be one element more or a million. */
#ifndef SKS_ARRAY_H
#define SKS_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Double the room until `needed` elements fit. */
bool sks_array_grow (void *array_p, size_t *room, size_t needed, size_t size);

/* Room for `needed` elements of `size` bytes in *array_p, which has it for *room
 * and is NULL at first. False when memory is out: then all is as it was.
 *   array_p   the address of a pointer to elements; free that with free. */
static inline bool
sks_array_reserve (void *array_p, size_t *room, size_t needed, size_t size)
{
    return needed <= *room || sks_array_grow (array_p, room, needed, size);
}

#endif
