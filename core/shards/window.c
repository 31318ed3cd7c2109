/* window.c - sorts what was fetched, checks it, and inverts it. */
#include "window.h"

#include "core/index/checks_tokens.h"
#include "core/index/shard.h"

#include <stdlib.h>
#include <string.h>

/* Postings of one stem; the scores of occupations and groups are those of the whole index. */
static int
read_postings (sks_cache *cache, uint32_t stem, sks_arena *scratch, const sks_postings **out, sks_error *err)
{
    sks_window *w = (sks_window *) ((char *) cache - offsetof (sks_window, cache));
    const sks_postings *whole;
    int code = sks_cache_postings (sks_generation_cache (w->generation), NULL, stem, scratch, &whole, err);
    if (code)
        return code;
    size_t room = sks_packed_starts (w->count[stem], w->store.statements);
    sks_postings *list = sks_arena_alloc (scratch, sizeof *list);
    uint32_t *starts = sks_arena_room (scratch, room, sizeof *starts);
    if (!list || !starts)
        return sks_fail_memory (err);
    *list = *whole;
    list->count = w->count[stem];
    list->packed.postings = w->packed + w->first[stem];
    list->packed.slots = sks_slots_fill (starts, sks_packed_shift (list->count, w->store.statements),
                                         w->statements + w->first[stem], list->count, w->store.statements);
    *out = list;
    return 0;
}

int
sks_window_open (sks_window **out, sks_generation *generation, sks_error *err)
{
    sks_window *w = *out = calloc (1, sizeof *w);
    if (!w)
        return sks_fail_memory (err);
    w->generation = generation;
    w->snapshot = *sks_generation_snapshot (generation);
    w->snapshot.thesaurus = NULL;
    w->snapshot.semantics = NULL;
    w->snapshot.sense = NULL;
    w->store = *w->snapshot.store;
    w->snapshot.store = &w->store;
    size_t cells = (size_t) w->store.occupations * SKS_LEVELS + 1, stems = w->store.stems + (size_t) 1;
    w->cells = calloc (cells, sizeof *w->cells);
    w->starts = calloc (SKS_FACET_TABLE_STARTS (w->store.occupations), sizeof *w->starts);
    w->weights = calloc (SKS_MAX_STATEMENT_WORDS + 1, sizeof *w->weights);
    w->slots = calloc (stems, sizeof *w->slots);
    w->first = calloc (stems, sizeof *w->first);
    w->count = calloc (stems, sizeof *w->count);
    int code = w->cells && w->starts && w->weights && w->slots && w->first && w->count ? 0 : sks_fail_memory (err);
    if (!code)
        code = sks_cache_open (&w->cache, &w->snapshot, err);
    w->cache.read = read_postings;
    for (uint32_t i = 0; !code && i <= SKS_MAX_STATEMENT_WORDS; i++)
        w->weights[i] = sks_posting_position_weight (i);
    if (code)
        sks_window_close (out);
    return code;
}

void
sks_window_close (sks_window **window_p)
{
    sks_window *w = *window_p;
    if (!w)
        return;
    *window_p = NULL;
    sks_cache_close (&w->cache);
    void *parts[] = { w->cells,   w->starts, w->offsets,  w->numbers, w->positions, w->lengths, w->tokens,
                      w->weights, w->slots,  w->postings, w->first,   w->count,     w->packed,  w->statements };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        free (parts[i]);
    free (w);
}

/* --------------------------------------------------------------------- filling */

/* Replace an array by one of at least `count` rows; false when out of memory. Its content is lost. */
static bool
renew (void *array_p, size_t count, size_t size)
{
    void **array = array_p;
    free (*array);
    return (*array = calloc (count + 1, size)) != NULL;
}

static int
make_room (sks_window *w, uint32_t statements, size_t tokens, sks_error *err)
{
    bool made = true;
    if (statements > w->room || !w->offsets) {
        w->room = 0;
        made = renew (&w->offsets, statements, sizeof *w->offsets) &&
               renew (&w->numbers, statements, sizeof *w->numbers) &&
               renew (&w->positions, statements, sizeof *w->positions) &&
               renew (&w->lengths, statements, sizeof *w->lengths);
        w->room = made ? statements : 0;
    }
    if (made && (tokens > w->tokens_room || !w->tokens)) {
        w->tokens_room = 0;
        made = renew (&w->tokens, tokens, 1);
        w->tokens_room = made ? tokens : 0;
    }
    return made ? 0 : sks_fail_memory (err);
}

int
sks_window_by_number (const void *left, const void *right)
{
    const sks_shards_hit *a = left, *b = right;
    bool whole = a->size >= SKS_SHARD_NUMBER_BYTES && b->size >= SKS_SHARD_NUMBER_BYTES;
    if (!whole)
        return (a->size > b->size) - (a->size < b->size);
    return memcmp (a->key, b->key, SKS_SHARD_NUMBER_BYTES);
}

static int
refuse (sks_window *w, const sks_shards_hit *hit, const char *what, sks_error *err)
{
    w->wrong = hit->shard;
    return sks_fail (err, SKS_EINDEX, "it sent %s", what);
}

