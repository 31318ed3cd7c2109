/* check_faults.c - faults within an export: each is reported with its kind and JSON pointer, and only the faulty part
 * is left out. */
#include "core/base/utf8.h"
#include "tests/support/parts.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_faults (void);

#define COUNT(table) ((int) (sizeof table / sizeof *table))

/* --------------------------------------------------------- rejected exports */

static const struct {
    parts parts;
    int problem;
    const char *pointer;
} fatal[] = {
    { { .version = "\"2.0\"" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "1.0" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "null" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "\"1.0 \"" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .soc = "" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "null" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "439061" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"43-9061\"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"43-9061.00 \"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"../../etc\"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .title = "" }, SKS_PROBLEM_MISSING, "/occupation/title" },
    { { .title = "null" }, SKS_PROBLEM_MISSING, "/occupation/title" },
    { { .title = "7" }, SKS_PROBLEM_TYPE, "/occupation/title" },
    { { .title = "\" \\n\"" }, SKS_PROBLEM_EMPTY, "/occupation/title" },
    { { .framework = "[]" }, SKS_PROBLEM_TYPE, "/framework" },
    { { .framework = "null" }, SKS_PROBLEM_TYPE, "/framework" },
    { { .framework = "" }, SKS_PROBLEM_MISSING, "/framework" },
    { { .framework = "{}" }, SKS_PROBLEM_MISSING, "/framework/levels" },
    { { .levels = "[]" }, SKS_PROBLEM_TYPE, "/framework/levels" },
    { { .levels = "{}" }, SKS_PROBLEM_EMPTY, "/framework/levels" },
    { { .levels = "{\"emerging\":{\"statements\":[]}}" }, SKS_PROBLEM_EMPTY, "/framework/levels" },
};

START_TEST (rejects_an_export_without_its_essentials)
{
    parts_read (fatal[_i].parts);
    parts_expect_rejected ();
    parts_expect (fatal[_i].problem, fatal[_i].pointer);
}
END_TEST

START_TEST (rejects_an_occupation_that_is_not_an_object)
{
    static const char *const occupations[] = { ",\"occupation\":\"x\"", ",\"occupation\":null", "" };
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf (text, sizeof text, "{\"schemaVersion\":\"1.0\"%s,\"framework\":{\"levels\":%s}}", occupations[i],
                  GOOD_LEVELS);
        parts_read_text (text);
        parts_expect_rejected ();
        parts_expect_at (i, *occupations[i] ? SKS_PROBLEM_TYPE : SKS_PROBLEM_MISSING, "/occupation");
    }
}
END_TEST

START_TEST (reports_all_faults_at_once)
{
    parts_read ((parts) { .soc = "1",
                          .title = "2",
                          .more = "\"jobZone\":9",
                          .levels = "{\"expert\":1,\"emerging\":{\"statements\":[3]}}" });
    parts_expect_rejected ();
    parts_expect_at (0, SKS_PROBLEM_SOC, "/occupation/soc");
    parts_expect_at (1, SKS_PROBLEM_TYPE, "/occupation/title");
    parts_expect_at (2, SKS_PROBLEM_VALUE, "/occupation/jobZone");
    parts_expect_at (3, SKS_PROBLEM_LEVEL, "/framework/levels/expert");
    parts_expect_at (4, SKS_PROBLEM_TYPE, "/framework/levels/emerging/statements/0");
    ck_assert_uint_eq (sks_report_count (read_report), 5);
}
END_TEST

START_TEST (rejects_a_title_that_is_too_long)
{
    char title[SKS_MAX_NAME_BYTES + 8] = "\"";
    memset (title + 1, 'x', SKS_MAX_NAME_BYTES + 1);
    strcpy (title + SKS_MAX_NAME_BYTES + 2, "\"");
    parts_read ((parts) { .title = title });
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_TOO_LONG, "/occupation/title");
    strcpy (title + SKS_MAX_NAME_BYTES + 1, "\"");
    parts_read ((parts) { .title = title });
    parts_expect_good (2);
}
END_TEST

/* --------------------------------------------------------- rejected members */

static const struct {
    const char *more;
    int problem;
    const char *pointer;
} members[] = {
    { "\"jobZone\":0", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":6", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":-1", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":2.5", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":1e300", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":\"2\"", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":[]", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZoneInferred\":1", SKS_PROBLEM_TYPE, "/occupation/jobZoneInferred" },
    { "\"jobZoneInferred\":\"true\"", SKS_PROBLEM_TYPE, "/occupation/jobZoneInferred" },
    { "\"sector\":55", SKS_PROBLEM_TYPE, "/occupation/sector" },
    { "\"sector\":[\"55\"]", SKS_PROBLEM_TYPE, "/occupation/sector" },
    { "\"group\":false", SKS_PROBLEM_TYPE, "/occupation/group" },
};

