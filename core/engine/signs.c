/* signs.c - five passes: markup, lines, stars, quotation marks, parentheses. Each uses the results of the previous
 * ones. */
#include "signs.h"

#include "bullet.h"
#include "core/base/markup.h"
#include "core/base/text.h"
#include "prose.h"

#include <string.h>
#include <strings.h>

struct signs {
    sks_scanner *in;
    const char *text;
    char *copy, *marks;
    sks_arena *arena;
    sks_notes *notes;
    sks_error *err;
    int code; /* the first failure */
};

static void
note (struct signs *s, int kind, size_t at)
{
    if (!s->code)
        s->code = sks_notes_add (s->notes, s->arena, kind, at, NULL, s->err);
}

static void
note_sentence (struct signs *s, size_t at)
{
    static const char text[] =
        "its line is searched as words, as it is a sentence; for the operator, put each side in parentheses";
    if (!s->code)
        s->code = sks_notes_add (s->notes, s->arena, SKS_NOTE_OPERATOR, at, text, s->err);
}

static bool
is_blank (const struct signs *s, size_t at)
{
    return at >= s->in->size || s->in->text[at] == ' ';
}

static bool
is_digit (const struct signs *s, size_t at)
{
    return at < s->in->size && s->in->text[at] >= '0' && s->in->text[at] <= '9';
}

/* Whether a word ends directly before `at`; combining marks belong to it. */
static bool
word_ends (const struct signs *s, size_t at)
{
    sks_word word;
    size_t start = at;
    while (start && !is_blank (s, start - 1) && at - start < 4) {
        start--;
        if (((unsigned char) s->in->text[start] & 0xC0) != 0x80)
            return sks_text_word (s->in->text, at, start, &word);
    }
    return false;
}

static bool
holds_word (const struct signs *s, size_t from, size_t end)
{
    sks_word word;
    return sks_text_word (s->in->text, end, from, &word);
}

/* ------------------------------------------------------------------- markup */

/* Replace references and mojibake by the characters that were meant, and tags by blanks. */
static void
cover_markup (struct signs *s)
{
    size_t first = s->in->size, length;
    for (size_t at = 0; at < s->in->size; at += length) {
        if (!sks_markup_cover (s->copy, s->in->size, at, &length))
            length = 1;
        else if (at < first)
            first = at;
    }
    for (size_t at = 0; at < s->in->size; at++) {
        sks_markup_element element;
        length = s->copy[at] == '<' ? sks_markup_tag (s->copy, s->in->size, at, &element) : 0;
        if (!length || element == SKS_MARKUP_UNKNOWN)
            continue;
        memset (s->copy + at, ' ', length);
        first = at < first ? at : first;
    }
    if (first < s->in->size)
        note (s, SKS_NOTE_MARKUP, first);
}

/* -------------------------------------------------------------------- lines */

struct line {
    size_t start, end;
    bool small;    /* it has a small letter */
    bool capital;  /* it has what may be a word in capitals */
    bool capitals; /* it has such a word, and that is not an operator */
};

/* Bytes of the line end at `at`, 0 if there is none; quick for most characters. */
static inline size_t
line_end_at (const struct signs *s, size_t at)
{
    unsigned char c = (unsigned char) s->text[at];
    return c > '\r' && c < 0x80 ? 0 : sks_bullet_line_end (s->text, s->in->size, at);
}

static bool
next_line (const struct signs *s, size_t *at, struct line *out)
{
    size_t bytes = 0, end = *at;
    while (end < s->in->size && !(bytes = line_end_at (s, end)))
        end++;
    *out = (struct line) { .start = *at, .end = end };
    *at = end + bytes;
    while (out->start < out->end && s->in->text[out->start] == ' ')
        out->start++;
    return out->start < s->in->size || bytes;
}

static bool
has_several_lines (const struct signs *s)
{
    struct line line;
    size_t count = 0;
    bool breaks = false;
    for (size_t at = 0; at < s->in->size && !breaks; at++)
        breaks = line_end_at (s, at) > 0;
    for (size_t at = 0; breaks && next_line (s, &at, &line);)
        count += holds_word (s, line.start, line.end);
    return count > 1;
}

/* Bytes of the bullet at `at`. In a text of several lines "-" and "*" need no blank after them; in a single line only
 * labels such as "1)" count. */
static size_t
bullet_at (const struct signs *s, const struct line *line, size_t at, bool several)
{
    bool label;
    size_t bytes = sks_bullet_at (s->in->text, line->end, at, &label);
    if (bytes)
        return several || label ? bytes : 0;
    bool sign = at < line->end && strchr ("-*?", s->in->text[at]);
    return several && sign && !is_blank (s, at + 1) && s->in->text[at + 1] != s->in->text[at] ? 1 : 0;
}

