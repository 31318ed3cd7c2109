/* named.c - intersects lists of occupations by the stems of their titles. */
#include "named.h"

#include "core/base/buffer.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "rank.h"

#include <string.h>

/* The cost of reading a title, in units of a budget. */
#define TITLE_UNITS 512

/* The words of a query of plain words only. Returns their number, 0 if the query has anything else. */
static size_t
plain_words (const sks_query_tree *tree, sks_node *const **out)
{
    const sks_node *root = tree->root;
    bool one = root->kind == SKS_NODE_WORD;
    size_t count = one ? 1 : root->kind == SKS_NODE_BAG ? root->child_count : 0;
    *out = one ? &tree->root : root->children;
    for (size_t i = 0; i < count; i++) {
        const sks_node *word = (*out)[i];
        if (word->kind != SKS_NODE_WORD || word->field != SKS_FIELD_TEXT || word->exact || word->words->prefix)
            return 0;
    }
    return count;
}

/* Keep the occupations whose title has the stem; if it is the first stem, start with all that have it. */
static void
keep_with_stem (const sks_title_stems *titles, uint32_t stem, bool first, uint32_t *occupations, size_t *count)
{
    size_t kept = 0, next = 0;
    const uint32_t *having = stem == SKS_NONE ? NULL : sks_title_stems_of (titles, stem);
    for (uint32_t i = 0, end = having ? sks_title_stems_count (titles, stem) : 0; i < end; i++) {
        while (!first && next < *count && occupations[next] < having[i])
            next++;
        if (first || (next < *count && occupations[next] == having[i]))
            occupations[kept++] = having[i];
    }
    *count = kept;
}

/* Whether a word, which is then ignored, is neither in a statement nor in a title. */
static bool
occurs_nowhere (const sks_node *word)
{
    return !word->compound && word->matchers->stem == SKS_NONE &&
           !sks_text_stop_word (word->words->form, word->words->size);
}

static bool
has_stop_word (const sks_node *pieces)
{
    for (size_t i = 0; i < pieces->word_count; i++)
        if (sks_text_stop_word (pieces->words[i].form, pieces->words[i].size))
            return true;
    return false;
}

static bool
title_has (const char *title, const sks_query_word *joined)
{
    size_t size = strlen (title);
    sks_word word = { 0, 0 };
    while (sks_text_word (title, size, word.end, &word)) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        sks_text_compound (title, size, word, &compound);
        word = compound.pieces[compound.count - 1];
        if (sks_text_join (title, &compound, form) == joined->size && memcmp (form, joined->form, joined->size) == 0)
            return true;
    }
    return false;
}

/* Keep the occupations whose title has the compound. */
static void
keep_with_compound (sks_matching *m, const sks_query_word *joined, uint32_t *occupations, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count && !sks_budget_spend (m->budget, TITLE_UNITS); i++)
        if (title_has (sks_store_string (m->store, m->store->occupation[occupations[i]].title), joined))
            occupations[kept++] = occupations[i];
    *count = kept;
}

/* The word in the fewest occupations, which excludes most titles. */
static size_t
find_rarest (const sks_store *store, sks_node *const *words, size_t count)
{
    size_t rarest = 0;
    uint32_t fewest = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        uint32_t stem = words[i]->matchers->stem;
        if (words[i]->compound || stem == SKS_NONE)
            continue;
        uint32_t contexts = store->stem[stem + 1].contexts - store->stem[stem].contexts;
        if (contexts < fewest) {
            fewest = contexts;
            rarest = i;
        }
    }
    return rarest;
}

/* Whether a word that occurs is in no title, so that no title has all words. Of a compound only its pieces are known. */
static bool
lacks_title (const sks_title_stems *titles, sks_node *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t stem = words[i]->matchers->stem;
        if (!words[i]->compound && stem != SKS_NONE && !sks_title_stems_count (titles, stem))
            return true;
    }
    return false;
}

int
sks_named_find (sks_matching *m, const sks_query_tree *tree, sks_named *out)
{
    sks_node *const *words;
    const sks_title_stems *titles = &m->snapshot->titles;
    size_t count = plain_words (tree, &words);
    bool first = true;
    *out = (sks_named) { .at = SIZE_MAX };
    if (lacks_title (titles, words, count))
        return 0;
    uint32_t *occupations = sks_arena_room (m->arena, m->store->occupations + (size_t) 1, sizeof *occupations);
    if (!occupations)
        return sks_fail_memory (m->err);
    size_t rarest = find_rarest (m->store, words, count);
    for (size_t step = 0; step < count && (first || out->count); step++) {
        size_t i = (rarest + step) % count;
        const sks_node *word = words[i]->compound ? words[i]->other : words[i];
        if (!occurs_nowhere (words[i]) && words[i]->at < out->at)
            out->at = words[i]->at;
        for (size_t k = 0; k < word->word_count && (first || out->count); k++) {
            uint32_t stem = word->matchers[k].stem;
            /* A stop word has no stem, so its compound is searched as a whole below. */
            if (words[i]->compound && sks_text_stop_word (word->words[k].form, word->words[k].size))
                continue;
            if (occurs_nowhere (words[i]))
                continue;
            sks_budget_spend (m->budget, stem == SKS_NONE ? 1 : m->store->stem[stem].statements);
            keep_with_stem (titles, stem, first, occupations, &out->count);
            first = false;
            if (out->count)
                out->weight += sks_rank_idf (m->store->collected, m->store->stem[stem].statements);
        }
        if (words[i]->compound && has_stop_word (word)) {
            keep_with_compound (m, words[i]->words, occupations, &out->count);
            first = false;
        }
    }
    out->occupations = occupations;
    return sks_budget_status (m->budget, m->err);
}

bool
sks_named_has (const sks_named *named, uint32_t occupation)
{
    uint32_t at = sks_set_list_find (named->occupations, (uint32_t) named->count, 0, occupation);
    return at < named->count && named->occupations[at] == occupation;
}

int
sks_named_add (sks_matching *m, const sks_named *named, sks_set *set)
{
    const sks_store *store = m->store;
    sks_set sets[2] = { *set };
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    if (!bits)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < named->count; i++) {
        uint32_t cell = named->occupations[i] * SKS_LEVELS;
        sks_set_add_range (bits, store->cells[cell], store->cells[cell + SKS_LEVELS]);
    }
    sets[1] = sks_set_of_bits (store->statements, bits);
    return sks_set_or (set, m->arena, sets, 2) ? 0 : sks_fail_memory (m->err);
}

char *
sks_named_query (const sks_query_tree *tree, sks_arena *arena)
{
    sks_node *const *words;
    size_t count = plain_words (tree, &words);
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES);
    for (size_t i = 0; i < count; i++) {
        bool pieces = words[i]->compound && !has_stop_word (words[i]->other);
        const sks_node *word = pieces ? words[i]->other : words[i];
        for (size_t k = 0; k < word->word_count; k++)
            if (!occurs_nowhere (words[i]))
                sks_buffer_printf (&out, "%stitle:%s", out.size ? " " : "", word->words[k].form);
    }
    char *copy = sks_buffer_status (&out, NULL) ? NULL : sks_arena_copy (arena, out.bytes, out.size);
    sks_buffer_free (&out);
    return copy;
}
