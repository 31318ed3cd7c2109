/* bullet.c - the bullets of word processors and of plain text. The listed ones need no blank after them; any other
 * sign before a blank is a bullet, too. */
#include "bullet.h"

#include "core/base/text.h"
#include "core/base/text_word.h"
#include "core/base/utf8.h"
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

static const char *const dashes[] = { "-", "\u2013", "\u2014" };

/* More signs than this are a horizontal rule. */
#define MOST_SIGNS 4

/* A Roman numeral of a list is no longer than "viii". */
#define LONGEST_ROMAN 4

/* Bytes of the number of a line: up to three digits, with further steps as in "2.1.3"; a letter; or a Roman
 * numeral. */
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
    const char *roman = at < size && text[at] < 'a' ? "IVX" : "ivx";
    while (end < size && end < at + LONGEST_ROMAN && strchr (roman, text[end]))
        end++;
    return end > at + 1 ? end - at : at < size && sks_character_is_letter (text[at]) ? 1 : 0;
}

static bool
is_capital (const char *text, size_t size, size_t at)
{
    size_t length;
    return at < size && sks_text_case (text, size, at, &length) == 'A';
}

/* Bytes of a circled number or of one that includes its full stop: U+2460 to U+249B, and U+2776 to U+2793. */
static size_t
circled_at (const char *text, size_t size, size_t at)
{
    if (at + 3 >= size || (unsigned char) text[at] != 0xE2)
        return 0;
    unsigned code = ((unsigned char) text[at + 1] & 0x3Fu) << 6 | ((unsigned char) text[at + 2] & 0x3Fu);
    bool circled = (code >= 0x460 && code <= 0x49B) || (code >= 0x776 && code <= 0x793);
    return circled ? 3 : 0;
}

/* Bytes of the end of a number: ")", ".", ".)" or "]"; after digits also ":", "/", or a dash between blanks. */
static size_t
closer_at (const char *text, size_t size, size_t at, char opener, bool digits)
{
    if (opener)
        return text[at] == (opener == '(' ? ')' : ']');
    if (text[at] == '.')
        return at + 1 < size && text[at + 1] == ')' ? 2 : 1;
    if (text[at] == ')' || (digits && strchr (":/", text[at])))
        return 1;
    size_t blank = digits ? sks_text_blank (text, size, at) : 0;
    for (size_t i = 0; blank && i < sizeof dashes / sizeof *dashes; i++) {
        size_t end = at + blank + strlen (dashes[i]), length;
        if (end < size && memcmp (text + at + blank, dashes[i], strlen (dashes[i])) == 0 &&
            sks_text_blank (text, size, end))
            return sks_text_case (text, size, end + sks_text_blank (text, size, end), &length) ? end - at : 0;
    }
    return 0;
}

/* Bytes of a label: "12.", "2.1)", "b)", "(iv)", "[3]", "[ ]", "a.", "#2", "4 -"; 0 if there
 * is none. A blank follows, or, after a number, a capital. */
static size_t
label_at (const char *text, size_t size, size_t at)
{
    if (size - at > 3 && memcmp (text + at, "[ ]", 3) == 0)
        return sks_text_blank (text, size, at + 3) ? 3 : 0;
    char opener = at < size && (text[at] == '(' || text[at] == '[') ? text[at] : '\0';
    bool numbered = at < size && text[at] == '#';
    size_t start = at + (opener || numbered), number = number_at (text, size, start), end = start + number;
    if (!number || end >= size)
        return circled_at (text, size, at);
    bool digits = sks_character_is_digit (text[start]);
    size_t closer = numbered && digits ? 0 : closer_at (text, size, end, opener, digits);
    if ((!closer && !(numbered && digits)) || end + closer >= size)
        return 0;
    end += closer;
    return sks_text_blank (text, size, end) || (digits && is_capital (text, size, end)) ? end - at : 0;
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

/* Bytes of the listed bullet at `at`, 0 if there is none. */
static size_t
listed_at (const char *text, size_t size, size_t at)
{
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        size_t length = strlen (bullets[i]), end = at + length;
        if (length > size - at || memcmp (text + at, bullets[i], length) != 0 || end >= size)
            continue;
        bool glued = length > 1 || (!sks_character_is_letter (text[at]) && is_capital (text, size, end));
        return glued || sks_text_blank (text, size, end) ? length : 0;
    }
    return 0;
}

/* Whether a character may be a bullet before a blank: a sign that does not belong to the text around it. */
static bool
is_sign (const char *text, size_t at, size_t length)
{
    static const char *const others[] = { "\u00A1", "\u00A3", "\u00A5", "\u00AB", "\u00BF", "\u2018", "\u2019",
                                          "\u201C", "\u201D", "\u201E", "\u2026", "\u2039", "\u20AC", "\u3002" };
    sks_word word;
    if (length == 1)
        return strchr ("-*+#~=>|", text[at]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strlen (others[i]) == length && memcmp (text + at, others[i], length) == 0)
            return false;
    return !sks_text_word (text, at + length, at, &word);
}

/* Bytes of the signs at `at` that are followed by a blank, 0 if there are none. */
static size_t
signs_at (const char *text, size_t size, size_t at)
{
    size_t end = at, length;
    for (size_t signs = 0; end < size && signs < MOST_SIGNS; signs++, end += length) {
        if (sks_text_blank (text, size, end))
            return end - at;
        length = sks_utf8_end (text, size, end) - end;
        if (!is_sign (text, end, length))
            return 0;
    }
    return end < size && sks_text_blank (text, size, end) ? end - at : 0;
}

/* Whether a bullet may begin with this byte. A quick test, as nearly every byte asked about is a letter. */
static bool
may_open_bullet (char c)
{
    return (c && strchr ("-*+o#~=>|", c)) || (unsigned char) c >= 0x80;
}

size_t
sks_bullet_at (const char *text, size_t size, size_t at, bool *label)
{
    size_t bytes = label_at (text, size, at);
    if (label)
        *label = bytes > 0;
    if (bytes || (bytes = steps_at (text, size, at)))
        return bytes;
    if (at >= size || !may_open_bullet (text[at]))
        return 0;
    bytes = listed_at (text, size, at);
    return bytes ? bytes : signs_at (text, size, at);
}

bool
sks_bullet_amid (const char *text, size_t size, size_t at)
{
    static const char *const round[] = { "\u2022", "\u2023", "\u25A0", "\u25AA", "\u25CB", "\u25CF", "\u25E6",
                                         "\u2713", "\u2714", "\u27A2", "\uF0A7", "\uF0B7", "\uF0D8", "\uF0FC" };
    for (size_t i = 0; i < sizeof round / sizeof *round; i++)
        if (size - at > 3 && memcmp (text + at, round[i], 3) == 0)
            return sks_text_blank (text, size, at + 3) > 0 || (at && text[at - 1] == ' ');
    return false;
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
