/* decoder.h - a request on its way from bytes; for inside core/wire only.
 *
 * Each reader takes one member into the request, or refuses it with its place. */
#ifndef SKS_WIRE_DECODER_H
#define SKS_WIRE_DECODER_H

#include "wire.h"
#include "tree.h"

typedef struct sks_decoder {
    sks_tree tree;
    sks_request *request;
    const sks_place *above; /* where the request stands; NULL: it is the whole */
} sks_decoder;

typedef int sks_member_reader (sks_decoder *d, const struct cJSON *item, const sks_place *place);

#endif
