/* match.c - sets of nodes. Verification reads a statement's words once. */
#include "match.h"

#include "../../core/text.h"
#include "generation_parts.h"
#include "near.h"

#include <string.h>

/* ---------------------------------------------------------------- resolving */

/* The forms that start with these bytes: [*first, *end). */
static void
forms_of_prefix (const sks_store *store, const char *bytes, size_t size, uint32_t *first, uint32_t *end)
{
    uint32_t bounds[2];
    for (int after = 0; after < 2; after++) {
        uint32_t low = 0, high = store->forms;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            const sks_form *form = &store->form[middle];
            size_t common = form->size < size ? form->size : size;
            int order = memcmp (store->strings + form->text, bytes, common);
            if (!order && form->size < size)
                order = -1;
            if (order < 0 || (after && order == 0))
                low = middle + 1;
            else
                high = middle;
        }
        bounds[after] = low;
    }
    *first = bounds[0];
    *end = bounds[1];
}

/* The stem of a word that occurs in no statement in this form. */
static int
stem_of_unknown (sks_matching *m, const sks_query_word *word, uint32_t *stem)
{
    char bytes[SKS_MAX_WORD_BYTES];
    size_t size;
    int code = sks_stemmer_stem (m->stemmer, word->form, word->size, bytes, sizeof bytes, &size, m->err);
    if (!code)
        *stem = sks_store_stem (m->store, bytes, size);
    return code;
}

static int
resolve_word (sks_matching *m, const sks_query_word *word, bool exact, sks_matcher *out)
{
    *out = (sks_matcher) { SKS_NONE, 0, 0 };
    if (word->prefix) {
        forms_of_prefix (m->store, word->form, word->size, &out->first, &out->end);
        if (out->end - out->first > SKS_MAX_PREFIX_EXPANSIONS)
            return sks_fail_at (m->err, SKS_ETOOCOMPLEX, (long) word->at, "%s* stands for %u words: at most %d",
                                word->form, out->end - out->first, SKS_MAX_PREFIX_EXPANSIONS);
        return 0;
    }
    uint32_t form = sks_store_form (m->store, word->form, word->size);
    if (form == SKS_NONE)
        return exact || sks_text_stop_word (word->form, word->size) ? 0 : stem_of_unknown (m, word, &out->stem);
    if (exact || m->store->form[form].stop) {
        out->first = form;
        out->end = form + 1;
    } else
        out->stem = m->store->form[form].stem;
    return 0;
}

int
sks_match_resolve (sks_matching *m, sks_node *node)
{
    int code = 0;
    if (node->word_count) {
        sks_matcher *matchers = sks_arena_array (m->arena, node->word_count, sizeof *matchers);
        if (!matchers)
            return sks_fail_memory (m->err);
        for (size_t i = 0; !code && i < node->word_count; i++)
            code = resolve_word (m, &node->words[i], node->exact, &matchers[i]);
        node->matchers = matchers;
    }
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = sks_match_resolve (m, node->children[i]);
    return code;
}

/* -------------------------------------------------------------------- words */

static int
set_of_stem (sks_matching *m, uint32_t stem, sks_set *out)
{
    const sks_postings *postings;
    int code = sks_generation_postings (m->generation, m->reader, stem, m->arena, &postings, m->err);
    if (!code)
        *out = sks_set_of_list (m->store->statements, postings->statements, postings->count);
    return code;
}

static int
set_of_all (sks_matching *m, sks_set *out)
{
    return sks_set_range (out, m->arena, m->store->statements, 0, m->store->statements) ? 0
                                                                                         : sks_fail_memory (m->err);
}

/* Whether every form of a stem is taken by the matcher. */
static bool
takes_whole_stem (const sks_store *store, const sks_matcher *matcher, uint32_t stem)
{
    for (uint32_t i = store->stem[stem].forms; i < store->stem[stem + 1].forms; i++)
        if (!sks_matcher_takes (matcher, store, store->stem_forms[i]))
            return false;
    return true;
}

