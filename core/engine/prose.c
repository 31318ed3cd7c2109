/* prose.c - counts the function words of a line; writes operators in small letters. */
#include "prose.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "filler.h"

#include <string.h>
#include <strings.h>

/* Points that make a line a sentence. One more is needed if its only operators are OR and it has no full stop. */
#define SENTENCE_POINTS 3

/* Points of a full stop at the end, and of a function word in capitals. Other signs of a sentence have one. */
#define FULL_STOP_POINTS 2
#define EMPHASIS_POINTS 2

/* Words that make a line long, without its operators. */
#define LONG_LINE 8

/* Fewest letters of a word that a full stop may follow: shorter ones are often abbreviations, "U.S." */
#define MIN_LETTERS 3

/* Most letters of an acronym. */
#define ACRONYM_LETTERS 4

struct line {
    const sks_scanner *in;
    size_t start, end;
};

enum kind { NOTHING, WORD, CAPITALS, FUNCTION_WORD, EMPHASIS, AND, OR, NOT, NEAR };

static bool
is_operator (enum kind kind)
{
    return kind >= AND;
}

static bool
is_function_word (enum kind kind)
{
    return kind == FUNCTION_WORD || kind == EMPHASIS;
}

/* Whether a folded function word in capitals may be a name. */
static bool
is_name (const char *form, size_t size)
{
    static const char *const names[] = { "it", "us", "who" };
    return sks_text_listed (form, size, names, sizeof names / sizeof *names);
}

static bool
is_capital (char c)
{
    return c >= 'A' && c <= 'Z';
}

