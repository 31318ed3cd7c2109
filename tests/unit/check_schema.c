/* check_schema.c - look-ups in the tables of names. */
#include "core/base/schema.h"

#include <check.h>
#include <string.h>

Suite *suite_schema (void);

START_TEST (names_every_level_in_order_and_finds_it_again)
{
    static const char *const names[] = { "emerging", "developing", "proficient", "advanced" };
    for (int level = 0; level < SKS_LEVELS; level++) {
        ck_assert_str_eq (sks_level_name (level), names[level]);
        ck_assert_int_eq (sks_schema_level_of (names[level], strlen (names[level])), level);
        ck_assert_str_eq (sks_schema_level_label (level) + 1, names[level] + 1);
    }
}
END_TEST

START_TEST (finds_every_facet_by_its_name)
{
    static const char *const names[] = { "level", "sector", "group", "occupation", "zone", "version" };
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        ck_assert_str_eq (sks_facet_name (facet), names[facet]);
        ck_assert_int_eq (sks_schema_facet_of (names[facet]), facet);
    }
}
END_TEST

START_TEST (finds_every_field_by_its_name)
{
    ck_assert_ptr_null (sks_schema_field_name (SKS_FIELD_TEXT));
    for (int field = SKS_FIELD_DUTY; field < SKS_FIELDS; field++)
        ck_assert_int_eq (sks_schema_field_of (sks_schema_field_name (field), strlen (sks_schema_field_name (field))),
                          field);
    ck_assert_int_eq (sks_schema_field_of ("title:clerk", 5), SKS_FIELD_TITLE);
    ck_assert_int_eq (sks_schema_field_of ("soc", 3), SKS_FIELD_SOC);
}
END_TEST

/* How people write a sector, and its code. */
static const struct {
    const char *text, *code;
} sector_texts[] = {
    { "55", "55" },
    { "31-33", "31-33" },
    { "31", "31-33" },
    { "32", "31-33" },
    { "33", "31-33" },
    { "44", "44-45" },
    { "45", "44-45" },
    { "48", "48-49" },
    { "49", "48-49" },
    { "31\u201333", "31-33" },
    { "31 \u2014 33", "31-33" },
    { "31 - 33", "31-33" },
    { "48\u221249", "48-49" },
    { "44\u201145", "44-45" },
    { "31-32", "31-33" },
    { "Manufacturing", "31-33" },
    { "manufacturing", "31-33" },
    { "RETAIL TRADE", "44-45" },
    { "Transportation & Warehousing", "48-49" },
    { "professional scientific and technical services", "54" },
    { "Other Services (except Public Administration)", "81" },
    { "31-33 Manufacturing", "31-33" },
    { "51: Information", "51" },
    { "51 - Information", "51" },
    { "51 \u2013 Information", "51" },
    { "51/Information", "51" },
    { "31-33 \u2014 Manufacturing", "31-33" },
    { "31 - Manufacturing", "31-33" },
    { "Information \u2014 51", "51" },
    { "31/33", "31-33" },
    { "44 to 45", "44-45" },
    { "52/53", NULL },
    { "52 - Information", NULL },
    { "31 - 32 - 33", NULL },
    { "31 to", NULL },
    { "31-44", NULL },
    { "33-31", NULL },
    { "50", NULL },
    { "5", NULL },
    { "311", NULL },
    { "31-", NULL },
    { "-31", NULL },
    { "55 Manufacturing", NULL },
    { "Manufacture", NULL },
    { "and", NULL },
    { "", NULL },
};

START_TEST (finds_a_sector_in_any_spelling)
{
    const char *code = sks_schema_sector_of (sector_texts[_i].text), *wanted = sector_texts[_i].code;
    ck_assert_msg (code == wanted || (code && wanted && strcmp (code, wanted) == 0), "%s: %s", sector_texts[_i].text,
                   code ? code : "none");
}
END_TEST

START_TEST (labels_sectors_that_span_several_codes)
{
    ck_assert_str_eq (sks_schema_sector_label ("31-33"), "Manufacturing");
    ck_assert_str_eq (sks_schema_sector_label ("44-45"), "Retail Trade");
    ck_assert_str_eq (sks_schema_sector_label ("48-49"), "Transportation and Warehousing");
    ck_assert_str_eq (sks_schema_sector_label ("55"), "Management of Companies and Enterprises");
}
END_TEST

START_TEST (leaves_an_unknown_sector_unchanged)
{
    const char *code = "99";
    ck_assert_ptr_eq (sks_schema_sector_label (code), code);
    ck_assert_str_eq (sks_schema_sector_label ("31"), "31");
}
END_TEST

