/* wrap.c - breaks lines at the last blank that fits. */
#include "wrap.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LEAST_COLUMNS 20 /* narrower terminals break words themselves */

unsigned
sks_wrap_columns (void)
{
    struct winsize size;
    if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < LEAST_COLUMNS)
        return 0;
    return size.ws_col;
}

/* Bytes of the line that fit: up to a blank, or to the end of the word if its first word is wider. */
static size_t
find_end (const char *line, size_t size, unsigned columns)
{
    size_t blank = 0, at = strspn (line, " ");
    unsigned used = (unsigned) at;
    for (; at < size; at++) {
        if (line[at] == ' ' && (used <= columns || !blank))
            blank = at;
        used += ((unsigned char) line[at] & 0xC0) != 0x80;
        if (used > columns && blank && line[at] != ' ')
            return blank;
    }
    return size;
}

void
sks_wrap_put (sks_buffer *out, const char *text, unsigned columns)
{
    while (*text) {
        size_t size = strcspn (text, "\n"), end = columns ? find_end (text, size, columns) : size;
        sks_buffer_add (out, text, end);
        while (end < size) {
            text += end + 1;
            size -= end + 1;
            sks_buffer_printf (out, "\n%*s", SKS_WRAP_INDENT, "");
            end = find_end (text, size, columns - SKS_WRAP_INDENT);
            sks_buffer_add (out, text, end);
        }
        text += size;
        if (*text)
            sks_buffer_putc (out, *text++);
    }
}
