/* body.h - the body of a POST: one JSON object, of which the daemon checks the rest. */
#ifndef GW_BODY_H
#define GW_BODY_H

#include <stddef.h>

/* The first member of the object that the server itself sends: v, id or op, also where
 * its name has escapes. The text may be malformed.
 *   *name    its name, static
 *   returns  the place of its name, -1 when there is none */
long gw_body_find_reserved (const char *body, size_t size, const char **name);

#endif
