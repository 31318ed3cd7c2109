/* typed.c - folds words, looks them up, and marks their forms. */
#include "typed.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/base/utf8.h"
#include "filler.h"
#include "leaf.h"

/* A beginning with fewer letters, typed alone, has too many completions: only duties that begin with it are
 * useful. */
#define MIN_LETTERS 3

static int
add_typed (sks_matching *m, const char *text, size_t size, const sks_word *span, sks_typed *out)
{
    char folded[SKS_MAX_WORD_BYTES];
    sks_query_word word = { .form = folded, .at = span->start, .end = span->end };
    word.size = sks_text_fold (text + span->start, span->end - span->start, folded);
    if (!word.size)
        return 0;
    if (out->count == SKS_MAX_QUERY_WORDS)
        return sks_fail (m->err, SKS_ELIMIT, "/text: at most %d words", SKS_MAX_QUERY_WORDS);
    sks_matcher *matcher = &out->matchers[out->count++];
    out->open = span->end == size;
    bool weightless = sks_text_stop_word (folded, word.size) || sks_filler (folded, word.size);
    out->all |= weightless && !out->open ? 0 : (uint64_t) 1 << (out->count - 1);
    out->opening = out->open && out->count == 1 && sks_utf8_count (folded, word.size) < MIN_LETTERS;
    if (!out->open)
        return sks_leaf_word (m, &word, false, matcher);
    sks_matcher whole = { .stem = SKS_NONE };
    int code = sks_utf8_count (folded, word.size) < MIN_LETTERS ? 0 : sks_leaf_word (m, &word, false, &whole);
    if (!code && sks_utf8_count (folded, word.size) >= MIN_LETTERS)
        out->stem = whole.stem;
    *matcher = (sks_matcher) { .stem = SKS_NONE };
    sks_leaf_forms (m->store, word.form, word.size, &matcher->first, &matcher->end);
    return code;
}

static void
take_stem (const sks_store *store, uint32_t stem, uint64_t bit, uint64_t *takes)
{
    if (stem != SKS_NONE)
        for (uint32_t i = store->stem[stem].forms; i < store->stem[stem + 1].forms; i++)
            takes[store->stem_forms[i]] |= bit;
}

int
sks_typed_read (sks_matching *m, const char *text, size_t size, sks_typed *out)
{
    const sks_store *store = m->store;
    sks_word span = { 0, 0 };
    *out = (sks_typed) { .takes = sks_arena_array (m->arena, store->forms + (size_t) 1, sizeof *out->takes),
                         .stem = SKS_NONE };
    int code = out->takes ? 0 : sks_fail_memory (m->err);
    while (!code && sks_text_word (text, size, span.end, &span))
        code = add_typed (m, text, size, &span, out);
    for (size_t i = 0; !code && i < out->count; i++) {
        const sks_matcher *matcher = &out->matchers[i];
        uint64_t bit = (uint64_t) 1 << i;
        take_stem (store, matcher->stem, bit, out->takes);
        if (out->open && i + 1 == out->count)
            take_stem (store, out->stem, bit, out->takes);
        for (uint32_t form = matcher->first; form < matcher->end; form++)
            out->takes[form] |= bit;
    }
    /* Stop words and fillers are not required, unless there are no other words. */
    if (!out->all)
        out->all = out->count == SKS_MAX_QUERY_WORDS ? UINT64_MAX : ((uint64_t) 1 << out->count) - 1;
    return code;
}

bool
sks_typed_holds (const sks_typed *typed, const uint32_t *forms, size_t count, bool *begins)
{
    uint64_t seen = 0;
    size_t opening = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t takes = forms[i] == SKS_NONE ? 0 : typed->takes[forms[i]];
        seen |= takes;
        opening += opening == i && i < typed->count && takes >> i & 1;
    }
    *begins = opening == typed->count;
    return (seen & typed->all) == typed->all;
}
