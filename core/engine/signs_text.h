/* signs_text.h - the text whose signs are marked, and questions about it that several passes ask (signs.h). */
#ifndef SKS_SIGNS_TEXT_H
#define SKS_SIGNS_TEXT_H

#include "bullet.h"
#include "core/base/text.h"
#include "notes.h"
#include "scanner.h"

typedef struct sks_signs {
    sks_scanner *in;
    const char *text;
    char *copy, *marks;
    sks_arena *arena;
    sks_notes *notes;
    sks_error *err;
    int code; /* the first failure */
} sks_signs;

/* Mark the lines: bullets, headings and sentences, whose words in capitals are no operators. */
void sks_signs_lines_mark (sks_signs *s);

/* Mark the pairs of quotation marks that have a word between them. */
void sks_signs_quotes_mark (sks_signs *s);

/* Note each "^" and "~" that looks like the weight or the tolerance of a word. Phrases and groups are marked. */
void sks_signs_weights_note (sks_signs *s);

static inline void
sks_signs_note (sks_signs *s, int kind, size_t at)
{
    if (!s->code)
        s->code = sks_notes_add (s->notes, s->arena, kind, at, NULL, s->err);
}

static inline bool
sks_signs_blank (const sks_signs *s, size_t at)
{
    return at >= s->in->size || s->in->text[at] == ' ';
}

static inline bool
sks_signs_digit (const sks_signs *s, size_t at)
{
    return at < s->in->size && s->in->text[at] >= '0' && s->in->text[at] <= '9';
}

/* Whether a word ends directly before `at`; combining marks belong to it. */
static inline bool
sks_signs_word_ends (const sks_signs *s, size_t at)
{
    sks_word word;
    size_t start = at;
    while (start && !sks_signs_blank (s, start - 1) && at - start < 4) {
        start--;
        if (((unsigned char) s->in->text[start] & 0xC0) != 0x80)
            return sks_text_word (s->in->text, at, start, &word);
    }
    return false;
}

/* Bytes of the line end at `at`, 0 if there is none; quick for most characters. */
static inline size_t
sks_signs_line_end (const sks_signs *s, size_t at)
{
    unsigned char c = (unsigned char) s->text[at];
    return c > '\r' && c < 0x80 ? 0 : sks_bullet_line_end (s->text, s->in->size, at);
}

/* Whether a word begins in [from, end). */
static inline bool
sks_signs_holds_word (const sks_signs *s, size_t from, size_t end)
{
    sks_word word;
    return sks_text_word (s->in->text, end, from, &word);
}

#endif
