/* check_diff.c - what changed between two generations, and how alike two
 * statements are. */
#include "indexer/diff_print.h"
#include "indexer/overlap.h"
#include "indexer/partners.h"
#include "indexer/wrap.h"
#include "tests/support/sample.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_diff (void);

static char *source, *first_index, *second_index;
static sks_store *before, *after;
static sks_diff *diff;
static sks_buffer out;

static void
set_up (void)
{
    source = sample_folder ();
    first_index = sample_folder ();
    second_index = sample_folder ();
    before = after = NULL;
    diff = NULL;
    out = (sks_buffer) SKS_BUFFER_INIT (1 << 24);
}

static void
tear_down (void)
{
    sks_diff_destroy (&diff);
    sks_store_close (&before);
    sks_store_close (&after);
    sks_buffer_free (&out);
    sample_remove (source);
    sample_remove (first_index);
    sample_remove (second_index);
}

/* Index one occupation with these statements at emerging and advanced. */
static sks_store *
index_of (const char *index, const char *soc, const char *emerging, const char *advanced)
{
    sample_put (source, "one.json",
                &(sample_occupation) { .soc = soc,
                                       .title = "Clerks",
                                       .levels = { [SKS_EMERGING] = emerging, [SKS_ADVANCED] = advanced } });
    sample_index (index, source);
    return sample_store (index);
}

static void
compare (void)
{
    ck_assert_int_eq (sks_diff_make (&diff, before, after, NULL), 0);
}

/* Compare two versions of one occupation. */
static void
compare_versions (const char *emerging, const char *advanced, const char *new_emerging, const char *new_advanced)
{
    before = index_of (first_index, "43-9051.00", emerging, advanced);
    after = index_of (second_index, "43-9051.00", new_emerging, new_advanced);
    compare ();
}

static void
expect (size_t added, size_t removed, size_t reworded, size_t moved)
{
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_ADDED], added);
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_REMOVED], removed);
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_REWORDED], reworded);
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_MOVED], moved);
    ck_assert_uint_eq (diff->count, added + removed + reworded + moved);
}

static void
expect_text (const sks_store *store, uint32_t statement, const char *text)
{
    sks_buffer_clear (&out);
    sks_store_text (store, statement, &out);
    ck_assert_str_eq (sks_buffer_text (&out), text);
}

START_TEST (finds_no_difference_between_equal_generations)
{
    before = index_of (first_index, "43-9051.00", "Sort mail\nWeigh parcels", "Lead a team");
    after = index_of (second_index, "43-9051.00", "Sort mail\nWeigh parcels", "Lead a team");
    compare ();
    expect (0, 0, 0, 0);
}
END_TEST

START_TEST (lists_added_and_removed_statements)
{
    compare_versions ("Sort mail\nWeigh parcels", "Lead a team", "Sort mail\nBind old books", "Lead a team");
    expect (1, 1, 0, 0);
    ck_assert_uint_eq (diff->changes[0].before, SKS_NONE);
    expect_text (after, diff->changes[0].after, "Bind old books");
    expect_text (before, diff->changes[1].before, "Weigh parcels");
}
END_TEST

START_TEST (a_text_at_another_level_is_moved)
{
    compare_versions ("Sort mail by zone\nWeigh parcels", "Lead a team", "Weigh parcels",
                      "Lead a team\nSort mail by zone");
    expect (0, 0, 0, 1);
    expect_text (before, diff->changes[0].before, "Sort mail by zone");
    expect_text (after, diff->changes[0].after, "Sort mail by zone");
}
END_TEST

START_TEST (a_text_that_stays_is_unchanged_even_if_it_is_also_added_elsewhere)
{
    compare_versions ("Sort mail by zone", "Lead a team", "Sort mail by zone", "Lead a team\nSort mail by zone");
    expect (1, 0, 0, 0);
}
END_TEST

START_TEST (pairs_the_most_alike_first)
{
    /* The first old statement is similar to both new ones, the second is more similar. */
    compare_versions ("Sort all mail by street and zone\nSort all mail by street and number", "Lead a team",
                      "Sort all mail by street and the number\nFile all mail by street and day", "Lead a team");
    expect (0, 0, 2, 0);
    expect_text (before, diff->changes[0].before, "Sort all mail by street and number");
    expect_text (after, diff->changes[0].after, "Sort all mail by street and the number");
    expect_text (before, diff->changes[1].before, "Sort all mail by street and zone");
    ck_assert_uint_eq (diff->changes[0].likeness, 93);
    ck_assert_uint_eq (diff->changes[1].likeness, 71);
}
END_TEST

