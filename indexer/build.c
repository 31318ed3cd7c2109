/* build.c - builds runs of statements in parallel and joins the results. */
#include "build.h"

#include "absent.h"
#include "core/index/builder.h"
#include "core/index/index.h"
#include "core/index/place.h"
#include "core/index/posting.h"
#include "compaction.h"
#include "dictionary.h"
#include "folder.h"
#include "limits.h"
#include "shard_build.h"
#include "statement_vectors.h"
#include "stream.h"
#include "tables.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The table of position weights ends at the longest statement. */
#define POSITIONS (SKS_MAX_STATEMENT_BYTES + 2)

#define TOKEN_BYTES 5 /* at most */

/* New statements for each thread after a small change: for fewer, another thread would only add to the work. */
#define NEW_PER_THREAD 4096

/* A generation that is being built; each thread writes only its own rows. */
struct building {
    const sks_plan *plan;
    const sks_reuse *reuse;       /* NULL: build all postings */
    const sks_sharding *sharding; /* NULL: build postings */
    sks_progress *progress;       /* may be NULL */
    sks_dictionary *dictionary;
    const sks_vectors *vectors; /* NULL: statements get no vectors */
    unsigned threads;
    bool alone;        /* there is one run, and what it adds to postings that are kept may be one piece */
    uint32_t *first;   /* per framework: its first statement */
    uint32_t *offsets; /* within the run, until joined */
    uint16_t *positions;
    uint8_t *lengths;
    uint32_t *words; /* per framework: words of its statements */
    float *weights;  /* by position */
};

struct run {
    struct building *building;
    size_t first, end; /* frameworks */
    const char *folder;
    sks_builder *builder; /* of the last piece; NULL: none is open */
    unsigned number, pieces;
    sks_stream tokens;
    uint32_t step; /* added to the counts of a statement's words: 1, 0 if they have it already, -1 if it is gone */
    struct form_count {
        uint32_t statements, last; /* number of statements that contain it; the last of them, + 1 */
    } * forms;
    struct stem_count {
        uint32_t statements, slot; /* number of statements that contain it; slot + 1 in `found`, 0 between statements */
    } * stems;
    struct found {
        uint32_t stem, form;
        float weight;
    } found[POSITIONS];
    sks_term terms[POSITIONS];
    sks_error *err;
};

/* Record one word of a statement; `before` is the number of words before it that are not stop words. */
static size_t
note_word (struct run *run, uint32_t form_number, uint32_t statement, uint32_t before, size_t found)
{
    const sks_form *form = &run->building->dictionary->form[form_number];
    struct form_count *count = &run->forms[form_number];
    if (count->last != statement + 1) {
        count->last = statement + 1;
        count->statements += run->step;
    }
    if (form->stop)
        return found;
    uint32_t *slot = &run->stems[form->stem].slot;
    if (!*slot) {
        *slot = (uint32_t) ++found;
        run->found[found - 1] = (struct found) { form->stem, form_number, 0 };
    }
    run->found[*slot - 1].weight += run->building->weights[before];
    return found;
}

static void
count_stems (struct run *run, size_t found)
{
    for (size_t i = 0; i < found; i++) {
        struct stem_count *count = &run->stems[run->found[i].stem];
        count->slot = 0;
        count->statements += run->step;
    }
}

/* Turn the recorded words into the document's terms. The form of the first occurrence represents all: its position
 * weight is the largest. */
static void
list_terms (struct run *run, size_t found)
{
    const sks_dictionary *d = run->building->dictionary;
    for (size_t i = 0; i < found; i++) {
        const struct found *f = &run->found[i];
        run->terms[i] =
            (sks_term) { f->stem, sks_posting_pack (sks_posting_weight_code (f->weight), d->form[f->form].rank) };
    }
}

