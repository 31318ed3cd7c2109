/* decoder.h - a request on its way from bytes; inside the wire's room only.
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

sks_member_reader sks_query_read_q;
sks_member_reader sks_query_read_match;
sks_member_reader sks_query_read_filter;
sks_member_reader sks_query_read_facet;  /* one */
sks_member_reader sks_query_read_facets; /* a list */
sks_member_reader sks_query_read_sort;
sks_member_reader sks_query_read_offset;
sks_member_reader sks_query_read_limit; /* within the bounds of the operation */
sks_member_reader sks_query_read_want;
sks_member_reader sks_query_read_tags;
sks_member_reader sks_query_read_escape;
sks_member_reader sks_query_read_units;
sks_member_reader sks_query_read_collapse;
sks_member_reader sks_query_read_meaning;

#endif
