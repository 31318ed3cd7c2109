/* removals.h - suggests parts to remove from a search that finds nothing. */
#ifndef GW_REMOVALS_H
#define GW_REMOVALS_H

#include "address.h"
#include "html.h"

#include <cjson/cJSON.h>

/* Write the request that counts what each removal would find. False if nothing can be removed. */
bool gw_removals_write (const gw_address *address, gw_bytes *out);

/* The removals that find something, as links.
 *   replies   to that request, in its order; NULL: none came */
void gw_removals_put (html *page, const gw_address *address, const cJSON *replies);

#endif