/* The statements that may hold a word of the matcher, a superset; *sure when
 * it is the very set. Stop words have no postings: then it is everything. */
static int
candidates (sks_matching *m, const sks_matcher *matcher, sks_set *out, bool *sure)
{
    *sure = true;
    if (matcher->stem != SKS_NONE)
        return set_of_stem (m, matcher->stem, out);
    sks_set sets[SKS_MAX_PREFIX_EXPANSIONS];
    size_t count = 0;
    for (uint32_t form = matcher->first; form < matcher->end; form++) {
        uint32_t stem = m->store->form[form].stem;
        if (stem == SKS_NONE) {
            *sure = false;
            return set_of_all (m, out);
        }
        *sure &= takes_whole_stem (m->store, matcher, stem);
        int code = set_of_stem (m, stem, &sets[count++]);
        if (code)
            return code;
    }
    if (!count)
        *out = sks_set_of_list (m->store->statements, NULL, 0);
    else if (count == 1)
        *out = sets[0];
    else if (!sks_set_or (out, m->arena, sets, count))
        return sks_fail_memory (m->err);
    return 0;
}

/* --------------------------------------------------------------- verification */

/* Whether the leaf matches in m->words; the duty's words alone count for duty. */
static bool
leaf_matches (const sks_matching *m, const sks_node *leaf)
{
    uint32_t count = leaf->field == SKS_FIELD_DUTY ? m->words->duty : m->words->count;
    for (uint32_t at = 0; at + leaf->word_count <= count; at++)
        if (sks_words_match (m->words, m->store, at, leaf->matchers, leaf->word_count))
            return true;
    return false;
}

static bool
node_matches (const sks_matching *m, const sks_node *node)
{
    return node->kind == SKS_NODE_NEAR ? sks_near_matches (m->words, m->store, node) : leaf_matches (m, node);
}

/* Keep the members of a set in whose words the node really matches. */
static int
verify (sks_matching *m, const sks_node *node, const sks_set *set, sks_set *out)
{
    uint32_t *list = sks_arena_array (m->arena, set->count + (size_t) 1, sizeof *list);
    if (!list)
        return sks_fail_memory (m->err);
    uint32_t kept = 0, statement;
    sks_walk walk = { set, 0 };
    while (sks_walk_next (&walk, &statement)) {
        sks_words_read (m->words, m->store, statement);
        list[kept] = statement;
        kept += node_matches (m, node);
    }
    *out = sks_set_of_list (m->store->statements, list, kept);
    return 0;
}

/* ------------------------------------------------------------------- leaves */

static int
set_of_leaf (sks_matching *m, const sks_node *leaf, sks_set *out)
{
    sks_set sets[SKS_MAX_QUERY_WORDS], narrow;
    bool sure = true, one_sure;
    int code = 0;
    for (size_t i = 0; !code && i < leaf->word_count; i++) {
        code = candidates (m, &leaf->matchers[i], &sets[i], &one_sure);
        sure &= one_sure;
    }
    if (code)
        return code;
    narrow = sets[0];
    if (leaf->word_count > 1 && !sks_set_and (&narrow, m->arena, sets, leaf->word_count))
        return sks_fail_memory (m->err);
    if (sure && leaf->word_count == 1 && leaf->field == SKS_FIELD_TEXT) {
        *out = narrow;
        return 0;
    }
    return verify (m, leaf, &narrow, out);
}

