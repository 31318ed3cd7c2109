/* layout.c - moves the elements of arrays together, in place, so it needs no memory and cannot fail. */
#include "layout.h"

#include <stdalign.h>
#include <string.h>

/* The size of a struct of 0.1.0 that ended before a member. */
#define SIZE_BEFORE(type, member) ((offsetof (type, member) + alignof (type) - 1) / alignof (type) * alignof (type))
#define HIT_1_BYTES SIZE_BEFORE (sks_hit, provenance)
#define SHARE_1_BYTES SIZE_BEFORE (sks_share, word)

static void
narrow (const void *array, size_t count, size_t from, size_t to)
{
    char *bytes = (char *) (uintptr_t) array; /* the library's own memory: constant for callers only */
    for (size_t i = 1; i < count; i++)
        memmove (bytes + i * to, bytes + i * from, to);
}

void
sks_layout_narrow (sks_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->hit_count; i++)
        narrow (result->hits[i].shares, result->hits[i].share_count, sizeof (sks_share), SHARE_1_BYTES);
    narrow (result->hits, result->hit_count, sizeof (sks_hit), HIT_1_BYTES);
}
