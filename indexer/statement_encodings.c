/* statement_encodings.c - finds known texts by their hashes, and encodes the rest in several threads. */
#include "statement_encodings.h"

#include "core/base/hash.h"
#include "core/base/threads.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 64 /* texts that a thread takes at a time */

/* A text of the generation, or of the last one. */
struct row {
    uint64_t hash;
    uint32_t statement;
};

struct encoding {
    const sks_encoder *encoder;
    const sks_store *store;
    sks_progress *progress;
    struct row *rows;  /* by hash, then by statement: those of equal texts are together */
    uint32_t *missing; /* statements to encode, one of each text */
    uint32_t missing_count;
    _Atomic uint32_t taken; /* of these */
    uint64_t *hashes;       /* by statement */
    int8_t *vectors;        /* by statement */
};

static int
compare_rows (const void *one, const void *other)
{
    const struct row *a = one, *b = other;
    return a->hash != b->hash ? (a->hash > b->hash) - (a->hash < b->hash)
                              : (a->statement > b->statement) - (a->statement < b->statement);
}

static int8_t *
vector_of (const struct encoding *e, uint32_t statement)
{
    return e->vectors + (size_t) statement * SKS_ENCODER_OUTPUTS;
}

static void
hash_texts (struct encoding *e)
{
    char text[SKS_MAX_STATEMENT_BYTES];
    for (uint32_t i = 0; i < e->store->statements; i++) {
        e->hashes[i] = sks_hash_bytes (text, sks_store_put_text (e->store, i, text));
        e->rows[i] = (struct row) { e->hashes[i], i };
    }
    qsort (e->rows, e->store->statements, sizeof *e->rows, compare_rows);
}

/* The rows of a file by hash; NULL without memory. */
static struct row *
sort_known (const sks_encoded *last)
{
    struct row *known = malloc ((last->statements + (size_t) 1) * sizeof *known);
    for (uint32_t i = 0; known && i < last->statements; i++)
        known[i] = (struct row) { last->hashes[i], i };
    if (known)
        qsort (known, last->statements, sizeof *known, compare_rows);
    return known;
}

/* Copy the vectors of known texts, and list the others. */
static int
take_over (struct encoding *e, const sks_encoded *last, sks_error *err)
{
    struct row *known = sort_known (last);
    uint32_t at = 0;
    if (!known)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < e->store->statements; i++) {
        if (i && e->rows[i].hash == e->rows[i - 1].hash)
            continue;
        while (at < last->statements && known[at].hash < e->rows[i].hash)
            at++;
        if (at < last->statements && known[at].hash == e->rows[i].hash)
            memcpy (vector_of (e, e->rows[i].statement),
                    last->vectors + (size_t) known[at].statement * SKS_ENCODER_OUTPUTS, SKS_ENCODER_OUTPUTS);
        else
            e->missing[e->missing_count++] = e->rows[i].statement;
    }
    free (known);
    return 0;
}

struct block {
    char bytes[BLOCK][SKS_MAX_STATEMENT_BYTES];
    sks_encoder_text texts[BLOCK];
    float vectors[BLOCK * SKS_MAX_ENCODER_WIDTH];
    int8_t rounded[BLOCK * SKS_ENCODER_OUTPUTS];
};

static int
encode_block (const struct encoding *e, sks_transformer *transformer, struct block *block, const uint32_t *statements,
              uint32_t count, sks_error *err)
{
    for (uint32_t i = 0; i < count; i++)
        block->texts[i] =
            (sks_encoder_text) { block->bytes[i], sks_store_put_text (e->store, statements[i], block->bytes[i]) };
    int code = sks_transformer_encode (transformer, block->texts, count, block->vectors, err);
    if (code)
        return code;
    sks_encoded_round (transformer, block->vectors, count, block->rounded);
    for (uint32_t i = 0; i < count; i++)
        memcpy (vector_of (e, statements[i]), block->rounded + (size_t) i * SKS_ENCODER_OUTPUTS, SKS_ENCODER_OUTPUTS);
    return 0;
}