static void
drop_bullets (struct signs *s, struct line *line, bool several)
{
    size_t bytes;
    while ((bytes = bullet_at (s, line, line->start, several)) && holds_word (s, line->start + bytes, line->end)) {
        note (s, SKS_NOTE_BULLET, line->start);
        memset (s->copy + line->start, ' ', bytes);
        while (line->start < line->end && s->in->text[line->start] == ' ')
            line->start++;
    }
}

/* The letter case of a word if all its letters have the same, else 0. */
static char
case_of (const struct signs *s, const sks_word *word, size_t *letters)
{
    char same = '\0';
    *letters = 0;
    for (size_t at = word->start, length; at < word->end; at += length) {
        char one = sks_text_case (s->in->text, word->end, at, &length);
        if (!one)
            continue;
        if (*letters && one != same)
            return '\0';
        same = one;
        ++*letters;
    }
    return same;
}

static bool
names_operator (const struct signs *s, const sks_word *word)
{
    static const char *const names[] = { "AND", "OR", "NOT", "NEAR" };
    size_t size = word->end - word->start;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen (names[i]) == size && memcmp (s->in->text + word->start, names[i], size) == 0)
            return true;
    return false;
}

static void
read_case (const struct signs *s, struct line *line)
{
    sks_word word = { line->start, line->start };
    size_t letters;
    char before = '\0';
    for (size_t at = line->start, length; at < line->end; at += length) {
        char c = s->in->text[at], one = 'a';
        length = 1;
        if (c < 'a' || c > 'z')
            one = sks_text_case (s->in->text, line->end, at, &length);
        line->small |= one == 'a';
        line->capital |= one == 'A' && (before == 'A' || c == 'A' || length > 1);
        before = one;
    }
    line->capital |= !line->small;
    while (line->capital && sks_text_word (s->in->text, line->end, word.end, &word))
        line->capitals |= case_of (s, &word, &letters) == 'A' && !names_operator (s, &word);
}

/* Whether a word begins its line or a sentence in it: "A" is an article there. */
static bool
opens_sentence (const struct signs *s, const struct line *line, size_t at)
{
    while (at > line->start && s->in->text[at - 1] == ' ')
        at--;
    return at == line->start || strchr (".!?:;\"(-", s->in->text[at - 1]) || (s->in->text[at - 1] & 0x80);
}

/* Mark words in capitals as names, or, in a line of capitals that has other words than acronyms, operators as ordinary
 * words. */
static void
mark_capitals (struct signs *s, const struct line *line)
{
    sks_word word = { line->start, line->start };
    size_t letters;
    bool acronyms =
        !line->small && line->capitals && !s->in->lines && sks_prose_acronyms (s->in, line->start, line->end);
    while (line->capital && sks_text_word (s->in->text, line->end, word.end, &word)) {
        bool capitals = case_of (s, &word, &letters) == 'A';
        bool article = letters == 1 && (s->in->text[word.start] != 'A' || opens_sentence (s, line, word.start));
        if (!line->small && line->capitals && !acronyms && sks_scanner_operator_at (s->in, word.start)) {
            s->marks[word.start] = SKS_SIGN_WORD;
            note (s, SKS_NOTE_OPERATOR, word.start);
        } else if ((line->small || acronyms) && capitals && !article && !names_operator (s, &word))
            s->marks[word.start] = SKS_SIGN_NAME;
    }
}

/* In a sentence, mark operators as ordinary words. */
static void
mark_sentence (struct signs *s, const struct line *line)
{
    sks_word word = { line->start, line->start };
    if (!line->small || !line->capital || !sks_prose_line (s->in, line->start, line->end))
        return;
    while (sks_text_word (s->in->text, line->end, word.end, &word))
        if (sks_scanner_operator_at (s->in, word.start)) {
            s->marks[word.start] = SKS_SIGN_WORD;
            note_sentence (s, word.start);
        }
}

static void
mark_lines (struct signs *s)
{
    struct line line;
    s->in->lines = has_several_lines (s);
    for (size_t at = 0; next_line (s, &at, &line);) {
        drop_bullets (s, &line, s->in->lines);
        read_case (s, &line);
        mark_capitals (s, &line);
        mark_sentence (s, &line);
    }
}

/* -------------------------------------------------------------------- stars */

/* Whether the text between the blanks around `at` looks like an address. */
static bool
is_address (const struct signs *s, size_t at)
{
    while (at && !is_blank (s, at - 1))
        at--;
    while (!is_blank (s, at) && !strchr ("/:=@&", s->in->text[at]))
        at++;
    return !is_blank (s, at);
}

