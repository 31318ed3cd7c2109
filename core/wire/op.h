/* op.h - what differs from operation to operation; inside the wire's room
 * only. */
#ifndef SKS_WIRE_OP_H
#define SKS_WIRE_OP_H

#include "wire.h"

/* The operation of a name, -1 if there is none. */
int sks_op_of (const char *name);

/* What "limit" may be. Operations without it have the search's. */
typedef struct sks_page_bounds {
    uint32_t least, most, usual; /* usual: when it is left out */
} sks_page_bounds;

/* Borrowed: valid for ever. */
const sks_page_bounds *sks_op_page (int op);

#endif
