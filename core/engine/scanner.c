/* scanner.c - every function examines the bytes at one position; the position is the only state. */
#include "scanner.h"

#include "core/base/character.h"
#include "core/base/utf8.h"

#include <string.h>

static bool
is_blank (char c)
{
    return c == ' ';
}

/* Whether a token may start at `at`: only there "-" and "=" are syntax. */
static bool
starts_token (const sks_scanner *s, size_t at)
{
    return at == 0 || is_blank (s->text[at - 1]) || s->text[at - 1] == '(';
}

/* Bytes of the character at `at`. */
static size_t
character_at (const sks_scanner *s, size_t at)
{
    return sks_utf8_end (s->text, s->size, at) - at;
}

size_t
sks_scanner_quote (const sks_scanner *s, size_t at)
{
    return at < s->size && s->marks[at] == SKS_SIGN_QUOTE ? character_at (s, at) : 0;
}

bool
sks_scanner_word (const sks_scanner *s, size_t at, sks_word *word)
{
    return at < s->size && sks_text_word (s->text, s->size, at, word) && word->start == at;
}

bool
sks_scanner_minus_at (const sks_scanner *s, size_t at)
{
    sks_word word;
    size_t next = at + 1;
    return s->text[at] == '-' && starts_token (s, at) && next < s->size &&
           (sks_scanner_word (s, next, &word) || sks_scanner_quote (s, next) || s->text[next] == '(' ||
            s->text[next] == '=');
}

bool
sks_scanner_exact (const sks_scanner *s, size_t at)
{
    sks_word word;
    return at < s->size && s->text[at] == '=' && (sks_scanner_word (s, at + 1, &word) || sks_scanner_quote (s, at + 1));
}

/* Whether "=" means exact forms here: it must begin a leaf, at the start of a token or after the "-" that begins
 * one. */
static bool
exact_leaf_at (const sks_scanner *s)
{
    bool after_minus = s->at && s->text[s->at - 1] == '-' && starts_token (s, s->at - 1);
    return sks_scanner_exact (s, s->at) && (starts_token (s, s->at) || after_minus);
}

void
sks_scanner_skip (sks_scanner *s)
{
    sks_word next;
    while (s->at < s->size && is_blank (s->text[s->at]))
        s->at++;
    int kind = s->at < s->size ? sks_character_at (s->text, s->size, s->at).kind : SKS_OTHER;
    if (kind == SKS_LETTER || kind == SKS_DIGIT)
        return;
    if (!sks_text_word (s->text, s->size, s->at, &next))
        next.start = s->size;
    while (s->at < next.start) {
        char mark = s->marks[s->at];
        if (mark == SKS_SIGN_OPEN || mark == SKS_SIGN_CLOSE || mark == SKS_SIGN_QUOTE ||
            sks_scanner_minus_at (s, s->at) || exact_leaf_at (s))
            return;
        s->at += character_at (s, s->at);
    }
}

/* The field that a word names, with a colon directly after it; -1 if it names none. *value is where a value may
 * start: after blanks. */
static int
field_at (const sks_scanner *s, const sks_word *word, size_t *value)
{
    if (word->end >= s->size || s->text[word->end] != ':')
        return -1;
    bool after_minus = word->start && s->text[word->start - 1] == '-' && starts_token (s, word->start - 1);
    if (!starts_token (s, word->start) && !after_minus)
        return -1;
    *value = word->end + 1;
    while (*value < s->size && is_blank (s->text[*value]))
        ++*value;
    return sks_schema_field_of (s->text + word->start, word->end - word->start);
}

int
sks_scanner_field (const sks_scanner *s, const sks_word *word, size_t *value)
{
    int field = field_at (s, word, value);
    sks_word next;
    /* "title: level:" comes from an empty form: there is no value. */
    bool heading = field >= 0 && *value > word->end + 1 && sks_scanner_word (s, *value, &next) && next.end < s->size &&
                   s->text[next.end] == ':';
    return field < 0 || *value >= s->size || heading ? -1 : field;
}

int
sks_scanner_empty_field (const sks_scanner *s, const sks_word *word)
{
    size_t value, after;
    sks_word next;
    int field = s->lines ? -1 : field_at (s, word, &value);
    if (field < 0 || value >= s->size)
        return field;
    bool apart = value > word->end + 1;
    bool empty = apart && (sks_scanner_operator_at (s, value) ||
                           (sks_scanner_word (s, value, &next) && field_at (s, &next, &after) >= 0));
    return empty ? field : -1;
}

size_t
sks_scanner_dash (const sks_scanner *s, size_t at)
{
    return at < s->size ? sks_schema_dash (s->text + at, s->size - at) : 0;
}

/* Copy `count` digits at *at; false when they are not there. */
static bool
copy_digits (const sks_scanner *s, size_t *at, unsigned count, char **out)
{
    for (; count; count--, ++*at) {
        if (*at >= s->size || !sks_character_is_digit (s->text[*at]))
            return false;
        *(*out)++ = s->text[*at];
    }
    return true;
}

/* Whether a number continues at `at`, so that it is not a code: with a letter or a digit, or with a dash, a full stop
 * or a slash that a digit follows. */