/* The folder of a piece of a run; pieces are numbered from 0. */
static void
name_piece (char path[PATH_MAX], const struct run *run, unsigned piece)
{
    snprintf (path, PATH_MAX, "%s/piece-%u-%u", run->folder, run->number, piece);
}

/* Write the current piece; the only one of the build is the file of additions.
 *   is_last   of the run */
static int
end_piece (struct run *run, bool is_last)
{
    const sks_dictionary *d = run->building->dictionary;
    bool is_file = is_last && run->building->alone && !run->pieces;
    char path[PATH_MAX];
    if (!run->builder)
        return 0;
    if (is_file)
        snprintf (path, sizeof path, "%s/%s", run->folder, SKS_ADDITIONS_FILE);
    else
        name_piece (path, run, run->pieces++);
    int code = sks_builder_commit (run->builder, path, is_file, d->stem, d->strings.bytes, run->err);
    sks_builder_close (&run->builder);
    return code;
}

static int
feed (struct run *run, size_t found)
{
    int code = run->builder ? 0 : sks_builder_create (&run->builder, run->building->dictionary->stems, run->err);
    list_terms (run, found);
    if (!code)
        code = sks_builder_add (run->builder, run->terms, found, run->err);
    return code || sks_builder_bytes (run->builder) < sks_limits_of_index.piece_bytes ? code : end_piece (run, false);
}

/* The state of a statement whose words are taken. */
struct taking {
    uint32_t statement, before; /* before: as in note_word */
    size_t found;
    uint8_t *at; /* end of its tokens */
};

static inline void
take_word (struct run *run, struct taking *t, uint32_t number)
{
    const sks_dictionary *d = run->building->dictionary;
    const sks_entry *entry = &d->entry[number];
    t->at = sks_token_put (t->at, number);
    if (entry->word & SKS_ENTRY_JOINED)
        t->found = note_word (run, entry->text, t->statement, t->before, t->found);
    if (entry->form == SKS_NONE)
        return;
    t->found = note_word (run, entry->form, t->statement, t->before, t->found);
    t->before += !d->form[entry->form].stop;
}

static void
take_words (struct run *run, const sks_framework *f, const uint32_t *numbers, const sks_line *line, struct taking *t)
{
    const uint32_t *entry = f->collection->entries + line->first, *end = entry + line->count;
    while (entry < end)
        take_word (run, t, numbers[*entry++]);
}

/* The same for a statement of the last generation; numbers is NULL if its entries keep their numbers. */
static void
take_old_words (struct run *run, const uint32_t *numbers, uint32_t old, struct taking *t)
{
    const sks_store *last = run->building->plan->last;
    const uint8_t *at = last->tokens + last->offsets[old], *end = last->tokens + last->offsets[old + 1];
    while (at < end) {
        uint32_t number = sks_token_next (&at);
        take_word (run, t, numbers ? numbers[number] : number);
    }
}

/* Take the i-th statement of a framework. */
static int
take_statement (struct run *run, const sks_framework *f, const uint32_t *numbers, uint32_t i, uint32_t statement,
                uint32_t *length)
{
    struct building *b = run->building;
    bool is_old = f->last != SKS_NONE;
    uint32_t old = is_old ? b->plan->last->cells[f->last * SKS_LEVELS] + i : SKS_NONE;
    const sks_line *line = is_old ? NULL : &f->collection->lines[f->first + i];
    size_t tokens = line ? line->count : sks_store_tokens (b->plan->last, old);
    char *space = sks_buffer_reserve (&run->tokens.own, tokens * TOKEN_BYTES);
    if (!space)
        return sks_stream_status (&run->tokens, run->err);
    struct taking t = { .statement = statement, .at = (uint8_t *) space };
    if (line)
        take_words (run, f, numbers, line, &t);
    else
        take_old_words (run, numbers, old, &t);
    b->positions[statement] = line ? line->position : b->plan->last->positions[old];
    sks_stream_add (&run->tokens, (size_t) (t.at - (uint8_t *) space));
    b->offsets[statement + 1] = (uint32_t) run->tokens.size;
    b->lengths[statement] = (uint8_t) (t.before < UINT8_MAX ? t.before : UINT8_MAX);
    *length = t.before;
    count_stems (run, t.found);
    return !b->sharding && sks_reuse_lacks (b->reuse, statement) ? feed (run, t.found) : 0;
}

