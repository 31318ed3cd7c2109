/* nearest.c - distances between short words. */
#include "nearest.h"

#include <stdio.h>
#include <string.h>

typedef unsigned rows[SKS_NEAREST_BYTES + 1][SKS_NEAREST_BYTES + 1];

static unsigned
smaller (unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The distance of the first i letters of a from the first k letters of b. */
static unsigned
step (rows far, const char *a, size_t i, const char *b, size_t k)
{
    if (i == 0 || k == 0)
        return (unsigned) (i + k);
    unsigned least = far[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
    least = smaller (least, smaller (far[i - 1][k], far[i][k - 1]) + 1);
    if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        least = smaller (least, far[i - 2][k - 2] + 1);
    return least;
}

/* Insertions, removals, changes and swaps of neighbours that make b from a. */
static unsigned
distance (const char *a, size_t a_size, const char *b, size_t b_size)
{
    rows far;
    if (a_size > SKS_NEAREST_BYTES || b_size > SKS_NEAREST_BYTES)
        return SKS_NEAREST_BYTES;
    for (size_t i = 0; i <= a_size; i++)
        for (size_t k = 0; k <= b_size; k++)
            far[i][k] = step (far, a, i, b, k);
    return far[a_size][b_size];
}

const char *
sks_nearest_find (const char *word, const char *list, size_t *size)
{
    const char *best = NULL;
    size_t word_size = strlen (word);
    unsigned nearest = 0, most = word_size <= 3 ? 1 : word_size <= 6 ? 2 : 3;
    for (const char *item = list; *item; item += strspn (item, " ")) {
        size_t item_size = strcspn (item, " ");
        unsigned far = distance (word, word_size, item, item_size);
        if (word_size >= 2 && word_size < item_size && strncmp (word, item, word_size) == 0)
            far = 1;
        if (far <= most && (!best || far < nearest)) {
            best = item;
            nearest = far;
            *size = item_size;
        }
        item += item_size;
    }
    return best;
}

void
sks_nearest_list (char out[SKS_NEAREST_LIST_BYTES], const char *list, const char *last)
{
    size_t size = 0;
    for (const char *at = list; *at && size + SKS_NEAREST_BYTES < SKS_NEAREST_LIST_BYTES; at++)
        if (*at != ' ')
            out[size++] = *at;
        else if (strchr (at + 1, ' '))
            size = (size_t) (stpcpy (out + size, ", ") - out);
        else
            size += (size_t) sprintf (out + size, " %s ", last);
    out[size] = '\0';
}
