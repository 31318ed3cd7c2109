/* check_index.c - the wrapper around Xapian: what is written is read back, and every exception becomes an error code.
 * Also tests posting.h. */
#include "core/index/builder.h"
#include "core/index/index.h"
#include "core/index/posting.h"
#include "tests/support/sample.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

Suite *suite_index (void);

#define ROOM 16

static char *folder;

static void
make_folder (void)
{
    folder = sample_folder ();
}

static void
remove_folder (void)
{
    sample_remove (folder);
}

/* A path in the folder of this test; valid until the end of the test. */
static const char *
path_of (const char *name)
{
    static char paths[8][SKS_MAX_NAME_BYTES];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf (path, SKS_MAX_NAME_BYTES, "%s/%s", folder, name);
    return path;
}

/* The stems of a builder, in their order. */
static const char STRINGS[] = "mailrout";
static const sks_stem STEMS[] = { { .text = 0, .size = 4 }, { .text = 4, .size = 4 } };
enum { MAIL, ROUT };

/* Add a document of one posting. */
static void
add (sks_builder *builder, uint32_t stem, uint32_t count)
{
    sks_error err;
    int code = sks_builder_add (builder, &(sks_term) { stem, count }, 1, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static sks_builder *
create_builder (uint32_t stems)
{
    sks_builder *builder;
    sks_error err;
    ck_assert_msg (sks_builder_create (&builder, stems, &err) == 0, "%s", err.text);
    return builder;
}

static void
finish (sks_builder *builder, const char *name, const sks_stem *stems, const char *strings)
{
    sks_error err;
    ck_assert_msg (sks_builder_commit (builder, path_of (name), false, stems, strings, &err) == 0, "%s", err.text);
    sks_builder_close (&builder);
    ck_assert_ptr_null (builder);
}

/* Two pieces with three and two documents, joined in `postings`. */
static void
build_two_pieces (void)
{
    sks_error err;
    sks_builder *first = create_builder (2), *second = create_builder (2);
    static const sks_term both[] = { { MAIL, 7 }, { ROUT, 70000 } };
    add (first, MAIL, 1);
    ck_assert_int_eq (sks_builder_add (first, both, 2, &err), 0);
    ck_assert_int_eq (sks_builder_add (first, NULL, 0, &err), 0);
    add (second, ROUT, 3);
    add (second, MAIL, 64);
    finish (first, "piece-0", STEMS, STRINGS);
    finish (second, "piece-1", STEMS, STRINGS);
    const char *pieces[] = { path_of ("piece-0"), path_of ("piece-1") };
    int code = sks_index_compact (pieces, 2, path_of ("postings"), &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static int
open_file (sks_reader **out, const char *path, sks_error *err)
{
    return sks_reader_open (out, open (path, O_RDONLY | O_CLOEXEC), path, NULL, 0, err);
}

static sks_reader *
open_reader (const char *name)
{
    sks_reader *reader;
    sks_error err;
    ck_assert_msg (open_file (&reader, path_of (name), &err) == 0, "%s", err.text);
    return reader;
}

/* The postings of a term as "number:count ...". */
static const char *
postings_of (sks_reader *reader, const char *term)
{
    static char out[256];
    uint32_t statements[ROOM], counts[ROOM];
    size_t count, used = 0;
    sks_error err;
    int code = sks_reader_postings (reader, term, strlen (term), statements, counts, ROOM, &count, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t) snprintf (out + used, sizeof out - used, "%s%u:%u", i ? " " : "", statements[i], counts[i]);
    return out;
}

START_TEST (returns_postings_in_order_over_two_pieces)
{
    build_two_pieces ();
    sks_reader *reader = open_reader ("postings");
    ck_assert_uint_eq (sks_reader_documents (reader), 5);
    ck_assert_str_eq (postings_of (reader, "mail"), "0:1 1:7 4:64");
    ck_assert_str_eq (postings_of (reader, "rout"), "1:70000 3:3");
    ck_assert_str_eq (postings_of (reader, "mai"), "");
    ck_assert_str_eq (postings_of (reader, "mails"), "");
    sks_reader_close (&reader);
    ck_assert_ptr_null (reader);
    sks_reader_close (&reader);
}
END_TEST

START_TEST (a_new_database_passes_its_check)
{
    sks_error err;
    build_two_pieces ();
    ck_assert_int_eq (sks_index_check (path_of ("postings"), &err), 0);
}
END_TEST

START_TEST (keeps_all_documents_across_commits)
{
    /* More than are committed at once. */
    enum { DOCUMENTS = 5003 };
    static uint32_t statements[DOCUMENTS], counts[DOCUMENTS];
    size_t count;
    sks_error err;
    sks_builder *builder = create_builder (2);
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        add (builder, MAIL, i % 100 + 1);
    finish (builder, "piece-0", STEMS, STRINGS);
    const char *piece = path_of ("piece-0");
    ck_assert_int_eq (sks_index_compact (&piece, 1, path_of ("postings"), &err), 0);
    sks_reader *reader = open_reader ("postings");
    int code = sks_reader_postings (reader, "mail", 4, statements, counts, DOCUMENTS, &count, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert_uint_eq (count, DOCUMENTS);
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        ck_assert (statements[i] == i && counts[i] == i % 100 + 1);
    sks_reader_close (&reader);
}
END_TEST

START_TEST (accepts_terms_of_any_bytes_up_to_the_limit)
{
    char strings[SKS_MAX_TERM_BYTES + 4], longest[SKS_MAX_TERM_BYTES + 1];
    static const sks_stem stems[] = { { .text = 0, .size = SKS_MAX_TERM_BYTES },
                                      { .text = SKS_MAX_TERM_BYTES, .size = 3 } };
    sks_error err;
    memset (longest, 'x', SKS_MAX_TERM_BYTES);
    longest[SKS_MAX_TERM_BYTES] = '\0';
    snprintf (strings, sizeof strings, "%s\xE6\x9D\xB1", longest);
    sks_builder *builder = create_builder (2);
    add (builder, 0, 5);
    add (builder, 1, 6);
    finish (builder, "piece-0", stems, strings);
    const char *piece = path_of ("piece-0");
    ck_assert_int_eq (sks_index_compact (&piece, 1, path_of ("postings"), &err), 0);
    sks_reader *reader = open_reader ("postings");
    ck_assert_str_eq (postings_of (reader, longest), "0:5");
    ck_assert_str_eq (postings_of (reader, "\xE6\x9D\xB1"), "1:6");
    sks_reader_close (&reader);
}
END_TEST

/* Join one piece, check piece and result, and open the result. */
static sks_reader *
join (const char *name)
{
    sks_error err;
    const char *piece = path_of (name);
    ck_assert_msg (sks_index_check (piece, &err) == 0, "%s", err.text);
    ck_assert_int_eq (sks_index_compact (&piece, 1, path_of ("postings"), &err), 0);
    ck_assert_msg (sks_index_check (path_of ("postings"), &err) == 0, "%s", err.text);
    return open_reader ("postings");
}

START_TEST (keeps_the_postings_of_many_long_terms)
{
    /* Terms of 200 bytes need three levels of blocks. Term t is in each document that t + 1 divides. */
    enum { TERMS = 3000, DOCUMENTS = 3000, LONG = SKS_MAX_TERM_BYTES };
    static char strings[TERMS * LONG + 1];
    static sks_stem stems[TERMS];
    static sks_term terms[TERMS];
    static uint32_t statements[DOCUMENTS], counts[DOCUMENTS];
    sks_builder *builder = create_builder (TERMS);
    sks_error err;
    for (uint32_t t = 0; t < TERMS; t++) {
        snprintf (strings + t * LONG, LONG + 1, "%0*u", LONG, t);
        stems[t] = (sks_stem) { .text = t * LONG, .size = LONG };
    }
    for (uint32_t d = 0; d < DOCUMENTS; d++) {
        size_t count = 0;
        for (uint32_t t = 0; t < TERMS; t++)
            if (d % (t + 1) == 0)
                terms[count++] = (sks_term) { t, d + t };
        ck_assert_int_eq (sks_builder_add (builder, terms, count, &err), 0);
    }
    ck_assert_uint_gt (sks_builder_bytes (builder), 20000);
    finish (builder, "piece-0", stems, strings);
    sks_reader *reader = join ("piece-0");
    for (uint32_t t = 0; t < TERMS; t++) {
        size_t count;
        ck_assert_int_eq (
            sks_reader_postings (reader, strings + t * LONG, LONG, statements, counts, DOCUMENTS, &count, &err), 0);
        ck_assert_uint_eq (count, (DOCUMENTS - 1) / (t + 1) + 1);
        for (uint32_t i = 0; i < count; i++)
            ck_assert (statements[i] == i * (t + 1) && counts[i] == statements[i] + t);
    }
    sks_reader_close (&reader);
}
END_TEST

START_TEST (keeps_documents_whose_numbers_take_four_bytes)
{
    /* Xapian writes the first document of a chunk in 2 bytes below 2^15, in 3 below 2^22. */
    enum { DOCUMENTS = (1 << 22) + 5000 };
    uint32_t *statements = malloc (DOCUMENTS * sizeof *statements), *counts = malloc (DOCUMENTS * sizeof *counts);
    size_t count;
    sks_error err;
    sks_builder *builder = create_builder (2);
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        ck_assert_int_eq (sks_builder_add (builder, &(sks_term) { MAIL, i % 7 }, 1, &err), 0);
    finish (builder, "piece-0", STEMS, STRINGS);
    sks_reader *reader = join ("piece-0");
    ck_assert_int_eq (sks_reader_postings (reader, "mail", 4, statements, counts, DOCUMENTS, &count, &err), 0);
    ck_assert_uint_eq (count, DOCUMENTS);
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        if (statements[i] != i || counts[i] != i % 7)
            ck_abort_msg ("posting %u", i);
    sks_reader_close (&reader);
    free (statements);
    free (counts);
}
END_TEST

static const char *
stem (sks_stemmer *stemmer, const char *word, size_t room)
{
    static char out[64];
    size_t length;
    sks_error err;
    ck_assert_int_eq (sks_stemmer_stem (stemmer, word, strlen (word), out, room, &length, &err), 0);
    out[length] = '\0';
    return out;
}

START_TEST (stems_words_of_one_family_alike)
{
    sks_stemmer *stemmer;
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
    ck_assert_str_eq (stem (stemmer, "routing", 63), "rout");
    ck_assert_str_eq (stem (stemmer, "routes", 63), "rout");
    ck_assert_str_eq (stem (stemmer, "mail", 63), "mail");
    ck_assert_str_eq (stem (stemmer, "policies", 63), stem (stemmer, "policy", 63));
    ck_assert_str_eq (stem (stemmer, "401k", 63), "401k");
    ck_assert_str_eq (stem (stemmer, "\xE6\x9D\xB1\xE4\xBA\xAC", 63), "\xE6\x9D\xB1\xE4\xBA\xAC");
    ck_assert_str_eq (stem (stemmer, "", 63), "");
    sks_stemmer_destroy (&stemmer);
    ck_assert_ptr_null (stemmer);
    sks_stemmer_destroy (&stemmer);
}
END_TEST

/* ---------------------------------------------------------------- postings */

START_TEST (a_posting_returns_code_and_rank)
{
    for (unsigned code = 0; code < SKS_WEIGHT_CODES; code++)
        for (unsigned rank = 0; rank <= SKS_FORM_RANK_MAX; rank++) {
            uint32_t wdf = sks_posting_pack (code, rank);
            ck_assert (sks_posting_code (wdf) == code && sks_posting_rank (wdf) == rank);
        }
    ck_assert_uint_eq (sks_posting_rank (sks_posting_pack (63, 100000)), SKS_FORM_RANK_MAX);
    ck_assert_uint_lt (sks_posting_pack (63, 1), 128);
}
END_TEST

START_TEST (weight_decreases_with_the_position_of_a_word)
{
    ck_assert_float_eq (sks_posting_position_weight (0), 1.0f);
    ck_assert_float_eq_tol (sks_posting_position_weight (1), powf (2, -0.6f), 1e-6f);
    for (uint32_t before = 1; before < SKS_MAX_STATEMENT_BYTES; before++)
        ck_assert_float_lt (sks_posting_position_weight (before), sks_posting_position_weight (before - 1));
}
END_TEST

START_TEST (a_weight_is_stored_within_four_percent)
{
    for (float weight = 0.05f; weight < 4.0f; weight *= 1.01f)
        ck_assert_float_eq_tol (sks_posting_weight (sks_posting_weight_code (weight)) / weight, 1.0f, 0.037f);
    for (unsigned code = 0; code < SKS_WEIGHT_CODES; code++)
        ck_assert_uint_eq (sks_posting_weight_code (sks_posting_weight (code)), code);
}
END_TEST

START_TEST (a_weight_beyond_the_scale_is_clamped)
{
    ck_assert_uint_eq (sks_posting_weight_code (0), 0);
    ck_assert_uint_eq (sks_posting_weight_code (-1), 0);
    ck_assert_uint_eq (sks_posting_weight_code (1e-9f), 0);
    ck_assert_uint_eq (sks_posting_weight_code (100), SKS_WEIGHT_CODES - 1);
    ck_assert_uint_eq (sks_posting_weight_code (1e30f), SKS_WEIGHT_CODES - 1);
}
END_TEST

/* ------------------------------------------------------------------ limits */

/* The failure to commit a posting of each of two stems. */
static const char *
refusal (const char *name, const sks_stem *stems, const char *strings, int code)
{
    static sks_error err;
    sks_builder *builder = create_builder (2);
    add (builder, 0, 1);
    add (builder, 1, 1);
    ck_assert_int_eq (sks_builder_commit (builder, path_of (name), false, stems, strings, &err), code);
    ck_assert_int_eq (err.code, code);
    sks_builder_close (&builder);
    sks_builder_close (&builder);
    return err.text;
}

START_TEST (refuses_a_term_that_is_empty_or_too_long)
{
    char longer[SKS_MAX_TERM_BYTES + 1];
    memset (longer, 'x', sizeof longer);
    const sks_stem empty[] = { { .size = 0 }, { .size = 1 } }, over[] = { { .size = 1 }, { .size = sizeof longer } };
    ck_assert_ptr_nonnull (strstr (refusal ("piece-0", empty, longer, SKS_EINVALID), "a term of 0 bytes"));
    ck_assert_ptr_nonnull (strstr (refusal ("piece-1", over, longer, SKS_EINVALID), "a term of 201 bytes"));
}
END_TEST

START_TEST (refuses_terms_out_of_order)
{
    const sks_stem falling[] = { STEMS[1], STEMS[0] }, equal[] = { STEMS[0], STEMS[0] };
    const sks_stem shorter[] = { { .size = 4 }, { .size = 3 } };
    ck_assert_ptr_nonnull (strstr (refusal ("piece-0", falling, STRINGS, SKS_EINTERNAL), "\"mail\""));
    refusal ("piece-1", equal, STRINGS, SKS_EINTERNAL);
    refusal ("piece-2", shorter, STRINGS, SKS_EINTERNAL);
}
END_TEST

START_TEST (refuses_to_read_where_there_is_no_database)
{
    sks_reader *reader = (sks_reader *) &folder;
    sks_error err = { 0 };
    ck_assert_int_eq (sks_index_check (path_of ("missing"), &err), SKS_EINDEX);
    ck_assert_int_eq (mkdir (path_of ("empty"), 0755), 0);
    ck_assert_int_ne (open_file (&reader, path_of ("empty"), &err), 0);
    ck_assert_ptr_null (reader);
    ck_assert_ptr_nonnull (strstr (err.text, "empty"));
}
END_TEST

START_TEST (refuses_a_file_of_garbage)
{
    sks_reader *reader;
    sks_error err = { 0 };
    char garbage[20000];
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char) (i * 2654435761u >> 13);
    sample_write_bytes (folder, "garbage", garbage, sizeof garbage);
    ck_assert_int_eq (open_file (&reader, path_of ("garbage"), &err), SKS_EINDEX);
    ck_assert_ptr_null (reader);
    ck_assert_int_eq (sks_index_check (path_of ("garbage"), &err), SKS_EINDEX);
}
END_TEST

START_TEST (reports_more_postings_than_fit)
{
    uint32_t statements[2], counts[2];
    size_t count;
    sks_error err;
    build_two_pieces ();
    sks_reader *reader = open_reader ("postings");
    int code = sks_reader_postings (reader, "mail", 4, statements, counts, 2, &count, &err);
    ck_assert_int_eq (code, SKS_EINDEX);
    code = sks_reader_postings (reader, "rout", 4, statements, counts, 2, &count, &err);
    ck_assert_int_eq (code, 0);
    ck_assert_uint_eq (count, 2);
    sks_reader_close (&reader);
}
END_TEST

START_TEST (never_crashes_on_a_damaged_database)
{
    /* A flipped byte may stay undetected here (the statements file has the checksum), but it must cause neither an
     * exception nor a write beyond the buffer. */
    build_two_pieces ();
    size_t size;
    char *bytes = sample_read (path_of ("postings"), &size);
    for (size_t at = 0; at < size; at += 61) {
        bytes[at] ^= 0x5A;
        sample_write_bytes (folder, "damaged", bytes, size);
        bytes[at] ^= 0x5A;
        sks_reader *reader;
        sks_error err;
        uint32_t statements[ROOM], counts[ROOM];
        size_t count;
        if (open_file (&reader, path_of ("damaged"), &err))
            continue;
        sks_reader_documents (reader);
        if (!sks_reader_postings (reader, "mail", 4, statements, counts, ROOM, &count, &err))
            ck_assert_uint_le (count, ROOM);
        sks_reader_close (&reader);
    }
    free (bytes);
}
END_TEST

START_TEST (refuses_to_build_where_it_cannot_write)
{
    sks_error err = { 0 };
    sample_write (folder, "file", "");
    for (int is_file = 0; is_file < 2; is_file++) {
        sks_builder *builder = create_builder (2);
        add (builder, MAIL, 1);
        ck_assert_int_eq (sks_builder_commit (builder, path_of ("file/piece"), is_file, STEMS, STRINGS, &err), SKS_EIO);
        ck_assert_ptr_nonnull (strstr (err.text, "file/piece"));
        sks_builder_close (&builder);
    }
    const char *piece = path_of ("missing");
    ck_assert_int_eq (sks_index_compact (&piece, 1, path_of ("postings"), &err), SKS_EINDEX);
}
END_TEST

START_TEST (names_file_and_cause_when_there_is_no_space)
{
    sks_error err = { 0 };
    sks_builder *builder = create_builder (2);
    add (builder, MAIL, 1);
    signal (SIGXFSZ, SIG_IGN);
    ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &(struct rlimit) { 0, RLIM_INFINITY }), 0);
    int code = sks_builder_commit (builder, path_of ("piece-0"), false, STEMS, STRINGS, &err);
    ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &(struct rlimit) { RLIM_INFINITY, RLIM_INFINITY }), 0);
    ck_assert_int_lt (code, 0);
    ck_assert_ptr_nonnull (strstr (err.text, path_of ("piece-0")));
    ck_assert_ptr_nonnull (strstr (err.text, strerror (EFBIG)));
    sks_builder_close (&builder);
}
END_TEST

