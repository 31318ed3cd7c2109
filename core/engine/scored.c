/* scored.c - sorts by ranges of scores, then by comparison; selects, and sorts long lists, by dividing them. */
#include "scored.h"

#include "rank.h"

#include <stdlib.h>

/* Lists of LEAST_BY_RANGE to MOST_BY_RANGE items are sorted by RANGES of scores first, shorter ones by comparison alone.
 * Longer ones are divided, but at most MOST_DIVISIONS times in a row. */
#define LEAST_BY_RANGE 32
#define MOST_BY_RANGE 512
#define RANGES 256
#define MOST_DIVISIONS 32

/* At most this many of a list are sorted by moving each to its place. */
#define MOST_FIRST 32

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

/* Move items to places by their scores, divided into RANGES between the best and the lowest. It has no comparisons,
 * whose branches the processor would mispredict half of the time, and leaves few items to be moved further. */
static void
sort_by_range (sks_scored *list, size_t count)
{
    uint16_t starts[RANGES + 1] = { 0 };
    sks_scored unsorted[MOST_BY_RANGE];
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t place = place_of (&list[i]);
        least = place < least ? place : least;
        most = place > most ? place : most;
    }
    unsigned shift = 0;
    while ((most - least) >> shift >= RANGES)
        shift++;
    for (size_t i = 0; i < count; i++)
        starts[((place_of (&list[i]) - least) >> shift) + 1]++;
    for (unsigned i = 1; i < RANGES; i++)
        starts[i] = (uint16_t) (starts[i] + starts[i - 1]);
    memcpy (unsorted, list, count * sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[starts[(place_of (&unsorted[i]) - least) >> shift]++] = unsorted[i];
}

/* Move an item forward to its place among those before it, which are sorted. */
static inline void
move_forward (sks_scored *list, size_t at)
{
    sks_scored item = list[at];
    uint64_t rank = sks_scored_rank (item.score, item.statement);
    for (; at && sks_scored_rank (list[at - 1].score, list[at - 1].statement) < rank; at--)
        list[at] = list[at - 1];
    list[at] = item;
}

static uint64_t
middle_of (uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

static inline uint64_t
rank_of (const sks_scored *item)
{
    return sks_scored_rank (item->score, item->statement);
}

/* Move what is not below the pivot to the front; returns how many. Comparisons of scores are unpredictable, so
 * there is no branch on them. */
static size_t
divide (sks_scored *list, size_t count)
{
    uint64_t pivot = middle_of (rank_of (&list[0]), rank_of (&list[count / 2]), rank_of (&list[count - 1]));
    size_t front = 0;
    for (size_t i = 0; i < count; i++) {
        sks_scored item = list[i];
        list[i] = list[front];
        list[front] = item;
        front += rank_of (&item) >= pivot;
    }
    return front;
}

void
sks_scored_sort (sks_scored *list, size_t count)
{
    for (unsigned divisions = 0; count > MOST_BY_RANGE; divisions++) {
        size_t front = divisions < MOST_DIVISIONS ? divide (list, count) : count;
        if (front == count) {
            qsort (list, count, sizeof *list, best_first);
            return;
        }
        bool shorter = front < count - front; /* it is sorted first, so that there are few calls at a time */
        sks_scored_sort (shorter ? list : list + front, shorter ? front : count - front);
        list += shorter ? front : 0;
        count = shorter ? count - front : front;
    }
    if (count >= LEAST_BY_RANGE)
        sort_by_range (list, count);
    for (size_t i = 1; i < count; i++)
        move_forward (list, i);
}

void
sks_scored_sort_first (sks_scored *list, size_t count, size_t wanted)
{
    if (wanted > MOST_FIRST) {
        sks_scored_sort (list, count);
        return;
    }
    for (size_t i = 1; wanted && i < count; i++) {
        size_t at = i < wanted ? i : wanted - 1;
        if (i != at) {
            if (best_first (&list[at], &list[i]) < 0)
                continue;
            sks_scored item = list[i];
            list[i] = list[at];
            list[at] = item;
        }
        move_forward (list, at);
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
