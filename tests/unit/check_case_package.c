/* check_case_package.c - exports made from CFPackages of CASE. */
#include "core/base/buffer.h"
#include "core/base/schema.h"
#include "tests/support/parts.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_case_package (void);

/* A level item and a statement item; the identifiers are as long as a test needs them. */
#define LEVEL(id, name, label)                                                                                         \
    "{\"identifier\":\"" id "\",\"CFItemType\":\"Level\",\"humanCodingScheme\":\"" SOC "/" name                        \
    "\",\"fullStatement\":\"" label "\"}"
#define ITEM(id, text, more)                                                                                           \
    "{\"identifier\":\"" id "\",\"CFItemType\":\"Statement\",\"fullStatement\":\"" text "\"" more "}"
#define LINK(type, from, to, more)                                                                                     \
    "{\"associationType\":\"" type "\",\"originNodeURI\":{\"identifier\":\"" from                                      \
    "\"},\"destinationNodeURI\":{\"identifier\":\"" to "\"}" more "}"
#define NOTES "\"notes\":\"SOC: " SOC "\\nTitle: Office Clerks\""
#define LEVELS LEVEL ("e", "emerging", "New") "," LEVEL ("a", "advanced", "Advanced")

/* Read a package with this document, these items and these associations. */
static void
read_package (const char *document, const char *items, const char *associations)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_printf (&out, "{\"CFDocument\":{%s},\"CFItems\":[%s],\"CFAssociations\":[%s]}", document, items,
                       associations);
    parts_read_text (sks_buffer_text (&out));
    sks_buffer_free (&out);
}

static const char *
place (const char *text)
{
    static char out[64];
    const sks_statement *s = parts_find (text);
    snprintf (out, sizeof out, "%s/%u", sks_level_name (s->level), s->position);
    return out;
}

