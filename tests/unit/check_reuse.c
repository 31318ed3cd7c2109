/* check_reuse.c - generations that reuse the postings of the previous one: their answers must equal those of a full
 * build. */
#include "indexer/limits.h"
#include "indexer/reuse.h"
#include "tests/support/same_index.h"
#include "tests/support/sample.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_reuse (void);

#define EXPORTS 24

static char *source, *grown, *fresh; /* grown: updated by many runs; fresh: built by one */

static void
set_up (void)
{
    source = sample_folder ();
    grown = sample_folder ();
    fresh = sample_folder ();
}

static void
tear_down (void)
{
    sample_remove (source);
    sample_remove (grown);
    sample_remove (fresh);
}

static const char *
name_of (int i)
{
    static char name[32];
    snprintf (name, sizeof name, "%02d.json", i);
    return name;
}

/* An export whose statements depend on its number and on a version. */
static void
put (int i, unsigned version)
{
    static const char *const verbs[] = { "Route", "Routing", "Routes", "Sort", "Sorting", "Weigh", "Lead" };
    static const char *const things[] = { "mail", "parcels", "letters", "teams", "mailings", "routes" };
    static const char *const letters[] = { "e-mail", "Email", "post-office", "post", "on-line", "Online" };
    static const char *const sectors[] = { "55", "62", NULL }, *const versions[] = { "1", "2", "3", "Sort", "mail" };
    static const char *const sources = "{\"taxonomy\":\"Of mail, 2026\"}";
    char soc[32], title[64], emerging[256], advanced[256];
    unsigned v = version * 7 + (unsigned) i;
    snprintf (soc, sizeof soc, "%02d-%04d.00", 11 + i % 5 * 2, 1000 + i);
    snprintf (title, sizeof title, "Clerks of %s %d, %s", things[v % 6], i, letters[(v + version) % 6]);
    snprintf (emerging, sizeof emerging, "%s the %s by zone %d\n%s %s at night \xE2\x80\x94 and by %s", verbs[v % 7],
              things[v % 6], i, verbs[(v + 3) % 7], things[(v + 1) % 6], letters[(v + v / 6) % 6]);
    snprintf (advanced, sizeof advanced, "%s %s in version%u\nLead all %s", verbs[(v + 5) % 7], things[(v + 2) % 6],
              version, things[(v + 4) % 6]);
    sample_put (source, name_of (i),
                &(sample_occupation) { soc, title, .zone = i % 6, .sector = sectors[v % 3], .version = versions[v % 5],
                                       .attribution = versions[v / 2 % 5], .sources = v % 4 ? NULL : sources,
                                       .description = "Handling of mail.",
                                       .levels = { [SKS_EMERGING] = emerging, [SKS_ADVANCED] = advanced } });
}

static void
put_all (void)
{
    for (int i = 0; i < EXPORTS; i++)
        put (i, 0);
}

static void
take_out (int i)
{
    char *path = sample_path (source, name_of (i));
    ck_assert_int_eq (unlink (path), 0);
    free (path);
}

/* ------------------------------------------------------------------- updates */

/* Check that the grown index equals one built from the source alone. */
static void
expect_same_as_fresh (void)
{
    sample_remove (fresh);
    fresh = sample_folder ();
    sample_index (fresh, source);
    same_index_expect (grown, fresh);
}

/* Index the source again. Returns whether the postings were taken over. */
static bool
grow (void)
{
    sample_index (grown, source);
    sks_store *store = sample_store (grown);
    bool over = store->documents > 0;
    sks_store_close (&store);
    return over;
}

static sks_print
postings_of (void)
{
    sks_store *store = sample_store (grown);
    sks_print file = store->postings;
    sks_store_close (&store);
    return file;
}

/* -------------------------------------------------------------------- claims */

START_TEST (keeps_the_postings_byte_for_byte_when_one_file_changed)
{
    put_all ();
    ck_assert (!grow ());
    sks_print before = postings_of ();
    put (7, 1);
    ck_assert (grow ());
    sks_print after = postings_of ();
    ck_assert (before.size == after.size && before.hash == after.hash);
    sks_store *store = sample_store (grown);
    ck_assert_uint_gt (store->additions.size, 0);
    ck_assert_uint_eq (store->base, EXPORTS * 4);
    ck_assert_uint_eq (store->documents, EXPORTS * 4 + 4);
    sks_store_close (&store);
    expect_same_as_fresh ();
}
END_TEST

