/* check_damage.c - a file of a generation that is damaged, truncated, missing or of another generation is refused by
 * name. */
#include "core/base/hash.h"
#include "core/index/checks.h"
#include "core/index/checks_tokens.h"
#include "core/index/lists.h"
#include "core/index/store.h"
#include "tests/support/engine.h"
#include "tests/support/sample.h"

#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_damage (void);

/* A published generation and a copy for damage; the two files of the copy are also in memory. */
static char *index_folder, *victim;
static sks_store *store;
static char *bytes[2];
static size_t sizes[2];
static const char *const files[2] = { SKS_STATEMENTS_FILE, SKS_POSTINGS_FILE };

static void
make_victim (void)
{
    char *source = sample_folder ();
    sample_put (source, "a.json",
                &(sample_occupation) {
                    "43-9061.00", "Office Clerks", .sources = "{\"a\":\"b\"}",
                    .levels = { "Incoming mail \xE2\x80\x94 open, sort, and route.\nFile the mail.\nRoute parcels" } });
    index_folder = sample_folder ();
    sample_index (index_folder, source);
    sample_remove (source);
    store = sample_store (index_folder);
    victim = sample_folder ();
    char *generation = sample_generation (index_folder);
    for (int i = 0; i < 2; i++) {
        char *path = sample_path (generation, files[i]);
        bytes[i] = sample_read (path, &sizes[i]);
        sample_write_bytes (victim, files[i], bytes[i], sizes[i]);
        free (path);
    }
    free (generation);
}

static void
remove_victim (void)
{
    free (bytes[0]);
    free (bytes[1]);
    sample_remove (victim);
    sks_store_close (&store);
    sample_remove (index_folder);
}

/* Assert that this function refuses the copy and its message names the file. */
static void
expect_refusal_by (int (*open) (sks_store **store, const char *folder, sks_error *err), const char *file,
                   const char *what, size_t where)
{
    sks_store *opened = (sks_store *) &victim;
    sks_error err = { 0 };
    int code = open (&opened, victim, &err);
    ck_assert_msg (code == SKS_EINDEX, "%s, %s at %zu: code %d", file, what, where, code);
    ck_assert_ptr_null (opened);
    char *path = sample_path (victim, file);
    ck_assert_msg (strncmp (err.text, path, strlen (path)) == 0, "%s: %s", path, err.text);
    free (path);
}

/* The same of both functions: one does not look into the blocks of Xapian files, but checks their checksums. */
static void
expect_refusal (const char *file, const char *what, size_t where)
{
    expect_refusal_by (sks_store_open, file, what, where);
    expect_refusal_by (sks_store_open_without_lists, file, what, where);
}

static void
flip (int file, size_t at)
{
    bytes[file][at] ^= 0x10;
    sample_write_bytes (victim, files[file], bytes[file], sizes[file]);
    expect_refusal (files[file], "flipped", at);
    bytes[file][at] ^= 0x10;
}

/* ----------------------------------------------------------- flipped bytes */

START_TEST (refuses_a_header_with_any_byte_flipped)
{
    size_t header = (size_t) ((const char *) store->tokens - (const char *) store->file.bytes);
    ck_assert_uint_gt (header, SAMPLE_SECTIONS * 3 * sizeof (uint64_t));
    for (size_t at = 0; at < header; at++)
        flip (0, at);
}
END_TEST

START_TEST (refuses_every_section_with_a_byte_flipped)
{
    sample_section sections[SAMPLE_SECTIONS];
    size_t covered = 0;
    sample_sections (store, sections);
    for (size_t i = 0; i < SAMPLE_SECTIONS; i++) {
        size_t start = (size_t) ((const char *) sections[i].start - (const char *) store->file.bytes);
        /* A new index has no map of documents, without a file of word vectors no vectors, and without shards no usages;
         * check_reuse.c, check_semantics.c and check_shards.c test those. */
        if (strcmp (sections[i].name, "documents") == 0 || strcmp (sections[i].name, "vectors") == 0 ||
            strcmp (sections[i].name, "usages") == 0 || strcmp (sections[i].name, "holdings") == 0 ||
            strcmp (sections[i].name, "group words") == 0)
            continue;
        ck_assert_uint_gt (sections[i].size, 0);
        for (size_t k = 0; k < sections[i].size; k += sections[i].size / 16 + 1)
            flip (0, start + k);
        flip (0, start + sections[i].size - 1);
        covered += sections[i].size;
    }
    /* Only the header and fewer than 64 bytes after each section belong to no section. */
    size_t header = (size_t) ((const char *) store->tokens - (const char *) store->file.bytes);
    ck_assert_uint_lt (store->file.size - header - covered, 64 * SAMPLE_SECTIONS);
}
END_TEST

