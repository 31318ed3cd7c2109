/* check_thesaurus.c - tables of near words: rows, directions, errors. */
#include "core/engine/thesaurus.h"
#include "suites.h"

#include <string.h>

static void
refuses (const char *text, int code, const char *why)
{
    sks_near_words *thesaurus;
    sks_error err;
    ck_assert_int_eq (sks_thesaurus_parse (&thesaurus, "near.tsv", text, strlen (text), &err), code);
    ck_assert_ptr_null (thesaurus);
    ck_assert_msg (strstr (err.text, why), "%s", err.text);
}

START_TEST (names_file_and_line_of_an_error)
{
    refuses ("# fine\nkids\n", SKS_EINVALID, "near.tsv:2:5: ");
    refuses ("kids\tchild\t0\n", SKS_EINVALID, "near.tsv:1:12: the weight");
    refuses ("kids\tchild\t1.5\n", SKS_EINVALID, "near.tsv:1:12: the weight");
    refuses ("kids\tchild\tnan\n", SKS_EINVALID, "near.tsv:1:12: the weight");
    refuses ("kids\tchild\t1\tx\tback\n", SKS_EINVALID, "near.tsv:1:16: the direction");
    refuses ("a b c d e\tx\n", SKS_ELIMIT, "near.tsv:1:1: an entry");
    refuses ("kids\tKids\n", SKS_EINVALID, "near.tsv:1:6: a word cannot be a near word of itself");
    refuses ("\n\nkids\tch\xff\n", SKS_EINVALID, "near.tsv:3:8: not valid UTF-8");
    refuses ("a\tb\tc\td\te\tf\n", SKS_EINVALID, "near.tsv:1:11: more than five");
}
END_TEST

START_TEST (reads_rows_of_one_and_both_directions)
{
    static const char text[] = "Kids\tchild\r\nlook after\tcare\t.5\tours\tboth\nkids\tchild\t.7\n";
    sks_near_words *t;
    ck_assert_int_eq (sks_thesaurus_parse (&t, "dir/near.tsv", text, sizeof text - 1, NULL), 0);
    ck_assert_uint_eq (t->row_count, 3);
    uint32_t stem = sks_thesaurus_stem (t, "kid", 3);
    const sks_near_row *row = &t->rows[t->first_row[stem]];
    ck_assert_str_eq (row->near_text, "child");
    ck_assert_str_eq (row->source, "near.tsv");
    ck_assert_float_eq_tol (row->weight, .7f, 1e-6f);
    row = &t->rows[t->first_row[sks_thesaurus_stem (t, "care", 4)]];
    ck_assert_str_eq (row->near_text, "look after");
    ck_assert_str_eq (row->source, "ours");
    ck_assert_uint_eq (sks_thesaurus_stem (t, "ki", 2), UINT32_MAX);
    sks_thesaurus_free (&t);
    ck_assert_ptr_null (t);
}
END_TEST

Suite *
suite_thesaurus (void)
{
    Suite *suite = suite_create ("thesaurus");
    TCase *core = tcase_create ("core");
    tcase_add_test (core, names_file_and_line_of_an_error);
    tcase_add_test (core, reads_rows_of_one_and_both_directions);
    suite_add_tcase (suite, core);
    return suite;
}
