/* check_analyze.c - how analyze shows the reading of a query. */
#include "core/engine/operations.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_analyze (void);

static sks_analysis analysis;
static char shown[8192];

/* ----------------------------------------------------------------- fixtures */
static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "43-9051.00",
          .title = "Mail Clerks",
          .group = "Office",
          .sector = "55",
          .levels = { "Incoming mail — open, sort, and route the mail\nRoutes of the mail", "Routing the parcels",
                      "Mailing lists", "Parcels for the clerks\nCharts by WHO" } }
    };
    engine_small_open (occupations, COUNT (occupations));
}

static void
analyze_as (const char *text, int match)
{
    sks_error err;
    sks_arena_clear (engine_arena);
    if (sks_searcher_analyze (small.searcher, text, match, engine_arena, &analysis, &err))
        ck_abort_msg ("\"%s\" was refused: %s", text, err.text);
}

/* The words of a text: "form<stem count", "!" before a stop word, "?" before one
 * that is not known. Borrowed: valid until the next call. */
static const char *
words_of (const char *text)
{
    analyze_as (text, SKS_MATCH_AUTO);
    *shown = '\0';
    for (size_t i = 0; i < analysis.word_count; i++) {
        const sks_read_word *w = &analysis.words[i];
        sprintf (shown + strlen (shown), "%s%s%s%s%s%s %d", i ? ", " : "", w->stop ? "!" : "", w->known ? "" : "?",
                 w->form, w->stem ? "<" : "", w->stem ? w->stem : "", (int) w->count);
        for (size_t k = 0; k < w->expansion_count; k++)
            sprintf (shown + strlen (shown), "%s%s%s", k ? " " : " (", w->expansions[k],
                     k + 1 == w->expansion_count ? ")" : "");
    }
    return shown;
}

/* Write a node as "kind(...)"; words are numbers in the list. */
static void
show_node (const sks_reading_node *node)
{
    char *at = shown + strlen (shown);
    at += sprintf (at, "%s%s%s%s", node->field ? node->field : "", node->field ? ":" : "", node->exact ? "=" : "",
                   node->kind);
    if (node->distance)
        at += sprintf (at, "/%u", node->distance);
    sprintf (at, "(");
    if (node->value)
        strcat (shown, node->value);
    for (size_t i = 0; i < node->word_count; i++)
        sprintf (shown + strlen (shown), "%s%u", i ? " " : "", node->words[i]);
    for (size_t i = 0; i < node->child_count; i++) {
        strcat (shown, i ? " " : "");
        show_node (&node->children[i]);
    }
    strcat (shown, ")");
}

static const char *
tree_of (const char *text)
{
    analyze_as (text, SKS_MATCH_AUTO);
    *shown = '\0';
    show_node (&analysis.tree);
    return shown;
}

/* -------------------------------------------------------------------- tests */

START_TEST (lists_each_word_with_its_stem_and_count)
{
    static const char *const table[][2] = {
        { "Routing MAIL", "routing<rout 3, mail<mail 3" },
        { "=routing", "routing<rout 1" },
        { "the routing of mail", "!the 4, routing<rout 3, !of 1, mail<mail 3" },
        { "\"the mail\"", "!the 4, mail<mail 3" },
        { "xyzzies mail", "?xyzzies<xyzzi 0, mail<mail 3" },
        { "rout*", "rout 3 (route routes routing)" },
        { "zzz*", "?zzz 0" },
        { "title:clerk", "clerk<clerk 6" },
        { "duty:mail", "mail<mail 1" },
        { "duty:clerk", "clerk<clerk 0" },
        { "duty:zebra", "?zebra<zebra 0" },
        { "title:parcels", "?parcels<parcel 0" },
        { "parcels-mail", "parcels<parcel 2, mail<mail 3" },
        { "zebra-mail sort", "?zebra<zebra 0, mail<mail 3, sort<sort 1" },
        { "wouldnt mail", "!wouldnt 0, mail<mail 3" },
        { "level:emerging", "" },
        { "mail,AND,sort", "mail<mail 3, !and 1, sort<sort 1" },
        { "", "" },
    };
    for
        EACH (i, table)
    ck_assert_str_eq (words_of (table[i][0]), table[i][1]);
}
END_TEST

/* The other words of a text's nodes: "START-END form<stem form<stem". Borrowed: valid until the next call. */
static const char *
other_of (const char *text)
{
    analyze_as (text, SKS_MATCH_AUTO);
    char *at = shown;
    *at = '\0';
    for (size_t i = 0; i < analysis.other_count; i++) {
        const sks_other_words *other = &analysis.other[i];
        at += sprintf (at, "%s%u-%u", i ? ", " : "", other->start, other->end);
        for (size_t k = 0; k < other->word_count; k++)
            at += sprintf (at, " %s<%s", other->words[k].form, other->words[k].stem ? other->words[k].stem : "");
    }
    return shown;
}

