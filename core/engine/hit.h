/* hit.h - a statement's number -> the hit that is shown. */
#ifndef SKS_HIT_H
#define SKS_HIT_H

#include "match.h"
#include "score.h"

/* Fill the hit of scored.statement; its parts come from the arena, or are borrowed from the
 * generation's strings.
 *   root    what matched, for spans; NULL for none.
 *   query   tells what is wanted; NULL: neither marks nor shares. */
int sks_hit_fill (sks_hit *out, sks_matching *m, const sks_node *root, const sks_scorer *scorer, const sks_query *query,
                  sks_scored scored, sks_arena *arena);

#endif