static int
take_framework (struct run *run, size_t i)
{
    struct building *b = run->building;
    const sks_framework *f = b->plan->frameworks[i];
    const uint32_t *numbers = sks_dictionary_numbers (b->dictionary, f->collection);
    int code = 0;
    run->step = !b->reuse || f->last == SKS_NONE;
    for (uint32_t k = 0; !code && k < f->count; k++) {
        uint32_t length = 0;
        code = take_statement (run, f, numbers, k, b->first[i] + k, &length);
        b->words[i] += length;
    }
    return code;
}

/* Whether all statements of a framework can be copied: their entries keep their numbers, and they have postings. */
static bool
can_copy (const struct building *b, size_t i)
{
    return b->reuse && b->plan->frameworks[i]->last != SKS_NONE &&
           !memchr (b->reuse->covered + b->first[i], 0, b->first[i + 1] - b->first[i]);
}

/* The words of a run of statements that are not stop words. */
static uint32_t
count_words (const sks_store *store, uint32_t first, uint32_t count)
{
    uint32_t words = 0;
    for (uint32_t s = first; s < first + count; s++)
        words += store->lengths[s];
    if (!memchr (store->lengths + first, UINT8_MAX, count))
        return words;
    const uint8_t *at = store->tokens + store->offsets[first], *end = store->tokens + store->offsets[first + count];
    for (words = 0; at < end;) {
        uint32_t form = store->entry[sks_token_next (&at)].form;
        words += form != SKS_NONE && !store->form[form].stop;
    }
    return words;
}

static int
copy_framework (struct run *run, size_t i)
{
    struct building *b = run->building;
    const sks_framework *f = b->plan->frameworks[i];
    const sks_store *last = b->plan->last;
    uint32_t first = b->first[i], old = last->cells[f->last * SKS_LEVELS];
    const uint32_t *offsets = last->offsets + old;
    uint32_t shift = (uint32_t) run->tokens.size - offsets[0];
    sks_stream_borrow (&run->tokens, last->tokens + offsets[0], offsets[f->count] - offsets[0]);
    memcpy (b->positions + first, last->positions + old, f->count * sizeof *b->positions);
    memcpy (b->lengths + first, last->lengths + old, f->count);
    for (uint32_t k = 1; k <= f->count; k++)
        b->offsets[first + k] = offsets[k] + shift;
    b->words[i] = count_words (last, old, (uint32_t) f->count);
    return sks_stream_status (&run->tokens, run->err);
}

static int
take_frameworks (struct run *run)
{
    struct building *b = run->building;
    int code = 0;
    for (size_t i = run->first; !code && i < run->end; i++) {
        code = can_copy (b, i) ? copy_framework (run, i) : take_framework (run, i);
        if (b->progress)
            atomic_fetch_add_explicit (&b->progress->built, b->plan->frameworks[i]->count, memory_order_relaxed);
    }
    return code ? code : end_piece (run, true);
}

/* Take a statement that is gone out of the counts of its words. */
static int
forget_statement (struct run *run, uint32_t old)
{
    const sks_store *last = run->building->plan->last;
    char *space = sks_buffer_reserve (&run->tokens.own, sks_store_tokens (last, old) * (size_t) TOKEN_BYTES);
    if (!space)
        return sks_stream_status (&run->tokens, run->err);
    struct taking t = { .statement = (uint32_t) run->building->plan->statements + old, .at = (uint8_t *) space };
    take_old_words (run, NULL, old, &t);
    count_stems (run, t.found);
    return 0;
}

