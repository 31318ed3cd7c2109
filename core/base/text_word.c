/* text_word.c - finds the words of a text: the characters, numbers, signs and apostrophes that belong to one. */
#include "text_word.h"

#include "character.h"
#include "text_list.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

/* The character after a sign or an apostrophe of `length` bytes. */
static sks_character
next_visible (const char *text, size_t size, size_t at, size_t length)
{
    at += length;
    return sks_character_visible_at (text, size, &at);
}

/* Whether a word that starts with a dot begins here: a number below 1, or ".NET". Directly after another word it must
 * be in capitals, as in "ASP.NET"; in small letters it is part of a domain name. */
static bool
starts_with_dot (const char *text, size_t size, size_t at, bool after_word)
{
    if (text[at] != '.')
        return false;
    if (at + 1 < size && sks_character_is_digit (text[at + 1]))
        return !after_word;
    bool net = size - at >= 4 && (after_word ? strncmp : strncasecmp) (text + at + 1, "NET", 3) == 0;
    return net && !sks_character_is_alnum (next_visible (text, size, at, 4).kind);
}

/* The state while the characters of a word are read. */
struct scan {
    const char *text;
    size_t size;
    size_t start, at, end; /* its first byte; the next byte to read; the end of its last character */
    int last;              /* kind of its last character */
    size_t digits;         /* digits at its end; a dot resets it to 0 */
    bool number;           /* it has no letter */
};

/* Whether a comma or an apostrophe between digits groups thousands: one to three digits before it,
 * or such a group, and exactly three after it. */
static bool
groups_thousands (const struct scan *s, sks_character sign)
{
    size_t at = s->at + sign.length, digits = 0;
    while (at < s->size && digits < 4 && s->text[at] >= '0' && s->text[at] <= '9') {
        at++;
        digits++;
    }
    return s->digits <= 3 && digits == 3;
}

/* The length of a run of up to three identical signs after a letter if it belongs to the word (C++, C#), else 0. */
static size_t
trailing_signs (const struct scan *s, sks_character sign)
{
    size_t at = s->at, count = 0;
    sks_character c = sign;
    for (; c.kind == SKS_SIGN && (c.sign == '+' || c.sign == '#'); count++) {
        if (c.sign != sign.sign)
            return 0;
        at += c.length;
        c = at < s->size ? sks_character_at (s->text, s->size, at) : (sks_character) { SKS_OTHER, 0, 0 };
    }
    bool free = !sks_character_is_alnum (c.kind) || (count > 1 && c.kind == SKS_DIGIT);
    return count <= 3 && free ? at - s->at : 0;
}

/* Whether an apostrophe begins a separate word, as in "d'oeuvre", "l'Oreal". */
static bool
elides (const struct scan *s, sks_character next)
{
    char c = s->text[s->start];
    size_t at = s->at;
    if (s->end - s->start != 1 || (c != 'd' && c != 'D' && c != 'l' && c != 'L'))
        return false;
    at += sks_character_at (s->text, s->size, at).length;
    sks_character_visible_at (s->text, s->size, &at);
    return next.length > 1 || memchr ("aeiouhAEIOUH", s->text[at], 12);
}

/* Whether the sign or apostrophe here is inside the word. */
static bool
lies_within (const struct scan *s, sks_character c)
{
    sks_character next = next_visible (s->text, s->size, s->at, c.length);
    if (c.kind == SKS_APOSTROPHE)
        return next.kind == SKS_LETTER ? !elides (s, next) : s->last == SKS_DIGIT && groups_thousands (s, c);
    if (s->last != SKS_DIGIT || next.kind != SKS_DIGIT)
        return false;
    return c.sign == '.' || c.sign == 'x' || (c.sign == ',' && groups_thousands (s, c));
}

/* Units that are written right after their number. No single letters: "5G" and "3D" are words. */
static const char *const units[] = {
    "am",  "cm", "ft",  "gb",  "ghz", "hp",  "hr",  "hrs", "hz",  "kb", "kg",  "khz", "km", "kph",
    "kva", "kw", "kwh", "lb",  "lbs", "mb",  "mcg", "mg",  "mhz", "mi", "min", "ml",  "mm", "mph",
    "mw",  "oz", "pm",  "psi", "rpm", "sec", "sq",  "tb",  "wpm", "yd", "yr",  "yrs",
};