START_TEST (refuses_postings_with_a_byte_flipped)
{
    for (size_t at = 0; at < sizes[1]; at += 127)
        flip (1, at);
    flip (1, sizes[1] - 1);
}
END_TEST

/* It must not be read: a hole of 256 GB takes no space on disk, but would in memory. The thread
 * sanitizer has no addresses for a terabyte. */
START_TEST (refuses_files_that_grew_beyond_all_memory)
{
    for (int file = 0; file < 2; file++) {
        char *path = sample_path (victim, files[file]);
        ck_assert_int_eq (truncate (path, INT64_C (1) << 38), 0);
        expect_refusal (files[file], "grown", 0);
        free (path);
        sample_write_bytes (victim, files[file], bytes[file], sizes[file]);
    }
}
END_TEST

START_TEST (reads_no_file_that_the_header_does_not_name)
{
    sks_store *opened;
    sks_error err;
    char *path = sample_path (victim, SKS_ADDITIONS_FILE);
    sample_write_bytes (victim, SKS_ADDITIONS_FILE, "x", 1);
    ck_assert_int_eq (truncate (path, INT64_C (1) << 38), 0);
    ck_assert_int_eq (sks_store_open (&opened, victim, &err), 0);
    sks_store_close (&opened);
    free (path);
}
END_TEST

/* In the header, rows of 24 bytes from byte 120 on have offset, size and hash of the sections; 32 bytes are after
 * them. */
START_TEST (refuses_a_gap_between_sections_with_a_byte_flipped)
{
    uint64_t end = 120 + 24 * SAMPLE_SECTIONS + 32;
    int gaps = 0;
    for (int i = 0; i < SAMPLE_SECTIONS; i++) {
        uint64_t place[2];
        memcpy (place, bytes[0] + 120 + 24 * i, sizeof place);
        for (; end < place[0]; end++, gaps++) {
            bytes[0][end] ^= 1;
            sample_write_bytes (victim, SKS_STATEMENTS_FILE, bytes[0], sizes[0]);
            expect_refusal (SKS_STATEMENTS_FILE, "gap", end);
            bytes[0][end] ^= 1;
        }
        end += place[1];
    }
    ck_assert_int_gt (gaps, 0);
}
END_TEST

/* ------------------------------------------------- blocks, and right checksums */

/* In the header of a statements file: size and hash of the postings, and its own hash. */
#define POSTINGS_PRINT 40
#define HEADER_HASH 648

/* Write both files with correct checksums. */
static void
write_repaired (void)
{
    uint64_t print[2] = { sizes[1], sks_hash_bytes (bytes[1], sizes[1]) }, hash;
    memcpy (bytes[0] + POSTINGS_PRINT, print, sizeof print);
    hash = sks_hash_bytes (bytes[0], HEADER_HASH);
    memcpy (bytes[0] + HEADER_HASH, &hash, sizeof hash);
    for (int i = 0; i < 2; i++)
        sample_write_bytes (victim, files[i], bytes[i], sizes[i]);
}

/* The postings of this index are a header of one block and one leaf of 8,192 bytes, in
 * which item 3 begins where the directory says. */
#define LEAF 8192
#define ITEM_ENTRY (LEAF + 11 + 2 * 3)
#define FLAGS 34 /* in the header: level of the first table * 4 */
#define BLOCK_SIZE 36
#define SECOND_TABLE 46

static size_t
item_start (void)
{
    const unsigned char *entry = (const unsigned char *) bytes[1] + ITEM_ENTRY;
    return LEAF + (size_t) (entry[0] << 8 | entry[1]);
}

