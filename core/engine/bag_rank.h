/* bag_rank.h - the statements that answer a bag best: those of similar and map.
 *
 * They are ranked as by a search for the words of the bag, without feedback and without tables of near words. With
 * word vectors (m->semantics) the best SKS_RANK_NEAR_DEPTH are ordered again by near words and by the vector of the
 * bag, with a sentence encoder (m->reader) also by its vector of the text or statement that the bag was made of
 * (nearness.h). What matches does not change. */
#ifndef SKS_BAG_RANK_H
#define SKS_BAG_RANK_H

#include "bag.h"
#include "score.h"

typedef struct sks_bag_rank {
    sks_scorer scorer; /* explains the scores */
    sks_scored best[SKS_RANK_NEAR_DEPTH];
    size_t count;
} sks_bag_rank;

/* Rank the members of a set that pass the filters.
 *   want    how many, up to SKS_MAX_LIMIT
 *   arena   of the answer: the words that scores are explained by are copied there */
int sks_bag_rank_best (sks_bag_rank *out, sks_matching *m, const sks_bag *bag, const sks_set *set,
                       const sks_fails *fails, size_t want, sks_arena *arena);

#endif
