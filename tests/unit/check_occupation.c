/* check_occupation.c - one occupation as its export describes it, and the codes that name it. */
#include "core/engine/occupation.h"
#include "core/engine/operations.h"
#include "indexer/property.h"
#include "tests/support/engine.h"

#include <check.h>
#include <string.h>

Suite *suite_occupation (void);

#define MAIL "43-9051.00"
#define NURSES "29-1141.03"
#define CHIEFS "11-1011.03"

static engine e;
static sks_arena *arena;

static const sample_occupation whole = {
    MAIL,
    "Mail Clerks",
    "55",
    2,
    .levels = { "Zip codes\nAddress labels\nMail bags", "Route mail", NULL, "Plan routes" },
    .group = "Office Work",
    .exported_at = "2026-02-09T11:16:08.420Z",
    .description = "Rooms full of mail.",
    .version = "v7",
    .framework = "Skills of many trades",
    .attribution = "\xC2\xA9 Somebody",
    .sources = "{\"taxonomy\":\"v30.2 (CC BY 4.0)\",\"crosswalk\":\"https://example.org\"}",
    .inferred = "true",
    .labels = { "Emerging", "Developing", NULL, "Expert" },
};

static void
open_engine (void)
{
    const sample_occupation occupations[] = {
        whole,
        { NURSES, "Acute Care Nurses", .levels = { "Take blood" } },
        { CHIEFS, "Sustainability Officers", .zone = 5, .levels = { "Set goals" }, .inferred = "false" },
        { "11-1011.05", "Chiefs of Something", .levels = { "Set more goals" } },
        { "11-1021.00", "General Managers", .levels = { "Run a shop" } },
        { "11-1021.01", "Managers of Shops", .levels = { "Run two shops" } },
    };
    engine_open_occupations (&e, occupations, COUNT (occupations));
    arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
}

static void
close_engine (void)
{
    sks_arena_destroy (&arena);
    engine_close (&e);
}

static sks_record
record_of (const char *code)
{
    sks_record record;
    sks_error err;
    ck_assert_msg (sks_searcher_occupation (e.searcher, code, false, arena, &record, &err) == 0, "%s: %s", code,
                   err.text);
    return record;
}

/* ---------------------------------------------------------------- members */

START_TEST (a_record_has_the_content_of_the_export)
{
    sks_record r = record_of (MAIL);
    ck_assert_uint_eq (r.generation, 1);
    ck_assert_str_eq (r.soc, MAIL);
    ck_assert_str_eq (r.title, "Mail Clerks");
    ck_assert_str_eq (r.group, "43");
    ck_assert_str_eq (r.group_title, "Office Work");
    ck_assert_str_eq (r.sector, "55");
    ck_assert_str_eq (r.sector_label, "Management of Companies and Enterprises");
    ck_assert_int_eq (r.zone, 2);
    ck_assert_int_eq (r.zone_inferred, 1);
    ck_assert_str_eq (r.description, "Rooms full of mail.");
    ck_assert_str_eq (r.version, "v7");
    ck_assert_str_eq (r.framework, "Skills of many trades");
    ck_assert_str_eq (r.exported_at, "2026-02-09T11:16:08.420Z");
    ck_assert_str_eq (r.attribution, "\xC2\xA9 Somebody");
    ck_assert_uint_eq (r.source_count, 2);
    ck_assert_str_eq (r.sources[0].name, "taxonomy");
    ck_assert_str_eq (r.sources[0].text, "v30.2 (CC BY 4.0)");
    ck_assert_str_eq (r.sources[1].name, "crosswalk");
    ck_assert_str_eq (r.sources[1].text, "https://example.org");
}
END_TEST

START_TEST (a_heading_counts_statements_without_having_them)
{
    sks_record full = record_of (MAIL), heading;
    ck_assert_int_eq (sks_searcher_occupation (e.searcher, MAIL, true, arena, &heading, NULL), 0);
    ck_assert_str_eq (heading.title, full.title);
    for (int level = 0; level < SKS_LEVELS; level++) {
        ck_assert_str_eq (heading.levels[level].label, full.levels[level].label);
        ck_assert_uint_eq (heading.levels[level].count, 0);
        ck_assert_uint_eq (heading.levels[level].total, full.levels[level].count);
        ck_assert_uint_eq (full.levels[level].total, full.levels[level].count);
    }
}
END_TEST