START_TEST (pairs_each_statement_once)
{
    compare_versions ("Sort mail by zone", "Lead a team", "Sort mail by street\nSort mail by number", "Lead a team");
    expect (1, 0, 1, 0);
}
END_TEST

START_TEST (does_not_reword_across_levels)
{
    compare_versions ("Sort mail by zone\nWeigh parcels", "Lead a team", "Weigh parcels",
                      "Lead a team\nSort mail by street");
    expect (1, 1, 0, 0);
}
END_TEST

START_TEST (half_of_the_words_in_common_make_a_rewording)
{
    compare_versions ("Sort mail by zone\nWeigh large heavy parcels", "Lead a team",
                      "Sort mail at night\nWeigh gold and silver", "Lead a team");
    expect (1, 1, 1, 0);
    ck_assert_uint_eq (diff->changes[2].likeness, SKS_OVERLAP_REWORDED);
}
END_TEST

START_TEST (compares_words_that_only_one_generation_has)
{
    compare_versions ("Sort zeppelins quickly today", "Lead a team", "Sort aeroplanes quickly today", "Lead a team");
    expect (0, 0, 1, 0);
    ck_assert_uint_eq (diff->changes[0].likeness, 75);
}
END_TEST

START_TEST (lists_added_and_removed_occupations)
{
    before = index_of (first_index, "43-9051.00", "Sort mail\nWeigh parcels", NULL);
    after = index_of (second_index, "11-1011.00", "Sort mail\nWeigh parcels\nLead a team", NULL);
    compare ();
    expect (3, 2, 0, 0);
    ck_assert_int_eq (diff->changes[0].kind, SKS_CHANGE_ADDED);
    ck_assert_int_eq (diff->changes[4].kind, SKS_CHANGE_REMOVED);
}
END_TEST

START_TEST (prints_text_with_a_line_of_counts)
{
    compare_versions ("Sort mail by zone\nWeigh parcels", NULL, "Sort mail by street", "Weigh parcels");
    sks_diff_print_text (diff, &out);
    ck_assert_str_eq (sks_buffer_text (&out),
                      "generation 1 to 1: 0 added, 0 removed, 1 reworded, 1 moved, 0 edited\n\n"
                      "43-9051.00 Clerks\n"
                      "  ~ emerging: Sort mail by zone\n    new wording (75% similar): Sort mail by street\n"
                      "  > emerging to advanced: Weigh parcels\n");
}
END_TEST

START_TEST (prints_one_line_of_six_columns_per_change)
{
    compare_versions ("Weigh parcels", NULL, "Bind old books", NULL);
    sks_diff_print_tsv (diff, &out);
    char *lines = strdup (sks_buffer_text (&out));
    char *second = strchr (lines, '\n') + 1;
    ck_assert_int_eq (strncmp (lines, "added\t\t43-9051.00/emerging/", 27), 0);
    ck_assert_int_eq (strncmp (second, "removed\t43-9051.00/emerging/", 28), 0);
    ck_assert_ptr_nonnull (strstr (lines, "\t\t\tBind old books\n"));
    ck_assert_ptr_nonnull (strstr (second, "\t\t\tWeigh parcels\t\n"));
    free (lines);
}
END_TEST

START_TEST (prints_json_with_both_sides)
{
    compare_versions ("Sort mail by zone", NULL, "Sort \"mail\" by street", NULL);
    sks_diff_print_json (diff, &out);
    const char *json = sks_buffer_text (&out);
    ck_assert_ptr_nonnull (strstr (json, "\"added\":0,\"removed\":0,\"reworded\":1,\"moved\":0,\"edited\":0"));
    ck_assert_ptr_nonnull (strstr (json, "\"text\":\"Sort mail by zone\"}"));
    ck_assert_ptr_nonnull (strstr (json, "\"text\":\"Sort \\\"mail\\\" by street\"},\"likeness\":75}"));
}
END_TEST

/* ----------------------------------------------------------- edited members */

static const sample_occupation plain = { "43-9051.00", "Clerks", .levels = { "Sort mail" } };

static sks_store *
index_export (const char *index, const sample_occupation *occupation)
{
    sample_put (source, "one.json", occupation);
    sample_index (index, source);
    return sample_store (index);
}

#define WITH(...)                                                                                                      \
    {                                                                                                                  \
        "43-9051.00", "Clerks", .levels = { "Sort mail" }, __VA_ARGS__                                                 \
    }

