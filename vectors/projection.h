/* projection.h - the directions in which the vectors of a sample of statements differ most.
 *
 * A sentence encoder's vectors have 512 numbers, most of which change little from statement to statement. The
 * projection subtracts the mean of the sample and keeps SKS_ENCODER_OUTPUTS numbers, along orthogonal directions that
 * hold as much of the rest as possible. It belongs to the file, not to an index, so the vector of a statement does not
 * depend on what else an index holds. */
#ifndef SKS_PROJECTION_H
#define SKS_PROJECTION_H

#include "core/base/buffer.h"
#include "core/index/store.h"

#define SKS_MAX_SAMPLE 4096  /* statements that are used, at even distances */
#define SKS_LEAST_SAMPLE 128 /* fewer show no directions */

/* Compute the projection of a file of an encoder, and write it into the file's bytes with a new hash.
 * Returns 0; SKS_EINVALID when the index has too few statements; SKS_ENOMEM. */
int sks_projection_learn (sks_buffer *file, const sks_store *sample, sks_error *err);

#endif
