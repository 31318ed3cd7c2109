/* query_leaf.c - reads the operands of a query: words, phrases and the values of fields. */
#include "query_leaf.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "filler.h"
#include "query_compound.h"
#include "signs.h"

#include <string.h>

#define SIX_DIGITS 7 /* bytes of "43-9061" */

/* The next quotation mark, or the end of the text. */
static size_t
find_quote (const sks_scanner *in, size_t at)
{
    while (at < in->size && !sks_scanner_quote (in, at))
        at++;
    return at;
}

/* Parse the words between two quotation marks; the scanner is at the first mark. */
static int
parse_quoted (sks_parser *p, bool exact, int field, sks_node **out)
{
    size_t start = p->in.at, opened = start + sks_scanner_quote (&p->in, start);
    size_t close = find_quote (&p->in, opened);
    sks_node *node = sks_parser_node (p, SKS_NODE_PHRASE, start, close + sks_scanner_quote (&p->in, close));
    sks_query_word words[SKS_MAX_QUERY_WORDS];
    sks_word span = { opened, opened };
    size_t count = 0;
    bool compounds = false; /* whether some word has no blank after it */
    while (sks_text_word (p->in.text, close, span.end, &span)) {
        compounds |= span.end < close && p->in.text[span.end] != ' ';
        if (count == SKS_MAX_QUERY_WORDS)
            return sks_parser_limit (p, span.start, "words in a query", SKS_MAX_QUERY_WORDS);
        if (span.end < close && p->in.text[span.end] == '*')
            return sks_parser_refuse (p, span.end, "* does not go inside quotation marks");
        words[count] = (sks_query_word) { 0 };
        int code = sks_parser_word (p, &span, &words[count]);
        if (code)
            return code;
        count += words[count].size > 0;
    }
    p->in.at = close + sks_scanner_quote (&p->in, close);
    if (!count)
        return sks_parser_refuse (p, start, "there is no word between these quotation marks");
    if (!node || !(node->words = sks_arena_array (p->arena, count, sizeof *node->words)))
        return sks_fail_memory (p->err);
    memcpy (node->words, words, count * sizeof *words);
    node->word_count = count;
    node->exact = exact;
    node->field = field;
    p->asking += field == SKS_FIELD_TEXT;
    *out = node;
    return exact || !compounds ? 0 : sks_query_compound_joined (p, opened, close, node);
}

/* Parse one word; *out stays NULL for a stop word that is left out. */
static int
parse_word (sks_parser *p, const sks_word *span, bool exact, int field, sks_node **out)
{
    sks_query_word word = { 0 };
    sks_compound compound;
    if (sks_text_compound (p->in.text, p->in.size, *span, &compound) > 1)
        return sks_query_compound (p, &compound, exact, field, out);
    int code = sks_parser_word (p, span, &word);
    if (code)
        return code;
    p->in.at = span->end;
    if ((code = sks_parser_prefix (p, &word, exact)))
        return code;
    if (!word.size)
        return 0;
    bool plain = !exact && !word.prefix && field == SKS_FIELD_TEXT;
    bool stop = plain && sks_text_stop_word (word.form, word.size);
    bool name = plain && p->in.marks[span->start] == SKS_SIGN_NAME;
    if (!name && stop && p->left_out >= SKS_LEFT_OUT_STOP_WORDS)
        return sks_parser_ignore (p, &word);
    if (!name && plain && p->left_out >= SKS_LEFT_OUT_FILLERS && sks_filler (word.form, word.size))
        return sks_parser_ignore (p, &word);
    word.capitals = name && stop;
    if (word.capitals && (code = sks_parser_note (p, SKS_NOTE_CAPITALS, span->start)))
        return code;
    p->asking += field == SKS_FIELD_TEXT;
    sks_node *node = sks_parser_node (p, SKS_NODE_WORD, span->start, p->in.at);
    if (!node || !(node->words = sks_arena_alloc (p->arena, sizeof *node->words)))
        return sks_fail_memory (p->err);
    *node->words = word;
    node->word_count = 1;
    node->exact = exact;
    node->field = field;
    *out = node;
    return 0;
}

/* The end of a value without quotation marks; signs that end a clause are not part of it. A full stop may belong to a
 * SOC code. */
static size_t
find_value_end (const sks_scanner *in, size_t at, int field)
{
    size_t start = at;
    while (at < in->size && in->text[at] != ' ' && in->text[at] != ')' && !sks_scanner_quote (in, at))
        at++;
    while (at > start && (strchr (",;:!?", in->text[at - 1]) || (in->text[at - 1] == '.' && field != SKS_FIELD_SOC)))
        at--;
    return at;
}

