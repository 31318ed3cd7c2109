/* address.h - the state of a page, which is its URL.
 *
 * Terms are sorted by name and value, each occurs once, and empty values and
 * defaults are omitted. So a state has exactly one URL, and the target of a link is
 * a copy with one change. */
#ifndef GW_ADDRESS_H
#define GW_ADDRESS_H

#include "gateway/http/server.h"

#define GW_MAX_TERMS 300

/* The names of filters. */
#define GW_FACETS "level", "sector", "group", "occupation", "zone", "version"

typedef struct gw_term {
    const char *name, *value;
} gw_term;

typedef struct gw_address {
    gw_term terms[GW_MAX_TERMS]; /* texts are borrowed: valid as long as the request */
    size_t count;
} gw_address;

/* Read the parameters of a request.
 *   names   those that the page has, NULL after the last; others are ignored
 * Returns 0; 1 when the URL is not the one that this state has; -1 when there are too many. */
int gw_address_read (gw_request *request, const char *const *names, gw_address *address);

/* The first value of a name, "" if there is none. */
const char *gw_address_value (const gw_address *address, const char *name);
bool gw_address_has (const gw_address *address, const char *name, const char *value);
size_t gw_address_count (const gw_address *address, const char *name);

/* Add a value; an empty one does nothing. */
void gw_address_add (gw_address *address, const char *name, const char *value);

/* Remove one value, or with NULL all values of the name. */
void gw_address_remove (gw_address *address, const char *name, const char *value);

/* Write path, "?" and the terms, percent-encoded where needed. */
void gw_address_write (const gw_address *address, const char *path, gw_bytes *out);

/* Write a text as a part of a URL. */
void gw_address_encode (const char *text, gw_bytes *out);

/* Write the filters of an address as JSON, ,"filter":{...}; nothing when there is none.
 *   level   the only level, NULL: the levels of the address
 *   but     a facet to leave out, NULL: none */
void gw_address_filter (const gw_address *address, const char *level, const char *but, gw_bytes *out);

/* Write the beginning of a search for an address: {"op":"search","q":"...", and the
 * filters. */
void gw_address_search (const gw_address *address, const char *level, gw_bytes *out);

#endif
