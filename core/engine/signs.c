/* signs.c - six passes: markup, lines (signs_lines.c), stars, quotation marks (signs_quotes.c), parentheses, weights
 * (signs_weights.c). Each uses the results of the previous ones. */
#include "signs.h"

#include "core/base/markup.h"
#include "core/base/utf8.h"
#include "signs_text.h"

#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------- markup */

/* Replace bytes by blanks; `covered`: a reader sees no blank there. */
static void
blank_out (sks_signs *s, size_t at, size_t size, bool covered)
{
    memset (s->copy + at, ' ', size);
    memset (s->marks + at, covered ? SKS_SIGN_COVERED : SKS_SIGN_NONE, size);
}

/* Replace references and mojibake by the characters that were meant, and tags by blanks. */
static void
cover_markup (sks_signs *s)
{
    size_t first = s->in->size, length;
    for (size_t at = 0; at < s->in->size; at += length) {
        if (!sks_markup_cover (s->copy, s->in->size, at, &length)) {
            length = 1;
            continue;
        }
        for (size_t i = s->copy[at] == ' ' ? at : sks_utf8_end (s->copy, s->in->size, at); i < at + length; i++)
            s->marks[i] = s->copy[i] == '<' ? SKS_SIGN_NONE : SKS_SIGN_COVERED;
        first = at < first ? at : first;
    }
    for (size_t at = 0; at < s->in->size; at++) {
        sks_markup_element element;
        length = s->copy[at] == '<' ? sks_markup_tag (s->copy, s->in->size, at, &element) : 0;
        if (!length || element == SKS_MARKUP_UNKNOWN)
            continue;
        blank_out (s, at, length, element == SKS_MARKUP_INLINE);
        first = at < first ? at : first;
    }
    if (first < s->in->size)
        sks_signs_note (s, SKS_NOTE_MARKUP, first);
}

/* -------------------------------------------------------------------- stars */

/* Whether the text between the blanks around `at` looks like an address. */
static bool
is_address (const sks_signs *s, size_t at)
{
    while (at && !sks_signs_blank (s, at - 1))
        at--;
    while (!sks_signs_blank (s, at) && !strchr ("/:=@&", s->in->text[at]))
        at++;
    return !sks_signs_blank (s, at);
}

/* Whether the star at `at` belongs to the name O*NET. */
static bool
is_onet (const sks_signs *s, size_t at)
{
    return at && s->in->size - at > 3 && strncasecmp (s->in->text + at - 1, "o*net", 5) == 0 &&
           !(at > 1 && sks_signs_word_ends (s, at - 1));
}

/* Refuse a "*" or "?" that is meant as a wildcard where none is possible. */
static void
check_wildcard (sks_signs *s, size_t at)
{
    sks_word next;
    bool before = sks_signs_word_ends (s, at), after = sks_scanner_word (s->in, at + 1, &next);
    bool star = s->in->text[at] == '*', product = before && sks_signs_digit (s, at - 1) && sks_signs_digit (s, at + 1);
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
find_emphasis (const sks_signs *s, size_t at)
{
    sks_word next;
    size_t end = at + 1;
    bool several = false;
    if ((at && !sks_signs_blank (s, at - 1)) || s->in->text[at] != '*')
        return 0;
    for (; end < s->in->size && s->in->text[end] != '*' && !sks_signs_line_end (s, end); end++)
        several |= s->in->text[end] == ' ';
    bool ends = end < s->in->size && s->in->text[end] == '*' && sks_signs_word_ends (s, end);
    return several && ends && !sks_signs_blank (s, at + 1) && !sks_scanner_word (s->in, end + 1, &next) ? end : 0;
}

/* Check single stars; replace those of emphasis, also several adjacent ones, by blanks. */
static void
mark_stars (sks_signs *s)
{
    size_t emphasis;
    for (size_t at = 0, end; at < s->in->size; at = end) {
        end = at + 1;
        if (s->in->text[at] != '*' && s->in->text[at] != '?')
            continue;
        while (end < s->in->size && s->in->text[end] == '*' && s->in->text[at] == '*')
            end++;
        if (end == at + 1 && (emphasis = find_emphasis (s, at))) {
            sks_signs_note (s, SKS_NOTE_SIGN, at);
            blank_out (s, at, 1, true);
            blank_out (s, emphasis, 1, true);
        } else if (end == at + 1)
            check_wildcard (s, at);
        else {
            sks_signs_note (s, SKS_NOTE_SIGN, at);
            blank_out (s, at, end - at, true);
        }
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
note_group (sks_signs *s, size_t at)
{
    if (!sks_signs_word_ends (s, at))
        sks_signs_note (s, SKS_NOTE_PARENTHESIS, at);
}

static void
close_group (sks_signs *s, struct groups *groups, size_t at)
{
    if (!groups->count) {
        sks_signs_note (s, SKS_NOTE_PARENTHESIS, at);
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
skip_token (sks_signs *s, struct groups *groups, size_t at)
{
    sks_word word;
    size_t size = sks_scanner_operator_at (s->in, at);
    if (size || sks_scanner_minus_at (s->in, at)) {
        keep_groups (groups);
        groups->operator_before = true;
        return at + (size ? size : 1);
    }
    if (sks_signs_blank (s, at))
        return at + 1;
    groups->operator_before = false;
    if (s->marks[at] == SKS_SIGN_QUOTE)
        for (at++; s->marks[at] != SKS_SIGN_QUOTE;)
            at++;
    return sks_scanner_word (s->in, at, &word) ? word.end : at + 1;
}

static void
mark_groups (sks_signs *s)
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
is_simple (const char *text, size_t size)
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
    *out = (sks_scanner) { copy, marks, size, 0, false, is_simple (text, size) };
    if (!copy || !marks)
        return sks_fail_memory (err);
    if (out->simple)
        return 0;
    for (size_t at = 0, blank; at < size; at += blank ? blank : 1) {
        unsigned char c = (unsigned char) text[at];
        blank = c >= ' ' && c < 0x80 ? 0 : sks_text_blank (text, size, at);
        if (blank)
            memset (copy + at, ' ', blank);
    }
    sks_signs s = { out, text, copy, marks, arena, notes, err, 0 };
    cover_markup (&s);
    sks_signs_lines_mark (&s);
    mark_stars (&s);
    sks_signs_quotes_mark (&s);
    mark_groups (&s);
    sks_signs_weights_note (&s);
    return s.code;
}