/* The counts of a dictionary that grows begin with those of the last generation. */
static int
forget_occupations (struct run *run)
{
    const sks_reuse *reuse = run->building->reuse;
    int code = 0;
    run->step = UINT32_MAX;
    for (uint32_t i = 0; reuse && i < reuse->last->occupations; i++) {
        const uint32_t *cells = &reuse->last->cells[i * SKS_LEVELS];
        for (uint32_t s = cells[0]; !code && reuse->occupation[i] == SKS_NONE && s < cells[SKS_LEVELS]; s++)
            code = forget_statement (run, s);
    }
    return code;
}

static int
work (void *argument, sks_error *err)
{
    struct run *run = argument;
    const sks_dictionary *d = run->building->dictionary;
    sks_stream_begin (&run->tokens);
    run->forms = calloc (d->forms + (size_t) 1, sizeof *run->forms);
    run->stems = calloc (d->stems + (size_t) 1, sizeof *run->stems);
    run->err = err;
    bool ready = run->forms && run->stems;
    int code = ready ? take_frameworks (run) : sks_fail_memory (err);
    if (!code && run->number == 0)
        code = forget_occupations (run);
    sks_builder_close (&run->builder);
    return code;
}

/* Cut the frameworks into runs of about as many statements each. */
static void
cut_runs (struct run *runs, size_t count, struct building *b, const char *folder)
{
    uint64_t done = 0;
    size_t next = 0;
    for (size_t r = 0; r < count; r++) {
        uint64_t goal = b->plan->statements * (r + 1) / count;
        runs[r].building = b;
        runs[r].folder = folder;
        runs[r].number = (unsigned) r;
        runs[r].first = next;
        while (next < b->plan->count && (done < goal || r + 1 == count))
            done += b->plan->frameworks[next++]->count;
        runs[r].end = next;
    }
}

/* ----------------------------------------------------------------- joining */