START_TEST (a_record_has_the_statements_of_each_level_by_position)
{
    static const char *const first[] = { "Zip codes", "Address labels", "Mail bags" };
    static const char *const labels[SKS_LEVELS] = { "Emerging", "Developing", "", "Expert" };
    static const size_t counts[SKS_LEVELS] = { 3, 1, 0, 1 };
    sks_record r = record_of (MAIL);
    for (int level = 0; level < SKS_LEVELS; level++) {
        ck_assert_str_eq (r.levels[level].label, labels[level]);
        ck_assert_uint_eq (r.levels[level].count, counts[level]);
        for (size_t i = 0; i < counts[level]; i++) {
            const sks_record_statement *s = &r.levels[level].statements[i];
            const engine_statement *known = &e.statements[engine_number (&e, s->id)];
            ck_assert_uint_eq (s->position, i + 1);
            ck_assert_int_eq (known->level, level);
            ck_assert_str_eq (known->text, s->text);
        }
    }
    for (size_t i = 0; i < COUNT (first); i++)
        ck_assert_str_eq (r.levels[SKS_EMERGING].statements[i].text, first[i]);
    ck_assert_str_eq (r.levels[SKS_ADVANCED].statements[0].text, "Plan routes");
}
END_TEST

START_TEST (a_record_has_no_members_that_the_export_lacks)
{
    sks_record r = record_of (NURSES);
    ck_assert_str_eq (r.group_title, "Healthcare Practitioners & Technical");
    ck_assert_ptr_null (r.sector);
    ck_assert_ptr_null (r.sector_label);
    ck_assert_int_eq (r.zone, 0);
    ck_assert_int_eq (r.zone_inferred, -1);
    ck_assert_uint_eq (r.source_count, 0);
    const char *const texts[] = { r.description, r.version, r.framework, r.exported_at, r.attribution };
    for
        EACH (i, texts)
    ck_assert_str_eq (texts[i], "");
    for (int level = 0; level < SKS_LEVELS; level++)
        ck_assert_str_eq (r.levels[level].label, "");
    ck_assert_int_eq (record_of (CHIEFS).zone_inferred, 0);
}
END_TEST

/* ------------------------------------------------------------------ codes */

static const struct {
    const char *code, *soc;
} codes[] = {
    { MAIL, MAIL },
    { "43-9051", MAIL },
    { "  43-9051.00 ", MAIL },
    { "43\xE2\x80\x93"
      "9051.00",
      MAIL }, /* en dash */
    { "43\xE2\x80\x94"
      "9051",
      MAIL }, /* em dash */
    { "43\xE2\x88\x92"
      "9051",
      MAIL }, /* minus */
    { "43\xEF\xBC\x8D"
      "9051",
      MAIL },                      /* full width */
    { "29-1141", NURSES },         /* the only one */
    { "11-1021", "11-1021.00" },   /* the one in .00 among several */
    { "11-1021.01", "11-1021.01" } /* a whole code is that code */
};

START_TEST (an_occupation_is_named_by_six_or_eight_digits_and_any_dash)
{
    ck_assert_str_eq (record_of (codes[_i].code).soc, codes[_i].soc);
}
END_TEST

static const struct {
    const char *code, *text;
} unknown[] = {
    { "", "no occupation \"\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-", "no occupation \"43-\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-905", "no occupation \"43-905\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-9051.", "no occupation \"43-9051.\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-9051.0", "no occupation \"43-9051.0\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-9051.000", "no occupation \"43-9051.000\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43--9051", "no occupation \"43--9051\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-9051 00", "no occupation \"43-9051 00\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "mail clerks", "no occupation \"mail clerks\"; use a SOC code such as 43-9051 or 43-9051.00" },
    { "43-9052", "there is no occupation 43-9052" },
    { "43-9051.01", "there is no occupation 43-9051.01" },
    { "29-1141.00", "there is no occupation 29-1141.00" },
    { "11-1011", "there is no occupation 11-1011.00; 2 others begin with 11-1011, the first is 11-1011.03" },
};

START_TEST (an_occupation_is_not_found_by_any_other_code)
{
    sks_record record;
    sks_error err;
    ck_assert_int_eq (sks_searcher_occupation (e.searcher, unknown[_i].code, false, arena, &record, &err),
                      SKS_ENOTFOUND);
    ck_assert_str_eq (err.text, unknown[_i].text);
    ck_assert_ptr_null (record.soc);
}
END_TEST

START_TEST (compare_and_crosswalk_accept_the_same_codes)
{
    sks_comparison comparison;
    sks_crosswalk crosswalk;
    sks_error err;
    ck_assert_int_eq (sks_searcher_compare (e.searcher, "43-9051", NULL, NULL, arena, &comparison, &err), 0);
    ck_assert_str_eq (comparison.soc, MAIL);
    ck_assert_int_eq (sks_searcher_crosswalk (e.searcher, "29-1141", "11-1021", -1, NULL, arena, &crosswalk, &err), 0);
    ck_assert_str_eq (crosswalk.left_soc, NURSES);
    ck_assert_str_eq (crosswalk.right_soc, "11-1021.00");
    ck_assert_int_eq (sks_searcher_crosswalk (e.searcher, "29-1141", "x", -1, NULL, arena, &crosswalk, &err),
                      SKS_ENOTFOUND);
}
END_TEST

