/* anchor.h - start tags of links. The caller writes the content and </a>. */
#ifndef GW_ANCHOR_H
#define GW_ANCHOR_H

#include "address.h"
#include "html.h"

/* <a href="..."> to an address.
 *   rel   of the link, NULL: none */
void gw_anchor_open (html *page, const gw_address *address, const char *path, const char *rel);

/* A link with one parameter.
 *   name   NULL: the value is the rest of the path */
void gw_anchor_open_to (html *page, const char *path, const char *name, const char *value);

#endif
