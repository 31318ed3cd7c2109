/* check_build.c - builds a generation from a plan, and verifies it. */
#include "core/index/lists.h"
#include "indexer/limits.h"
#include "tests/support/indexing.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_build (void);

/* ------------------------------------------------------------ equal builds */

/* All sections are equal, byte for byte. */
static void
compare_stores (const sks_store *left, const sks_store *right)
{
    sample_section a[SAMPLE_SECTIONS], b[SAMPLE_SECTIONS];
    sample_sections (left, a);
    sample_sections (right, b);
    for (size_t i = 0; i < SAMPLE_SECTIONS; i++)
        ck_assert_msg (a[i].size == b[i].size && memcmp (a[i].start, b[i].start, a[i].size) == 0, "%s", a[i].name);
}

START_TEST (the_number_of_threads_does_not_change_a_build)
{
    static const unsigned threads[] = { 1, 2, 3, SKS_MAX_THREADS, 1000 };
    sks_store *first = NULL;
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        char path[PATH_MAX];
        sks_error err;
        sks_store *store;
        indexing_forget ();
        ck_assert_int_eq (sks_folder_open (&folder, index_folder, 1, NULL), 0);
        indexing_find (sample_corpus ());
        indexing_read (threads[i]);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, NULL, report, NULL), 0);
        int code = indexing_build (threads[i], path, &err);
        ck_assert_msg (code == 0, "%s", err.text);
        ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), 0);
        ck_assert_int_eq (sks_store_open (&store, path, &err), 0);
        if (first)
            compare_stores (first, store);
        else
            first = store;
        if (first != store)
            sks_store_close (&store);
    }
    sks_store_close (&first);
}
END_TEST

/* Build the corpus with one thread; returns the postings of its stems, each with its count. */
static sks_buffer
postings_with (uint64_t piece_bytes)
{
    char path[PATH_MAX];
    sks_error err;
    sks_store *store;
    sks_lists *lists;
    sks_buffer out = SKS_BUFFER_INIT (1 << 24);
    uint32_t statements[1000], counts[1000];
    sks_limits_of_index.piece_bytes = piece_bytes;
    indexing_forget ();
    ck_assert_int_eq (sks_folder_open (&folder, index_folder, 1, NULL), 0);
    indexing_find (sample_corpus ());
    indexing_read (1);
    ck_assert_int_eq (sks_plan_make (&plan, intake, sources, NULL, report, NULL), 0);
    int code = indexing_build (1, path, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), 0);
    ck_assert_int_eq (sks_store_open (&store, path, &err), 0);
    ck_assert_int_eq (sks_lists_open (&lists, store, path, &err), 0);
    for (uint32_t stem = 0; stem < store->stems; stem++) {
        ck_assert_uint_le (store->stem[stem].statements, 1000);
        ck_assert_int_eq (sks_lists_read (lists, stem, statements, counts, &err), 0);
        sks_buffer_add (&out, statements, store->stem[stem].statements * sizeof *statements);
        sks_buffer_add (&out, counts, store->stem[stem].statements * sizeof *counts);
    }
    sks_lists_close (&lists);
    sks_store_close (&store);
    return out;
}

START_TEST (the_number_of_pieces_does_not_change_postings)
{
    sks_buffer whole = postings_with (SKS_PIECE_BYTES);
    ck_assert_uint_gt (whole.size, 10000);
    static const uint64_t sizes[] = { 1, 50000, 300000 }; /* a statement each, a few dozen pieces, a few */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sks_buffer cut = postings_with (sizes[i]);
        ck_assert (cut.size == whole.size && memcmp (cut.bytes, whole.bytes, whole.size) == 0);
        sks_buffer_free (&cut);
    }
    sks_buffer_free (&whole);
}
END_TEST

START_TEST (a_carried_export_builds_the_same_as_its_file)
{
    sample_put (source, "a",
                &(sample_occupation) {
                    "11-1011.00", "Chief Executives", .sector = "55", .zone = 5, .exported_at = "2026-01-01T00:00:00Z",
                    .description = "Leading  firms.",
                    .levels = { "Mail \xE2\x80\x94 read\n...\nNurses' caf\xC3\xA9s", "Read mail", NULL, "Readers" } });
    indexing_put_at (other, "b", "11-1021.00", "Read the mail", NULL);
    from_scratch = true;
    indexing_plan ((const char *const[]) { source, other }, 2, false);
    indexing_publish ();
    sks_store *fresh = sample_store (index_folder);
    indexing_put_at (other, "b", "11-1021.00", "Something else", NULL);
    indexing_plan_from (other, false);
    indexing_expect (0, 1, 0, 1);
    indexing_publish ();
    indexing_put_at (other, "b", "11-1021.00", "Read the mail", NULL);
    indexing_plan_from (other, false);
    indexing_expect (0, 1, 0, 1);
    indexing_publish ();
    sks_store *carried = sample_store (index_folder);
    compare_stores (fresh, carried);
    sks_store_close (&fresh);
    sks_store_close (&carried);
}
END_TEST