START_TEST (reads_all_that_our_notes_have)
{
    read_package ("\"title\":\"Office Clerks (" SOC ")\",\"creator\":\"Another\",\"lastChangeDateTime\":"
                  "\"2026-02-09T00:00:00Z\",\"description\":\"Mail rooms.\",\"version\":\"v7\",\"notes\":\"SOC: " SOC
                  "\\nTitle: Clerks: of offices\\nGroup: Mail people\\nSector: 31-33 Manufacturing\\nJob zone: 2\\n"
                  "Job zone inferred: yes\\nFramework: Many trades.\\nFramework version: v7\\nExported at: 2026-02-09"
                  "\\nAttribution: Somebody\\nSource: taxonomy: v30.2: all\\nSource: web: https://example.org\"",
                  LEVELS "," ITEM ("s", "Sort mail.", ",\"listEnumeration\":\"4\""),
                  LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_clean (1);
    ck_assert_str_eq (export->soc, SOC);
    ck_assert_str_eq (export->title, "Clerks: of offices");
    ck_assert_str_eq (export->group, "Mail people");
    ck_assert_str_eq (export->sector, "31-33");
    ck_assert_int_eq (export->zone, 2);
    ck_assert_int_eq (export->inferred, SKS_INFERRED_YES);
    ck_assert_str_eq (export->description, "Mail rooms.");
    ck_assert_str_eq (export->exported_at, "2026-02-09");
    ck_assert_str_eq (export->edition.version, "v7");
    ck_assert_str_eq (export->edition.description, "Many trades.");
    ck_assert_str_eq (export->edition.attribution, "Somebody");
    ck_assert_uint_eq (export->edition.citation_count, 2);
    ck_assert_str_eq (export->edition.citations[0].name, "taxonomy");
    ck_assert_str_eq (export->edition.citations[0].text, "v30.2: all");
    ck_assert_str_eq (export->edition.citations[1].text, "https://example.org");
    ck_assert_str_eq (export->edition.labels[SKS_EMERGING], "New");
    ck_assert_str_eq (export->edition.labels[SKS_DEVELOPING], "");
    ck_assert_str_eq (place ("Sort mail."), "emerging/4");
}
END_TEST

START_TEST (leaves_out_what_our_notes_lack)
{
    read_package ("\"title\":\"Office Clerks (" SOC ")\",\"creator\":\"Unknown\",\"lastChangeDateTime\":"
                  "\"1970-01-01T00:00:00Z\"," NOTES,
                  LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_clean (1);
    ck_assert_str_eq (export->exported_at, "");
    ck_assert_str_eq (export->edition.attribution, "");
    ck_assert_str_eq (export->group, "Office & Administrative Support");
    ck_assert_ptr_null (export->sector);
    ck_assert_int_eq (export->zone, 0);
    ck_assert_int_eq (export->inferred, SKS_INFERRED_UNKNOWN);
}
END_TEST

START_TEST (keeps_an_unknown_sector)
{
    read_package ("\"notes\":\"SOC: " SOC "\\nTitle: T\\nSector: Mail rooms Mail rooms\"",
                  LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_good (1);
    ck_assert_str_eq (export->sector, "Mail rooms");
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);
}
END_TEST

START_TEST (reads_a_document_of_another_program)
{
    read_package ("\"title\":\"Office Clerks, General (" SOC ")\",\"creator\":\"A board\",\"lastChangeDateTime\":"
                  "\"2026-02-09T00:00:00Z\"",
                  LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("isChildOf", "s", "e", ""));
    parts_expect_clean (1);
    ck_assert_str_eq (export->soc, SOC);
    ck_assert_str_eq (export->title, "Office Clerks, General");
    ck_assert_str_eq (export->edition.attribution, "A board");
    ck_assert_str_eq (export->exported_at, "2026-02-09T00:00:00Z");
}
END_TEST

START_TEST (finds_a_level_by_its_code_or_its_name)
{
    read_package (NOTES,
                  "{\"identifier\":\"E\",\"CFItemType\":\"level\",\"fullStatement\":\"EMERGING\"},"
                  "{\"identifier\":\"a\",\"CFItemTypeURI\":{\"title\":\"Level\"},\"humanCodingScheme\":\"x/advanced\","
                  "\"fullStatement\":\"Expert\"}," ITEM ("s", "Sort mail.", "") "," ITEM ("t", "Plan.", ""),
                  LINK ("hasSkillLevel", "S", "e", "") "," LINK ("isChildOf", "t", "a", ""));
    parts_expect_clean (2);
    ck_assert_str_eq (place ("Sort mail."), "emerging/1");
    ck_assert_str_eq (place ("Plan."), "advanced/1");
    ck_assert_str_eq (export->edition.labels[SKS_ADVANCED], "Expert");
}
END_TEST

START_TEST (warns_about_a_level_with_the_name_of_another)
{
    read_package (
        NOTES, LEVEL ("e", "emerging", "Advanced") "," LEVEL ("a", "advanced", "advanced") "," ITEM ("s", "Sort.", ""),
        LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_good (1);
    ck_assert_uint_eq (sks_report_count (read_report), 0);
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);
    ck_assert_str_eq (place ("Sort."), "emerging/1");
}
END_TEST

/* A heading between a level and its statements is one of them for all that the package says. */
START_TEST (warns_about_a_statement_that_other_items_are_below)
{
    read_package (NOTES, LEVELS "," ITEM ("h", "Mail", "") "," ITEM ("s", "Sort.", "") "," ITEM ("t", "File.", ""),
                  LINK ("isChildOf", "h", "e", "") "," LINK ("isChildOf", "s", "h", "") "," LINK (
                      "hasSkillLevel", "s", "e", "") "," LINK ("isChildOf", "t", "h", ""));
    parts_expect_good (2);
    parts_expect (SKS_PROBLEM_LEVEL, "/CFItems/4");
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);
    ck_assert_str_eq (place ("Mail"), "emerging/1");
    ck_assert_str_eq (place ("Sort."), "emerging/2");
}
END_TEST

START_TEST (takes_positions_from_the_list_or_the_association_or_the_order)
{
    read_package (
        NOTES,
        LEVELS "," ITEM ("s", "One.", ",\"listEnumeration\":\"3\"") "," ITEM ("t", "Two.", "") "," ITEM (
            "u", "Three.", ",\"listEnumeration\":\"1.a\"") "," ITEM ("v", "Four.", ",\"listEnumeration\":\"3\""),
        LINK ("hasSkillLevel", "s", "e", "") "," LINK ("hasSkillLevel", "t", "e", ",\"sequenceNumber\":2") "," LINK (
            "hasSkillLevel", "u", "e", "") "," LINK ("hasSkillLevel", "v", "e", ""));
    parts_expect_clean (4);
    ck_assert_str_eq (place ("One."), "emerging/3");
    ck_assert_str_eq (place ("Two."), "emerging/2");
    ck_assert_str_eq (place ("Three."), "emerging/1");
    ck_assert_str_eq (place ("Four."), "emerging/4");
}
END_TEST

START_TEST (an_item_that_is_left_out_keeps_its_position)
{
    read_package (
        NOTES,
        LEVELS
        "," ITEM ("s", "", ",\"listEnumeration\":\"2\"") "," ITEM ("t", "Two.", ",\"listEnumeration\":\"2\"") "," ITEM (
            "u", "",
            ",\"listEnumeration\":\"1\"") ",{\"identifier\":\"v\",\"CFItemType\":\"Statement\",\"listEnumeration\":\"3\"}," ITEM ("w",
                                                                                                                                  "Four.",
                                                                                                                                  ""),
        LINK ("hasSkillLevel", "s", "e", "") "," LINK ("hasSkillLevel", "t", "e", "") "," LINK (
            "hasSkillLevel", "u", "e", "") "," LINK ("hasSkillLevel", "v", "e", "") "," LINK ("hasSkillLevel", "w", "e",
                                                                                              ""));
    ck_assert_str_eq (place ("Two."), "emerging/2");
    ck_assert_str_eq (place ("Four."), "emerging/4");
}
END_TEST

START_TEST (a_fraction_is_not_a_position)
{
    read_package (NOTES, LEVELS "," ITEM ("s", "One.", "") "," ITEM ("t", "Two.", ""),
                  LINK ("isChildOf", "s", "e", "") "," LINK ("isChildOf", "t", "e", ",\"sequenceNumber\":1.9"));
    parts_expect_clean (2);
    ck_assert_str_eq (place ("One."), "emerging/1");
}
END_TEST

/* Neither is a heading: each is above the other, and nothing else is below them. */
START_TEST (reports_items_that_are_only_below_each_other)
{
    read_package (
        NOTES,
        LEVELS "," ITEM ("s", "Sort mail.", "") "," ITEM ("t", "Plan.", "") "," ITEM ("u", "Lead.",
                                                                                      "") "," ITEM ("v", "Mail", ""),
        LINK ("isChildOf", "s", "e", "") "," LINK ("isChildOf", "t", "u", "") "," LINK (
            "isChildOf", "u", "t", "") "," LINK ("isChildOf", "s", "v", "") "," LINK ("isChildOf", "v", "v", ""));
    parts_expect_good (1);
    ck_assert_uint_eq (sks_report_count (read_report), 2);
    parts_expect_at (0, SKS_PROBLEM_LEVEL, "/CFItems/3");
    parts_expect_at (1, SKS_PROBLEM_LEVEL, "/CFItems/4");
}
END_TEST

/* ------------------------------------------------------------- no levels */

START_TEST (refuses_a_package_without_levels)
{
    read_package (NOTES, ITEM ("s", "Sort mail.", "") "," ITEM ("t", "Plan.", ""), LINK ("isChildOf", "s", "t", ""));
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_LEVEL, "/CFItems");
    const sks_report_entry *entry = sks_report_entry_at (read_report, 0);
    ck_assert_ptr_nonnull (strstr (entry->reason, "CFPackage"));
    ck_assert_ptr_nonnull (strstr (entry->notes, "--level-from CFItemType"));
}
END_TEST

