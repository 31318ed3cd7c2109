/* fuzz_index.c - an index with changed fields and correct checksums. It is refused, or it opens and the daemon's and
 * the indexer's code then send it all kinds of requests.
 *
 * The input is a list of changes of CHANGE_BYTES each to an index of corpus/ that
 * has additions, a map of documents and vectors of statements. A change names a section of the statements file, the
 * header, or a Xapian file; in it a row and a field; and what is done to the field. After that all sizes and hashes are
 * corrected. */
#include "core/base/hash.h"
#include "core/wire/wire.h"
#include "indexer/collection.h"
#include "indexer/diff.h"
#include "indexer/folder.h"
#include "indexer/run.h"
#include "searchd/answer.h"
#include "vectors/table.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
__attribute__ ((visibility ("default"))) const char *__asan_default_options (void);

/* libxapian 1.4.22 deletes its table checker with a wrong size. */
const char *
__asan_default_options (void)
{
    return "new_delete_type_mismatch=0";
}

#define CHANGE_BYTES 12
#define MOST_CHANGES 4

/* The header, as docs/index-format.md has it. */
#define SECTIONS 21
#define PLACES 120
#define HEADER_HASH 648
#define BLOCK 8192 /* of a Xapian file */
enum { HEADER = SECTIONS, POSTINGS, ADDITIONS, TARGETS };

static const uint8_t row_bytes[POSTINGS] = { 1, 4, 2, 1, 4, 48, 8, 8, 12, 16, 20, 4, 8, 32, 8, 4, 1, 1, 8, 8, 8, 4 };
static const uint8_t field_bytes[POSTINGS] = { 1, 4, 2, 1, 4, 4, 4, 4, 4, 4, 4, 4, 2, 4, 4, 4, 1, 1, 4, 4, 8, 4 };

static const char *const requests[] = {
    "{\"v\":1,\"op\":\"search\",\"q\":\"mail route\",\"facets\":[\"level\",\"sector\",\"group\",\"zone\",{\"name\":"
    "\"occupation\",\"limit\":1000,\"tree\":true}],\"limit\":100,\"want\":[\"marked\",\"explain\"]}",
    "{\"v\":1,\"op\":\"search\",\"q\":\"\\\"incoming mail\\\" OR \\\"the mail\\\" OR =mail OR duty:mail OR rout* OR mail "
    "NEAR/5 route OR title:clerk\",\"match\":\"any\",\"limit\":100,\"want\":[\"marked\"]}",
    "{\"v\":1,\"op\":\"search\",\"q\":\"safety data sheets patient check\",\"filter\":{\"level\":[\"advanced\"],"
    "\"occupation\":[\"43-\"],\"zone\":{\"min\":1}},\"collapse\":{\"by\":\"occupation\",\"keep\":2},\"facets\":[{\"name\":"
    "\"occupation\",\"find\":\"c\"}]}",
    "{\"v\":1,\"op\":\"search\",\"q\":\"\",\"sort\":\"-occupation\",\"limit\":100}",
    "{\"v\":1,\"op\":\"search\",\"q\":\"mial chek\",\"limit\":5}",
    "{\"v\":1,\"op\":\"search\",\"q\":\"notreal12 advaced\",\"match\":\"any\",\"limit\":100,\"offset\":400}",
    "{\"v\":1,\"op\":\"compare\",\"occupation\":\"43-9051.00\",\"duty\":\"mail\"}",
    "{\"v\":1,\"op\":\"compare\",\"occupation\":\"25-2021.00\"}",
    "{\"v\":1,\"op\":\"occupation\",\"occupation\":\"43-9051\"}",
    "{\"v\":1,\"op\":\"occupation\",\"occupation\":\"53-3032.00\"}",
    "{\"v\":1,\"op\":\"crosswalk\",\"occupations\":[\"25-2021.00\",\"47-2111.00\"]}",
    "{\"v\":1,\"op\":\"map\",\"text\":\"Sorts incoming mail.\\nChecks patient allergies.\",\"limit\":5}",
    "{\"v\":1,\"op\":\"suggest\",\"text\":\"ma\"}",
    "{\"v\":1,\"op\":\"suggest\",\"text\":\"incoming m\"}",
    "{\"v\":1,\"op\":\"facet_values\",\"q\":\"mail\",\"facet\":{\"name\":\"occupation\",\"find\":\"mail\",\"tree\":true}}",
    "{\"v\":1,\"op\":\"analyze\",\"q\":\"the rout* mail \\\"data sheets\\\" title:clerk duty:mail\"}",
    "{\"v\":1,\"op\":\"scan\",\"q\":\"mail OR \\\"of the\\\"\",\"limit\":1000}",
    "{\"v\":1,\"op\":\"scan\",\"q\":\"\",\"limit\":1000}",
    "{\"v\":1,\"op\":\"get\",\"ids\":[\"43-9051.00/developing/5bbaa99f9972\",\"43-9051.00/developing/5bbaa99f99720000\"]}",
    "{\"v\":1,\"op\":\"similar\",\"statement\":\"43-9051.00/developing/5bbaa99f9972\",\"limit\":20}",
};

