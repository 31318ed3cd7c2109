/* near.c - from each place where one child starts, the nearest place of every
 * other child behind it; no two children on the same word. */
#include "near.h"

/* Where each child was found, in the order of the children. */
struct place {
    uint32_t first[SKS_MAX_QUERY_WORDS], end[SKS_MAX_QUERY_WORDS];
};

static bool
overlaps (const struct place *place, const bool *placed, size_t children, uint32_t first, uint32_t end)
{
    for (size_t i = 0; i < children; i++)
        if (placed[i] && first < place->end[i] && place->first[i] < end)
            return true;
    return false;
}

/* Put the child at the first free place in [from, limit). */
static bool
put_child (const sks_words *words, const sks_store *store, const sks_node *node, size_t child, uint32_t from,
           uint32_t limit, struct place *place, bool *placed)
{
    const sks_node *leaf = node->children[child];
    uint32_t size = (uint32_t) leaf->word_count;
    if (leaf->field == SKS_FIELD_DUTY && limit > words->duty)
        limit = words->duty;
    for (uint32_t at = from; at + size <= limit; at++)
        if (sks_words_match (words, store, at, leaf->matchers, size)
            && !overlaps (place, placed, node->child_count, at, at + size)) {
            place->first[child] = at;
            place->end[child] = at + size;
            return placed[child] = true;
        }
    return false;
}

/* Whether `lead` at word `start` opens a window that holds all children. */
static bool
window_matches (const sks_words *words, const sks_store *store, const sks_node *node, size_t lead, uint32_t start,
                struct place *place)
{
    bool placed[SKS_MAX_QUERY_WORDS] = { false };
    uint32_t limit = start + node->distance + 1;
    for (size_t i = 0; i < node->child_count; i++)
        limit += (uint32_t) node->children[i]->word_count - 1;
    limit = limit < words->count ? limit : words->count;
    if (!put_child (words, store, node, lead, start, start + (uint32_t) node->children[lead]->word_count, place, placed))
        return false;
    for (size_t i = 0; i < node->child_count; i++)
        if (i != lead && !put_child (words, store, node, i, start, limit, place, placed))
            return false;
    return true;
}

bool
sks_near_matches (const sks_words *words, const sks_store *store, const sks_node *node)
{
    struct place place;
    for (uint32_t start = 0; start < words->count; start++)
        for (size_t lead = 0; lead < node->child_count; lead++)
            if (window_matches (words, store, node, lead, start, &place))
                return true;
    return false;
}

void
sks_near_spans (const sks_words *words, const sks_store *store, const sks_node *node,
                void (*mark) (void *context, uint32_t first, uint32_t end), void *context)
{
    struct place place;
    for (uint32_t start = 0; start < words->count; start++)
        for (size_t lead = 0; lead < node->child_count; lead++)
            if (window_matches (words, store, node, lead, start, &place))
                for (size_t i = 0; i < node->child_count; i++)
                    mark (context, place.first[i], place.end[i]);
}
