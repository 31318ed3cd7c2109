/* thesaurus_words.h - the distinct words of the tables that are being read, and their stems. Both are numbered in the
 * order of their first occurrence. */
#ifndef SKS_THESAURUS_WORDS_H
#define SKS_THESAURUS_WORDS_H

#include "core/base/arena.h"
#include "core/index/index.h"
#include "near_words.h"

/* Texts by hash, each with a number; open addressing. */
struct sks_thesaurus_numbers {
    uint32_t *slots; /* number + 1; 0: free */
    size_t room;     /* a power of two */
};

typedef struct sks_thesaurus_words {
    sks_arena *arena; /* of the texts; borrowed */
    sks_stemmer *stemmer;
    struct sks_thesaurus_numbers word_numbers, stem_numbers;
    sks_near_part *word; /* by number */
    const char **stem;   /* by number */
    size_t word_count, word_room, stem_count, stem_room;
} sks_thesaurus_words;

/* Begin without words; close also after a failure. */
int sks_thesaurus_words_open (sks_thesaurus_words *w, sks_arena *arena, sks_error *err);
void sks_thesaurus_words_close (sks_thesaurus_words *w);

/* The number of a folded word. */
int sks_thesaurus_words_number (sks_thesaurus_words *w, const char *form, size_t size, uint32_t *out, sks_error *err);

/* Stem the words of a side with which queries are compared. They also need their base, unless the row is learned: its
 * words are compared by stem. */
int sks_thesaurus_words_stem (sks_thesaurus_words *w, const sks_near_side *side, bool learned, sks_error *err);

/* Copy the words and stems into the arena, for *out. */
int sks_thesaurus_words_keep (const sks_thesaurus_words *w, sks_near_words *out, sks_error *err);

/* The number of a stem, SKS_NONE if it has none. */
uint32_t sks_thesaurus_words_find (const sks_near_words *of, const char *stem, size_t size);

/* Make space for one more element of a list that has `count`; size: of an element. */
int sks_thesaurus_words_grow (void **list, size_t count, size_t *room, size_t size, sks_error *err);

#endif
