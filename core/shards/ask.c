/* ask.c - leaves, nodes, filters and weights, from the bottom up. */
#include "ask.h"

#include "ask_phrase.h"
#include "core/engine/leaf.h"
#include "core/engine/titles.h"
#include "core/index/shard.h"

#include <stdio.h>
#include <string.h>

int
sks_ask_count (const sks_asker *ask, const sks_matching *m, sks_shards_query *query, uint64_t *count)
{
    sks_shards_answer answer;
    const sks_shards_order order = { .query = query, .key = SKS_SHARD_NUMBER, .exact = true };
    int code = sks_shards_run (ask->shards, &order, &answer, m->err);
    *count = answer.total;
    return code;
}

/* ------------------------------------------------------------------ statements */

/* The statements [first, end). */
static sks_shards_query *
ask_range (const sks_asker *ask, uint32_t first, uint32_t end)
{
    char bounds[2][SKS_SHARD_NUMBER_BYTES];
    if (first >= end)
        return sks_shards_nothing (ask->shards);
    sks_shard_put_number (first, bounds[0]);
    sks_shard_put_number (end - 1, bounds[1]);
    return sks_shards_range (ask->shards, SKS_SHARD_NUMBER, bounds[0], bounds[1], SKS_SHARD_NUMBER_BYTES);
}

static sks_shards_query *
ask_property (const sks_asker *ask, const char *prefix, const char *value)
{
    char term[64];
    int size = snprintf (term, sizeof term, "%s%s", prefix, value);
    return sks_shards_term (ask->shards, term, (size_t) size);
}

/* The statements that have a row of a facet. */
static sks_shards_query *
ask_row (const sks_asker *ask, const sks_facet_table *table, int facet, uint32_t row)
{
    static const char *const prefixes[SKS_FACETS] = { [SKS_FACET_LEVEL] = "XL",
                                                      [SKS_FACET_SECTOR] = "XS",
                                                      [SKS_FACET_GROUP] = "XG",
                                                      [SKS_FACET_OCCUPATION] = "XO",
                                                      [SKS_FACET_ZONE] = "XN" };
    char term[64];
    if (facet != SKS_FACET_VERSION)
        return ask_property (ask, prefixes[facet], sks_facet_table_value (table, facet, row));
    size_t size =
        sks_shard_version_term (sks_store_string (table->store, table->facet[facet].texts[row]), term, sizeof term);
    return sks_shards_term (ask->shards, term, size);
}

sks_shards_query *
sks_ask_occupations (const sks_asker *ask, const sks_matching *m, const uint32_t *list, size_t count)
{
    sks_shards_query **parts = sks_arena_array (m->arena, count + 1, sizeof *parts);
    for (size_t i = 0; parts && i < count; i++)
        parts[i] = ask_row (ask, &m->snapshot->facets, SKS_FACET_OCCUPATION, list[i]);
    return parts ? sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count) : NULL;
}

sks_shards_query *
sks_ask_level (const sks_asker *ask, int level)
{
    return ask_property (ask, "XL", sks_level_name (level));
}

sks_shards_query *
sks_ask_cell (const sks_asker *ask, const sks_store *store, uint32_t cell)
{
    sks_shards_query *parts[] = { ask_property (ask, "XO",
                                                sks_store_string (store, store->occupation[cell / SKS_LEVELS].soc)),
                                  ask_property (ask, "XL", sks_level_name (sks_cell_level (cell))) };
    return sks_shards_join (ask->shards, SKS_SHARDS_AND, parts, 2);
}

static sks_shards_query *
ask_codes (const sks_asker *ask, const sks_store *store, const char *prefix)
{
    uint32_t first, end;
    sks_store_occupations (store, prefix, strlen (prefix), &first, &end);
    return ask_range (ask, store->cells[first * SKS_LEVELS], store->cells[end * SKS_LEVELS]);
}

