/* shard_check.c - opens the files as the answering host would, and runs queries. */
#include "shard_check.h"

#include "core/index/index.h"
#include "core/index/place.h"
#include "core/index/shard.h"
#include "core/index/shards.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LISTS 64    /* posting lists whose length is compared */
#define SAMPLES 128 /* statements that are searched by their words */

/* Write the path of a shard's file. */
static int
path_of (char path[PATH_MAX], const char *folder, uint32_t shard, sks_error *err)
{
    char name[32];
    snprintf (name, sizeof name, SKS_SHARD_FILE "%u", shard);
    return sks_place_join (path, PATH_MAX, folder, name, err);
}

static int
check_label (sks_shards *shards, size_t place, const sks_store *store, uint32_t shard, const char *path, sks_error *err)
{
    char wanted[SKS_SHARD_LABEL_BYTES], found[SKS_SHARD_LABEL_BYTES];
    sks_shard_label (store, shard, wanted);
    int code = sks_shards_note (shards, place, SKS_SHARD_KEY, found, sizeof found, err);
    if (code || strcmp (wanted, found) == 0)
        return code;
    return sks_fail (err, SKS_EINDEX, "%s: it is shard \"%s\" instead of \"%s\"", path, found, wanted);
}

int
sks_shard_check_labels (const sks_store *store, const char *folder, sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < store->shards; i++) {
        char path[PATH_MAX];
        const char *const places[] = { path };
        sks_shards *shards = NULL;
        code = path_of (path, folder, i, err);
        if (code || access (path, F_OK) < 0)
            continue;
        code = sks_shards_open (&shards, &(sks_shards_places) { places, 1, 0, 0 }, err);
        if (!code)
            code = check_label (shards, 0, store, i, path, err);
        sks_shards_close (&shards);
    }
    return code;
}

/* -------------------------------------------------------------------- samples */

static sks_shards_query *
stem_query (sks_shards *shards, const sks_store *store, uint32_t stem)
{
    char term[SKS_MAX_TERM_BYTES + 1] = "Z";
    const sks_stem *row = &store->stem[stem];
    memcpy (term + 1, store->strings + row->text, row->size);
    return sks_shards_term (shards, term, row->size + (size_t) 1);
}

static int
check_lists (sks_shards *shards, const sks_store *store, sks_error *err)
{
    uint32_t step = store->stems / LISTS + 1;
    int code = 0;
    for (uint32_t i = 0; !code && i < store->stems; i += step) {
        sks_shards_answer answer;
        const sks_shards_order order = { .query = stem_query (shards, store, i),
                                         .key = SKS_SHARD_NUMBER,
                                         .exact = true };
        code = sks_shards_run (shards, &order, &answer, err);
        if (!code && answer.total != store->stem[i].statements)
            code =
                sks_fail (err, SKS_EINDEX, "read back: the stem \"%.*s\" is in %llu statements of the shards, not %u",
                          (int) store->stem[i].size, store->strings + store->stem[i].text,
                          (unsigned long long) answer.total, store->stem[i].statements);
        sks_shards_clear (shards);
    }
    return code;
}

/* The statement's id, and the stems of its words. */
static sks_shards_query *
statement_query (sks_shards *shards, const sks_store *store, uint32_t statement)
{
    char id[SKS_STATEMENT_ID_BYTES + 1] = "Q";
    sks_shards_query *parts[2];
    sks_store_id (store, statement, id + 1);
    parts[0] = sks_shards_term (shards, id, strlen (id));
    const uint8_t *at = store->tokens + store->offsets[statement], *end = at + sks_store_tokens (store, statement);
    while (at < end) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        uint32_t stem = entry->form == SKS_NONE ? SKS_NONE : store->form[entry->form].stem;
        if (stem == SKS_NONE)
            continue;
        parts[1] = stem_query (shards, store, stem);
        parts[0] = sks_shards_join (shards, SKS_SHARDS_AND, parts, 2);
    }
    return parts[0];
}

static bool
is_content (const sks_store *store, uint32_t statement, const sks_shards_hit *hit)
{
    size_t size = sks_store_tokens (store, statement);
    return hit->size == SKS_SHARD_HEAD_BYTES + size && sks_shard_number (hit->key) == statement &&
           memcmp (hit->key + SKS_SHARD_NUMBER_BYTES, &store->positions[statement], sizeof *store->positions) == 0 &&
           memcmp (hit->key + SKS_SHARD_HEAD_BYTES, store->tokens + store->offsets[statement], size) == 0;
}

static int
check_statements (sks_shards *shards, const sks_store *store, sks_error *err)
{
    uint32_t step = store->statements / SAMPLES + 1;
    int code = 0;
    for (uint32_t i = 0; !code && i < store->statements; i += step) {
        sks_shards_answer answer;
        const sks_shards_order order = {
            .query = statement_query (shards, store, i), .key = SKS_SHARD_CONTENT, .want = 2, .exact = true
        };
        code = sks_shards_run (shards, &order, &answer, err);
        if (!code && (answer.hit_count != 1 || !is_content (store, i, &answer.hits[0])))
            code = sks_fail (err, SKS_EINDEX, "read back: statement %u is not found by its words in the shards", i);
        sks_shards_clear (shards);
    }
    return code;
}

static int
check_set (sks_shards *shards, const sks_store *store, char (*paths)[PATH_MAX], sks_error *err)
{
    uint64_t documents = 0;
    int code = 0;
    for (uint32_t i = 0; !code && i < store->shards; i++)
        code = check_label (shards, i, store, i, paths[i], err);
    if (!code)
        code = sks_shards_documents (shards, &documents, err);
    if (!code && documents != store->statements)
        code = sks_fail (err, SKS_EINDEX, "read back: %llu statements in the shards, not %u",
                         (unsigned long long) documents, store->statements);
    if (!code)
        code = check_lists (shards, store, err);
    return code ? code : check_statements (shards, store, err);
}

int
sks_shard_check (const sks_store *store, const char *folder, sks_error *err)
{
    char paths[SKS_MAX_SHARDS][PATH_MAX];
    const char *places[SKS_MAX_SHARDS];
    sks_shards *shards = NULL;
    int code = 0;
    for (uint32_t i = 0; !code && i < store->shards; i++) {
        places[i] = paths[i];
        code = path_of (paths[i], folder, i, err);
        if (!code)
            code = sks_index_check (paths[i], err);
    }
    if (!code)
        code = sks_shards_open (&shards, &(sks_shards_places) { places, store->shards, 0, 0 }, err);
    if (!code)
        code = check_set (shards, store, paths, err);
    sks_shards_close (&shards);
    return code;
}
