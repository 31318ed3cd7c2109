/* ranked.h - the words used for ranking, and the worth of each of their forms. */
#ifndef SKS_RANKED_H
#define SKS_RANKED_H

#include "match.h"

/* How a form of a stem relates to the word of a query. */
enum sks_kinship {
    SKS_KIN_STEM,      /* another word of the same stem */
    SKS_KIN_FORM,      /* the form that was typed */
    SKS_KIN_INFLECTED, /* an inflection of it, where that counts */
    SKS_KINSHIPS
};

/* A word that ranks: its stem's postings, and what its forms are worth. */
typedef struct sks_ranked_word {
    const char *word; /* as folded in the query */
    const sks_postings *postings;
    uint32_t stem, form;       /* form: SKS_NONE when none is preferred */
    const uint8_t *kin;        /* by rank of a form, up to SKS_FORM_RANK_MAX: its kinship */
    float worth[SKS_KINSHIPS]; /* by kinship, with the word's weight in the query */
    float *worth_of;           /* by rank of a form, up to SKS_FORM_RANK_MAX: the worth of its kinship */
    const float *flat;         /* what a kinship adds wherever the word stands, if it is the only one; else NULL */
} sks_ranked_word;

/* Multiply what all forms of a word are worth. */
void sks_ranked_scale (sks_ranked_word *word, float factor);

/* The words used for ranking: all by which a statement may match, so none under NOT and none of titles. */
int sks_ranked_find (sks_matching *m, const sks_node *root, sks_ranked_word **out, size_t *count);

#endif
