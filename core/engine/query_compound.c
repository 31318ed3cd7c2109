/* query_compound.c - words joined by a sign (core/base/text_compound.h): either the joined form or the adjacent
 * pieces. */
#include "query_compound.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "filler.h"

#include <string.h>

/* Make a leaf of `count` words. */
static sks_node *
make_leaf (sks_parser *p, int kind, size_t at, size_t end, const sks_query_word *words, size_t count)
{
    sks_node *leaf = sks_parser_node (p, kind, at, end);
    if (!leaf || !(leaf->words = sks_arena_array (p->arena, count, sizeof *words)))
        return NULL;
    memcpy (leaf->words, words, count * sizeof *words);
    leaf->word_count = count;
    return leaf;
}

/* Whether a compound consists of initials in capitals: "I.T.". */
static bool
is_initials (const char *text, const sks_compound *compound)
{
    bool initials = compound->count > 1;
    for (size_t i = 0; i < compound->count; i++) {
        sks_word piece = compound->pieces[i];
        initials &= piece.end - piece.start == 1 && text[piece.start] >= 'A' && text[piece.start] <= 'Z' &&
                    (i + 1 == compound->count || compound->signs[i] == '.');
    }
    return initials;
}

/* Make a word of the joined form. It is empty if there is no such form, or if it is a stop word, which the index does
 * not keep. Initials are an exception: like a word in capitals, they are a name. */
static int
join (sks_parser *p, const sks_compound *compound, sks_query_word *out)
{
    char form[SKS_MAX_WORD_BYTES];
    size_t size = sks_text_join (p->in.text, compound, form);
    bool stop = sks_text_stop_word (form, size), name = stop && is_initials (p->in.text, compound);
    if (stop && !name)
        size = 0;
    *out = (sks_query_word) { .form = sks_arena_copy (p->arena, form, size),
                              .size = size,
                              .capitals = name,
                              .at = compound->pieces[0].start,
                              .end = compound->end };
    return out->form ? 0 : sks_fail_memory (p->err);
}

/* Fold the pieces; *stop becomes true if all of them are stop words. */
static int
read_pieces (sks_parser *p, const sks_compound *compound, sks_query_word *pieces, size_t *count, bool *stop)
{
    *stop = true;
    *count = 0;
    for (size_t i = 0; i < compound->count; i++) {
        sks_query_word *piece = &pieces[*count];
        int code = sks_parser_word (p, &compound->pieces[i], piece);
        if (code)
            return code;
        *count += piece->size > 0;
        *stop &= !piece->size || sks_text_stop_word (piece->form, piece->size);
    }
    return 0;
}

int
sks_query_compound (sks_parser *p, const sks_compound *compound, bool exact, int field, sks_node **out)
{
    sks_query_word pieces[SKS_MAX_COMPOUND + 1], joined;
    size_t count, start = compound->pieces[0].start;
    bool stop;
    int code = read_pieces (p, compound, pieces, &count, &stop);
    if (!code)
        code = join (p, compound, &joined);
    p->in.at = compound->end;
    if (!code && !count)
        return 0;
    if (code || (code = sks_parser_prefix (p, joined.size ? &joined : &pieces[count - 1], exact)))
        return code;
    pieces[count - 1].prefix |= joined.prefix;
    stop = joined.size ? p->left_out >= SKS_LEFT_OUT_FILLERS && sks_filler (joined.form, joined.size)
                       : stop && p->left_out != SKS_LEFT_OUT_NONE;
    if (stop && !exact && field == SKS_FIELD_TEXT && !pieces[count - 1].prefix) {
        joined.size = compound->end - start;
        joined.form = sks_arena_copy (p->arena, p->in.text + start, joined.size);
        return joined.form ? sks_parser_ignore (p, &joined) : sks_fail_memory (p->err);
    }
    sks_node *beside = make_leaf (p, SKS_NODE_PHRASE, start, p->in.at, pieces, count), *leaf = beside;
    if (beside && joined.size && !exact) {
        leaf = make_leaf (p, SKS_NODE_WORD, start, p->in.at, &joined, 1);
        if (leaf) {
            leaf->compound = true;
            leaf->other = beside;
        }
    }
    if (!beside || !leaf)
        return sks_fail_memory (p->err);
    p->asking += field == SKS_FIELD_TEXT;
    beside->exact = exact;
    beside->field = leaf->field = field;
    *out = leaf;
    return 0;
}

int
sks_query_compound_joined (sks_parser *p, size_t from, size_t to, sks_node *phrase)
{
    sks_query_word words[SKS_MAX_QUERY_WORDS];
    sks_word span = { from, from };
    size_t count = 0, next = 0; /* words of this reading, and of the phrase */
    bool any = false;
    while (next < phrase->word_count && sks_text_word (p->in.text, to, span.end, &span)) {
        sks_compound compound;
        size_t first = next;
        sks_text_compound (p->in.text, to, span, &compound);
        span = compound.pieces[compound.count - 1];
        while (next < phrase->word_count && phrase->words[next].at < span.end)
            next++;
        int code = join (p, &compound, &words[count]);
        if (code)
            return code;
        if (words[count].size)
            count++;
        else
            for (; first < next; first++)
                words[count++] = phrase->words[first];
        any |= compound.count > 1 && count && words[count - 1].end == compound.end && words[count - 1].at < span.start;
    }
    if (!any)
        return 0;
    phrase->other = make_leaf (p, SKS_NODE_PHRASE, phrase->at, phrase->end, words, count);
    if (!phrase->other)
        return sks_fail_memory (p->err);
    phrase->other->field = phrase->field;
    return 0;
}
