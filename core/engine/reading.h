/* reading.h - writes how a query was read: the reply's read_as.
 *
 * A functional notation: ALL(route mail), ANY(...), QUARTER(...) for bags, by `match`; "incoming mail", ="mail",
 * rout*, NEAR/5(a b), NOT(x), AND(x y), OR(x y), title:clerk; * for everything. */
#ifndef SKS_READING_H
#define SKS_READING_H

#include "core/base/buffer.h"
#include "query.h"

/* Append the reading of a node; amount is one of enum sks_amount. */
void sks_reading_put (sks_buffer *out, const sks_node *node, int amount);

#endif
