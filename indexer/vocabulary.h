/* vocabulary.h - the words seen so far, each with a number.
 *
 * A text becomes a list of entry numbers; an entry is a word as written with the separator that follows it (store.h).
 * Each entry knows its form, the folded word. Every reader thread has a vocabulary of its own; they are merged into
 * one before the index is built. One thread at a time. */
#ifndef SKS_VOCABULARY_H
#define SKS_VOCABULARY_H

#include "core/base/error.h"

typedef struct sks_vocabulary sks_vocabulary;

/* Like sks_entry, except that the bytes of a joined form are its text. */
typedef struct sks_vocabulary_entry {
    uint32_t text; /* offset of its bytes in the pool */
    uint32_t form; /* SKS_NONE if it has no word, or one that folds to nothing */
    uint16_t size, word;
} sks_vocabulary_entry;

typedef struct sks_vocabulary_form {
    uint32_t text; /* offset of its bytes in the pool */
    uint32_t size;
} sks_vocabulary_form;

/* *out: caller owns it; free with sks_vocabulary_destroy. */
int sks_vocabulary_create (sks_vocabulary **out, sks_error *err);
void sks_vocabulary_destroy (sks_vocabulary **vocabulary_p);

/* Split text into entries. entries has space for size + 1 numbers; *count is how many there are. */
int sks_vocabulary_split (sks_vocabulary *vocabulary, const char *text, size_t size, uint32_t *entries, size_t *count,
                          sks_error *err);

/* The number of an entry, added if it is new: `size` bytes, the first `word` of
 * them its word; or a joined form, and SKS_ENTRY_JOINED with its number of words. */
int sks_vocabulary_add_entry (sks_vocabulary *vocabulary, const char *bytes, size_t size, size_t word, uint32_t *entry,
                              sks_error *err);

/* The number of a form, added if it is new. */
int sks_vocabulary_add_form (sks_vocabulary *vocabulary, const char *bytes, size_t size, uint32_t *form,
                             sks_error *err);

/* Add all entries of `from`; map[i] is then the number of its entry i in this vocabulary. */
int sks_vocabulary_merge (sks_vocabulary *vocabulary, const sks_vocabulary *from, uint32_t *map, sks_error *err);

uint32_t sks_vocabulary_entries (const sks_vocabulary *vocabulary);
uint32_t sks_vocabulary_forms (const sks_vocabulary *vocabulary);
const sks_vocabulary_entry *sks_vocabulary_entry_at (const sks_vocabulary *vocabulary, uint32_t entry);
const sks_vocabulary_form *sks_vocabulary_form_at (const sks_vocabulary *vocabulary, uint32_t form);

/* Bytes of an entry or form. Borrowed: valid until the next addition. */
const char *sks_vocabulary_bytes (const sks_vocabulary *vocabulary, uint32_t offset);

#endif