START_TEST (levels_of_other_names_are_not_levels)
{
    read_package (NOTES, LEVEL ("x", "grade-3", "Grade 3") "," ITEM ("s", "Sort mail.", ""),
                  LINK ("hasSkillLevel", "s", "x", ""));
    parts_expect_rejected ();
    parts_expect_at (0, SKS_PROBLEM_LEVEL, "/CFItems/0");
    parts_expect_at (1, SKS_PROBLEM_LEVEL, "/CFItems");
    ck_assert_uint_eq (sks_report_count (read_report), 2);
}
END_TEST

#define TYPED(id, type, text) "{\"identifier\":\"" id "\",\"CFItemType\":\"" type "\",\"fullStatement\":\"" text "\"}"

START_TEST (reads_levels_from_types_if_asked)
{
    static const char items[] = TYPED ("h", "Duty", "Mail") "," TYPED ("s", "Emerging", "Sort mail.") "," TYPED (
        "t", "advanced", "Plan.") "," TYPED ("u", "Expert", "Lead.");
    parts_level_from_type = true;
    read_package (NOTES, items, LINK ("isChildOf", "s", "h", ""));
    parts_expect_good (2);
    ck_assert_str_eq (place ("Sort mail."), "emerging/1");
    ck_assert_str_eq (place ("Plan."), "advanced/1");
    parts_expect (SKS_PROBLEM_LEVEL, "/CFItems/3/CFItemType"); /* the parent, /CFItems/0, is a heading */
}
END_TEST

