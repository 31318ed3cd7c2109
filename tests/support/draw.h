/* draw.h - random queries over all operators, filters, kinds of match, orders and pages, from the words of an index. */
#ifndef SKS_TEST_DRAW_H
#define SKS_TEST_DRAW_H

#include "engine.h"

#define DRAW_VALUES 2

typedef struct draw {
    unsigned state;
    char text[SKS_MAX_QUERY_BYTES];
    char values[SKS_FACETS][DRAW_VALUES][16];
    const char *lists[SKS_FACETS][DRAW_VALUES];
    sks_query query; /* its text and its filters are those above */
} draw;

/* Draw the next query: its text, match, up to three filters, order and page, with all facets, marks and shares. */
void draw_next (draw *d, const engine *e);

#endif
