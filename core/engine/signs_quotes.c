/* signs_quotes.c - the quotation marks of several scripts: which are pairs, and which apostrophes or inches. */
#include "signs_text.h"

#include <string.h>

/* The marks that open a phrase, and those that may close it: the usual one first. */
static const struct pair {
    const char *open;
    const char *close[4];
    bool single; /* may also be an apostrophe */
} pairs[] = {
    { "\"", { "\"", "\u201D", "\u201C", "\uFF02" }, false },
    { "\u201C", { "\u201D", "\"", "\u201C", "\u201F" }, false },
    { "\u201D", { "\u201D", "\u201C", "\"" }, false },
    { "\u201E", { "\u201C", "\u201D", "\"", "\u201F" }, false },
    { "\u201F", { "\u201D", "\u201C", "\"" }, false },
    { "\u00AB", { "\u00BB" }, false },
    { "\u00BB", { "\u00AB", "\u00BB" }, false },
    { "\uFF02", { "\uFF02", "\"" }, false },
    { "\u301D", { "\u301E", "\u301F" }, false },
    { "\u300C", { "\u300D" }, false },
    { "\u300E", { "\u300F" }, false },
    { "\u2039", { "\u203A" }, false },
    { "\u203A", { "\u2039", "\u203A" }, false },
    { "\u2018", { "\u2019" }, true },
    { "\u201A", { "\u2018", "\u2019" }, true },
};
#define PAIRS (sizeof pairs / sizeof *pairs)

static bool
has_mark (const sks_signs *s, size_t at, const char *mark)
{
    size_t size = mark ? strlen (mark) : 0;
    return size && size <= s->in->size - at && memcmp (s->in->text + at, mark, size) == 0;
}

/* Whether a quotation mark may start with this byte. */
static bool
may_be_mark (char c)
{
    unsigned char byte = (unsigned char) c;
    return c == '"' || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF;
}

static const struct pair *
opener_at (const sks_signs *s, size_t at)
{
    for (size_t i = 0; i < PAIRS; i++)
        if (has_mark (s, at, pairs[i].open))
            return &pairs[i];
    return NULL;
}

/* Bytes of the mark at `at` if it closes the pair, else 0. */
static size_t
closer_at (const sks_signs *s, const struct pair *pair, size_t at)
{
    for (size_t i = 0; i < 4; i++)
        if (has_mark (s, at, pair->close[i])) {
            size_t end = at + strlen (pair->close[i]);
            sks_word next;
            return pair->single && sks_scanner_word (s->in, end, &next) ? 0 : end - at;
        }
    return 0;
}

/* Whether "NEAR/" and its number end directly before `at`. */
static bool
ends_distance (const sks_signs *s, size_t at)
{
    while (sks_signs_digit (s, at - 1) && at > 5)
        at--;
    return at >= 5 && memcmp (s->in->text + at - 5, "NEAR/", 5) == 0;
}

/* Whether a mark is at a position where it can open a phrase. */
static bool
may_open (const sks_signs *s, const struct pair *pair, size_t at)
{
    size_t end = at + strlen (pair->open);
    if (pair->single)
        return (at == 0 || sks_signs_blank (s, at - 1) || strchr ("(-=:", s->in->text[at - 1])) &&
               !sks_signs_blank (s, end);
    return !sks_signs_word_ends (s, at) || ends_distance (s, at) ||
           !(sks_signs_digit (s, at - 1) || sks_signs_blank (s, end));
}

/* Whether a mark is where it can only open a phrase: after a blank, before a word. */
static bool
only_opens (const sks_signs *s, size_t at, size_t end)
{
    return (at == 0 || sks_signs_blank (s, at - 1)) && !sks_signs_blank (s, end);
}

/* The mark that closes the phrase opened at `open`: the usual one if it follows, else the first other one; the size
 * of the text if there is none. */
static size_t
find_closer (const sks_signs *s, const struct pair *pair, size_t open, size_t *size)
{
    size_t other = s->in->size, other_size = 0, own = strlen (pair->close[0]);
    for (size_t at = open + strlen (pair->open); at < s->in->size; at++) {
        if (!may_be_mark (s->in->text[at]))
            continue;
        size_t bytes = closer_at (s, pair, at);
        if (!bytes)
            continue;
        if (only_opens (s, at, at + bytes)) {
            /* Another opening mark of the same kind: the first one is not syntax. */
            if (has_mark (s, at, pair->open))
                break;
            continue;
        }
        if (bytes == own && has_mark (s, at, pair->close[0])) {
            *size = bytes;
            return at;
        }
        if (other == s->in->size) {
            other = at;
            other_size = bytes;
        }
    }
    *size = other_size;
    return other;
}

/* Whether this can only be a quotation mark, so that an unused one deserves a note. */
static bool
is_mark (const sks_signs *s, size_t at)
{
    const struct pair *pair = opener_at (s, at);
    return pair ? !pair->single : has_mark (s, at, "\u301E") || has_mark (s, at, "\u301F");
}

void
sks_signs_quotes_mark (sks_signs *s)
{
    for (size_t at = 0; at < s->in->size; at++) {
        if (!may_be_mark (s->in->text[at]))
            continue;
        const struct pair *pair = opener_at (s, at);
        size_t size = 0, close = pair && may_open (s, pair, at) ? find_closer (s, pair, at, &size) : s->in->size;
        if (!pair && !is_mark (s, at))
            continue;
        size_t inside = at + (pair ? strlen (pair->open) : 3);
        if (close < s->in->size && sks_signs_holds_word (s, inside, close)) {
            s->marks[at] = s->marks[close] = SKS_SIGN_QUOTE;
            at = close + size - 1;
            continue;
        }
        if (is_mark (s, at))
            sks_signs_note (s, SKS_NOTE_QUOTE, at);
        if (close < s->in->size)
            inside = close + size;
        at = inside - 1;
    }
}
