/* stems.h - reads the stems of statements for the steps that rank the best of a match set again: near words, feedback.
 *
 * The stems of a statement are those of its words in their order, without stop words and joined forms of compounds; at
 * most SKS_RANK_LENGTHS, as later words weigh next to nothing. */
#ifndef SKS_STEMS_H
#define SKS_STEMS_H

#include "score.h"

typedef struct sks_stems {
    uint32_t *stems;  /* of all statements, one after the other */
    uint32_t *starts; /* by place: where a statement's stems start; one more than there are statements */
} sks_stems;

/* Read the stems of these statements; sets their places. Memory comes from the matching's arena. Returns 0 or
 * SKS_ENOMEM. */
int sks_stems_read (sks_stems *out, const sks_matching *m, sks_scored *list, size_t count);

/* Read the stems of one statement. Returns their number. */
uint32_t sks_stems_of (const sks_snapshot *snapshot, uint32_t statement, uint32_t out[SKS_RANK_LENGTHS]);

#endif
