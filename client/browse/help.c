/* help.c - the list of keys, as F1 shows it. skillsearch.1 has the same. */
#include "help.h"

#include "screen.h"

#include <string.h>

static const char *const lines[] = {
    "Letters edit the query; in an opened view, only s and x do something.",
    "Up Down PgUp PgDn Home End  move",
    "Tab Shift-Tab   move between query, statements and values",
    "Enter           open a statement: its occupation's levels side by side",
    "                on a value: choose it or undo that (also Space)",
    "s               in an opened view: similar statements",
    "x               a crosswalk with another occupation",
    "Alt-1 .. Alt-4  choose emerging, developing, proficient, advanced",
    "Ctrl-T          by relevance, level, occupation, id",
    "Ctrl-E          write all statements found to a new CSV file (not in the query)",
    "Ctrl-Y          pick a statement: it is printed at the end",
    "Esc             go back: close, clear the query, clear the values, quit",
    "Ctrl-C          quit at once, print nothing",
    "Ctrl-Z Ctrl-L   stop; draw everything again",
    "",
    "In the query:",
    "Left Right Backspace Delete",
    "Ctrl-A Ctrl-E   go to the beginning, to the end",
    "Ctrl-U Ctrl-K   delete to the left, to the right of the cursor",
    "Ctrl-W          delete a word",
};

#define LINES (sizeof lines / sizeof *lines)

void
browse_help_draw (size_t top, browse_area area)
{
    for (int y = 0; y < area.height && top + (size_t) y < LINES; y++) {
        const char *line = lines[top + (size_t) y];
        browse_screen_put (area.y + y, area.x, line, strlen (line), area.width, BROWSE_PLAIN);
    }
}

size_t
browse_help_lines (void)
{
    return LINES;
}
