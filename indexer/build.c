/* build.c - builds ranges of statements in parallel, joins the results and writes them. */
#include "build.h"

#include "absent.h"
#include "core/base/threads.h"
#include "core/index/place.h"
#include "core/index/posting.h"
#include "compaction.h"
#include "limits.h"
#include "range.h"
#include "statement_vectors.h"
#include "tables.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* New statements for each thread after a small change: for fewer, another thread would only add to the work. */
#define NEW_PER_THREAD 4096

/* Cut the frameworks into ranges of about as many statements each. */
static void
cut_ranges (sks_range *ranges, size_t count, sks_building *b, const char *folder)
{
    uint64_t done = 0;
    size_t next = 0;
    for (size_t r = 0; r < count; r++) {
        uint64_t goal = b->plan->statements * (r + 1) / count;
        ranges[r].building = b;
        ranges[r].folder = folder;
        ranges[r].number = (unsigned) r;
        ranges[r].first = next;
        while (next < b->plan->count && (done < goal || r + 1 == count))
            done += b->plan->frameworks[next++]->count;
        ranges[r].end = next;
    }
}

/* ----------------------------------------------------------------- joining */

/* Join the pieces of all ranges. */
static int
compact (sks_range *ranges, size_t range_count, const char *folder, const char *name, sks_error *err)
{
    size_t count = 0, next = 0;
    for (size_t i = 0; i < range_count; i++)
        count += ranges[i].pieces;
    char path[PATH_MAX], (*names)[PATH_MAX] = malloc ((count + 1) * sizeof *names);
    const char **pieces = malloc ((count + 1) * sizeof *pieces);
    int code = names && pieces ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < range_count; i++)
        for (unsigned k = 0; k < ranges[i].pieces; k++) {
            sks_range_piece (names[next], &ranges[i], k);
            pieces[next] = names[next];
            next++;
        }
    snprintf (path, sizeof path, "%s/%s", folder, name);
    if (!code && count)
        code = sks_compaction_join (pieces, count, path, err);
    free (pieces);
    free (names);
    return code;
}

static int
write_postings (sks_building *b, sks_range *ranges, size_t count, const char *folder, sks_error *err)
{
    if (b->sharding)
        return 0;
    if (!b->reuse)
        return compact (ranges, count, folder, SKS_POSTINGS_FILE, err);
    int code = sks_reuse_copy (b->reuse, folder, err);
    return code ? code : compact (ranges, count, folder, SKS_ADDITIONS_FILE, err);
}

static int
gather_tokens (sks_streams *tokens, const sks_range *ranges, size_t count, sks_error *err)
{
    const sks_stream *streams[SKS_MAX_THREADS];
    for (size_t r = 0; r < count; r++)
        streams[r] = &ranges[r].tokens;
    return sks_streams_gather (tokens, streams, count, err);
}

/* Only vectors and shards are made of tokens: then they are in one place. */
static int
join_tokens (sks_streams *tokens, sks_range *ranges, size_t count, sks_error *err)
{
    int code = sks_streams_join (tokens, err);
    for (size_t r = 0; !code && r < count; r++)
        sks_stream_free (&ranges[r].tokens);
    return code;
}

/* Make the offsets of statements those of all tokens, and count the statements that contain each word. */
static void
join_ranges (sks_building *b, const sks_range *ranges, size_t count)
{
    sks_dictionary *d = b->dictionary;
    uint32_t base = 0;
    for (size_t r = 0; r < count; r++) {
        if (base)
            for (uint32_t s = b->first[ranges[r].first]; s < b->first[ranges[r].end]; s++)
                b->offsets[s + 1] += base;
        base += (uint32_t) ranges[r].tokens.size;
        for (uint32_t f = 0; f < d->forms; f++)
            d->form[f].statements += ranges[r].forms[f].statements;
        for (uint32_t s = 0; s < d->stems; s++)
            d->stem[s].statements += ranges[r].stems[s].statements;
    }
}

/* ----------------------------------------------------------------- writing */

/* Add to a complete store what it has in place of postings, and write its shards. */
static int
write_shards (const sks_building *b, sks_store *store, sks_shard_usages *usages, const char *folder, sks_error *err)
{
    store->shards = b->sharding->shards;
    int code = sks_shard_set (&store->set, err);
    if (!code)
        code = sks_shard_usages_make (usages, store, err);
    return code ? code : sks_shard_build (store, folder, b->sharding->hosts, b->threads, err);
}

