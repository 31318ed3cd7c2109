/* best.c - a short list, kept in order by insertion. */
#include "best.h"

static bool
comes_before (const sks_candidate *a, const sks_candidate *b)
{
    if (a->follows != b->follows)
        return a->follows > b->follows;
    if (a->count != b->count)
        return a->count > b->count;
    return a->begins != b->begins ? a->begins : a->number < b->number;
}

void
sks_best_offer (sks_best *best, sks_candidate candidate)
{
    size_t at = best->count;
    if (at == best->limit && (!at || !comes_before (&candidate, &best->items[at - 1])))
        return;
    if (at == best->limit)
        at--;
    else
        best->count++;
    for (; at && comes_before (&candidate, &best->items[at - 1]); at--)
        best->items[at] = best->items[at - 1];
    best->items[at] = candidate;
}
