/* bag_share.c - adds the weights of the words of a bag by statement, window by window. */
#include "bag_share.h"

#include "rank.h"

#include <string.h>

/* Statements processed per window, so that their shares stay in the cache. */
#define WINDOW 8192

/* A word has postings or a list of statements. */
struct weighed {
    const sks_postings *postings;
    const uint32_t *list;
    uint32_t count, next, weight;
};

bool
sks_bag_repeats (const sks_node *bag, size_t i)
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

/* A word of the query may count as several pieces. */
#define MAX_SHARES (2 * SKS_MAX_QUERY_WORDS)

/* Copy a set into a list. */
static int
list_set (sks_matching *m, const sks_set *set, struct weighed *out)
{
    uint32_t *list = sks_arena_room (m->arena, set->count + (size_t) 1, sizeof *list), statement;
    sks_set_walk walk = { .set = set };
    if (!list)
        return sks_fail_memory (m->err);
    while (sks_set_walk_next (&walk, &statement))
        list[out->count++] = statement;
    out->list = list;
    return 0;
}

/* The statements of a word of a bag: its stem's postings, or the set that was found for a stop word or a compound. */
static int
list_word (sks_matching *m, const sks_node *word, struct weighed *out)
{
    uint32_t stem = word->matchers[0].stem;
    *out = (struct weighed) { 0 };
    if (stem == SKS_NONE || word->other)
        return word->set && word->set->count ? list_set (m, word->set, out) : 0;
    if (!m->store->stem[stem].statements)
        return 0;
    int code = sks_cache_postings (m->cache, m->lists, stem, m->arena, &out->postings, m->err);
    out->count = code ? 0 : out->postings->count;
    return code;
}

/* Words with their weights, and the sum of these. Words that occur nowhere are left out, because no statement could
 * reach their share. */
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
    weighed->weight = (uint32_t) (sks_rank_idf (m->store->statements, weighed->count) * SKS_BAG_UNIT);
    share->total += weighed->weight;
    share->count++;
    return 0;
}

/* Add the pieces of a compound that occurs nowhere as a whole, except stop words. */
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

/* Add the distinct words of a bag. */
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
        else if (!sks_bag_repeats (bag, i))
            code = add_weighed (m, word, share);
    }
    return code;
}

/* By amount: the share of the weight, in thousandths. */
static const unsigned thousandths[] = {
    [SKS_AMOUNT_QUARTER] = 250, [SKS_AMOUNT_EIGHTH] = 125, [SKS_AMOUNT_SHARE] = 150, [SKS_AMOUNT_THIRD] = 350
};

uint64_t
sks_bag_share_of (uint64_t total, int amount)
{
    return total ? (total * thousandths[amount] + 999) / 1000 : 1;
}

/* Add the weight of a word to the statements [base, end). */
static void
add_weight (struct weighed *p, uint32_t base, uint32_t end, uint32_t *shares)
{
    uint32_t next = p->next, weight = p->weight;
    if (p->postings) {
        const uint32_t *postings = p->postings->packed.postings;
        for (uint32_t stop = sks_postings_seek (p->postings, end); next < stop; next++)
            shares[sks_packed_number (postings[next]) - base % SKS_PACKED_BLOCK] += weight;
    } else
        for (; next < p->count && p->list[next] < end; next++)
            shares[p->list[next] - base] += weight;
    p->next = next;
}

int
sks_bag_share_match (sks_matching *m, const sks_node *bag, int amount, sks_set *out)
{
    struct share words;
    uint32_t shares[WINDOW];
    uint64_t *bits = sks_set_bits (m->arena, m->store->statements);
    words.total = words.count = 0;
    int code = bits ? weigh (m, bag, &words) : sks_fail_memory (m->err);
    if (code)
        return code;
    uint64_t share = sks_bag_share_of (words.total, amount);
    for (uint32_t base = 0; base < m->store->statements; base += WINDOW) {
        if (sks_budget_spend (m->budget, WINDOW / 4 * (words.count + 1)))
            return sks_budget_status (m->budget, m->err);
        uint32_t end = m->store->statements - base > WINDOW ? base + WINDOW : m->store->statements;
        memset (shares, 0, (end - base) * sizeof *shares);
        for (size_t i = 0; i < words.count; i++)
            add_weight (&words.words[i], base, end, shares);
        for (uint32_t s = base; s < end; s++)
            bits[s >> 6] |= (uint64_t) (shares[s - base] >= share) << (s & 63);
    }
    *out = sks_set_of_bits (m->store->statements, bits);
    return 0;
}