/* One piece is the file itself, several are joined. */
START_TEST (additions_of_several_pieces_equal_those_of_one)
{
    static const uint64_t sizes[] = { SKS_PIECE_BYTES, 600, 1 };
    put_all ();
    ck_assert (!grow ());
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put (7, (unsigned) i + 1);
        put (16, (unsigned) i + 1);
        sks_limits_of_index.piece_bytes = sizes[i];
        ck_assert (grow ());
        sks_limits_of_index.piece_bytes = SKS_PIECE_BYTES;
        expect_same_as_fresh ();
    }
}
END_TEST

START_TEST (needs_no_additions_when_exports_were_only_removed)
{
    put_all ();
    grow ();
    take_out (0);
    take_out (11);
    ck_assert (grow ());
    sks_store *store = sample_store (grown);
    ck_assert_uint_eq (store->additions.size, 0);
    ck_assert_uint_eq (store->statements, (EXPORTS - 2) * 4);
    sks_store_close (&store);
    expect_same_as_fresh ();
}
END_TEST

START_TEST (equals_a_full_build_after_each_of_many_changes)
{
    bool there[EXPORTS];
    unsigned seed = 12345, taken_over = 0;
    put_all ();
    grow ();
    for (int i = 0; i < EXPORTS; i++)
        there[i] = true;
    for (unsigned round = 1; round < 40; round++) {
        seed = seed * 1103515245 + 12345;
        int i = (int) (seed >> 16) % EXPORTS;
        if (there[i] && round % 3 == 0)
            take_out (i);
        else
            put (i, round);
        there[i] = !(there[i] && round % 3 == 0);
        taken_over += grow ();
        expect_same_as_fresh ();
    }
    /* Both ways of building must have occurred. */
    ck_assert_uint_gt (taken_over, 10);
    ck_assert_uint_lt (taken_over, 39);
}
END_TEST

START_TEST (builds_from_scratch_once_too_much_is_new)
{
    put_all ();
    grow ();
    for (int i = 0; i < EXPORTS / SKS_REUSE_SHARE; i++)
        put (i, 1);
    ck_assert (grow ());
    put (EXPORTS / SKS_REUSE_SHARE, 1);
    ck_assert (!grow ());
    expect_same_as_fresh ();
}
END_TEST

START_TEST (builds_from_scratch_once_too_much_is_removed)
{
    put_all ();
    grow ();
    for (int i = 0; i < EXPORTS / SKS_REUSE_SHARE; i++)
        take_out (i);
    ck_assert (grow ());
    take_out (EXPORTS / SKS_REUSE_SHARE);
    ck_assert (!grow ());
    expect_same_as_fresh ();
}
END_TEST

/* The row of a form, even if no text has it; SKS_NONE. */
static uint32_t
find_row (const sks_store *store, const char *form)
{
    uint32_t f = 0;
    while (f < store->forms && (store->form[f].size != strlen (form) ||
                                memcmp (store->strings + store->form[f].text, form, store->form[f].size) != 0))
        f++;
    return f < store->forms ? f : SKS_NONE;
}

static bool
has_row (const char *form)
{
    sks_store *store = sample_store (grown);
    bool found = find_row (store, form) != SKS_NONE;
    sks_store_close (&store);
    return found;
}

START_TEST (keeps_the_rank_of_a_form_that_no_longer_occurs)
{
    put_all ();
    sample_put (source, "x",
                &(sample_occupation) { "53-1000.00", "Xylophonists", .levels = { "Xylophones\nXylophone" } });
    sample_put (source, "y", &(sample_occupation) { "53-2000.00", "Others", .levels = { "Xylophone of wood" } });
    grow ();
    sample_put (source, "y", &(sample_occupation) { "53-2000.00", "Others", .levels = { "Flutes of wood" } });
    sample_put (source, "x", &(sample_occupation) { "53-1000.00", "Xylophonists", .levels = { "Xylophones" } });
    ck_assert (grow ());
    expect_same_as_fresh ();
    sks_store *store = sample_store (grown);
    uint32_t gone = find_row (store, "xylophone");
    ck_assert_uint_ne (gone, SKS_NONE);
    ck_assert_uint_eq (store->form[gone].rank, 0);
    ck_assert_uint_eq (store->form[gone].statements, 0);
    sks_store_close (&store);
}
END_TEST

