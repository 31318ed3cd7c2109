/* signs_weights.c - "^" and "~" that look like the weight or the tolerance of a word in other query languages. */
#include "signs_text.h"

#include "core/base/utf8.h"

#include <string.h>

/* Signs that may stand between a word and its weight, "[mail]^2". A full stop or a comma does not: "sorted.^2" refers to
 * a footnote. */
#define CLOSERS ")]}>'\"*"

/* Signs that may follow a tolerance without a number, "mail~, parcel~". */
#define ENDS CLOSERS ",.;:!?"

/* Letters of the shortest word that can have a weight. Shorter ones are mostly units and variables: "m^2", "cm^3",
 * "e^x", "5 mg~10 mg". */
#define MIN_LETTERS 3

/* One sign, or several adjacent ones. */
struct run {
    size_t at, end;
    size_t signs;
    char last;
};

static bool
is_covered (const sks_signs *s, size_t at)
{
    return s->marks[at] == SKS_SIGN_COVERED;
}

static bool
is_weight_sign (char c)
{
    return c == '^' || c == '~';
}

/* Whether a word that is not short ends directly before `at`. Neither a number does, as in "10^6" and "1000~2000", nor
 * an operator. */
static bool
long_word_ends (const sks_signs *s, size_t at)
{
    if (at && sks_signs_digit (s, at - 1))
        return false;
    for (int letters = 0; letters < MIN_LETTERS; letters++) {
        if (!sks_signs_word_ends (s, at))
            return false;
        at = sks_utf8_start (s->in->text, at - 1);
    }
    return !sks_scanner_operator_at (s->in, at) && !(at && sks_scanner_operator_at (s->in, at - 1));
}

/* Whether a word, a prefix with its star, a phrase or a group ends before `at`. */
static bool
something_ends (const sks_signs *s, size_t at)
{
    for (; at; at--) {
        char mark = s->marks[sks_utf8_start (s->in->text, at - 1)];
        if (mark == SKS_SIGN_QUOTE || mark == SKS_SIGN_CLOSE)
            return true;
        if (!is_covered (s, at - 1) && !strchr (CLOSERS, s->in->text[at - 1]))
            break;
    }
    return long_word_ends (s, at);
}

static struct run
run_at (const sks_signs *s, size_t at)
{
    struct run run = { .at = at, .end = at };
    for (; run.end < s->in->size; run.end++)
        if (is_weight_sign (s->in->text[run.end])) {
            run.last = s->in->text[run.end];
            run.signs++;
        } else if (!is_covered (s, run.end))
            break;
    return run;
}

/* Whether a run is a weight, "mail^2", also after a blank, or a tolerance, "mail~", "a b"~3. */
static bool
is_weight (const sks_signs *s, const struct run *run)
{
    bool number = sks_signs_digit (s, run->end + strspn (s->in->text + run->end, "+-."));
    bool last = sks_signs_blank (s, run->end) || strchr (ENDS, s->in->text[run->end]);
    size_t from = run->at;
    if (run->last == '~')
        return (number || (last && run->signs == 1)) && something_ends (s, from);
    while (number && from && (s->text[from - 1] == ' ' || is_covered (s, from - 1)))
        from--;
    return number && something_ends (s, from);
}

/* Such a number would be searched as a word: nobody who means a weight expects that. */
void
sks_signs_weights_note (sks_signs *s)
{
    static const char weight[] =
        "^ is read as a sign: a word cannot be given a weight, and what follows is searched as a word";
    static const char tolerance[] = "~ is read as a sign: misspelt words are corrected without it; for words near each "
                                    "other write NEAR, as in mail NEAR/3 sort";
    bool quoted = false;
    if (!strpbrk (s->in->text, "^~"))
        return;
    for (size_t at = 0; !s->code && at < s->in->size; at++) {
        quoted ^= s->marks[at] == SKS_SIGN_QUOTE;
        if (quoted || !is_weight_sign (s->in->text[at]))
            continue;
        struct run run = run_at (s, at);
        if (is_weight (s, &run))
            s->code =
                sks_notes_add (s->notes, s->arena, SKS_NOTE_SIGN, at, run.last == '^' ? weight : tolerance, s->err);
        at = run.end - 1;
    }
}
