/* match.c - combines the sets of leaves into the sets of nodes. */
#include "match.h"

#include "core/base/text_fold.h"
#include "leaf.h"
#include "near.h"

#include <string.h>

static int
set_of_all (sks_matching *m, sks_set *out)
{
    return sks_set_range (out, m->arena, m->store->statements, 0, m->store->statements) ? 0 : sks_fail_memory (m->err);
}

/* ------------------------------------------------------------------- titles */

/* What reading a title takes, and looking for words in one that was read, in units
 * of a budget. */
#define TITLE_UNITS 512
#define TITLE_WORD_UNITS 8

/* The words of all titles. */
struct sks_titles {
    uint32_t *forms;  /* SKS_NONE for a word without a form */
    uint32_t *starts; /* by occupation, and one more */
};

/* Write the forms of a title: its words, or each compound as its joined form. Returns
 * how many; *compounds says whether there is one. */
static uint32_t
read_words (const sks_store *store, const char *title, bool joined, uint32_t *forms, bool *compounds)
{
    size_t size = strlen (title);
    sks_word word = { 0, 0 };
    uint32_t count = 0;
    while (sks_text_word (title, size, word.end, &word)) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        bool several = sks_text_compound (title, size, word, &compound) > 1;
        size_t length = joined ? sks_text_join (title, &compound, form) : 0;
        if (length)
            word = compound.pieces[compound.count - 1];
        else
            length = sks_text_fold (title + word.start, word.end - word.start, form);
        if (length)
            forms[count++] = sks_store_form (store, form, length);
        *compounds |= several;
    }
    return count;
}

/* A title with compounds is read twice, with no word between the two. */
static uint32_t
read_title (const sks_store *store, uint32_t occupation, uint32_t *forms)
{
    const char *title = sks_store_string (store, store->occupation[occupation].title);
    bool compounds = false;
    uint32_t count = read_words (store, title, false, forms, &compounds);
    if (!compounds)
        return count;
    forms[count++] = SKS_NONE;
    return count + read_words (store, title, true, forms + count, &compounds);
}

/* Read the titles, once a query. */
static int
read_titles (sks_matching *m)
{
    const sks_store *store = m->store;
    size_t room = 1;
    if (m->titles)
        return 0;
    for (uint32_t i = 0; i < store->occupations; i++)
        room += strlen (sks_store_string (store, store->occupation[i].title)) + 3;
    struct sks_titles *titles = sks_arena_alloc (m->arena, sizeof *titles);
    if (!titles || !(titles->forms = sks_arena_array (m->arena, room, sizeof *titles->forms)) ||
        !(titles->starts = sks_arena_array (m->arena, store->occupations + (size_t) 1, sizeof *titles->starts)))
        return sks_fail_memory (m->err);
    for (uint32_t i = 0; i < store->occupations && !sks_budget_spend (m->budget, TITLE_UNITS); i++)
        titles->starts[i + 1] = titles->starts[i] + read_title (store, i, titles->forms + titles->starts[i]);
    m->titles = titles;
    return sks_budget_status (m->budget, m->err);
}

/* Whether the leaf's words stand side by side from a word of a title on. */
static bool
stands_in_title (const sks_matching *m, const sks_node *leaf, const uint32_t *forms)
{
    for (size_t i = 0; i < leaf->word_count; i++)
        if (forms[i] == SKS_NONE || !sks_matcher_takes (&leaf->matchers[i], m->store, forms[i]))
            return false;
    return true;
}

static bool
reading_matches (const sks_matching *m, const sks_node *leaf, uint32_t occupation)
{
    const struct sks_titles *titles = m->titles;
    for (size_t at = titles->starts[occupation]; at + leaf->word_count <= titles->starts[occupation + 1]; at++)
        if (stands_in_title (m, leaf, titles->forms + at))
            return true;
    return false;
}

static bool
title_matches (const sks_matching *m, const sks_node *leaf, uint32_t occupation)
{
    return reading_matches (m, leaf, occupation) || (leaf->other && reading_matches (m, leaf->other, occupation));
}

static int
set_of_title (sks_matching *m, const sks_node *leaf, sks_set *out)
{
    const sks_store *store = m->store;
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    int code = bits ? read_titles (m) : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < store->occupations && !sks_budget_spend (m->budget, TITLE_WORD_UNITS); i++)
        if (title_matches (m, leaf, i))
            sks_set_add_range (bits, store->cells[i * SKS_LEVELS], store->cells[(i + 1) * SKS_LEVELS]);
    if (!code)
        *out = sks_set_of_bits (store->statements, bits);
    return code;
}

/* ------------------------------------------------------------------- values */

/* The runs of statements that have the value of a field. Occupations are in SOC order,
 * so the beginning of a code names a run of them. */
