/* shard_build.c - counts the usages of stems; writes one database per shard, several at a time. */
#include "shard_build.h"

#include "compaction.h"
#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/threads.h"
#include "core/index/index.h"
#include "core/index/place.h"
#include "core/index/posting.h"
#include "core/index/shard.h"
#include "core/index/shard_statement.h"
#include "core/index/shard_writer.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define WEIGHTS (SKS_MAX_STATEMENT_WORDS + 1)

/* The most terms of a statement: for each word up to seven, for each of its compounds one more per word. */
#define MAX_TERMS (10 * SKS_MAX_STATEMENT_WORDS + 16)
#define TERM_BYTES (SKS_MAX_TERM_BYTES + 8)

int
sks_shard_set (uint64_t *out, sks_error *err)
{
    do
        if (getrandom (out, sizeof *out, 0) != sizeof *out)
            return sks_fail_errno (err, "no random number for the set of shards");
    while (!*out);
    return 0;
}

/* Reads statements, one thread. */
struct reader {
    const sks_store *store;
    float weights[WEIGHTS];
    uint32_t *slots;
    sks_shard_statement statement;
};

static struct reader *
make_reader (const sks_store *store)
{
    struct reader *reader = calloc (1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->store = store;
    reader->slots = calloc (store->stems + (size_t) 1, sizeof *reader->slots);
    for (uint32_t i = 0; i < WEIGHTS; i++)
        reader->weights[i] = sks_posting_position_weight (i);
    if (!reader->slots) {
        free (reader);
        return NULL;
    }
    return reader;
}

static void
free_reader (struct reader *reader)
{
    if (reader)
        free (reader->slots);
    free (reader);
}

static void
read_statement (struct reader *reader, uint32_t statement)
{
    sks_shard_statement_read (&reader->statement, reader->store, statement, reader->weights, reader->slots);
}

/* ------------------------------------------------------------------- usages */

/* Call `take` for each stem of each statement, in their order. */
static void
each_usage (struct reader *reader, sks_shard_usages *usages, uint32_t *last,
            void (*take) (sks_shard_usages *usages, uint32_t *last, const struct sks_shard_stem *stem,
                          uint32_t occupation))
{
    const sks_store *store = reader->store;
    for (uint32_t o = 0; o < store->occupations; o++)
        for (uint32_t s = store->cells[o * SKS_LEVELS]; s < store->cells[(o + 1) * SKS_LEVELS]; s++) {
            read_statement (reader, s);
            for (uint32_t i = 0; i < reader->statement.stem_count; i++)
                take (usages, last, &reader->statement.stems[i], o);
        }
}

/* Count a stem's openings, and its holdings in the row after it. */
static void
count_usage (sks_shard_usages *usages, uint32_t *last, const struct sks_shard_stem *stem, uint32_t occupation)
{
    sks_usage *usage = &usages->usage[stem->stem];
    unsigned first = sks_posting_weight_code (sks_posting_position_weight (0));
    usage->opening += sks_posting_weight_code (stem->weight) >= first;
    usage[1].holdings += last[stem->stem] != occupation + 1;
    last[stem->stem] = occupation + 1;
}

/* Count a statement in the stem's current holding; last[stem] is the row after it, 0 before the first. */
static void
count_holding (sks_shard_usages *usages, uint32_t *last, const struct sks_shard_stem *stem, uint32_t occupation)
{
    uint32_t *next = &last[stem->stem];
    if (!*next || usages->holding[*next - 1].occupation != occupation) {
        *next = *next ? *next + 1 : usages->usage[stem->stem].holdings + 1;
        usages->holding[*next - 1] = (sks_holding) { occupation, 0 };
    }
    usages->holding[*next - 1].statements++;
}

static void
count_words (sks_shard_usages *usages, const sks_store *store)
{
    for (uint32_t o = 0; o < store->occupations; o++)
        for (uint32_t s = store->cells[o * SKS_LEVELS]; s < store->cells[(o + 1) * SKS_LEVELS]; s++)
            usages->group_words[store->occupation[o].group] += store->lengths[s];
}

int
sks_shard_usages_make (sks_shard_usages *out, sks_store *store, sks_error *err)
{
    struct reader *reader = make_reader (store);
    uint32_t *last = calloc (store->stems + (size_t) 1, sizeof *last);
    out->usage = calloc (store->stems + (size_t) 1, sizeof *out->usage);
    out->group_words = calloc (store->groups + (size_t) 1, sizeof *out->group_words);
    int code = reader && last && out->usage && out->group_words ? 0 : sks_fail_memory (err);
    if (!code) {
        each_usage (reader, out, last, count_usage);
        for (uint32_t i = 0; i < store->stems; i++)
            out->usage[i + 1].holdings += out->usage[i].holdings;
        store->holdings = out->usage[store->stems].holdings;
        out->holding = calloc (store->holdings + (size_t) 1, sizeof *out->holding);
        code = out->holding ? 0 : sks_fail_memory (err);
    }
    if (!code) {
        memset (last, 0, store->stems * sizeof *last);
        each_usage (reader, out, last, count_holding);
        count_words (out, store);
    }
    store->usage = out->usage;
    store->holding = out->holding;
    store->group_words = out->group_words;
    free (last);
    free_reader (reader);
    return code;
}

void
sks_shard_usages_free (sks_shard_usages *usages)
{
    free (usages->usage);
    free (usages->holding);
    free (usages->group_words);
}

/* -------------------------------------------------------------------- terms */

/* The terms of one document. */
struct document {
    struct reader *reader;
    sks_arena *arena;
    sks_shard_term *terms; /* MAX_TERMS */
    size_t count;
    bool failed;
};

/* Add the term prefix + bytes. */
static void
add_term (struct document *d, const char *prefix, const char *bytes, size_t size, uint32_t wdf, uint32_t position)
{
    char term[TERM_BYTES];
    size_t before = strlen (prefix);
    memcpy (term, prefix, before);
    memcpy (term + before, bytes, size);
    const char *copy = d->count < MAX_TERMS ? sks_arena_copy (d->arena, term, before + size) : NULL;
    if (copy)
        d->terms[d->count++] = (sks_shard_term) { copy, before + size, wdf, position };
    else
        d->failed = true;
}

static void
add_text (struct document *d, const char *prefix, const char *text)
{
    add_term (d, prefix, text, strlen (text), 0, 0);
}

static void
add_form (struct document *d, const char *prefix, uint32_t form, uint32_t wdf, uint32_t position)
{
    const sks_form *row = &d->reader->store->form[form];
    add_term (d, prefix, d->reader->store->strings + row->text, row->size, wdf, position);
}

static void
add_stem (struct document *d, const char *prefix, uint32_t stem, uint32_t wdf, uint32_t position)
{
    const sks_stem *row = &d->reader->store->stem[stem];
    add_term (d, prefix, d->reader->store->strings + row->text, row->size, wdf, position);
}

/* What ranks: each stem with its impact. */
static void
add_impacts (struct document *d, uint32_t statement)
{
    const sks_store *store = d->reader->store;
    const sks_shard_statement *s = &d->reader->statement;
    float average = sks_posting_average (store->words, store->statements);
    for (uint32_t i = 0; i < s->stem_count; i++) {
        const struct sks_shard_stem *stem = &s->stems[i];
        float weight = sks_posting_weight (sks_posting_weight_code (stem->weight));
        uint32_t impact =
            (uint32_t) lroundf (SKS_SHARD_IMPACT * sks_posting_saturation (weight, store->lengths[statement], average));
        add_stem (d, "Z", stem->stem, impact, 0);
        add_form (d, "F", stem->form, impact, 0);
    }
}

static void
add_words (struct document *d)
{
    const sks_store *store = d->reader->store;
    const sks_shard_statement *s = &d->reader->statement;
    for (uint32_t i = 0; i < s->word_count; i++) {
        uint32_t form = s->words[i].form, stem = store->form[form].stem;
        bool duty = i < s->duty;
        add_form (d, "W", form, 0, i + 1);
        if (duty)
            add_form (d, "E", form, 0, i + 1);
        if (s->words[i].capitals)
            add_form (d, "U", form, 0, i + 1);
        if (s->words[i].capitals && duty)
            add_form (d, "V", form, 0, i + 1);
        if (stem != SKS_NONE)
            add_stem (d, "Z", stem, 0, i + 1);
        if (stem != SKS_NONE && duty)
            add_stem (d, "D", stem, 0, i + 1);
    }
}

static void
add_compounds (struct document *d)
{
    const sks_store *store = d->reader->store;
    const sks_shard_statement *s = &d->reader->statement;
    for (uint32_t i = 0; i < s->compound_count; i++) {
        const struct sks_shard_compound *c = &s->compounds[i];
        bool duty = c->at + c->span <= s->duty;
        char span = (char) ('0' + c->span);
        if (c->span > SKS_SHARD_MAX_SPAN || !c->span) {
            d->failed = true;
            return;
        }
        /* With a stem that has no position, Xapian 1.4.22 finds phrases that are not there. */
        uint32_t apart = SKS_SHARD_APART + c->at * SKS_SHARD_APART;
        add_stem (d, "Z", store->form[c->form].stem, 0, apart);
        add_form (d, (const char[]) { 'J', span, '\0' }, c->form, 0, c->at + 1);
        add_form (d, (const char[]) { 'L', span, '\0' }, c->form, 0, c->at + c->span);
        for (uint32_t k = 1; k < c->span; k++)
            add_term (d, "C", "", 0, 0, c->at + k + 1);
        if (!duty)
            continue;
        add_form (d, (const char[]) { 'K', span, '\0' }, c->form, 0, c->at + 1);
        add_form (d, (const char[]) { 'M', span, '\0' }, c->form, 0, c->at + c->span);
        add_stem (d, "D", store->form[c->form].stem, 0, apart);
    }
}

static void
add_properties (struct document *d, uint32_t statement, uint32_t cell)
{
    const sks_store *store = d->reader->store;
    const sks_occupation *row = &store->occupation[cell / SKS_LEVELS];
    char id[SKS_STATEMENT_ID_BYTES], version[32];
    sks_store_id (store, statement, id);
    sks_shard_version_term (sks_store_string (store, store->edition[row->edition].version), version, sizeof version);
    add_text (d, "Q", id);
    add_text (d, "XL", sks_level_name (sks_cell_level (cell)));
    add_text (d, "XO", sks_store_string (store, row->soc));
    add_text (d, "XG", sks_store_string (store, store->group[row->group].code));
    add_text (d, "XS", sks_store_string (store, store->sector[row->sector].code));
    add_text (d, "XN", sks_schema_zone_value (row->zone));
    add_text (d, "", version);
}

/* --------------------------------------------------------------------- shard */

struct shard {
    const sks_store *store;
    const char *folder;
    uint32_t number, step; /* this one, and every step-th after it */
};

static int
add_document (struct document *d, sks_shard_writer *writer, uint32_t statement, uint32_t cell, sks_error *err)
{
    const sks_store *store = d->reader->store;
    char numbers[2][SKS_SHARD_NUMBER_BYTES], content[SKS_SHARD_HEAD_BYTES + 5 * 2 * SKS_MAX_STATEMENT_WORDS];
    size_t size = sks_store_tokens (store, statement);
    if (size > sizeof content - SKS_SHARD_HEAD_BYTES)
        return sks_fail (err, SKS_ELIMIT, "statement %u has too many words for a shard", statement);
    sks_arena_clear (d->arena);
    d->count = 0;
    read_statement (d->reader, statement);
    add_impacts (d, statement);
    add_words (d);
    add_compounds (d);
    add_properties (d, statement, cell);
    if (d->failed)
        return sks_fail (err, SKS_ELIMIT, "statement %u has too many words for a shard", statement);
    sks_shard_put_number (cell, numbers[0]);
    sks_shard_put_number (statement, numbers[1]);
    memcpy (content, numbers[1], SKS_SHARD_NUMBER_BYTES);
    memcpy (content + SKS_SHARD_NUMBER_BYTES, &store->positions[statement], sizeof *store->positions);
    memcpy (content + SKS_SHARD_HEAD_BYTES, store->tokens + store->offsets[statement], size);
    const sks_shard_value values[SKS_SHARD_SLOTS] = {
        [SKS_SHARD_CELL] = { numbers[0], SKS_SHARD_NUMBER_BYTES },
        [SKS_SHARD_NUMBER] = { numbers[1], SKS_SHARD_NUMBER_BYTES },
        [SKS_SHARD_CONTENT] = { content, SKS_SHARD_HEAD_BYTES + size },
    };
    return sks_shard_writer_add (writer, d->terms, d->count, values, SKS_SHARD_SLOTS, err);
}

static int
add_documents (struct document *d, sks_shard_writer *writer, uint32_t shard, sks_error *err)
{
    const sks_store *store = d->reader->store;
    char label[SKS_SHARD_LABEL_BYTES];
    int code = 0;
    for (uint32_t o = 0; !code && o < store->occupations; o++) {
        if (sks_shard_of (sks_store_string (store, store->occupation[o].soc), store->shards) != shard)
            continue;
        for (uint32_t cell = o * SKS_LEVELS; cell < (o + 1) * SKS_LEVELS; cell++)
            for (uint32_t s = store->cells[cell]; !code && s < store->cells[cell + 1]; s++)
                code = add_document (d, writer, s, cell, err);
    }
    sks_shard_label (store, shard, label);
    if (!code)
        code = sks_shard_writer_note (writer, SKS_SHARD_KEY, label, err);
    return code ? code : sks_shard_writer_commit (writer, err);
}

static int
build_shard (struct document *d, const char *folder, uint32_t shard, sks_error *err)
{
    char piece[PATH_MAX], path[PATH_MAX], name[32];
    sks_shard_writer *writer = NULL;
    const char *const pieces[] = { piece };
    snprintf (name, sizeof name, "piece-%u", shard);
    int code = sks_place_join (piece, sizeof piece, folder, name, err);
    snprintf (name, sizeof name, SKS_SHARD_FILE "%u", shard);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, name, err);
    if (!code)
        code = sks_shard_writer_open (&writer, piece, err);
    if (!code)
        code = add_documents (d, writer, shard, err);
    sks_shard_writer_close (&writer);
    return code ? code : sks_compaction_join (pieces, 1, path, err);
}

