/* text_fold.h - folding makes the form of a word for comparisons: "Cafe's" with any accent -> "cafe". */
#ifndef SKS_TEXT_FOLD_H
#define SKS_TEXT_FOLD_H

#include "text_compound.h"

#include <skillsearch.h>

/* Write the folded form of one word, without NUL, and return its length; at most SKS_MAX_WORD_BYTES, cut at a
 * character boundary. 0 when nothing is left. */
size_t sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES]);

/* Write the joined form of a compound, as above: its folded pieces concatenated, with "&", and with the sign between
 * two digits. Returns 0 for a single word, and when the form would be longer than SKS_MAX_WORD_BYTES. */
size_t sks_text_join (const char *text, const sks_compound *compound, char out[SKS_MAX_WORD_BYTES]);

#endif