/* Index an export of these texts; the postings of the other exports must be taken over. */
static void
grow_by (const char *title, const char *statements)
{
    sample_put (source, "x", &(sample_occupation) { "53-1000.00", title, .levels = { statements } });
    ck_assert (grow ());
    expect_same_as_fresh ();
}

/* Whether only compounds have this form, as "a-a-b" has "aab". */
static bool
is_joined (const char *form)
{
    sks_store *store = sample_store (grown);
    uint32_t row = sks_store_form (store, form, strlen (form));
    ck_assert_uint_ne (row, SKS_NONE);
    bool joined = store->form[row].joined;
    sks_store_close (&store);
    return joined;
}

START_TEST (knows_whether_a_form_still_occurs_as_a_word)
{
    put_all ();
    sample_put (source, "y", &(sample_occupation) { "53-2000.00", "Others", .levels = { "Read a by-law\nLead" } });
    grow ();
    ck_assert (is_joined ("bylaw"));
    grow_by ("Writers", "Quote the bylaw");
    ck_assert (!is_joined ("bylaw"));
    grow_by ("Writers", "Quote the law\nQuote laws");
    ck_assert (is_joined ("bylaw"));
    grow_by ("Bylaw writers", "Quote the law");
    ck_assert (!is_joined ("bylaw"));
    grow_by ("Writers of flyleaf", "Quote");
    grow_by ("Writers", "Quote");
    grow_by ("Writers", "Quote the fly-leaf");
    ck_assert (is_joined ("flyleaf"));
}
END_TEST

static bool
is_known (const char *form)
{
    sks_store *store = sample_store (grown);
    bool known = sks_store_form (store, form, strlen (form)) != SKS_NONE;
    sks_store_close (&store);
    return known;
}

START_TEST (forms_that_no_text_has_any_more_are_not_found)
{
    put_all ();
    grow ();
    grow_by ("Zymurgists", "Brew small-batch beer\nTaste skils");
    ck_assert (is_known ("zymurgists") && is_known ("skils") && is_known ("smallbatch"));
    grow_by ("Brewers", "Brew beer");
    ck_assert (!is_known ("zymurgists") && !is_known ("skils") && !is_known ("smallbatch"));
    ck_assert (has_row ("zymurgists") && has_row ("skils") && has_row ("smallbatch"));
    grow_by ("Brewers of skils", "Brew beer");
    ck_assert (is_known ("skils"));
    grow_by ("Brewers of skils", "Brew skils");
    grow_by ("Brewers", "Brew skils");
    ck_assert (is_known ("skils"));
    grow_by ("Brewers", "Brew beer");
    ck_assert (!is_known ("skils"));
    grow_by ("Zymurgists", "Brew small batch beer");
    ck_assert (is_known ("zymurgists") && !is_known ("smallbatch"));
}
END_TEST

/* A word that occurs no longer stays only until the next generation that is built in full. */
START_TEST (builds_from_scratch_although_numbers_are_skipped)
{
    char path[PATH_MAX];
    put_all ();
    grow ();
    snprintf (path, sizeof path, "%s/gen-%d", grown, SKS_REUSE_RUNS + 8);
    ck_assert_int_eq (mkdir (path, 0755), 0);
    put (3, 1);
    ck_assert (!grow ());
    put (3, 2);
    ck_assert (grow ());
}
END_TEST

START_TEST (builds_from_scratch_after_some_generations)
{
    put_all ();
    grow ();
    grow_by ("Zymurgists", "Brew beer");
    grow_by ("Brewers", "Brew beer");
    for (int i = 3; i < SKS_REUSE_RUNS; i++) {
        put (3, (unsigned) i);
        ck_assert (grow ());
    }
    ck_assert (has_row ("zymurgists"));
    put (3, 1);
    ck_assert (!grow ());
    sks_store *store = sample_store (grown);
    ck_assert_uint_eq (store->generation, SKS_REUSE_RUNS + 1);
    sks_store_close (&store);
    ck_assert (!has_row ("zymurgists"));
}
END_TEST