#define LONGEST_UNIT 3

/* Whether only a unit follows a number that ends here, up to the end of the word. */
static bool
unit_follows (const struct scan *s)
{
    char unit[LONGEST_UNIT];
    size_t at = s->at, size = 0;
    for (; at < s->size && size < LONGEST_UNIT && sks_character_is_letter (s->text[at]); at++)
        unit[size++] = (char) (s->text[at] | 0x20);
    return sks_text_listed (unit, size, units, sizeof units / sizeof *units) &&
           (at == s->size || !sks_character_is_alnum (sks_character_at (s->text, s->size, at).kind));
}

/* Whether only a number of two or more digits follows a name that ends here, up to the end of the word: "ISO9001". A
 * name of one letter, or a number of one digit, does not start or end a word: "B12", "MP3". */
static bool
number_follows (const struct scan *s)
{
    size_t digits = 0, at = s->at;
    if (s->digits || s->at - s->start < 2)
        return false;
    for (size_t i = s->start; i < s->at; i++)
        if (!sks_character_is_letter (s->text[i]))
            return false;
    for (; at < s->size && sks_character_is_digit (s->text[at]); at++)
        digits++;
    return digits > 1 && (at == s->size || !sks_character_is_alnum (sks_character_at (s->text, s->size, at).kind));
}

/* Read the rest of a word. */
static void
scan_word (struct scan *s)
{
    while (s->at < s->size) {
        sks_character c = sks_character_at (s->text, s->size, s->at);
        size_t signs;
        if (c.kind == SKS_LETTER && s->number && s->last == SKS_DIGIT && unit_follows (s))
            return;
        if (c.kind == SKS_DIGIT && s->last == SKS_LETTER && number_follows (s))
            return;
        if (sks_character_is_alnum (c.kind)) {
            s->number &= c.kind == SKS_DIGIT;
            s->digits = c.kind == SKS_DIGIT ? s->digits + 1 : 0;
            s->last = c.kind;
            s->end = s->at + c.length;
        } else if (c.kind == SKS_SIGN && s->last == SKS_LETTER && (c.sign == '+' || c.sign == '#') &&
                   (signs = trailing_signs (s, c))) {
            s->end = s->at + signs;
            return;
        } else if (c.kind == SKS_APOSTROPHE ||
                   (c.kind == SKS_SIGN && (c.sign == '.' || c.sign == ',' || c.sign == 'x'))) {
            if (!lies_within (s, c))
                return;
            s->digits = 0;
        } else if (c.kind != SKS_IGNORABLE)
            return;
        s->at += c.length;
    }
}

/* The end of the superscripts, or of the fraction, that start here. */
static size_t
number_end (const char *text, size_t size, size_t at)
{
    sks_character c = sks_character_at (text, size, at);
    bool superscript = true;
    while (superscript && c.kind == SKS_NUMBER) {
        const char *point_at = text + at;
        uint32_t point = sks_utf8_next (&point_at);
        superscript = point == 0xB2 || point == 0xB3 || point == 0xB9 || (point >= 0x2070 && point <= 0x2079);
        at += c.length;
        c = at < size ? sks_character_at (text, size, at) : (sks_character) { SKS_OTHER, 0, 0 };
    }
    return at;
}

bool
sks_text_word (const char *text, size_t size, size_t from, sks_word *out)
{
    size_t at = from;
    sks_character c = { SKS_OTHER, 0, 0 };
    bool after_word = from > 0 && (sks_character_is_letter (text[from - 1]) ||
                                   sks_character_is_digit (text[from - 1]) || (unsigned char) text[from - 1] >= 0x80);
    for (; at < size; at += c.length) {
        c = sks_character_at (text, size, at);
        if (sks_character_is_alnum (c.kind) || c.kind == SKS_NUMBER || starts_with_dot (text, size, at, after_word))
            break;
        after_word = c.sign == '.';
    }
    if (at >= size)
        return false;
    out->start = at;
    if (c.kind == SKS_NUMBER) {
        out->end = number_end (text, size, at);
        return true;
    }
    struct scan s = { text, size, at, at + c.length, at + c.length, c.kind, c.kind == SKS_DIGIT, c.kind != SKS_LETTER };
    if (c.kind == SKS_SIGN)
        s.last = SKS_DIGIT;
    scan_word (&s);
    out->end = s.end;
    return true;
}
