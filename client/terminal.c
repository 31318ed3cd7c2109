/* terminal.c - styles, and widths of characters. */
#include "terminal.h"

#include "core/base/printable.h"
#include "core/base/printable_put.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
#define LEAST_WIDTH 20
#define MOST_WIDTH 1000
#define DEFAULT_HEIGHT 24
#define LEAST_HEIGHT 5
#define MOST_HEIGHT 1000

/* The environment's value, else the terminal's, else the default; within the bounds. */
static unsigned
find_size (const char *name, unsigned short of_terminal, unsigned usual, unsigned least, unsigned most)
{
    const char *given = getenv (name);
    unsigned long size = given ? strtoul (given, NULL, 10) : 0;
    size = size ? size : of_terminal ? of_terminal : usual;
    return size < least ? least : size > most ? most : (unsigned) size;
}

void
sks_terminal_detect (sks_terminal *out, int fd, int color)
{
    const char *refused = getenv ("NO_COLOR"), *kind = getenv ("TERM");
    out->person = isatty (fd) == 1;
    bool dumb = !kind || strcmp (kind, "dumb") == 0;
    out->color =
        color == SKS_COLOR_ALWAYS || (color == SKS_COLOR_AUTO && out->person && !dumb && !(refused && *refused));
    out->utf8 = strcmp (nl_langinfo (CODESET), "UTF-8") == 0;
    struct winsize size = { 0 };
    out->width = out->height = 0;
    if (!out->person)
        return;
    ioctl (fd, TIOCGWINSZ, &size);
    out->width = find_size ("COLUMNS", size.ws_col, DEFAULT_WIDTH, LEAST_WIDTH, MOST_WIDTH);
    out->height = find_size ("LINES", size.ws_row, DEFAULT_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT);
}

void
sks_terminal_style (const sks_terminal *terminal, sks_buffer *out, int style)
{
    static const char *const codes[] = {
        [SKS_STYLE_NONE] = "\033[0m",   [SKS_STYLE_MATCH] = "\033[1;31m", [SKS_STYLE_DIM] = "\033[2m",
        [SKS_STYLE_STRONG] = "\033[1m", [SKS_STYLE_ERROR] = "\033[1;31m",
    };
    if (terminal->color)
        sks_buffer_puts (out, codes[style]);
}

struct range {
    long first, last;
};

static bool
is_in (long point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

#define IS_IN(point, ranges) is_in (point, ranges, sizeof (ranges) / sizeof *(ranges))

/* Ranges of whole blocks are exact enough: an error of one column only moves the end of a line. */
static unsigned
width_of (long point)
{
    static const struct range none[] = {
        { 0x300, 0x36F }, { 0x200B, 0x200F }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },
    };
    static const struct range two[] = {
        { 0x1100, 0x115F }, { 0x2E80, 0xA4CF },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },
        { 0xFF00, 0xFF60 }, { 0x1F300, 0x1F64F }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
    };
    if (point < 0x300)
        return 1;
    return IS_IN (point, none) ? 0 : IS_IN (point, two) ? 2 : 1;
}

size_t
sks_terminal_character (const char *text, size_t size, unsigned *columns)
{
    size_t length;
    long point = sks_printable_point (text, size, &length);
    if (sks_printable_hides (point))
        *columns = point < 0x80 ? 4 : 6;
    else
        *columns = width_of (point);
    return length;
}

void
sks_terminal_put (sks_buffer *out, const char *text, size_t size)
{
    sks_printable_put (out, text, size);
}

void
sks_terminal_puts (sks_buffer *out, const char *text)
{
    sks_terminal_put (out, text, strlen (text));
}

unsigned
sks_terminal_columns (const char *text, size_t size)
{
    unsigned sum = 0, columns;
    for (size_t at = 0; at < size; sum += columns)
        at += sks_terminal_character (text + at, size - at, &columns);
    return sum;
}

unsigned
sks_terminal_lines (const sks_terminal *terminal, const char *text, size_t size)
{
    unsigned lines = 0, column = 0, columns;
    for (size_t at = 0; at < size;) {
        if (text[at] == '\n') {
            lines++;
            column = 0;
            at++;
        } else if (text[at] == '\033') { /* a style: no other escape sequence is written */
            at += strcspn (text + at, "m") + 1;
        } else {
            at += sks_terminal_character (text + at, size - at, &columns);
            if (terminal->width && column + columns > terminal->width) {
                lines++;
                column = 0;
            }
            column += columns;
        }
    }
    return lines + (column > 0);
}

void
sks_terminal_fit (const sks_terminal *terminal, sks_buffer *out, const char *text, unsigned columns)
{
    size_t size = strlen (text), end = 0;
    unsigned used = sks_terminal_columns (text, size), dots = terminal->utf8 ? 1 : 3, wide;
    if (used <= columns) {
        sks_terminal_put (out, text, size);
    } else {
        for (used = 0; end < size; used += wide) {
            size_t length = sks_terminal_character (text + end, size - end, &wide);
            if (used + wide + dots > columns)
                break;
            end += length;
        }
        sks_terminal_put (out, text, end);
        sks_buffer_puts (out, dots == 1 ? "…" : "...");
        used += dots;
    }
    for (; used < columns; used++)
        sks_buffer_putc (out, ' ');
}
