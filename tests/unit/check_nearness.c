/* check_nearness.c - near words affect the order of hits, and find statements without any word of the query. */
#include "core/base/result.h"
#include "core/engine/thesaurus.h"
#include "suites.h"
#include "tests/support/engine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const sample_occupation occupations[] = {
    { .soc = "39-9011.00",
      .title = "Childcare Workers",
      .levels = { "Watch kids in the yard.\nWatch pumps in the yard.\nWatch trucks in the yard.\nObserve meters.",
                  "Distribute tools.\nSort mail.\nKeep an eye on pumps.", "Watch children in the yard." } },
    { .soc = "53-7051.00",
      .title = "Truck Operators",
      .levels = { "Grease the truck.\nIssue protective clothing.\nDrive a truck.\nSupervise minors at play.",
                  "Check brakes.\nLoad the crate.\nMaintain engines.\nMonitor gauges." } },
};

static const char table[] =
    "kids\tchildren\t.9\tours\nkids\tminors\t.9\tours\nhand out\tissue\t.9\tours\nhand outs\tissue\t.9\tours\n"
    "hand out\tdistribute\t.7\tours\nobserve\tkeep an eye on\t.8\tours\tboth\n";

static engine sample, corpus;

static void
relate (engine *e)
{
    sks_near_words *words;
    sks_error err;
    ck_assert_int_eq (sks_thesaurus_parse (&words, "t.tsv", table, sizeof table - 1, &err), 0);
    ck_assert_int_eq (sks_generation_relate (e->generation, &words, &err), 0);
}

static void
setup (void)
{
    engine_open_occupations (&sample, occupations, COUNT (occupations));
    relate (&sample);
    engine_open (&corpus, sample_corpus ());
    relate (&corpus);
}

static void
teardown (void)
{
    engine_close (&sample);
    engine_close (&corpus);
}

static sks_result *
ask (engine *e, const char *text, int match, int plain)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    query.plain = plain;
    query.limit = 100;
    query.want = SKS_WANT_EXPLAIN;
    query.facets[0].facet = SKS_FACET_LEVEL;
    query.facets[0].limit = 10;
    query.facet_count = 1;
    return engine_search (e, &query);
}

static size_t
place_of (const sks_result *result, const char *text)
{
    size_t i = 0;
    while (i < result->hit_count && strcmp (result->hits[i].text, text) != 0)
        i++;
    return i;
}

static double
sum_of (const sks_hit *hit, const char *part)
{
    double sum = 0;
    for (size_t i = 0; i < hit->share_count; i++)
        if (!part || strcmp (hit->shares[i].part, part) == 0)
            sum += hit->shares[i].score;
    return sum;
}

START_TEST (near_words_rank_after_the_word_and_before_the_rest)
{
    sks_result *near = ask (&sample, "watch kids", SKS_MATCH_ANY, 0),
               *plain = ask (&sample, "watch kids", SKS_MATCH_ANY, 1);
    ck_assert_uint_eq (place_of (near, "Watch kids in the yard."), 0);
    ck_assert_uint_eq (place_of (near, "Watch children in the yard."), 1);
    ck_assert_double_gt (near->hits[1].score, near->hits[2].score);
    ck_assert_double_eq (sum_of (&plain->hits[place_of (plain, near->hits[1].text)], "near"), 0);
    ck_assert_uint_eq (near->total, plain->total);
    ck_assert_uint_eq (near->near_count, 1);
    ck_assert_str_eq (near->near[0].term, "kids");
    ck_assert_str_eq (near->near[0].word, "children");
    ck_assert_str_eq (near->near[0].source, "ours");
    ck_assert_uint_eq (plain->near_count, 0);
    sks_result_destroy (&near);
    sks_result_destroy (&plain);
}
END_TEST