/* ------------------------------------------------------------------ stored */

START_TEST (common_members_of_editions_are_stored_once)
{
    sks_store *store = sample_store (e.folder);
    size_t found = 0;
    ck_assert_uint_eq (store->occupations, 6);
    ck_assert_uint_eq (store->editions, 2);
    ck_assert_uint_eq (store->citations, 2);
    for (size_t at = 0; at + 4 < store->strings_size; at++)
        found += memcmp (store->strings + at, "Expert", 6) == 0;
    ck_assert_uint_eq (found, 1);
    sks_store_close (&store);
}
END_TEST

/* Compare everything that two stores have about their occupations. */
static void
assert_same_properties (const sks_store *a, const sks_store *b)
{
    ck_assert_uint_eq (a->occupations, b->occupations);
    ck_assert_uint_eq (a->editions, b->editions);
    ck_assert_uint_eq (a->citations, b->citations);
    for (uint32_t i = 0; i < a->occupations; i++) {
        ck_assert_uint_eq (a->occupation[i].edition, b->occupation[i].edition);
        for (int property = 0; property < SKS_PROPERTIES; property++) {
            sks_buffer one = SKS_BUFFER_INIT (1 << 16), other = SKS_BUFFER_INIT (1 << 16);
            sks_property_put (a, i, property, "\n", &one);
            sks_property_put (b, i, property, "\n", &other);
            ck_assert_str_eq (sks_buffer_text (&one), sks_buffer_text (&other));
            sks_buffer_free (&one);
            sks_buffer_free (&other);
        }
    }
}

START_TEST (carried_and_newly_read_occupations_are_stored_alike)
{
    char *source = sample_folder (), *grown = sample_folder (), *fresh = sample_folder ();
    sample_occupation occupation = whole;
    char name[] = "a.json";
    for (int i = 0; i < 8; i++, name[0]++) {
        const char *const socs[] = { "11-1011.00", "13-1011.00", "15-1211.00", "17-1011.00",
                                     "19-1011.00", "21-1011.00", "23-1011.00", "25-1011.00" };
        occupation.soc = socs[i];
        occupation.version = i % 2 ? "v7" : "v8";
        sample_put (source, name, &occupation);
    }
    sample_index (grown, source);
    sks_store *before = sample_store (grown);
    ck_assert_uint_eq (before->editions, 2);
    sample_put (source, "0.json", &(sample_occupation) { "11-1011.03", "Officers", .levels = { "Set goals" } });
    sample_index (grown, source);
    sample_index (fresh, source);
    sks_store *taken = sample_store (grown), *read = sample_store (fresh);
    ck_assert_uint_eq (taken->generation, 2);
    ck_assert_uint_eq (read->generation, 1);
    ck_assert_uint_eq (taken->editions, 3);
    assert_same_properties (taken, read);
    /* The strings are in another order, but each is there once. */
    ck_assert_uint_eq (taken->strings_size, read->strings_size);
    sks_store_close (&before);
    sks_store_close (&taken);
    sks_store_close (&read);
    sample_remove (source);
    sample_remove (grown);
    sample_remove (fresh);
}
END_TEST

Suite *
suite_occupation (void)
{
    Suite *suite = suite_create ("occupation");
    TCase *members = tcase_create ("Members"), *named = tcase_create ("Codes"), *stored = tcase_create ("Stored");
    tcase_add_test (members, a_record_has_the_content_of_the_export);
    tcase_add_test (members, a_heading_counts_statements_without_having_them);
    tcase_add_test (members, a_record_has_the_statements_of_each_level_by_position);
    tcase_add_test (members, a_record_has_no_members_that_the_export_lacks);
    tcase_add_loop_test (named, an_occupation_is_named_by_six_or_eight_digits_and_any_dash, 0, (int) COUNT (codes));
    tcase_add_loop_test (named, an_occupation_is_not_found_by_any_other_code, 0, (int) COUNT (unknown));
    tcase_add_test (named, compare_and_crosswalk_accept_the_same_codes);
    tcase_add_test (stored, common_members_of_editions_are_stored_once);
    tcase_add_test (stored, carried_and_newly_read_occupations_are_stored_alike);
    TCase *const cases[] = { members, named, stored };
    for
        EACH (i, cases)
        {
            tcase_add_unchecked_fixture (cases[i], open_engine, close_engine);
            suite_add_tcase (suite, cases[i]);
        }
    return suite;
}
