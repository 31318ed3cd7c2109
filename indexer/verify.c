/* verify.c - compares a built generation with the plan that it was built from.
 *
 * The check uses only what can be read from the two files, and the plan. The text that is read back is split, folded
 * and stemmed again, as a query would be. */
#include "verify.h"

#include "core/index/index.h"
#include "core/index/lists.h"
#include "core/base/text.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "array.h"
#include "shard_check.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTS 64     /* posting lists whose length is compared */
#define SAMPLES 128  /* statements that are searched by their words: of those that were read, and of those taken over */
#define KEPT_SHARE 8 /* fewer of both if postings were taken over: they were sampled when they were made */

/* A word of a sampled statement, which must find the statement's document. */
struct lead {
    uint32_t stem, document, statement;
};

struct verifying {
    const sks_plan *plan;
    const sks_store *store;
    sks_lists *lists; /* NULL: the index is in shards */
    sks_stemmer *stemmer;
    size_t samples, list_count;    /* how many to take of statements and lists */
    sks_arena *arena;              /* of one edition */
    uint32_t *statements, *counts; /* large enough for the longest posting list */
    uint32_t *documents;           /* of each statement its row of store->document */
    struct lead *leads;
    size_t lead_count, lead_capacity;
    sks_error *err;
};

/* ------------------------------------------------------------------- facets */

static bool
has_twins (const sks_store *store, const sks_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (strcmp (sks_store_string (store, values[i].code), sks_store_string (store, values[k].code)) == 0)
                return true;
    return false;
}

/* Whether the i-th occupation has the facet values that were read. */
static bool
has_values (const sks_store *store, uint32_t i, const sks_framework *f)
{
    const sks_occupation *row = &store->occupation[i];
    const char *group = sks_store_string (store, store->group[row->group].code);
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    return strcmp (sks_store_string (store, row->soc), f->soc) == 0 && row->zone == f->zone && strlen (group) == 2 &&
           strncmp (group, f->soc, 2) == 0 && strcmp (sector, f->sector ? f->sector : SKS_NO_SECTOR) == 0;
}

/* Whether the i-th occupation has the edition that was read. */
static int
verify_edition (const struct verifying *v, uint32_t i)
{
    const sks_framework *f = v->plan->frameworks[i];
    const sks_occupation *row = &v->store->occupation[i];
    sks_edition edition;
    if (i && row->edition == row[-1].edition && f->edition == v->plan->frameworks[i - 1]->edition &&
        row->inferred == f->inferred)
        return 0; /* compared for the occupation before */
    sks_arena_clear (v->arena);
    if (!sks_edition_load (&edition, v->store, row->edition, v->arena))
        return sks_fail_memory (v->err);
    return row->inferred == f->inferred && sks_edition_equal (&edition, f->edition)
               ? 0
               : sks_fail (v->err, SKS_EINDEX, "read back: the edition of %s is not the one that was read", f->soc);
}

static int
verify_occupation (const struct verifying *v, uint32_t i)
{
    const sks_framework *f = v->plan->frameworks[i];
    uint32_t counts[SKS_LEVELS];
    int code = verify_edition (v, i);
    if (code)
        return code;
    if (!has_values (v->store, i, f))
        return sks_fail (v->err, SKS_EINDEX, "read back: the facet values of %s are not those that were read", f->soc);
    sks_plan_count_levels (v->plan, f, counts);
    for (int level = 0; level < SKS_LEVELS; level++) {
        uint32_t cell = sks_cell (i, level), count = v->store->cells[cell + 1] - v->store->cells[cell];
        if (count != counts[level])
            return sks_fail (v->err, SKS_EINDEX, "read back: %u statements of %s at level %s instead of %u", count,
                             f->soc, sks_level_name (level), counts[level]);
    }
    return 0;
}

static int
verify_facets (const struct verifying *v)
{
    const sks_store *store = v->store;
    int code = 0;
    if (has_twins (store, store->group, store->groups) || has_twins (store, store->sector, store->sectors))
        code = sks_fail (v->err, SKS_EINDEX, "read back: a facet has the same value twice");
    for (uint32_t i = 0; !code && i < store->occupations; i++)
        code = verify_occupation (v, i);
    return code;
}

/* ------------------------------------------------------------------ samples */

static int
add_lead (struct verifying *v, uint32_t stem, uint32_t statement)
{
    if (!sks_array_reserve (&v->leads, &v->lead_capacity, v->lead_count + 1, sizeof *v->leads))
        return sks_fail_memory (v->err);
    uint32_t document = v->store->documents ? v->documents[statement] : statement;
    v->leads[v->lead_count++] = (struct lead) { stem, document, statement };
    return 0;
}