static bool
number_goes_on (const sks_scanner *s, size_t at)
{
    sks_word word;
    size_t dash = sks_scanner_dash (s, at), sign = dash ? dash : at < s->size && strchr ("./", s->text[at]) ? 1 : 0;
    return sks_scanner_word (s, at, &word) ||
           (sign && at + sign < s->size && sks_character_is_digit (s->text[at + sign]));
}

bool
sks_scanner_soc (const sks_scanner *s, char code[SKS_SOC_BYTES + 1], size_t *end)
{
    size_t at = s->at, dash, point;
    char *out = code;
    if (at && strchr (".-/", s->text[at - 1]) && !(s->text[at - 1] == '-' && starts_token (s, at - 1)))
        return false;
    if (!copy_digits (s, &at, 2, &out) || !(dash = sks_scanner_dash (s, at)))
        return false;
    *out++ = '-';
    at += dash;
    if (!copy_digits (s, &at, 4, &out))
        return false;
    point = at;
    *out = '\0';
    if (at < s->size && s->text[at] == '.') {
        char *rest = out + 1;
        at++;
        if (copy_digits (s, &at, 2, &rest) && !number_goes_on (s, at)) {
            *out = '.';
            *rest = '\0';
            *end = at;
            return true;
        }
        *out = '\0';
    }
    code[2] = '\0';
    bool known = sks_schema_group_label (code) != NULL;
    code[2] = '-';
    *end = point;
    return known && !number_goes_on (s, point);
}

/* Whether an operator may start at `at`: not inside a word, a sign or a list. */
static bool
starts_operator (const sks_scanner *s, size_t at)
{
    if (starts_token (s, at) || s->text[at - 1] == ')')
        return true;
    return sks_scanner_quote (s, sks_utf8_start (s->text, at - 1));
}

static bool
ends_operator (const sks_scanner *s, size_t end)
{
    return end == s->size || is_blank (s->text[end]) || s->text[end] == '(' || sks_scanner_quote (s, end);
}

/* Bytes of the operator `name` at `at`, 0 if it is not there. */
static size_t
named_at (const sks_scanner *s, size_t at, const char *name)
{
    if (s->text[at] != *name)
        return 0;
    size_t size = strlen (name), end = at + size;
    if (end > s->size || memcmp (s->text + at, name, size) != 0 || s->marks[at] == SKS_SIGN_WORD)
        return 0;
    return starts_operator (s, at) && ends_operator (s, end) ? size : 0;
}

/* Bytes of "NEAR/" at `at`, whether its distance is valid or not; 0 if it is not there. */
static size_t
distant_at (const sks_scanner *s, size_t at)
{
    bool here = s->size - at >= 5 && memcmp (s->text + at, "NEAR/", 5) == 0 && s->marks[at] != SKS_SIGN_WORD;
    return here && starts_operator (s, at) ? 5 : 0;
}

/* Whether an operator may begin with this byte. Most bytes of most texts are decided by this alone. */
static inline bool
may_be_operator (char c)
{
    return c == 'A' || c == 'N' || c == 'O';
}

size_t
sks_scanner_operator_at (const sks_scanner *s, size_t at)
{
    static const char *const names[] = { "AND", "OR", "NOT", "NEAR" };
    if (!may_be_operator (s->text[at]))
        return 0;
    size_t size = distant_at (s, at);
    while (size >= 5 && at + size < s->size && sks_character_is_digit (s->text[at + size]))
        size++;
    for (size_t i = 0; !size && i < sizeof names / sizeof *names; i++)
        size = named_at (s, at, names[i]);
    return size;
}

size_t
sks_scanner_operator (sks_scanner *s, const char *name)
{
    if (s->simple)
        return 0;
    sks_scanner_skip (s);
    return s->at < s->size ? named_at (s, s->at, name) : 0;
}

int
sks_scanner_near (sks_scanner *s, uint32_t *distance, size_t *size, sks_error *err)
{
    *distance = SKS_DEFAULT_NEAR_DISTANCE;
    *size = 0;
    if (s->simple)
        return 0;
    if ((*size = sks_scanner_operator (s, "NEAR")) || s->at >= s->size || !distant_at (s, s->at))
        return 0;
    size_t end = s->at + 5;
    for (*distance = 0; end < s->size && sks_character_is_digit (s->text[end]); end++)
        if (*distance <= SKS_MAX_NEAR_DISTANCE)
            *distance = *distance * 10 + (uint32_t) (s->text[end] - '0');
    if (end == s->at + 5 || !ends_operator (s, end))
        return sks_fail_at (err, SKS_EQUERYSYNTAX, (long) s->at + 5, "NEAR/ needs a number of words, as in NEAR/5");
    if (*distance > SKS_MAX_NEAR_DISTANCE)
        return sks_fail_at (err, SKS_ETOOCOMPLEX, (long) s->at + 5, "words between the two sides of NEAR: at most %u",
                            SKS_MAX_NEAR_DISTANCE);
    if (!*distance)
        return sks_fail_at (err, SKS_EQUERYSYNTAX, (long) s->at + 5, "NEAR needs a distance of at least 1");
    *size = end - s->at;
    return 0;
}