/* One facet's filter. */
static sks_shards_query *
ask_facet (const sks_asker *ask, sks_matching *m, const sks_query *query, int facet)
{
    const sks_facet_table *table = &m->snapshot->facets;
    const sks_filter *filter = &query->filter[facet];
    size_t rows = facet == SKS_FACET_OCCUPATION ? filter->count : table->facet[facet].rows, count = 0;
    sks_shards_query **parts = sks_arena_array (m->arena, rows + 1, sizeof *parts);
    for (uint32_t i = 0; parts && i < rows; i++)
        if (facet == SKS_FACET_OCCUPATION)
            parts[count++] = ask_codes (ask, m->store, filter->values[i]);
        else if (sks_filter_chose (query, facet, sks_facet_table_value (table, facet, i)))
            parts[count++] = ask_row (ask, table, facet, i);
    return parts ? sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count) : NULL;
}

int
sks_ask_filter (const sks_asker *ask, sks_matching *m, const sks_query *query, sks_shards_query **out)
{
    sks_shards_query *parts[SKS_FACETS];
    size_t count = 0;
    *out = NULL;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (query->filter[facet].count || query->filter[facet].min > 0)
            parts[count++] = ask_facet (ask, m, query, facet);
    if (count && !(*out = sks_shards_join (ask->shards, SKS_SHARDS_AND, parts, count)))
        return sks_fail_memory (m->err);
    return 0;
}

/* --------------------------------------------------------------------- leaves */

/* A leaf in the titles of occupations: the statements of those that have it. */
static int
ask_titles (const sks_asker *ask, sks_matching *m, const sks_node *leaf, sks_shards_query **out)
{
    sks_set set;
    size_t count = 0;
    uint32_t *list = sks_arena_array (m->arena, m->store->occupations + (size_t) 1, sizeof *list);
    int code = list ? sks_titles_match (m, leaf, &set) : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < m->store->occupations; i++) {
        uint32_t first = m->store->cells[i * SKS_LEVELS];
        if (first < m->store->cells[(i + 1) * SKS_LEVELS] && sks_set_has (&set, first))
            list[count++] = i;
    }
    if (!code && !(*out = sks_ask_occupations (ask, m, list, count)))
        code = sks_fail_memory (m->err);
    return code;
}

static int
ask_leaf (const sks_asker *ask, sks_matching *m, const sks_node *leaf, sks_shards_query **out)
{
    sks_shards_query *either[2];
    if (leaf->field == SKS_FIELD_TITLE)
        return ask_titles (ask, m, leaf, out);
    int code = sks_ask_phrase (ask, m, leaf, &either[0]);
    if (!code && leaf->other)
        code = sks_ask_phrase (ask, m, leaf->other, &either[1]);
    if (!code && !(*out = sks_shards_join (ask->shards, SKS_SHARDS_OR, either, leaf->other ? 2 : 1)))
        code = sks_fail_memory (m->err);
    return code;
}

static int
count_leaf (const sks_asker *ask, sks_matching *m, sks_node *leaf)
{
    sks_shards_query *query;
    uint64_t count = 0;
    int code = ask_leaf (ask, m, leaf, &query);
    if (!code)
        code = sks_ask_count (ask, m, query, &count);
    if (code)
        return code;
    const sks_set set = { .universe = m->store->statements, .count = (uint32_t) count };
    leaf->occurs = count > 0;
    return sks_leaf_keep (m, leaf, &set);
}

/* Whether the way in which a query is read depends on the statements of a leaf: on whether there is one, or on how many
 * there are if it is the second reading of a word or a stop word. */
static bool
matters (const sks_node *node)
{
    return node->other || (node->kind == SKS_NODE_WORD && node->matchers->stem == SKS_NONE && !node->words->prefix);
}

static int
find_node (const sks_asker *ask, sks_matching *m, sks_node *node, bool alone)
{
    int code = node->word_count ? sks_leaf_resolve (m, node) : 0;
    if (!code && m->split && node->kind == SKS_NODE_WORD && !node->other)
        code = m->split (m, node);
    if (!code && node->other)
        code = sks_leaf_resolve (m, node->other);
    if (!code && node->word_count && node->field != SKS_FIELD_TITLE && (alone || matters (node)))
        code = count_leaf (ask, m, node);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = find_node (ask, m, node->children[i], false);
    return code;
}