static int
note_word (struct verifying *v, uint32_t statement, const char *word, size_t size)
{
    char form[SKS_MAX_WORD_BYTES], stem[SKS_MAX_TERM_BYTES];
    size_t length = sks_text_fold (word, size, form), stem_size = 0;
    if (!length || sks_text_stop_word (form, length))
        return 0;
    int code = sks_stemmer_stem (v->stemmer, form, length, stem, sizeof stem, &stem_size, v->err);
    if (code)
        return code;
    uint32_t number = sks_store_stem (v->store, stem, stem_size);
    if (number == SKS_NONE)
        return sks_fail (v->err, SKS_EINDEX, "read back: the stem \"%.*s\" of statement %u is not in the dictionary",
                         (int) stem_size, stem, statement);
    return add_lead (v, number, statement);
}

/* The text must be the one that was read: its hash was computed then. */
static int
take_sample (struct verifying *v, uint32_t statement, const sks_framework *f, size_t i)
{
    uint64_t hash;
    int code = sks_plan_hash (v->plan, f, i, &hash, v->err);
    if (code)
        return code;
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES);
    sks_store_text (v->store, statement, &text);
    code = text.failed == SKS_ENOMEM ? sks_fail_memory (v->err) : 0;
    if (!code && (text.failed || sks_text_hash (text.bytes, text.size) != hash))
        code = sks_fail (v->err, SKS_EINDEX, "read back: the text of statement %u is not the one that was read",
                         statement);
    sks_word word = { 0, 0 };
    while (!code && sks_text_word (text.bytes, text.size, word.end, &word))
        code = note_word (v, statement, text.bytes + word.start, word.end - word.start);
    sks_buffer_free (&text);
    return code;
}

/* Take samples of the statements that were read, or of those that were taken over. */
static int
take_samples (struct verifying *v, bool carried)
{
    uint64_t count = 0, next = 0, at = 0; /* of these statements */
    uint32_t first = 0;                   /* of all */
    int code = 0;
    for (size_t i = 0; i < v->plan->count; i++)
        count += (v->plan->frameworks[i]->last != SKS_NONE) == carried ? v->plan->frameworks[i]->count : 0;
    for (size_t i = 0; !code && i < v->plan->count; i++) {
        const sks_framework *f = v->plan->frameworks[i];
        size_t here = (f->last != SKS_NONE) == carried ? f->count : 0;
        for (; !code && next < at + here; next += count / v->samples + 1)
            code = take_sample (v, first + (uint32_t) (next - at), f, next - at);
        at += here;
        first += (uint32_t) f->count;
    }
    return code;
}

/* ----------------------------------------------------------------- postings */

static int
by_stem (const void *left, const void *right)
{
    const struct lead *a = left, *b = right;
    if (a->stem != b->stem)
        return a->stem < b->stem ? -1 : 1;
    return (a->document > b->document) - (a->document < b->document);
}

/* Read a posting list; its length must be the dictionary's. */
static int
read_list (struct verifying *v, uint32_t stem)
{
    sks_error cause;
    int code = sks_lists_read (v->lists, stem, v->statements, v->counts, &cause);
    return code == SKS_EINDEX ? sks_fail (v->err, code, "read back: %s", cause.text)
           : code             ? sks_fail (v->err, code, "%s", cause.text)
                              : 0;
}

static int
verify_lists (struct verifying *v)
{
    size_t step = v->store->stems / v->list_count + 1;
    int code = 0;
    for (size_t s = 0; !code && s < v->store->stems; s += step)
        code = read_list (v, (uint32_t) s);
    return code;
}

/* Check the leads of one stem: its list must have all of their documents. */
static int
verify_stem (struct verifying *v, const struct lead *leads, size_t count)
{
    const sks_stem *stem = &v->store->stem[leads->stem];
    sks_error cause;
    size_t wanted = 0, found = 0;
    for (size_t i = 0; i < count; i++)
        if (!i || leads[i].document != leads[i - 1].document)
            v->statements[wanted++] = leads[i].document;
    int code = sks_lists_find (v->lists, leads->stem, v->statements, wanted, &found, &cause);
    if (code)
        return sks_fail (v->err, code, code == SKS_EINDEX ? "read back: %s" : "%s", cause.text);
    for (size_t i = 0; found < wanted && i < count; i++)
        if (leads[i].document == v->statements[found])
            return sks_fail (v->err, SKS_EINDEX, "read back: statement %u is not found by its word \"%.*s\"",
                             leads[i].statement, (int) stem->size, v->store->strings + stem->text);
    return 0;
}

