/* automaton.h - finds words and phrases in the token stream, for all leaves of a query in one pass over their
 * candidates. */
#ifndef SKS_AUTOMATON_H
#define SKS_AUTOMATON_H

#include "matching.h"

/* A leaf whose candidates must be checked in the token stream. */
typedef struct sks_pending {
    sks_node *node;     /* its matchers are filled */
    sks_set known;      /* statements that certainly contain it */
    sks_set candidates; /* statements that may contain it */
    sks_set found;      /* the candidates that contain it */
    uint32_t *list;     /* while they are checked: a list if the candidates are one, */
    uint64_t *bits;     /* else bits */
    uint32_t count;     /* of the list */
} sks_pending;

/* Find the candidates that contain their leaf, for as many leaves at a time as 64 bits allow. A statement that is
 * checked for one leaf may be in the set found of another leaf that is known to be in it. Returns 0 or a failure. */
int sks_automaton_find (sks_matching *m, sks_pending *pending, size_t count);

#endif