/* Join the pieces of all runs. */
static int
compact (struct run *runs, size_t run_count, const char *folder, const char *name, sks_error *err)
{
    size_t count = 0, next = 0;
    for (size_t i = 0; i < run_count; i++)
        count += runs[i].pieces;
    char path[PATH_MAX], (*names)[PATH_MAX] = malloc ((count + 1) * sizeof *names);
    const char **pieces = malloc ((count + 1) * sizeof *pieces);
    int code = names && pieces ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < run_count; i++)
        for (unsigned k = 0; k < runs[i].pieces; k++) {
            name_piece (names[next], &runs[i], k);
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
write_postings (struct building *b, struct run *runs, size_t count, const char *folder, sks_error *err)
{
    if (b->sharding)
        return 0;
    if (!b->reuse)
        return compact (runs, count, folder, SKS_POSTINGS_FILE, err);
    int code = sks_reuse_copy (b->reuse, folder, err);
    return code ? code : compact (runs, count, folder, SKS_ADDITIONS_FILE, err);
}

static int
gather_tokens (sks_streams *tokens, const struct run *runs, size_t count, sks_error *err)
{
    const sks_stream *streams[SKS_MAX_THREADS];
    for (size_t r = 0; r < count; r++)
        streams[r] = &runs[r].tokens;
    return sks_streams_gather (tokens, streams, count, err);
}

/* Only vectors and shards are made of tokens: then they are in one place. */
static int
join_tokens (sks_streams *tokens, struct run *runs, size_t count, sks_error *err)
{
    int code = sks_streams_join (tokens, err);
    for (size_t r = 0; !code && r < count; r++)
        sks_stream_free (&runs[r].tokens);
    return code;
}

/* Make the offsets of statements those of all tokens, and count the statements that contain each word. */
static void
join_runs (struct building *b, const struct run *runs, size_t count)
{
    sks_dictionary *d = b->dictionary;
    uint32_t base = 0;
    for (size_t r = 0; r < count; r++) {
        if (base)
            for (uint32_t s = b->first[runs[r].first]; s < b->first[runs[r].end]; s++)
                b->offsets[s + 1] += base;
        base += (uint32_t) runs[r].tokens.size;
        for (uint32_t f = 0; f < d->forms; f++)
            d->form[f].statements += runs[r].forms[f].statements;
        for (uint32_t s = 0; s < d->stems; s++)
            d->stem[s].statements += runs[r].stems[s].statements;
    }
}

/* ----------------------------------------------------------------- writing */

/* Add to a complete store what it has in place of postings, and write its shards. */
static int
write_shards (const struct building *b, sks_store *store, sks_shard_usages *usages, const char *folder, sks_error *err)
{
    store->shards = b->sharding->shards;
    int code = sks_shard_set (&store->set, err);
    if (!code)
        code = sks_shard_usages_make (usages, store, err);
    return code ? code : sks_shard_build (store, folder, b->sharding->hosts, b->threads, err);
}

static int
write_store (struct building *b, const sks_streams *tokens, uint64_t number, const char *folder, sks_error *err)
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
prepare (struct building *b, sks_error *err)
{
    size_t statements = b->plan->statements, count = b->plan->count;
    b->first = calloc (count + 1, sizeof *b->first);
    b->offsets = malloc ((statements + 1) * sizeof *b->offsets);
    b->positions = malloc ((statements + 1) * sizeof *b->positions);
    b->lengths = malloc (statements + 1);
    b->words = calloc (count + 1, sizeof *b->words);
    b->weights = calloc (POSITIONS, sizeof *b->weights);
    if (!b->first || !b->offsets || !b->positions || !b->lengths || !b->words || !b->weights)
        return sks_fail_memory (err);
    b->offsets[0] = 0;
    for (size_t i = 0; i < count; i++)
        b->first[i + 1] = b->first[i] + (uint32_t) b->plan->frameworks[i]->count;
    for (uint32_t p = 0; p < POSITIONS; p++)
        b->weights[p] = sks_posting_position_weight (p);
    return 0;
}

static void
free_runs (struct run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_stream_free (&runs[i].tokens);
        free (runs[i].forms);
        free (runs[i].stems);
    }
    free (runs);
}

static int
build_runs (struct building *b, uint64_t number, const char *folder, size_t count, sks_error *err)
{
    struct run *runs = calloc (count, sizeof *runs);
    sks_streams tokens = { 0 };
    if (!runs)
        return sks_fail_memory (err);
    cut_runs (runs, count, b, folder);
    sks_progress_begin (b->progress, SKS_PHASE_BUILDING, b->plan->statements);
    int code = sks_threads_work (work, runs, count, sizeof *runs, err);
    sks_progress_begin (b->progress, SKS_PHASE_WRITING, 0);
    if (!code)
        code = gather_tokens (&tokens, runs, count, err);
    if (!code) {
        join_runs (b, runs, count);
        sks_absent_mark (b->dictionary, b->plan);
        code = b->vectors || b->sharding ? join_tokens (&tokens, runs, count, err) : 0;
    }
    if (!code)
        code = write_postings (b, runs, count, folder, err);
    if (!code)
        code = write_store (b, &tokens, number, folder, err);
    sks_streams_free (&tokens);
    free_runs (runs, count);
    return code;
}

int
sks_build (const sks_plan *plan, const sks_intake *intake, const sks_build_options *options, uint64_t number,
           const char *folder, sks_error *err)
{
    size_t count = options->threads < SKS_MAX_THREADS ? options->threads : SKS_MAX_THREADS;
    struct building b = { .plan = plan,
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
        code = build_runs (&b, number, folder, count, err);
    sks_dictionary_destroy (&b.dictionary);
    free (b.first);
    free (b.offsets);
    free (b.positions);
    free (b.lengths);
    free (b.words);
    free (b.weights);
    return code;
}