/* A statement is found by its own words when it is in all of their lists. */
static int
verify_leads (struct verifying *v)
{
    int code = 0;
    if (v->lead_count)
        qsort (v->leads, v->lead_count, sizeof *v->leads, by_stem);
    for (size_t i = 0, end; !code && i < v->lead_count; i = end) {
        for (end = i + 1; end < v->lead_count && v->leads[end].stem == v->leads[i].stem;)
            end++;
        code = verify_stem (v, &v->leads[i], end - i);
    }
    return code;
}

/* -------------------------------------------------------------------- whole */

static int
verify_size (const struct verifying *v)
{
    const sks_store *store = v->store;
    uint32_t documents = v->lists ? sks_lists_documents (v->lists) : store->statements;
    if (store->statements == v->plan->statements && store->occupations == v->plan->count &&
        documents == (store->documents ? store->documents : store->statements))
        return 0;
    return sks_fail (v->err, SKS_EINDEX, "read back: %u statements, %u occupations, %u documents", store->statements,
                     store->occupations, documents);
}

/* Each statement must have exactly one document; all other documents must be marked as removed. */
static int
verify_documents (const struct verifying *v)
{
    const sks_store *store = v->store;
    uint32_t met = 0;
    if (!store->documents)
        return 0;
    memset (v->documents, 0xFF, store->statements * sizeof *v->documents);
    for (uint32_t d = 0; d < store->documents; d++) {
        uint32_t statement = store->document[d];
        if (statement == SKS_NONE)
            continue;
        if (statement >= store->statements || v->documents[statement] != SKS_NONE)
            return sks_fail (v->err, SKS_EINDEX, "read back: document %u does not belong to one statement", d);
        v->documents[statement] = d;
        met++;
    }
    return met == store->statements
               ? 0
               : sks_fail (v->err, SKS_EINDEX, "read back: %u statements have no document", store->statements - met);
}

static int
verify_content (struct verifying *v)
{
    size_t capacity = (size_t) v->store->statements + 1;
    v->statements = malloc (capacity * sizeof *v->statements);
    v->counts = malloc (capacity * sizeof *v->counts);
    v->documents = malloc (capacity * sizeof *v->documents);
    v->arena = sks_arena_create ();
    int code = v->statements && v->counts && v->documents && v->arena ? 0 : sks_fail_memory (v->err);
    if (!code)
        code = sks_stemmer_create (&v->stemmer, v->err);
    if (!code)
        code = verify_size (v);
    if (!code)
        code = verify_documents (v);
    if (!code)
        code = verify_facets (v);
    if (!code && v->lists)
        code = verify_lists (v);
    if (!code)
        code = take_samples (v, false);
    if (!code)
        code = take_samples (v, true);
    if (!code && v->lists)
        code = verify_leads (v);
    sks_stemmer_destroy (&v->stemmer);
    sks_arena_destroy (&v->arena);
    free (v->statements);
    free (v->counts);
    free (v->documents);
    free (v->leads);
    return code;
}

static int
check_file (const char *folder, const char *name, sks_error *err)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    return sks_index_check (path, err);
}

static int
check_files (const sks_store *store, const sks_reuse *reuse, const char *folder, sks_error *err)
{
    const sks_print *taken = reuse ? &reuse->last->postings : NULL;
    bool same = taken && taken->size == store->postings.size && taken->hash == store->postings.hash;
    int code = same ? 0 : check_file (folder, SKS_POSTINGS_FILE, err);
    if (!code && store->additions.size)
        code = check_file (folder, SKS_ADDITIONS_FILE, err);
    return code;
}

int
sks_verify_build (const sks_plan *plan, const sks_reuse *reuse, const char *folder, sks_error *err)
{
    sks_store *store = NULL;
    sks_lists *lists = NULL;
    int code = sks_store_open_built (&store, folder, err);
    if (!code)
        code = store->shards ? sks_shard_check (store, folder, err) : check_files (store, reuse, folder, err);
    if (!code && !store->shards)
        code = sks_lists_open (&lists, store, folder, err);
    if (!code) {
        size_t share = reuse ? KEPT_SHARE : 1;
        struct verifying v = { .plan = plan,
                               .store = store,
                               .lists = lists,
                               .samples = SAMPLES / share,
                               .list_count = LISTS / share,
                               .err = err };
        code = verify_content (&v);
    }
    sks_lists_close (&lists);
    sks_store_close (&store);
    return code;
}