int
sks_ask_find (sks_matching *m, sks_node *root)
{
    return find_node (m->finder, m, root, root->kind == SKS_NODE_PHRASE);
}

/* ---------------------------------------------------------------------- nodes */

static int
ask_children (const sks_asker *ask, sks_matching *m, const sks_node *node, int amount, bool negated,
              sks_shards_query **parts, size_t *count)
{
    int code = 0;
    *count = 0;
    for (size_t i = 0; !code && i < node->child_count; i++) {
        sks_node *child = node->children[i];
        if ((child->kind == SKS_NODE_NOT) == negated)
            code = sks_ask_match (ask, m, negated ? child->children[0] : child, amount, &parts[(*count)++]);
    }
    return code;
}

static int
ask_and (const sks_asker *ask, sks_matching *m, const sks_node *node, int amount, sks_shards_query **out)
{
    sks_shards_query **parts = sks_arena_array (m->arena, node->child_count + 1, sizeof *parts), *both[2];
    size_t count;
    int code = parts ? ask_children (ask, m, node, amount, false, parts, &count) : sks_fail_memory (m->err);
    if (code)
        return code;
    *out = both[0] = count ? sks_shards_join (ask->shards, SKS_SHARDS_AND, parts, count) : sks_shards_all (ask->shards);
    code = ask_children (ask, m, node, amount, true, parts, &count);
    if (!code && count) {
        both[1] = sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count);
        *out = sks_shards_join (ask->shards, SKS_SHARDS_AND_NOT, both, 2);
    }
    return code;
}

static int
ask_joined (const sks_asker *ask, sks_matching *m, const sks_node *node, int amount, bool any, sks_shards_query **out)
{
    sks_shards_query **parts = sks_arena_array (m->arena, node->child_count + 1, sizeof *parts);
    int code = parts ? 0 : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = sks_ask_match (ask, m, node->children[i], amount, &parts[i]);
    if (!code)
        *out = sks_shards_join (ask->shards, any ? SKS_SHARDS_OR : SKS_SHARDS_AND, parts, node->child_count);
    return code;
}

static int
ask_not (const sks_asker *ask, sks_matching *m, const sks_node *node, int amount, sks_shards_query **out)
{
    sks_shards_query *both[2] = { sks_shards_all (ask->shards) };
    int code = sks_ask_match (ask, m, node->children[0], amount, &both[1]);
    if (!code)
        *out = sks_shards_join (ask->shards, SKS_SHARDS_AND_NOT, both, 2);
    return code;
}

static sks_shards_query *
ask_value (const sks_asker *ask, const sks_matching *m, const sks_node *node)
{
    int facet = node->field - SKS_FIELD_FACET;
    if (facet == SKS_FACET_OCCUPATION)
        return ask_codes (ask, m->store, node->value);
    uint32_t row = sks_facet_table_find (&m->snapshot->facets, facet, node->value);
    return row == SKS_NONE ? sks_shards_nothing (ask->shards) : ask_row (ask, &m->snapshot->facets, facet, row);
}

/* ---------------------------------------------------------------------- a bag */

/* A word of a bag, or a piece of a compound that occurs nowhere as a whole. */
struct weighed {
    sks_shards_query *query;
    uint64_t weight;
};

/* The minimal sets of words that have a share of the weight, as a tree of ANDs and ORs. Words are ordered by weight,
 * the heaviest first; rest[i] is the weight from word i on. */
struct share {
    const sks_asker *ask;
    struct weighed words[2 * SKS_MAX_QUERY_WORDS];
    uint64_t rest[2 * SKS_MAX_QUERY_WORDS + 1];
    size_t count, nodes;
    int amount; /* the share */
};

static void
add_weighed (struct share *share, sks_shards_query *query, uint64_t statements, uint64_t collected)
{
    if (!statements || share->count == 2 * SKS_MAX_QUERY_WORDS)
        return;
    uint64_t weight = (uint32_t) (sks_rank_idf (collected, statements) * SKS_BAG_UNIT);
    size_t at = share->count++;
    for (; at && share->words[at - 1].weight < weight; at--)
        share->words[at] = share->words[at - 1];
    share->words[at] = (struct weighed) { query, weight };
}

