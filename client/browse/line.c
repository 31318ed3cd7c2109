/* line.c - editing, with the keys of readline. */
#include "line.h"

#include "core/base/printable.h"

#include <string.h>

static size_t
bytes_of (long point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* The UTF-8 of one code point; returns its size. */
static size_t
encode (long point, char *out)
{
    static const unsigned char heads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t size = bytes_of (point);
    for (size_t i = size; i > 0; i--) {
        out[i - 1] = (char) ((i > 1 ? 0x80 : heads[size]) | (size > 1 && i > 1 ? point & 0x3F : point));
        point >>= 6;
    }
    return size;
}

static void
write_text (browse_line *line)
{
    line->size = 0;
    for (size_t i = 0; i < line->count; i++)
        line->size += encode (line->points[i], line->text + line->size);
    line->text[line->size] = '\0';
}

static bool
insert (browse_line *line, long point)
{
    if (line->size + bytes_of (point) > SKS_MAX_QUERY_BYTES)
        return false;
    memmove (line->points + line->cursor + 1, line->points + line->cursor,
             (line->count - line->cursor) * sizeof *line->points);
    line->points[line->cursor++] = point;
    line->count++;
    write_text (line);
    return true;
}

/* Remove what lies between two places, and put the cursor at the first. */
static bool
cut (browse_line *line, size_t from, size_t to)
{
    memmove (line->points + from, line->points + to, (line->count - to) * sizeof *line->points);
    line->count -= to - from;
    line->cursor = from;
    write_text (line);
    return to > from;
}

void
browse_line_set (browse_line *line, const char *text)
{
    size_t length;
    line->count = line->cursor = line->size = 0;
    for (size_t rest = strlen (text); rest > 0; text += length, rest -= length) {
        long point = sks_printable_point (text, rest, &length);
        if (point >= 0 && !sks_printable_hides (point))
            insert (line, point);
    }
    write_text (line);
}

static size_t
word_before (const browse_line *line)
{
    size_t at = line->cursor;
    while (at > 0 && line->points[at - 1] == ' ')
        at--;
    while (at > 0 && line->points[at - 1] != ' ')
        at--;
    return at;
}

static bool
control (browse_line *line, long letter, bool *taken)
{
    switch (letter) {
    case 'A':
        line->cursor = 0;
        return false;
    case 'E':
        line->cursor = line->count;
        return false;
    case 'U':
        return cut (line, 0, line->cursor);
    case 'K':
        return cut (line, line->cursor, line->count);
    case 'W':
        return cut (line, word_before (line), line->cursor);
    default:
        *taken = false;
        return false;
    }
}

bool
browse_line_edit (browse_line *line, const browse_key *key, bool *taken)
{
    *taken = true;
    switch (key->kind) {
    case BROWSE_KEY_LETTER:
        return insert (line, key->letter);
    case BROWSE_KEY_BACKSPACE:
        return line->cursor > 0 && cut (line, line->cursor - 1, line->cursor);
    case BROWSE_KEY_DELETE:
        return line->cursor < line->count && cut (line, line->cursor, line->cursor + 1);
    case BROWSE_KEY_LEFT:
        line->cursor -= line->cursor > 0;
        return false;
    case BROWSE_KEY_RIGHT:
        line->cursor += line->cursor < line->count;
        return false;
    case BROWSE_KEY_CONTROL:
        return control (line, key->letter, taken);
    default:
        *taken = false;
        return false;
    }
}

size_t
browse_line_byte (const browse_line *line, size_t place)
{
    size_t byte = 0;
    for (size_t i = 0; i < place && i < line->count; i++)
        byte += bytes_of (line->points[i]);
    return byte;
}
