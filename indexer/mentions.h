/* mentions.h - the words of titles, groups and descriptions. */
#ifndef SKS_MENTIONS_H
#define SKS_MENTIONS_H

#include "making.h"

/* Collect the mentions of the frameworks whose words are counted; their forms are added to the vocabulary. */
int sks_mentions_collect (sks_making *making, sks_error *err);

/* Make the contexts of all stems, which have their numbers. */
int sks_mentions_number (sks_making *making, sks_error *err);

/* Mark the forms that the texts of an occupation have as words, its statements among them. */
void sks_mentions_mark (const sks_store *store, uint32_t occupation, bool *forms);

#endif
