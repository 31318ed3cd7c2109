/* named.h - the occupations that a query names: those whose title has all its words.
 *
 * Only a query of plain words names one. No statement has "barista", but the user wants to know what baristas do. If
 * too few statements have all words, a search also takes the statements of these occupations (search.c). */
#ifndef SKS_NAMED_H
#define SKS_NAMED_H

#include "match.h"

typedef struct sks_named {
    const uint32_t *occupations; /* ascending */
    size_t count;
    float weight; /* total idf of the words */
    size_t at;    /* the byte of the query where the first of them begins */
} sks_named;

/* Find them. The leaves of the query must have been found (leaf.h). */
int sks_named_find (sks_matching *m, const sks_query_tree *tree, sks_named *out);

bool sks_named_has (const sks_named *named, uint32_t occupation);

/* Add all their statements to a set. */
int sks_named_add (sks_matching *m, const sks_named *named, sks_set *set);

/* The query that finds them by their titles: "title:mail title:clerk". NULL when out of
 * memory or longer than a query may be. */
char *sks_named_query (const sks_query_tree *tree, sks_arena *arena);

#endif
