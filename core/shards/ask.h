/* ask.h - the tree of a query as queries of Xapian over the terms of shards (core/index/shard.h).
 *
 * The same statements match as in an index without shards. What cannot be said is refused with SKS_EUNSUPPORTED: NEAR
 * with a phrase inside, phrases of too many compounds, and a relaxed query with too many minimal sets of words. */
#ifndef SKS_ASK_H
#define SKS_ASK_H

#include "asker.h"

/* The leaves of a tree: sets their matchers, and their second readings if m->split is set. A leaf whose set matters to
 * how the query is read gets one, of which only the number of members is right (an exchange each), and `occurs`. As
 * sks_leaf_find, to be used as m->find with m->finder an sks_asker. */
int sks_ask_find (sks_matching *m, sks_node *root);

/* Whether a form is in the duty of a statement, as written (an exchange). To be used as m->in_duty. */
int sks_ask_in_duty (sks_matching *m, uint32_t form, bool *out);

/* The statements that match a node whose leaves were found; amount is SKS_AMOUNT_ALL, ANY, QUARTER or EIGHTH. *out is
 * NULL only on failure. */
int sks_ask_match (const sks_asker *ask, sks_matching *m, sks_node *node, int amount, sks_shards_query **out);

/* All statements of some occupations; of those that pass the filters of a query, NULL if all do. */
sks_shards_query *sks_ask_occupations (const sks_asker *ask, const sks_matching *m, const uint32_t *list, size_t count);
int sks_ask_filter (const sks_asker *ask, sks_matching *m, const sks_query *query, sks_shards_query **out);

/* The statements of one level; of one cell. */
sks_shards_query *sks_ask_level (const sks_asker *ask, int level);
sks_shards_query *sks_ask_cell (const sks_asker *ask, const sks_store *store, uint32_t cell);

/* The words of a search with their weights; only for `count` of at least 1. */
int sks_ask_rank (const sks_asker *ask, sks_matching *m, const sks_ranked_word *words, size_t count,
                  sks_shards_query **out);

/* The exact number of statements that match. */
int sks_ask_count (const sks_asker *ask, const sks_matching *m, sks_shards_query *query, uint64_t *count);

#endif
