/* array.c - growing by doubling. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

bool
sks_array_grow (void *array_p, size_t *capacity, size_t needed, size_t size)
{
    void *array, *grown;
    size_t larger = *capacity ? *capacity : FIRST_CAPACITY;
    while (larger < needed)
        larger *= 2;
    /* The type of the caller's pointer is not known here, so its bytes are copied. */
    memcpy (&array, array_p, sizeof array);
    if (!(grown = realloc (array, larger * size)))
        return false;
    memcpy (array_p, &grown, sizeof grown);
    *capacity = larger;
    return true;
}