START_TEST (a_build_writes_exactly_two_files)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    char *generation = sample_generation (index_folder);
    sks_sources_destroy (&sources);
    indexing_find (generation);
    ck_assert_uint_eq (sks_sources_count (sources), 2);
    free (generation);
}
END_TEST

/* ------------------------------------------------------------ verification */

START_TEST (verification_refuses_a_damaged_build)
{
    char path[PATH_MAX];
    sks_error err;
    indexing_put ("a", "11-1011.00", "x\ny\nz");
    indexing_plan_source ();
    ck_assert_int_eq (indexing_build (2, path, &err), 0);
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), 0);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? SKS_POSTINGS_FILE : SKS_STATEMENTS_FILE;
        char *file = sample_path (path, name);
        size_t size;
        char *bytes = sample_read (file, &size);
        bytes[size / 2] ^= 1;
        sample_write_bytes (path, name, bytes, size);
        ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), SKS_EINDEX);
        ck_assert_ptr_nonnull (strstr (err.text, name));
        bytes[size / 2] ^= 1;
        sample_write_bytes (path, name, bytes, size);
        free (bytes);
        free (file);
    }
    plan->statements++;
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), SKS_EINDEX);
    plan->statements--;
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), 0);
}
END_TEST

static void
expect_refusal (const char *path, const char *reason)
{
    sks_error err;
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, reason) != NULL, "%s", err.text);
}

/* Change the plan after the build, so that the build differs from it. */
START_TEST (verification_refuses_a_build_that_differs_from_what_was_read)
{
    char path[PATH_MAX];
    sample_put (source, "a",
                &(sample_occupation) { "11-1011.00", "Title", .sector = "55", .zone = 2,
                                       .levels = { "Sort mail\nBind books", "Lead teams" } });
    indexing_plan_source ();
    ck_assert_int_eq (indexing_build (2, path, NULL), 0);
    sks_collection *read = intake->collections[0];
    sks_framework *framework = &read->frameworks[0];
    framework->zone = 3;
    expect_refusal (path, "facet values");
    framework->zone = 2;
    framework->inferred = SKS_INFERRED_YES;
    expect_refusal (path, "the edition of 11-1011.00 is not the one that was read");
    framework->inferred = SKS_INFERRED_UNKNOWN;
    const sks_edition *edition = framework->edition;
    sks_edition changed = *edition;
    changed.attribution = "somebody else";
    framework->edition = &changed;
    expect_refusal (path, "the edition of 11-1011.00 is not the one that was read");
    framework->edition = edition;
    framework->sector = "62";
    expect_refusal (path, "facet values");
    framework->sector = NULL;
    expect_refusal (path, "facet values");
    framework->sector = "55";
    framework->soc = "12-1011.00";
    expect_refusal (path, "facet values");
    framework->soc = "11-1011.00";
    read->lines[2].level = SKS_ADVANCED;
    expect_refusal (path, "at level");
    read->lines[2].level = SKS_EMERGING;
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, NULL), 0);
    read->lines[1].hash ^= 1;
    expect_refusal (path, "not the one that was read");
}
END_TEST

/* Two builds whose posting lists have the same words and lengths but the statements of the other. */
START_TEST (verification_refuses_postings_of_other_statements)
{
    char path[PATH_MAX];
    size_t size;
    sks_store *store;
    indexing_put_at (source, "a", "11-1011.00", "Sort mail\nLead teams", NULL);
    indexing_put_at (source, "b", "11-1021.00", "Bind books", NULL);
    indexing_publish_source ();
    char *generation = sample_generation (index_folder);
    char *postings = sample_path (generation, SKS_POSTINGS_FILE);
    char *bytes = sample_read (postings, &size);
    indexing_put_at (source, "a", "11-1011.00", "Bind books\nLead teams", NULL);
    indexing_put_at (source, "b", "11-1021.00", "Sort mail", NULL);
    indexing_plan_source ();
    ck_assert_int_eq (indexing_build (2, path, NULL), 0);
    ck_assert_int_eq (sks_verify_build (plan, reuse, path, NULL), 0);
    ck_assert_int_eq (sks_store_open (&store, path, NULL), 0);
    sample_write_bytes (other, SKS_POSTINGS_FILE, bytes, size);
    ck_assert_int_eq (sks_store_write (store, NULL, other, NULL), 0);
    expect_refusal (other, "is not found by its word");
    sks_store_close (&store);
    free (bytes);
    free (postings);
    free (generation);
}
END_TEST

