/* memory.c - huge pages for the heap, and no blocks outside it. */
#include "memory.h"

#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Addresses that the heap begins with. Only the pages that are used take memory. */
#define RESERVED (256 << 20)

/* By as many bytes it grows afterwards. */
#define STEP (16 << 20)

/* Larger blocks are still mapped, as growing them moves no bytes then. */
#define LARGEST (4 << 20)

/* A huge page begins at a multiple of its size. */
#define HUGE_PAGE ((uintptr_t) 2 << 20)

/* More than the heap has left before it is extended. */
#define FIRST (256 << 10)

/* The bytes before the first huge page: malloc writes there when the heap is extended, and after that a page can no
 * longer become part of a huge one. */
#define LEAD ((uintptr_t) 320 << 10)

/* The system is only advised: without huge pages, or if the heap cannot be extended, all works as before. */
void
sks_memory_prepare (void)
{
    uintptr_t start = (uintptr_t) sbrk (0), gap = -(start + LEAD) & (HUGE_PAGE - 1);
    /* What lies before, up to 511 small pages, is left out. */
    if (sbrk ((intptr_t) gap) != (void *) -1)
        start += gap + LEAD;
    mallopt (M_MMAP_THRESHOLD, LARGEST);
    mallopt (M_TRIM_THRESHOLD, INT_MAX);
    mallopt (M_TOP_PAD, RESERVED);
    void *volatile block = malloc (FIRST); /* volatile: compilers leave out a block that is not used */
    free (block);
    mallopt (M_TOP_PAD, STEP);
    uintptr_t end = (uintptr_t) sbrk (0) & ~(HUGE_PAGE - 1);
    start = (start + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    if (start < end)
        madvise ((void *) start, end - start, MADV_HUGEPAGE);
}

void
sks_memory_release (void)
{
    malloc_trim (0);
}