/* Remove the zeros at the end of a broader SOC code: "43-0000" stands for all codes that begin with "43-". */
static void
widen_soc (char *code)
{
    size_t size = strlen (code);
    while (size > 3 && strlen (code) == SIX_DIGITS && code[size - 1] == '0')
        size--;
    code[size] = '\0';
}

/* Copy a value; dashes in codes become "-". */
static char *
copy_value (sks_parser *p, int field, size_t start, size_t end)
{
    const sks_scanner *in = &p->in;
    char *copy = sks_arena_copy (p->arena, in->text + start, end - start), *to = copy;
    for (size_t at = start, dash; copy && at < end; at += dash ? dash : 1) {
        dash = field == SKS_FIELD_SOC ? sks_scanner_dash (in, at) : 0;
        *to++ = dash ? '-' : in->text[at];
    }
    if (copy)
        *to = '\0';
    return copy;
}

/* Find the code of a value, which is a code or a label. If a blank follows the colon (`apart`), part of a label is
 * not enough. */
static int
read_value (sks_parser *p, int field, size_t start, size_t end, bool apart, const char **out)
{
    sks_label label;
    sks_error cause;
    int facet = sks_schema_field_facet (field);
    char *text = copy_value (p, field, start, end);
    if (!text)
        return sks_fail_memory (p->err);
    if (field == SKS_FIELD_SOC)
        widen_soc (text);
    int code = sks_label_find (p->labels, facet, text, p->arena, &label, &cause);
    if (code == SKS_ENOTFOUND || code == SKS_EBADREQUEST)
        return sks_parser_refuse (p, start, cause.text);
    if (code)
        return sks_fail (p->err, code, "%s", cause.text);
    if (apart && label.label && !label.whole)
        return sks_parser_refuse (p, start, "this is a part of a label");
    *out = label.code;
    const char *refusal = sks_schema_field_refusal (field, label.code);
    if (refusal)
        return sks_parser_refuse (p, start, refusal); /* an error is more helpful than an empty answer */
    return sks_label_note (p->labels, facet, text, &label, start, &p->notes, p->arena, p->err);
}

static int
make_value_node (sks_parser *p, int field, const char *value, size_t start, size_t end, sks_node **out)
{
    if (++p->words > SKS_MAX_QUERY_WORDS)
        return sks_parser_limit (p, start, "words in a query", SKS_MAX_QUERY_WORDS);
    sks_node *node = sks_parser_node (p, SKS_NODE_VALUE, start, end);
    if (!node || !value)
        return sks_fail_memory (p->err);
    node->field = field;
    node->value = value;
    p->in.at = end;
    *out = node;
    return 0;
}

static int
make_soc (sks_parser *p, char *soc, size_t start, size_t end, sks_node **out)
{
    widen_soc (soc);
    sks_label label = { sks_arena_copy (p->arena, soc, strlen (soc)), NULL, false };
    int code = make_value_node (p, SKS_FIELD_SOC, label.code, start, end, out);
    if (code)
        return code;
    return sks_label_note (p->labels, SKS_FACET_OCCUPATION, soc, &label, start, &p->notes, p->arena, p->err);
}

/* Refuse the field at byte `start`, which has no value. */
static int
refuse_empty (sks_parser *p, size_t start, int field)
{
    bool value = sks_schema_field_facet (field) >= 0;
    return sks_parser_refuse (
        p, start,
        value ? "this field needs a value directly after the colon; without the colon it is a word"
              : "this field needs a word or a phrase directly after the colon; without the colon it is a word");
}

/* Parse the value of a field that starts at byte `start` of the text; the scanner is at the value. */
static int
parse_value (sks_parser *p, int field, size_t start, bool apart, sks_node **out)
{
    const sks_scanner *in = &p->in;
    size_t value = in->at, quote = sks_scanner_quote (in, value);
    size_t end = quote ? find_quote (in, value + quote) : find_value_end (in, value, field);
    value += quote;
    if (end == value)
        return refuse_empty (p, start, field);
    const char *text = NULL;
    int code = read_value (p, field, value, end, apart, &text);
    return code ? code : make_value_node (p, field, text, start, end + (quote ? sks_scanner_quote (in, end) : 0), out);
}

/* Parse a word or a phrase after duty: or title:. */
static int
parse_field_words (sks_parser *p, const sks_word *name, int field, sks_node **out)
{
    sks_word span;
    bool exact = sks_scanner_exact (&p->in, p->in.at);
    p->in.at += exact;
    int code;
    if (sks_scanner_quote (&p->in, p->in.at))
        code = parse_quoted (p, exact, field, out);
    else if (sks_scanner_word (&p->in, p->in.at, &span))
        code = parse_word (p, &span, exact, field, out);
    else
        return refuse_empty (p, name->start, field);
    if (!code && *out)
        (*out)->at = name->start;
    return code;
}

