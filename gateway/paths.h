/* paths.h - the table of paths.
 *
 * A new path is one row in paths.c. An operation of the daemon needs no code: its row
 * has the operation's name. */
#ifndef GW_PATHS_H
#define GW_PATHS_H

#include "gateway/http/route.h"

/* The rows, ended by one whose path is NULL. The first row is for unknown paths: it
 * answers 404. */
extern const gw_route gw_paths[];

/* The row for a path. */
const gw_route *gw_paths_find (const char *path);

#endif