START_TEST (prefers_levels_of_the_package_to_types)
{
    parts_level_from_type = true;
    read_package (NOTES, LEVELS "," TYPED ("s", "advanced", "Sort mail."), LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_clean (1);
    ck_assert_str_eq (place ("Sort mail."), "emerging/1");
}
END_TEST

/* --------------------------------------------------------------- bad parts */

/* A bad part beside the good statement "s": the problem, where it is, and the statements that are kept. */
static const struct {
    const char *items, *associations;
    int problem;
    const char *pointer;
    size_t statements;
} bad[] = {
    { ITEM ("t", "X.", ""), "", SKS_PROBLEM_LEVEL, "/CFItems/3", 1 },
    { ITEM ("t", "X.", ""), LINK ("isRelatedTo", "t", "a", ""), SKS_PROBLEM_LEVEL, "/CFItems/3", 1 },
    { ITEM ("t", "X.", ""), LINK ("hasSkillLevel", "t", "nowhere", ""), SKS_PROBLEM_LEVEL, "/CFItems/3", 1 },
    { ITEM ("t", "X.", ""), LINK ("hasSkillLevel", "t", "a", "") "," LINK ("isChildOf", "t", "e", ""),
      SKS_PROBLEM_LEVEL, "/CFAssociations/2", 1 },
    { ITEM ("t", "", ""), LINK ("hasSkillLevel", "t", "a", ""), SKS_PROBLEM_EMPTY, "/CFItems/3/fullStatement", 1 },
    { ITEM ("t", "Sort mail.", ""), LINK ("hasSkillLevel", "t", "e", ""), SKS_PROBLEM_DUPLICATE,
      "/CFItems/3/fullStatement", 1 },
    { ITEM ("s", "X.", ""), "", SKS_PROBLEM_DUPLICATE, "/CFItems/3/identifier", 1 },
    { "{\"identifier\":\"t\"}", LINK ("hasSkillLevel", "t", "a", ""), SKS_PROBLEM_MISSING, "/CFItems/3/fullStatement",
      1 },
    { "{\"identifier\":\"t\",\"fullStatement\":1}", LINK ("hasSkillLevel", "t", "a", ""), SKS_PROBLEM_TYPE,
      "/CFItems/3/fullStatement", 1 },
    { "{\"fullStatement\":\"X.\"}", "", SKS_PROBLEM_MISSING, "/CFItems/3/identifier", 1 },
    { "1", "", SKS_PROBLEM_MISSING, "/CFItems/3/identifier", 1 },
    { LEVEL ("x", "junior", "Junior"), "", SKS_PROBLEM_LEVEL, "/CFItems/3", 1 },
};

START_TEST (a_bad_part_costs_only_itself)
{
    char items[1000], associations[1000];
    snprintf (items, sizeof items, LEVELS "," ITEM ("s", "Sort mail.", "") ",%s", bad[_i].items);
    snprintf (associations, sizeof associations, LINK ("hasSkillLevel", "s", "e", "") "%s%s",
              *bad[_i].associations ? "," : "", bad[_i].associations);
    read_package (NOTES, items, associations);
    parts_expect_good (bad[_i].statements);
    parts_expect (bad[_i].problem, bad[_i].pointer);
}
END_TEST

static const struct {
    const char *text;
    int problem;
    const char *pointer;
} rejected[] = {
    { "{\"CFDocument\":1,\"CFItems\":[" LEVELS
      "," ITEM ("s", "X.", "") "],\"CFAssociations\":[" LINK ("hasSkillLevel", "s", "e", "") "]}",
      SKS_PROBLEM_TYPE, "/CFDocument" },
    { "{\"CFDocument\":{\"title\":\"Clerks\"},\"CFItems\":[" LEVELS
      "," ITEM ("s", "X.", "") "],\"CFAssociations\":[" LINK ("hasSkillLevel", "s", "e", "") "]}",
      SKS_PROBLEM_SOC, "/CFDocument/title" },
    { "{\"CFDocument\":{\"title\":\"(" SOC ")\"},\"CFItems\":[" LEVELS
      "," ITEM ("s", "X.", "") "],\"CFAssociations\":[" LINK ("hasSkillLevel", "s", "e", "") "]}",
      SKS_PROBLEM_EMPTY, "/CFDocument/title" },
    { "{\"CFDocument\":{" NOTES "},\"CFItems\":[" LEVELS "],\"CFAssociations\":[]}", SKS_PROBLEM_EMPTY, "/CFItems" },
    { "{\"CFDocument\":{" NOTES "},\"CFItems\":{}}", SKS_PROBLEM_TYPE, "/CFItems" },
    { "{\"CFDocument\":{" NOTES "}}", SKS_PROBLEM_EMPTY, "/CFItems" },
    { "{\"CFDocument\":{" NOTES "},\"CFItems\":[]}", SKS_PROBLEM_EMPTY, "/CFItems" },
};

START_TEST (a_package_without_items_is_not_called_one_without_levels)
{
    read_package (NOTES, "", "");
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_EMPTY, "/CFItems");
    ck_assert_str_eq (sks_report_entry_at (read_report, 0)->reason, "a CFPackage without items");
}
END_TEST