static int
set_of_value (sks_matching *m, const sks_node *node, sks_set *out)
{
    const sks_store *store = m->store;
    const sks_facet_table *table = &m->snapshot->facets;
    int facet = node->field - SKS_FIELD_FACET;
    uint32_t row = SKS_NONE, first = 0, end = store->occupations;
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    if (!bits)
        return sks_fail_memory (m->err);
    if (facet == SKS_FACET_OCCUPATION)
        sks_store_occupations (store, node->value, strlen (node->value), &first, &end);
    else if ((row = sks_facet_table_find (table, facet, node->value)) == SKS_NONE)
        end = 0;
    for (uint32_t i = first; i < end && !sks_budget_spend (m->budget, 2); i++) {
        uint32_t cell = i * SKS_LEVELS, cells = SKS_LEVELS;
        if (facet == SKS_FACET_LEVEL) {
            cell = sks_cell (i, (int) row);
            cells = 1;
        } else if (facet != SKS_FACET_OCCUPATION && sks_facet_table_row (table, facet, i) != row)
            continue;
        sks_set_add_range (bits, store->cells[cell], store->cells[cell + cells]);
    }
    *out = sks_set_of_bits (store->statements, bits);
    return 0;
}

/* --------------------------------------------------------------- a share of a bag */

/* Statements processed per window, so that their shares stay in the cache. */
#define WINDOW 8192

/* idf as a whole number, so that sums are exact. */
#define IDF_UNIT 1024

struct weighed {
    const uint32_t *statements;
    uint32_t count, next, weight;
};

/* Whether a word of the bag stands before word i too, by its stem, or, when
 * that occurs nowhere, by its form. */
static bool
stands_before (const sks_node *bag, size_t i)
{
    const sks_node *word = bag->children[i];
    uint32_t stem = word->matchers[0].stem;
    for (size_t k = 0; k < i; k++) {
        const sks_node *other = bag->children[k];
        if (other->matchers[0].stem == stem &&
            (stem != SKS_NONE || strcmp (other->words->form, word->words->form) == 0))
            return true;
    }
    return false;
}

/* A word of the query may be there in pieces. */
#define MAX_SHARES (2 * SKS_MAX_QUERY_WORDS)

/* A set as a list. */
static int
list_set (sks_matching *m, const sks_set *set, struct weighed *out)
{
    uint32_t *list = sks_arena_room (m->arena, set->count + (size_t) 1, sizeof *list), statement;
    sks_set_walk walk = { set, 0 };
    if (!list)
        return sks_fail_memory (m->err);
    while (sks_set_walk_next (&walk, &statement))
        list[out->count++] = statement;
    out->statements = list;
    return 0;
}

/* The statements of a word of a bag: a stem's postings, or, of a stop word or a
 * compound, what was looked up. */
static int
list_word (sks_matching *m, const sks_node *word, struct weighed *out)
{
    const sks_postings *postings;
    uint32_t stem = word->matchers[0].stem;
    *out = (struct weighed) { NULL, 0, 0, 0 };
    if (stem == SKS_NONE || word->other)
        return word->set && word->set->count ? list_set (m, word->set, out) : 0;
    if (!m->store->stem[stem].statements)
        return 0;
    int code = sks_cache_postings (m->cache, m->lists, stem, m->arena, &postings, m->err);
    if (!code) {
        out->statements = postings->statements;
        out->count = postings->count;
    }
    return code;
}

/* Words with their weights and the sum of these. A word that occurs nowhere is not
 * among them: no statement could make up for it. */
struct share {
    struct weighed words[MAX_SHARES + 1];
    size_t count;
    uint64_t total;
};

static int
add_weighed (sks_matching *m, const sks_node *word, struct share *share)
{
    struct weighed *weighed = &share->words[share->count];
    int code = share->count < MAX_SHARES ? list_word (m, word, weighed) : 0;
    if (code || share->count == MAX_SHARES || !weighed->count)
        return code;
    weighed->weight = (uint32_t) (sks_rank_idf (m->store->statements, weighed->count) * IDF_UNIT);
    share->total += weighed->weight;
    share->count++;
    return 0;
}

/* The pieces of a compound that occurs nowhere as a whole count in its place; its stop
 * words do not. */
static int
add_pieces (sks_matching *m, const sks_node *compound, struct share *share)
{
    int code = 0;
    for (size_t i = 0; !code && i < compound->other->word_count; i++) {
        sks_node piece = { .kind = SKS_NODE_WORD, .matchers = &compound->other->matchers[i], .word_count = 1 };
        if (piece.matchers->stem != SKS_NONE)
            code = add_weighed (m, &piece, share);
    }
    return code;
}