START_TEST (explain_shows_a_near_word_with_its_share)
{
    static const int matches[] = { SKS_MATCH_AUTO, SKS_MATCH_ANY, SKS_MATCH_MEANING };
    for
        EACH (i, matches)
        {
            sks_result *result = ask (&sample, "watch kids", matches[i], 0);
            const sks_hit *hit = &result->hits[place_of (result, "Watch children in the yard.")];
            ck_assert_double_gt (sum_of (hit, "near"), 0);
            ck_assert_double_le (sum_of (hit, "near"), sum_of (&result->hits[0], "stem"));
            for (size_t k = 0; k < result->hit_count; k++)
                ck_assert_double_eq_tol (sum_of (&result->hits[k], NULL), result->hits[k].score, 1e-4);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (match_meaning_finds_statements_without_the_words)
{
    sks_result *result = ask (&sample, "hand out", SKS_MATCH_MEANING, 0);
    size_t issue = place_of (result, "Issue protective clothing.");
    ck_assert_uint_lt (issue, place_of (result, "Distribute tools."));
    ck_assert_uint_lt (place_of (result, "Distribute tools."), result->hit_count);
    ck_assert_str_eq (result->hits[issue].by, SKS_BY_MEANING);
    ck_assert_uint_eq (result->hits[issue].span_count, 1);
    ck_assert_uint_eq (result->hits[issue].spans[0].start, 0);
    ck_assert_uint_eq (result->hits[issue].spans[0].end, 5);
    ck_assert_uint_eq (result->total, 2);
    ck_assert_uint_eq (result->matched_all, 0);
    uint64_t counted = 0;
    for (size_t i = 0; i < result->facets[0].count; i++)
        counted += result->facets[0].values[i].count;
    ck_assert_uint_eq (counted, result->total);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (finds_several_words_side_by_side_alone)
{
    sks_result *result = ask (&sample, "observe", SKS_MATCH_AUTO, 0);
    size_t at = place_of (result, "Keep an eye on pumps.");
    ck_assert_uint_eq (result->total, 2);
    ck_assert_uint_eq (place_of (result, "Observe meters."), 0);
    ck_assert_uint_eq (at, 1);
    ck_assert_uint_eq (result->hits[1].spans[0].end, 11);
    ck_assert_ptr_null (result->hits[0].by);
    sks_result_destroy (&result);
    result = ask (&sample, "keep an eye on", SKS_MATCH_MEANING, 0);
    ck_assert_uint_lt (place_of (result, "Observe meters."), result->hit_count);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (exact_words_and_phrases_use_no_near_words)
{
    static const char *const texts[] = {
        "\"kids\"", "=kids", "kid*", "title:kids", "watch NOT kids", "kids OR brakes"
    };
    for
        EACH (i, texts)
        {
            sks_result *near = ask (&sample, texts[i], SKS_MATCH_AUTO, 0),
                       *plain = ask (&sample, texts[i], SKS_MATCH_AUTO, 1);
            ck_assert_uint_eq (near->total, plain->total);
            for (size_t k = 0; k < near->hit_count; k++)
                ck_assert_ptr_null (near->hits[k].by);
            sks_result_destroy (&near);
            sks_result_destroy (&plain);
        }
}
END_TEST

START_TEST (keeps_one_order_over_all_pages)
{
    static const int matches[] = { SKS_MATCH_AUTO, SKS_MATCH_ANY, SKS_MATCH_MEANING };
    for
        EACH (i, matches)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = "observe and hand out tools";
            query.match = matches[i];
            query.limit = 100;
            sks_result *whole = engine_search (&corpus, &query);
            query.limit = 7;
            for (; query.offset < whole->hit_count; query.offset += 7) {
                sks_result *page = engine_search (&corpus, &query);
                for (size_t k = 0; k < page->hit_count && query.offset + k < 100; k++)
                    ck_assert_str_eq (page->hits[k].id, whole->hits[query.offset + k].id);
                sks_result_destroy (&page);
            }
            sks_result_destroy (&whole);
        }
}
END_TEST

static size_t
words_held (const sks_hit *hit)
{
    size_t count = 0;
    for (size_t i = 0; i < hit->share_count; i++)
        count += strcmp (hit->shares[i].part, "stem") == 0;
    return count;
}

START_TEST (feedback_alone_does_not_outrank_more_matching_words)
{
    static const char *const texts[] = { "safeguard confidential records", "check safety equipment daily",
                                         "train new staff", "plan the lesson with parents" };
    size_t pairs = 0;
    for
        EACH (i, texts)
        {
            sks_result *result = ask (&corpus, texts[i], SKS_MATCH_ANY, 0);
            for (size_t above = 0; above < result->hit_count; above++)
                for (size_t below = above + 1; below < result->hit_count; below++) {
                    const sks_hit *a = &result->hits[above], *b = &result->hits[below];
                    if (words_held (b) < 2 * words_held (a))
                        continue;
                    pairs++;
                    ck_assert_double_ge (a->score - sum_of (a, "feedback") + 1e-4, b->score - sum_of (b, "feedback"));
                }
            sks_result_destroy (&result);
        }
    ck_assert_uint_gt (pairs, 0);
}
END_TEST

/* Common words and a near word of each in the project's table. */
static const char *const everyday[][2] = {
    { "kids", "child" },          { "boss", "supervisor" },         { "illness", "disease" },
    { "customers", "client" },    { "animals", "livestock" },       { "packages", "parcel" },
    { "cars", "vehicle" },        { "mistakes", "error" },          { "paperwork", "record" },
    { "buildings", "structure" }, { "pollution", "contamination" },
};

/* Statements with the near words, and with misspelled words of one letter more. */
START_TEST (words_read_as_near_words_are_not_corrected)
{
    static char text[2 * COUNT (everyday) * 64];
    const char *const path = "core/engine/near_words.tsv";
    const sample_occupation own = { .soc = "39-9011.00", .title = "Workers", .levels = { text } };
    sks_near_words *words;
    sks_error err;
    engine e;
    for (size_t i = 0; i < COUNT (everyday); i++)
        sprintf (text + strlen (text), "%sWatch the %s.\nWatch the %sq.", i ? "\n" : "", everyday[i][1],
                 everyday[i][0]);
    strcat (text, "\nReassure guests. Walk down.\nWatch the calmq guests.");
    engine_open_occupations (&e, &own, 1);
    ck_assert_int_eq (sks_thesaurus_read (&words, &path, 1, &err), 0);
    ck_assert_int_eq (sks_generation_relate (e.generation, &words, &err), 0);
    for (size_t i = 0; i < COUNT (everyday); i++) {
        char query[64], respelled[64];
        bool named = false;
        snprintf (query, sizeof query, "watch %s", everyday[i][0]);
        snprintf (respelled, sizeof respelled, "watch %sq", everyday[i][0]);
        sks_result *result = ask (&e, query, SKS_MATCH_AUTO, 0);
        ck_assert_msg (!result->suggestion.word, "%s: %s", query, result->suggestion.replacement);
        ck_assert_str_eq (result->unknown[0], everyday[i][0]);
        for (size_t k = 0; k < result->near_count; k++)
            named |= strcmp (result->near[k].term, everyday[i][0]) == 0 &&
                     strncmp (result->near[k].word, everyday[i][1], 4) == 0;
        ck_assert_msg (named, "%s", query);
        sks_result_destroy (&result);
        result = ask (&e, query, SKS_MATCH_AUTO, 1);
        ck_assert_str_eq (result->suggestion.query, respelled);
        sks_result_destroy (&result);
    }
    /* An entry of two words, of which only one occurs nowhere. */
    sks_result *result = ask (&e, "calm down guests", SKS_MATCH_AUTO, 0);
    ck_assert_str_eq (result->unknown[0], "calm");
    ck_assert_msg (!result->suggestion.word, "%s", result->suggestion.replacement);
    sks_result_destroy (&result);
    engine_close (&e);
}
END_TEST

/* Each once: the table has a row for "hand out" and one for "hand outs". */
START_TEST (lists_near_words_of_unknown_words_when_nothing_is_found)
{
    sks_result *unknown = ask (&sample, "hand out mail", SKS_MATCH_ALL, 0),
               *known = ask (&sample, "kids mail", SKS_MATCH_ALL, 0);
    ck_assert_uint_eq (unknown->total, 0);
    ck_assert_uint_eq (unknown->near_count, 2);
    ck_assert_str_eq (unknown->near[0].term, "hand out");
    ck_assert_uint_eq (known->total, 0);
    ck_assert_uint_eq (known->near_count, 0);
    sks_result_destroy (&unknown);
    sks_result_destroy (&known);
}
END_TEST

/* There are enough statements for the lists of near words to be used: the order comes from the lists, an explained
 * score from the statement. */
START_TEST (orders_many_statements_by_the_scores_it_explains)
{
    static char text[200 * 64];
    static const char *const objects[] = { "pumps", "pumps", "children", "minors", "pumps", "kids", "pumps" };
    const sample_occupation own = { .soc = "39-9011.00", .title = "Workers", .levels = { text } };
    size_t raised = 0;
    engine e;
    for (size_t i = 0; i < 200; i++)
        sprintf (text + strlen (text), "%sWatch %s x%zu in the yard.", i ? "\n" : "", objects[i % COUNT (objects)], i);
    engine_open_occupations (&e, &own, 1);
    relate (&e);
    sks_result *result = ask (&e, "watch yard kids", SKS_MATCH_ANY, 0);
    ck_assert_uint_eq (result->total, 200);
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        bool holds = strstr (hit->text, "children") || strstr (hit->text, "minors");
        ck_assert_msg (!i || result->hits[i - 1].score >= hit->score, "%zu: %s", i, hit->text);
        ck_assert_msg (holds == (sum_of (hit, "near") > 0), "%zu: %s", i, hit->text);
        raised += holds;
    }
    ck_assert_uint_ge (raised, 50);
    sks_result_destroy (&result);
    engine_close (&e);
}
END_TEST

/* "look" alone is not "look after": many statements with "look" do not hide those with "care". A statement with the
 * words of the entry side by side precedes one with a near word, which precedes one with only one of these words. */
START_TEST (takes_words_of_an_entry_together)
{
    static char text[16 * 64] = "Care for children.\nLook after the yard.\nCare for the yard.\nLook round the yard.";
    static const char rows[] = "look after\tcare\t1\tours\nkids\tchildren\t.9\tours\n";
    static const char *const wanted[] = { "Look after the yard.", "Care for the yard.", "Look round the yard." };
    const sample_occupation own = { .soc = "39-9011.00", .title = "Workers", .levels = { text } };
    sks_near_words *words;
    sks_error err;
    engine e;
    for (size_t i = 0; i < 12; i++)
        sprintf (text + strlen (text), "\nLook up part x%zu.", i);
    engine_open_occupations (&e, &own, 1);
    ck_assert_int_eq (sks_thesaurus_parse (&words, "t.tsv", rows, sizeof rows - 1, &err), 0);
    ck_assert_int_eq (sks_generation_relate (e.generation, &words, &err), 0);
    sks_result *kids = ask (&e, "look after kids", SKS_MATCH_AUTO, 0),
               *yard = ask (&e, "look after yard", SKS_MATCH_ANY, 0);
    ck_assert_str_eq (kids->hits[0].text, "Care for children.");
    ck_assert_str_eq (kids->hits[0].by, SKS_BY_MEANING);
    for
        EACH (i, wanted)
    ck_assert_str_eq (yard->hits[i].text, wanted[i]);
    for (size_t i = 0; i < yard->hit_count; i++)
        ck_assert_double_eq_tol (sum_of (&yard->hits[i], NULL), yard->hits[i].score, 1e-4);
    for (size_t i = 0; i < yard->near_count; i++)
        ck_assert_str_eq (yard->near[i].word, "care");
    sks_result_destroy (&kids);
    sks_result_destroy (&yard);
    kids = ask (&e, "look after kids", SKS_MATCH_AUTO, 1);
    ck_assert_ptr_null (kids->hits[0].by);
    sks_result_destroy (&kids);
    engine_close (&e);
}
END_TEST

/* Two engines over the sample corpus read `auto` with the same share: one with the project's table, one with rows that
 * apply to nothing. Near words may add statements that are found by meaning; otherwise no count differs. */
START_TEST (counts_are_those_without_near_words)
{
    static const char idle_rows[] = "zzqqx\tzzqqy\n", *const path = "core/engine/near_words.tsv";
    sks_near_words *rows, *idle_words;
    size_t compared = 0, moved = 0;
    sks_error err;
    engine full, idle;
    engine_open (&full, sample_corpus ());
    engine_open (&idle, sample_corpus ());
    ck_assert_int_eq (sks_thesaurus_read (&rows, &path, 1, &err), 0);
    ck_assert_int_eq (sks_generation_relate (full.generation, &rows, &err), 0);
    ck_assert_int_eq (sks_thesaurus_parse (&idle_words, "idle.tsv", idle_rows, sizeof idle_rows - 1, &err), 0);
    ck_assert_int_eq (sks_generation_relate (idle.generation, &idle_words, &err), 0);
    for (size_t i = 0; i < full.count; i += 5) {
        char text[64];
        snprintf (text, sizeof text, "%s", full.statements[i].text);
        *strrchr (text, ' ') = '\0';
        sks_result *with = ask (&full, text, SKS_MATCH_AUTO, 0), *without = ask (&idle, text, SKS_MATCH_AUTO, 0);
        ck_assert_uint_eq (with->matched_all, without->matched_all);
        ck_assert_uint_ge (with->total, without->total);
        bool added = with->total > without->total && with->total <= 100, marked = false;
        for (size_t k = 0; k < with->hit_count; k++)
            marked |= with->hits[k].by != NULL;
        if (added)
            ck_assert_msg (marked, "%s", text);
        if (with->total == without->total) {
            const sks_facet_counts *a = with->facets, *b = without->facets;
            ck_assert_uint_eq (a->count, b->count);
            for (size_t k = 0; k < a->count; k++)
                ck_assert_uint_eq (a->values[k].count, b->values[k].count);
            for (size_t k = 0; k < with->hit_count; k++)
                if (strcmp (with->hits[k].id, without->hits[k].id) != 0) {
                    moved++;
                    break;
                }
            compared++;
        }
        sks_result_destroy (&with);
        sks_result_destroy (&without);
    }
    ck_assert_uint_gt (compared, full.count / 5 * 3 / 4);
    ck_assert_uint_gt (moved, compared / 20);
    engine_close (&full);
    engine_close (&idle);
}
END_TEST

Suite *
suite_nearness (void)
{
    Suite *suite = suite_create ("nearness");
    TCase *core = tcase_create ("core");
    tcase_add_unchecked_fixture (core, setup, teardown);
    tcase_add_test (core, near_words_rank_after_the_word_and_before_the_rest);
    tcase_add_test (core, explain_shows_a_near_word_with_its_share);
    tcase_add_test (core, match_meaning_finds_statements_without_the_words);
    tcase_add_test (core, finds_several_words_side_by_side_alone);
    tcase_add_test (core, exact_words_and_phrases_use_no_near_words);
    tcase_add_test (core, keeps_one_order_over_all_pages);
    tcase_add_test (core, feedback_alone_does_not_outrank_more_matching_words);
    tcase_add_test (core, words_read_as_near_words_are_not_corrected);
    tcase_add_test (core, lists_near_words_of_unknown_words_when_nothing_is_found);
    tcase_add_test (core, orders_many_statements_by_the_scores_it_explains);
    tcase_add_test (core, takes_words_of_an_entry_together);
    tcase_add_test (core, counts_are_those_without_near_words);
    suite_add_tcase (suite, core);
    return suite;
}
