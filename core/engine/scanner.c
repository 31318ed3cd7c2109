/* scanner.c - every question is about the bytes at one place: nothing is kept
 * between two of them but that place. */
#include "scanner.h"

#include "core/base/schema.h"

#include <string.h>

static bool
is_blank (char c)
{
    return c == ' ';
}

/* Whether a token may start at `at`: "-" and "=" mean something only there. */
static bool
starts_token (const sks_scanner *s, size_t at)
{
    return at == 0 || is_blank (s->text[at - 1]) || s->text[at - 1] == '(';
}

bool
sks_scanner_start (sks_scanner *out, sks_arena *arena, const char *text, size_t size)
{
    char *copy = sks_arena_copy (arena, text, size);
    for (size_t at = 0, blank; copy && at < size; at += blank ? blank : 1)
        if ((blank = sks_text_blank (text, size, at)))
            memset (copy + at, ' ', blank);
    *out = (sks_scanner) { copy, size, 0 };
    return copy != NULL;
}

size_t
sks_scanner_quote (const sks_scanner *s, size_t at)
{
    if (at < s->size && s->text[at] == '"')
        return 1;
    if (at + 3 <= s->size &&
        (memcmp (s->text + at, "\xE2\x80\x9C", 3) == 0 || memcmp (s->text + at, "\xE2\x80\x9D", 3) == 0))
        return 3;
    return 0;
}

bool
sks_scanner_word (const sks_scanner *s, size_t at, sks_word *word)
{
    return at < s->size && sks_text_word (s->text, s->size, at, word) && word->start == at;
}

bool
sks_scanner_minus (const sks_scanner *s)
{
    sks_word word;
    size_t next = s->at + 1;
    return s->text[s->at] == '-' && starts_token (s, s->at) && next < s->size &&
           (sks_scanner_word (s, next, &word) || sks_scanner_quote (s, next) || s->text[next] == '(' ||
            s->text[next] == '=');
}

bool
sks_scanner_exact (const sks_scanner *s, size_t at)
{
    sks_word word;
    return at < s->size && s->text[at] == '=' && (sks_scanner_word (s, at + 1, &word) || sks_scanner_quote (s, at + 1));
}

/* Whether "=" asks for exact forms here, where a leaf may start: at a token, or
 * behind the "-" that opens one. */
static bool
exact_leaf_at (const sks_scanner *s)
{
    bool behind_minus = s->at && s->text[s->at - 1] == '-' && starts_token (s, s->at - 1);
    return sks_scanner_exact (s, s->at) && (starts_token (s, s->at) || behind_minus);
}

void
sks_scanner_skip (sks_scanner *s)
{
    sks_word next;
    if (!sks_text_word (s->text, s->size, s->at, &next))
        next.start = s->size;
    while (s->at < next.start) {
        char c = s->text[s->at];
        if (c == '(' || c == ')' || sks_scanner_quote (s, s->at) || sks_scanner_minus (s) || exact_leaf_at (s))
            return;
        s->at++;
        while (s->at < s->size && ((unsigned char) s->text[s->at] & 0xC0) == 0x80)
            s->at++;
    }
}

int
sks_scanner_field (const sks_scanner *s, const sks_word *word)
{
    if (word->end >= s->size || s->text[word->end] != ':')
        return -1;
    size_t next = word->end + 1;
    if (next >= s->size || is_blank (s->text[next]))
        return -1;
    return sks_field_of (s->text + word->start, word->end - word->start);
}

bool
sks_scanner_soc (const sks_scanner *s)
{
    char code[SKS_SOC_BYTES + 1] = "";
    size_t end = s->at + SKS_SOC_BYTES;
    if (end > s->size || (end < s->size && !is_blank (s->text[end]) && s->text[end] != ')'))
        return false;
    memcpy (code, s->text + s->at, SKS_SOC_BYTES);
    return sks_soc_valid (code);
}

/* Whether an operator may start here: no part of a word, a sign or a list. */
static bool
starts_operator (const sks_scanner *s)
{
    size_t at = s->at;
    return starts_token (s, at) || s->text[at - 1] == ')' || sks_scanner_quote (s, at - 1) == 1 ||
           (at >= 3 && sks_scanner_quote (s, at - 3) == 3);
}

static bool
ends_operator (const sks_scanner *s, size_t end)
{
    return end == s->size || is_blank (s->text[end]) || s->text[end] == '(' || sks_scanner_quote (s, end);
}

size_t
sks_scanner_operator (sks_scanner *s, const char *name)
{
    sks_scanner_skip (s);
    size_t size = strlen (name), end = s->at + size;
    if (end > s->size || memcmp (s->text + s->at, name, size) != 0)
        return 0;
    return starts_operator (s) && ends_operator (s, end) ? size : 0;
}

int
sks_scanner_near (sks_scanner *s, uint32_t *distance, size_t *size, sks_error *err)
{
    *distance = SKS_DEFAULT_NEAR_DISTANCE;
    if ((*size = sks_scanner_operator (s, "NEAR")))
        return 0;
    if (s->size - s->at < 5 || memcmp (s->text + s->at, "NEAR/", 5) != 0 || !starts_operator (s))
        return 0;
    size_t end = s->at + 5;
    for (*distance = 0; end < s->size && s->text[end] >= '0' && s->text[end] <= '9'; end++)
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
