/* dictionary.h - all words of a plan -> numbered entries, forms and stems.
 *
 * Entries are numbered by falling frequency, so that common ones take one byte
 * in the token stream; forms and stems by their bytes. The numbering depends on
 * the plan's content alone, not on how many threads read it.
 *
 * When the postings of the last generation are taken over, its dictionary grows: all entries, forms and stems stay, even
 * those that no longer occur. Entries keep their numbers, so that statements can be copied; new entries follow them,
 * most frequent first. Postings name a form by its rank among the forms of its stem, so forms keep their ranks, and new
 * ones follow them. */
#ifndef SKS_DICTIONARY_H
#define SKS_DICTIONARY_H

#include "making.h"

/* Make the dictionary of a plan; reuse is NULL when all postings are rebuilt.
 *   *out    caller owns it; free with sks_dictionary_destroy. */
int sks_dictionary_make (sks_dictionary **out, const sks_plan *plan, const sks_intake *intake, const sks_reuse *reuse,
                         sks_error *err);
void sks_dictionary_destroy (sks_dictionary **dictionary_p);

/* Whether all strings were kept. Returns 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_dictionary_check_strings (const sks_dictionary *dictionary, sks_error *err);

/* The numbers of a framework's collection; NULL if its entries keep those of the last generation. */
const uint32_t *sks_dictionary_numbers (const sks_dictionary *dictionary, const sks_collection *collection);

#endif
