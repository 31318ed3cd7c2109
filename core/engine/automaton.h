/* automaton.h - finds words and phrases in the token stream, for all leaves of a query in one pass over their
 * candidates. */
#ifndef SKS_AUTOMATON_H
#define SKS_AUTOMATON_H

#include "matching.h"

/* A leaf whose candidates have to be looked at. */
typedef struct sks_pending {
    sks_node *node;     /* its matchers are filled */
    sks_set known;      /* what holds it for sure, */
    sks_set candidates; /* and what may */
    sks_set found;      /* the candidates that hold it */
    uint32_t *list;     /* while they are looked at: a list, if the candidates are one, */
    uint64_t *bits;     /* or bits */
    uint32_t count;     /* of the list */
} sks_pending;

/* Find the candidates that hold their leaf: as many leaves at once as have bits. A statement that another leaf has
 * looked at may be among those found of a leaf that it is known to hold. Returns 0 or a failure. */
int sks_automaton_find (sks_matching *m, sks_pending *pending, size_t count);

#endif