/* Whether the star at `at` belongs to the name O*NET. */
static bool
is_onet (const struct signs *s, size_t at)
{
    return at && s->in->size - at > 3 && strncasecmp (s->in->text + at - 1, "o*net", 5) == 0 &&
           !(at > 1 && word_ends (s, at - 1));
}

/* Refuse a "*" or "?" that is meant as a wildcard where none is possible. */
static void
check_wildcard (struct signs *s, size_t at)
{
    sks_word next;
    bool before = word_ends (s, at), after = sks_scanner_word (s->in, at + 1, &next);
    bool star = s->in->text[at] == '*', product = before && is_digit (s, at - 1) && is_digit (s, at + 1);
    bool onet = is_onet (s, at);
    if (product || onet)
        s->copy[at] = product ? ' ' : '-';
    if (s->code || !after || product || onet || is_address (s, at))
        return;
    if (star)
        s->code = sks_fail_at (s->err, SKS_EQUERYSYNTAX, (long) at,
                               before ? "* does not go inside a word: it stands for any ending, as in offi*"
                                      : "* does not open a word: it stands for any ending, as in mail*");
    else
        s->code = sks_fail_at (s->err, SKS_EQUERYSYNTAX, (long) at,
                               "? is not a wildcard; * at the end of a word stands for any ending");
}

/* The star that ends an emphasis of several words which begins at `at`, "*Sort incoming mail*, daily"; 0 if there is
 * none. */
static size_t
find_emphasis (const struct signs *s, size_t at)
{
    sks_word next;
    size_t end = at + 1;
    bool several = false;
    if ((at && !is_blank (s, at - 1)) || s->in->text[at] != '*')
        return 0;
    for (; end < s->in->size && s->in->text[end] != '*' && !line_end_at (s, end); end++)
        several |= s->in->text[end] == ' ';
    bool ends = end < s->in->size && s->in->text[end] == '*' && word_ends (s, end);
    return several && ends && !is_blank (s, at + 1) && !sks_scanner_word (s->in, end + 1, &next) ? end : 0;
}

/* Check single stars; replace those of emphasis, also several adjacent ones, by blanks. */
static void
mark_stars (struct signs *s)
{
    size_t emphasis;
    for (size_t at = 0, end; at < s->in->size; at = end) {
        end = at + 1;
        if (s->in->text[at] != '*' && s->in->text[at] != '?')
            continue;
        while (end < s->in->size && s->in->text[end] == '*' && s->in->text[at] == '*')
            end++;
        if (end == at + 1 && (emphasis = find_emphasis (s, at))) {
            note (s, SKS_NOTE_SIGN, at);
            s->copy[at] = s->copy[emphasis] = ' ';
        } else if (end == at + 1)
            check_wildcard (s, at);
        else {
            note (s, SKS_NOTE_SIGN, at);
            memset (s->copy + at, ' ', end - at);
        }
    }
}

/* --------------------------------------------------------- quotation marks */

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
has_mark (const struct signs *s, size_t at, const char *mark)
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
opener_at (const struct signs *s, size_t at)
{
    for (size_t i = 0; i < PAIRS; i++)
        if (has_mark (s, at, pairs[i].open))
            return &pairs[i];
    return NULL;
}

/* Bytes of the mark at `at` if it closes the pair, else 0. */
static size_t
closer_at (const struct signs *s, const struct pair *pair, size_t at)
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
ends_distance (const struct signs *s, size_t at)
{
    while (is_digit (s, at - 1) && at > 5)
        at--;
    return at >= 5 && memcmp (s->in->text + at - 5, "NEAR/", 5) == 0;
}

/* Whether a mark is at a position where it can open a phrase. */
static bool
may_open (const struct signs *s, const struct pair *pair, size_t at)
{
    size_t end = at + strlen (pair->open);
    if (pair->single)
        return (at == 0 || is_blank (s, at - 1) || strchr ("(-=:", s->in->text[at - 1])) && !is_blank (s, end);
    return !word_ends (s, at) || ends_distance (s, at) || !(is_digit (s, at - 1) || is_blank (s, end));
}

/* Whether a mark is where it can only open a phrase: after a blank, before a word. */
static bool
only_opens (const struct signs *s, size_t at, size_t end)
{
    return (at == 0 || is_blank (s, at - 1)) && !is_blank (s, end);
}

/* The mark that closes the phrase opened at `open`: the usual one if it follows, else the first other one; the size
 * of the text if there is none. */
static size_t
find_closer (const struct signs *s, const struct pair *pair, size_t open, size_t *size)
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
is_mark (const struct signs *s, size_t at)
{
    const struct pair *pair = opener_at (s, at);
    return pair ? !pair->single : has_mark (s, at, "\u301E") || has_mark (s, at, "\u301F");
}