/* The distinct words of a bag. */
static int
weigh (sks_matching *m, const sks_node *bag, struct share *share)
{
    int code = 0;
    share->count = 0;
    share->total = 0;
    for (size_t i = 0; !code && i < bag->child_count; i++) {
        const sks_node *word = bag->children[i];
        if (sks_node_is_split (word))
            code = add_pieces (m, word, share);
        else if (!stands_before (bag, i))
            code = add_weighed (m, word, share);
    }
    return code;
}

/* By amount: the share of the weight, in thousandths. */
static const unsigned thousandths[] = {
    [SKS_AMOUNT_QUARTER] = 250, [SKS_AMOUNT_EIGHTH] = 125, [SKS_AMOUNT_SHARE] = 150, [SKS_AMOUNT_THIRD] = 350
};

static int
set_of_share (sks_matching *m, const sks_node *bag, int amount, sks_set *out)
{
    struct share words;
    uint32_t shares[WINDOW];
    uint64_t *bits = sks_set_bits (m->arena, m->store->statements);
    words.total = words.count = 0;
    int code = bits ? weigh (m, bag, &words) : sks_fail_memory (m->err);
    if (code)
        return code;
    /* At least 1: where no word occurs nothing matches. */
    uint64_t share = words.total ? (words.total * thousandths[amount] + 999) / 1000 : 1;
    for (uint32_t base = 0; base < m->store->statements; base += WINDOW) {
        if (sks_budget_spend (m->budget, WINDOW / 4 * (words.count + 1)))
            return sks_budget_status (m->budget, m->err);
        uint32_t end = m->store->statements - base > WINDOW ? base + WINDOW : m->store->statements;
        memset (shares, 0, (end - base) * sizeof *shares);
        for (size_t i = 0; i < words.count; i++) {
            struct weighed *p = &words.words[i];
            uint32_t next = p->next, weight = p->weight;
            for (; next < p->count && p->statements[next] < end; next++)
                shares[p->statements[next] - base] += weight;
            p->next = next;
        }
        for (uint32_t s = base; s < end; s++)
            bits[s >> 6] |= (uint64_t) (shares[s - base] >= share) << (s & 63);
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
        sks_node *child = node->children[i];
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
    if (count &&
        (!sks_set_or (&unwanted, m->arena, sets, count) || !sks_set_without (out, m->arena, &wanted, &unwanted)))
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

/* Each side learns what it matched: a hit owes its spans to those that hold it. */
static int
set_of_or (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    sks_set *sets = sks_arena_array (m->arena, node->child_count, sizeof *sets);
    int code = sets ? 0 : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < node->child_count; i++) {
        code = sks_match_set (m, node->children[i], amount, &sets[i]);
        node->children[i]->matched = &sets[i];
    }
    if (!code && !sks_set_or (out, m->arena, sets, node->child_count))
        code = sks_fail_memory (m->err);
    return code;
}

static bool
holds_near (const sks_matching *m, uint32_t statement, const sks_node *node)
{
    sks_words_read (m->words, m->store, statement);
    return sks_near_matches (m->words, m->store, node, m->budget);
}

/* What holds all children, then a look at where they stand; once a query. A set
 * of bits stays one: a list of everything would take 32 times the memory. */
static int
set_of_near (sks_matching *m, sks_node *node, sks_set *out)
{
    sks_set narrow;
    if (node->set) {
        *out = *node->set;
        return 0;
    }
    uint32_t kept = 0, statement;
    int code = set_of_joined (m, node, SKS_AMOUNT_ALL, false, &narrow);
    if (code)
        return code;
    uint32_t *list = narrow.list ? sks_arena_room (m->arena, narrow.count + (size_t) 1, sizeof *list) : NULL;
    uint64_t *bits = narrow.bits ? sks_set_bits (m->arena, m->store->statements) : NULL;
    if (!list && !bits)
        return sks_fail_memory (m->err);
    sks_set_walk walk = { &narrow, 0 };
    bool pair = sks_near_is_pair (node);
    while (sks_set_walk_next (&walk, &statement)) {
        if (sks_budget_spend (m->budget, sks_store_tokens (m->store, statement)))
            return sks_budget_status (m->budget, m->err);
        bool matches = pair ? sks_near_pair_matches (m->store, statement, node) : holds_near (m, statement, node);
        if (bits)
            bits[statement >> 6] |= (uint64_t) matches << (statement & 63);
        else {
            list[kept] = statement;
            kept += matches;
        }
    }
    *out = bits ? sks_set_of_bits (m->store->statements, bits) : sks_set_of_list (m->store->statements, list, kept);
    return sks_leaf_keep (m, node, out);
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
sks_match_set (sks_matching *m, sks_node *node, int amount, sks_set *out)
{
    int code = sks_budget_check (m->budget, SKS_SET_UNITS (m->store->statements), m->err);
    if (code)
        return code;
    switch (node->kind) {
    case SKS_NODE_ALL:
        return set_of_all (m, out);
    case SKS_NODE_WORD:
    case SKS_NODE_PHRASE:
        if (node->field == SKS_FIELD_TITLE)
            return set_of_title (m, node, out);
        *out = *node->set;
        return 0;
    case SKS_NODE_NEAR:
        return set_of_near (m, node, out);
    case SKS_NODE_VALUE:
        return set_of_value (m, node, out);
    case SKS_NODE_BAG:
        if (amount == SKS_AMOUNT_MEANING && node->set) {
            *out = *node->set;
            return 0;
        }
        amount = sks_bag_amount (node, amount);
        if (amount >= SKS_AMOUNT_QUARTER)
            return set_of_share (m, node, amount, out);
        return set_of_joined (m, node, amount, amount == SKS_AMOUNT_ANY, out);
    case SKS_NODE_OR:
        return set_of_or (m, node, amount, out);
    case SKS_NODE_NOT:
        return set_of_not (m, node, amount, out);
    default:
        return set_of_and (m, node, amount, out);
    }
}

/* ------------------------------------------------------------------ unknown */

static bool
is_unknown (const sks_store *store, const sks_node *node, size_t word)
{
    const sks_matcher *matcher = &node->matchers[word];
    bool title = node->field == SKS_FIELD_TITLE;
    if (matcher->stem != SKS_NONE)
        return !title && !store->stem[matcher->stem].statements;
    for (uint32_t form = matcher->first; form < matcher->end; form++)
        if (title || store->form[form].statements)
            return false;
    return true;
}

/* Put the unknown words of a node and below it in the order of the text. Of what may
 * be read in two ways no word is unknown if it is found in either; of a compound that is
 * not found the pieces are looked at. */
static void
add_unknown (const sks_matching *m, const sks_node *node, const sks_query_word **out, size_t *count)
{
    if (node->other && node->set && node->set->count)
        return;
    if (node->other && node->compound) {
        add_unknown (m, node->other, out, count);
        return;
    }
    for (size_t i = 0; i < node->word_count; i++) {
        const sks_query_word *word = &node->words[i];
        size_t at = *count;
        if (*count == SKS_MAX_QUERY_WORDS || !is_unknown (m->store, node, i))
            continue;
        for (; at && out[at - 1]->at > word->at; at--)
            out[at] = out[at - 1];
        out[at] = word;
        ++*count;
    }
    for (size_t i = 0; i < node->child_count; i++)
        add_unknown (m, node->children[i], out, count);
}

size_t
sks_match_unknown (const sks_matching *m, const sks_node *root, const sks_query_word *out[SKS_MAX_QUERY_WORDS])
{
    size_t count = 0;
    add_unknown (m, root, out, &count);
    return count;
}

/* -------------------------------------------------------------------- spans */

/* 1 when the word is a piece of a compound that stands nowhere as a whole. */
static uint32_t
takes_piece (const sks_matching *m, const sks_node *pieces, uint32_t at)
{
    for (size_t i = 0; i < pieces->word_count; i++)
        if (pieces->matchers[i].stem != SKS_NONE &&
            sks_matcher_takes (&pieces->matchers[i], m->store, m->words->form[at]))
            return 1;
    return 0;
}

static void
mark_leaf (const sks_matching *m, const sks_node *leaf, sks_mark *mark, void *context)
{
    bool split = sks_node_is_split (leaf);
    for (uint32_t at = 0; at < m->words->count; at++) {
        if (!split && (at = sks_leaf_seek (m->words, leaf, at)) == m->words->count)
            return;
        uint32_t length = sks_leaf_length (m->words, m->store, leaf, at);
        if (!length && split)
            length = takes_piece (m, leaf->other, at);
        if (length)
            mark (context, at, at + length);
    }
}

void
sks_match_spans (sks_matching *m, const sks_node *node, uint32_t statement, sks_mark *mark, void *context)
{
    if (node->kind == SKS_NODE_NOT || node->field == SKS_FIELD_TITLE)
        return;
    if (node->matched && !sks_set_has (node->matched, statement))
        return;
    if (node->kind == SKS_NODE_NEAR) {
        sks_near_spans (m->words, m->store, node, m->budget, mark, context);
        return;
    }
    if (sks_budget_spend (m->budget, m->words->count))
        return;
    if (node->word_count)
        mark_leaf (m, node, mark, context);
    for (size_t i = 0; i < node->child_count; i++)
        sks_match_spans (m, node->children[i], statement, mark, context);
}
