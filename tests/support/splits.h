/* splits.h - fixture for the tests of an index in shards: the same exports in one index and in several numbers of
 * shards.
 *
 * the functions that open, with splits_close, are an unchecked fixture of a test case.
 * All calls fail the test by themselves. */
#ifndef SKS_TEST_SPLITS_H
#define SKS_TEST_SPLITS_H

#include "core/shards/gather.h"
#include "engine.h"

#define SPLITS 4
#define SPLITS_DATA_SHARDS 4

/* The numbers of shards. */
extern const uint32_t splits_shards[SPLITS];

/* All in one index; in shards, in the same order. */
extern engine whole;
extern sks_generation *splits_generations[SPLITS];
extern size_t splits;

/* The sample exports; a few occupations whose words are one or several, and whose statements differ in the order of
 * words. */
void splits_open_corpus (void);
void splits_open_written (void);

/* An occupation with more statements about mail than are fetched to be ranked, and others with a few that rank
 * lower. */
void splits_open_crowded (void);

/* The exports made from O*NET, in SPLITS_DATA_SHARDS shards; without $SKS_DATA nothing, and splits is 0. */
void splits_open_data (void);

void splits_close (void);

/* A searcher on one of them. Caller owns it; close with sks_gather_close. */
sks_gather *splits_gather (size_t split);

#endif
