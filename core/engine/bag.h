/* bag.h - a statement or a piece of text as a query without syntax: one bag of its most distinctive words, those
 * with the highest idf.
 *
 * Stop words are left out, and a stem counts once. A word that no statement contains has the weight of a word in one
 * statement. Matching, ranking and highlighting use the same code as for a typed query (match.h, score.h). */
#ifndef SKS_BAG_H
#define SKS_BAG_H

#include "match.h"

/* A word of the text, and its child in the bag; SKS_NONE if it is not among the most distinctive. */
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
    uint32_t statement;          /* that it was made of; SKS_NONE: a text */
    const char *text;            /* likewise; borrowed. NULL: a statement */
    size_t size;
} sks_bag;

/* Make a bag of at most `max` words (up to SKS_MAX_QUERY_WORDS) in the order of the text, ready to be matched. All
 * memory comes from the matching's arena. */
int sks_bag_of_statement (sks_bag *out, sks_matching *m, uint32_t statement, size_t max);
int sks_bag_of_text (sks_bag *out, sks_matching *m, const char *text, size_t start, size_t end, size_t max);

/* Whether a statement contains the stem of a child. */
bool sks_bag_holds (const sks_bag *bag, size_t child, uint32_t statement);

/* The statements that contain at least a share of the bag's weight: a quarter or an eighth, by amount
 * (SKS_AMOUNT_QUARTER, SKS_AMOUNT_EIGHTH). */
int sks_bag_match (const sks_bag *bag, sks_matching *m, int amount, sks_set *out);

#endif