START_TEST (lists_what_a_compound_may_be_instead)
{
    static const char *const table[][2] = {
        { "mail route", "" },
        { "mailing-lists", "0-13 mailing<mail lists<list" },
        { "\"the mailing-lists\"", "0-19 the< mailinglists<mailinglist" },
        { "=mailing-lists route", "" },
        { "mail OR (route -parcels-mail)", "16-28 parcelsmail<parcelsmail" },
        { "route-zebrafying", "0-16 routezebrafying<routezebrafi" },
        { "mail-to", "0-7 mailto<mailto" },
        { "duty:mail-route title:mail-clerks", "0-15 mailroute<mailrout, 16-33 mailclerks<mailclerk" },
    };
    for
        EACH (i, table)
    ck_assert_msg (strcmp (other_of (table[i][0]), table[i][1]) == 0, "%s: %s", table[i][0], shown);
}
END_TEST

START_TEST (ignores_an_emphasised_stop_word_that_is_not_a_name)
{
    static const struct {
        const char *text, *words, *note;
    } table[] = {
        { "sort THE mail", "sort<sort 1, !the 4, mail<mail 3",
          "left out, as it is a common word; to search for it, put it in quotation marks" },
        { "THE mail", "!the 4, mail<mail 3",
          "left out, as it is a common word; to search for it, put it in quotation marks" },
        { "charts of WHO", "charts<chart 1, !of 1, who<who 1",
          "searched as a name, as it is in capitals; in small letters it is left out" },
    };
    for
        EACH (i, table)
        {
            ck_assert_str_eq (words_of (table[i].text), table[i].words);
            size_t at = 0;
            while (at < analysis.note_count && strcmp (analysis.notes[at].code, "capitals") != 0)
                at++;
            ck_assert_uint_lt (at, analysis.note_count);
            ck_assert_str_eq (analysis.notes[at].text, table[i].note);
        }
    sks_query query = SKS_QUERY_INIT;
    query.text = "sort THE mail";
    query.match = SKS_MATCH_ALL;
    sks_result *result = engine_search (&small, &query);
    ck_assert_uint_eq (result->total, 1);
    ck_assert_str_eq (result->read_as, "ALL(sort mail)");
    ck_assert_uint_eq (result->ignored_count, 1);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (shows_the_tree)
{
    static const char *const table[][2] = {
        { "", "all()" },
        { "the", "bag(word(0))" },
        { "— ...", "not(all())" },
        { "mail", "bag(word(0))" },
        { "the mail route", "bag(word(1) word(2))" },
        { "mail \"route the mail\" sort", "and(bag(word(0) word(4)) phrase(1 2 3))" },
        { "mail OR NOT =sort", "or(bag(word(0)) not(=word(1)))" },
        { "mail NEAR/3 sort", "near/3(word(0) word(1))" },
        { "title:clerk duty:\"incoming mail\" soc:43- rout*",
          "and(title:word(0) duty:phrase(1 2) soc:value(43-) word(3))" },
    };
    for
        EACH (i, table)
    ck_assert_str_eq (tree_of (table[i][0]), table[i][1]);
}
END_TEST

START_TEST (positions_are_bytes_of_the_text)
{
    static const char text[] = "Çafé  rout* OR title:=Clerk";
    analyze_as (text, SKS_MATCH_AUTO);
    static const char *const expected[] = { "Çafé", "rout", "Clerk" };
    ck_assert_uint_eq (analysis.word_count, COUNT (expected));
    for
        EACH (i, expected)
        {
            const sks_read_word *w = &analysis.words[i];
            ck_assert_uint_eq (w->end - w->start, strlen (expected[i]));
            ck_assert_int_eq (strncmp (text + w->start, expected[i], strlen (expected[i])), 0);
        }
    const sks_reading_node *title = &analysis.tree.children[1];
    ck_assert_str_eq (title->field, "title");
    ck_assert_int_eq (strncmp (text + title->start, "title:=Clerk", title->end - title->start), 0);
    ck_assert_uint_eq (analysis.tree.start, 0);
    ck_assert_uint_eq (analysis.tree.end, strlen (text));
}
END_TEST

START_TEST (reads_a_query_as_search_does)
{
    static const char *const texts[] = {
        "", "the mail", "mail sort", "mail zebra", "mail OR (sort -open)", "rout* \"the mail\""
    };
    for
        EACH (i, texts)
    for (int match = SKS_MATCH_AUTO; match <= SKS_MATCH_ANY; match++) {
        sks_query query = SKS_QUERY_INIT;
        query.text = texts[i];
        query.match = match;
        sks_result *result = engine_search (&small, &query);
        analyze_as (texts[i], match);
        ck_assert_str_eq (analysis.read_as, result->read_as);
        size_t stops = 0;
        for (size_t k = 0; k < analysis.word_count; k++)
            stops += analysis.words[k].stop;
        ck_assert_uint_ge (stops, result->ignored_count);
        sks_result_destroy (&result);
    }
}
END_TEST

/* The words that a search lists as unknown, and those that an analysis does. */
static void
assert_same_unknown (const char *text)
{
    char searched[1024] = "", analysed[1024] = "";
    sks_result *result = engine_ask (&small, text);
    for (size_t i = 0; i < result->unknown_count; i++)
        strcat (strcat (searched, result->unknown[i]), " ");
    analyze_as (text, SKS_MATCH_AUTO);
    for (size_t i = 0; i < analysis.word_count; i++)
        if (!analysis.words[i].known)
            strcat (strcat (analysed, analysis.words[i].form), " ");
    ck_assert_msg (strcmp (searched, analysed) == 0, "\"%s\": search lists %s, analyze %s", text, searched, analysed);
    sks_result_destroy (&result);
}

START_TEST (the_same_words_are_unknown_as_in_a_search)
{
    static const char *const texts[] = {
        "zebra mail",
        "zebra-mail and co-route, e-mail (daily); zebra/route",
        "Sort mail — 24/7, R&D, 401(k), jane.doe@example.com",
        "title:parcels title:mail title:\"mail zebra\" title:=clerk title:=clerks title:co-mail",
        "duty:parcels duty:mail duty:zebra duty:incoming-zebra",
        "\"zebra mail\" \"incoming zebra-mail\" =zebra =\"mail zebra\" zeb* rout*",
        "parcel lists wouldnt youre clerks clerk",
        "rout ing mailing-lists mailinglists",
        "• Sort zebras\n• Route the co-workers’ mail",
        "IT zebra A mail",
        "mail NOT zebra OR (zebra NEAR/3 mail)",
    };
    for
        EACH (i, texts)
    assert_same_unknown (texts[i]);
}
END_TEST

START_TEST (an_analysis_is_valid_as_long_as_its_arena)
{
    analyze_as ("the routing of \"incoming mail\" rout*", SKS_MATCH_AUTO);
    char before[256];
    snprintf (before, sizeof before, "%s %s", analysis.read_as, analysis.words[1].stem);
    for (int i = 0; i < 20; i++)
        engine_total (&small, "mail sort open parcels lists");
    ck_assert_str_eq (analysis.words[1].form, "routing");
    ck_assert_str_eq (analysis.words[5].expansions[2], "routing");
    ck_assert_int_eq (strncmp (before, analysis.read_as, strlen (analysis.read_as)), 0);
}
END_TEST

START_TEST (refuses_what_a_search_refuses)
{
    static const char *const texts[] = { "mail AND", "mail OR (", "m?il", "level:high", "m*", "mail \xFF" };
    for
        EACH (i, texts)
        {
            sks_query query = SKS_QUERY_INIT;
            sks_result *result;
            sks_error left, right;
            query.text = texts[i];
            int code = sks_searcher_search (small.searcher, &query, &result, &left);
            ck_assert_int_lt (code, 0);
            int again =
                sks_searcher_analyze (small.searcher, texts[i], SKS_MATCH_AUTO, engine_arena, &analysis, &right);
            ck_assert_int_eq (again, code);
            ck_assert_int_eq (left.at, right.at);
            ck_assert_str_eq (left.text, right.text);
        }
}
END_TEST

START_TEST (lists_64_words)
{
    char text[SKS_MAX_QUERY_WORDS * 5 + 1] = "";
    for (int i = 0; i < SKS_MAX_QUERY_WORDS; i++)
        strcat (text, i % 2 ? " the" : " mail");
    analyze_as (text, SKS_MATCH_AUTO);
    ck_assert_uint_eq (analysis.word_count, SKS_MAX_QUERY_WORDS);
    for (uint32_t i = 0; i < SKS_MAX_QUERY_WORDS; i++)
        ck_assert_str_eq (analysis.words[i].form, i % 2 ? "the" : "mail");
}
END_TEST

Suite *
suite_analyze (void)
{
    Suite *suite = suite_create ("analyze");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_unchecked_fixture (limits, open_small, engine_small_close);
    tcase_add_test (core, lists_each_word_with_its_stem_and_count);
    tcase_add_test (core, lists_what_a_compound_may_be_instead);
    tcase_add_test (core, ignores_an_emphasised_stop_word_that_is_not_a_name);
    tcase_add_test (core, shows_the_tree);
    tcase_add_test (core, positions_are_bytes_of_the_text);
    tcase_add_test (core, reads_a_query_as_search_does);
    tcase_add_test (core, the_same_words_are_unknown_as_in_a_search);
    tcase_add_test (core, an_analysis_is_valid_as_long_as_its_arena);
    tcase_add_test (limits, refuses_what_a_search_refuses);
    tcase_add_test (limits, lists_64_words);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
