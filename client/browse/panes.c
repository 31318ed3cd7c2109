/* panes.c - each pane has a heading for each facet, and moves so that the selected value is in it. */
#include "panes.h"

#include "count.h"
#include "screen.h"

#include <string.h>

#define LEFT 28
#define RIGHT 30
#define COUNT 7 /* least columns of a count and the blanks before it */

void
browse_panes_place (browse_area all, browse_area *left, browse_area *list, browse_area *right)
{
    int first = all.width >= BROWSE_WIDE_COLUMNS ? LEFT : 0;
    *left = (browse_area) { all.x, all.y, first, all.height };
    *right = (browse_area) { all.x + all.width - RIGHT, all.y, RIGHT, all.height };
    *list =
        (browse_area) { all.x + first + (first > 0), all.y, all.width - first - (first > 0) - RIGHT - 1, all.height };
}

static void
draw_value (browse_state *state, size_t index, int y, browse_area area)
{
    const browse_value *value = &browse_view_shown (state)->answer->values[index];
    bool chosen = browse_choices_has (&state->choices, value->facet, value->value) || value->selected;
    int style = state->focus == BROWSE_FOCUS_VALUES && index == state->value ? BROWSE_SELECTED : BROWSE_PLAIN;
    char count[BROWSE_COUNT_BYTES];
    int size = browse_count_write (value->count, count), taken = size + 1 > COUNT ? size + 1 : COUNT;
    browse_screen_fill (y, area.x, area.width, style);
    browse_screen_put (y, area.x, chosen ? "[x] " : "[ ] ", 4, 4, style);
    browse_screen_put_cut (y, area.x + 4, value->label, strlen (value->label), area.width - 4 - taken, style, NULL, 0);
    browse_screen_put (y, area.x + area.width - size, count, (size_t) size, size, style);
}

/* The values from..to, with their headings. */
static void
draw_pane (browse_state *state, size_t from, size_t to, browse_area area)
{
    const browse_value *values = browse_view_shown (state)->answer->values;
    bool inside = state->focus == BROWSE_FOCUS_VALUES && state->value >= from && state->value < to;
    int line = 0, needed = 0; /* lines up to the selected value */
    for (size_t i = from; inside && i <= state->value; i++)
        needed += 1 + (i == from || values[i].facet != values[i - 1].facet);
    int skip = needed > area.height ? needed - area.height : 0;
    for (size_t i = from; i < to; i++) {
        if (i == from || values[i].facet != values[i - 1].facet) {
            const char *name = sks_facet_name (values[i].facet);
            if (line >= skip && line - skip < area.height)
                browse_screen_put (area.y + line - skip, area.x, name, strlen (name), area.width, BROWSE_LEVEL);
            line++;
        }
        if (line >= skip && line - skip < area.height)
            draw_value (state, i, area.y + line - skip, area);
        line++;
    }
}

void
browse_panes_draw (browse_state *state, browse_area left, browse_area right)
{
    const browse_answer *answer = browse_view_shown (state)->answer;
    size_t middle = 0;
    if (!answer)
        return;
    while (left.width && middle < answer->value_count &&
           (answer->values[middle].facet == SKS_FACET_LEVEL || answer->values[middle].facet == SKS_FACET_GROUP))
        middle++;
    if (left.width)
        draw_pane (state, 0, middle, left);
    draw_pane (state, middle, answer->value_count, right);
}
