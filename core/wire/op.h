/* op.h - tables of operations; for core/wire only. */
#ifndef SKS_WIRE_OP_H
#define SKS_WIRE_OP_H

#include "wire.h"

/* The operation of a name, -1 if unknown. */
int sks_op_of (const char *name);

#endif
