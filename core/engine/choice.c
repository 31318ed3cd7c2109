/* choice.c - drops the worse half. */
#include "choice.h"

void
sks_choice_drop_worse (sks_choice *choice)
{
    if (choice->count > choice->wanted) {
        sks_scored_select_ranks (choice->items, choice->count, choice->wanted);
        choice->count = choice->wanted;
    }
    if (choice->count && choice->count == choice->wanted)
        choice->least = sks_scored_least_rank (choice->items, choice->count);
}

void
sks_choice_end_run (sks_choice *choice)
{
    sks_choice *best = &choice->run->best;
    sks_choice_drop_worse (best);
    for (size_t i = 0; i < best->count; i++)
        sks_choice_push (choice, best->items[i]);
    best->count = 0;
    best->least = 0;
}