START_TEST (refuses_blocks_that_libxapian_cannot_handle)
{
    ck_assert_uint_eq (sizes[1], 2 * LEAF);
    size_t item = item_start ();
    const struct {
        const char *what;
        size_t at;
        char value;
    } changes[] = {
        { "more levels than there is room for", FLAGS, 11 << 2 },
        { "a level that no block has", FLAGS, 1 << 2 },
        { "a table without a block", FLAGS, 1 },
        { "blocks of no bytes", BLOCK_SIZE, 0 },
        { "blocks of 6144 bytes", BLOCK_SIZE, 3 },
        { "another table with a block", SECOND_TABLE, 0 },
        { "a root that is the header", FLAGS - 1, 0 },
        { "a root after the end", FLAGS - 1, 2 },
        { "a block of another level", LEAF + 4, 1 },
        { "a block of free numbers", LEAF + 4, (char) 254 },
        { "a directory that ends in its middle", LEAF + 10, bytes[1][LEAF + 10] + 1 },
        { "a directory that ends after the block", LEAF + 9, (char) 0xFF },
        { "a directory of nothing", LEAF + 10, 11 },
        { "an item after the block", ITEM_ENTRY, (char) 0xFF },
        { "an item in the directory", ITEM_ENTRY, 0 },
        { "an item that is longer than its block", item, bytes[1][item] | 0x1F },
        { "a key that is longer than its item", item + 2, (char) 0xFF },
        { "an item that is compressed", item, bytes[1][item] | (char) 0x80 },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char before = bytes[1][changes[i].at];
        ck_assert_msg (before != changes[i].value, "%s", changes[i].what);
        bytes[1][changes[i].at] = changes[i].value;
        write_repaired ();
        expect_refusal_by (sks_store_open, SKS_POSTINGS_FILE, changes[i].what, changes[i].at);
        bytes[1][changes[i].at] = before;
    }
}
END_TEST

START_TEST (refuses_a_block_that_is_in_no_tree)
{
    bytes[1] = realloc (bytes[1], sizes[1] + LEAF);
    memcpy (bytes[1] + sizes[1], bytes[1] + LEAF, LEAF);
    sizes[1] += LEAF;
    write_repaired ();
    expect_refusal_by (sks_store_open, SKS_POSTINGS_FILE, "a block more", sizes[1]);
}
END_TEST

/* ------------------------------------------------- numbers, right checksums */

#define FIELD(type, member) (offsetof (type, member) / sizeof (uint32_t))

/* One number of the editions, citations or occupations, and an invalid value. */
static const struct {
    int section; /* 0: editions, 1: citations, 2: occupations */
    size_t field;
    uint32_t value;
    const char *wrong;
} numbers[] = {
    { 0, FIELD (sks_edition_row, version), UINT32_MAX, "editions" },
    { 0, FIELD (sks_edition_row, description), UINT32_MAX, "editions" },
    { 0, FIELD (sks_edition_row, attribution), UINT32_MAX, "editions" },
    { 0, FIELD (sks_edition_row, labels), UINT32_MAX, "editions" },
    { 0, FIELD (sks_edition_row, labels) + SKS_LEVELS - 1, UINT32_MAX, "editions" },
    { 0, FIELD (sks_edition_row, citations), 1, "editions" },              /* none before it */
    { 0, 8 + FIELD (sks_edition_row, citations), 0, "editions" },          /* the last row */
    { 0, 8 + FIELD (sks_edition_row, citations), UINT32_MAX, "editions" }, /* likewise */
    { 1, FIELD (sks_citation_row, name), UINT32_MAX, "editions" },
    { 1, FIELD (sks_citation_row, text), UINT32_MAX, "editions" },
    { 2, FIELD (sks_occupation, edition), 1, "occupations" },
    { 2, FIELD (sks_occupation, zone), 3u << 16, "occupations" }, /* inferred */
    { 2, FIELD (sks_occupation, zone), 1u << 24, "occupations" }, /* unused */
};

