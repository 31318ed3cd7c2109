/* sentence.c - where a sentence starts, and where it may end. */
#include "sentence.h"

#include "core/base/text.h"

#include <string.h>
#include <strings.h>

/* What stands before a full stop that ends no sentence; any letter case. */
static const char *const abbreviations[] = {
    "approx", "ca",   "cf", "co",  "corp", "dept", "dr", "ed",  "eg", "esp",  "est",  "etc", "excl", "ext", "fig", "ie",
    "inc",    "incl", "jr", "ltd", "max",  "min",  "mr", "mrs", "ms", "prof", "resp", "sr",  "st",   "viz", "vs",
};

/* No abbreviation is looked for in a longer word. */
#define LONGEST_ABBREVIATION 8

static const char *const bullets[] = {
    "-",
    "*",
    "+",
    "\xE2\x80\xA2",
    "\xE2\x80\xA3",
    "\xE2\x97\xA6",
    "\xE2\x96\xAA",
    "\xE2\x97\x8F",
    "\xC2\xB7",
    "\xE2\x80\x93",
    "\xE2\x80\x94",
};

static bool
is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool
is_stop (char c)
{
    return c == '.' || c == '!' || c == '?';
}

static bool
is_digit (char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of a number or a letter with "." or ")" behind it: "12.", "b)". */
static size_t
label_at (const char *text, size_t size, size_t at)
{
    size_t end = at;
    while (end < size && end < at + 3 && is_digit (text[end]))
        end++;
    if (end == at && end + 1 < size && is_letter (text[end]) && text[end + 1] == ')')
        return 2;
    return end > at && end < size && (text[end] == '.' || text[end] == ')') ? end + 1 - at : 0;
}

/* Bytes of the bullet that opens a line at `at`, 0 if there is none. */
static size_t
bullet_at (const char *text, size_t size, size_t at)
{
    size_t bytes = label_at (text, size, at);
    for (size_t i = 0; !bytes && i < sizeof bullets / sizeof *bullets; i++) {
        size_t length = strlen (bullets[i]);
        if (length <= size - at && memcmp (text + at, bullets[i], length) == 0)
            bytes = length;
    }
    return bytes && at + bytes < size && is_blank (text[at + bytes]) ? bytes : 0;
}

/* Skip blanks, and bullets at the beginning of a line. */
static size_t
skip (const char *text, size_t size, size_t at)
{
    bool opens_line = at == 0;
    while (at < size) {
        size_t bullet = opens_line ? bullet_at (text, size, at) : 0;
        if (bullet)
            at += bullet;
        else if (is_blank (text[at]))
            opens_line |= text[at++] == '\n';
        else
            break;
    }
    return at;
}

/* Whether the line break at `at` ends a sentence: the next line is blank or
 * opens with a bullet. */
static bool
line_ends (const char *text, size_t size, size_t at)
{
    for (at++; at < size && is_blank (text[at]); at++)
        if (text[at] == '\n')
            return true;
    return at < size && bullet_at (text, size, at);
}

/* Bytes of the closing quote or bracket at `at`, 0 if there is none. */
static size_t
closer_at (const char *text, size_t size, size_t at)
{
    static const char *const closers[] = { "\"", "'", ")", "]", "\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB" };
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++) {
        size_t length = strlen (closers[i]);
        if (length <= size - at && memcmp (text + at, closers[i], length) == 0)
            return length;
    }
    return 0;
}

/* Whether a sentence may begin with the character at `at`. */
static bool
may_begin (const char *text, size_t size, size_t at)
{
    unsigned char c = (unsigned char) text[at];
    if (c < 0x80)
        return (c >= 'A' && c <= 'Z') || is_digit ((char) c) || (c && strchr ("\"'([*-+", c));
    /* U+00DF..U+00FF: small letters of Latin-1. */
    return !(c == 0xC3 && at + 1 < size && (unsigned char) text[at + 1] >= 0x9F);
}

/* The word before the full stop at `stop`, dots inside it included. */
static size_t
word_before (const char *text, size_t start, size_t stop)
{
    size_t at = stop, least = stop - start > LONGEST_ABBREVIATION ? stop - LONGEST_ABBREVIATION : start;
    while (at > least && (is_letter (text[at - 1]) || text[at - 1] == '.'))
        at--;
    return at;
}

/* Whether the full stop at `stop` belongs to the word before it. */
static bool
is_abbreviation (const char *text, size_t size, size_t start, size_t stop)
{
    size_t word = word_before (text, start, stop), length = stop - word, next = stop + 1;
    if (!length || (word > start && ((unsigned char) text[word - 1] >= 0x80 || is_digit (text[word - 1]))))
        return false;
    /* "A.", "U.S.", "p.m.": single letters between the dots. */
    if (length == 1 || text[stop - 2] == '.')
        return is_letter (text[stop - 1]);
    while (next < size && is_blank (text[next]))
        next++;
    if (length == 2 && strncasecmp (text + word, "no", 2) == 0)
        return next < size && is_digit (text[next]);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (strlen (abbreviations[i]) == length && strncasecmp (text + word, abbreviations[i], length) == 0)
            return true;
    return false;
}

/* The end of the sentence if it ends with the sign at `at`, else 0. */
static size_t
end_at_sign (const char *text, size_t size, size_t start, size_t at)
{
    size_t end = at + 1, closer, next;
    if (at + 1 < size && text[at] == '.' && text[at + 1] != '.' && is_abbreviation (text, size, start, at))
        return 0;
    while (end < size && is_stop (text[end]))
        end++;
    while (end < size && (closer = closer_at (text, size, end)))
        end += closer;
    for (next = end; next < size && is_blank (text[next]);)
        next++;
    return next == size || (next > end && may_begin (text, size, next)) ? end : 0;
}

/* Where the sentence that starts at `start` ends. */
static size_t
find_end (const char *text, size_t size, size_t start)
{
    for (size_t at = start; at < size; at++) {
        bool opens_run = is_stop (text[at]) && (at == start || !is_stop (text[at - 1]));
        size_t end = opens_run ? end_at_sign (text, size, start, at) : 0;
        if (end)
            return end;
        if (text[at] == '\n' && line_ends (text, size, at))
            return at;
    }
    return size;
}

bool
sks_sentence_next (const char *text, size_t size, size_t from, sks_sentence *out)
{
    while ((from = skip (text, size, from)) < size) {
        sks_word word;
        size_t end = find_end (text, size, from), start = from;
        from = end;
        while (end > start && is_blank (text[end - 1]))
            end--;
        *out = (sks_sentence) { start, end };
        if (sks_text_word (text, end, start, &word))
            return true;
    }
    return false;
}
