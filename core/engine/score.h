/* score.h - the best of a match set.
 *
 * One pass in windows of statements: each ranked word adds its share into an
 * array that stays in the cache, then the window's members compete for a heap
 * of the best; once that is full, only scores that could enter it are looked
 * at. Sets that are small beside the posting lists are looked up
 * member by member instead. Ties go to the lower statement, which is the lower
 * id. */
#ifndef SKS_SCORE_H
#define SKS_SCORE_H

#include "filter.h"
#include "ranked.h"
#include "named.h"
#include "rank.h"

typedef struct sks_scored {
    float score;
    uint32_t statement;
    float feedback; /* part of the score; feedback.h */
    bool near;      /* near words were added to it, if only 0; nearness.h */
} sks_scored;

/* The best first; of equal scores the lower statement. */
void sks_scored_sort (sks_scored *list, size_t count);

typedef struct sks_scorer {
    const sks_store *store;
    const sks_rank *rank;
    const sks_ranked_word *words;
    size_t count;
    bool reverse; /* the worst are wanted, worst first */
    sks_arena *arena;
    sks_budget *budget;
    uint32_t collapse;     /* how many to keep of each occupation; 0: all of them */
    const uint32_t *whole; /* the few statements that gain by holding all words; ascending */
    size_t whole_count;
    float gain;                    /* what each of them gains */
    sks_named named;               /* the occupations whose statements gain, as the query names them, */
    float named_gain;              /* and what each of them gains */
    struct sks_nearness *nearness; /* near words that are added to the best; NULL: none (nearness.h) */
    const uint32_t *brought;       /* the statements that are there by near words alone; ascending */
    const float *brought_gains;    /* what each gains by them at least */
    size_t brought_count;
} sks_scorer;

/* Prepare to score by these words; borrows them. */
void sks_scorer_make (sks_scorer *out, const sks_matching *m, const sks_ranked_word *words, size_t count, bool reverse);

/* Let the members of a small set gain: those that hold every word of a query
 * which less is enough for. Its list is borrowed. */
int sks_scorer_favour (sks_scorer *scorer, const sks_set *whole, sks_error *err);

/* Let all statements of these occupations gain. Borrows their list. */
void sks_scorer_favour_named (sks_scorer *scorer, const sks_named *named);

/* What a statement gains at least as it is there by near words alone; 0 for others. */
float sks_scorer_brought (const sks_scorer *scorer, uint32_t statement);

/* The best `want` members of the set that pass the filters, best first; in reverse, including ties, if the scorer is a
 * reverse one. When it
 * collapses, the first query->collapse of each occupation in that order compete. Of no use
 * when the budget is cut.
 *   out     room for want entries; *found how many there are. */
int sks_scorer_best (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want, sks_scored *out,
                     size_t *found, sks_error *err);

/* The score of one statement as the sum of its shares. shares may be NULL, else
 * has room for 4 times the words and two more; *share_count how many are not zero. */
double sks_scorer_explain (const sks_scorer *scorer, uint32_t statement, sks_share *shares, size_t *share_count);

#endif
