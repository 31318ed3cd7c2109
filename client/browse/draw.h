/* draw.h - draws a state. */
#ifndef BROWSE_DRAW_H
#define BROWSE_DRAW_H

#include "view.h"

/* The minimum size of the window. */
#define BROWSE_LEAST_COLUMNS 40
#define BROWSE_LEAST_LINES 6

/* Draw everything for the present size of the window. Sets state->page. */
void browse_draw (browse_state *state);

#endif
