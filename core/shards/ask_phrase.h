/* ask_phrase.h - words, phrases and NEAR as queries of Xapian. */
#ifndef SKS_ASK_PHRASE_H
#define SKS_ASK_PHRASE_H

#include "asker.h"

/* A word or phrase in one reading; not of titles. */
int sks_ask_phrase (const sks_asker *ask, const sks_matching *m, const sks_node *leaf, sks_shards_query **out);

/* NEAR: of single words only. */
int sks_ask_near (const sks_asker *ask, const sks_matching *m, const sks_node *node, sks_shards_query **out);

#endif