START_TEST (labels_groups_as_the_exports_write_them)
{
    ck_assert_str_eq (sks_schema_group_label ("43"), "Office & Administrative Support");
    ck_assert_str_eq (sks_schema_group_label ("27"), "Arts, Design, Entertainment, Sports & Media");
    ck_assert_str_eq (sks_schema_group_label ("55"), "Military Specific");
    ck_assert_ptr_null (sks_schema_group_label ("12"));
}
END_TEST

START_TEST (knows_all_23_major_groups)
{
    int known = 0;
    for (char code[] = "00"; code[0] <= '9'; code[0]++)
        for (code[1] = '0'; code[1] <= '9'; code[1]++)
            known += sks_schema_group_label (code) != NULL;
    ck_assert_int_eq (known, 23);
}
END_TEST

START_TEST (finds_zones_by_value)
{
    for (int zone = 0; zone <= SKS_ZONES; zone++) {
        ck_assert_int_eq (sks_schema_zone_of (sks_schema_zone_value (zone)), zone);
        ck_assert_ptr_nonnull (sks_schema_zone_label (zone));
    }
    ck_assert_str_eq (sks_schema_zone_value (0), "none");
    ck_assert_str_eq (sks_schema_zone_value (5), "5");
}
END_TEST

START_TEST (finds_sorts_by_name)
{
    for (int sort = SKS_SORT_RELEVANCE; sort <= SKS_SORT_ID; sort++)
        ck_assert_int_eq (sks_schema_sort_of (sks_schema_sort_name (sort)), sort);
    ck_assert_str_eq (sks_schema_want_name (SKS_WANT_MARKED), "marked");
    ck_assert_str_eq (sks_schema_want_name (SKS_WANT_EXPLAIN), "explain");
}
END_TEST

START_TEST (accepts_only_whole_soc_codes)
{
    static const char *const wrong[] = { "",           "43",         "43-9061",     "43-9061.0",   "43-9061.000",
                                         "43.9061-00", "43-9061.0a", " 43-9061.00", "43-9061.00 ", "4a-9061.00" };
    ck_assert (sks_schema_soc_valid ("43-9061.00"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg (!sks_schema_soc_valid (wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST (finds_nothing_beyond_the_tables)
{
    ck_assert_ptr_null (sks_level_name (-1));
    ck_assert_ptr_null (sks_level_name (SKS_LEVELS));
    ck_assert_ptr_null (sks_facet_name (SKS_FACETS));
    ck_assert_ptr_null (sks_schema_field_name (SKS_FIELDS));
    ck_assert_ptr_null (sks_schema_zone_value (SKS_ZONES + 1));
    ck_assert_ptr_null (sks_schema_match_name (4));
    ck_assert_ptr_null (sks_schema_sort_name (4));
    ck_assert_ptr_null (sks_schema_want_name (8));
}
END_TEST

START_TEST (refuses_similar_names)
{
    ck_assert_int_eq (sks_schema_level_of ("Emerging", 8), -1);
    ck_assert_int_eq (sks_schema_level_of ("emerging", 4), -1);
    ck_assert_int_eq (sks_schema_level_of ("", 0), -1);
    ck_assert_int_eq (sks_schema_facet_of ("levels"), -1);
    ck_assert_int_eq (sks_schema_field_of ("", 0), -1);
    ck_assert_int_eq (sks_schema_zone_of ("0"), -1);
    ck_assert_int_eq (sks_schema_zone_of ("6"), -1);
    ck_assert_int_eq (sks_schema_sort_of ("-id"), -1);
}
END_TEST

Suite *
suite_schema (void)
{
    Suite *suite = suite_create ("schema");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, names_every_level_in_order_and_finds_it_again);
    tcase_add_test (core, finds_every_facet_by_its_name);
    tcase_add_test (core, finds_every_field_by_its_name);
    tcase_add_test (core, labels_sectors_that_span_several_codes);
    tcase_add_loop_test (core, finds_a_sector_in_any_spelling, 0, sizeof sector_texts / sizeof *sector_texts);
    tcase_add_test (core, leaves_an_unknown_sector_unchanged);
    tcase_add_test (core, labels_groups_as_the_exports_write_them);
    tcase_add_test (core, knows_all_23_major_groups);
    tcase_add_test (core, finds_zones_by_value);
    tcase_add_test (core, finds_sorts_by_name);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, accepts_only_whole_soc_codes);
    tcase_add_test (limits, finds_nothing_beyond_the_tables);
    tcase_add_test (limits, refuses_similar_names);
    suite_add_tcase (suite, limits);
    return suite;
}
