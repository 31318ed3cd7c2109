/* op.h - what differs from operation to operation; for core/wire/ only. */
#ifndef SKS_WIRE_OP_H
#define SKS_WIRE_OP_H

#include "wire.h"

/* The operation of a name, -1 if there is none. */
int sks_op_of (const char *name);

#endif
