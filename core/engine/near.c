/* near.c - finds the places of each child, then checks for each place a window that must contain all children, no
 * two of them on the same word.
 *
 * The children with the fewest places are assigned first. For words this finds an assignment if one exists, because
 * the places of one word are either a subset of another's or disjoint from them ("=rope" and "rope*"). */
#include "near.h"

#include "leaf.h"

#include <string.h>

#define GROUPS ((SKS_MAX_STATEMENT_WORDS + 63) / 64)

struct child {
    const sks_node *leaf;
    uint64_t at[GROUPS]; /* bit w: it starts at word w */
    uint32_t size;       /* words at its longest place */
    uint32_t count;      /* places */
    uint32_t first, end; /* the words assigned to it */
};

struct window {
    const sks_words *words;
    const sks_store *store;
    struct child children[SKS_MAX_QUERY_WORDS];
    struct child *order[SKS_MAX_QUERY_WORDS]; /* fewest places first */
    size_t count;
};

/* Find the places of one child. */
static void
find_places (struct child *child, const sks_words *words, const sks_store *store, const sks_node *leaf)
{
    uint32_t limit = leaf->field == SKS_FIELD_DUTY ? words->duty : words->count;
    memset (child->at, 0, (words->count / 64 + 1) * sizeof *child->at);
    child->leaf = leaf;
    child->size = 1;
    child->count = 0;
    for (uint32_t at = 0; (at = sks_leaf_seek (words, leaf, at)) < limit; at++) {
        uint32_t length = sks_leaf_length (words, store, leaf, at);
        if (!length)
            continue;
        child->size = length > child->size ? length : child->size;
        child->at[at / 64] |= (uint64_t) 1 << at % 64;
        child->count++;
    }
}

/* Find the places of all children; false if one has none, or there are too few words. */
static bool
find_children (struct window *window, const sks_words *words, const sks_store *store, const sks_node *node,
               sks_budget *budget)
{
    window->words = words;
    window->store = store;
    window->count = node->child_count;
    if (window->count > words->count)
        return false;
    for (size_t i = 0; i < window->count; i++) {
        struct child *child = &window->children[i];
        if (sks_budget_spend (budget, words->count))
            return false;
        find_places (child, words, store, node->children[i]);
        if (!child->count)
            return false;
        size_t place = i;
        for (; place && window->order[place - 1]->count > child->count; place--)
            window->order[place] = window->order[place - 1];
        window->order[place] = child;
    }
    return true;
}

static bool
starts_at (const struct child *child, uint32_t at)
{
    return child->at[at / 64] >> at % 64 & 1;
}

static void
put (const struct window *window, struct child *child, uint32_t at)
{
    child->first = at;
    child->end = at + sks_leaf_length (window->words, window->store, child->leaf, at);
}

static bool
is_free (const struct window *window, const struct child *lead, size_t placed, uint32_t first, uint32_t end)
{
    if (first < lead->end && lead->first < end)
        return false;
    for (size_t i = 0; i < placed; i++)
        if (window->order[i] != lead && first < window->order[i]->end && window->order[i]->first < end)
            return false;
    return true;
}

/* Assign to the i-th child in order its first free place in [from, limit). */
static bool
put_child (struct window *window, const struct child *lead, size_t i, uint32_t from, uint32_t limit)
{
    struct child *child = window->order[i];
    for (uint32_t at = from; at < limit; at++)
        if (starts_at (child, at)) {
            put (window, child, at);
            if (child->end <= limit && is_free (window, lead, i, child->first, child->end))
                return true;
        }
    return false;
}

/* Whether a window that begins with `lead` at word `start` contains all children. */
static bool
window_matches (struct window *window, struct child *lead, uint32_t start, uint32_t distance, uint32_t words,
                sks_budget *budget)
{
    uint32_t limit = start + distance + 1;
    for (size_t i = 0; i < window->count; i++)
        limit += window->children[i].size - 1;
    limit = limit < words ? limit : words;
    put (window, lead, start);
    for (size_t i = 0; i < window->count; i++)
        if (sks_budget_spend (budget, (limit - start) * (i + 1) / 4) ||
            (window->order[i] != lead && !put_child (window, lead, i, start, limit)))
            return false;
    return true;
}

/* ------------------------------------------------------------------ two words */

bool
sks_near_is_pair (const sks_node *node)
{
    bool pair = node->child_count == 2;
    for (size_t i = 0; pair && i < 2; i++)
        pair = node->children[i]->word_count == 1 && !node->children[i]->other &&
               node->children[i]->field == SKS_FIELD_TEXT;
    return pair;
}

/* Each occurrence of one word is compared with the latest occurrence of the other, which is the nearest so far. Both
 * comparisons come before either position is updated, as one word of the statement may match both. */
bool
sks_near_pair_matches (const sks_store *store, uint32_t statement, const sks_node *node)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    const sks_matcher *left = node->children[0]->matchers, *right = node->children[1]->matchers;
    /* Words are counted from distance + 1, so that 0, which means "not seen yet", is too far away to match. */
    uint32_t word = node->distance + 1, last_left = 0, last_right = 0;
    while (at < end) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        bool joined = entry->word & SKS_ENTRY_JOINED;
        uint32_t form = joined ? entry->text : entry->form;
        if (form == SKS_NONE)
            continue;
        bool is_left = sks_matcher_takes (left, store, form) && !(joined && left->exact);
        bool is_right = sks_matcher_takes (right, store, form) && !(joined && right->exact);
        if ((is_left && word - last_right <= node->distance) || (is_right && word - last_left <= node->distance))
            return true;
        uint32_t last = joined ? word + (entry->word & SKS_ENTRY_WORD) - 1 : word; /* of a compound: its last word */
        last_left = is_left ? last : last_left;
        last_right = is_right ? last : last_right;
        word += !joined;
    }
    return false;
}

/* ------------------------------------------------------------------ all others */

bool
sks_near_matches (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget)
{
    struct window window;
    if (!find_children (&window, words, store, node, budget))
        return false;
    for (uint32_t start = 0; start < words->count; start++)
        for (size_t i = 0; i < window.count; i++)
            if (starts_at (&window.children[i], start) &&
                window_matches (&window, &window.children[i], start, node->distance, words->count, budget))
                return true;
    return false;
}

void
sks_near_spans (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget,
                void (*mark) (void *context, uint32_t first, uint32_t end), void *context)
{
    struct window window;
    if (!find_children (&window, words, store, node, budget))
        return;
    for (uint32_t start = 0; start < words->count; start++)
        for (size_t lead = 0; lead < window.count; lead++)
            if (starts_at (&window.children[lead], start) &&
                window_matches (&window, &window.children[lead], start, node->distance, words->count, budget))
                for (size_t i = 0; i < window.count; i++)
                    mark (context, window.children[i].first, window.children[i].end);
}
