/* check_report.c - the report of an indexer's run: printed and as JSON. */
#include "core/base/json.h"
#include "indexer/report_json.h"
#include "indexer/report_print.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_report (void);

static sks_report *report;

static void
make_report (void)
{
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
remove_report (void)
{
    sks_report_destroy (&report);
}

START_TEST (writes_valid_json_for_any_file_name)
{
    static const char *const names[] = { "plain",       "a\"b\\c",  "line\nend\ttab\x01\x7F",
                                         "caf\xC3\xA9", "\xFF\xFE", "cut\xE2\x80",
                                         "\xC3",        "" };
    static const sks_json_limits limits = { 1 << 20, 16, 1000, SIZE_MAX, 0 };
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    sks_error err;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sks_report_add (report, SKS_PROBLEM_SOC, names[i], "/occupation/soc", (long) i, "reason %zu", i);
        sks_report_skip (report, names[i], names[i]);
    }
    sks_summary summary = { .outcome = "published", .generation = 7, .files = 8, .error = names[2] };
    ck_assert_int_eq (sks_report_json (report, &summary, &out, &err), 0);
    int code = sks_json_check (out.bytes, out.size, &limits, &err);
    ck_assert_msg (code == 0, "%s at %ld: %s", err.text, err.at, sks_buffer_text (&out));
    const char *text = sks_buffer_text (&out);
    ck_assert_ptr_nonnull (strstr (text, "\"outcome\":\"published\""));
    ck_assert_ptr_nonnull (strstr (text, "\"file\":\"\xEF\xBF\xBD\xEF\xBF\xBD\","
                                         "\"pointer\":\"/occupation/soc\","
                                         "\"problem\":\"soc\",\"reason\":\"reason 4\",\"at\":4}"));
    ck_assert_ptr_nonnull (strstr (text, "\"file\":\"caf\xC3\xA9\""));
    sks_buffer_free (&out);
}
END_TEST

START_TEST (prints_one_line_per_problem_without_control_characters)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_add (report, SKS_PROBLEM_NOT_JSON, "a\x1B[31m\n\x7F.json", "", 12, "a name is\nmissing");
    sks_report_add (report, SKS_PROBLEM_SOC, "b", "/occupation/soc", -1, "wrong");
    sks_report_skip (report, "c", "no export");
    sks_report_keep (report, "d\n", "stays");
    sks_report_print (report, false, out);
    fflush (out);
    ck_assert_str_eq (text, "a\\x1b[31m\\x0a\\x7f.json: a name is\\x0amissing (byte 12)\n"
                            "b: /occupation/soc: wrong\n"
                            "d\\x0a: stale: stays\n");
    sks_report_print (report, true, out);
    fclose (out);
    ck_assert_ptr_nonnull (strstr (text, "c: skipped: no export\n"));
    free (text);
}
END_TEST

START_TEST (prints_notes_below_their_problem_and_names_what_was_skipped)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_add (report, SKS_PROBLEM_LOST, "/a", "", -1, "it is gone");
    sks_report_explain (report, "Exports: %d.\nTo remove them: --option.\n", 7);
    sks_report_drop (report, "/b", "", "it was deleted");
    sks_report_warn (report, "/c", "", "unseen");
    for (int i = 0; i < SKS_STALE_SHOWN + 2; i++)
        sks_report_keep (report, "d", "stays");
    sks_report_print (report, false, out);
    fflush (out);
    ck_assert_int_eq (strncmp (text, "/a: it is gone\n    Exports: 7.\n    To remove them: --option.\nd: stale:", 68),
                      0);
    ck_assert_ptr_nonnull (strstr (text, "d: stale: stays\nand 2 more are stale: -v lists them\n"
                                         "/b: warning: it was deleted\n"));
    ck_assert_ptr_null (strstr (text, "unseen"));
    rewind (out);
    sks_report_print_skipped (report, out);
    for (const char *const *name = (const char *const[]) { "/x/README.md", "b\n", "c", "d", NULL }; *name; name++)
        sks_report_skip (report, *name, "no export");
    sks_report_print_skipped (report, out);
    fclose (out);
    ck_assert_str_eq (text, " (README.md, b\\x0a, c and 1 more: -v lists them)");
    free (text);
}
END_TEST