START_TEST (leaves_out_an_invalid_member)
{
    parts_read ((parts) { .more = members[_i].more });
    parts_expect_good (2);
    parts_expect (members[_i].problem, members[_i].pointer);
    ck_assert_int_eq (export->zone, 0);
    ck_assert_ptr_null (export->sector);
}
END_TEST

START_TEST (leaves_out_invalid_members_of_the_framework)
{
    static const char framework[] = "{\"version\":1,\"contextCovered\":{},\"levels\":" GOOD_LEVELS "}";
    parts_read ((parts) { .framework = framework });
    parts_expect_good (2);
    parts_expect_at (0, SKS_PROBLEM_TYPE, "/framework/version");
    parts_expect_at (1, SKS_PROBLEM_TYPE, "/framework/contextCovered");
    parts_read_text ("{\"schemaVersion\":\"1.0\",\"exportedAt\":7,"
                     "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},"
                     "\"framework\":{\"levels\":" GOOD_LEVELS "}}");
    parts_expect_good (2);
    parts_expect_at (2, SKS_PROBLEM_TYPE, "/exportedAt");
    ck_assert_uint_eq (sks_report_count (read_report), 3);
}
END_TEST

/* A complete export with one changed member, and the expected problem. */
static const struct {
    const char *framework, *rest; /* members */
    int problem;
    const char *pointer;
} shared[] = {
    { "\"description\":[]", NULL, SKS_PROBLEM_TYPE, "/framework/description" },
    { NULL, "\"attribution\":1", SKS_PROBLEM_TYPE, "/attribution" },
    { NULL, "\"attribution\":{\"text\":\"x\"}", SKS_PROBLEM_TYPE, "/attribution" },
    { NULL, "\"sources\":\"x\"", SKS_PROBLEM_TYPE, "/sources" },
    { NULL, "\"sources\":[\"x\"]", SKS_PROBLEM_TYPE, "/sources" },
    { NULL, "\"sources\":{\"a\":[]}", SKS_PROBLEM_TYPE, "/sources/a" },
    { NULL, "\"sources\":{\"a/b~c\":{}}", SKS_PROBLEM_TYPE, "/sources/a~1b~0c" },
    { NULL, "\"sources\":{\"a\":false}", SKS_PROBLEM_TYPE, "/sources/a" },
};

START_TEST (leaves_out_invalid_members_of_the_edition)
{
    char text[1024];
    snprintf (text, sizeof text,
              "{\"schemaVersion\":\"1.0\",\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},"
              "\"framework\":{%s%s\"levels\":" GOOD_LEVELS "}%s%s}",
              shared[_i].framework ? shared[_i].framework : "", shared[_i].framework ? "," : "",
              shared[_i].rest ? "," : "", shared[_i].rest ? shared[_i].rest : "");
    parts_read_text (text);
    parts_expect_good (2);
    parts_expect (shared[_i].problem, shared[_i].pointer);
    ck_assert_str_eq (export->edition.description, "");
    ck_assert_str_eq (export->edition.attribution, "");
    ck_assert_uint_eq (export->edition.citation_count, 0);
}
END_TEST

/* Read an export whose attribution has `size` bytes. */
static void
read_attribution (size_t size)
{
    static char text[SKS_MAX_NOTICE_BYTES + 1024];
    int used = snprintf (text, sizeof text,
                         "{\"schemaVersion\":\"1.0\",\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},"
                         "\"framework\":{\"levels\":" GOOD_LEVELS "},\"attribution\":\"");
    memset (text + used, 'x', size);
    strcpy (text + used + size, "\"}");
    parts_read_text (text);
}

START_TEST (leaves_out_an_attribution_that_is_too_long)
{
    read_attribution (SKS_MAX_NOTICE_BYTES);
    parts_expect_clean (2);
    ck_assert_uint_eq (strlen (export->edition.attribution), SKS_MAX_NOTICE_BYTES);
    read_attribution (SKS_MAX_NOTICE_BYTES + 1);
    parts_expect_good (2);
    parts_expect (SKS_PROBLEM_TOO_LONG, "/attribution");
    ck_assert_str_eq (export->edition.attribution, "");
}
END_TEST

