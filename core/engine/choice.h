/* choice.h - the best of the statements that are offered one after the other, in any order. */
#ifndef SKS_CHOICE_H
#define SKS_CHOICE_H

#include "core/index/store.h"
#include "scored.h"

#include <math.h>
#include <stdbool.h>

/* The best `wanted` of what was offered, in no order. Up to twice as many are collected before the worse half is
 * dropped, which costs less than a heap. A reverse choice keeps negated scores and complemented statements, which
 * reverses both orders. */
typedef struct sks_choice {
    uint64_t *items; /* sks_scored_rank; space for twice `wanted` */
    size_t count, wanted;
    uint64_t least; /* rank of the worst of `wanted` items; lower ones are dropped. 0: there are fewer */
    bool reverse;
    struct sks_choice_run *run; /* NULL unless the number kept per occupation is limited */
} sks_choice;

/* The best statements of the current occupation, whose statements must then be offered as a run. */
typedef struct sks_choice_run {
    uint32_t occupation;
    sks_choice best;
    uint64_t items[2 * SKS_MAX_COLLAPSE];
} sks_choice_run;

/* Drop what is not among the best `wanted`. */
void sks_choice_drop_worse (sks_choice *choice);

/* End an occupation of a choice with a run: offer its best statements to the choice among all. */
void sks_choice_end_run (sks_choice *choice);

static inline void
sks_choice_push (sks_choice *choice, uint64_t item)
{
    if (item <= choice->least)
        return;
    choice->items[choice->count++] = item;
    if (choice->count == (choice->least ? 2 : 1) * choice->wanted)
        sks_choice_drop_worse (choice);
}

static inline void
sks_choice_offer (sks_choice *choice, float score, uint32_t statement, uint32_t occupation)
{
    uint64_t item = choice->reverse ? sks_scored_rank (-score, ~statement) : sks_scored_rank (score, statement);
    if (!choice->run) {
        sks_choice_push (choice, item);
        return;
    }
    if (choice->run->occupation != occupation)
        sks_choice_end_run (choice);
    choice->run->occupation = occupation;
    sks_choice_push (&choice->run->best, item);
}

/* The score beyond which a statement may be among the best: above it, or, in a reverse choice, at or below it, as of
 * equal scores the last one comes first. This holds if statements are offered in their order. */
static inline float
sks_choice_limit (const sks_choice *choice)
{
    float least = choice->least ? sks_scored_of (choice->least).score : -INFINITY;
    return choice->reverse ? -least : least;
}

#endif
