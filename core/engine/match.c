/* match.c - combines the sets of leaves into the sets of nodes. */
#include "match.h"

#include "leaf.h"
#include "near.h"
#include "titles.h"

#include <string.h>

static int set_of_node (sks_matching *m, sks_node *node, int amount, sks_set *out);

/* ------------------------------------------------------------------- values */

/* The statements that have the value of a field. Occupations are in SOC order, so the beginning of a code names a run
 * of them. */
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
        code = set_of_node (m, negated ? child->children[0] : child, amount, &sets[(*count)++]);
    }
    return code;
}

/* AND: the statements of all wanted parts, without those of any unwanted part. */
static int
set_of_and (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    sks_set *sets = sks_arena_array (m->arena, node->child_count, sizeof *sets), wanted, unwanted;
    size_t count;
    if (!sets)
        return sks_fail_memory (m->err);
    int code = sets_of_children (m, node, amount, false, sets, &count);
    if (!code && !count)
        code = sks_matching_all (m, &wanted);
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
        code = set_of_node (m, node->children[i], amount, &sets[i]);
    if (!code && !(any ? sks_set_or : sks_set_and) (out, m->arena, sets, node->child_count))
        code = sks_fail_memory (m->err);
    return code;
}

/* OR. Each side keeps its set: only sides that match a statement mark spans in it. */
static int
set_of_or (sks_matching *m, const sks_node *node, int amount, sks_set *out)
{
    sks_set *sets = sks_arena_array (m->arena, node->child_count, sizeof *sets);
    int code = sets ? 0 : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < node->child_count; i++) {
        code = set_of_node (m, node->children[i], amount, &sets[i]);
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

/* NEAR, once per query: of the statements that contain all children, those where their positions fit. Bits stay bits,
 * because a list of everything would take 32 times the memory. */
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
    uint64_t *bits = narrow.bits ? sks_set_bits (m->arena, m->store->statements) : NULL;
    uint32_t *list = narrow.bits ? NULL : sks_arena_room (m->arena, narrow.count + (size_t) 1, sizeof *list);
    if (!list && !bits)
        return sks_fail_memory (m->err);
    sks_set_walk walk = { .set = &narrow };
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
    int code = sks_matching_all (m, &all);
    if (!code)
        code = set_of_node (m, node->children[0], amount, &without);
    if (!code && !sks_set_without (out, m->arena, &all, &without))
        code = sks_fail_memory (m->err);
    return code;
}

static int
set_of_node (sks_matching *m, sks_node *node, int amount, sks_set *out)
{
    int code = sks_budget_check (m->budget, SKS_SET_UNITS (m->store->statements), m->err);
    if (code)
        return code;
    switch (node->kind) {
    case SKS_NODE_ALL:
        return sks_matching_all (m, out);
    case SKS_NODE_WORD:
    case SKS_NODE_PHRASE:
        if (node->field == SKS_FIELD_TITLE)
            return sks_titles_match (m, node, out);
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
            return sks_bag_share_match (m, node, amount, out);
        return set_of_joined (m, node, amount, amount == SKS_AMOUNT_ANY, out);
    case SKS_NODE_OR:
        return set_of_or (m, node, amount, out);
    case SKS_NODE_NOT:
        return set_of_not (m, node, amount, out);
    default:
        return set_of_and (m, node, amount, out);
    }
}

int
sks_match_set (sks_matching *m, sks_node *node, int amount, sks_set *out)
{
    int code = set_of_node (m, node, amount, out);
    return code || sks_set_unpack (out, m->arena) ? code : sks_fail_memory (m->err);
}

/* ------------------------------------------------------------------ unknown */

struct unknown {
    sks_matching *m;
    const sks_query_word **words; /* in the order of the text */
    size_t count;
};

/* Whether no statement contains a word of a leaf, or no title for title:. */
static int
is_unknown (sks_matching *m, const sks_node *leaf, size_t word, bool *out)
{
    const sks_store *store = m->store;
    const sks_matcher *matcher = &leaf->matchers[word];
    if (leaf->field == SKS_FIELD_TITLE) {
        const sks_node alone = {
            .kind = SKS_NODE_WORD, .field = SKS_FIELD_TITLE, .matchers = matcher, .word_count = 1
        };
        sks_set set;
        int code = sks_titles_match (m, &alone, &set);
        *out = !code && !set.count;
        return code;
    }
    *out = matcher->stem == SKS_NONE || !store->stem[matcher->stem].statements;
    for (uint32_t form = matcher->first; form < matcher->end && *out; form++)
        *out = !store->form[form].statements;
    return 0;
}

static void
insert_unknown (struct unknown *u, const sks_query_word *word)
{
    size_t at = u->count;
    if (u->count == SKS_MAX_QUERY_WORDS)
        return;
    for (; at && u->words[at - 1]->at > word->at; at--)
        u->words[at] = u->words[at - 1];
    u->words[at] = word;
    u->count++;
}

const sks_node *
sks_match_reading (const sks_node *node)
{
    bool found = node->occurs || (node->set && node->set->count);
    return node->compound && node->other && !found ? node->other : node;
}

static int
add_unknown (struct unknown *u, const sks_node *node)
{
    const sks_node *leaf = sks_match_reading (node);
    bool found = node->other && (node->occurs || (node->set && node->set->count)); /* in either reading */
    int code = 0;
    for (size_t i = 0; !code && !found && i < leaf->word_count; i++) {
        bool unknown;
        code = is_unknown (u->m, leaf, i, &unknown);
        if (!code && unknown)
            insert_unknown (u, &leaf->words[i]);
    }
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = add_unknown (u, node->children[i]);
    return code;
}

int
sks_match_unknown (sks_matching *m, const sks_node *root, const sks_query_word *out[SKS_MAX_QUERY_WORDS], size_t *count)
{
    struct unknown unknown = { m, out, 0 };
    int code = add_unknown (&unknown, root);
    *count = unknown.count;
    return code;
}

/* -------------------------------------------------------------------- spans */

/* 1 if the word is a piece of a compound that occurs nowhere as a whole. */
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