START_TEST (refuses_impossible_numbers)
{
    sks_edition_row editions[2];
    sks_citation_row citations[1];
    sks_occupation occupations[1];
    ck_assert (store->editions == 1 && store->citations == 1 && store->occupations == 1);
    memcpy (editions, store->edition, sizeof editions);
    memcpy (citations, store->citation, sizeof citations);
    memcpy (occupations, store->occupation, sizeof occupations);
    sks_store changed = *store;
    changed.edition = editions;
    changed.citation = citations;
    changed.occupation = occupations;
    sks_error err;
    ck_assert_int_eq (sks_checks_store (&changed, "x", &err), 0);
    char *const sections[] = { (char *) editions, (char *) citations, (char *) occupations };
    memcpy (sections[numbers[_i].section] + sizeof (uint32_t) * numbers[_i].field, &numbers[_i].value,
            sizeof (uint32_t));
    ck_assert_int_eq (sks_checks_store (&changed, "x", &err), SKS_EINDEX);
    char text[80];
    snprintf (text, sizeof text, "x: damaged: invalid %s", numbers[_i].wrong);
    ck_assert_str_eq (err.text, text);
}
END_TEST

START_TEST (refuses_an_impossible_generation_and_time)
{
    static const struct {
        size_t at;
        uint64_t value;
        bool refused;
    } changes[] = {
        { 16, 0, false },
        { 16, SKS_MAX_GENERATION, false },
        { 16, SKS_MAX_GENERATION + 1, true },
        { 16, UINT64_MAX, true },
        { 24, 0, false },
        { 24, SKS_MAX_CREATED, false },
        { 24, SKS_MAX_CREATED + 1, true },
        { 24, INT64_MAX, true },
        { 24, UINT64_MAX, true },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        uint64_t before;
        sks_store *opened = NULL;
        memcpy (&before, bytes[0] + changes[i].at, sizeof before);
        memcpy (bytes[0] + changes[i].at, &changes[i].value, sizeof before);
        write_repaired ();
        if (changes[i].refused)
            expect_refusal (SKS_STATEMENTS_FILE, "changed", changes[i].at);
        else
            ck_assert_int_eq (sks_store_open (&opened, victim, NULL), 0);
        sks_store_close (&opened);
        memcpy (bytes[0] + changes[i].at, &before, sizeof before);
    }
}
END_TEST

/* ------------------------------------------------------------- open files */

START_TEST (keeps_reading_from_files_that_are_truncated_while_open)
{
    sks_store *opened;
    sks_lists *lists;
    sks_error err;
    ck_assert_int_eq (sks_store_open (&opened, victim, &err), 0);
    for (int file = 0; file < 2; file++)
        sample_write_bytes (victim, files[file], "", 0);
    ck_assert_int_eq (memcmp (opened->tokens, store->tokens, store->tokens_size), 0);
    ck_assert_int_eq (memcmp (opened->strings, store->strings, store->strings_size), 0);
    ck_assert_int_eq (sks_lists_open (&lists, opened, victim, &err), 0);
    for (uint32_t stem = 0; stem < opened->stems; stem++) {
        uint32_t statements[16], counts[16];
        ck_assert_uint_le (opened->stem[stem].statements, 16);
        ck_assert_int_eq (sks_lists_read (lists, stem, statements, counts, &err), 0);
    }
    sks_lists_close (&lists);
    sks_store_close (&opened);
}
END_TEST

/* ------------------------------------------------------------- other files */

START_TEST (refuses_truncated_files)
{
    for (int file = 0; file < 2; file++) {
        for (size_t size = 0; size < sizes[file]; size += size < 64 ? 1 : 61) {
            sample_write_bytes (victim, files[file], bytes[file], size);
            expect_refusal (files[file], "cut", size);
        }
        sample_write_bytes (victim, files[file], bytes[file], sizes[file] - 1);
        expect_refusal (files[file], "cut", sizes[file] - 1);
        sample_write_bytes (victim, files[file], bytes[file], sizes[file]);
    }
}
END_TEST

START_TEST (refuses_files_that_grew)
{
    for (int file = 0; file < 2; file++) {
        bytes[file] = realloc (bytes[file], sizes[file] + 1);
        ck_assert_ptr_nonnull (bytes[file]);
        bytes[file][sizes[file]] = '\0';
        sample_write_bytes (victim, files[file], bytes[file], sizes[file] + 1);
        expect_refusal (files[file], "grown", sizes[file] + 1);
        sample_write_bytes (victim, files[file], bytes[file], sizes[file]);
    }
}
END_TEST

