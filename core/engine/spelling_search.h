/* spelling_search.h - the nearest word of the dictionary for each unknown word of a query, or the two words that it may
 * be; see spelling.h. */
#ifndef SKS_SPELLING_SEARCH_H
#define SKS_SPELLING_SEARCH_H

#include "match.h"

/* The maximum number of unknown words of a query that are looked up: the first ones. */
#define SKS_MAX_CORRECTIONS 8

/* Fewest letters of a word that is corrected. */
#define SKS_MIN_CORRECTED 4

/* A word as characters, with a bit for each character in it. */
struct sks_spelled {
    uint32_t at[SKS_MAX_WORD_BYTES];
    size_t size;
    uint64_t letters;
};

/* An unknown word and its best correction so far. */
struct sks_correction {
    const sks_query_word *word;
    int field;
    struct sks_spelled spelled;
    unsigned edits, cost;
    uint32_t form;    /* SKS_NONE: none yet */
    size_t split;     /* bytes of the first word, if two were written as one; else 0 */
    bool alone;       /* it is the complete query */
    bool excluded;    /* it is below NOT */
    bool heading;     /* a colon follows, and the word is, or is near to, the name of a field */
    const char *name; /* of that field; NULL if the word is such a name */
};

struct sks_corrections {
    struct sks_correction items[SKS_MAX_CORRECTIONS];
    size_t count;
};

/* Try all forms of the dictionary for all unknown words, in one walk. Returns 0 or a failure. */
int sks_spelling_search (sks_matching *m, struct sks_corrections *list);

/* Split a word that has no correction, or only a distant one, at the position where the rarer part is most common. A
 * correction that is as common as that part stays: "softwear" is "software", not "soft wear".
 * Returns 0 or a failure. */
int sks_spelling_split (sks_matching *m, struct sks_correction *c);

void sks_spelling_spell (struct sks_spelled *out, const char *bytes, size_t size);

/* The lowest cost of turning one word into another, both given as characters. A swap costs less than other edits,
 * but no number of swaps outweighs an additional edit. Returns SKS_EDIT_COST * (max + 1) if more than `max` edits
 * (1 or 2) are needed. */
#define SKS_EDIT_COST 32
#define SKS_SWAP_COST 28
unsigned sks_spelling_distance (const uint32_t *a, size_t a_size, const uint32_t *b, size_t b_size, unsigned max);

#endif