START_TEST (keeps_the_numbers_of_entries)
{
    put_all ();
    grow ();
    sks_store *before = sample_store (grown);
    grow_by ("Brewers", "Brew beer, brew ale, brew stout");
    sks_store *after = sample_store (grown);
    ck_assert_uint_gt (after->entries, before->entries);
    for (uint32_t i = 0; i < before->entries; i++)
        if (!(before->entry[i].word & SKS_ENTRY_JOINED))
            ck_assert_mem_eq (before->strings + before->entry[i].text, after->strings + after->entry[i].text,
                              before->entry[i].size);
    /* The first of the new ones is the most frequent. */
    ck_assert_mem_eq (after->strings + after->entry[before->entries].text, "brew ", 5);
    sks_store_close (&before);
    sks_store_close (&after);
}
END_TEST

/* How often the strings of the grown index have a text. */
static size_t
count_strings (const char *text)
{
    sks_store *store = sample_store (grown);
    size_t count = 0, size = strlen (text);
    for (uint64_t at = 0; at + size < store->strings_size; at++)
        count += memcmp (store->strings + at, text, size) == 0;
    sks_store_close (&store);
    return count;
}

START_TEST (an_export_that_changes_keeps_its_strings)
{
    put_all ();
    grow ();
    grow_by ("Zymurgists of the long title", "Brew beer");
    ck_assert_uint_eq (count_strings ("Zymurgists of the long title"), 1);
    grow_by ("Zymurgists of the long title", "Brew ale");
    grow_by ("Zymurgists of the long title", "Taste ale");
    ck_assert_uint_eq (count_strings ("Zymurgists of the long title"), 1);
    ck_assert_uint_eq (count_strings ("Handling of mail."), 1);
    ck_assert_uint_eq (count_strings ("Of mail, 2026"), 1);
}
END_TEST

START_TEST (builds_from_scratch_once_strings_take_half_of_their_space)
{
    uint64_t limit = sks_limits_of_index.string_bytes;
    put_all ();
    grow ();
    sks_store *store = sample_store (grown);
    sks_limits_of_index.string_bytes = 2 * store->strings_size;
    put (3, 1);
    ck_assert (grow ());
    sks_limits_of_index.string_bytes = 2 * store->strings_size - 1;
    put (3, 2);
    ck_assert (!grow ());
    sks_limits_of_index.string_bytes = limit;
    sks_store_close (&store);
}
END_TEST

START_TEST (renumbers_statements_when_an_export_is_added_before_them)
{
    put_all ();
    grow ();
    sample_put (source, "first",
                &(sample_occupation) { "11-0000.00", "First", .levels = { "Route all mail\nSort it" } });
    ck_assert (grow ());
    expect_same_as_fresh ();
}
END_TEST

/* --------------------------------------------------------------------- limits */

/* A generation with additions; the caller frees its path. */
static char *
make_generation (void)
{
    put_all ();
    grow ();
    put (3, 9);
    ck_assert (grow ());
    char *link = sample_generation (grown), *folder = realpath (link, NULL);
    free (link);
    return folder;
}

static void
expect_refusal (const char *folder, const char *file)
{
    sks_store *opened;
    sks_error err;
    ck_assert_int_eq (sks_store_open (&opened, folder, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, file) != NULL, "%s", err.text);
    ck_assert_int_eq (sks_store_open_built (&opened, folder, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, file) != NULL, "%s", err.text);
}

/* A copy is not read to be described: it must be what was copied. */
START_TEST (refuses_a_copy_that_differs_from_the_postings_it_was_made_of)
{
    char *folder = make_generation (), *path = sample_path (folder, SKS_POSTINGS_FILE);
    size_t size;
    char *bytes = sample_read (path, &size);
    sks_store *store = sample_store (grown), *opened;
    sks_print print = store->postings;
    bytes[size / 2] ^= 1;
    sample_write_bytes (folder, SKS_POSTINGS_FILE, bytes, size);
    char *statements = sample_path (folder, SKS_STATEMENTS_FILE);
    ck_assert_int_eq (unlink (statements), 0);
    ck_assert_int_eq (sks_store_write (store, &print, folder, NULL), 0);
    expect_refusal (folder, SKS_POSTINGS_FILE);
    bytes[size / 2] ^= 1;
    sample_write_bytes (folder, SKS_POSTINGS_FILE, bytes, size);
    ck_assert_int_eq (sks_store_open_built (&opened, folder, NULL), 0);
    sks_store_close (&opened);
    sks_store_close (&store);
    free (statements);
    free (bytes);
    free (path);
    free (folder);
}
END_TEST

