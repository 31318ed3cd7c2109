/* decoder.h - the state of decoding a request; for core/wire only.
 *
 * Each reader stores one member in the request, or refuses it and names its place. */
#ifndef SKS_WIRE_DECODER_H
#define SKS_WIRE_DECODER_H

#include "wire.h"
#include "tree.h"

typedef struct sks_decoder {
    sks_tree tree;
    sks_request *request;
    const sks_place *above; /* place of the request inside a multi; NULL: it is the whole message */
} sks_decoder;

typedef int sks_member_reader (sks_decoder *d, const struct cJSON *item, const sks_place *place);

#endif
