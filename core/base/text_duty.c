/* text_duty.c - finds the mark at the end of a duty. */
#include "text_duty.h"

#include "text_word.h"

#include <string.h>

/* The length of the mark at `at`, 0 without one: an em dash or a horizontal bar with a blank on at least one side, a
 * shorter dash or two hyphens with blanks on both sides. */
static size_t
duty_mark (const char *text, size_t size, size_t at)
{
    static const char *const marks[] = { "\u2014", "\u2015", "\u2013", "\u2012", "--" };
    bool before = at && text[at - 1] == ' ';
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t length = strlen (marks[i]);
        if (size - at < length || memcmp (text + at, marks[i], length) != 0)
            continue;
        bool after = at + length < size && text[at + length] == ' ';
        return (i > 1 ? before && after : before || after) ? length : 0;
    }
    return 0;
}

/* The first mark in [from, end) that starts with the byte; end without one. */
static size_t
find_mark (const char *text, size_t size, size_t from, size_t end, unsigned char first)
{
    const char *at = text + from;
    while (at < text + end && (at = memchr (at, first, (size_t) (text + end - at)))) {
        if (duty_mark (text, size, (size_t) (at - text)))
            return (size_t) (at - text);
        at++;
    }
    return end;
}

size_t
sks_text_duty_mark (const char *text, size_t size, size_t from)
{
    size_t dash = find_mark (text, size, from, size, 0xE2);
    return find_mark (text, size, from, dash, '-');
}

size_t
sks_text_duty (const char *text, size_t size)
{
    sks_word word;
    if (!sks_text_word (text, size, 0, &word))
        return 0;
    size_t mark = sks_text_duty_mark (text, size, word.end);
    if (mark == size)
        return 0;
    size_t next = mark + duty_mark (text, size, mark);
    next += next < size && text[next] == ' ';
    bool follows =
        next < size && ((text[next] >= 'a' && text[next] <= 'z') || (text[next] >= 'A' && text[next] <= 'Z'));
    if (!follows && !sks_text_word (text, size, next, &word))
        return 0;
    return text[mark - 1] == ' ' ? mark - 1 : mark;
}
