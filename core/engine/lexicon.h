/* lexicon.h - finds a word of the dictionary by a hash, in one step instead of a search. */
#ifndef SKS_LEXICON_H
#define SKS_LEXICON_H

#include "core/base/error.h"
#include "core/index/store.h"

typedef struct sks_lexicon {
    uint32_t *slots; /* forms by hash; SKS_NONE if there is none. A form is in the first free slot from its own on */
    uint32_t mask;   /* the number of slots, a power of two, minus one */
} sks_lexicon;

/* Make the table of a store's forms. Close it even after a failure (SKS_ENOMEM). */
int sks_lexicon_open (sks_lexicon *out, const sks_store *store, sks_error *err);
void sks_lexicon_close (sks_lexicon *lexicon);

/* The same as sks_store_form. */
uint32_t sks_lexicon_find (const sks_lexicon *lexicon, const sks_store *store, const char *bytes, size_t size);

#endif