static void
mark_quotes (struct signs *s)
{
    for (size_t at = 0; at < s->in->size; at++) {
        if (!may_be_mark (s->in->text[at]))
            continue;
        const struct pair *pair = opener_at (s, at);
        size_t size = 0, close = pair && may_open (s, pair, at) ? find_closer (s, pair, at, &size) : s->in->size;
        if (!pair && !is_mark (s, at))
            continue;
        size_t inside = at + (pair ? strlen (pair->open) : 3);
        if (close < s->in->size && holds_word (s, inside, close)) {
            s->marks[at] = s->marks[close] = SKS_SIGN_QUOTE;
            at = close + size - 1;
            continue;
        }
        if (is_mark (s, at))
            note (s, SKS_NOTE_QUOTE, at);
        if (close < s->in->size)
            inside = close + size;
        at = inside - 1;
    }
}

/* ------------------------------------------------------------- parentheses */

struct group {
    size_t at;
    bool kept; /* an operator is inside or before it */
};

struct groups {
    struct group open[SKS_MAX_QUERY_BYTES];
    size_t count;
    bool operator_before; /* an operator directly precedes the current position */
};

static void
keep_groups (struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        groups->open[i].kept = true;
}

/* Add a note on a parenthesis, except in words such as "401(k)" and "form(s)". */
static void
note_group (struct signs *s, size_t at)
{
    if (!word_ends (s, at))
        note (s, SKS_NOTE_PARENTHESIS, at);
}

static void
close_group (struct signs *s, struct groups *groups, size_t at)
{
    if (!groups->count) {
        note (s, SKS_NOTE_PARENTHESIS, at);
        return;
    }
    struct group group = groups->open[--groups->count];
    size_t next = at + 1;
    while (next < s->in->size && s->in->text[next] == ' ')
        next++;
    bool joined = next < s->in->size && sks_scanner_operator_at (s->in, next) && s->in->text[next + 2] != 'T';
    if (!group.kept && !joined) {
        note_group (s, group.at);
        return;
    }
    s->marks[group.at] = SKS_SIGN_OPEN;
    s->marks[at] = SKS_SIGN_CLOSE;
}

/* The end of the token at `at`, which is not a parenthesis. */
static size_t
skip_token (struct signs *s, struct groups *groups, size_t at)
{
    sks_word word;
    size_t size = sks_scanner_operator_at (s->in, at);
    if (size || sks_scanner_minus_at (s->in, at)) {
        keep_groups (groups);
        groups->operator_before = true;
        return at + (size ? size : 1);
    }
    if (is_blank (s, at))
        return at + 1;
    groups->operator_before = false;
    if (s->marks[at] == SKS_SIGN_QUOTE)
        for (at++; s->marks[at] != SKS_SIGN_QUOTE;)
            at++;
    return sks_scanner_word (s->in, at, &word) ? word.end : at + 1;
}

static void
mark_groups (struct signs *s)
{
    struct groups groups;
    if (!strpbrk (s->in->text, "()"))
        return;
    groups.count = 0;
    groups.operator_before = false;
    for (size_t at = 0; at < s->in->size;) {
        char c = s->in->text[at];
        if (c == '(') {
            groups.open[groups.count++] = (struct group) { at, groups.operator_before };
            groups.operator_before = false;
            at++;
        } else if (c == ')') {
            close_group (s, &groups, at++);
            groups.operator_before = false;
        } else
            at = skip_token (s, &groups, at);
    }
    for (size_t i = 0; i < groups.count; i++)
        note_group (s, groups.open[i].at);
}

/* Whether a text has only small letters, digits and blanks, as most have: then no pass is needed. */
static bool
is_plain (const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') || text[i] == ' '))
            return false;
    return true;
}

int
sks_signs_start (sks_scanner *out, sks_arena *arena, const char *text, size_t size, sks_notes *notes, sks_error *err)
{
    char *copy = sks_arena_copy (arena, text, size), *marks = sks_arena_array (arena, size + 1, 1);
    *out = (sks_scanner) { copy, marks, size, 0, false };
    if (!copy || !marks)
        return sks_fail_memory (err);
    for (size_t at = 0, blank; at < size; at += blank ? blank : 1) {
        unsigned char c = (unsigned char) text[at];
        blank = c >= ' ' && c < 0x80 ? 0 : sks_text_blank (text, size, at);
        if (blank)
            memset (copy + at, ' ', blank);
    }
    if (is_plain (text, size))
        return 0;
    struct signs s = { out, text, copy, marks, arena, notes, err, 0 };
    cover_markup (&s);
    mark_lines (&s);
    mark_stars (&s);
    mark_quotes (&s);
    mark_groups (&s);
    return s.code;
}