/* The files as they were published, and an index folder for the changed ones. */
struct file {
    const char *name;
    char *bytes;
    size_t size;
};
static struct file files[3] = { { .name = SKS_STATEMENTS_FILE },
                                { .name = SKS_POSTINGS_FILE },
                                { .name = SKS_ADDITIONS_FILE } };
static sks_store *original;
static char *victim, *generation;

static uint64_t
number_at (const char *bytes, size_t at, size_t size)
{
    uint64_t number = 0;
    memcpy (&number, bytes + at, size);
    return number;
}

/* ------------------------------------------------------------------ fixture */

/* Check a call that must not fail here. */
static void
require (bool holds, const char *what)
{
    if (holds)
        return;
    fprintf (stderr, "fuzz_index: cannot prepare: %s\n", what);
    abort ();
}

static char *
path_of (const char *folder, const char *name)
{
    char *path;
    require (asprintf (&path, "%s/%s", folder, name) >= 0, "memory");
    return path;
}

static char *
make_folder (void)
{
    const char *temporary = getenv ("TMPDIR");
    char *folder = path_of (temporary ? temporary : "/tmp", "fuzz-index-XXXXXX");
    require (mkdtemp (folder) != NULL, folder);
    return folder;
}

/* Make vectors of a few words that corpus/ has and of one that it lacks. */
static struct file vectors_file = { .name = "words.vectors" };
static char *vectors_path;

static void
make_vectors (void)
{
    static uint32_t starts[] = { 0, 4, 9, 16, 22, 28, 33 };
    static int32_t numbers[6 * SKS_VECTOR_DIMENSIONS];
    sks_embeddings e = { .count = 6, .starts = starts, .numbers = numbers, .text = SKS_BUFFER_INIT (64) };
    sks_buffer bytes = SKS_BUFFER_INIT (1 << 16);
    sks_error err = { 0 };
    sks_buffer_puts (&e.text, "mailroutepatientlettersafetyzebra");
    for (int i = 0; i < 6; i++)
        numbers[i * SKS_VECTOR_DIMENSIONS + i / 2] = SKS_EMBEDDING_UNITS;
    require (sks_table_build (&bytes, &e, NULL, &err) == 0, err.text);
    sks_buffer_free (&e.text);
    vectors_file.bytes = bytes.bytes;
    vectors_file.size = bytes.size;
}

static void
run_index (const char *index, const char *const *sources, size_t count)
{
    sks_run run;
    sks_error err = { 0 };
    sks_index_options options = { .index = index,
                                  .sources = sources,
                                  .source_count = count,
                                  .keep = 2,
                                  .threads = 1,
                                  .quiet = true,
                                  .vectors = vectors_path };
    require (sks_run_index (&run, &options, &err) == 0, err.text);
    sks_run_close (&run);
}

/* Publish two generations: the second has one more export, so it takes over the postings of the first. */
static void
index_twice (const char *index, const char *corpus)
{
    glob_t found;
    char *pattern = path_of (corpus, "*.json");
    require (glob (pattern, 0, NULL, &found) == 0 && found.gl_pathc > 8, pattern);
    run_index (index, (const char *const *) found.gl_pathv, found.gl_pathc - 1);
    run_index (index, (const char *const *) found.gl_pathv, found.gl_pathc);
    globfree (&found);
    free (pattern);
}

static void
read_file (struct file *file, const char *folder)
{
    char *path = path_of (folder, file->name);
    FILE *in = fopen (path, "rb");
    require (in && fseek (in, 0, SEEK_END) == 0, path);
    file->size = (size_t) ftell (in);
    file->bytes = malloc (file->size);
    rewind (in);
    require (file->bytes && fread (file->bytes, 1, file->size, in) == file->size, path);
    fclose (in);
    free (path);
}