START_TEST (leaves_out_sources_over_the_limit)
{
    for (int most = SKS_MAX_SOURCES; most <= SKS_MAX_SOURCES + 1; most++) {
        sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
        sks_buffer_puts (&text, "{\"schemaVersion\":\"1.0\",\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},"
                                "\"framework\":{\"levels\":" GOOD_LEVELS "},\"sources\":{");
        for (int i = 0; i < most; i++)
            sks_buffer_printf (&text, "%s\"s%d\":\"x\"", i ? "," : "", i);
        sks_buffer_puts (&text, "}}");
        parts_read_text (sks_buffer_text (&text));
        sks_buffer_free (&text);
        parts_expect_good (2);
        ck_assert_uint_eq (export->edition.citation_count, most > SKS_MAX_SOURCES ? 0 : (size_t) most);
    }
    parts_expect (SKS_PROBLEM_TOO_LONG, "/sources");
}
END_TEST

START_TEST (leaves_out_a_label_that_is_not_a_string)
{
    parts_read ((parts) { .levels = "{\"emerging\":{\"label\":7,\"statements\":[\"a\"]},"
                                    "\"advanced\":{\"label\":\"Top\",\"statements\":[\"b\"]}}" });
    parts_expect_good (2);
    parts_expect (SKS_PROBLEM_TYPE, "/framework/levels/emerging/label");
    ck_assert_str_eq (export->edition.labels[SKS_EMERGING], "");
    ck_assert_str_eq (export->edition.labels[SKS_ADVANCED], "Top");
}
END_TEST

/* ---------------------------------------------------------- rejected levels */

