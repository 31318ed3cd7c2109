/* item.c - examines only the line around a position. */
#include "item.h"

#include "bullet.h"
#include "core/base/character.h"
#include "core/base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Longer lines are not searched for lists, because each position requires a walk over its line. */
#define LONGEST_LINE 2048

#define MAX_ITEMS 99

struct line {
    const char *text;
    size_t start, end; /* start: its first character that is not blank */
};

/* The line that `at` is in; false if it is too long. */
static bool
find_line (const char *text, size_t size, size_t at, struct line *out)
{
    size_t start = at, end = at;
    while (start && at - start <= LONGEST_LINE && !sks_bullet_line_end (text, size, start - 1))
        start--;
    while (end < size && end - start <= LONGEST_LINE && !sks_bullet_line_end (text, size, end))
        end++;
    for (size_t blank; start < at && (blank = sks_text_blank (text, size, start));)
        start += blank;
    *out = (struct line) { text, start, end };
    return end - start <= LONGEST_LINE;
}

/* Whether `mark` is at `at`, followed by blanks and a letter; if `capital`, a capital. */
static bool
has_mark (const struct line *line, size_t at, const char *mark, bool capital)
{
    size_t length = strlen (mark), end = at + length, letter;
    if (end >= line->end || memcmp (line->text + at, mark, length) != 0 || line->text[end] != ' ')
        return false;
    while (end < line->end && line->text[end] == ' ')
        end++;
    char of = end < line->end ? sks_text_case (line->text, line->end, end, &letter) : '\0';
    return capital ? of == 'A' : of != '\0';
}

static size_t
count_marks (const struct line *line, const char *mark)
{
    size_t count = 0;
    for (size_t at = line->start; at < line->end; at++)
        count += (at == line->start || line->text[at - 1] == ' ') && has_mark (line, at, mark, false);
    return count;
}

static size_t
sign_at (const struct line *line, size_t at)
{
    static const struct {
        const char *mark;
        bool dash;
    } marks[] = { { "*", false }, { "\u00B7", false }, { "|", false }, { "-", true }, { "\u2013", true } };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!has_mark (line, at, marks[i].mark, marks[i].dash))
            continue;
        bool opens = has_mark (line, line->start, marks[i].mark, marks[i].dash);
        return opens || (!marks[i].dash && count_marks (line, marks[i].mark) > 1) ? strlen (marks[i].mark) : 0;
    }
    return 0;
}

/* The position, from `from` on, of a label that is followed by a blank; the end of the line if there is none. */
static size_t
find_label (const struct line *line, size_t from, const char *label)
{
    size_t length = strlen (label);
    for (size_t at = from; at + length < line->end; at++)
        if ((at == line->start || line->text[at - 1] == ' ') && memcmp (line->text + at, label, length) == 0 &&
            line->text[at + length] == ' ')
            return at;
    return line->end;
}

/* Write the label of an item: its number or letter replaces the `%` in the shape. */
static void
put_label (char out[8], const char *shape, bool letters, unsigned item)
{
    const char *place = strchr (shape, '%');
    if (letters)
        snprintf (out, 8, "%.*s%c%s", (int) (place - shape), shape, 'a' + (int) item, place + 1);
    else
        snprintf (out, 8, "%.*s%u%s", (int) (place - shape), shape, item + 1, place + 1);
}

/* Whether labels of one shape lead without a gap up to an item at `at`. */
static bool
counts_to (const struct line *line, size_t at, const char *shape, bool letters)
{
    char label[8];
    put_label (label, shape, letters, 0);
    size_t place = find_label (line, line->start, label);
    if (place > at || place == line->start + 1 || (place > line->start && line->text[place - 2] != ':'))
        return false;
    if (place == at) { /* the first item: it counts if a second one follows */
        put_label (label, shape, letters, 1);
        return find_label (line, at + 1, label) < line->end;
    }
    for (unsigned item = 1; place < at && item < (letters ? 26 : MAX_ITEMS); item++) {
        put_label (label, shape, letters, item);
        place = find_label (line, place + 1, label);
    }
    return place == at;
}

static size_t
label_at (const struct line *line, size_t at)
{
    static const char *const shapes[] = { "%.", "%)", "(%)" };
    size_t digit = at + (line->text[at] == '('), end = digit;
    if (digit >= line->end)
        return 0;
    bool letters = line->text[digit] >= 'a' && line->text[digit] <= 'z';
    while (end < line->end && sks_character_is_digit (line->text[end]))
        end++;
    end += letters;
    if (end == digit || end >= line->end || !strchr (".)", line->text[end]))
        return 0;
    for (size_t i = letters; i < sizeof shapes / sizeof *shapes; i++)
        if ((*shapes[i] == '(') == (line->text[at] == '(') && shapes[i][strlen (shapes[i]) - 1] == line->text[end] &&
            counts_to (line, at, shapes[i], letters))
            return end + 1 - at;
    return 0;
}

size_t
sks_item_at (const char *text, size_t size, size_t at)
{
    struct line line;
    unsigned char c = (unsigned char) text[at];
    bool sign = c == '*' || c == '|' || c == '-' || c == 0xC2 || c == 0xE2;
    bool label = c == '(' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z' && at + 1 < size && text[at + 1] == ')');
    if (!at || text[at - 1] != ' ' || !(sign || label) || !find_line (text, size, at, &line) || at <= line.start)
        return 0;
    return sign ? sign_at (&line, at) : label_at (&line, at);
}
