/* dictionary.h - all words of a plan -> numbered entries, forms and stems.
 *
 * Entries are numbered by falling frequency, so that common ones take one byte
 * in the token stream; forms and stems by their bytes. The numbering depends on
 * the plan's content alone, not on how many threads read it.
 *
 * Postings name a form by its rank among the forms of its stem. When those of the
 * last generation are taken over, its forms keep their ranks: all of them stay, even forms that no longer occur, and
 * new forms follow them. */
#ifndef SKS_DICTIONARY_H
#define SKS_DICTIONARY_H

#include "reuse.h"

/* Weights of an occupation's words outside its statements: a word counts as if it occurred this many times in them
 * (docs/ranking.md). */
#define SKS_TITLE_WEIGHT 5
#define SKS_GROUP_WEIGHT 5
#define SKS_DESCRIPTION_WEIGHT 3

typedef struct sks_dictionary {
    sks_entry *entry;
    sks_form *form; /* its statements are counted by the build */
    sks_stem *stem; /* stems + 1 rows; statements likewise */
    uint32_t *stem_forms;
    sks_context *context;
    uint32_t *context_words; /* a framework: weighted words of its context */
    uint32_t entries, forms, stems, contexts;
    sks_buffer strings; /* bytes of entries, forms and stems */

    const sks_collection *collections[SKS_MAX_THREADS + 1];
    uint32_t *numbers[SKS_MAX_THREADS + 1]; /* a collection's entry -> entry */
    size_t collection_count;
} sks_dictionary;

/* Make the dictionary of a plan; reuse is NULL when all postings are rebuilt.
 *   *out    caller owns it; free with sks_dictionary_destroy. */
int sks_dictionary_make (sks_dictionary **out, const sks_plan *plan, const sks_intake *intake, const sks_reuse *reuse,
                         sks_error *err);
void sks_dictionary_destroy (sks_dictionary **dictionary_p);

/* Whether all strings were kept. Returns 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_dictionary_check_strings (const sks_dictionary *dictionary, sks_error *err);

/* The numbers of a framework's collection. */
const uint32_t *sks_dictionary_numbers (const sks_dictionary *dictionary, const sks_collection *collection);

#endif
