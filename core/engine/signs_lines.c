/* signs_lines.c - bullets, and lines whose words in capitals are no operators. */
#include "signs_text.h"

#include "prose.h"

#include <string.h>

static void
note_sentence (sks_signs *s, size_t at)
{
    static const char text[] =
        "its line is searched as words, as it is a sentence; for the operator, put each side in parentheses";
    if (!s->code)
        s->code = sks_notes_add (s->notes, s->arena, SKS_NOTE_OPERATOR, at, text, s->err);
}

struct line {
    size_t start, end;
    bool small;    /* it has a small letter */
    bool capital;  /* it has what may be a word in capitals */
    bool capitals; /* it has such a word, and that is not an operator */
};

static bool
next_line (const sks_signs *s, size_t *at, struct line *out)
{
    size_t bytes = 0, end = *at;
    while (end < s->in->size && !(bytes = sks_signs_line_end (s, end)))
        end++;
    *out = (struct line) { .start = *at, .end = end };
    *at = end + bytes;
    while (out->start < out->end && s->in->text[out->start] == ' ')
        out->start++;
    return out->start < s->in->size || bytes;
}

static bool
has_several_lines (const sks_signs *s)
{
    struct line line;
    size_t count = 0;
    bool breaks = false;
    for (size_t at = 0; at < s->in->size && !breaks; at++)
        breaks = sks_signs_line_end (s, at) > 0;
    for (size_t at = 0; breaks && next_line (s, &at, &line);)
        count += sks_signs_holds_word (s, line.start, line.end);
    return count > 1;
}

/* Bytes of the bullet at `at`. In a text of several lines "-" and "*" need no blank after them; in a single line only
 * labels such as "1)" count. */
static size_t
bullet_at (const sks_signs *s, const struct line *line, size_t at, bool several)
{
    bool label;
    size_t bytes = sks_bullet_at (s->in->text, line->end, at, &label);
    if (bytes)
        return several || label ? bytes : 0;
    bool sign = at < line->end && strchr ("-*?", s->in->text[at]);
    return several && sign && !sks_signs_blank (s, at + 1) && s->in->text[at + 1] != s->in->text[at] ? 1 : 0;
}

static void
drop_bullets (sks_signs *s, struct line *line, bool several)
{
    size_t bytes;
    while ((bytes = bullet_at (s, line, line->start, several)) &&
           sks_signs_holds_word (s, line->start + bytes, line->end)) {
        sks_signs_note (s, SKS_NOTE_BULLET, line->start);
        memset (s->copy + line->start, ' ', bytes);
        while (line->start < line->end && s->in->text[line->start] == ' ')
            line->start++;
    }
}

/* The letter case of a word if all its letters have the same, else 0. */
static char
case_of (const sks_signs *s, const sks_word *word, size_t *letters)
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
names_operator (const sks_signs *s, const sks_word *word)
{
    static const char *const names[] = { "AND", "OR", "NOT", "NEAR" };
    size_t size = word->end - word->start;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen (names[i]) == size && memcmp (s->in->text + word->start, names[i], size) == 0)
            return true;
    return false;
}

static void
read_case (const sks_signs *s, struct line *line)
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
opens_sentence (const sks_signs *s, const struct line *line, size_t at)
{
    while (at > line->start && s->in->text[at - 1] == ' ')
        at--;
    return at == line->start || strchr (".!?:;\"(-", s->in->text[at - 1]) || (s->in->text[at - 1] & 0x80);
}

/* Mark words in capitals as names, or, in a line of capitals that has other words than acronyms, operators as ordinary
 * words. */
static void
mark_capitals (sks_signs *s, const struct line *line)
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
            sks_signs_note (s, SKS_NOTE_OPERATOR, word.start);
        } else if ((line->small || acronyms) && capitals && !article && !names_operator (s, &word))
            s->marks[word.start] = SKS_SIGN_NAME;
    }
}

/* In a sentence, mark operators as ordinary words. */
static void
mark_sentence (sks_signs *s, const struct line *line)
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

void
sks_signs_lines_mark (sks_signs *s)
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