static const struct {
    sample_occupation with;
    const char *member, *text;
} edits[] = {
    { { "43-9051.00", "Mail Clerks", .levels = { "Sort mail" } }, "occupation.title", "Mail Clerks" },
    { WITH (.group = "Office"), "occupation.group", "Office" },
    { WITH (.sector = "55"), "occupation.sector", "55" },
    { WITH (.zone = 2), "occupation.jobZone", "2" },
    { WITH (.inferred = "true"), "occupation.jobZoneInferred", "true" },
    { WITH (.description = "Rooms"), "framework.contextCovered", "Rooms" },
    { WITH (.version = "v7"), "framework.version", "v7" },
    { WITH (.framework = "Trades"), "framework.description", "Trades" },
    { WITH (.exported_at = "2026-01-01"), "exportedAt", "2026-01-01" },
    { WITH (.sources = "{\"a\":\"b\",\"c\":\"d\"}"), "sources", "a: b; c: d" },
    { WITH (.attribution = "Us"), "attribution", "Us" },
    { WITH (.labels = { "Start" }), "framework.levels.emerging.label", "Start" },
};

START_TEST (lists_a_member_that_changed)
{
    const char *was = strcmp (edits[_i].member, "occupation.title") == 0        ? "Clerks"
                      : strcmp (edits[_i].member, "occupation.group") == 0      ? "Office & Administrative Support"
                      : strncmp (edits[_i].member, "framework.levels", 16) == 0 ? "Emerging"
                                                                                : "";
    char wanted[512];
    before = index_export (first_index, &plain);
    after = index_export (second_index, &edits[_i].with);
    compare ();
    ck_assert_uint_eq (diff->count, 1);
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_EDITED], 1);
    sks_diff_print_tsv (diff, &out);
    snprintf (wanted, sizeof wanted, "edited\t43-9051.00/%s\t43-9051.00/%s\t\t%s\t%s\n", edits[_i].member,
              edits[_i].member, was, edits[_i].text);
    ck_assert_str_eq (sks_buffer_text (&out), wanted);
    sks_buffer_clear (&out);
    sks_diff_print_text (diff, &out);
    snprintf (wanted, sizeof wanted,
              "generation 1 to 1: 0 added, 0 removed, 0 reworded, 0 moved, 1 edited\n\n43-9051.00 %s\n"
              "  = %s: %s\n    new: %s\n",
              edits[_i].with.title, edits[_i].member, was, edits[_i].text);
    ck_assert_str_eq (sks_buffer_text (&out), wanted);
    sks_buffer_clear (&out);
    sks_diff_print_json (diff, &out);
    snprintf (wanted, sizeof wanted,
              "{\"change\":\"edited\",\"soc\":\"43-9051.00\",\"occupation\":\"%s\",\"member\":\"%s\","
              "\"before\":{\"text\":\"%s\"},\"after\":{\"text\":\"%s\"}}",
              edits[_i].with.title, edits[_i].member, was, edits[_i].text);
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&out), wanted));
}
END_TEST

START_TEST (a_missing_label_is_the_standard_one)
{
    const sample_occupation labelled = WITH (.labels = { "Emerging" });
    before = index_export (first_index, &plain);
    after = index_export (second_index, &labelled);
    compare ();
    ck_assert_uint_eq (diff->count, 0);
}
END_TEST

START_TEST (distinguishes_sources_whose_texts_are_equal)
{
    const sample_occupation one = WITH (.sources = "{\"a\":\"b; c: d\"}"),
                            two = WITH (.sources = "{\"a\":\"b\",\"c\":\"d\"}");
    before = index_export (first_index, &one);
    after = index_export (second_index, &two);
    compare ();
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_EDITED], 1);
}
END_TEST

START_TEST (escapes_control_characters)
{
    compare_versions ("Weigh parcels", NULL, "Bind\x1b[2J old\xE2\x80\xAE bo\xC2\x9Boks", NULL);
    sks_diff_print_text (diff, &out);
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&out), "Bind\\x1b[2J old\\u202e bo\\u009boks\n"));
    sks_buffer_clear (&out);
    sks_diff_print_tsv (diff, &out);
    ck_assert_ptr_null (strchr (sks_buffer_text (&out), 0x1B));
}
END_TEST

START_TEST (pairs_thousands_of_similar_statements)
{
    sks_buffer old = SKS_BUFFER_INIT (1 << 20), new = SKS_BUFFER_INIT (1 << 20);
    for (int i = 0; i < 500; i++) {
        sks_buffer_printf (&old, "%sSort all the mail of street %d", i ? "\n" : "", i);
        sks_buffer_printf (&new, "%sSort all the post of street %d", i ? "\n" : "", i);
    }
    compare_versions (sks_buffer_text (&old), NULL, sks_buffer_text (&new), NULL);
    expect (0, 0, 500, 0);
    for (size_t i = 0; i < diff->count; i++)
        ck_assert_uint_eq (diff->changes[i].likeness, 85);
    sks_buffer_free (&old);
    sks_buffer_free (&new);
}
END_TEST

