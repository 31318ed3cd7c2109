/* contenders.c - combinations of words, the heaviest first, until they reach the limit. */
#include "contenders.h"

#include <string.h>

/* What a word can be worth in any statement. */
static float
most_of (const sks_ranked_word *word)
{
    float worth = 0, flat = 0;
    for (int kin = 0; kin < SKS_KINSHIPS; kin++) {
        worth = word->worth[kin] > worth ? word->worth[kin] : worth;
        flat = word->flat && word->flat[kin] > flat ? word->flat[kin] : flat;
    }
    return word->postings->most * worth + flat;
}

/* Insert a word among the heaviest ones. */
static void
insert_word (sks_contenders *c, struct sks_heavy word)
{
    size_t at = c->heavy_count;
    if (at < SKS_CONTENDERS_HEAVY)
        c->heavy_count++;
    else if (word.most > c->heavy[at - 1].most)
        c->rest += c->heavy[--at].most;
    else {
        c->rest += word.most;
        return;
    }
    for (; at && c->heavy[at - 1].most < word.most; at--)
        c->heavy[at] = c->heavy[at - 1];
    c->heavy[at] = word;
}

void
sks_contenders_start (sks_contenders *c, const sks_windows *windows)
{
    const sks_scorer *scorer = windows->scorer;
    c->windows = windows;
    c->count = scorer->count;
    c->heavy_count = 0;
    c->rest = 0;
    for (size_t w = 0; w < scorer->count; w++)
        insert_word (c, (struct sks_heavy) { w, most_of (&scorer->words[w]) });
}

/* Make the bits of a word that has only a list. */
SKS_CLONES
static void
list_bits (sks_contenders *c, size_t w)
{
    const sks_windows *windows = c->windows;
    const uint32_t *statements = windows->scorer->words[w].postings->statements;
    uint32_t i = windows->from[w], before = i;
    memset (c->listed[w], 0, sizeof c->listed[w]);
    for (; i < windows->from[w] + windows->found[w]; i++)
        c->listed[w][(statements[i] - windows->base) / 64] |= UINT64_C (1) << statements[i] % 64;
    for (size_t k = 0; k < SKS_WINDOW_WORDS; k++) {
        c->counts[w][k] = before;
        before += (uint32_t) __builtin_popcountll (c->listed[w][k]);
    }
    c->bits[w] = c->listed[w];
    c->before[w] = c->counts[w];
}

/* Find the bits of all words. */
static void
find_bits (sks_contenders *c)
{
    static const uint64_t no_bits[SKS_WINDOW_WORDS];
    static const uint32_t none_before[SKS_WINDOW_WORDS];
    const sks_windows *windows = c->windows;
    for (size_t w = 0; w < c->count; w++) {
        const sks_postings *p = windows->scorer->words[w].postings;
        if (!windows->found[w]) {
            c->bits[w] = no_bits;
            c->before[w] = none_before;
        } else if (p->bits) {
            c->bits[w] = p->bits + windows->base / 64;
            c->before[w] = p->before + windows->base / 64;
        } else
            list_bits (c, w);
    }
}

/* The heavy words of a window, and what all after each can be worth. */
struct words {
    const uint64_t *bits[SKS_CONTENDERS_HEAVY];
    float most[SKS_CONTENDERS_HEAVY], after[SKS_CONTENDERS_HEAVY];
    size_t count;
    float rest;
    uint64_t *found;
};

static void
collect_words (sks_contenders *c, struct words *out)
{
    for (size_t h = 0; h < c->heavy_count; h++) {
        size_t w = c->heavy[h].word;
        out->most[out->count] = c->heavy[h].most;
        out->bits[out->count] = c->bits[w];
        out->count += c->windows->found[w] != 0;
    }
    float after = out->rest = c->rest;
    for (size_t w = out->count; w--; after += out->most[w])
        out->after[w] = after;
    out->found = c->found;
}

static inline void
intersect (uint64_t *restrict out, const uint64_t *restrict one, const uint64_t *restrict two)
{
    for (size_t i = 0; i < SKS_WINDOW_WORDS; i++)
        out[i] = one[i] & two[i];
}

static inline void
add_common (uint64_t *restrict out, const uint64_t *restrict one, const uint64_t *restrict two)
{
    for (size_t i = 0; i < SKS_WINDOW_WORDS; i++)
        out[i] |= one[i] & two[i];
}

/* Add the statements among `of` that reach the limit by words from `from` on. A word that is enough, with those that
 * are not combined, is not combined with others. */
SKS_CLONES
static void
combine (const struct words *words, const uint64_t *of, size_t from, float limit)
{
    for (size_t w = from; w < words->count && words->most[w] + words->after[w] >= limit; w++) {
        uint64_t both[SKS_WINDOW_WORDS];
        if (words->most[w] + words->rest >= limit)
            add_common (words->found, of, words->bits[w]);
        else {
            intersect (both, of, words->bits[w]);
            combine (words, both, w + 1, limit - words->most[w]);
        }
    }
}

SKS_CLONES
uint32_t
sks_contenders_find (sks_contenders *c, const uint64_t members[SKS_WINDOW_WORDS], float limit)
{
    struct words words = { .count = 0 };
    uint32_t count = 0;
    find_bits (c);
    collect_words (c, &words);
    if (limit <= c->rest)
        memcpy (c->found, members, sizeof c->found);
    else {
        memset (c->found, 0, sizeof c->found);
        combine (&words, members, 0, limit);
    }
    for (size_t i = 0; i < SKS_WINDOW_WORDS; i++)
        count += (uint32_t) __builtin_popcountll (c->found[i]);
    return count;
}