START_TEST (names_reasons_of_files_by_the_end_of_their_names)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    for (const char *const *name = (const char *const[]) { "/a.CSV", "/b.json", "csv", ".csv", NULL }; *name; name++)
        sks_report_skip (report, *name, "no export");
    sks_report_print_reasons (report, ".csv", out);
    fclose (out);
    ck_assert_str_eq (text, "/a.CSV: skipped: no export\n.csv: skipped: no export\n");
    free (text);
}
END_TEST

START_TEST (names_the_first_reasons_why_files_were_skipped)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_print_reasons (report, "", out);
    for (int i = 0; i < SKS_REASONS_SHOWN; i++)
        sks_report_skip (report, "a\x1b", "no export");
    sks_report_print_reasons (report, "", out);
    fflush (out);
    ck_assert_uint_eq (size, SKS_REASONS_SHOWN * strlen ("a\\x1b: skipped: no export\n"));
    ck_assert_int_eq (strncmp (text, "a\\x1b: skipped: no export\na\\x1b", 31), 0);
    sks_report_skip (report, "b", "no export");
    sks_report_skip (report, "c", "no export");
    rewind (out);
    sks_report_print_reasons (report, "", out);
    fclose (out);
    ck_assert_ptr_nonnull (strstr (text, "no export\nand 2 more are skipped: -v lists them\n"));
    ck_assert_ptr_null (strstr (text, "\nb:"));
    free (text);
}
END_TEST

START_TEST (counts_what_is_removed_by_source_and_lists_it_when_verbose)
{
    char *text = NULL, name[16];
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_remove (report, "/a/1\n", "/a", "43-9051.00, its file is gone");
    sks_report_remove (report, "/a/2", "/a", "43-9061.00, its file is gone");
    sks_report_remove (report, "/b", "/b", "11-1011.00, its file is gone");
    sks_report_print_removed (report, false, out);
    fflush (out);
    ck_assert_str_eq (text, "/a: removed: 2 exports (-v lists them)\n/b: removed: 11-1011.00, its file is gone\n");
    rewind (out);
    sks_report_print_removed (report, true, out);
    fflush (out);
    ck_assert_str_eq (text, "/a/1\\x0a: removed: 43-9051.00, its file is gone\n"
                            "/a/2: removed: 43-9061.00, its file is gone\n/a: removed: 2 exports\n"
                            "/b: removed: 11-1011.00, its file is gone\n");
    for (int i = 0; i < SKS_REMOVED_SHOWN; i++) {
        snprintf (name, sizeof name, "/c/%d", i);
        sks_report_remove (report, name, name, "why");
    }
    rewind (out);
    sks_report_print_removed (report, false, out);
    fclose (out);
    ck_assert_ptr_nonnull (strstr (text, "/c/17: removed: why\n"
                                         "and exports of 2 more sources are removed: -v lists them\n"));
    free (text);
}
END_TEST

START_TEST (lists_what_other_files_have_now_apart_from_what_is_removed)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_buffer json = SKS_BUFFER_INIT (1 << 20);
    sks_report_remove (report, "/a/1", "/a", "43-9051.00, its file is gone");
    sks_report_move (report, "/a/2\n", "/a", "43-9061.00, now from /b/2");
    sks_report_print_moved (report, false, out);
    fflush (out);
    ck_assert_str_eq (text, "/a/2\\x0a: moved: 43-9061.00, now from /b/2\n");
    ck_assert_int_eq (sks_report_json (report, &(sks_summary) { .outcome = "checked" }, &json, NULL), 0);
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&json), "\"moves\":[{\"file\":\"/a/2\\n\",\"source\":\"/a\","
                                                            "\"reason\":\"43-9061.00, now from /b/2\"}]"));
    sks_report_move (report, "/a/3", "/a", "43-9071.00, now from /b/3");
    rewind (out);
    sks_report_print_moved (report, false, out);
    fclose (out);
    ck_assert_str_eq (text, "/a: moved: 2 exports (-v lists them)\n");
    sks_buffer_free (&json);
    free (text);
}
END_TEST