static int
write_store (sks_building *b, const sks_streams *tokens, uint64_t number, const char *folder, sks_error *err)
{
    sks_dictionary *d = b->dictionary;
    sks_tables t = { .plan = b->plan, .reuse = b->reuse, .dictionary = d, .first = b->first, .words = b->words };
    int code = sks_tables_fill (&t, &d->strings, err);
    sks_store store = {
        .generation = number,
        .created = (uint64_t) time (NULL),
        .statements = (uint32_t) b->plan->statements,
        .occupations = (uint32_t) b->plan->count,
        .groups = t.groups,
        .sectors = t.sectors,
        .entries = d->entries,
        .forms = d->forms,
        .stems = d->stems,
        .contexts = d->contexts,
        .editions = t.editions.count,
        .citations = t.editions.citations,
        .tokens_size = tokens->size,
        .strings_size = d->strings.size,
        .tokens = (const uint8_t *) tokens->whole,
        .token_slices = tokens->slices,
        .token_slice_count = tokens->count,
        .offsets = b->offsets,
        .positions = b->positions,
        .lengths = b->lengths,
        .cells = t.cells,
        .occupation = t.occupation,
        .group = t.group,
        .sector = t.sector,
        .edition = t.editions.row,
        .citation = t.editions.citation,
        .entry = d->entry,
        .form = d->form,
        .stem = d->stem,
        .stem_forms = d->stem_forms,
        .context = d->context,
        .strings = d->strings.bytes,
    };
    if (b->reuse) {
        store.documents = b->reuse->documents;
        store.base = b->reuse->base;
        store.document = b->reuse->document;
    }
    for (size_t i = 0; i < b->plan->count; i++)
        store.words += b->words[i];
    sks_shard_usages usages = { 0 };
    int8_t *made = NULL;
    if (!code && b->sharding)
        code = write_shards (b, &store, &usages, folder, err);
    if (!code && b->vectors)
        code = sks_statement_vectors_make (&made, &store, b->vectors, b->threads, err);
    if (!code)
        code = sks_store_write (&store, b->reuse ? &b->reuse->last->postings : NULL, folder, err);
    free (made);
    sks_shard_usages_free (&usages);
    sks_tables_free (&t);
    return code;
}

static int
prepare (sks_building *b, sks_error *err)
{
    size_t statements = b->plan->statements, count = b->plan->count;
    b->first = calloc (count + 1, sizeof *b->first);
    b->offsets = malloc ((statements + 1) * sizeof *b->offsets);
    b->positions = malloc ((statements + 1) * sizeof *b->positions);
    b->lengths = malloc (statements + 1);
    b->words = calloc (count + 1, sizeof *b->words);
    b->weights = calloc (SKS_RANGE_POSITIONS, sizeof *b->weights);
    if (!b->first || !b->offsets || !b->positions || !b->lengths || !b->words || !b->weights)
        return sks_fail_memory (err);
    b->offsets[0] = 0;
    for (size_t i = 0; i < count; i++)
        b->first[i + 1] = b->first[i] + (uint32_t) b->plan->frameworks[i]->count;
    for (uint32_t p = 0; p < SKS_RANGE_POSITIONS; p++)
        b->weights[p] = sks_posting_position_weight (p);
    return 0;
}

static void
free_ranges (sks_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sks_range_free (&ranges[i]);
    free (ranges);
}

static int
build_ranges (sks_building *b, uint64_t number, const char *folder, size_t count, sks_error *err)
{
    sks_range *ranges = calloc (count, sizeof *ranges);
    sks_streams tokens = { 0 };
    if (!ranges)
        return sks_fail_memory (err);
    cut_ranges (ranges, count, b, folder);
    sks_progress_begin (b->progress, SKS_PHASE_BUILDING, b->plan->statements);
    int code = sks_threads_work (sks_range_take, ranges, count, sizeof *ranges, err);
    sks_progress_begin (b->progress, SKS_PHASE_WRITING, 0);
    if (!code)
        code = gather_tokens (&tokens, ranges, count, err);
    if (!code) {
        join_ranges (b, ranges, count);
        sks_absent_mark (b->dictionary, b->plan);
        code = b->vectors || b->sharding ? join_tokens (&tokens, ranges, count, err) : 0;
    }
    if (!code)
        code = write_postings (b, ranges, count, folder, err);
    if (!code)
        code = write_store (b, &tokens, number, folder, err);
    sks_streams_free (&tokens);
    free_ranges (ranges, count);
    return code;
}

int
sks_build (const sks_plan *plan, const sks_intake *intake, const sks_build_options *options, uint64_t number,
           const char *folder, sks_error *err)
{
    size_t count = options->threads < SKS_MAX_THREADS ? options->threads : SKS_MAX_THREADS;
    sks_building b = { .plan = plan,
                       .reuse = options->reuse,
                       .sharding = options->sharding,
                       .progress = options->progress,
                       .vectors = options->vectors,
                       .threads = (unsigned) count };
    count = count < plan->count ? count : plan->count;
    if (b.reuse && (b.reuse->documents - b.reuse->base) / NEW_PER_THREAD + 1 < count)
        count = (b.reuse->documents - b.reuse->base) / NEW_PER_THREAD + 1;
    b.alone = b.reuse && count == 1;
    int code = sks_limits_check (plan->statements, plan->count, err);
    if (!code)
        code = sks_dictionary_make (&b.dictionary, plan, intake, options->reuse, err);
    if (!code)
        code = prepare (&b, err);
    if (!code)
        code = build_ranges (&b, number, folder, count, err);
    sks_dictionary_destroy (&b.dictionary);
    free (b.first);
    free (b.offsets);
    free (b.positions);
    free (b.lengths);
    free (b.words);
    free (b.weights);
    return code;
}