static int
add_word (struct share *share, sks_matching *m, const sks_node *word)
{
    uint32_t stem = word->matchers->stem;
    bool known = stem != SKS_NONE && !word->other;
    uint64_t statements = known ? m->store->stem[stem].statements : word->set ? word->set->count : 0;
    sks_shards_query *query = NULL;
    int code = statements ? ask_leaf (share->ask, m, word, &query) : 0;
    if (!code)
        add_weighed (share, query, statements, m->store->collected);
    return code;
}

static int
add_pieces (struct share *share, sks_matching *m, const sks_node *compound)
{
    int code = 0;
    for (size_t i = 0; !code && i < compound->other->word_count; i++) {
        const sks_node piece = {
            .kind = SKS_NODE_WORD, .field = SKS_FIELD_TEXT, .matchers = &compound->other->matchers[i], .word_count = 1
        };
        if (piece.matchers->stem != SKS_NONE)
            code = add_word (share, m, &piece);
    }
    return code;
}

/* The sets of the words from `i` on that have the needed weight; *out is NULL if none has it. */
static int
list_sets (struct share *share, size_t i, uint64_t need, sks_shards_query **out, sks_error *err)
{
    sks_shards *shards = share->ask->shards;
    sks_shards_query *parts[2], *both[2] = { NULL, NULL };
    size_t count = 0;
    int code = 0;
    *out = NULL;
    if (share->rest[i] < need)
        return 0;
    if (++share->nodes > SKS_ASK_MAX_SETS)
        return sks_fail (err, SKS_EUNSUPPORTED,
                         share->amount == SKS_AMOUNT_EIGHTH
                             ? "the statement has too many words for an index in shards; search for some of them"
                             : "the query has too many words for an index in shards; set match to any or all");
    if (share->words[i].weight >= need)
        parts[count++] = share->words[i].query;
    else {
        both[0] = share->words[i].query;
        code = list_sets (share, i + 1, need - share->words[i].weight, &both[1], err);
        if (!code && both[1])
            parts[count++] = sks_shards_join (shards, SKS_SHARDS_AND, both, 2);
    }
    if (!code)
        code = list_sets (share, i + 1, need, &both[1], err);
    if (!code && both[1])
        parts[count++] = both[1];
    if (!code && count && !(*out = sks_shards_join (shards, SKS_SHARDS_OR, parts, count)))
        code = sks_fail_memory (err);
    return code;
}

/* The statements whose words of the bag have the share of its weight that the amount asks for. */
static int
ask_share (const sks_asker *ask, sks_matching *m, const sks_node *bag, int amount, sks_shards_query **out)
{
    struct share *share = sks_arena_alloc (m->arena, sizeof *share);
    int code = share ? 0 : sks_fail_memory (m->err);
    if (code)
        return code;
    *share = (struct share) { .ask = ask, .amount = amount };
    for (size_t i = 0; !code && i < bag->child_count; i++) {
        const sks_node *word = bag->children[i];
        if (sks_node_is_split (word))
            code = add_pieces (share, m, word);
        else if (!sks_bag_repeats (bag, i))
            code = add_word (share, m, word);
    }
    for (size_t i = share->count; i-- > 0;)
        share->rest[i] = share->rest[i + 1] + share->words[i].weight;
    uint64_t need = sks_bag_share_of (share->rest[0], amount);
    if (!code)
        code = list_sets (share, 0, need, out, m->err);
    if (!code && !*out && !(*out = sks_shards_nothing (ask->shards)))
        code = sks_fail_memory (m->err);
    return code;
}

