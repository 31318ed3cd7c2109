/* parser.c - failures, notes, nodes and words. */
#include "parser.h"

#include "core/base/text_fold.h"
#include "core/base/utf8.h"

int
sks_parser_refuse (sks_parser *p, size_t at, const char *what)
{
    return sks_fail_at (p->err, SKS_EQUERYSYNTAX, (long) at, "%s", what);
}

int
sks_parser_limit (sks_parser *p, size_t at, const char *what, unsigned max)
{
    return sks_fail_at (p->err, SKS_ETOOCOMPLEX, (long) at, "%s: at most %u", what, max);
}

int
sks_parser_note (sks_parser *p, int kind, size_t at)
{
    return sks_notes_add (&p->notes, p->arena, kind, at, NULL, p->err);
}

sks_node *
sks_parser_node (sks_parser *p, int kind, size_t at, size_t end)
{
    sks_node *node = sks_arena_alloc (p->arena, sizeof *node);
    if (node)
        *node = (sks_node) { .kind = kind, .at = at, .end = end };
    return node;
}

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
    *out = (sks_query_word) { .form = form, .size = size, .at = span->start, .end = span->end };
    return 0;
}

int
sks_parser_ignore (sks_parser *p, const sks_query_word *word)
{
    if (p->ignored_count < SKS_MAX_QUERY_WORDS)
        p->ignored[p->ignored_count++] = *word;
    return 0;
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
    if (sks_utf8_count (word->form, word->size) < SKS_MIN_PREFIX_LETTERS)
        return sks_fail_at (p->err, SKS_ETOOCOMPLEX, (long) word->at, "* needs at least %d letters before it",
                            SKS_MIN_PREFIX_LETTERS);
    if (++p->prefixes > SKS_MAX_QUERY_PREFIXES)
        return sks_parser_limit (p, word->at, "words with *", SKS_MAX_QUERY_PREFIXES);
    return 0;
}
