/* likeness.h - the similarity of two statements, and pairs of similar statements from two lists.
 *
 * A statement is a vector with a component for each of its stems and one for
 * each of its forms, stop words left out:
 *
 *     stem   place * idf (stem)
 *     form   place * sqrt (SKS_LIKENESS_FORM) * idf (form)
 *
 * with the idf of the whole index (rank.h), and place 1 for a word of the duty or of a plain statement,
 * SKS_LIKENESS_DETAIL for a word that occurs only in the detail. How often a word occurs does not matter. The
 * likeness is the cosine: 1 for two statements with the same words, 0 if they have no word in common; a word in the
 * same form counts a little more than one of the same stem.
 *
 * With word vectors (semantics.h) this cosine is called the likeness of the words, and meaning counts too:
 *
 *     (1 - SKS_LIKENESS_MEANING) * words + SKS_LIKENESS_MEANING * max (0, cosine - FLOOR) / (1 - FLOOR)
 *
 * with the cosine of the statements' vectors (centroid.h) and FLOOR = SKS_LIKENESS_FLOOR, since statements that have
 * nothing to do with each other still have a cosine above 0. With a sentence encoder (sense.h), the cosine of its
 * vectors counts in the same way, with SKS_LIKENESS_SENTENCE and SKS_LIKENESS_SENTENCE_FLOOR; the weight of word
 * vectors is then SKS_LIKENESS_BESIDE, and words have the rest. Vectors that one of the statements lacks do not count.
 *
 * Likeness depends only on the two statements and the generation, and is symmetric. The constants were measured on
 * pairs that were judged by hand (docs/ranking.md). */
#ifndef SKS_LIKENESS_H
#define SKS_LIKENESS_H

#include "match.h"

/* Weight of the exact form relative to its stem. Less than in ranking: two people who describe one duty rarely
 * choose the same endings. */
#define SKS_LIKENESS_FORM 0.15f

/* Weight of a word of the detail relative to a word of the duty. */
#define SKS_LIKENESS_DETAIL 0.5

/* The weight of the vectors of two statements, and the cosine above which they count. */
#define SKS_LIKENESS_MEANING 0.3
#define SKS_LIKENESS_FLOOR 0.65

/* The same for the vectors of a sentence encoder, and the weight of word vectors beside them. */
#define SKS_LIKENESS_SENTENCE 0.35
#define SKS_LIKENESS_SENTENCE_FLOOR 0.4
#define SKS_LIKENESS_BESIDE 0.15

/* The minimum likeness of statements that are paired. */
typedef struct sks_likeness_bounds {
    double occupations; /* of two occupations */
    double levels;      /* of two levels of one occupation, which share fewer words */
    double close;       /* of two levels; a pair below it is called loose: a reader would often not join the two */
} sks_likeness_bounds;

/* The bounds for words, or with m->semantics or m->reader those for words and meaning. */
const sks_likeness_bounds *sks_likeness_least (const sks_matching *m);

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
sks_likeness_is_partial (const sks_profile *profile)
{
    return profile->heaviest_count < profile->count;
}

/* The profile of a statement; its words come from the matching's arena, its vectors are borrowed from the
 * generation. Without m->semantics and m->reader it has none. */
int sks_likeness_profile (sks_profile *out, sks_matching *m, uint32_t statement);

/* Profiles of the statements of a cell, in the order of its list. SKS_ELIMIT if there are more than SKS_MAX_ALIKE. */
int sks_likeness_profiles (sks_profile **out, uint32_t *count, sks_matching *m, uint32_t cell);

/* The first word of a stem: an index; SKS_NONE if there is none. */
uint32_t sks_likeness_find (const sks_profile *profile, uint32_t stem);

/* 0..1. */
double sks_likeness (const sks_profile *left, const sks_profile *right);

/* A reason for a likeness: a common stem, or a common meaning. */
typedef struct sks_common {
    uint32_t stem;  /* SKS_NONE: the reason is meaning */
    uint32_t form;  /* the common form, else one of the left statement */
    uint32_t other; /* of meaning: the near form of the right statement; else SKS_NONE */
    int same_form;  /* they have a form of the stem in common */
    double share;   /* of the likeness */
} sks_common;

/* The reasons, which add up to the likeness: the common stems, and the meaning, named by the two words
 * that add most to the cosine (of different stems if there are any; SKS_NONE if no two words have vectors). The
 * highest share first, ties by stem.
 *   out   from the matching's arena */
int sks_likeness_explain (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common **out,
                          size_t *count);

/* The same as shares of an answer: part "form", "stem" or "meaning". All comes from the answer's arena. */
int sks_likeness_shares (sks_matching *m, const sks_common *reasons, size_t count, sks_arena *arena,
                         const sks_share **out);

/* Indexes of two matching statements, one from each list. */
typedef struct sks_pair {
    uint32_t left, right;
    double likeness;
} sks_pair;

/* Pair the statements of two lists: repeatedly the two most similar of those not yet paired, until their likeness is
 * under `least`. So each is in at most one pair, and no two unpaired ones are as similar as `least`. Ties go to the
 * lower left index, then to the lower right one. The most alike first.
 *   out   from the matching's arena. */
int sks_likeness_pair (sks_matching *m, const sks_profile *left, size_t left_count, const sks_profile *right,
                       size_t right_count, double min, sks_pair **out, size_t *count);

#endif