START_TEST (cuts_a_stem_to_its_buffer)
{
    sks_stemmer *stemmer;
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
    ck_assert_str_eq (stem (stemmer, "mailroom", 4), "mail");
    ck_assert_str_eq (stem (stemmer, "mailroom", 0), "");
    sks_stemmer_destroy (&stemmer);
}
END_TEST

Suite *
suite_index (void)
{
    Suite *suite = suite_create ("index");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, make_folder, remove_folder);
    tcase_add_test (core, returns_postings_in_order_over_two_pieces);
    tcase_add_test (core, a_new_database_passes_its_check);
    tcase_add_test (core, keeps_all_documents_across_commits);
    tcase_add_test (core, accepts_terms_of_any_bytes_up_to_the_limit);
    tcase_add_test (core, keeps_the_postings_of_many_long_terms);
    tcase_add_test (core, keeps_documents_whose_numbers_take_four_bytes);
    tcase_add_test (core, stems_words_of_one_family_alike);
    tcase_add_test (core, a_posting_returns_code_and_rank);
    tcase_add_test (core, weight_decreases_with_the_position_of_a_word);
    tcase_add_test (core, a_weight_is_stored_within_four_percent);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (limits, make_folder, remove_folder);
    tcase_add_test (limits, a_weight_beyond_the_scale_is_clamped);
    tcase_add_test (limits, refuses_a_term_that_is_empty_or_too_long);
    tcase_add_test (limits, refuses_terms_out_of_order);
    tcase_add_test (limits, refuses_to_read_where_there_is_no_database);
    tcase_add_test (limits, refuses_a_file_of_garbage);
    tcase_add_test (limits, reports_more_postings_than_fit);
    tcase_add_test (limits, never_crashes_on_a_damaged_database);
    tcase_add_test (limits, refuses_to_build_where_it_cannot_write);
    tcase_add_test (limits, names_file_and_cause_when_there_is_no_space);
    tcase_add_test (limits, cuts_a_stem_to_its_buffer);
    suite_add_tcase (suite, limits);
    return suite;
}
