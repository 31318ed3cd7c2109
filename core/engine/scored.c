/* scored.c - sorts by the bytes of scores, or by comparison; selects by dividing a list. */
#include "scored.h"

#include "rank.h"

#include <stdlib.h>

/* Lists of LEAST_BY_BYTES to MOST_BY_BYTES items are sorted by bytes, others by comparison. */
#define LEAST_BY_BYTES 32
#define MOST_BY_BYTES 512

/* Lists of this many ranks are sorted rather than divided further. */
#define FEW 16

static int
best_first (const void *left, const void *right)
{
    const sks_scored *a = left, *b = right;
    uint64_t left_rank = sks_scored_rank (a->score, a->statement),
             right_rank = sks_scored_rank (b->score, b->statement);
    return left_rank < right_rank ? 1 : left_rank > right_rank ? -1 : 0;
}

/* A number that orders scores: the lower, the better the score. */
static inline uint32_t
place_of (const sks_scored *item)
{
    return ~(uint32_t) (sks_scored_rank (item->score, 0) >> 32);
}

/* Radix sort by the bytes of scores, the low ones first. It has no comparisons, whose branches the processor would
 * mispredict half of the time. */
static void
sort_by_bytes (sks_scored *list, size_t count)
{
    uint16_t starts[sizeof (float)][256] = { { 0 } };
    sks_scored other[MOST_BY_BYTES], *from = list, *to = other;
    for (size_t i = 0; i < count; i++)
        for (unsigned byte = 0; byte < sizeof (float); byte++)
            starts[byte][place_of (&list[i]) >> 8 * byte & 0xFF]++;
    for (unsigned byte = 0; byte < sizeof (float); byte++) {
        uint16_t *start = starts[byte], sum = 0;
        if (start[place_of (list) >> 8 * byte & 0xFF] == count)
            continue;
        for (unsigned i = 0; i < 256; i++) {
            uint16_t here = start[i];
            start[i] = sum;
            sum = (uint16_t) (sum + here);
        }
        for (size_t i = 0; i < count; i++)
            to[start[place_of (&from[i]) >> 8 * byte & 0xFF]++] = from[i];
        sks_scored *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != list)
        memcpy (list, from, count * sizeof *list);
}

void
sks_scored_sort (sks_scored *list, size_t count)
{
    if (count > MOST_BY_BYTES) {
        qsort (list, count, sizeof *list, best_first);
        return;
    }
    if (count >= LEAST_BY_BYTES)
        sort_by_bytes (list, count);
    for (size_t i = 1; i < count; i++) { /* short lists, and equal scores */
        sks_scored item = list[i];
        size_t at = i;
        for (; at && best_first (&list[at - 1], &item) > 0; at--)
            list[at] = list[at - 1];
        list[at] = item;
    }
}

/* ---------------------------------------------------------------- selection */

static void
sort_few (uint64_t *ranks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t rank = ranks[i];
        size_t at = i;
        for (; at && ranks[at - 1] < rank; at--)
            ranks[at] = ranks[at - 1];
        ranks[at] = rank;
    }
}

/* Move what is not below the pivot to the front; returns how many. Comparisons of scores are unpredictable, so
 * there is no branch on them. */
static size_t
partition (uint64_t *ranks, size_t count, uint64_t pivot)
{
    size_t front = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t rank = ranks[i];
        ranks[i] = ranks[front];
        ranks[front] = rank;
        front += rank >= pivot;
    }
    return front;
}

static uint64_t
middle_of (uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

void
sks_scored_select_ranks (uint64_t *ranks, size_t count, size_t wanted)
{
    while (wanted && wanted < count) {
        if (count <= FEW) {
            sort_few (ranks, count);
            return;
        }
        size_t front = partition (ranks, count, middle_of (ranks[0], ranks[count / 2], ranks[count - 1]));
        if (front >= wanted)
            count = front;
        else {
            ranks += front;
            count -= front;
            wanted -= front;
        }
    }
}

uint64_t
sks_scored_least_rank (const uint64_t *ranks, size_t count)
{
    uint64_t least = ranks[0];
    for (size_t i = 1; i < count; i++)
        least = ranks[i] < least ? ranks[i] : least;
    return least;
}

void
sks_scored_select (sks_scored *list, size_t count, size_t wanted)
{
    uint64_t ranks[SKS_RANK_NEAR_DEPTH] = { 0 };
    size_t front = 0;
    if (!wanted || wanted >= count)
        return;
    for (size_t i = 0; i < count; i++)
        ranks[i] = sks_scored_rank (list[i].score, list[i].statement);
    sks_scored_select_ranks (ranks, count, wanted);
    uint64_t least = sks_scored_least_rank (ranks, wanted);
    for (size_t i = 0; i < count; i++) {
        sks_scored item = list[i];
        list[i] = list[front];
        list[front] = item;
        front += sks_scored_rank (item.score, item.statement) >= least;
    }
}