START_TEST (bounds_the_items)
{
    sks_buffer items = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int i = 0; i < SKS_MAX_PACKAGE_ITEMS; i++)
        sks_buffer_puts (&items, "{},");
    sks_buffer_puts (&items, "{}");
    read_package (NOTES, sks_buffer_text (&items), "");
    sks_buffer_free (&items);
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_TOO_LONG, "/CFItems");
    ck_assert_str_eq (sks_report_entry_at (read_report, 0)->reason, "100001 items, at most 100000");
}
END_TEST

START_TEST (bounds_the_values)
{
    sks_buffer links = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int i = 0; i < SKS_MAX_EXPORT_VALUES; i++)
        sks_buffer_puts (&links, "1,");
    sks_buffer_puts (&links, "1");
    read_package (NOTES, LEVELS "," ITEM ("s", "X.", ""), sks_buffer_text (&links));
    sks_buffer_free (&links);
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_NOT_JSON, "");
    ck_assert_str_eq (sks_report_entry_at (read_report, 0)->reason, "more than 1000000 values");
}
END_TEST

/* ------------------------------------------------------- which occupation */

#define OTHER "43-6011.00"

static const struct {
    const char *title, *notes;
    const char *soc, *name; /* what is read, */
    const char *pointer;    /* or where the problem is */
} names[] = {
    { "Clerks (" SOC ")", "", SOC, "Clerks", NULL },
    { "Clerks (" SOC ") of offices", "", SOC, "Clerks of offices", NULL },
    { "Clerks (" SOC "), 3 of 40 statements", "", SOC, "Clerks, 3 of 40 statements", NULL },
    { "(" SOC ") Clerks (all)", "", SOC, "Clerks (all)", NULL },
    { "Clerks (" SOC ") (" SOC ")", "", SOC, "Clerks (" SOC ")", NULL },
    { "Clerks (of " SOC ")", "SOC: " SOC, SOC, "Clerks (of " SOC ")", NULL },
    { "Clerks (" SOC ")", "SOC: " SOC, SOC, "Clerks", NULL },
    { "Clerks (" SOC ") formerly (" OTHER ")", "SOC: " SOC, SOC, "Clerks formerly (" OTHER ")", NULL },
    { "Clerks", "SOC:  " SOC " \\nTitle: Office clerks", SOC, "Office clerks", NULL },
    { "Clerks (" SOC ")", "Other: " OTHER, SOC, "Clerks", NULL },
    { "Clerks (" OTHER ")", "SOC: " SOC, NULL, NULL, "/CFDocument/title" },
    { "Clerks (" SOC ") formerly (" OTHER ")", "", NULL, NULL, "/CFDocument/title" },
    { "Clerks (" SOC ")", "SOC: clerks", NULL, NULL, "/CFDocument/notes" },
    { "Clerks (" SOC ")", "SOC: 43-9061", NULL, NULL, "/CFDocument/notes" },
    { "Clerks (" SOC ")", "SOC:", NULL, NULL, "/CFDocument/notes" },
    { "Clerks (43-9061)", "", NULL, NULL, "/CFDocument/title" },
};

START_TEST (finds_the_occupation_and_refuses_contradictions)
{
    char document[256];
    snprintf (document, sizeof document, "\"title\":\"%s\",\"notes\":\"%s\"", names[_i].title, names[_i].notes);
    read_package (document, LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("hasSkillLevel", "s", "e", ""));
    if (names[_i].pointer) {
        parts_expect_rejected ();
        parts_expect (SKS_PROBLEM_SOC, names[_i].pointer);
        return;
    }
    parts_expect_clean (1);
    ck_assert_str_eq (export->soc, names[_i].soc);
    ck_assert_str_eq (export->title, names[_i].name);
}
END_TEST

