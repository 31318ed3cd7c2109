/* body.h - the body of a POST: one JSON object, of which the daemon checks the rest. */
#ifndef GW_BODY_H
#define GW_BODY_H

#include <stddef.h>

/* Find the first member of the object that only the server may send: v, id or op, even if its name has escapes. The
 * text may be malformed.
 *   *name   its name, static
 * Returns the position of its name, -1 if there is none. */
long gw_body_find_reserved (const char *body, size_t size, const char **name);

#endif
