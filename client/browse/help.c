/* help.c - the list of keys, as F1 shows it. skillsearch.1 has the same. */
#include "help.h"

#include "screen.h"

#include <string.h>

static const char *const lines[] = {
    "Letters edit the query, wherever the keys are.",
    "Up Down PgUp PgDn Home End  move",
    "Tab Shift-Tab   from the query to the statements, to the values",
    "Enter           open a statement: its occupation's levels side by side",
    "                on a value: choose it, or no longer (Space too)",
    "s               in an opened view: statements like the selected one",
    "x               a crosswalk with another occupation",
    "Alt-1 .. Alt-4  choose emerging, developing, proficient, advanced",
    "Ctrl-T          by relevance, level, occupation, id",
    "Ctrl-E          write all statements found to a new CSV file (not in the query)",
    "Ctrl-Y          pick a statement: it is printed at the end",
    "Esc             one step back: close, empty the query, drop the values, leave",
    "Ctrl-C          leave at once, print nothing",
    "Ctrl-Z Ctrl-L   stop; draw everything again",
    "",
    "In the query:",
    "Left Right Backspace Delete",
    "Ctrl-A Ctrl-E   to its beginning, to its end",
    "Ctrl-U Ctrl-K   delete what is before, after the cursor",
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
