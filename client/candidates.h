/* candidates.h - candidates for the word at the cursor: from lists, or from the daemon; for completion.c. */
#ifndef SKS_CANDIDATES_H
#define SKS_CANDIDATES_H

#include "session.h"

/* The word at the cursor: "kept" stands before each candidate, "open" is what candidates begin with. */
typedef struct sks_candidates {
    sks_session *session; /* its options are those of the command line that is completed */
    const char *kept;
    size_t kept_size;
    const char *open;
    size_t skipped; /* bytes of the word that the shell keeps itself */
    bool quoted;    /* labels of several words need quotation marks of the query language */
    size_t count;   /* written so far */
} sks_candidates;

/* Write a candidate, with its meaning unless that is NULL. */
void sks_candidates_put (sks_candidates *candidates, const char *text, const char *meaning);

/* Write the words of a blank-separated list that begin with the open part. */
void sks_candidates_put_list (sks_candidates *candidates, const char *list);

/* Move the first `size` bytes of the open part to the kept part. */
void sks_candidates_keep (sks_candidates *candidates, size_t size);

/* Values of a facet: by their codes, or by their labels if the open part begins with a letter. */
void sks_candidates_put_values (sks_candidates *candidates, int facet);

/* Ids of statements, with their texts, once the first digits of a SOC code and "-" were typed. None if
 * there are more than SKS_MAX_SCAN. */
void sks_candidates_put_ids (sks_candidates *candidates);

/* Words of the index. */
void sks_candidates_put_words (sks_candidates *candidates);

#endif
