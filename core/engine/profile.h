/* profile.h - a statement as a vector of its words, by which it is compared with others.
 *
 * It has a component for each of its stems and one for each of its forms, stop words left out:
 *
 *     stem   place * idf (stem)
 *     form   place * sqrt (SKS_PROFILE_FORM) * idf (form)
 *
 * with the idf of the whole index (rank.h), and place 1 for a word of the duty or of a plain statement,
 * SKS_PROFILE_DETAIL for a word that occurs only in the detail. How often a word occurs does not matter. The constants
 * were measured on pairs that were judged by hand (docs/ranking.md). */
#ifndef SKS_PROFILE_H
#define SKS_PROFILE_H

#include "match.h"

/* Weight of the exact form relative to its stem. Less than in ranking: two people who describe one duty rarely
 * choose the same endings. */
#define SKS_PROFILE_FORM 0.15f

/* Weight of a word of the detail relative to a word of the duty. */
#define SKS_PROFILE_DETAIL 0.5

/* Maximum number of statements of one level in a comparison; more are refused, because the work grows with the
 * product of both lists. */
#define SKS_MAX_ALIKE 1000

/* Maximum number of words of a statement that are compared: those with the highest weight. With all the words of
 * statements of 4,096 bytes, 1,000 against 1,000 took 11 s pair by pair. */
#define SKS_MAX_ALIKE_WORDS 64

/* A form in a statement; forms of one stem are adjacent. */
typedef struct sks_profile_word {
    uint32_t stem, form;
    float stem_weight; /* the same for all forms of the stem */
    float form_weight;
} sks_profile_word;

typedef struct sks_profile {
    uint32_t statement;
    uint16_t position; /* its place in the list of its level */
    uint32_t count, heaviest_count;
    const sks_profile_word *words;    /* all of them, by stem, then form */
    const sks_profile_word *heaviest; /* those that are compared, in the same order */
    double length;                    /* of their vector; 0 if there are no words */
    const int8_t *vector;             /* of the statement's meaning; NULL: it is compared by words */
    double scale;                     /* vector times scale has length 1 */
    const int8_t *sentence;           /* the same of a sentence encoder */
    double sentence_scale;
} sks_profile;

/* Whether only some of its words are compared. */
static inline bool
sks_profile_is_partial (const sks_profile *profile)
{
    return profile->heaviest_count < profile->count;
}

/* The profile of a statement; its words come from the matching's arena, its vectors are borrowed from the
 * generation. Without m->semantics and m->reader it has none. */
int sks_profile_read (sks_profile *out, sks_matching *m, uint32_t statement);

/* Profiles of the statements of a cell, in the order of its list. SKS_ELIMIT if there are more than SKS_MAX_ALIKE. */
int sks_profile_list (sks_profile **out, uint32_t *count, sks_matching *m, uint32_t cell);

/* The first word of a stem: an index; SKS_NONE if there is none. */
uint32_t sks_profile_find (const sks_profile *profile, uint32_t stem);

#endif
