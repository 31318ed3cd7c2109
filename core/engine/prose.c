/* prose.c - counts the function words of a line; writes operators in small letters. */
#include "prose.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "filler.h"

#include <string.h>

/* Function words that make a line a sentence; one beside an operator counts twice. */
#define SENTENCE_WORDS 3

struct line {
    const sks_scanner *in;
    size_t start, end;
};

enum kind { NOTHING, WORD, FUNCTION_WORD, AND, OR, NOT, NEAR };

static bool
is_operator (enum kind kind)
{
    return kind >= AND;
}

static enum kind
kind_of (const struct line *line, const sks_word *word)
{
    const char *text = line->in->text + word->start;
    size_t size = word->end - word->start;
    char form[SKS_MAX_WORD_BYTES];
    if (sks_scanner_operator_at (line->in, word->start))
        return *text == 'A' ? AND : *text == 'O' ? OR : text[1] == 'O' ? NOT : NEAR;
    if (line->in->marks[word->start] == SKS_SIGN_NAME)
        return WORD;
    size = sks_text_fold (text, size, form);
    return sks_text_stop_word (form, size) || sks_filler (form, size) ? FUNCTION_WORD : WORD;
}

/* The byte before `at` that is no blank; 0 at the start of the line. */
static char
byte_before (const struct line *line, size_t at)
{
    while (at > line->start && line->in->text[at - 1] == ' ')
        at--;
    return at > line->start ? line->in->text[at - 1] : '\0';
}

/* The same for the byte at or after `at`. */
static char
byte_after (const struct line *line, size_t at)
{
    while (at < line->end && line->in->text[at] == ' ')
        at++;
    return at < line->end ? line->in->text[at] : '\0';
}

/* Whether the colon at this byte belongs to a field: a name is before it, and a value directly after it. */
static bool
is_field_at (const struct line *line, size_t colon)
{
    const sks_scanner *in = line->in;
    size_t start = colon, value;
    while (start > line->start && in->text[start - 1] >= 'a' && in->text[start - 1] <= 'z')
        start--;
    const sks_word name = { start, colon };
    return sks_scanner_field (in, &name, &value) >= 0 && value == colon + 1;
}

/* Whether a sign of the query language is at this byte. */
static bool
is_syntax_at (const struct line *line, size_t at)
{
    static const char *const quotes[] = { "\u201C", "\u201E", "\u00AB" };
    const char *text = line->in->text + at;
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (strncmp (text, quotes[i], strlen (quotes[i])) == 0)
            return true;
    if (*text == '-')
        return sks_scanner_minus_at (line->in, at);
    return *text == '"' || *text == '*' || *text == '=' || (*text == ':' && is_field_at (line, at));
}

static bool
has_syntax (const struct line *line)
{
    for (size_t at = line->start; at < line->end; at++)
        if (is_syntax_at (line, at))
            return true;
    return false;
}

/* Whether an operator joins a group in parentheses, or is an OR inside one. */
static bool
joins_group (const struct line *line, const sks_word *word, enum kind kind)
{
    bool inside = false;
    for (size_t at = line->start; at < word->start; at++)
        inside = line->in->text[at] == '(' || (inside && line->in->text[at] != ')');
    return (inside && kind == OR) || byte_before (line, word->start) == ')' || byte_after (line, word->end) == '(';
}

static bool
is_to_or_by (const struct line *line, const sks_word *word)
{
    const char *text = line->in->text + word->start;
    return word->end - word->start == 2 && (memcmp (text, "to", 2) == 0 || memcmp (text, "by", 2) == 0);
}

bool
sks_prose_line (const sks_scanner *in, size_t start, size_t end)
{
    const struct line line = { in, start, end };
    sks_word word = { start, start };
    enum kind kind, before = NOTHING, second = NOTHING; /* of this word and the two before it */
    unsigned count = 0;
    bool strict = false, beside = false;
    if (has_syntax (&line))
        return false;
    for (; sks_text_word (in->text, end, word.end, &word); second = before, before = kind) {
        kind = kind_of (&line, &word);
        if (kind == NEAR || (is_operator (kind) && joins_group (&line, &word, kind)))
            return false;
        strict |= kind == AND || kind == NOT;
        count += kind == FUNCTION_WORD;
        beside |= (kind == FUNCTION_WORD && is_operator (before)) || (is_operator (kind) && before == FUNCTION_WORD);
        if ((kind == NOT && before == FUNCTION_WORD) ||
            (second == NOT && before == WORD && kind == FUNCTION_WORD && is_to_or_by (&line, &word)))
            count += SENTENCE_WORDS;
    }
    return strict && count + beside >= SENTENCE_WORDS;
}

char *
sks_prose_text (const sks_query_tree *tree, const char *text, sks_arena *arena, sks_word *first)
{
    sks_scanner in = { .text = tree->text, .marks = tree->marks, .size = tree->size };
    char *copy = sks_arena_copy (arena, text, tree->size), *to = copy;
    bool quoted = false;
    *first = (sks_word) { 0, 0 };
    for (size_t at = 0; copy && at < in.size;) {
        quoted ^= in.marks[at] == SKS_SIGN_QUOTE;
        size_t end = at + (quoted ? 0 : sks_scanner_operator_at (&in, at));
        if (end == at) {
            *to++ = text[at++];
            continue;
        }
        if (!first->end)
            *first = (sks_word) { at, end };
        for (bool near = text[at + 1] == 'E'; at < end; at++)
            if (!near)
                *to++ = (char) (text[at] | 0x20);
        at += to > copy && to[-1] == ' ' && at < in.size && text[at] == ' ';
    }
    if (copy)
        *to = '\0';
    return first->end ? copy : NULL;
}
