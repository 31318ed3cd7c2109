/* hit.h - makes the hit for a statement number. */
#ifndef SKS_HIT_H
#define SKS_HIT_H

#include "match.h"
#include "score.h"
#include "stems.h"

/* Fill the hit of scored.statement; its parts come from the arena, or are borrowed from the
 * generation's strings.
 *   root    what matched, for spans; NULL for none.
 *   query   selects the optional parts; NULL: none. */
int sks_hit_fill (sks_hit *out, sks_matching *m, const sks_node *root, const sks_scorer *scorer, const sks_query *query,
                  sks_scored scored, sks_arena *arena);

/* The export of an occupation; its strings are borrowed from the generation, the list of
 * sources comes from the arena. Returns 0 or SKS_ENOMEM. */
int sks_hit_fill_provenance (sks_hit_provenance *out, const sks_store *store, const sks_occupation *row,
                             sks_arena *arena, sks_error *err);

/* Prefetch what hits read of the first of these statements, whose stems were read: a text is put together from pieces
 * that are scattered over memory. */
void sks_hit_prefetch (const sks_matching *m, const sks_stems *stems, const sks_scored *list, size_t count);

#endif