static enum kind
kind_of (const struct line *line, const sks_word *word)
{
    const char *text = line->in->text + word->start;
    size_t size = word->end - word->start;
    char form[SKS_MAX_WORD_BYTES];
    bool capitals = size > 1 && is_capital (text[0]) && is_capital (text[1]);
    if (sks_scanner_operator_at (line->in, word->start))
        return *text == 'A' ? AND : *text == 'O' ? OR : text[1] == 'O' ? NOT : NEAR;
    size = sks_text_fold (text, size, form);
    if ((sks_text_stop_word (form, size) || sks_filler (form, size)) && !(capitals && is_name (form, size)))
        return capitals ? EMPHASIS : FUNCTION_WORD;
    return capitals && size > ACRONYM_LETTERS ? CAPITALS : WORD;
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
    /* The "*" of a prefix is at the end of a word, that of "O*NET" is not. */
    sks_word rest;
    return *text == '"' || *text == '=' || (*text == '*' && !sks_scanner_word (line->in, at + 1, &rest)) ||
           (*text == ':' && is_field_at (line, at));
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

/* Whether the line ends with a word and the sign that ends a sentence. */
static bool
ends_with_stop (const struct line *line)
{
    const char *text = line->in->text;
    size_t end = line->end, letters = 0;
    while (end > line->start && text[end - 1] == ' ')
        end--;
    if (end == line->start || !strchr (".!?;", text[--end]))
        return false;
    while (end > line->start && (text[end - 1] | 0x20) >= 'a' && (text[end - 1] | 0x20) <= 'z') {
        end--;
        letters++;
    }
    return letters >= MIN_LETTERS;
}

static bool
is_to_or_by (const struct line *line, const sks_word *word)
{
    const char *text = line->in->text + word->start;
    return word->end - word->start == 2 && (strncasecmp (text, "to", 2) == 0 || strncasecmp (text, "by", 2) == 0);
}

/* Whether the line begins with a capital before a small letter. */
static bool
begins_with_capital (const struct line *line)
{
    const char *text = line->in->text;
    sks_word first;
    return sks_text_word (text, line->end, line->start, &first) && is_capital (text[first.start]) &&
           text[first.start + 1] >= 'a' && text[first.start + 1] <= 'z';
}

/* The commas before a blank. */
static unsigned
count_commas (const struct line *line)
{
    unsigned count = 0;
    for (size_t at = line->start; at + 1 < line->end; at++)
        count += line->in->text[at] == ',' && line->in->text[at + 1] == ' ';
    return count;
}

/* Whether a word and the two before it show that the line is a sentence: "must NOT", "NOT limited to", "HEALTH AND". */
static bool
is_sentence_at (const struct line *line, const sks_word *word, enum kind kind, enum kind before, enum kind second)
{
    if (kind == NOT)
        return is_function_word (before);
    if (second == NOT)
        return (before == WORD || before == CAPITALS) && is_function_word (kind) && is_to_or_by (line, word);
    return kind == CAPITALS && second == CAPITALS && (before == AND || before == OR);
}

/* Whether a word and the one before it are an operator with a function word, or AND or OR with a comma before it. */
static bool
is_beside (const struct line *line, const sks_word *word, enum kind kind, enum kind before)
{
    if (!is_operator (kind))
        return is_function_word (kind) && is_operator (before);
    return is_function_word (before) || (kind != NOT && byte_before (line, word->start) == ',');
}

bool
sks_prose_line (const sks_scanner *in, size_t start, size_t end)
{
    const struct line line = { in, start, end };
    sks_word word = { start, start };
    enum kind kind, before = NOTHING, second = NOTHING; /* of this word and the two before it */
    bool stop = ends_with_stop (&line), beside = false, strict = false;
    unsigned points = count_commas (&line) + (stop ? FULL_STOP_POINTS : 0), words = 0;
    bool written = points > 0;
    if (has_syntax (&line))
        return false;
    for (; sks_text_word (in->text, end, word.end, &word); second = before, before = kind) {
        kind = kind_of (&line, &word);
        if ((kind == NEAR && (!stop || in->text[word.end] == '/')) ||
            (is_operator (kind) && joins_group (&line, &word, kind)))
            return false;
        strict |= is_operator (kind) && kind != OR;
        words += !is_operator (kind);
        points += kind == EMPHASIS ? EMPHASIS_POINTS : kind == FUNCTION_WORD;
        written |= kind == EMPHASIS || words == LONG_LINE;
        beside |= is_beside (&line, &word, kind, before);
        points += is_sentence_at (&line, &word, kind, before, second) ? SENTENCE_POINTS : 0;
    }
    points += beside;
    points += words >= LONG_LINE;
    points += written && begins_with_capital (&line);
    return points >= (strict || stop ? SENTENCE_POINTS : SENTENCE_POINTS + 1);
}

bool
sks_prose_acronyms (const sks_scanner *in, size_t start, size_t end)
{
    const struct line line = { in, start, end };
    sks_word word = { start, start };
    enum kind before = NOTHING;
    bool needed = false;
    while (sks_text_word (in->text, end, word.end, &word)) {
        enum kind kind = kind_of (&line, &word);
        bool joins = before == WORD || (kind == NOT && (before == AND || before == OR));
        if (is_operator (kind) ? !joins : kind != WORD || before == WORD || word.end - word.start == 1)
            return false;
        if (is_operator (kind))
            word.end = word.start + sks_scanner_operator_at (in, word.start);
        needed |= kind == NOT || kind == NEAR;
        before = kind;
    }
    return needed && before == WORD;
}

/* The outermost NOT, or "-", whose operand includes byte `at`, or which begins there; NULL if there is none. */
static const sks_node *
exclusion_at (const sks_node *node, size_t at)
{
    const sks_node *found = NULL;
    if (node->kind == SKS_NODE_NOT && node->at <= at && at < node->end)
        return node;
    for (size_t i = 0; !found && i < node->child_count; i++)
        found = exclusion_at (node->children[i], at);
    return found;
}

/* Write an operator in small letters; NEAR is left out. Returns the end of what was written. */
static char *
put_word (const char *operator, size_t size, char *to)
{
    for (size_t i = 0; i < size && operator[1] != 'E'; i++)
        *to++ = (char) (operator[i] | 0x20);
    return to;
}

char *
sks_prose_text (const sks_query_tree *tree, const char *text, sks_arena *arena, sks_word *first)
{
    sks_scanner in = { .text = tree->text, .marks = tree->marks, .size = tree->size };
    char *copy = tree->simple ? NULL : sks_arena_copy (arena, text, tree->size), *to = copy;
    bool quoted = false;
    *first = (sks_word) { 0, 0 };
    for (size_t at = 0; copy && at < in.size;) {
        quoted ^= in.marks[at] == SKS_SIGN_QUOTE;
        size_t size = quoted ? 0 : sks_scanner_operator_at (&in, at);
        const sks_node *excluded = size ? exclusion_at (tree->root, at) : NULL;
        if (!size || (excluded && excluded->at < at)) {
            *to++ = text[at++];
            continue;
        }
        if (!first->end && !excluded)
            *first = (sks_word) { at, at + size };
        if (excluded)
            *to++ = '-';
        else
            to = put_word (text + at, size, to);
        at += size;
        while (at < in.size && text[at] == ' ' && to > copy && strchr (" -", to[-1]))
            at++;
    }
    if (copy)
        *to = '\0';
    return first->end ? copy : NULL;
}