static int
build_shards (void *argument, sks_error *err)
{
    const struct shard *shard = argument;
    struct document d = { .reader = make_reader (shard->store), .arena = sks_arena_create () };
    d.terms = calloc (MAX_TERMS, sizeof *d.terms);
    int code = d.reader && d.arena && d.terms ? 0 : sks_fail_memory (err);
    for (uint32_t i = shard->number; !code && i < shard->store->shards; i += shard->step)
        code = build_shard (&d, shard->folder, i, err);
    free_reader (d.reader);
    sks_arena_destroy (&d.arena);
    free (d.terms);
    return code;
}

/* ---------------------------------------------------------------------- list */

/* The file that lists the shards is one that Xapian's own programs read: a stub database. */
static int
write_list (const sks_store *store, const char *folder, const char *const *hosts, sks_error *err)
{
    char path[PATH_MAX];
    sks_buffer text = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_buffer_printf (&text, "# " SKS_SHARD_KEY " %d %" PRIu64 " %016" PRIx64 " %u\n", SKS_INDEX_FORMAT,
                       store->generation, store->set, store->shards);
    for (uint32_t i = 0; i < store->shards; i++)
        if (hosts)
            sks_buffer_printf (&text, "remote %s\n", hosts[i]);
        else
            sks_buffer_printf (&text, "auto " SKS_SHARD_FILE "%u\n", i);
    int code = sks_buffer_status (&text, err);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, SKS_SHARDS_FILE, err);
    if (!code)
        code = sks_image_replace (path, text.bytes, text.size, err);
    sks_buffer_free (&text);
    return code;
}

int
sks_shard_build (const sks_store *store, const char *folder, const char *const *hosts, unsigned threads, sks_error *err)
{
    struct shard shards[SKS_MAX_THREADS];
    uint32_t count = store->shards < threads ? store->shards : threads;
    for (uint32_t i = 0; i < count; i++)
        shards[i] = (struct shard) { store, folder, i, count };
    int code = sks_threads_work (build_shards, shards, count, sizeof *shards, err);
    return code ? code : write_list (store, folder, hosts, err);
}
