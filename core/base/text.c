/* text.c - splitting and folding. ASCII has a fast path; everything else goes through utf8proc. */
#include "text.h"

#include "character.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

/* ------------------------------------------------------------------ words */

static inline bool
ascii_alnum (unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static inline bool
is_alnum (int kind)
{
    return kind == SKS_LETTER || kind == SKS_DIGIT;
}

/* The first visible character at or after *at; *at becomes its position. At the end: kind SKS_OTHER and 0 bytes. */
static sks_character
visible_at (const char *text, size_t size, size_t *at)
{
    sks_character c = { SKS_OTHER, 0, 0 };
    for (; *at < size; *at += c.length) {
        c = sks_character_at (text, size, *at);
        if (c.kind != SKS_IGNORABLE)
            return c;
    }
    return (sks_character) { SKS_OTHER, 0, 0 };
}

/* The character after a sign or an apostrophe of `length` bytes. */
static sks_character
next_visible (const char *text, size_t size, size_t at, size_t length)
{
    at += length;
    return visible_at (text, size, &at);
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
    return net && !is_alnum (next_visible (text, size, at, 4).kind);
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
    bool free = !is_alnum (c.kind) || (count > 1 && c.kind == SKS_DIGIT);
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
    visible_at (s->text, s->size, &at);
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
           (at == s->size || !is_alnum (sks_character_at (s->text, s->size, at).kind));
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
    return digits > 1 && (at == s->size || !is_alnum (sks_character_at (s->text, s->size, at).kind));
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
        if (is_alnum (c.kind)) {
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

char
sks_text_case (const char *text, size_t size, size_t at, size_t *length)
{
    utf8proc_int32_t point = 0;
    *length = 1;
    if ((unsigned char) text[at] < 0x80)
        return text[at] >= 'a' && text[at] <= 'z' ? 'a' : text[at] >= 'A' && text[at] <= 'Z' ? 'A' : '\0';
    utf8proc_ssize_t read =
        utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
    *length = read > 0 ? (size_t) read : 1;
    utf8proc_category_t category = read > 0 ? utf8proc_category (point) : UTF8PROC_CATEGORY_CN;
    bool capital = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
    return capital ? 'A' : category == UTF8PROC_CATEGORY_LL ? 'a' : '\0';
}

bool
sks_text_word (const char *text, size_t size, size_t from, sks_word *out)
{
    size_t at = from;
    sks_character c = { SKS_OTHER, 0, 0 };
    bool after_word =
        from > 0 && (ascii_alnum ((unsigned char) text[from - 1]) || (unsigned char) text[from - 1] >= 0x80);
    for (; at < size; at += c.length) {
        c = sks_character_at (text, size, at);
        if (is_alnum (c.kind) || c.kind == SKS_NUMBER || starts_with_dot (text, size, at, after_word))
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

/* -------------------------------------------------------------- compounds */

/* The kind of a word's first or last visible character. */
static int
first_kind (const char *text, sks_word word)
{
    return sks_character_at (text, word.end, word.start).kind;
}

static int
last_kind (const char *text, sks_word word)
{
    size_t at = sks_utf8_start (text, word.end - 1);
    int kind = sks_character_at (text, word.end, at).kind;
    return kind == SKS_SIGN ? SKS_LETTER : kind; /* C++ */
}

/* Whether a sign joins the words on both sides of it. */
static bool
sign_joins (char sign, int left, int right)
{
    switch (sign) {
    case '-':
    case '/':
    case '\\':
    case '@':
    case '_':
        return true;
    case '&':
    case '.':
        return left == SKS_LETTER && right == SKS_LETTER;
    case ':':
        return left == SKS_DIGIT && right == SKS_DIGIT;
    default:
        return false;
    }
}

/* Whether all bytes of a word are digits. */
static bool
is_number (const char *text, sks_word word)
{
    for (size_t i = word.start; i < word.end; i++)
        if (!sks_character_is_digit (text[i]))
            return false;
    return true;
}

/* Whether the blank between two numbers groups thousands: "12 500". A wide blank takes up to three bytes in a query.
 * `before` is the sign before `left`. */
static bool
blank_groups (const char *text, char before, sks_word left, sks_word right)
{
    for (size_t i = left.end; i < right.start; i++)
        if (text[i] != ' ')
            return false;
    return right.start - left.end <= 3 && right.end - right.start == 3 && left.end - left.start <= 3 &&
           (before == ',' || (!before && text[left.start] != '0')) && is_number (text, left) && is_number (text, right);
}

#define MAX_ENCLOSED 3 /* letters of a word in parentheses: 401(k), item(s), box(es) */

/* The sign that joins two adjacent words; a blank when they are joined without a sign, a comma when a blank groups
 * thousands, 0 when they are not joined. A short word in parentheses is joined to the one before it. `before` is the
 * sign before `left`. */
static char
sign_between (const char *text, size_t size, char before, sks_word left, sks_word right)
{
    size_t at = left.end;
    if (text[at] == ' ')
        return blank_groups (text, before, left, right) ? ',' : 0;
    sks_character sign = visible_at (text, right.start, &at);
    int last = last_kind (text, left), first = first_kind (text, right);
    if (!sign.length) { /* m2 with a superscript, 50lb, ISO9001, ASP.NET; but 10 with a superscript is not 102 */
        bool name = first == SKS_DIGIT && sks_character_is_letter (text[left.end - 1]);
        bool unit = first == SKS_LETTER && last == SKS_DIGIT;
        return name || unit || (first == SKS_NUMBER && last == SKS_LETTER) || text[right.start] == '.' ? ' ' : 0;
    }
    char found = sign.kind == SKS_APOSTROPHE ? '\'' : sign.kind == SKS_SIGN ? sign.sign : 0;
    at += sign.length;
    sks_character next = visible_at (text, right.start, &at);
    if (found == ')' && before == '(' && next.sign == '(') { /* 501(c)(3) */
        found = '(';
        at += next.length;
        next = visible_at (text, right.start, &at);
    }
    if (!found || next.length)
        return 0;
    if (found == '(')
        return right.end - right.start <= MAX_ENCLOSED && right.end < size &&
                       sks_character_at (text, size, right.end).sign == ')'
                   ? '('
                   : 0;
    if (found == '\'') /* only where an elided word ended: d'oeuvre */
        return left.end - left.start == 1 && last == SKS_LETTER && first == SKS_LETTER ? '\'' : 0;
    return sign_joins (found, last, first) ? found : 0;
}

size_t
sks_text_compound (const char *text, size_t size, sks_word first, sks_compound *out)
{
    char sign = 0;
    out->pieces[0] = first;
    out->count = 1;
    out->end = first.end;
    if (first.end == size || (text[first.end] == ' ' && !sks_character_is_digit (text[first.end - 1])))
        return 1;
    while (out->count < SKS_MAX_COMPOUND) {
        sks_word *piece = &out->pieces[out->count];
        if (!sks_text_word (text, size, piece[-1].end, piece) ||
            !(sign = sign_between (text, size, sign, piece[-1], *piece)))
            break;
        out->signs[out->count++ - 1] = sign;
        out->end = piece->end;
        if (sign == '(')
            out->end += sks_character_at (text, size, out->end).length;
    }
    return out->count;
}

/* ---------------------------------------------------------------- folding */

/* A folded word that is being written. */
struct folded {
    char *bytes; /* SKS_MAX_WORD_BYTES */
    size_t size;
    bool full; /* the word was cut; nothing more is added */
};

static void
put (struct folded *out, const char *bytes, size_t size)
{
    out->full |= out->size + size > SKS_MAX_WORD_BYTES;
    if (out->full)
        return;
    memcpy (out->bytes + out->size, bytes, size);
    out->size += size;
}

/* Whether the rest of a word, in lower case, is an English suffix after an apostrophe: patient's, he'll, she'd,
 * we've, they're, I'm. */
static bool
is_clitic (const char *rest, size_t size)
{
    static const char *const clitics[] = { "s", "d", "m", "ll", "ve", "re" };
    for (size_t i = 0; i < sizeof clitics / sizeof *clitics; i++)
        if (strlen (clitics[i]) == size && strncasecmp (rest, clitics[i], size) == 0)
            return true;
    return false;
}

/* Fold a word that is all ASCII; false when it is not. */
static bool
fold_ascii (const char *word, size_t size, struct folded *out)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char) word[i] >= 0x80)
            return false;
    if (size && word[0] == '.' && word[1] >= '0' && word[1] <= '9')
        put (out, "0", 1);
    for (size_t i = 0; i < size; i++) {
        char c = word[i];
        if (c == '\'' || c == '`') {
            if (is_clitic (word + i + 1, size - i - 1))
                break;
        } else if (c != ',') {
            c = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            put (out, &c, 1);
        }
    }
    return true;
}

/* Write the word with plain signs and apostrophes and without invisible characters. The result is not longer than the
 * word. */
static size_t
plain_signs (const char *word, size_t size, char *out)
{
    size_t used = 0;
    sks_character c;
    for (size_t at = 0; at < size; at += c.length) {
        c = sks_character_at (word, size, at);
        if (c.kind == SKS_APOSTROPHE)
            out[used++] = '\'';
        else if (c.kind == SKS_SIGN)
            out[used++] = c.sign;
        else if (c.kind != SKS_IGNORABLE) {
            memcpy (out + used, word + at, c.length);
            used += c.length;
        }
    }
    return used;
}

/* Fold what utf8proc does not change: Latin letters without a decomposition, the slash of a fraction. Blanks or signs
 * from a compatibility form are dropped. */
static void
fold_mapped (const char *mapped, size_t size, struct folded *out)
{
    const char *at = mapped, *end = mapped + size;
    while (at < end) {
        const char *start = at;
        uint32_t point = sks_utf8_next (&at);
        const char *latin = point >= 0x80 ? sks_character_latin (point) : NULL;
        sks_character c = sks_character_at (start, (size_t) (end - start), 0);
        if (latin)
            put (out, latin, strlen (latin));
        else if (point == 0x2044)
            put (out, "/", 1);
        else if (c.kind == SKS_LETTER || c.kind == SKS_DIGIT || point == '+' || point == '#' ||
                 (point == '.' && at < end))
            put (out, start, (size_t) (at - start));
        else if (c.kind == SKS_APOSTROPHE && is_clitic (at, (size_t) (end - at)))
            return;
    }
}

/* Fold any word. A very long word is cut before it is mapped: only its first characters count. */
static void
fold_any (const char *word, size_t size, struct folded *out)
{
    char plain[SKS_MAX_WORD_BYTES * 16];
    utf8proc_uint8_t *mapped = NULL;
    if (size > sizeof plain)
        size = sks_utf8_start (word, sizeof plain);
    size = plain_signs (word, size, plain);
    utf8proc_ssize_t length = utf8proc_map ((const utf8proc_uint8_t *) plain, (utf8proc_ssize_t) size, &mapped,
                                            UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                                UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
    if (length > 0)
        fold_mapped ((const char *) mapped, (size_t) length, out);
    free (mapped);
}

/* Bytes of a number without the ".00" of an amount of money. */
static size_t
without_cents (const char *form, size_t size)
{
    if (size < 4 || memcmp (form + size - 3, ".00", 3) != 0)
        return size;
    for (size_t i = 0; i < size - 3; i++)
        if (!sks_character_is_digit (form[i]))
            return size;
    return size - 3;
}

size_t
sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    struct folded folded = { out, 0, false };
    if (!fold_ascii (word, size, &folded))
        fold_any (word, size, &folded);
    return without_cents (out, folded.size);
}

size_t
sks_text_join (const char *text, const sks_compound *compound, char out[SKS_MAX_WORD_BYTES])
{
    struct folded joined = { out, 0, false };
    for (size_t i = 0; i < compound->count; i++) {
        char piece[SKS_MAX_WORD_BYTES], sign = i ? compound->signs[i - 1] : ' ';
        size_t size = sks_text_fold (text + compound->pieces[i].start,
                                     compound->pieces[i].end - compound->pieces[i].start, piece);
        bool digits =
            joined.size && size && sks_character_is_digit (out[joined.size - 1]) && sks_character_is_digit (piece[0]);
        if (sign == '&' || (digits && sign != '(' && sign != ','))
            put (&joined, &sign, 1);
        bool dot = joined.size && size && *piece == '.'; /* ASP.NET */
        put (&joined, piece + dot, size - dot);
    }
    return compound->count > 1 && !joined.full ? joined.size : 0;
}

/* ------------------------------------------------------------- statements */

size_t
sks_text_blank (const char *text, size_t size, size_t at)
{
    const unsigned char *b = (const unsigned char *) text + at;
    size_t left = size - at;
    if (b[0] == ' ' || (b[0] >= 0x09 && b[0] <= 0x0D))
        return 1;
    if (left >= 2 && b[0] == 0xC2 && (b[1] == 0xA0 || b[1] == 0x85))
        return 2;
    if (left >= 3 && b[0] == 0xE2 && b[1] == 0x80 && (b[2] <= 0x8A || b[2] == 0xA8 || b[2] == 0xA9 || b[2] == 0xAF))
        return 3;
    if (left >= 3 && b[0] == 0xE3 && b[1] == 0x80 && b[2] == 0x80)
        return 3;
    return 0;
}

size_t
sks_text_squeeze (const char *text, size_t size, char *out)
{
    size_t used = 0, blank;
    bool pending = false;
    for (size_t i = 0; i < size;) {
        unsigned char c = (unsigned char) text[i];
        if ((c <= ' ' || c >= 0x80) && (blank = sks_text_blank (text, size, i))) {
            pending = used > 0;
            i += blank;
            continue;
        }
        if (pending)
            out[used++] = ' ';
        pending = false;
        out[used++] = text[i++];
        while (i < size && (unsigned char) text[i] > ' ' && (unsigned char) text[i] < 0x80) /* most bytes */
            out[used++] = text[i++];
    }
    return used;
}

/* Blank by their glyphs alone: BRAILLE PATTERN BLANK, MUSICAL SYMBOL NULL NOTEHEAD;
 * OBJECT REPLACEMENT CHARACTER marks a missing object. */
static bool
shows_nothing (utf8proc_int32_t point)
{
    return point == 0x2800 || point == 0x1D159 || point == 0xFFFC;
}

bool
sks_text_visible (const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step =
            utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
        if (step <= 0)
            return true;
        at += (size_t) step;
        const utf8proc_property_t *property = utf8proc_get_property (point);
        if (property->ignorable || shows_nothing (point))
            continue;
        switch (property->category) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
            break;
        case UTF8PROC_CATEGORY_CN: /* a later Unicode may assign it; non-characters are excluded */
            if ((point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF))
                break;
            return true;
        default:
            return true;
        }
    }
    return false;
}