START_TEST (refuses_additions_that_are_damaged_truncated_or_missing)
{
    char *folder = make_generation (), *path = sample_path (folder, SKS_ADDITIONS_FILE);
    size_t size;
    char *bytes = sample_read (path, &size);
    for (size_t at = 0; at < size; at += 511) {
        bytes[at] ^= 0x10;
        sample_write_bytes (folder, SKS_ADDITIONS_FILE, bytes, size);
        expect_refusal (folder, SKS_ADDITIONS_FILE);
        bytes[at] ^= 0x10;
        sample_write_bytes (folder, SKS_ADDITIONS_FILE, bytes, at);
        expect_refusal (folder, SKS_ADDITIONS_FILE);
    }
    ck_assert_int_eq (unlink (path), 0);
    expect_refusal (folder, SKS_ADDITIONS_FILE);
    sample_write_bytes (folder, SKS_ADDITIONS_FILE, bytes, size);
    sks_store *store = sample_store (grown);
    sks_store_close (&store);
    free (bytes);
    free (path);
    free (folder);
}
END_TEST

START_TEST (refuses_a_map_with_any_byte_flipped)
{
    char *folder = make_generation (), *path = sample_path (folder, SKS_STATEMENTS_FILE);
    sks_store *store = sample_store (grown);
    size_t first = (size_t) ((const char *) store->document - (const char *) store->file.bytes), size;
    size_t end = first + store->documents * sizeof *store->document;
    sks_store_close (&store);
    char *bytes = sample_read (path, &size);
    for (size_t at = first; at < end; at++) {
        bytes[at] ^= 1;
        sample_write_bytes (folder, SKS_STATEMENTS_FILE, bytes, size);
        expect_refusal (folder, SKS_STATEMENTS_FILE);
        bytes[at] ^= 1;
    }
    free (bytes);
    free (path);
    free (folder);
}
END_TEST

START_TEST (reuses_nothing_without_a_last_generation)
{
    sks_plan plan = { 0 };
    sks_reuse *reuse = (sks_reuse *) &plan;
    ck_assert_int_eq (sks_reuse_make (&reuse, &plan, NULL, "", 1, NULL), 0);
    ck_assert_ptr_null (reuse);
    sks_reuse_destroy (&reuse);
}
END_TEST

Suite *
suite_reuse (void)
{
    Suite *suite = suite_create ("reuse");
    TCase *core = tcase_create ("Core");
    tcase_set_timeout (core, 60);
    tcase_add_checked_fixture (core, set_up, tear_down);
    tcase_add_test (core, keeps_the_postings_byte_for_byte_when_one_file_changed);
    tcase_add_test (core, additions_of_several_pieces_equal_those_of_one);
    tcase_add_test (core, knows_whether_a_form_still_occurs_as_a_word);
    tcase_add_test (core, forms_that_no_text_has_any_more_are_not_found);
    tcase_add_test (core, builds_from_scratch_although_numbers_are_skipped);
    tcase_add_test (core, builds_from_scratch_after_some_generations);
    tcase_add_test (core, keeps_the_numbers_of_entries);
    tcase_add_test (core, an_export_that_changes_keeps_its_strings);
    tcase_add_test (core, builds_from_scratch_once_strings_take_half_of_their_space);
    tcase_add_test (core, needs_no_additions_when_exports_were_only_removed);
    tcase_add_test (core, equals_a_full_build_after_each_of_many_changes);
    tcase_add_test (core, builds_from_scratch_once_too_much_is_new);
    tcase_add_test (core, builds_from_scratch_once_too_much_is_removed);
    tcase_add_test (core, keeps_the_rank_of_a_form_that_no_longer_occurs);
    tcase_add_test (core, renumbers_statements_when_an_export_is_added_before_them);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_set_timeout (limits, 60);
    tcase_add_checked_fixture (limits, set_up, tear_down);
    tcase_add_test (limits, refuses_a_copy_that_differs_from_the_postings_it_was_made_of);
    tcase_add_test (limits, refuses_additions_that_are_damaged_truncated_or_missing);
    tcase_add_test (limits, refuses_a_map_with_any_byte_flipped);
    tcase_add_test (limits, reuses_nothing_without_a_last_generation);
    suite_add_tcase (suite, limits);
    return suite;
}