static void
write_file (const struct file *file, const char *folder)
{
    char *path = path_of (folder, file->name);
    FILE *out = fopen (path, "wb");
    require (out && fwrite (file->bytes, 1, file->size, out) == file->size, path);
    require (fclose (out) == 0, path);
    free (path);
}

static void
remove_folders (void)
{
    sks_store_close (&original);
    sks_folder_erase (victim);
}

static void
prepare (void)
{
    const char *corpus = getenv ("SKS_CORPUS");
    char *index = make_folder (), *current = path_of (index, SKS_CURRENT_LINK), *link;
    sks_error err = { 0 };
    make_vectors ();
    write_file (&vectors_file, index);
    vectors_path = path_of (index, vectors_file.name);
    index_twice (index, corpus ? corpus : "corpus");
    for (int i = 0; i < 3; i++)
        read_file (&files[i], current);
    require (sks_store_open (&original, current, &err) == 0, err.text);
    require (original->documents, "a map of documents");
    require (original->vectors, "vectors");
    victim = make_folder ();
    generation = path_of (victim, "gen-1");
    link = path_of (victim, SKS_CURRENT_LINK);
    require (mkdir (generation, 0755) == 0 && symlink ("gen-1", link) == 0, generation);
    sks_folder_erase (index);
    free (link);
    free (current);
    free (index);
    free (vectors_path);
    vectors_path = NULL;
    atexit (remove_folders);
}

/* ----------------------------------------------------------------- changing */

struct change {
    unsigned target, where, field, how;
    uint32_t row, value;
};

static struct change
read_change (const uint8_t *data)
{
    struct change c = { data[0] % TARGETS, data[1], data[2], data[3], 0, 0 };
    memcpy (&c.row, data + 4, sizeof c.row);
    memcpy (&c.value, data + 8, sizeof c.value);
    return c;
}

/* The new value of a field: an end of its range, a neighbour of its value, or any. */
static uint32_t
change_value (uint32_t old, const struct change *c)
{
    const uint32_t values[] = { 0,
                                1,
                                UINT32_MAX,
                                UINT32_MAX - 1,
                                INT32_MAX,
                                UINT32_C (1) << 31,
                                old + 1,
                                old - 1,
                                c->value,
                                c->value % 1000,
                                old ^ 1u << c->value % 32,
                                0xFF };
    return values[c->how % (sizeof values / sizeof *values)];
}

/* A position in a Xapian file: the start of a block, an offset in its directory, the start of an item, or any byte
 * (core/index/glass.c has the layout). */
static size_t
place_in_blocks (const struct file *file, const struct change *c)
{
    size_t block = c->row % (file->size / BLOCK) * BLOCK;
    const unsigned char *bytes = (const unsigned char *) file->bytes + block;
    size_t end = (size_t) (bytes[9] << 8 | bytes[10]), entries = end > 13 && end < BLOCK ? (end - 11) / 2 : 1;
    size_t entry = 11 + c->value % entries * 2, item = (size_t) (bytes[entry] << 8 | bytes[entry + 1]) % (BLOCK - 8);
    const size_t places[] = { c->field % (block ? 11 : 96), entry + c->field % 2, item + c->field % 8,
                              c->value % BLOCK };
    return block + places[c->where % 4];
}

static void
change_block (struct file *file, const struct change *c)
{
    char *at = file->bytes + place_in_blocks (file, c);
    *at = (char) change_value ((uint8_t) *at, c);
}

static void
apply (struct file changed[3], const struct change *c)
{
    if (c->target >= POSTINGS) {
        change_block (&changed[c->target == POSTINGS ? 1 : 2], c);
        return;
    }
    struct file *file = &changed[0];
    size_t start = 0, size = file->size, row = row_bytes[c->target], width = field_bytes[c->target];
    if (c->target < SECTIONS) {
        start = number_at (file->bytes, PLACES + 24 * c->target, 8);
        size = number_at (file->bytes, PLACES + 24 * c->target + 8, 8);
    } else if (c->target == HEADER) {
        start = 16;
        size = PLACES + 24 * SECTIONS - start;
    }
    if (start > file->size || size > file->size - start || size < row)
        return;
    size_t rows = size / row, number = c->where % 4 == 0 ? 0 : c->where % 4 == 1 ? rows - 1 : c->row % rows;
    size_t at = start + number * row + c->field % (row / width) * width;
    uint32_t value = change_value ((uint32_t) number_at (file->bytes, at, width), c);
    memcpy (file->bytes + at, &value, width);
}