START_TEST (the_number_of_comparisons_is_bounded)
{
    sks_buffer old = SKS_BUFFER_INIT (1 << 22), new = SKS_BUFFER_INIT (1 << 22);
    for (int i = 0; i < 4000; i++) {
        sks_buffer_printf (&old, "%sSort all the mail of old%d", i ? "\n" : "", i);
        sks_buffer_printf (&new, "%sSort all the mail of new%d", i ? "\n" : "", i);
    }
    compare_versions (sks_buffer_text (&old), NULL, sks_buffer_text (&new), NULL);
    ck_assert_uint_le (diff->comparisons, 4000 * SKS_PARTNER_CANDIDATES);
    /* No statement is listed twice, and most find a partner although all are equally similar. */
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_ADDED], diff->counts[SKS_CHANGE_REMOVED]);
    ck_assert_uint_eq (diff->counts[SKS_CHANGE_REWORDED] + diff->counts[SKS_CHANGE_REMOVED], 4000);
    ck_assert_uint_ge (diff->counts[SKS_CHANGE_REWORDED], 3600);
    sks_buffer_free (&old);
    sks_buffer_free (&new);
}
END_TEST

/* Only statements that share the rare word are compared. */
START_TEST (compares_only_statements_that_share_a_word)
{
    compare_versions ("Alpha beta\nGamma delta\nEpsilon zeta", NULL, "Alpha two\nGamma four\nIota kappa", NULL);
    expect (1, 1, 2, 0);
    ck_assert_uint_eq (diff->comparisons, 2);
}
END_TEST

START_TEST (pairs_statements_without_a_word)
{
    compare_versions ("...\nWeigh parcels", NULL, "!!!\nWeigh parcels", NULL);
    expect (0, 0, 1, 0);
    ck_assert_uint_eq (diff->changes[0].likeness, 100);
}
END_TEST

/* The result equals that of comparing all with all, as long as no statement has too many candidates. */
START_TEST (finds_the_same_pairs_as_comparing_all)
{
    enum { COUNT = 120, WORDS = 6 };
    static uint32_t words[2][COUNT][WORDS];
    static sks_word_set sets[2][COUNT];
    unsigned seed = 7;
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < COUNT; i++) {
            for (int k = 0; k < WORDS; k++) {
                seed = seed * 1103515245 + 12345;
                words[side][i][k] = (seed >> 16) % 40;
            }
            sets[side][i] = (sks_word_set) { words[side][i], sks_overlap_prepare (words[side][i], WORDS) };
        }
    sks_partner_pair *pairs;
    size_t count, comparisons = 0, alike = 0;
    ck_assert_int_eq (sks_partners_find (&pairs, &count, sets[0], COUNT, sets[1], COUNT, 50, &comparisons, NULL), 0);
    for (int i = 0; i < COUNT; i++) {
        size_t own = 0;
        for (int k = 0; k < COUNT; k++)
            own += sks_overlap (sets[0][i].words, sets[0][i].count, sets[1][k].words, sets[1][k].count) >= 50;
        alike += own < SKS_PARTNERS_KEPT ? own : SKS_PARTNERS_KEPT;
    }
    ck_assert_uint_eq (count, alike);
    ck_assert_uint_gt (count, COUNT / 2);
    for (size_t p = 1; p < count; p++)
        ck_assert_uint_ge (pairs[p - 1].likeness, pairs[p].likeness);
    free (pairs);
}
END_TEST

/* ----------------------------------------------------------------- likeness */

START_TEST (counts_each_word_once)
{
    uint32_t words[] = { 7, 3, 7, 3, 9, 7 };
    ck_assert_uint_eq (sks_overlap_prepare (words, 6), 3);
    ck_assert_uint_eq (words[0], 3);
    ck_assert_uint_eq (words[2], 9);
}
END_TEST

START_TEST (likeness_is_twice_the_shared_words_divided_by_all)
{
    const uint32_t left[] = { 1, 2, 3, 4 }, right[] = { 2, 3, 4, 5, 6 };
    ck_assert_uint_eq (sks_overlap (left, 4, right, 5), 66);
    ck_assert_uint_eq (sks_overlap (right, 5, left, 4), 66);
    ck_assert_uint_eq (sks_overlap (left, 4, left, 4), 100);
    ck_assert_uint_eq (sks_overlap (left, 1, right, 5), 0);
    ck_assert_uint_eq (sks_overlap (left, 0, right, 0), 100);
}
END_TEST