START_TEST (refuses_another_format_and_explains_what_to_do)
{
    static const uint32_t formats[] = { 0, SKS_INDEX_FORMAT + 1, UINT32_MAX };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        memcpy (bytes[0] + 8, &formats[i], 4);
        sample_write_bytes (victim, SKS_STATEMENTS_FILE, bytes[0], sizes[0]);
        expect_refusal (SKS_STATEMENTS_FILE, "format", formats[i]);
        sks_error err;
        sks_store *opened;
        sks_store_open (&opened, victim, &err);
        ck_assert_ptr_nonnull (strstr (err.text, "--rebuild"));
    }
}
END_TEST

START_TEST (refuses_a_missing_file_by_its_name)
{
    for (int file = 0; file < 2; file++) {
        char *path = sample_path (victim, files[file]);
        ck_assert_int_eq (unlink (path), 0);
        expect_refusal (files[file], "missing", 0);
        sample_write_bytes (victim, files[file], bytes[file], sizes[file]);
        free (path);
    }
}
END_TEST

START_TEST (refuses_a_folder_in_place_of_a_file)
{
    sks_store *opened;
    char *path = sample_path (victim, SKS_STATEMENTS_FILE);
    ck_assert (unlink (path) == 0 && mkdir (path, 0755) == 0);
    ck_assert_int_lt (sks_store_open (&opened, victim, NULL), 0);
    ck_assert_ptr_null (opened);
    free (path);
}
END_TEST

START_TEST (refuses_the_postings_of_another_generation)
{
    char *source = sample_folder (), *other = sample_folder ();
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "A", .levels = { "Something else." } });
    sample_index (other, source);
    char *generation = sample_generation (other), *path = sample_path (generation, SKS_POSTINGS_FILE);
    size_t size;
    char *postings = sample_read (path, &size);
    sample_write_bytes (victim, SKS_POSTINGS_FILE, postings, size);
    expect_refusal (SKS_POSTINGS_FILE, "other", 0);
    free (postings);
    free (path);
    free (generation);
    sample_remove (other);
    sample_remove (source);
}
END_TEST

/* ------------------------------------------------------------ token streams */

#define MOST_TOKENS 40 /* of a statement here */

/* Read a token stream number by number, as the format defines it: each number ends within its statement, is below the
 * number of entries, and has no more bytes than the highest. */
static bool
stream_is_right (const sks_store *s)
{
    uint8_t highest[5];
    unsigned most = (unsigned) (sks_token_put (highest, s->entries - 1) - highest);
    for (uint32_t i = 0; i < s->statements; i++) {
        const uint8_t *at = s->tokens + s->offsets[i], *end = s->tokens + s->offsets[i + 1];
        while (at < end) {
            uint64_t value = 0;
            unsigned size = 0;
            do {
                if (at + size == end || size == most)
                    return false;
                value |= (uint64_t) (at[size] & 0x7F) << 7 * size;
            } while (at[size++] & 0x80);
            if (value >= s->entries)
                return false;
            at += size;
        }
    }
    return true;
}

static int
check (const sks_store *s, sks_error *err)
{
    /* In two pieces, as the stream is read. */
    size_t half = s->tokens_size / 2;
    if (!sks_checks_numbers (s, 0, half) || !sks_checks_numbers (s, half, s->tokens_size))
        return sks_fail (err, SKS_EINDEX, "a number");
    return sks_checks_store (s, "x", err);
}

/* Fill `tokens` with random numbers below the number of entries. */
static void
draw_stream (unsigned *state, sks_store *s, uint8_t *tokens, uint32_t *offsets)
{
    uint8_t *end = tokens;
    for (uint32_t i = 0; i < s->statements; i++) {
        offsets[i] = (uint32_t) (end - tokens);
        for (unsigned count = 1 + engine_draw (state, MOST_TOKENS); count; count--) {
            uint32_t below = engine_draw (state, 3) ? s->entries : 1 + s->entries / 100;
            uint32_t value = engine_draw (state, 4) ? engine_draw (state, below) : s->entries - 1;
            end = sks_token_put (end, value);
        }
    }
    offsets[s->statements] = (uint32_t) (end - tokens);
    s->tokens_size = (size_t) (end - tokens);
}