static const struct {
    const char *level;
    int problem;
    const char *pointer;
} levels[] = {
    { "\"expert\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/expert" },
    { "\"Advanced\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/Advanced" },
    { "\"\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/" },
    { "\"a/b~c\":{}", SKS_PROBLEM_LEVEL, "/framework/levels/a~1b~0c" },
    { "\"advanced\":{}", SKS_PROBLEM_MISSING, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"label\":\"Advanced\"}", SKS_PROBLEM_MISSING, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":\"a\"}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":{\"0\":1}}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":null}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":[\"a\"]", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
    { "\"advanced\":\"a\"", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
    { "\"advanced\":null", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
};

START_TEST (leaves_out_an_invalid_level)
{
    char text[512];
    snprintf (text, sizeof text, "{\"emerging\":{\"statements\":[\"Sort mail.\",\"File mail.\"]},%s}",
              levels[_i].level);
    parts_read ((parts) { .levels = text });
    parts_expect_good (2);
    parts_expect (levels[_i].problem, levels[_i].pointer);
}
END_TEST

/* A list of `count` different statements. */
static const char *
many (sks_buffer *list, unsigned count)
{
    sks_buffer_putc (list, '[');
    for (unsigned i = 0; i < count; i++)
        sks_buffer_printf (list, "%s\"statement %u\"", i ? "," : "", i);
    sks_buffer_putc (list, ']');
    return sks_buffer_text (list);
}

START_TEST (accepts_the_maximum_of_statements_in_a_level)
{
    sks_buffer list = SKS_BUFFER_INIT (1 << 20);
    parts_read_list (many (&list, SKS_MAX_LEVEL_STATEMENTS));
    parts_expect_clean (SKS_MAX_LEVEL_STATEMENTS);
    ck_assert_uint_eq (parts_find ("statement 9999")->position, 10000);
    sks_buffer_free (&list);
}
END_TEST

START_TEST (leaves_out_a_level_of_too_many_statements)
{
    sks_buffer list = SKS_BUFFER_INIT (1 << 20), text = SKS_BUFFER_INIT (1 << 20);
    sks_buffer_printf (&text, "{\"advanced\":{\"statements\":%s},\"emerging\":{\"statements\":[\"a\"]}}",
                       many (&list, SKS_MAX_LEVEL_STATEMENTS + 1));
    parts_read ((parts) { .levels = sks_buffer_text (&text) });
    parts_expect_good (1);
    parts_expect (SKS_PROBLEM_TOO_LONG, "/framework/levels/advanced/statements");
    sks_buffer_free (&list);
    sks_buffer_free (&text);
}
END_TEST

START_TEST (cuts_the_pointer_to_a_very_long_name_at_a_character)
{
    for (int before = 0; before < 4; before++) {
        char text[1200] = "{\"";
        memset (text + 2, 'x', (size_t) before);
        for (int i = 0; i < 200; i++)
            strcat (text, "\xF0\x9F\x93\xA6");
        strcat (text, "\":{},\"emerging\":{\"statements\":[\"a\"]}}");
        parts_read ((parts) { .levels = text });
        parts_expect_good (1);
        const sks_report_entry *entry = sks_report_entry_at (read_report, (size_t) before);
        ck_assert (sks_utf8_valid (entry->pointer, strlen (entry->pointer), NULL));
        ck_assert_uint_gt (strlen (entry->pointer), 100);
    }
}
END_TEST

/* ------------------------------------------------------ rejected statements */

static const struct {
    const char *item;
    int problem;
} statements[] = {
    { "\"\"", SKS_PROBLEM_EMPTY },
    { "\" \\t\\n\xC2\xA0 \"", SKS_PROBLEM_EMPTY },
    { "7", SKS_PROBLEM_TYPE },
    { "null", SKS_PROBLEM_TYPE },
    { "[\"a\"]", SKS_PROBLEM_TYPE },
    { "{\"text\":\"a\"}", SKS_PROBLEM_TYPE },
    { "\"Sort mail.\"", SKS_PROBLEM_DUPLICATE },
    { "\" Sort\\n mail. \"", SKS_PROBLEM_DUPLICATE },
    { "\"\\u0053ort mail.\"", SKS_PROBLEM_DUPLICATE },
};

START_TEST (leaves_out_an_invalid_statement)
{
    char list[256];
    snprintf (list, sizeof list, "[\"Sort mail.\",%s,\"File mail.\"]", statements[_i].item);
    parts_read_list (list);
    parts_expect_good (2);
    parts_expect (statements[_i].problem, "/framework/levels/emerging/statements/1");
    ck_assert_uint_eq (parts_find ("Sort mail.")->position, 1);
    ck_assert_uint_eq (parts_find ("File mail.")->position, 3);
}
END_TEST

START_TEST (leaves_out_a_statement_that_is_too_long)
{
    sks_buffer list = SKS_BUFFER_INIT (100000);
    sks_buffer_puts (&list, "[\"Sort mail.\",\"");
    for (int i = 0; i < SKS_MAX_STATEMENT_BYTES + 1; i++)
        sks_buffer_putc (&list, 'x');
    sks_buffer_puts (&list, "\",\"File mail.\"]");
    parts_read_list (sks_buffer_text (&list));
    parts_expect_good (2);
    parts_expect (SKS_PROBLEM_TOO_LONG, "/framework/levels/emerging/statements/1");
    sks_buffer_free (&list);
}
END_TEST

START_TEST (keeps_one_of_many_equal_statements)
{
    parts_read_list ("[\"a\",\"a\",\"b\",\"a\",\"b\"]");
    parts_expect_good (2);
    parts_expect_at (0, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/1");
    parts_expect_at (1, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/3");
    parts_expect_at (2, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/4");
    ck_assert_uint_eq (parts_find ("b")->position, 3);
}
END_TEST

Suite *
suite_faults (void)
{
    Suite *suite = suite_create ("faults");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, parts_open, parts_close);
    tcase_add_checked_fixture (limits, parts_open, parts_close);
    tcase_set_timeout (limits, 60);
    tcase_add_loop_test (core, rejects_an_export_without_its_essentials, 0, COUNT (fatal));
    tcase_add_test (core, rejects_an_occupation_that_is_not_an_object);
    tcase_add_test (core, reports_all_faults_at_once);
    tcase_add_loop_test (core, leaves_out_an_invalid_member, 0, COUNT (members));
    tcase_add_test (core, leaves_out_invalid_members_of_the_framework);
    tcase_add_loop_test (core, leaves_out_invalid_members_of_the_edition, 0, COUNT (shared));
    tcase_add_test (core, leaves_out_an_attribution_that_is_too_long);
    tcase_add_test (core, leaves_out_sources_over_the_limit);
    tcase_add_test (core, leaves_out_a_label_that_is_not_a_string);
    tcase_add_loop_test (core, leaves_out_an_invalid_level, 0, COUNT (levels));
    tcase_add_loop_test (core, leaves_out_an_invalid_statement, 0, COUNT (statements));
    tcase_add_test (core, keeps_one_of_many_equal_statements);
    tcase_add_test (limits, leaves_out_a_statement_that_is_too_long);
    tcase_add_test (limits, rejects_a_title_that_is_too_long);
    tcase_add_test (limits, accepts_the_maximum_of_statements_in_a_level);
    tcase_add_test (limits, leaves_out_a_level_of_too_many_statements);
    tcase_add_test (limits, cuts_the_pointer_to_a_very_long_name_at_a_character);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
