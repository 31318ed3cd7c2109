/* table.h - the bytes of a file of word vectors (core/index/vectors.h).
 *
 * The same input gives the same bytes on every machine: means, differences and the
 * rounding to 8 bits are of whole numbers. */
#ifndef SKS_VECTOR_TABLE_H
#define SKS_VECTOR_TABLE_H

#include "embeddings.h"
#include "wordnet.h"

#define SKS_RELATION_LEAST .05  /* weaker relations are left out */
#define SKS_RELATION_COSINE .2  /* below this cosine two words have no relation, whatever WordNet says; */
#define SKS_RELATION_CERTAIN .7 /* from this cosine on, WordNet's relation counts fully */

/* Make the file: words sorted; each vector minus the mean, scaled so that its largest number is 127. A word whose
 * vector is the mean is left out.
 *   out      receives the file at its end; the caller frees it
 *   wordnet  NULL: no relations
 * Returns 0; SKS_EINVALID: no word is left, or a line of WordNet is malformed; SKS_ENOMEM. */
int sks_table_build (sks_buffer *out, const sks_embeddings *embeddings, const sks_wordnet *wordnet, sks_error *err);

#endif
