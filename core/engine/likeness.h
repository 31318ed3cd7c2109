/* likeness.h - the similarity of two statements, and pairs of similar statements from two lists.
 *
 * The likeness is the cosine of the statements' words (profile.h): 1 for two statements with the same words, 0 if they
 * have no word in common; a word in the same form counts a little more than one of the same stem.
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

#include "profile.h"

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
