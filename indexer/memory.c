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
#define FIRST ((uintptr_t) 256 << 10)

/* The bytes before the first huge page: malloc writes at the start and at the end of the first block when the heap is
 * extended, and after that a page can no longer become part of a huge one. */
#define LEAD (FIRST + 4096)

/* More than malloc needs beside a block. */
#define BESIDE 64

/* Blocks that take the addresses before the first huge page, where each small page costs an interruption when it is
 * first used: what the heap had left, and what it is extended by. They are neither used, so they take no memory, nor
 * freed. volatile: compilers leave out blocks that are not used. */
static void *volatile rest, *volatile first;

/* The system is only advised: without huge pages, or if the heap cannot be extended, all works as before. */
void
sks_memory_prepare (void)
{
    size_t left = mallinfo2 ().keepcost;
    rest = left > BESIDE ? malloc (left - BESIDE) : NULL;
    uintptr_t start = (uintptr_t) sbrk (0), gap = -(start + LEAD) & (HUGE_PAGE - 1);
    /* What lies before, up to 511 small pages, is left out. */
    if (sbrk ((intptr_t) gap) != (void *) -1)
        start += gap + LEAD;
    mallopt (M_MMAP_THRESHOLD, LARGEST);
    mallopt (M_TRIM_THRESHOLD, INT_MAX);
    mallopt (M_TOP_PAD, RESERVED);
    first = malloc (FIRST);
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
