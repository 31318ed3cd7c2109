/* screen.h - the terminal during skillsearch browse: text in cells, styles, and the restoring of the terminal in all
 * cases.
 *
 * There is one screen in a process. Text is UTF-8; characters that the locale cannot show, controls and bytes that
 * are not UTF-8 are shown as "?", and a wide character is never cut in half. Main thread only. */
#ifndef BROWSE_SCREEN_H
#define BROWSE_SCREEN_H

#include "skillsearch.h"
#include <stdbool.h>

enum browse_style {
    BROWSE_PLAIN,
    BROWSE_STRONG,
    BROWSE_DIM,
    BROWSE_MATCH,    /* what the query matched */
    BROWSE_LEVEL,    /* names of levels, headings */
    BROWSE_SELECTED, /* the line that the keys act on */
    BROWSE_ERROR
};

/* Take the terminal: standard input and output, or /dev/tty if one of them is not a terminal.
 *   color   false: bold, underlined and reversed text only.
 * Returns 0 or SKS_EINVALID (no terminal, an unknown one, one without a movable cursor); then nothing was written to
 * it. */
int browse_screen_open (bool color, sks_error *err);

/* Give the terminal back. Safe when it was not taken. */
void browse_screen_close (void);

/* Give the terminal back, stop the process as Ctrl-Z does, and take it again when the process continues. Does nothing
 * when no shell is there to continue it. */
void browse_screen_stop (void);

/* The descriptor of the keyboard. */
int browse_screen_fd (void);

/* Lines and columns of the window. */
int browse_screen_height (void);
int browse_screen_width (void);

/* Begin an empty picture; show it with the cursor at a place (y below 0: no cursor). Only differences from the last
 * picture are sent. */
void browse_screen_begin (void);
void browse_screen_show (int y, int x);

/* Send all of the picture, not only the differences. */
void browse_screen_repaint (void);

/* Put size bytes of text at line y, column x, in at most `columns` columns. Returns the columns used. */
int browse_screen_put (int y, int x, const char *text, size_t size, int columns, int style);

/* The same for text of which spans are marked; they count bytes from `origin`, which is `first` bytes before text. */
int browse_screen_put_marked (int y, int x, const char *text, size_t size, int columns, int style,
                              const sks_span *spans, size_t span_count, size_t first);

/* The same; text that does not fit ends with an ellipsis. */
int browse_screen_put_cut (int y, int x, const char *text, size_t size, int columns, int style, const sks_span *spans,
                           size_t span_count);

/* The sign that text was cut: an ellipsis, or "..." in a locale without that character. */
const char *browse_screen_dots (int *columns);

/* Blanks, or a line from left to right, over `columns` columns. */
void browse_screen_fill (int y, int x, int columns, int style);
void browse_screen_rule (int y, int x, int columns);

/* Columns that size bytes take. */
int browse_screen_columns (const char *text, size_t size);

/* How many of the size bytes go into one line of `columns` columns, broken between words if possible; *next is where
 * the next line begins. */
size_t browse_screen_break (const char *text, size_t size, int columns, size_t *next);

#endif
