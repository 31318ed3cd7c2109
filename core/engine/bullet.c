/* bullet.c - bullets are those of word processors and of plain text. */
#include "bullet.h"

#include "core/base/text.h"
#include "core/base/character.h"

#include <string.h>

/* Word writes the bullets of its symbol fonts as private characters: U+F0A7,
 * U+F0B7, U+F0D8, U+F0FC; lists copied from forms open with boxes. */
static const char *const bullets[] = {
    "-",      "*",      "+",      "o",      "\u00B7", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
    "\u2015", "\u2022", "\u2023", "\u2043", "\u204C", "\u204D", "\u2192", "\u21D2", "\u2212", "\u2219",
    "\u22C5", "\u25A0", "\u25A1", "\u25AA", "\u25AB", "\u25AC", "\u25B6", "\u25B8", "\u25BA", "\u25C6",
    "\u25C7", "\u25CA", "\u25CB", "\u25CF", "\u25D8", "\u25E6", "\u25FC", "\u25FE", "\u2605", "\u2606",
    "\u2610", "\u2611", "\u2612", "\u2666", "\u2713", "\u2714", "\u2717", "\u2718", "\u2726", "\u2756",
    "\u2794", "\u2799", "\u279C", "\u279D", "\u279E", "\u27A1", "\u27A2", "\u27A4", "\u2981", "\u2B1B",
    "\u2B25", "\u30FB", "\uF076", "\uF0A7", "\uF0A8", "\uF0B7", "\uF0D8", "\uF0FC",
};

/* A Roman numeral of a list is no longer than "viii". */
#define LONGEST_ROMAN 4

/* Bytes of what numbers a line: up to three digits, each further step of "2.1.3"
 * included, a letter, or a small Roman numeral. */
static size_t
number_at (const char *text, size_t size, size_t at)
{
    size_t end = at, step;
    for (step = 0; end < size && step < 3 && sks_character_is_digit (text[end]); step++)
        end++;
    while (step && end + 1 < size && text[end] == '.' && sks_character_is_digit (text[end + 1]))
        for (end++, step = 0; end < size && step < 3 && sks_character_is_digit (text[end]); step++)
            end++;
    if (end > at)
        return end - at;
    while (end < size && end < at + LONGEST_ROMAN && strchr ("ivx", text[end]))
        end++;
    return end > at + 1 ? end - at : at < size && sks_character_is_letter (text[at]) ? 1 : 0;
}

static bool
is_capital (const char *text, size_t size, size_t at)
{
    size_t length;
    return at < size && sks_text_case (text, size, at, &length) == 'A';
}

/* Bytes of a label: "12.", "2.1)", "b)", "(iv)", "a."; 0 if there is none. A
 * blank follows, or, behind a number, a capital. */
static size_t
label_at (const char *text, size_t size, size_t at)
{
    bool opened = at < size && text[at] == '(';
    size_t number = number_at (text, size, at + opened), end = at + opened + number;
    if (!number || end >= size)
        return 0;
    bool digits = sks_character_is_digit (text[at + opened]);
    bool closed = text[end] == ')' || (!opened && (text[end] == '.' || (digits && text[end] == ':')));
    if (!closed || end + 1 >= size)
        return 0;
    return sks_text_blank (text, size, end + 1) || (digits && is_capital (text, size, end + 1)) ? end + 1 - at : 0;
}

/* Bytes of a number with steps, "2.1", before a blank and a capital; 0 if there
 * is none. */
static size_t
steps_at (const char *text, size_t size, size_t at)
{
    size_t bytes = number_at (text, size, at), blank = 0;
    if (bytes && memchr (text + at, '.', bytes) && at + bytes < size)
        blank = sks_text_blank (text, size, at + bytes);
    return blank && is_capital (text, size, at + bytes + blank) ? bytes : 0;
}

/* Whether a bullet may open with a byte: nearly all that is asked for is a letter. */
static bool
may_open_bullet (char c)
{
    return c == '-' || c == '*' || c == '+' || c == 'o' || (unsigned char) c >= 0x80;
}

size_t
sks_bullet_at (const char *text, size_t size, size_t at, bool *label)
{
    size_t bytes = label_at (text, size, at);
    if (label)
        *label = bytes > 0;
    if (bytes || (bytes = steps_at (text, size, at)))
        return bytes;
    for (size_t i = 0; at < size && may_open_bullet (text[at]) && i < sizeof bullets / sizeof *bullets; i++) {
        size_t length = strlen (bullets[i]), end = at + length;
        if (length > size - at || memcmp (text + at, bullets[i], length) != 0 || end >= size)
            continue;
        bool glued = length > 1 || (!sks_character_is_letter (text[at]) && is_capital (text, size, end));
        return glued || sks_text_blank (text, size, end) ? length : 0;
    }
    return 0;
}

size_t
sks_bullet_line_end (const char *text, size_t size, size_t at)
{
    unsigned char c = (unsigned char) text[at];
    if (c > '\r' && c != 0xC2 && c != 0xE2)
        return 0;
    if (c == '\r')
        return at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
    if (c >= 0x0A && c <= 0x0C)
        return 1;
    size_t blank = sks_text_blank (text, size, at);
    if (blank == 2)
        return (unsigned char) text[at + 1] == 0x85 ? 2 : 0;
    unsigned char last = blank == 3 ? (unsigned char) text[at + 2] : 0;
    return c == 0xE2 && (last == 0xA8 || last == 0xA9) ? 3 : 0;
}
