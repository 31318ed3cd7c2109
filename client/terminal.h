/* terminal.h - text for a person: colour, width, and visible control characters.
 *
 * Everything is written into a buffer, so that tests can check what a person would see. Foreign text goes through
 * sks_terminal_put, which makes control characters visible. */
#ifndef SKS_TERMINAL_H
#define SKS_TERMINAL_H

#include "core/base/buffer.h"
#include <stdbool.h>

typedef struct sks_terminal {
    bool person;     /* a person reads it: not a file or pipe */
    bool color;      /* styles are written */
    bool utf8;       /* block characters and ellipses may be written */
    unsigned width;  /* columns of a line; 0: lines are not broken */
    unsigned height; /* lines of the screen; 0: no screen */
} sks_terminal;

enum sks_color { SKS_COLOR_AUTO, SKS_COLOR_ALWAYS, SKS_COLOR_NEVER };

/* Look at a file descriptor, the locale of the process and the environment:
 * NO_COLOR, TERM, COLUMNS, LINES. */
void sks_terminal_detect (sks_terminal *out, int fd, int color);

enum sks_style {
    SKS_STYLE_NONE,   /* none; ends any other */
    SKS_STYLE_MATCH,  /* what the query matched */
    SKS_STYLE_DIM,    /* less important */
    SKS_STYLE_STRONG, /* headings, what is chosen */
    SKS_STYLE_ERROR
};

/* Switch to a style; nothing without colour. */
void sks_terminal_style (const sks_terminal *terminal, sks_buffer *out, int style);

/* The first UTF-8 character: returns its number of bytes (at least 1); *columns is its width as sks_terminal_put
 * writes it. size is above 0. */
size_t sks_terminal_character (const char *text, size_t size, unsigned *columns);

/* Write size bytes, made printable (printable.h): \x1b, \u202e. */
void sks_terminal_put (sks_buffer *out, const char *text, size_t size);
void sks_terminal_puts (sks_buffer *out, const char *text);

/* The columns of size bytes as sks_terminal_put writes them. */
unsigned sks_terminal_columns (const char *text, size_t size);

/* Lines of the screen that a written text takes, styles not counted. */
unsigned sks_terminal_lines (const sks_terminal *terminal, const char *text, size_t size);

/* Write text into exactly `columns` columns: cut with an ellipsis or filled up
 * with blanks. */
void sks_terminal_fit (const sks_terminal *terminal, sks_buffer *out, const char *text, unsigned columns);

#endif