/* Whether a leaf matches in an occupation's title. */
static bool
title_matches (sks_matching *m, const sks_node *leaf, uint32_t occupation)
{
    const char *title = sks_store_string (m->store, m->store->occupation[occupation].title);
    size_t size = strlen (title);
    sks_word word = { 0, 0 };
    m->words->count = 0;
    while (sks_text_word (title, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (title + word.start, word.end - word.start, folded);
        uint32_t form = sks_store_form (m->store, folded, length);
        if (form != SKS_NONE)
            m->words->form[m->words->count++] = form;
    }
    return leaf_matches (m, leaf);
}

static void
add_occupation (sks_matching *m, uint64_t *bits, uint32_t occupation)
{
    for (uint32_t s = m->store->cells[occupation * SKS_LEVELS]; s < m->store->cells[(occupation + 1) * SKS_LEVELS]; s++)
        bits[s >> 6] |= (uint64_t) 1 << (s & 63);
}

/* Occupations by their titles: those that the dictionary's context names for a
 * stem, or all when the word is a form. */
static int
set_of_title (sks_matching *m, const sks_node *leaf, sks_set *out)
{
    const sks_store *store = m->store;
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    if (!bits)
        return sks_fail_memory (m->err);
    uint32_t stem = leaf->matchers[0].stem;
    if (stem != SKS_NONE) {
        for (uint32_t i = store->stem[stem].contexts; i < store->stem[stem + 1].contexts; i++)
            if (store->context[i].title && (leaf->word_count == 1 || title_matches (m, leaf, store->context[i].occupation)))
                add_occupation (m, bits, store->context[i].occupation);
    } else
        for (uint32_t i = 0; i < store->occupations; i++)
            if (title_matches (m, leaf, i))
                add_occupation (m, bits, i);
    *out = sks_set_of_bits (store->statements, bits);
    return 0;
}

/* Whether a cell has the value of a field. */
static bool
cell_has_value (const sks_store *store, uint32_t cell, const sks_node *node)
{
    const sks_occupation *row = &store->occupation[cell / SKS_LEVELS];
    switch (node->field) {
    case SKS_FIELD_LEVEL:
        return sks_cell_level (cell) == sks_level_of (node->value, strlen (node->value));
    case SKS_FIELD_SOC:
        return strncmp (sks_store_string (store, row->soc), node->value, strlen (node->value)) == 0;
    case SKS_FIELD_SECTOR:
        return strcmp (sks_store_string (store, store->sector[row->sector].code), node->value) == 0;
    case SKS_FIELD_GROUP:
        return strcmp (sks_store_string (store, store->group[row->group].code), node->value) == 0;
    default:
        return row->zone == sks_zone_of (node->value);
    }
}

static int
set_of_value (sks_matching *m, const sks_node *node, sks_set *out)
{
    const sks_store *store = m->store;
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    if (!bits)
        return sks_fail_memory (m->err);
    for (uint32_t cell = 0; cell < store->occupations * SKS_LEVELS; cell++)
        if (cell_has_value (store, cell, node))
            for (uint32_t s = store->cells[cell]; s < store->cells[cell + 1]; s++)
                bits[s >> 6] |= (uint64_t) 1 << (s & 63);
    *out = sks_set_of_bits (store->statements, bits);
    return 0;
}

/* ------------------------------------------------------------- a quarter of a bag */

/* Statements looked at in one go, so that their shares stay in the cache. */
#define WINDOW 8192

/* idf as a whole number, so that sums are exact. */
#define IDF_UNIT 1024

struct weighed {
    const sks_postings *postings;
    uint32_t next, weight;
};

/* The distinct words of a bag with their weights; *total is of all words, of
 * those too that occur nowhere, which weigh as if they occurred once. */
static int
weigh (sks_matching *m, const sks_node *bag, struct weighed *list, size_t *count, uint64_t *total)
{
    *count = 0;
    *total = 0;
    for (size_t i = 0; i < bag->child_count; i++) {
        uint32_t stem = bag->children[i]->matchers[0].stem;
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = stem != SKS_NONE && bag->children[k]->matchers[0].stem == stem;
        if (known)
            continue;
        uint32_t holding = stem == SKS_NONE ? 0 : m->store->stem[stem].statements;
        float idf = sks_rank_idf (m->store->statements, holding ? holding : 1);
        *total += (uint64_t) (idf * IDF_UNIT);
        if (!holding)
            continue;
        struct weighed *word = &list[(*count)++];
        *word = (struct weighed) { NULL, 0, (uint32_t) (idf * IDF_UNIT) };
        int code = sks_generation_postings (m->generation, m->reader, stem, m->arena, &word->postings, m->err);
        if (code)
            return code;
    }
    return 0;
}

static int
set_of_quarter (sks_matching *m, const sks_node *bag, sks_set *out)
{
    struct weighed list[SKS_MAX_QUERY_WORDS];
    uint32_t shares[WINDOW];
    uint64_t total = 0, *bits = sks_set_bits (m->arena, m->store->statements);
    size_t count = 0;
    int code = bits ? weigh (m, bag, list, &count, &total) : sks_fail_memory (m->err);
    if (code)
        return code;
    uint64_t quarter = (total + 3) / 4;
    for (uint32_t base = 0; base < m->store->statements; base += WINDOW) {
        uint32_t end = m->store->statements - base > WINDOW ? base + WINDOW : m->store->statements;
        memset (shares, 0, sizeof shares);
        for (size_t i = 0; i < count; i++) {
            const sks_postings *p = list[i].postings;
            uint32_t next = list[i].next, weight = list[i].weight;
            for (; next < p->count && p->statements[next] < end; next++)
                shares[p->statements[next] - base] += weight;
            list[i].next = next;
        }
        for (uint32_t s = base; s < end; s++)
            bits[s >> 6] |= (uint64_t) (shares[s - base] >= quarter) << (s & 63);
    }
    *out = sks_set_of_bits (m->store->statements, bits);
    return 0;
}

/* --------------------------------------------------------------------- nodes */

static int
sets_of_children (sks_matching *m, const sks_node *node, int amount, bool negated, sks_set *sets, size_t *count)
{
    int code = 0;
    *count = 0;
    for (size_t i = 0; !code && i < node->child_count; i++) {
        const sks_node *child = node->children[i];
        if ((child->kind == SKS_NODE_NOT) != negated)
            continue;
        code = sks_match_set (m, negated ? child->children[0] : child, amount, &sets[(*count)++]);
    }
    return code;
}

/* AND: what all wanted parts hold, without what any unwanted part holds. */
static int
set_of_and (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    sks_set *sets = sks_arena_array (m->arena, node->child_count, sizeof *sets), wanted, unwanted;
    size_t count;
    if (!sets)
        return sks_fail_memory (m->err);
    int code = sets_of_children (m, node, amount, false, sets, &count);
    if (!code && !count)
        code = set_of_all (m, &wanted);
    else if (!code && !sks_set_and (&wanted, m->arena, sets, count))
        code = sks_fail_memory (m->err);
    if (!code)
        code = sets_of_children (m, node, amount, true, sets, &count);
    if (code)
        return code;
    *out = wanted;
    if (count && (!sks_set_or (&unwanted, m->arena, sets, count)
                  || !sks_set_without (out, m->arena, &wanted, &unwanted)))
        return sks_fail_memory (m->err);
    return 0;
}

static int
set_of_joined (sks_matching *m, const sks_node *node, int amount, bool any, sks_set *out)
{
    sks_set *sets = sks_arena_array (m->arena, node->child_count, sizeof *sets);
    int code = sets ? 0 : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = sks_match_set (m, node->children[i], amount, &sets[i]);
    if (!code && !(any ? sks_set_or : sks_set_and) (out, m->arena, sets, node->child_count))
        code = sks_fail_memory (m->err);
    return code;
}

static int
set_of_near (sks_matching *m, const sks_node *node, sks_set *out)
{
    sks_set narrow;
    int code = set_of_joined (m, node, SKS_AMOUNT_ALL, false, &narrow);
    return code ? code : verify (m, node, &narrow, out);
}

static int
set_of_not (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    sks_set all, without;
    int code = set_of_all (m, &all);
    if (!code)
        code = sks_match_set (m, node->children[0], amount, &without);
    if (!code && !sks_set_without (out, m->arena, &all, &without))
        code = sks_fail_memory (m->err);
    return code;
}

int
sks_match_set (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    switch (node->kind) {
    case SKS_NODE_ALL:
        return set_of_all (m, out);
    case SKS_NODE_WORD:
    case SKS_NODE_PHRASE:
        return node->field == SKS_FIELD_TITLE ? set_of_title (m, node, out) : set_of_leaf (m, node, out);
    case SKS_NODE_NEAR:
        return set_of_near (m, node, out);
    case SKS_NODE_VALUE:
        return set_of_value (m, node, out);
    case SKS_NODE_BAG:
        if (amount == SKS_AMOUNT_QUARTER)
            return set_of_quarter (m, node, out);
        return set_of_joined (m, node, amount, amount == SKS_AMOUNT_ANY, out);
    case SKS_NODE_OR:
        return set_of_joined (m, node, amount == SKS_AMOUNT_QUARTER ? SKS_AMOUNT_ALL : amount, true, out);
    case SKS_NODE_NOT:
        return set_of_not (m, node, amount == SKS_AMOUNT_QUARTER ? SKS_AMOUNT_ALL : amount, out);
    default:
        return set_of_and (m, node, amount, out);
    }
}

/* ------------------------------------------------------------------ ranking */

struct ranked_list {
    sks_ranked_word *words;
    size_t count, room;
};

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
    *out = (sks_ranked_word) { .word = word, .form_rank = SKS_NONE,
                               .idf = sks_rank_idf (m->store->statements, m->store->stem[stem].statements) };
    if (form != SKS_NONE) {
        out->form_rank = m->store->form[form].rank;
        out->form_idf = SKS_RANK_FORM * sks_rank_idf (m->store->statements, m->store->form[form].statements);
    }
    return sks_generation_postings (m->generation, m->reader, stem, m->arena, &out->postings, m->err);
}