/* Copy the columns of sorted hits. */
static int
copy_columns (sks_window *w, const sks_shards_hit *hits, uint32_t count, sks_error *err)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t size = hits[i].size - SKS_SHARD_HEAD_BYTES;
        w->numbers[i] = sks_shard_number (hits[i].key);
        memcpy (&w->positions[i], hits[i].key + SKS_SHARD_NUMBER_BYTES, sizeof *w->positions);
        memcpy (w->tokens + end, hits[i].key + SKS_SHARD_HEAD_BYTES, size);
        w->offsets[i] = end;
        end += (uint32_t) size;
        bool holds = w->numbers[i] < w->store.collected && (!i || w->numbers[i - 1] < w->numbers[i]) &&
                     (w->positions[i] & SKS_POSITION) - 1u < SKS_MAX_LEVEL_STATEMENTS && !(w->tokens[end - 1] & 0x80);
        if (!holds)
            return refuse (w, &hits[i], "a statement that is not of this index", err);
    }
    w->offsets[count] = end;
    w->store.tokens_size = end;
    w->store.statements = count;
    return 0;
}

/* Count the statements of each cell. */
static void
place_cells (sks_window *w)
{
    const sks_store *whole = sks_generation_snapshot (w->generation)->store;
    uint32_t cells = whole->occupations * SKS_LEVELS, next = 0;
    for (uint32_t cell = 0; cell < cells; cell++) {
        w->cells[cell] = next;
        while (next < w->store.statements && w->numbers[next] < whole->cells[cell + 1])
            next++;
    }
    w->cells[cells] = next;
    sks_facet_table_place (&w->snapshot.facets, &w->store, w->starts);
}

static int
check_tokens (sks_window *w, const sks_shards_hit *hits, sks_error *err)
{
    bool entries = sks_checks_numbers (&w->store, 0, w->store.tokens_size);
    uint32_t i = 0;
    while (i < w->store.statements && (entries ? sks_checks_statement (&w->store, i)
                                               : sks_checks_numbers (&w->store, w->offsets[i], w->offsets[i + 1])))
        i++;
    return i == w->store.statements ? 0 : refuse (w, &hits[i], "invalid tokens", err);
}

/* ------------------------------------------------------------------- inverting */

static bool
add_posting (sks_window *w, uint32_t statement, const struct sks_shard_stem *stem)
{
    if (w->posting_count == w->posting_room) {
        uint32_t room = w->posting_room ? 2 * w->posting_room : 4096;
        void *grown = realloc (w->postings, room * sizeof *w->postings);
        if (!grown)
            return false;
        w->postings = grown;
        w->posting_room = room;
    }
    w->postings[w->posting_count++] =
        (struct sks_window_posting) { stem->stem, statement,
                                      (uint16_t) sks_posting_pack (sks_posting_weight_code (stem->weight),
                                                                   w->store.form[stem->form].rank) };
    w->count[stem->stem]++;
    return true;
}

/* Read the stems of all statements, and their lengths. */
static int
read_statements (sks_window *w, sks_error *err)
{
    for (uint32_t i = 0; i < w->posting_count; i++)
        w->count[w->postings[i].stem] = 0;
    w->posting_count = 0;
    for (uint32_t s = 0; s < w->store.statements; s++) {
        sks_shard_statement_read (&w->statement, &w->store, s, w->weights, w->slots);
        w->lengths[s] = (uint8_t) (w->statement.length < UINT8_MAX ? w->statement.length : UINT8_MAX);
        for (uint32_t i = 0; i < w->statement.stem_count; i++)
            if (!add_posting (w, s, &w->statement.stems[i]))
                return sks_fail_memory (err);
    }
    return 0;
}

/* Order the postings by stem; those of a stem stay in the order of statements. */
static int
invert (sks_window *w, sks_error *err)
{
    uint32_t next = 0;
    if (!renew (&w->statements, w->posting_count, sizeof *w->statements) ||
        !renew (&w->packed, w->posting_count, sizeof *w->packed))
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < w->posting_count; i++)
        w->first[w->postings[i].stem] = UINT32_MAX;
    for (uint32_t i = 0; i < w->posting_count; i++) {
        const struct sks_window_posting *p = &w->postings[i];
        if (w->first[p->stem] == UINT32_MAX) {
            w->first[p->stem] = next;
            next += w->count[p->stem];
            w->count[p->stem] = 0;
        }
        uint32_t at = w->first[p->stem] + w->count[p->stem]++;
        w->statements[at] = p->statement;
        w->packed[at] = sks_packed_make (p->statement, p->wdf);
    }
    return 0;
}

int
sks_window_fill (sks_window *w, const sks_shards_hit *hits, size_t count, sks_error *err)
{
    size_t tokens = 0;
    sks_shards_hit *sorted = calloc (count + 1, sizeof *sorted);
    int code = sorted ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        sorted[i] = hits[i];
        tokens += hits[i].size;
        if (hits[i].size <= SKS_SHARD_HEAD_BYTES || tokens > UINT32_MAX)
            code = refuse (w, &hits[i], "a statement without content", err);
    }
    if (!code)
        code = make_room (w, (uint32_t) count, tokens, err);
    if (!code && count)
        qsort (sorted, count, sizeof *sorted, sks_window_by_number);
    w->store.tokens = w->tokens;
    w->store.offsets = w->offsets;
    w->store.positions = w->positions;
    w->store.lengths = w->lengths;
    w->store.cells = w->cells;
    if (!code)
        code = copy_columns (w, sorted, (uint32_t) count, err);
    if (!code)
        code = check_tokens (w, sorted, err);
    free (sorted);
    if (code)
        return code;
    place_cells (w);
    code = read_statements (w, err);
    return code ? code : invert (w, err);
}