START_TEST (counts_the_warnings_that_only_verbose_prints)
{
    sks_report_drop (report, "a", "", "printed");
    ck_assert_uint_eq (sks_report_unseen_warnings (report), 0);
    sks_report_warn (report, "b", "", "not printed");
    ck_assert_uint_eq (sks_report_unseen_warnings (report), 1);
    ck_assert_uint_eq (sks_report_warnings (report), 2);
}
END_TEST

START_TEST (joins_reports_in_their_order)
{
    sks_report *second;
    ck_assert_int_eq (sks_report_create (&second, NULL), 0);
    sks_report_add (report, SKS_PROBLEM_SOC, "a", "", -1, "1");
    sks_report_add (second, SKS_PROBLEM_LEVEL, "b", "", -1, "2");
    sks_report_skip (second, "c", "3");
    sks_report_keep (second, "e", "5");
    sks_report_remove (second, "f", "g", "6");
    sks_report_join (report, second);
    ck_assert_uint_eq (sks_report_count (second) + sks_report_skipped (second) + sks_report_stale (second), 0);
    sks_report_add (second, SKS_PROBLEM_EMPTY, "d", "", -1, "4");
    sks_report_join (report, second);
    sks_report_destroy (&second);
    ck_assert_uint_eq (sks_report_count (report), 3);
    ck_assert_uint_eq (sks_report_skipped (report), 1);
    ck_assert_uint_eq (sks_report_stale (report), 1);
    ck_assert_str_eq (sks_report_entry_at (report, 0)->file, "a");
    ck_assert_str_eq (sks_report_entry_at (report, 1)->file, "b");
    ck_assert_str_eq (sks_report_entry_at (report, 2)->file, "d");
    ck_assert_ptr_null (sks_report_entry_at (report, 3));
    ck_assert_int_eq (sks_report_status (report, NULL), 0);
}
END_TEST

/* Two readers with more than a report keeps: all are counted, the first are kept, and what is about sources is too. */
START_TEST (keeps_a_bounded_number_of_problems_of_readers)
{
    for (int reader = 0; reader < 2; reader++) {
        sks_report *part;
        ck_assert_int_eq (sks_report_create (&part, NULL), 0);
        sks_report_bound (part);
        for (size_t i = 0; i < SKS_REPORT_KEPT + 1; i++) {
            sks_report_add (part, SKS_PROBLEM_SOC, "a", "", -1, "%zu", i);
            sks_report_warn (part, "a", "", "w");
        }
        sks_report_explain (part, "of the last one, which is not kept\n");
        ck_assert_str_eq (sks_report_entry_at (part, SKS_REPORT_KEPT - 1)->notes, "");
        sks_report_join (report, part);
        ck_assert_uint_eq (sks_report_count (part) + sks_report_warnings (part), 0);
        sks_report_destroy (&part);
    }
    sks_report_add (report, SKS_PROBLEM_LOST, "b", "", -1, "lost");
    sks_report_explain (report, "how to remove it\n");
    ck_assert_uint_eq (sks_report_count (report), 2 * SKS_REPORT_KEPT + 3);
    ck_assert_uint_eq (sks_report_warnings (report), 2 * SKS_REPORT_KEPT + 2);
    ck_assert_str_eq (sks_report_entry_at (report, SKS_REPORT_KEPT)->notes, "how to remove it\n");
    ck_assert_ptr_null (sks_report_entry_at (report, SKS_REPORT_KEPT + 1));
    char *text;
    size_t size;
    FILE *file = open_memstream (&text, &size);
    sks_report_print (report, false, file);
    fclose (file);
    ck_assert_ptr_nonnull (strstr (text, "and 100002 more problems, which are not listed\n"));
    free (text);
}
END_TEST

