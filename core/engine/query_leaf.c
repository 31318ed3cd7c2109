/* query_leaf.c - what stands between the operators of a query: words, phrases
 * and the values of fields. */
#include "query_parts.h"

#include <string.h>

int
sks_parser_word (sks_parser *p, const sks_word *span, sks_query_word *out)
{
    char folded[SKS_MAX_WORD_BYTES];
    if (++p->words > SKS_MAX_QUERY_WORDS)
        return sks_parser_limit (p, span->start, "words in a query", SKS_MAX_QUERY_WORDS);
    size_t size = sks_text_fold (p->in.text + span->start, span->end - span->start, folded);
    char *form = sks_arena_copy (p->arena, folded, size);
    if (!form)
        return sks_fail_memory (p->err);
    *out = (sks_query_word) { form, size, span->start, span->end, false };
    return 0;
}

/* The next quotation mark, or the end of the text. */
static size_t
find_quote (const sks_scanner *in, size_t at)
{
    while (at < in->size && !sks_scanner_quote (in, at))
        at++;
    return at;
}

/* The words between two quotation marks; the scanner stands on the first. */
static int
parse_quoted (sks_parser *p, bool exact, int field, sks_node **out)
{
    size_t start = p->in.at, opened = start + sks_scanner_quote (&p->in, start);
    size_t close = find_quote (&p->in, opened);
    if (close >= p->in.size)
        return sks_parser_refuse (p, start, "this quotation mark has no partner");
    sks_node *node = sks_parser_node (p, SKS_NODE_PHRASE, start, close + sks_scanner_quote (&p->in, close));
    sks_query_word words[SKS_MAX_QUERY_WORDS];
    sks_word span = { opened, opened };
    size_t count = 0;
    while (sks_text_word (p->in.text, close, span.end, &span)) {
        if (count == SKS_MAX_QUERY_WORDS)
            return sks_parser_limit (p, span.start, "words in a query", SKS_MAX_QUERY_WORDS);
        if (span.end < close && p->in.text[span.end] == '*')
            return sks_parser_refuse (p, span.end, "* does not go inside quotation marks");
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
    *out = node;
    return exact ? 0 : sks_parser_joined (p, opened, close, node);
}

int
sks_parser_ignore (sks_parser *p, const sks_query_word *word)
{
    if (p->ignored_count < SKS_MAX_QUERY_WORDS)
        p->ignored[p->ignored_count++] = *word;
    return 0;
}

static size_t
count_letters (const sks_query_word *word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word->size; i++)
        letters += ((unsigned char) word->form[i] & 0xC0) != 0x80;
    return letters;
}

int
sks_parser_prefix (sks_parser *p, sks_query_word *word, bool exact)
{
    word->prefix = p->in.at < p->in.size && p->in.text[p->in.at] == '*';
    if (!word->prefix)
        return 0;
    p->in.at++;
    if (exact)
        return sks_parser_refuse (p, p->in.at - 1, "= and * do not go together");
    if (count_letters (word) < SKS_MIN_PREFIX_LETTERS)
        return sks_fail_at (p->err, SKS_ETOOCOMPLEX, (long) word->at, "* needs at least %d letters before it",
                            SKS_MIN_PREFIX_LETTERS);
    if (++p->prefixes > SKS_MAX_QUERY_PREFIXES)
        return sks_parser_limit (p, word->at, "words with *", SKS_MAX_QUERY_PREFIXES);
    return 0;
}

/* One word; *out stays NULL for a stop word that is left out. */
static int
parse_word (sks_parser *p, const sks_word *span, bool exact, int field, sks_node **out)
{
    sks_query_word word;
    sks_compound compound;
    if (sks_text_compound (p->in.text, p->in.size, *span, &compound) > 1)
        return sks_parser_compound (p, &compound, exact, field, out);
    int code = sks_parser_word (p, span, &word);
    if (code)
        return code;
    p->in.at = span->end;
    if ((code = sks_parser_prefix (p, &word, exact)))
        return code;
    if (!word.size)
        return 0;
    if (!exact && !word.prefix && field == SKS_FIELD_TEXT && sks_text_stop_word (word.form, word.size))
        return sks_parser_ignore (p, &word);
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

static size_t
find_value_end (const sks_scanner *in, size_t at)
{
    while (at < in->size && in->text[at] != ' ' && in->text[at] != ')')
        at++;
    return at;
}

/* What a field's value may be; an impossible one is an error, not an empty answer. */
static int
check_value (sks_parser *p, int field, const char *value, size_t at)
{
    size_t size = strlen (value);
    if (field == SKS_FIELD_LEVEL && sks_level_of (value, size) < 0)
        return sks_parser_refuse (p, at, "levels are emerging, developing, proficient and advanced");
    if (field == SKS_FIELD_ZONE && sks_zone_of (value) < 0)
        return sks_parser_refuse (p, at, "zones are 1 to 5, and none");
    if (field == SKS_FIELD_SOC && (strspn (value, "0123456789-.") != size || size > SKS_SOC_BYTES))
        return sks_parser_refuse (p, at, "soc: takes a SOC code or its beginning, as 43- or 43-9061.00");
    return 0;
}

static int
parse_value (sks_parser *p, int field, size_t start, sks_node **out)
{
    const sks_scanner *in = &p->in;
    size_t value = in->at, quote = sks_scanner_quote (in, value);
    size_t end = quote ? find_quote (in, value + quote) : find_value_end (in, value);
    if (quote && end >= in->size)
        return sks_parser_refuse (p, value, "this quotation mark has no partner");
    value += quote;
    if (end == value)
        return sks_parser_refuse (p, start, "this field needs a value right behind the colon");
    if (++p->words > SKS_MAX_QUERY_WORDS)
        return sks_parser_limit (p, start, "words in a query", SKS_MAX_QUERY_WORDS);
    sks_node *node = sks_parser_node (p, SKS_NODE_VALUE, start, end + (quote ? sks_scanner_quote (in, end) : 0));
    char *copy = sks_arena_copy (p->arena, in->text + value, end - value);
    if (!node || !copy)
        return sks_fail_memory (p->err);
    for (char *c = copy; field == SKS_FIELD_LEVEL && *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char) (*c - 'A' + 'a') : *c;
    node->field = field;
    node->value = copy;
    p->in.at = node->end;
    *out = node;
    return check_value (p, field, copy, value);
}

static int
parse_field (sks_parser *p, const sks_word *name, int field, sks_node **out)
{
    sks_word span;
    p->in.at = name->end + 1;
    if (field != SKS_FIELD_DUTY && field != SKS_FIELD_TITLE)
        return parse_value (p, field, name->start, out);
    bool exact = sks_scanner_exact (&p->in, p->in.at);
    p->in.at += exact;
    int code;
    if (sks_scanner_quote (&p->in, p->in.at))
        code = parse_quoted (p, exact, field, out);
    else if (sks_scanner_word (&p->in, p->in.at, &span))
        code = parse_word (p, &span, exact, field, out);
    else
        return sks_parser_refuse (p, name->start, "this field needs a word or a phrase right behind the colon");
    if (!code && *out)
        (*out)->at = name->start;
    return code;
}

int
sks_parser_leaf (sks_parser *p, sks_node **out)
{
    sks_scanner *in = &p->in;
    sks_word span;
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
    if (sks_scanner_soc (in))
        return parse_value (p, SKS_FIELD_SOC, in->at, out);
    int field = sks_scanner_field (in, &span);
    return field < 0 ? parse_word (p, &span, false, SKS_FIELD_TEXT, out) : parse_field (p, &span, field, out);
}
