/* ranked.c - collects the words of a tree with their postings, and the worth of each form. */
#include "ranked.h"

#include "inflection.h"
#include "leaf.h"
#include "rank.h"

#include <string.h>

struct ranked_list {
    sks_ranked_word *words;
    size_t count, room;
};

/* More statements than this fill the first pages in any case. */
#define MAX_STATEMENTS 20

static const uint8_t no_kin[SKS_FORM_RANK_MAX + 1];

/* Compute the worth of a word's stem, and the additional worth of its form. */
static int
value_forms (sks_matching *m, sks_ranked_word *word, bool first)
{
    const sks_store *store = m->store;
    float q = sks_rank_query (word->postings->opening, first);
    for (int i = 0; i < SKS_KINSHIPS; i++)
        word->worth[i] = q * m->snapshot->idf_of_stem[word->stem];
    if (word->form == SKS_NONE)
        return 0;
    const sks_form *form = &store->form[word->form];
    uint8_t *kin = sks_arena_array (m->arena, SKS_FORM_RANK_MAX + 1, sizeof *kin);
    if (!kin)
        return sks_fail_memory (m->err);
    kin[form->rank] = SKS_KIN_FORM;
    word->kin = kin;
    word->worth[SKS_KIN_FORM] += q * SKS_RANK_FORM * sks_rank_idf (store->collected, form->statements);
    return 0;
}

/* Write the worth of each form of a word. Ranks that no form of the stem has are as good as the stem. */
static int
list_worth (sks_matching *m, sks_ranked_word *word)
{
    const sks_store *store = m->store;
    const sks_stem *stem = &store->stem[word->stem];
    float *worth_of = sks_arena_room (m->arena, SKS_FORM_RANK_MAX + 1, sizeof *worth_of);
    if (!worth_of)
        return sks_fail_memory (m->err);
    for (unsigned rank = 0; rank <= SKS_FORM_RANK_MAX; rank++)
        worth_of[rank] = word->worth[SKS_KIN_STEM];
    for (uint32_t i = stem->forms; word->kin != no_kin && i < stem[1].forms; i++) {
        unsigned rank = store->form[store->stem_forms[i]].rank;
        worth_of[rank] = word->worth[word->kin[rank]];
    }
    word->worth_of = worth_of;
    return 0;
}

void
sks_ranked_scale (sks_ranked_word *word, float factor)
{
    for (int kin = 0; kin < SKS_KINSHIPS; kin++)
        word->worth[kin] *= factor;
    for (unsigned rank = 0; rank <= SKS_FORM_RANK_MAX; rank++)
        word->worth_of[rank] *= factor;
}

static int
add_ranked (sks_matching *m, struct ranked_list *list, const char *word, uint32_t stem, uint32_t form)
{
    if (stem == SKS_NONE || !m->store->stem[stem].statements)
        return 0;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        sks_ranked_word *words = sks_arena_array (m->arena, room, sizeof *words);
        if (!words)
            return sks_fail_memory (m->err);
        if (list->count)
            memcpy (words, list->words, list->count * sizeof *words);
        list->words = words;
        list->room = room;
    }
    sks_ranked_word *out = &list->words[list->count++];
    *out = (sks_ranked_word) { .word = word, .stem = stem, .form = form, .kin = no_kin };
    int code = sks_cache_postings (m->cache, m->lists, stem, m->arena, &out->postings, m->err);
    return code ? code : value_forms (m, out, list->count == 1);
}

static int
rank_word (sks_matching *m, struct ranked_list *list, const sks_query_word *word, const sks_matcher *matcher)
{
    int code = 0;
    if (matcher->stem != SKS_NONE)
        return add_ranked (m, list, word->form, matcher->stem, matcher->form);
    size_t start = list->count;
    for (uint32_t form = matcher->first; !code && form < matcher->end; form++) {
        uint32_t stem = m->store->form[form].stem;
        bool again = !sks_matcher_takes_form (matcher, m->store, form);
        for (size_t i = list->count; i > start && !again; i--)
            again = list->words[i - 1].stem == stem;
        if (!again)
            code = add_ranked (m, list, word->form, stem, word->prefix ? SKS_NONE : form);
    }
    return code;
}

static int
rank_node (sks_matching *m, const sks_node *node, struct ranked_list *list)
{
    int code = 0;
    if (node->kind == SKS_NODE_NOT || node->field == SKS_FIELD_TITLE)
        return 0;
    size_t before = list->count;
    for (size_t i = 0; !code && i < node->word_count; i++)
        code = rank_word (m, list, &node->words[i], &node->matchers[i]);
    /* The parts of a compound or a phrase rank, too. Those of a word that some statements write as two rank only if
     * no statement has it as one; initials do not, as other statements have these letters, too. */
    bool both = node->other && !node->words->capitals &&
                (node->compound || node->kind == SKS_NODE_PHRASE || list->count == before);
    for (size_t i = 0; !code && both && i < node->other->word_count; i++)
        code = rank_word (m, list, &node->other->words[i], &node->other->matchers[i]);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = rank_node (m, node->children[i], list);
    return code;
}