START_TEST (reports_a_folder_where_it_cannot_build)
{
    char path[PATH_MAX];
    sks_error err = { 0 };
    indexing_put ("a", "11-1011.00", "x");
    indexing_plan_source ();
    sks_folder_building (folder, 1, path, sizeof path);
    ck_assert_int_lt (sks_build (plan, intake, &(sks_build_options) { .threads = 2 }, 1, path, &err), 0);
    ck_assert_str_ne (err.text, "");
}
END_TEST

/* ------------------------------------------------------------------- limits */

/* Each is lowered to what the corpus needs, less one. */
static const struct limit {
    size_t place; /* in sks_limits */
    uint64_t value;
    int code;
    const char *text;
} limits_of[] = {
    { offsetof (sks_limits, statements), 559, SKS_ELIMIT,
      "560 statements are more than 559, the limit of one index; divide the sources among several" },
    { offsetof (sks_limits, occupations), 13, SKS_ELIMIT,
      "14 occupations are more than 13, the limit of one index; divide the sources among several" },
    { offsetof (sks_limits, token_bytes), 10000, SKS_ELIMIT,
      "the texts of the statements need more than 10000 bytes, the limit of one index; divide the sources among "
      "several" },
    { offsetof (sks_limits, string_bytes), 40000, SKS_ELIMIT,
      "the different words, the titles and descriptions of occupations, and the names of files need more than 40000 "
      "bytes, the limit of one index; divide the sources among several" },
    { offsetof (sks_limits, memory_bytes), 560 * SKS_BUILD_BYTES - 1, SKS_ENOMEM,
      "building 560 statements takes at least 0 MiB of memory, and 0 MiB are left" },
};

START_TEST (more_than_an_index_holds_is_a_typed_error)
{
    const struct limit *limit = &limits_of[_i];
    for (unsigned threads = 1; threads <= 3; threads++) {
        char path[PATH_MAX];
        sks_error err;
        indexing_forget ();
        ck_assert_int_eq (sks_folder_open (&folder, index_folder, 1, NULL), 0);
        indexing_find (sample_corpus ());
        indexing_read (threads);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, NULL, report, NULL), 0);
        sks_limits before = sks_limits_of_index;
        memcpy ((char *) &sks_limits_of_index + limit->place, &limit->value, sizeof limit->value);
        ck_assert_int_eq (indexing_build (threads, path, &err), limit->code);
        ck_assert_str_eq (err.text, limit->text);
        sks_limits_of_index = before;
        sks_folder_abandon (folder);
        ck_assert_int_eq (indexing_build (threads, path, &err), 0);
    }
}
END_TEST

/* A word that does not fit while files are read. */
START_TEST (more_words_than_an_index_holds_are_a_typed_error)
{
    sks_error err;
    sks_progress progress = { 0 };
    sks_limits_of_index.vocabulary_bytes = 5000;
    ck_assert_int_eq (sks_folder_open (&folder, index_folder, 1, NULL), 0);
    indexing_find (sample_corpus ());
    ck_assert_int_eq (sks_intake_read (&intake, sources, NULL, 2, report, &progress, &err), SKS_ELIMIT);
    ck_assert_str_eq (err.text, "the different words need more than 5000 bytes, the limit of one index; divide the "
                                "sources among several");
}
END_TEST

Suite *
suite_build (void)
{
    Suite *suite = suite_create ("build");
    TCase *core = indexing_case (suite, "Core"), *limits = indexing_case (suite, "Limits");
    tcase_add_test (core, the_number_of_threads_does_not_change_a_build);
    tcase_add_test (core, the_number_of_pieces_does_not_change_postings);
    tcase_add_test (core, a_carried_export_builds_the_same_as_its_file);
    tcase_add_test (core, a_build_writes_exactly_two_files);
    tcase_add_test (limits, verification_refuses_a_damaged_build);
    tcase_add_test (limits, verification_refuses_a_build_that_differs_from_what_was_read);
    tcase_add_test (limits, verification_refuses_postings_of_other_statements);
    tcase_add_test (limits, reports_a_folder_where_it_cannot_build);
    tcase_add_loop_test (limits, more_than_an_index_holds_is_a_typed_error, 0, sizeof limits_of / sizeof *limits_of);
    tcase_add_test (limits, more_words_than_an_index_holds_are_a_typed_error);
    return suite;
}