/* One thread: block after block, until all are taken. */
static int
work (void *argument, sks_error *err)
{
    struct encoding *e = *(struct encoding **) argument;
    sks_transformer *transformer = NULL;
    struct block *block = malloc (sizeof *block);
    int code = block ? sks_transformer_make (&transformer, e->encoder, err) : sks_fail_memory (err);
    while (!code) {
        uint32_t from = atomic_fetch_add (&e->taken, BLOCK);
        if (from >= e->missing_count)
            break;
        uint32_t count = e->missing_count - from < BLOCK ? e->missing_count - from : BLOCK;
        code = encode_block (e, transformer, block, e->missing + from, count, err);
        if (e->progress)
            atomic_fetch_add (&e->progress->built, count);
    }
    sks_transformer_free (&transformer);
    free (block);
    return code;
}

static int
encode_missing (struct encoding *e, unsigned threads, sks_error *err)
{
    struct encoding *runs[SKS_MAX_THREADS];
    size_t count = threads < SKS_MAX_THREADS ? threads : SKS_MAX_THREADS;
    for (size_t i = 0; i < count; i++)
        runs[i] = e;
    if (e->progress)
        atomic_store (&e->progress->built, 0);
    sks_progress_begin (e->progress, SKS_PHASE_ENCODING, e->missing_count);
    int code = sks_threads_work (work, runs, count, sizeof *runs, err);
    /* Equal texts have the vector of the first of them. */
    for (uint32_t i = 1; i < e->store->statements; i++)
        if (e->rows[i].hash == e->rows[i - 1].hash)
            memcpy (vector_of (e, e->rows[i].statement), vector_of (e, e->rows[i - 1].statement), SKS_ENCODER_OUTPUTS);
    return code;
}

static int
encode (struct encoding *e, const sks_encoded *last, const char *folder, unsigned threads, sks_error *err)
{
    size_t count = e->store->statements + (size_t) 1;
    e->rows = malloc (count * sizeof *e->rows);
    e->missing = malloc (count * sizeof *e->missing);
    e->hashes = malloc (count * sizeof *e->hashes);
    e->vectors = calloc (count, SKS_ENCODER_OUTPUTS);
    int code = e->rows && e->missing && e->hashes && e->vectors ? 0 : sks_fail_memory (err);
    if (!code) {
        hash_texts (e);
        code = take_over (e, last, err);
    }
    if (!code)
        code = encode_missing (e, threads, err);
    const sks_encoded made = { .encoder = e->encoder->hash,
                               .content = e->store->content,
                               .statements = e->store->statements,
                               .hashes = e->hashes,
                               .vectors = e->vectors };
    if (!code)
        code = sks_encoded_write (&made, folder, err);
    free (e->rows);
    free (e->missing);
    free (e->hashes);
    free (e->vectors);
    return code;
}

/* Whether a file is readable and made by this encoder; a damaged one is replaced. */
static bool
open_known (sks_encoded *out, const char *folder, const sks_encoder *encoder)
{
    if (!*folder || sks_encoded_open (out, folder, NULL))
        return false;
    if (out->encoder == encoder->hash)
        return true;
    sks_encoded_close (out);
    return false;
}

int
sks_statement_encodings_make (const char *folder, const char *last_folder, const sks_encoder *encoder, unsigned threads,
                              sks_progress *progress, uint64_t *encoded, sks_error *err)
{
    struct encoding e = { .encoder = encoder, .progress = progress };
    sks_encoded last = { 0 };
    sks_store *store;
    *encoded = 0;
    int code = sks_store_open (&store, folder, err);
    if (code)
        return code;
    e.store = store;
    bool made = open_known (&last, folder, encoder) && sks_encoded_fits (&last, store);
    if (!made) {
        sks_encoded_close (&last);
        open_known (&last, last_folder, encoder);
        code = encode (&e, &last, folder, threads, err);
        *encoded = e.missing_count;
    }
    sks_encoded_close (&last);
    sks_store_close (&store);
    return code;
}