/* Skip a quotation mark that is not syntax: it is not part of the value. */
static void
skip_stray_quote (sks_scanner *in)
{
    if (in->at < in->size && !sks_scanner_quote (in, in->at) &&
        (in->text[in->at] == '"' || ((unsigned char) in->text[in->at] == 0xE2 && in->size - in->at > 3 &&
                                     (unsigned char) in->text[in->at + 1] == 0x80)))
        in->at += in->text[in->at] == '"' ? 1 : 3;
}

/* Parse a field. With a blank after the colon it may be ordinary text ("education level: college"), so an invalid
 * value is not an error then, and *out stays NULL. A field that takes any value requires it directly after the
 * colon. */
static int
parse_field (sks_parser *p, const sks_word *name, int field, size_t value, sks_node **out)
{
    bool apart = value > name->end + 1, takes_words = field < SKS_FIELD_FACET;
    unsigned words = p->words;
    if (apart && !takes_words && sks_schema_field_takes_any (field))
        return 0;
    p->in.at = value;
    skip_stray_quote (&p->in);
    char soc[SKS_SOC_BYTES + 1];
    size_t end;
    int code;
    if (sks_schema_field_facet (field) >= 0)
        code = parse_value (p, field, name->start, apart, out);
    else if (field == SKS_FIELD_TITLE && sks_scanner_soc (&p->in, soc, &end))
        code = make_soc (p, soc, name->start, end, out);
    else
        code = parse_field_words (p, name, field, out);
    if (apart && code == SKS_EQUERYSYNTAX) {
        *out = NULL;
        p->words = words;
        p->in.at = name->start;
        return 0;
    }
    return code || !apart ? code : sks_parser_note (p, SKS_NOTE_FIELD, name->start);
}

/* Whether a name of the SOC and then a code start at a word: "SOC 43-9061", "SOC code: 43-9061", "O*NET-SOC
 * 43-9061.00". */
static bool
find_named_soc (const sks_scanner *in, sks_word word, char soc[SKS_SOC_BYTES + 1], size_t *end)
{
    static const char *const names[] = { "code", "codes", "number", "onet", "onetsoc", "soc", "soc#" };
    sks_scanner at = *in;
    if (!strchr ("oOsS", in->text[word.start])) /* only these letters begin a name */
        return false;
    for (bool named = false;;) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        size_t pieces = sks_text_compound (in->text, in->size, word, &compound);
        size_t size = pieces > 1 ? sks_text_join (in->text, &compound, form)
                                 : sks_text_fold (in->text + word.start, word.end - word.start, form);
        if (!sks_text_listed (form, size, names, sizeof names / sizeof *names))
            return named && sks_scanner_soc (&at, soc, end);
        named |= form[0] == 'o' || form[0] == 's';
        at.at = compound.end + strspn (in->text + compound.end, " :#");
        if (!sks_scanner_word (in, at.at, &word))
            return false;
    }
}

int
sks_query_leaf (sks_parser *p, sks_node **out)
{
    sks_scanner *in = &p->in;
    sks_word span;
    char soc[SKS_SOC_BYTES + 1];
    size_t end, value, start = in->at;
    if (in->simple && sks_scanner_word (in, start, &span))
        return parse_word (p, &span, false, SKS_FIELD_TEXT, out);
    bool exact = sks_scanner_exact (in, in->at);
    if (sks_scanner_quote (in, in->at + exact)) {
        in->at += exact;
        return parse_quoted (p, exact, SKS_FIELD_TEXT, out);
    }
    if (exact) {
        in->at++;
        return sks_scanner_word (in, in->at, &span) ? parse_word (p, &span, true, SKS_FIELD_TEXT, out) : 0;
    }
    if (!sks_scanner_word (in, in->at, &span))
        return sks_parser_refuse (p, in->at, "a word is missing here");
    if (sks_scanner_soc (in, soc, &end))
        return make_soc (p, soc, start, end, out);
    int field = sks_scanner_field (in, &span, &value), empty;
    if (field < 0 && find_named_soc (in, span, soc, &end)) {
        int code = make_soc (p, soc, start, end, out);
        return code ? code : sks_parser_note (p, SKS_NOTE_FIELD, start);
    }
    if ((empty = sks_scanner_empty_field (in, &span)) >= 0)
        return refuse_empty (p, start, empty);
    int code = field < 0 ? 0 : parse_field (p, &span, field, value, out);
    return code || in->at > start ? code : parse_word (p, &span, false, SKS_FIELD_TEXT, out);
}