static int
ask_node (const sks_asker *ask, sks_matching *m, sks_node *node, int amount, sks_shards_query **out)
{
    switch (node->kind) {
    case SKS_NODE_ALL:
        *out = sks_shards_all (ask->shards);
        return 0;
    case SKS_NODE_WORD:
    case SKS_NODE_PHRASE:
        return ask_leaf (ask, m, node, out);
    case SKS_NODE_NEAR:
        return sks_ask_near (ask, m, node, out);
    case SKS_NODE_VALUE:
        *out = ask_value (ask, m, node);
        return 0;
    case SKS_NODE_BAG:
        amount = sks_bag_amount (node, amount);
        if (amount >= SKS_AMOUNT_QUARTER)
            return ask_share (ask, m, node, amount, out);
        return ask_joined (ask, m, node, amount, amount == SKS_AMOUNT_ANY, out);
    case SKS_NODE_OR:
        return ask_joined (ask, m, node, amount, true, out);
    case SKS_NODE_NOT:
        return ask_not (ask, m, node, amount, out);
    default:
        return ask_and (ask, m, node, amount, out);
    }
}

int
sks_ask_match (const sks_asker *ask, sks_matching *m, sks_node *node, int amount, sks_shards_query **out)
{
    *out = NULL;
    int code = ask_node (ask, m, node, amount, out);
    return code || *out ? code : sks_fail_memory (m->err);
}

/* -------------------------------------------------------------------- ranking */

static sks_shards_query *
ask_form (const sks_asker *ask, const sks_store *store, char prefix, uint32_t form)
{
    char term[SKS_MAX_TERM_BYTES + 1] = { prefix };
    const sks_form *row = &store->form[form];
    memcpy (term + 1, store->strings + row->text, row->size);
    return sks_shards_term (ask->shards, term, row->size + (size_t) 1);
}

int
sks_ask_in_duty (sks_matching *m, uint32_t form, bool *out)
{
    const sks_asker *ask = m->finder;
    sks_shards_answer answer;
    const sks_shards_order order = { .query = ask_form (ask, m->store, 'E', form), .key = SKS_SHARD_NUMBER, .want = 1 };
    int code = sks_shards_run (ask->shards, &order, &answer, m->err);
    *out = !code && answer.hit_count > 0;
    return code;
}

/* Add the weights of a word's stem, and of its forms that are worth more. */
static void
rank_word (const sks_asker *ask, const sks_store *store, const sks_ranked_word *word, sks_shards_query **parts,
           size_t *count)
{
    char term[SKS_MAX_TERM_BYTES + 1] = "Z";
    const sks_stem *stem = &store->stem[word->stem];
    memcpy (term + 1, store->strings + stem->text, stem->size);
    sks_shards_query *query = sks_shards_term (ask->shards, term, stem->size + (size_t) 1);
    parts[(*count)++] = sks_shards_scale (ask->shards, query, (double) word->worth[SKS_KIN_STEM] / SKS_SHARD_IMPACT);
    for (uint32_t i = stem->forms; i < stem[1].forms; i++) {
        uint32_t form = store->stem_forms[i];
        uint8_t kin = word->kin[store->form[form].rank];
        float more = word->worth[kin] - word->worth[SKS_KIN_STEM], flat = word->flat ? word->flat[kin] : 0;
        /* A single word finds all statements of its form, even those where another form stands for the stem. */
        char prefix = word->flat && form == word->form ? 'W' : 'F';
        if (more > 0)
            parts[(*count)++] =
                sks_shards_scale (ask->shards, ask_form (ask, store, 'F', form), (double) more / SKS_SHARD_IMPACT);
        if (flat > 0)
            parts[(*count)++] = sks_shards_constant (ask->shards, ask_form (ask, store, prefix, form), (double) flat);
    }
}

int
sks_ask_rank (const sks_asker *ask, sks_matching *m, const sks_ranked_word *words, size_t count, sks_shards_query **out)
{
    size_t room = 0, found = 0;
    for (size_t i = 0; i < count; i++)
        room += 1 + 2 * (size_t) (m->store->stem[words[i].stem + 1].forms - m->store->stem[words[i].stem].forms);
    sks_shards_query **parts = sks_arena_array (m->arena, room + 1, sizeof *parts);
    for (size_t i = 0; parts && i < count; i++)
        rank_word (ask, m->store, &words[i], parts, &found);
    *out = parts ? sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, found) : NULL;
    return *out ? 0 : sks_fail_memory (m->err);
}