START_TEST (refuses_the_token_streams_that_a_naive_reader_refuses)
{
    static const uint32_t counts[] = { 1, 2, 127, 128, 129, 255, 16384, 16385, 33411, 2097153 };
    uint32_t entries = counts[_i], offsets[8];
    uint8_t tokens[8 * MOST_TOKENS * 5];
    sks_entry *entry = malloc (entries * sizeof *entry);
    for (uint32_t i = 0; i < entries; i++)
        entry[i] = store->entry[0];
    sks_store made = *store;
    ck_assert_uint_lt (made.statements, COUNT (offsets));
    made.entry = entry;
    made.entries = entries;
    made.tokens = tokens;
    made.offsets = offsets;
    unsigned state = 77 + (unsigned) _i, refused = 0, tries = entries > 100000 ? 20 : 200;
    for (unsigned i = 0; i < tries; i++) {
        draw_stream (&state, &made, tokens, offsets);
        sks_error err;
        ck_assert_int_eq (check (&made, &err), 0);
        tokens[engine_draw (&state, (unsigned) made.tokens_size)] = (uint8_t) engine_draw (&state, 256);
        bool right = stream_is_right (&made);
        if ((check (&made, &err) == 0) != right)
            ck_abort_msg ("%u entries, stream %u: %s", entries, i, right ? err.text : "not refused");
        refused += !right;
    }
    ck_assert_uint_gt (refused, 0);
    ck_assert_uint_lt (refused, tries);
    free (entry);
}
END_TEST

/* ---------------------------------------------------------------- unharmed */

START_TEST (opens_the_unharmed_files_and_closes_them_twice)
{
    /* This shows that the refusals above are caused by the damage. */
    sks_store *opened;
    sks_error err;
    int code = sks_store_open (&opened, victim, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert_uint_eq (opened->statements, 3);
    sks_store_close (&opened);
    ck_assert_ptr_null (opened);
    sks_store_close (&opened);
    sks_store_close (NULL);
}
END_TEST

START_TEST (never_overwrites_a_generation)
{
    sks_error err;
    sks_store copy = *store;
    ck_assert_int_eq (sks_store_write (&copy, NULL, victim, &err), SKS_EIO);
    sks_store *opened;
    ck_assert_int_eq (sks_store_open (&opened, victim, NULL), 0);
    sks_store_close (&opened);
}
END_TEST

Suite *
suite_damage (void)
{
    Suite *suite = suite_create ("damage");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, make_victim, remove_victim);
    tcase_add_checked_fixture (limits, make_victim, remove_victim);
    tcase_set_timeout (limits, 60);
    tcase_add_test (limits, refuses_a_header_with_any_byte_flipped);
    tcase_add_test (limits, refuses_every_section_with_a_byte_flipped);
    tcase_add_test (limits, refuses_postings_with_a_byte_flipped);
    tcase_add_test (limits, refuses_blocks_that_libxapian_cannot_handle);
    tcase_add_test (limits, refuses_a_block_that_is_in_no_tree);
    tcase_add_test (limits, refuses_truncated_files);
    tcase_add_test (limits, keeps_reading_from_files_that_are_truncated_while_open);
    tcase_add_test (limits, refuses_files_that_grew);
    tcase_add_test (limits, refuses_files_that_grew_beyond_all_memory);
    tcase_add_test (limits, reads_no_file_that_the_header_does_not_name);
    tcase_add_test (limits, refuses_a_gap_between_sections_with_a_byte_flipped);
    tcase_add_loop_test (limits, refuses_impossible_numbers, 0, (int) (sizeof numbers / sizeof *numbers));
    tcase_add_test (limits, refuses_an_impossible_generation_and_time);
    tcase_add_test (limits, refuses_another_format_and_explains_what_to_do);
    tcase_add_test (limits, refuses_a_missing_file_by_its_name);
    tcase_add_test (limits, refuses_a_folder_in_place_of_a_file);
    tcase_add_test (limits, refuses_the_postings_of_another_generation);
    tcase_add_loop_test (limits, refuses_the_token_streams_that_a_naive_reader_refuses, 0, 10);
    tcase_add_test (core, opens_the_unharmed_files_and_closes_them_twice);
    tcase_add_test (core, never_overwrites_a_generation);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
