/* match.h - tree -> the set of statements that match, and the words to rank by.
 *
 * A word's set is its stem's posting list, borrowed. What posting lists cannot
 * tell (phrases, exact forms, distances, duties) is looked up in the token
 * stream of the few statements that can match at all. Filters are not looked at
 * here: what matches hangs on text and generation alone. */
#ifndef SKS_MATCH_H
#define SKS_MATCH_H

#include "postings.h"
#include "query.h"
#include "set.h"
#include "words.h"

/* How much of a bag must occur. */
enum sks_amount {
    SKS_AMOUNT_ALL,
    SKS_AMOUNT_ANY,
    SKS_AMOUNT_QUARTER  /* words that carry a quarter of the bag's idf */
};

/* One thread's tools for one query. */
typedef struct sks_matching {
    sks_generation *generation;
    const sks_store *store;
    sks_reader *reader;
    sks_stemmer *stemmer;
    sks_arena *arena;    /* lives as long as the query */
    sks_words *words;    /* scratch */
    sks_error *err;
} sks_matching;

/* A word that ranks: its stem's postings, and the form to prefer. */
typedef struct sks_ranked_word {
    const char *word;    /* as folded in the query */
    const sks_postings *postings;
    uint32_t form_rank;  /* SKS_NONE: no form is preferred */
    float idf, form_idf;
} sks_ranked_word;

/* Look up every word of the tree in the dictionary; must come first. Returns
 * 0, SKS_ETOOCOMPLEX (a prefix that stands for too many words) or a failure. */
int sks_match_resolve (sks_matching *m, sks_node *root);

/* The statements that match. */
int sks_match_set (sks_matching *m, const sks_node *node, int amount, sks_set *out);

/* The words that rank: all that a hit may owe its match to, so none under NOT
 * and none of fields other than the text. */
int sks_match_ranked (sks_matching *m, const sks_node *root, sks_ranked_word **out, size_t *count);

/* Where a node matches in m->words: calls `mark` with words [first, end). */
typedef void sks_mark (void *context, uint32_t first, uint32_t end);
void sks_match_spans (sks_matching *m, const sks_node *root, sks_mark *mark, void *context);

#endif
