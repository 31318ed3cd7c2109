/* help.h - what the keys do. */
#ifndef BROWSE_HELP_H
#define BROWSE_HELP_H

#include "panes.h"

/* Draw the list of keys from its line `top` on. */
void browse_help_draw (size_t top, browse_area area);

/* How many lines it has. */
size_t browse_help_lines (void);

#endif
