/* text_compound.c - which signs, and which changes of the kind of character, join words. */
#include "text_compound.h"

#include "character.h"
#include "utf8.h"

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

/* Whether the blank between two numbers groups thousands: "12 500". In a query up to three blanks replace a wide one.
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
    sks_character sign = sks_character_visible_at (text, right.start, &at);
    int last = last_kind (text, left), first = first_kind (text, right);
    if (!sign.length) { /* m2 with a superscript, 50lb, ISO9001, ASP.NET; but 10 with a superscript is not 102 */
        bool name = first == SKS_DIGIT && sks_character_is_letter (text[left.end - 1]);
        bool unit = first == SKS_LETTER && last == SKS_DIGIT;
        return name || unit || (first == SKS_NUMBER && last == SKS_LETTER) || text[right.start] == '.' ? ' ' : 0;
    }
    char found = sign.kind == SKS_APOSTROPHE ? '\'' : sign.kind == SKS_SIGN ? sign.sign : 0;
    at += sign.length;
    sks_character next = sks_character_visible_at (text, right.start, &at);
    if (found == ')' && before == '(' && next.sign == '(') { /* 501(c)(3) */
        found = '(';
        at += next.length;
        next = sks_character_visible_at (text, right.start, &at);
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
