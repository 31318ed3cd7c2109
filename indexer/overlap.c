/* overlap.c - sorted sets of numbers. */
#include "overlap.h"

#include <stdlib.h>

static int
ascending (const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

/* Statements are short: an insertion beats qsort up to a few dozen words. */
static void
sort_words (uint32_t *words, size_t count)
{
    if (count > 64) {
        qsort (words, count, sizeof *words, ascending);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t word = words[i];
        size_t k = i;
        for (; k && words[k - 1] > word; k--)
            words[k] = words[k - 1];
        words[k] = word;
    }
}

size_t
sks_overlap_prepare (uint32_t *words, size_t count)
{
    size_t kept = 0;
    sort_words (words, count);
    for (size_t i = 0; i < count; i++)
        if (!kept || words[kept - 1] != words[i])
            words[kept++] = words[i];
    return kept;
}

unsigned
sks_overlap (const uint32_t *left, size_t left_count, const uint32_t *right, size_t right_count)
{
    size_t shared = 0, l = 0, r = 0;
    if (left_count + right_count == 0)
        return 100;
    /* The loop does not branch on the words: half of such branches would be mispredicted. */
    while (l < left_count && r < right_count) {
        uint32_t a = left[l], b = right[r];
        shared += a == b;
        l += a <= b;
        r += b <= a;
    }
    return (unsigned) (200 * shared / (left_count + right_count));
}

uint64_t
sks_overlap_mark (const uint32_t *words, size_t count)
{
    uint64_t mark = 0;
    for (size_t i = 0; i < count; i++)
        mark ^= (uint64_t) 1 << (words[i] * UINT32_C (2654435761) >> 26);
    return mark;
}
