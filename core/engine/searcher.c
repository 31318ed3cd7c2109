/* searcher.c - the handles and the scratch memory of one thread. */
#include "searcher.h"

#include <stdlib.h>

struct sks_searcher {
    sks_generation *generation;
    const sks_snapshot *snapshot;
    sks_cache *cache;
    sks_lists *lists; /* NULL: all are decoded and kept */
    sks_stemmer *stemmer;
    sks_sense_reader *reader; /* NULL: no sentence encoder is used */
    sks_arena *arena;         /* of the current query */
    sks_words words;
    sks_budget budget;
};

int
sks_searcher_open (sks_searcher **out, sks_generation *generation, sks_error *err)
{
    return sks_searcher_open_part (out, generation, sks_generation_snapshot (generation),
                                   sks_generation_cache (generation), err);
}

int
sks_searcher_open_part (sks_searcher **out, sks_generation *generation, const sks_snapshot *snapshot, sks_cache *cache,
                        sks_error *err)
{
    *out = NULL;
    sks_searcher *searcher = calloc (1, sizeof *searcher);
    if (!searcher)
        return sks_fail_memory (err);
    searcher->snapshot = snapshot;
    searcher->cache = cache;
    searcher->generation = sks_generation_share (generation);
    searcher->budget = (sks_budget) SKS_BUDGET_INIT;
    searcher->arena = sks_arena_create ();
    int code = searcher->arena ? 0 : sks_fail_memory (err);
    if (!code)
        code = sks_cache_open_lists (cache, &searcher->lists, &searcher->budget, err);
    if (!code)
        code = sks_stemmer_create (&searcher->stemmer, err);
    if (!code && snapshot->sense)
        code = sks_sense_reader_make (&searcher->reader, snapshot->sense, err);
    if (code)
        sks_searcher_close (&searcher);
    *out = searcher;
    return code;
}

void
sks_searcher_close (sks_searcher **searcher_p)
{
    sks_searcher *searcher = *searcher_p;
    if (!searcher)
        return;
    *searcher_p = NULL;
    sks_lists_close (&searcher->lists);
    sks_stemmer_destroy (&searcher->stemmer);
    sks_sense_reader_free (&searcher->reader);
    sks_arena_destroy (&searcher->arena);
    sks_generation_release (&searcher->generation);
    free (searcher);
}

sks_generation *
sks_searcher_generation (sks_searcher *searcher)
{
    return searcher->generation;
}

sks_budget *
sks_searcher_budget (sks_searcher *searcher)
{
    return &searcher->budget;
}

sks_matching
sks_searcher_matching (sks_searcher *searcher, sks_error *err)
{
    sks_arena_clear (searcher->arena);
    const sks_snapshot *snapshot = searcher->snapshot;
    return (sks_matching) { .snapshot = snapshot,
                            .cache = searcher->cache,
                            .store = snapshot->store,
                            .semantics = snapshot->semantics,
                            .lists = searcher->lists,
                            .stemmer = searcher->stemmer,
                            .reader = searcher->reader,
                            .arena = searcher->arena,
                            .words = &searcher->words,
                            .err = err,
                            .budget = &searcher->budget };
}