/* A posting names the form that weighs most in its statement. In a copy, let the postings of these statements name
 * the word's form instead of a derivation; an inflection stays, as it is the same word. */
static int
name_form (sks_matching *m, sks_ranked_word *word, const sks_set *statements)
{
    sks_postings *copy = sks_arena_alloc (m->arena, sizeof *copy);
    uint32_t *postings = sks_arena_room (m->arena, word->postings->count + (size_t) 1, sizeof *postings);
    if (!copy || !postings)
        return sks_fail_memory (m->err);
    *copy = *word->postings;
    for (uint32_t i = 0; i < copy->count; i++)
        postings[i] = sks_packed_make (sks_packed_number (copy->packed.postings[i]), sks_postings_wdf (copy, i));
    copy->packed.postings = postings;
    copy->kind_count = 0;
    sks_set_walk walk = { .set = statements };
    for (uint32_t statement; sks_set_walk_next (&walk, &statement);) {
        uint32_t i = sks_postings_find (copy, statement), wdf = i == SKS_NONE ? 0 : sks_postings_wdf (copy, i);
        if (i != SKS_NONE && word->kin[sks_posting_rank (wdf)] == SKS_KIN_STEM)
            postings[i] =
                sks_packed_make (statement, sks_posting_pack (sks_posting_code (wdf), m->store->form[word->form].rank));
    }
    word->postings = copy;
    return 0;
}

/* Find all statements of a rare form, even those where another form of the stem weighs more. For a frequent form,
 * enough are found without this. */
static int
find_form (sks_matching *m, const sks_query_word *typed, sks_ranked_word *word)
{
    const sks_form *form = &m->store->form[word->form];
    sks_query_word words[] = { *typed };
    sks_node node = { .kind = SKS_NODE_WORD,
                      .at = typed->at,
                      .end = typed->end,
                      .field = SKS_FIELD_TEXT,
                      .exact = true,
                      .words = words,
                      .word_count = 1 };
    uint32_t named = 0;
    if (form->statements > MAX_STATEMENTS)
        return 0;
    for (uint32_t i = 0; i < word->postings->count; i++)
        named += sks_posting_rank (sks_postings_wdf (word->postings, i)) == form->rank;
    if (named >= form->statements)
        return 0;
    int code = sks_leaf_find (m, &node);
    return code ? code : name_form (m, word, node.set);
}

/* Compute the worth of the only word of a query. Its form alone shows which meaning is wanted, so statements with the
 * form come first, then its inflections, then other words of the stem. */
static int
value_alone (sks_matching *m, sks_ranked_word *word)
{
    const sks_store *store = m->store;
    const sks_stem *stem = &store->stem[word->stem];
    char base[SKS_MAX_WORD_BYTES], other[SKS_MAX_WORD_BYTES];
    size_t size = sks_inflection_base (word->word, strlen (word->word), base);
    uint32_t rarest = word->form == SKS_NONE ? stem->statements : store->form[word->form].statements;
    uint8_t *kin = sks_arena_array (m->arena, SKS_FORM_RANK_MAX + 1, sizeof *kin);
    float *flat = sks_arena_array (m->arena, SKS_KINSHIPS, sizeof *flat);
    if (!kin || !flat)
        return sks_fail_memory (m->err);
    for (uint32_t i = stem->forms; i < stem[1].forms; i++) {
        const sks_form *form = &store->form[store->stem_forms[i]];
        size_t length = sks_inflection_base (store->strings + form->text, form->size, other);
        if (store->stem_forms[i] == word->form)
            kin[form->rank] = SKS_KIN_FORM;
        else if (length == size && memcmp (base, other, size) == 0)
            kin[form->rank] = SKS_KIN_INFLECTED;
    }
    flat[SKS_KIN_FORM] = SKS_RANK_FORM_ALONE * sks_rank_idf (store->collected, rarest);
    flat[SKS_KIN_INFLECTED] = SKS_RANK_INFLECTED * flat[SKS_KIN_FORM];
    word->worth[SKS_KIN_INFLECTED] = word->worth[SKS_KIN_FORM];
    word->kin = kin;
    word->flat = flat;
    return 0;
}

int
sks_ranked_find (sks_matching *m, const sks_node *root, sks_ranked_word **out, size_t *count)
{
    struct ranked_list list = { 0 };
    int code = rank_node (m, root, &list);
    const sks_node *word = root->kind == SKS_NODE_BAG && root->child_count == 1 ? root->children[0] : root;
    bool typed = list.count && word->kind == SKS_NODE_WORD && list.words->word == word->words->form;
    *out = list.words;
    *count = list.count;
    if (!code && (list.count == 1 || (typed && word->compound)))
        code = value_alone (m, list.words);
    if (!code && typed && list.count == 1 && list.words->form != SKS_NONE && !word->compound && !m->find)
        code = find_form (m, word->words, list.words);
    for (size_t i = 0; !code && i < list.count; i++)
        code = list_worth (m, &list.words[i]);
    return code;
}
