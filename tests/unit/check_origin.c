/* check_origin.c - the list of what a generation was made of: written, read, damaged, and read from a statements file
 * of format 2. */
#include "core/base/hash.h"
#include "indexer/origin.h"
#include "tests/support/indexing.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_origin (void);

static sks_origins *origins, *before;

static void
put_exports (void)
{
    indexing_put ("a.json", "43-9051.00", "Sort the mail.");
    indexing_put ("b.json", "43-9061.00", "File the mail.");
    indexing_put_at (other, "c.json", "43-4051.00", "Answer the mail.", NULL);
}

static void
drop_lists (void)
{
    sks_origins_destroy (&origins);
    sks_origins_destroy (&before);
}

/* Plan the sources, write the list into `index_folder` and read it again. */
static void
write_list (const char *const *names, size_t count)
{
    sks_error err;
    char *path = sample_path (index_folder, SKS_SOURCES_FILE);
    remove (path);
    free (path);
    sks_origins_destroy (&before);
    before = origins;
    origins = NULL;
    indexing_plan (names, count, false);
    int code = sks_origins_write (index_folder, plan, sources, before, &err);
    if (!code)
        code = sks_origins_read (&origins, index_folder, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static void
expect_roots (const char *first, const char *second)
{
    ck_assert_uint_eq (origins->root_count, second ? 2 : 1);
    ck_assert (strcmp (origins->roots[0], first) == 0 || (second && strcmp (origins->roots[0], second) == 0));
    ck_assert (!second || strcmp (origins->roots[1], first) == 0 || strcmp (origins->roots[1], second) == 0);
}

START_TEST (reads_what_it_wrote)
{
    char *file = sample_path (source, "a.json");
    write_list ((const char *const[]) { source, other }, 2);
    expect_roots (source, other);
    ck_assert_uint_eq (origins->export_count, 3);
    ck_assert_str_eq (origins->exports[1].soc, "43-9051.00");
    ck_assert_str_eq (origins->exports[1].path, file);
    ck_assert (sks_origins_have (origins, "43-4051.00") && !sks_origins_have (origins, "43-4052.00"));
    free (file);
}
END_TEST

START_TEST (keeps_the_stamps_of_files)
{
    sks_error err;
    write_list ((const char *const[]) { source }, 1);
    ck_assert_uint_eq (origins->exports[0].stamp, 0); /* the files are new */
    intake->collections[0]->frameworks[0].stamp = UINT64_C (0xFEDCBA9876543210);
    char *path = sample_path (index_folder, SKS_SOURCES_FILE);
    remove (path);
    free (path);
    sks_origins_destroy (&origins);
    ck_assert_int_eq (sks_origins_write (index_folder, plan, sources, NULL, &err), 0);
    ck_assert_int_eq (sks_origins_read (&origins, index_folder, &err), 0);
    ck_assert_uint_eq (origins->exports[0].stamp, UINT64_C (0xFEDCBA9876543210));
    ck_assert_uint_eq (origins->exports[1].stamp, 0);
}
END_TEST

START_TEST (reads_a_list_without_stamps)
{
    char list[] = "SKSSRCS\n01234567/folder\0\0"
                  "11-1011.00\0/folder/a\0"
                  "11-1021.00\0/folder/b";
    uint64_t hash = sks_hash_bytes (list + 16, sizeof list - 16);
    memcpy (list + 8, &hash, sizeof hash);
    sample_write_bytes (index_folder, SKS_SOURCES_FILE, list, sizeof list);
    ck_assert_int_eq (sks_origins_read (&origins, index_folder, NULL), 0);
    ck_assert_uint_eq (origins->export_count, 2);
    ck_assert_str_eq (origins->exports[1].path, "/folder/b");
    ck_assert_uint_eq (origins->exports[1].stamp, 0);
}
END_TEST

START_TEST (drops_a_source_below_another_one)
{
    char *file = sample_path (source, "a.json");
    write_list ((const char *const[]) { file, source }, 2);
    expect_roots (source, NULL);
    free (file);
}
END_TEST

START_TEST (keeps_a_source_as_long_as_it_has_an_export)
{
    write_list ((const char *const[]) { source }, 1);
    indexing_publish ();
    /* Here the list is in the index folder, not in a generation, and serves as the last one. */
    write_list ((const char *const[]) { other }, 1);
    expect_roots (source, other);
    indexing_publish ();
    indexing_remove (other, "c.json");
    terms.allow_empty = true;
    write_list ((const char *const[]) { other }, 1);
    indexing_publish ();
    write_list ((const char *const[]) { source }, 1);
    expect_roots (source, NULL);
}
END_TEST

START_TEST (refuses_a_list_with_any_byte_flipped_or_missing)
{
    size_t size;
    sks_origins *read;
    char *path = sample_path (index_folder, SKS_SOURCES_FILE);
    write_list ((const char *const[]) { source, other }, 2);
    char *bytes = sample_read (path, &size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0x10;
        sample_write_bytes (index_folder, SKS_SOURCES_FILE, bytes, size);
        ck_assert_int_eq (sks_origins_read (&read, index_folder, NULL), SKS_EINDEX);
        bytes[i] ^= 0x10;
        sample_write_bytes (index_folder, SKS_SOURCES_FILE, bytes, i);
        ck_assert_int_eq (sks_origins_read (&read, index_folder, NULL), SKS_EINDEX);
        ck_assert_ptr_null (read);
    }
    /* Grown by a hole of a terabyte: refused without reading it. */
    sample_write_bytes (index_folder, SKS_SOURCES_FILE, bytes, size);
    ck_assert_int_eq (truncate (path, INT64_C (1) << 40), 0);
    ck_assert_int_eq (sks_origins_read (&read, index_folder, NULL), SKS_EINDEX);
    free (bytes);
    free (path);
}
END_TEST

/* ---------------------------------------------------------------- format 2 */

enum { HEADER = 480, ROWS = 2 * 48, STRINGS = 64, BYTES = HEADER + ROWS + STRINGS };

static void
put_number (char *at, uint64_t number, size_t size)
{
    memcpy (at, &number, size);
}

/* A section of the header's table. */
static void
put_section (char *file, int row, uint64_t offset, uint64_t size)
{
    char *at = file + 112 + 24 * row;
    put_number (at, offset, 8);
    put_number (at + 8, size, 8);
    put_number (at + 16, sks_hash_bytes (file + offset, size), 8);
}

/* The parts of a statements file of format 2 that name its exports. */
static void
write_format_2 (char file[BYTES])
{
    static const char strings[STRINGS] = "43-9051.00\0/mail/a.json\0"
                                         "43-9061.00\0-:12\0";
    memset (file, 0, BYTES);
    memcpy (file, "SKSTMTS\n", 8);
    put_number (file + 8, 2, 4);
    put_number (file + 12, 15, 4);
    put_number (file + 76, 2, 4);
    put_number (file + HEADER + 24, 11, 4);
    put_number (file + HEADER + 48, 24, 4);
    put_number (file + HEADER + 48 + 24, 35, 4);
    memcpy (file + HEADER + ROWS, strings, STRINGS);
    put_section (file, 5, HEADER, ROWS);
    put_section (file, 14, HEADER + ROWS, STRINGS);
    put_number (file + 472, sks_hash_bytes (file, 472), 8);
    sample_write_bytes (index_folder, SKS_STATEMENTS_FILE, file, BYTES);
}

START_TEST (reads_the_files_of_exports_from_format_2)
{
    sks_error err;
    char file[BYTES];
    write_format_2 (file);
    int code = sks_origins_read (&origins, index_folder, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    expect_roots ("-", "/mail/a.json");
    ck_assert_uint_eq (origins->export_count, 2);
    ck_assert_str_eq (origins->exports[0].path, "/mail/a.json");
    ck_assert_str_eq (origins->exports[1].soc, "43-9061.00");
    ck_assert_str_eq (origins->exports[1].path, "-:12");
}
END_TEST

START_TEST (refuses_format_2_with_damage_in_what_it_reads)
{
    char file[BYTES];
    write_format_2 (file);
    for (size_t i = 0; i < BYTES; i++) {
        file[i] ^= 0x10;
        sample_write_bytes (index_folder, SKS_STATEMENTS_FILE, file, BYTES);
        ck_assert_int_eq (sks_origins_read (&origins, index_folder, NULL), SKS_EINDEX);
        file[i] ^= 0x10;
        sample_write_bytes (index_folder, SKS_STATEMENTS_FILE, file, i);
        ck_assert_int_eq (sks_origins_read (&origins, index_folder, NULL), SKS_EINDEX);
    }
}
END_TEST

/* Valid checksums do not make a file trustworthy: any program can compute them. */
START_TEST (reads_nothing_outside_a_file_of_format_2_with_valid_checksums)
{
    char file[BYTES];
    for (uint64_t offset = 50; offset < UINT32_MAX; offset = offset * 3 + 1) {
        write_format_2 (file);
        put_number (file + HEADER + 24, offset, 4);
        put_section (file, 5, HEADER, ROWS);
        put_number (file + 472, sks_hash_bytes (file, 472), 8);
        sample_write_bytes (index_folder, SKS_STATEMENTS_FILE, file, BYTES);
        int code = sks_origins_read (&origins, index_folder, NULL);
        ck_assert (code == (offset < STRINGS ? 0 : SKS_EINDEX));
        sks_origins_destroy (&origins);
    }
}
END_TEST

Suite *
suite_origin (void)
{
    Suite *suite = suite_create ("origin");
    TCase *core = indexing_case (suite, "Core"), *limits = indexing_case (suite, "Limits");
    tcase_add_checked_fixture (core, put_exports, drop_lists);
    tcase_add_checked_fixture (limits, put_exports, drop_lists);
    tcase_add_test (core, reads_what_it_wrote);
    tcase_add_test (core, keeps_the_stamps_of_files);
    tcase_add_test (core, reads_a_list_without_stamps);
    tcase_add_test (core, drops_a_source_below_another_one);
    tcase_add_test (core, keeps_a_source_as_long_as_it_has_an_export);
    tcase_add_test (core, reads_the_files_of_exports_from_format_2);
    tcase_add_test (limits, refuses_a_list_with_any_byte_flipped_or_missing);
    tcase_add_test (limits, refuses_format_2_with_damage_in_what_it_reads);
    tcase_add_test (limits, reads_nothing_outside_a_file_of_format_2_with_valid_checksums);
    return suite;
}