START_TEST (reports_a_line_of_the_notes_that_is_there_twice)
{
    read_package ("\"notes\":\"SOC: " SOC "\\nTitle: One\\nTitle: Two\\nGroup: G\\nGroup: G\"",
                  LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_good (1);
    parts_expect (SKS_PROBLEM_VALUE, "/CFDocument/notes");
    ck_assert_str_eq (export->title, "One");
}
END_TEST

START_TEST (takes_the_statements_of_items_of_the_same_level_together)
{
    read_package (NOTES,
                  LEVELS "," LEVEL ("f", "emerging", "New") "," LEVEL ("g", "advanced", "Expert") "," ITEM (
                      "s", "Sort mail.", "") "," ITEM ("t", "File mail.", "") "," ITEM ("u", "Plan.", ""),
                  LINK ("hasSkillLevel", "s", "e", "") "," LINK ("hasSkillLevel", "t", "f",
                                                                 "") "," LINK ("hasSkillLevel", "u", "g", ""));
    parts_expect_good (3);
    ck_assert_str_eq (place ("Sort mail."), "emerging/1");
    ck_assert_str_eq (place ("File mail."), "emerging/2");
    ck_assert_str_eq (export->edition.labels[SKS_ADVANCED], "Advanced");
    parts_expect (SKS_PROBLEM_VALUE, "/CFItems/3/fullStatement"); /* its label is lost */
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);     /* about /CFItems/2 */
}
END_TEST

START_TEST (rejects_a_package_without_an_occupation_or_a_statement)
{
    parts_read_text (rejected[_i].text);
    parts_expect_rejected ();
    parts_expect_at (0, rejected[_i].problem, rejected[_i].pointer);
}
END_TEST

START_TEST (warns_about_a_part)
{
    read_package ("\"notes\":\"SOC: " SOC "\\nTitle: T\\nPart of: 6762b632-4a81-5639-a026-a7c95129a47a\"",
                  LEVELS "," ITEM ("s", "Sort mail.", ""), LINK ("hasSkillLevel", "s", "e", ""));
    parts_expect_good (1);
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);
}
END_TEST

Suite *
suite_case_package (void)
{
    Suite *suite = suite_create ("case_package");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, parts_open, parts_close);
    tcase_add_test (core, reads_all_that_our_notes_have);
    tcase_add_test (core, leaves_out_what_our_notes_lack);
    tcase_add_test (core, keeps_an_unknown_sector);
    tcase_add_test (core, reads_a_document_of_another_program);
    tcase_add_test (core, finds_a_level_by_its_code_or_its_name);
    tcase_add_test (core, warns_about_a_level_with_the_name_of_another);
    tcase_add_test (core, warns_about_a_statement_that_other_items_are_below);
    tcase_add_test (core, takes_positions_from_the_list_or_the_association_or_the_order);
    tcase_add_test (core, an_item_that_is_left_out_keeps_its_position);
    tcase_add_test (core, a_fraction_is_not_a_position);
    tcase_add_test (core, reports_items_that_are_only_below_each_other);
    tcase_add_test (core, refuses_a_package_without_levels);
    tcase_add_test (core, levels_of_other_names_are_not_levels);
    tcase_add_test (core, reads_levels_from_types_if_asked);
    tcase_add_test (core, prefers_levels_of_the_package_to_types);
    tcase_add_loop_test (core, a_bad_part_costs_only_itself, 0, sizeof bad / sizeof *bad);
    tcase_add_loop_test (core, rejects_a_package_without_an_occupation_or_a_statement, 0,
                         sizeof rejected / sizeof *rejected);
    tcase_add_test (core, a_package_without_items_is_not_called_one_without_levels);
    tcase_add_test (core, bounds_the_items);
    tcase_add_test (core, bounds_the_values);
    tcase_add_loop_test (core, finds_the_occupation_and_refuses_contradictions, 0, sizeof names / sizeof *names);
    tcase_add_test (core, reports_a_line_of_the_notes_that_is_there_twice);
    tcase_add_test (core, takes_the_statements_of_items_of_the_same_level_together);
    tcase_add_test (core, warns_about_a_part);
    suite_add_tcase (suite, core);
    return suite;
}