START_TEST (puts_the_problems_of_a_file_in_the_order_of_its_lines)
{
    static const struct {
        const char *file, *reason;
    } given[] = { { "/b:12", "4" }, { "/a", "7" }, { "/b:3", "2" }, { "/b:12", "5" },
                  { "/b:x", "8" },  { "/b", "1" }, { "/b:3", "3" }, { "/b:100", "6" } };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        sks_report_add (report, SKS_PROBLEM_SOC, given[i].file, "", -1, "%s", given[i].reason);
        sks_report_warn (report, given[i].file, "", "%s", given[i].reason);
    }
    ck_assert_int_eq (sks_report_arrange (report, NULL), 0);
    ck_assert_uint_eq (sks_report_count (report), sizeof given / sizeof *given);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        ck_assert_int_eq (*sks_report_entry_at (report, i)->reason, (int) ('1' + i));
    ck_assert_uint_eq (sks_report_warnings (report), sizeof given / sizeof *given);
}
END_TEST

START_TEST (keeps_the_first_problem_of_a_group_in_a_file_and_counts_the_others)
{
    for (int line = 9; line > 1; line--) {
        char file[16];
        snprintf (file, sizeof file, "/%c:%d", line % 2 ? 'a' : 'b', line);
        sks_report_add (report, SKS_PROBLEM_NOT_CSV, file, "", line, "line %d", line);
        if (line == 9)
            sks_report_explain (report, "Save it.\n");
        if (line != 5 && line != 8 && line != 6)
            sks_report_group (report, line == 2 ? "other" : "kind", "row");
    }
    ck_assert_int_eq (sks_report_arrange (report, NULL), 0);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_print (report, false, out);
    fclose (out);
    ck_assert_str_eq (text,
                      "/a:3: line 3; likewise 2 more rows (byte 3)\n    Save it.\n/a:5: line 5 (byte 5)\n"
                      "/b:2: line 2 (byte 2)\n/b:4: line 4 (byte 4)\n/b:6: line 6 (byte 6)\n/b:8: line 8 (byte 8)\n");
    free (text);
}
END_TEST

START_TEST (names_every_problem_once)
{
    for (int i = 0; i < SKS_PROBLEMS; i++) {
        ck_assert_ptr_nonnull (sks_report_problem_name (i));
        for (int k = 0; k < i; k++)
            ck_assert_str_ne (sks_report_problem_name (i), sks_report_problem_name (k));
    }
}
END_TEST

Suite *
suite_report (void)
{
    Suite *suite = suite_create ("report");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, make_report, remove_report);
    tcase_add_test (core, prints_one_line_per_problem_without_control_characters);
    tcase_add_test (core, prints_notes_below_their_problem_and_names_what_was_skipped);
    tcase_add_test (core, names_the_first_reasons_why_files_were_skipped);
    tcase_add_test (core, names_reasons_of_files_by_the_end_of_their_names);
    tcase_add_test (core, counts_what_is_removed_by_source_and_lists_it_when_verbose);
    tcase_add_test (core, lists_what_other_files_have_now_apart_from_what_is_removed);
    tcase_add_test (core, counts_the_warnings_that_only_verbose_prints);
    tcase_add_test (core, joins_reports_in_their_order);
    tcase_add_test (core, puts_the_problems_of_a_file_in_the_order_of_its_lines);
    tcase_add_test (core, keeps_the_first_problem_of_a_group_in_a_file_and_counts_the_others);
    tcase_add_test (core, names_every_problem_once);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (limits, make_report, remove_report);
    tcase_add_test (limits, keeps_a_bounded_number_of_problems_of_readers);
    tcase_add_test (limits, writes_valid_json_for_any_file_name);
    suite_add_tcase (suite, limits);
    return suite;
}
