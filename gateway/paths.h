/* paths.h - the table of paths.
 *
 * A new path is one row in paths.c. An operation of the daemon needs no code: its row
 * has the operation's name. */
#ifndef GW_PATHS_H
#define GW_PATHS_H

#include "gateway/http/route.h"

/* The rows, and one without a path after the last. The first one is for paths that are
 * in no other row: it answers 404. */
extern const gw_route gw_paths[];

/* The row of a path. */
const gw_route *gw_paths_find (const char *path);

#endif
