/* bag.h - the words of a statement or of a piece of text as a query without
 * syntax: one bag of its most distinctive words, those with the highest idf.
 *
 * Stop words are left out, a stem counts once. A word that no statement holds
 * weighs as if one did. What matches, ranks and is highlighted is up to the same
 * rooms as for a typed query (match.h, score.h). */
#ifndef SKS_BAG_H
#define SKS_BAG_H

#include "match.h"

/* An idf of 1 as a weight: sums of whole numbers are exact, so that a share of
 * .25 is a quarter to the match set too. */
#define SKS_BAG_UNIT 1024

/* A word of the text and the word of the bag that it is; SKS_NONE for one that
 * is not among the most distinctive. */
typedef struct sks_bag_place {
    uint32_t start, end; /* bytes */
    uint32_t child;
} sks_bag_place;

typedef struct sks_bag {
    sks_node *node;              /* SKS_NODE_BAG; no children when there are no words */
    const uint32_t *weights;     /* of the children */
    uint64_t weight;             /* their sum */
    const sks_bag_place *places; /* all words except stop words, in the order of the text; */
    size_t place_count;          /* none for a statement */
} sks_bag;

/* At most `most` words, which is at most SKS_MAX_QUERY_WORDS, in the order of
 * the text; ready to be matched. All comes from the matching's arena. */
int sks_bag_of_statement (sks_bag *out, sks_matching *m, uint32_t statement, size_t max);
int sks_bag_of_text (sks_bag *out, sks_matching *m, const char *text, size_t start, size_t end, size_t max);

/* Whether a statement holds the stem of a child. */
bool sks_bag_holds (const sks_bag *bag, size_t child, uint32_t statement);

/* The statements that hold at least the share of the bag's weight that amount
 * names: SKS_AMOUNT_QUARTER or SKS_AMOUNT_EIGHTH. */
int sks_bag_match (const sks_bag *bag, sks_matching *m, int amount, sks_set *out);

#endif
