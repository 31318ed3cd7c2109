/* bag_rank.c - ranks by words, then the best by meaning. */
#include "bag_rank.h"

#include "nearness.h"

#include <string.h>

/* Copy the words, because shares refer to them as long as the answer lives. */
static int
keep_words (const sks_matching *m, sks_ranked_word *words, size_t count, sks_arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (!(words[i].word = sks_arena_copy (arena, words[i].word, strlen (words[i].word))))
            return sks_fail_memory (m->err);
    return 0;
}

int
sks_bag_rank_best (sks_bag_rank *out, sks_matching *m, const sks_bag *bag, const sks_set *set, const sks_fails *fails,
                   size_t want, sks_arena *arena)
{
    const sks_query_tree tree = { .root = bag->node, .plain = bag->node, .text = bag->text, .size = bag->size };
    sks_ranked_word *words;
    sks_stems stems;
    size_t word_count;
    out->count = 0;
    int code = sks_ranked_find (m, bag->node, &words, &word_count);
    if (!code)
        code = keep_words (m, words, word_count, arena);
    if (code)
        return code;
    sks_scorer_make (&out->scorer, m, words, word_count, false);
    if (!set->count || !want)
        return 0;
    code = sks_near_terms_of_bag (&out->scorer.nearness, m, &tree, bag->statement, words, word_count);
    bool near = out->scorer.nearness;
    size_t depth = near ? SKS_RANK_NEAR_DEPTH : want;
    if (!code)
        code = (near ? sks_scorer_choose : sks_scorer_best) (&out->scorer, set, fails, depth, out->best, &out->count,
                                                             m->err);
    if (!code && near)
        code = sks_stems_read (&stems, m, out->best, out->count);
    if (!code && near)
        code = sks_nearness_apply (&out->scorer, m, &stems, out->best, out->count, want);
    out->count = out->count < want ? out->count : want;
    return code;
}