static size_t
compose (const char *text, size_t size, int options, char **out)
{
    utf8proc_uint8_t *composed = NULL;
    *out = NULL;
    utf8proc_ssize_t length = utf8proc_map ((const utf8proc_uint8_t *) text, (utf8proc_ssize_t) size, &composed,
                                            UTF8PROC_STABLE | UTF8PROC_COMPOSE | options);
    if (length < 0) {
        free (composed);
        return 0;
    }
    *out = (char *) composed;
    return (size_t) length;
}

size_t
sks_text_compose (const char *text, size_t size, char **out)
{
    return compose (text, size, 0, out);
}

size_t
sks_text_compose_compatible (const char *text, size_t size, char **out)
{
    return compose (text, size, UTF8PROC_COMPAT, out);
}

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

/* Lucene's 33 English stop words and words that open or pad statements; sorted. The latter were chosen by
 * measurements on statements (docs/ranking.md). */
static const char *const stop_words[] = {
    "a",       "all",  "an",   "and",   "andor", "any",    "are",  "as",   "at",      "be",   "but",  "by",
    "each",    "etc",  "for",  "from",  "how",   "if",     "in",   "into", "is",      "it",   "its",  "no",
    "not",     "of",   "on",   "or",    "other", "others", "own",  "per",  "related", "such", "that", "the",
    "their",   "them", "then", "there", "these", "they",   "this", "to",   "use",     "used", "uses", "using",
    "various", "was",  "what", "when",  "which", "who",    "will", "with",
};

#define LONGEST_STOP_WORD (sizeof "related" - 1)

struct form {
    const char *bytes;
    size_t size;
};

static int
compare_form (const void *key, const void *element)
{
    const struct form *form = key;
    const char *word = *(const char *const *) element;
    int order = (unsigned char) *form->bytes - (unsigned char) *word; /* the first byte nearly always decides */
    if (order)
        return order;
    order = strncmp (form->bytes, word, form->size);
    return order ? order : word[form->size] ? -1 : 0;
}

bool
sks_text_listed (const char *form, size_t size, const char *const *list, size_t count)
{
    struct form key = { form, size };
    return size && bsearch (&key, list, count, sizeof *list, compare_form);
}

bool
sks_text_stop_word (const char *form, size_t size)
{
    return size <= LONGEST_STOP_WORD &&
           sks_text_listed (form, size, stop_words, sizeof stop_words / sizeof *stop_words);
}

uint64_t
sks_text_hash (const char *text, size_t size)
{
    return sks_hash_bytes (text, size);
}