/* Correct sizes and hashes for the present content. */
static void
repair (struct file changed[3])
{
    char *header = changed[0].bytes;
    for (int i = 0; i < SECTIONS; i++) {
        uint64_t start = number_at (header, PLACES + 24 * i, 8), size = number_at (header, PLACES + 24 * i + 8, 8);
        if (start > changed[0].size || size > changed[0].size - start)
            continue;
        uint64_t hash = sks_hash_bytes (header + start, size);
        memcpy (header + PLACES + 24 * i + 16, &hash, sizeof hash);
    }
    for (int i = 1; i < 3; i++) {
        uint64_t print[2] = { changed[i].size, sks_hash_bytes (changed[i].bytes, changed[i].size) };
        memcpy (header + 24 + 16 * i, print, sizeof print);
    }
    uint64_t hash = sks_hash_bytes (header, HEADER_HASH);
    memcpy (header + HEADER_HASH, &hash, sizeof hash);
}

/* ------------------------------------------------------------------- asking */

static void
ask (sks_answerer *answerer, const char *text)
{
    sks_request *request;
    sks_result *result = NULL;
    sks_record *record;
    sks_error err;
    require (sks_request_decode (&request, text, strlen (text), &err) == 0, err.text);
    sks_buffer_clear (answerer->reply);
    sks_arena_clear (answerer->memory);
    int code = sks_answer (answerer, request, &err);
    if (code == 0 && request->op == SKS_OP_OCCUPATION) {
        require (sks_reply_decode_record (&record, answerer->reply->bytes, answerer->reply->size, &err) == 0, err.text);
        sks_record_destroy (&record);
    } else if (code == 0) {
        sks_reply_decode_result (&result, answerer->reply->bytes, answerer->reply->size, &err);
        sks_result_destroy (&result);
    }
    sks_request_destroy (&request);
}

static void
ask_everything (void)
{
    static sks_counters counters;
    static sks_buffer reply = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_generation *opened;
    sks_searcher *searcher;
    sks_error err;
    if (sks_generation_open (&opened, victim, &err))
        return;
    sks_vectors *vectors;
    require (sks_vectors_map (&vectors, vectors_file.bytes, vectors_file.size, "vectors", &err) == 0, err.text);
    sks_generation_use_vectors (opened, &vectors, &err); /* refused if the hash was changed */
    if (sks_searcher_open (&searcher, opened, &err) == 0) {
        sks_answerer answerer = {
            .searcher = searcher, .memory = sks_arena_create (), .counters = &counters, .reply = &reply, .client = 1
        };
        for (size_t i = 0; answerer.memory && i < sizeof requests / sizeof *requests; i++)
            ask (&answerer, requests[i]);
        sks_arena_destroy (&answerer.memory);
        sks_searcher_close (&searcher);
    }
    sks_generation_release (&opened);
}

/* What the indexer does with the last generation: compares it and takes over its content. */
static void
index_again (void)
{
    sks_store *store;
    sks_diff *diff;
    sks_collection *collection;
    sks_error err;
    if (sks_store_open (&store, generation, &err))
        return;
    if (sks_diff_make (&diff, original, store, &err) == 0)
        sks_diff_destroy (&diff);
    if (sks_collection_create (&collection, &err) == 0) {
        int code = 0;
        for (uint32_t i = 0; !code && i < store->occupations; i++)
            code = sks_collection_carry (collection, store, i, &err);
        if (!code)
            sks_collection_adopt (collection, store, &err);
        sks_collection_destroy (&collection);
    }
    sks_store_close (&store);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct file changed[3];
    if (!victim)
        prepare ();
    for (int i = 0; i < 3; i++) {
        changed[i] = files[i];
        changed[i].bytes = malloc (files[i].size);
        if (!changed[i].bytes)
            abort ();
        memcpy (changed[i].bytes, files[i].bytes, files[i].size);
    }
    for (size_t i = 0; i < MOST_CHANGES && (i + 1) * CHANGE_BYTES <= size; i++) {
        struct change change = read_change (data + i * CHANGE_BYTES);
        apply (changed, &change);
    }
    repair (changed);
    for (int i = 0; i < 3; i++) {
        write_file (&changed[i], generation);
        free (changed[i].bytes);
    }
    ask_everything ();
    index_again ();
    return 0;
}
