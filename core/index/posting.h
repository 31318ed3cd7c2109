/* posting.h - the packed count of a posting.
 *
 * A posting says that a stem occurs in a statement, and Xapian stores one small integer with it, the within-document
 * frequency (wdf). We pack two values into it:
 *
 *   bits 0..5   how early and how often: the position weight, on a log scale
 *   bits 6..    which form of the stem weighs most there: its rank among the
 *               stem's forms by frequency, 0 for the most common one
 *
 * The most common two forms of a stem with any weight fit into one byte of
 * Xapian's encoding. The position weight of a word is the sum over its
 * occurrences of (1 + p)^-0.6, where p is the number of words before it that are not stop words: early words of a
 * statement are more significant (docs/ranking.md has the figures).
 * The scale steps by 7 %, so a weight is off by at most 3.6 %. */
#ifndef SKS_POSTING_H
#define SKS_POSTING_H

#include <stdint.h>

#define SKS_WEIGHT_CODES 64
#define SKS_FORM_RANK_MAX 255 /* rarer forms share the last rank */

/* The largest wdf that is packed. */
#define SKS_MAX_POSTING ((uint32_t) SKS_FORM_RANK_MAX << 6 | (SKS_WEIGHT_CODES - 1))

/* The position weight of one occurrence after `before` words. */
float sks_posting_position_weight (uint32_t before);

/* The code (0..63) nearest to a weight; the weight of a code. */
unsigned sks_posting_weight_code (float weight);
float sks_posting_weight (unsigned code);

/* BM25 of a statement: saturation, and how much its length counts. */
#define SKS_RANK_K1 0.55f
#define SKS_RANK_B 0.3f

/* The BM25 saturation of a weight in a statement of `length` words; `average` is the mean length. */
float sks_posting_saturation (float weight, uint32_t length, float average);

/* The mean length of `statements` statements with `words` words; 1 if there are none. */
float sks_posting_average (uint64_t words, uint64_t statements);

/* Pack the wdf of a posting, and unpack it. */
static inline uint32_t
sks_posting_pack (unsigned code, unsigned rank)
{
    return code | (rank < SKS_FORM_RANK_MAX ? rank : SKS_FORM_RANK_MAX) << 6;
}

static inline unsigned
sks_posting_code (uint32_t wdf)
{
    return wdf & (SKS_WEIGHT_CODES - 1);
}

static inline unsigned
sks_posting_rank (uint32_t wdf)
{
    return wdf >> 6;
}

#endif
