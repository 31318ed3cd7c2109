/* array.c - growing by doubling. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

bool
sks_array_grow (void *array_p, size_t *room, size_t needed, size_t size)
{
    void *array, *grown;
    size_t larger = *room ? *room : FIRST_ROOM;
    while (larger < needed)
        larger *= 2;
    /* The caller's pointer is of a type of its own, so its bytes are copied. */
    memcpy (&array, array_p, sizeof array);
    if (!(grown = realloc (array, larger * size)))
        return false;
    memcpy (array_p, &grown, sizeof grown);
    *room = larger;
    return true;
}
