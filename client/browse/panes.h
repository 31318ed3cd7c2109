/* panes.h - the values of the facets, beside or below the statements. */
#ifndef BROWSE_PANES_H
#define BROWSE_PANES_H

#include "view.h"

/* From the first width on, values are shown beside the statements; from the second on, levels and groups are at their
 * left. */
#define BROWSE_SIDE_COLUMNS 80
#define BROWSE_WIDE_COLUMNS 100

/* A part of the window, in columns and lines. */
typedef struct browse_area {
    int x, y, width, height;
} browse_area;

/* Share a wide area: levels and groups at the left where there is enough width (else left->width is 0), the list, and
 * the other values at the right. */
void browse_panes_place (browse_area all, browse_area *left, browse_area *list, browse_area *right);

/* Draw the values; all of them at the right when left.width is 0. */
void browse_panes_draw (browse_state *state, browse_area left, browse_area right);

#endif
