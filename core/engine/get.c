/* get.c - statements by their ids. */
#include "core/base/clock.h"
#include "core/base/result.h"
#include "hit.h"
#include "operations.h"

#include <string.h>

int
sks_searcher_get (sks_searcher *searcher, const char *const *ids, size_t count, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    sks_matching m = sks_searcher_matching (searcher, err);
    sks_result *result = sks_result_create ();
    *out = NULL;
    sks_arena *arena = result ? sks_result_arena (result) : NULL;
    sks_hit *hits = arena ? sks_arena_array (arena, count + 1, sizeof *hits) : NULL;
    const char **missing = arena ? sks_arena_array (arena, count + 1, sizeof *missing) : NULL;
    int code = hits && missing ? 0 : sks_fail_memory (err);
    if (count > SKS_MAX_IDS)
        code = sks_fail (err, SKS_ELIMIT, "/ids: at most %d", SKS_MAX_IDS);
    for (size_t i = 0; !code && i < count; i++) {
        uint32_t statement = sks_store_find (m.store, ids[i]);
        if (statement == SKS_NONE) {
            char *copy = sks_arena_copy (arena, ids[i], strlen (ids[i]));
            missing[result->missing_count++] = copy;
            code = copy ? 0 : sks_fail_memory (err);
        } else
            code = sks_hit_fill (&hits[result->hit_count++], &m, NULL, NULL, NULL,
                                 (sks_scored) { .statement = statement }, arena);
    }
    if (!code) {
        result->generation = m.store->generation;
        result->hits = hits;
        result->missing = missing;
    }
    return sks_search_finish (&m, result, code, start, out);
}
