/* check_print_facets.c - counts of facets as bars, as options to type, and as rows. */
#include <check.h>

#include "client/print.h"
#include "client/sheet.h"
#include "tests/support/printed.h"

#include <string.h>

Suite *suite_print_facets (void);

static const sks_facet_value levels[] = {
    { "emerging", "Emerging", 1234, 1, NULL, 0, 0 },
    { "advanced", "Advanced", 600, 0, NULL, 0, 0 },
    { "proficient", "Proficient", 0, 0, NULL, 0, 0 },
};
static const sks_facet_value groups[] = {
    { "43", "Office & Administrative Support", 40, 0, NULL, 0, 0 },
    { "17", "Architecture & Engineering", 1, 0, NULL, 0, 0 },
};
static const sks_facet_counts facets[] = {
    { SKS_FACET_LEVEL, levels, 3, 2 },
    { SKS_FACET_GROUP, groups, 2, 20 },
};

static void
print_tsv (const sks_result *result)
{
    sks_table table = { .out = &printed, .format = SKS_TABLE_TSV, .flags = SKS_TABLE_BARE };
    sks_sheet_facets (&table, result);
}

START_TEST (counts_are_shown_as_options_to_type_next)
{
    sks_result result = { .facets = facets, .facet_count = 2 };
    sks_print_facets_narrow (&printed, &ascii_terminal, &result, true);
    ck_assert_str_eq (printed_text (), "\n--level emerging (1,234, chosen), advanced (600)\n"
                                       "--group 43 (40, Office & Administrative Support), ...\n");
    sks_print_facets_narrow (&printed, &plain_terminal, &result, false);
    ck_assert_ptr_nonnull (strstr (printed_text (), "), 17 (1, Architecture & Engineering)\n"));
}
END_TEST

START_TEST (a_facet_without_values_has_no_heading_when_nothing_is_found)
{
    static const sks_facet_counts none[] = { { .facet = SKS_FACET_LEVEL } };
    sks_result result = { .facets = none, .facet_count = 1 };
    sks_print_facets (&printed, &plain_terminal, &result);
    ck_assert_str_eq (printed_text (), "");
    result.total = 1;
    sks_print_facets (&printed, &plain_terminal, &result);
    ck_assert_str_eq (printed_text (), "\nlevel\n  no value\n");
}
END_TEST

START_TEST (facets_are_bars)
{
    sks_result result = { .facets = facets, .facet_count = 2 };
    sks_print_facets (&printed, &ascii_terminal, &result);
    ck_assert_str_eq (printed_text (), "\n"
                                       "level\n"
                                       "* emerging    1,234  ####################\n"
                                       "  advanced      600  ##########\n"
                                       "  proficient      0\n"
                                       "\n"
                                       "group\n"
                                       "  43  Office & Administrative Support  40  ####################\n"
                                       "  17  Architecture & Engineering        1  #\n"
                                       "  and 18 more: --facet group:20\n");
    sks_print_facets (&printed, &narrow_terminal, &result);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "  43  Office & Administ\u2026  40  \u2588"));
    ck_assert_ptr_nonnull (strstr (text, "   1  \u258e\n"));
}
END_TEST

static const sks_facet_value clerks[] = { { "43-9061.00", "Office Clerks, General", 30, 1, NULL, 0, 0 },
                                          { "43-3099.00", "Auditing", 10, 0, NULL, 0, 0 } };
static const sks_facet_value tree[] = { { "43-", "Office", 40, 0, clerks, 2, 5 }, { "99-", "99-", 0, 1, NULL, 0, 0 } };
static const sks_facet_counts tree_counts = { SKS_FACET_OCCUPATION, tree, 2, 1 };

START_TEST (occupations_of_a_tree_are_below_their_group)
{
    sks_result result = { .facets = &tree_counts, .facet_count = 1 };
    sks_print_facets (&printed, &ascii_terminal, &result);
    ck_assert_str_eq (printed_text (), "\n"
                                       "occupation\n"
                                       "  43-           Office                  40  ####################\n"
                                       "*   43-9061.00  Office Clerks, General  30  ###############\n"
                                       "    43-3099.00  Auditing                10  #####\n"
                                       "    and 3 more: --facet occupation:5\n"
                                       "* 99-                                    0\n");
    print_tsv (&result);
    ck_assert_str_eq (printed_text (), "occupation\t43-\tOffice\t40\t\n"
                                       "occupation\t43-9061.00\tOffice Clerks, General\t30\tselected\n"
                                       "occupation\t43-3099.00\tAuditing\t10\t\n"
                                       "occupation\t99-\t99-\t0\tselected\n");
}
END_TEST

START_TEST (tsv_has_one_line_per_value)
{
    sks_result result = { .facets = facets, .facet_count = 1 };
    print_tsv (&result);
    ck_assert_str_eq (printed_text (), "level\temerging\tEmerging\t1234\tselected\n"
                                       "level\tadvanced\tAdvanced\t600\t\n"
                                       "level\tproficient\tProficient\t0\t\n");
}
END_TEST

Suite *
suite_print_facets (void)
{
    Suite *suite = suite_create ("print_facets");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, NULL, printed_forget);
    tcase_add_test (core, counts_are_shown_as_options_to_type_next);
    tcase_add_test (core, a_facet_without_values_has_no_heading_when_nothing_is_found);
    tcase_add_test (core, facets_are_bars);
    tcase_add_test (core, occupations_of_a_tree_are_below_their_group);
    tcase_add_test (core, tsv_has_one_line_per_value);
    suite_add_tcase (suite, core);
    return suite;
}