static int
rank_word (sks_matching *m, struct ranked_list *list, const sks_query_word *word, const sks_matcher *matcher)
{
    int code = 0;
    if (matcher->stem != SKS_NONE)
        return add_ranked (m, list, word->form, matcher->stem, sks_store_form (m->store, word->form, word->size));
    for (uint32_t form = matcher->first; !code && form < matcher->end; form++) {
        uint32_t stem = m->store->form[form].stem;
        bool again = false;
        for (uint32_t other = matcher->first; other < form && !again; other++)
            again = m->store->form[other].stem == stem;
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
    for (size_t i = 0; !code && i < node->word_count; i++)
        code = rank_word (m, list, &node->words[i], &node->matchers[i]);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = rank_node (m, node->children[i], list);
    return code;
}

int
sks_match_ranked (sks_matching *m, const sks_node *root, sks_ranked_word **out, size_t *count)
{
    struct ranked_list list = { 0 };
    int code = rank_node (m, root, &list);
    *out = list.words;
    *count = list.count;
    return code;
}

/* -------------------------------------------------------------------- spans */

void
sks_match_spans (sks_matching *m, const sks_node *node, sks_mark *mark, void *context)
{
    if (node->kind == SKS_NODE_NOT || node->field == SKS_FIELD_TITLE)
        return;
    if (node->kind == SKS_NODE_NEAR) {
        sks_near_spans (m->words, m->store, node, mark, context);
        return;
    }
    uint32_t count = node->field == SKS_FIELD_DUTY ? m->words->duty : m->words->count;
    for (uint32_t at = 0; node->word_count && at + node->word_count <= count; at++)
        if (sks_words_match (m->words, m->store, at, node->matchers, node->word_count))
            mark (context, at, at + (uint32_t) node->word_count);
    for (size_t i = 0; i < node->child_count; i++)
        sks_match_spans (m, node->children[i], mark, context);
}
