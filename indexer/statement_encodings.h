/* statement_encodings.h - the vectors of a generation's statements by a sentence encoder (core/index/encoded.h).
 *
 * Encoding a statement takes a millisecond or more, so vectors are made after the generation was published, and only
 * for texts that the last generation did not have. */
#ifndef SKS_STATEMENT_ENCODINGS_H
#define SKS_STATEMENT_ENCODINGS_H

#include "core/index/encoded.h"
#include "progress.h"

/* Make the file of a published generation, unless it has one by this encoder.
 *   folder       of the generation
 *   last_folder  of the generation whose vectors are reused; "" without one
 *   *encoded     how many texts were encoded
 * Returns 0, SKS_EINDEX, SKS_EIO or SKS_ENOMEM; a failure leaves the generation as it was. */
int sks_statement_encodings_make (const char *folder, const char *last_folder, const sks_encoder *encoder,
                                  unsigned threads, sks_progress *progress, uint64_t *encoded, sks_error *err);

#endif