/* The marks of every pair that is similar enough allow it. */
START_TEST (marks_never_exclude_a_similar_pair)
{
    uint32_t left[200], right[200];
    for (uint32_t size = 1; size < 100; size++)
        for (uint32_t other = 0; other <= size; other++) {
            for (uint32_t i = 0; i < size; i++) {
                left[i] = i * 977 + size;
                right[i] = i < other ? 1000000 + i * 31 : left[i];
            }
            size_t lefts = sks_overlap_prepare (left, size), rights = sks_overlap_prepare (right, size);
            bool alike = sks_overlap (left, lefts, right, rights) >= SKS_OVERLAP_NEAR_DUPLICATE;
            bool possible = sks_overlap_possible (sks_overlap_mark (left, lefts), sks_overlap_mark (right, rights),
                                                  sks_overlap_slack (lefts + rights, SKS_OVERLAP_NEAR_DUPLICATE));
            ck_assert (possible || !alike);
        }
}
END_TEST

START_TEST (lines_are_broken_at_blanks)
{
    static const struct {
        const char *text, *wrapped;
        unsigned columns;
    } cases[] = {
        { "a b\n", "a b\n", 3 },
        { "  ~ emerging: one two three\nnext\n", "  ~ emerging: one two\n      three\nnext\n", 22 },
        { "  ~ emerging: one two three\n", "  ~ emerging: one two three\n", 0 },
        { "one two three four five six seven", "one two three\n      four five\n      six seven", 16 },
        { "caf\xC3\xA9 caf\xC3\xA9 caf\xC3\xA9", "caf\xC3\xA9 caf\xC3\xA9\n      caf\xC3\xA9", 10 },
        { "one two three four", "one two three\n      four", 13 },
        { "abcdefghijkl mnop", "abcdefghijkl\n      mnop", 10 },
        { "\n\na", "\n\na", 10 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_buffer wrapped = SKS_BUFFER_INIT (1024);
        sks_wrap_put (&wrapped, cases[i].text, cases[i].columns);
        ck_assert_str_eq (sks_buffer_text (&wrapped), cases[i].wrapped);
        sks_buffer_free (&wrapped);
    }
}
END_TEST

Suite *
suite_diff (void)
{
    Suite *suite = suite_create ("diff");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, set_up, tear_down);
    tcase_add_test (core, lines_are_broken_at_blanks);
    tcase_add_test (core, finds_no_difference_between_equal_generations);
    tcase_add_test (core, lists_added_and_removed_statements);
    tcase_add_test (core, a_text_at_another_level_is_moved);
    tcase_add_test (core, a_text_that_stays_is_unchanged_even_if_it_is_also_added_elsewhere);
    tcase_add_test (core, pairs_the_most_alike_first);
    tcase_add_test (core, pairs_each_statement_once);
    tcase_add_test (core, does_not_reword_across_levels);
    tcase_add_test (core, half_of_the_words_in_common_make_a_rewording);
    tcase_add_test (core, compares_words_that_only_one_generation_has);
    tcase_add_test (core, lists_added_and_removed_occupations);
    tcase_add_test (core, prints_text_with_a_line_of_counts);
    tcase_add_test (core, prints_one_line_of_six_columns_per_change);
    tcase_add_test (core, prints_json_with_both_sides);
    tcase_add_loop_test (core, lists_a_member_that_changed, 0, (int) (sizeof edits / sizeof *edits));
    tcase_add_test (core, a_missing_label_is_the_standard_one);
    tcase_add_test (core, distinguishes_sources_whose_texts_are_equal);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (limits, set_up, tear_down);
    tcase_add_test (limits, escapes_control_characters);
    tcase_add_test (limits, pairs_thousands_of_similar_statements);
    tcase_add_test (limits, the_number_of_comparisons_is_bounded);
    tcase_add_test (limits, compares_only_statements_that_share_a_word);
    tcase_add_test (limits, pairs_statements_without_a_word);
    tcase_add_test (limits, finds_the_same_pairs_as_comparing_all);
    tcase_add_test (limits, counts_each_word_once);
    tcase_add_test (limits, likeness_is_twice_the_shared_words_divided_by_all);
    tcase_add_test (limits, marks_never_exclude_a_similar_pair);
    suite_add_tcase (suite, limits);
    return suite;
}
