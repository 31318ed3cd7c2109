/* check_browse.c - the parts of skillsearch browse that need no terminal: the query line, answers, chosen values,
 * picked statements and requests. */
#include <check.h>

#include "client/browse/line.h"
#include "client/browse/pick.h"
#include "client/browse/request.h"
#include "core/base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_browse (void);

/* A statement of an answer. */
#define HIT(id, text, spans)                                                                                           \
    "{\"id\":\"" id "\",\"level\":\"advanced\",\"position\":2,\"soc\":\"43-9051.00\",\"occupation\":\"Clerks\","       \
    "\"text\":\"" text "\",\"spans\":" spans "}"
#define SEARCH(hits) "{\"ok\":true,\"generation\":3,\"total\":7,\"hits\":[" hits "]}"

static browse_line line;
static browse_answer *answer;

static bool
press (int kind, long letter)
{
    bool taken;
    return browse_line_edit (&line, &(browse_key) { kind, letter }, &taken);
}

static int
read_answer (int reply, const char *json)
{
    sks_error err;
    browse_answer_destroy (&answer);
    return browse_answer_read (&answer, reply, json, strlen (json), &err);
}

static void
expect_answer (int reply, const char *json)
{
    ck_assert_int_eq (read_answer (reply, json), 0);
}

/* ---------------------------------------------------------------- the line */

START_TEST (a_line_is_edited_by_characters)
{
    browse_line_set (&line, "a\u00e9\u65e5");
    ck_assert_uint_eq (line.cursor, 3);
    ck_assert_uint_eq (browse_line_byte (&line, 2), 3);
    press (BROWSE_KEY_RIGHT, 0);
    press (BROWSE_KEY_LEFT, 0);
    ck_assert (press (BROWSE_KEY_BACKSPACE, 0));
    ck_assert_str_eq (line.text, "a\u65e5");
    ck_assert_uint_eq (line.cursor, 1);
    ck_assert (press (BROWSE_KEY_LETTER, 0x1F600));
    ck_assert_str_eq (line.text, "a\U0001F600\u65e5");
    ck_assert (press (BROWSE_KEY_DELETE, 0));
    ck_assert_str_eq (line.text, "a\U0001F600");
    ck_assert (!press (BROWSE_KEY_DELETE, 0));
    for (int i = 0; i < 3; i++)
        press (BROWSE_KEY_LEFT, 0);
    ck_assert_uint_eq (line.cursor, 0);
    ck_assert (!press (BROWSE_KEY_BACKSPACE, 0));
    ck_assert_str_eq (line.text, "a\U0001F600");
}
END_TEST

START_TEST (control_keys_edit_as_readline_does)
{
    browse_line_set (&line, "route incoming  mail ");
    ck_assert (press (BROWSE_KEY_CONTROL, 'W'));
    ck_assert_str_eq (line.text, "route incoming  ");
    ck_assert (press (BROWSE_KEY_CONTROL, 'W'));
    ck_assert_str_eq (line.text, "route ");
    ck_assert (!press (BROWSE_KEY_CONTROL, 'K'));
    press (BROWSE_KEY_CONTROL, 'A');
    ck_assert_uint_eq (line.cursor, 0);
    ck_assert (!press (BROWSE_KEY_CONTROL, 'U'));
    press (BROWSE_KEY_RIGHT, 0);
    ck_assert (press (BROWSE_KEY_CONTROL, 'K'));
    ck_assert_str_eq (line.text, "r");
    press (BROWSE_KEY_CONTROL, 'E');
    ck_assert (press (BROWSE_KEY_CONTROL, 'U'));
    ck_assert_str_eq (line.text, "");
}
END_TEST

START_TEST (a_line_has_at_most_the_bytes_of_a_query)
{
    for (int i = 0; i < SKS_MAX_QUERY_BYTES - 1; i++)
        ck_assert (press (BROWSE_KEY_LETTER, 'a'));
    ck_assert (!press (BROWSE_KEY_LETTER, 0xE9)); /* two bytes */
    ck_assert (press (BROWSE_KEY_LETTER, 'b'));
    ck_assert (!press (BROWSE_KEY_LETTER, 'c'));
    ck_assert_uint_eq (strlen (line.text), SKS_MAX_QUERY_BYTES);
}
END_TEST

START_TEST (a_line_leaves_out_what_cannot_be_shown)
{
    browse_line_set (&line, "in\xff\x1b mail\u202e\xe2\x80");
    ck_assert_str_eq (line.text, "in mail");
}
END_TEST

START_TEST (other_keys_do_not_edit)
{
    static const browse_key keys[] = {
        { BROWSE_KEY_UP, 0 }, { BROWSE_KEY_ENTER, 0 }, { BROWSE_KEY_CONTROL, 'Q' }, { BROWSE_KEY_OTHER, 'x' }
    };
    browse_line_set (&line, "mail");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        bool taken = true;
        ck_assert (!browse_line_edit (&line, &keys[i], &taken));
        ck_assert (!taken);
    }
    ck_assert_str_eq (line.text, "mail");
}
END_TEST

/* ----------------------------------------------------------------- answers */

START_TEST (reads_a_search)
{
    expect_answer (
        BROWSE_REPLY_SEARCH,
        "{\"ok\":true,\"generation\":3,\"total\":2,\"relaxed\":true,\"hits\":[" HIT (
            "1/advanced/a", "Sort mail",
            "[[0,4],[5,9]]") "],\"notes\":[{\"text\":\"first\"},{\"text\":\"second\"}],\"suggestion\":{\"query\":\"mails\"},"
                             "\"unknown\":[\"zzz\",7,\"qq\"],"
                             "\"facets\":{\"level\":[{\"value\":\"advanced\",\"label\":\"Advanced\",\"count\":2,"
                             "\"selected\":true}],\"colour\":[{\"value\":\"red\"}],\"zone\":[{\"value\":\"2\",\"count\":-1}]}}");
    ck_assert_uint_eq (answer->generation, 3);
    ck_assert_uint_eq (answer->total, 2);
    ck_assert (answer->relaxed);
    ck_assert_str_eq (answer->note, "first");
    ck_assert_str_eq (answer->suggestion, "mails");
    ck_assert_str_eq (answer->unknown, "zzz, qq");
    ck_assert_uint_eq (answer->row_count, 1);
    const browse_row *row = answer->rows;
    ck_assert_str_eq (row->label, "advanced");
    ck_assert_str_eq (row->text, "Sort mail");
    ck_assert_str_eq (row->soc, "43-9051.00");
    ck_assert_uint_eq (row->position, 2);
    ck_assert_uint_eq (row->span_count, 2);
    ck_assert_uint_eq (row->spans[1].start, 5);
    /* A facet that this version does not know is left out, and a count that is no count is 0. */
    ck_assert_uint_eq (answer->value_count, 2);
    ck_assert (answer->values[0].selected);
    ck_assert_str_eq (answer->values[0].label, "Advanced");
    ck_assert_int_eq (answer->values[1].facet, SKS_FACET_ZONE);
    ck_assert_str_eq (answer->values[1].label, "");
    ck_assert_uint_eq (answer->values[1].count, 0);
    char *json = browse_answer_row_json (row);
    ck_assert_str_eq (json, HIT ("1/advanced/a", "Sort mail", "[[0,4],[5,9]]"));
    free (json);
}
END_TEST

START_TEST (leaves_out_spans_that_cannot_be_true)
{
    expect_answer (BROWSE_REPLY_SIMILAR,
                   SEARCH (HIT ("1", "Sort mail", "[[0,4],[2,5],[5,3],[6,99],[\"a\",7],[7],8,[5,7]]")));
    ck_assert_uint_eq (answer->rows[0].span_count, 2);
    ck_assert_uint_eq (answer->rows[0].spans[1].start, 5);
    ck_assert_uint_eq (answer->rows[0].spans[1].end, 7);
}
END_TEST

START_TEST (a_member_that_is_missing_is_empty)
{
    expect_answer (BROWSE_REPLY_SEARCH, "{}");
    ck_assert_uint_eq (answer->row_count + answer->value_count + answer->total + answer->generation, 0);
    ck_assert_str_eq (answer->note, "");
    ck_assert_str_eq (answer->suggestion, "");
    ck_assert_str_eq (answer->unknown, "");
    expect_answer (BROWSE_REPLY_SEARCH, SEARCH ("7,{\"id\":\"x\"}"));
    ck_assert_ptr_null (answer->rows[0].id);
    ck_assert_str_eq (answer->rows[0].text, "");
    ck_assert_str_eq (answer->rows[1].id, "x");
    ck_assert_str_eq (answer->rows[1].occupation, "");
}
END_TEST

START_TEST (refuses_what_is_not_an_object)
{
    static const char *const replies[] = { "", "{", "[]", "7", "{\"hits\":[" };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        ck_assert_int_eq (read_answer (BROWSE_REPLY_SEARCH, replies[i]), SKS_EPROTOCOL);
        ck_assert_ptr_null (answer);
    }
}
END_TEST

START_TEST (a_comparison_has_four_cells_in_each_row)
{
    expect_answer (BROWSE_REPLY_COMPARE, "{\"rows\":[{\"levels\":{\"emerging\":" HIT (
                                             "1", "a", "[]") ",\"advanced\":" HIT ("2", "b", "[]") "}},{}]}");
    ck_assert_uint_eq (answer->row_count, 8);
    ck_assert_uint_eq (answer->total, 2);
    ck_assert_str_eq (answer->rows[0].id, "1");
    ck_assert_str_eq (answer->rows[0].label, "emerging");
    ck_assert_ptr_null (answer->rows[1].id);
    ck_assert_str_eq (answer->rows[1].label, "developing");
    ck_assert_str_eq (answer->rows[3].id, "2");
    ck_assert_ptr_null (answer->rows[7].id);
}
END_TEST

START_TEST (a_crosswalk_has_pairs_and_the_rest_of_both_sides)
{
    expect_answer (
        BROWSE_REPLY_CROSSWALK,
        "{\"left\":{\"title\":\"A\"},\"right\":{\"title\":\"B\"},\"pairs\":[{\"likeness\":0.5,\"left\":" HIT (
            "1", "a", "[]") ",\"right\":" HIT ("2", "b", "[]") "}],\"left_only\":[" HIT ("3", "c",
                                                                                         "[]") "],\"right_only\":[]}");
    static const char *const expected[][3] = {
        { "0.50", "a", "1" }, { "", "b", "2" }, { "", "Only A", NULL }, { "advanced", "c", "3" }, { "", "Only B", NULL }
    };
    ck_assert_uint_eq (answer->total, 1);
    ck_assert_uint_eq (answer->row_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < answer->row_count; i++) {
        ck_assert_str_eq (answer->rows[i].label, expected[i][0]);
        ck_assert_str_eq (answer->rows[i].text, expected[i][1]);
        ck_assert_pstr_eq (answer->rows[i].id, expected[i][2]);
    }
}
END_TEST

START_TEST (pages_are_appended)
{
    static const char page[] = SEARCH (HIT ("2", "b", "[[0,1]]"));
    sks_error err;
    expect_answer (BROWSE_REPLY_SEARCH, SEARCH (HIT ("1", "a", "[]")));
    ck_assert_int_eq (browse_answer_append (answer, page, strlen (page), &err), 0);
    ck_assert_int_eq (browse_answer_append (answer, "{", 1, &err), SKS_EPROTOCOL);
    ck_assert_uint_eq (answer->row_count, 2);
    ck_assert_str_eq (answer->rows[0].id, "1");
    ck_assert_str_eq (answer->rows[1].id, "2");
    ck_assert_uint_eq (answer->rows[1].span_count, 1);
    ck_assert_uint_eq (browse_answer_generation (page, strlen (page)), 3);
    ck_assert_uint_eq (browse_answer_generation ("7", 1), 0);
    /* No search has this many pages; a daemon that never stops sending must not fill the memory. */
    int rc = 0;
    for (int i = 0; i < SKS_MAX_WINDOW && rc == 0; i++)
        rc = browse_answer_append (answer, page, strlen (page), &err);
    ck_assert_int_eq (rc, SKS_EPROTOCOL);
}
END_TEST

/* ----------------------------------------------------------- chosen values */

START_TEST (a_value_is_chosen_and_removed)
{
    browse_choices choices = { .count = 0 };
    char text[64];
    ck_assert (browse_choices_toggle (&choices, SKS_FACET_LEVEL, "advanced"));
    ck_assert (browse_choices_toggle (&choices, SKS_FACET_GROUP, "43"));
    ck_assert (browse_choices_has (&choices, SKS_FACET_LEVEL, "advanced"));
    ck_assert (!browse_choices_has (&choices, SKS_FACET_SECTOR, "43"));
    browse_choices_write (&choices, text, sizeof text);
    ck_assert_str_eq (text, "level:advanced group:43");
    browse_choices_write (&choices, text, 9);
    ck_assert_str_eq (text, "level:ad");
    browse_choices_toggle (&choices, SKS_FACET_LEVEL, "advanced");
    browse_choices_write (&choices, text, sizeof text);
    ck_assert_str_eq (text, "group:43");
}
END_TEST

START_TEST (choices_are_limited)
{
    browse_choices choices = { .count = 0 };
    char value[SKS_MAX_FILTER_VALUE_BYTES + 2] = "";
    memset (value, 'a', sizeof value - 1);
    ck_assert (!browse_choices_add (&choices, SKS_FACET_SECTOR, value));
    value[SKS_MAX_FILTER_VALUE_BYTES] = '\0';
    for (int i = 0; i < BROWSE_MOST_CHOICES; i++)
        ck_assert (browse_choices_add (&choices, SKS_FACET_SECTOR, value));
    ck_assert (!browse_choices_add (&choices, SKS_FACET_SECTOR, "a"));
    ck_assert (!browse_choices_toggle (&choices, SKS_FACET_SECTOR, "a"));
}
END_TEST

START_TEST (a_sector_in_another_form_is_replaced_by_its_code)
{
    browse_choices choices = { .count = 0 };
    char text[64];
    expect_answer (BROWSE_REPLY_SEARCH, "{\"facets\":{\"sector\":[{\"value\":\"31-33\",\"selected\":true},"
                                        "{\"value\":\"55\",\"selected\":true},{\"value\":\"22\"}]}}");
    browse_choices_add (&choices, SKS_FACET_SECTOR, "Manufacturing");
    browse_choices_add (&choices, SKS_FACET_LEVEL, "advanced");
    browse_choices_add (&choices, SKS_FACET_SECTOR, "55");
    browse_choices_settle (&choices, answer);
    browse_choices_write (&choices, text, sizeof text);
    ck_assert_str_eq (text, "level:advanced sector:55 sector:31-33");
    browse_choices_settle (&choices, answer);
    browse_choices_write (&choices, text, sizeof text);
    ck_assert_str_eq (text, "level:advanced sector:55 sector:31-33");
}
END_TEST

/* ------------------------------------------------------- picked statements */

START_TEST (picked_statements_are_written_in_three_forms)
{
    static const struct {
        int print;
        bool null;
        const char *wanted;
        size_t size;
    } table[] = {
        { BROWSE_PRINT_ID, false, "2\n1\n", 4 },
        { BROWSE_PRINT_ID, true, "2\0001\0", 4 },
        { BROWSE_PRINT_TEXT, false, "b\\x1b\na\n", 8 },
    };
    browse_picks picks = { NULL, 0 };
    expect_answer (BROWSE_REPLY_SEARCH,
                   SEARCH (HIT ("1", "a", "[]") "," HIT ("2", "b\\u001b", "[]") "," HIT ("3", "c", "[]")));
    for (size_t i = 0; i < 3; i++)
        ck_assert (browse_picks_toggle (&picks, &answer->rows[2 - i]));
    ck_assert (browse_picks_has (&picks, "3"));
    browse_picks_toggle (&picks, &answer->rows[2]);
    ck_assert (!browse_picks_has (&picks, "3"));
    browse_answer_destroy (&answer); /* picks are copies */
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        sks_buffer out = SKS_BUFFER_INIT (1 << 16);
        browse_picks_write (&picks, table[i].print, table[i].null, &out);
        ck_assert_uint_eq (out.size, table[i].size);
        ck_assert_mem_eq (sks_buffer_text (&out), table[i].wanted, out.size);
        sks_buffer_free (&out);
    }
    sks_buffer out = SKS_BUFFER_INIT (1 << 16);
    browse_picks_write (&picks, BROWSE_PRINT_JSON, false, &out);
    ck_assert_str_eq (sks_buffer_text (&out), HIT ("2", "b\\u001b", "[]") "\n" HIT ("1", "a", "[]") "\n");
    sks_buffer_free (&out);
    browse_picks_free (&picks);
    ck_assert_uint_eq (picks.count, 0);
}
END_TEST

/* ---------------------------------------------------------------- requests */

static void
expect_request (char *request, const char *wanted)
{
    ck_assert_ptr_nonnull (request);
    ck_assert_str_eq (request, wanted);
    free (request);
}

START_TEST (a_search_asks_for_counts_once)
{
    browse_choices choices = { .count = 0 };
    browse_question question = { .text = "\"in\" mail", .choices = &choices };
    expect_request (
        browse_request_search (&question, 50),
        "{\"op\":\"search\",\"q\":\"\\\"in\\\" mail\",\"match\":\"auto\",\"resolve\":true,\"filter\":{},\"limit\":50,"
        "\"offset\":50}");
    char *first = browse_request_search (&question, 0);
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        char name[64];
        snprintf (name, sizeof name, "{\"name\":\"%s\",", sks_facet_name (facet));
        ck_assert_msg (strstr (first, name) != NULL, "%s in %s", name, first);
    }
    free (first);
}
END_TEST

START_TEST (a_request_has_the_order_the_values_and_the_words)
{
    browse_choices choices = { .count = 0 };
    browse_choices_add (&choices, SKS_FACET_GROUP, "43");
    browse_choices_add (&choices, SKS_FACET_LEVEL, "advanced");
    browse_choices_add (&choices, SKS_FACET_LEVEL, "emerging");
    browse_question question = { .text = "a", .choices = &choices, .match = SKS_MATCH_MEANING, .plain = true };
    static const char rest[] =
        "\"meaning\":false,\"resolve\":true,\"filter\":{\"level\":[\"advanced\",\"emerging\"],\"group\":[\"43\"]},"
        "\"limit\":";
    static const struct {
        int sort;
        bool reverse;
        const char *search, *scan;
    } table[] = {
        { SKS_SORT_RELEVANCE, false, "", "" },
        { SKS_SORT_LEVEL, false, "\"sort\":\"level\",", "\"sort\":\"level\"," },
        { SKS_SORT_OCCUPATION, true, "\"sort\":\"-occupation\",", "\"sort\":\"-occupation\"," },
        { SKS_SORT_ID, true, "\"sort\":\"-id\",", "\"sort\":\"-id\"," },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char wanted[512];
        question.sort = table[i].sort;
        question.reverse = table[i].reverse;
        snprintf (wanted, sizeof wanted, "{\"op\":\"search\",\"q\":\"a\",\"match\":\"meaning\",%s%s50,\"offset\":50}",
                  table[i].search, rest);
        expect_request (browse_request_search (&question, 50), wanted);
        snprintf (wanted, sizeof wanted,
                  "{\"op\":\"scan\",\"q\":\"a\",\"match\":\"meaning\",%s%s1000,\"cursor\":\"c\"}", table[i].scan, rest);
        expect_request (browse_request_scan (&question, "c"), wanted);
    }
    /* A scan has no order of relevance. */
    question = (browse_question) { .text = "", .choices = &(browse_choices) { .count = 0 }, .reverse = true };
    expect_request (browse_request_search (&question, 50),
                    "{\"op\":\"search\",\"q\":\"\",\"match\":\"auto\","
                    "\"resolve\":true,\"filter\":{},\"sort\":\"-relevance\",\"limit\":50,"
                    "\"offset\":50}");
    expect_request (browse_request_scan (&question, NULL),
                    "{\"op\":\"scan\",\"q\":\"\",\"match\":\"auto\",\"resolve\":true,\"filter\":{},\"limit\":1000}");
}
END_TEST

START_TEST (requests_of_opened_views)
{
    expect_request (browse_request_similar ("1/a/b", false),
                    "{\"op\":\"similar\",\"statement\":\"1/a/b\",\"limit\":50}");
    expect_request (browse_request_similar ("1/a/b", true), "{\"op\":\"similar\",\"statement\":\"1/a/b\",\"limit\":50,"
                                                            "\"exclude\":[\"occupation\"]}");
    expect_request (browse_request_compare ("43-9051.00"), "{\"op\":\"compare\",\"occupation\":\"43-9051.00\"}");
    expect_request (browse_request_crosswalk ("a", "b"), "{\"op\":\"crosswalk\",\"occupations\":[\"a\",\"b\"]}");
}
END_TEST

static void
forget (void)
{
    browse_answer_destroy (&answer);
}

Suite *
suite_browse (void)
{
    Suite *suite = suite_create ("browse");
    TCase *lines = tcase_create ("Line"), *answers = tcase_create ("Answers"), *requests = tcase_create ("Requests");
    tcase_add_test (lines, a_line_is_edited_by_characters);
    tcase_add_test (lines, control_keys_edit_as_readline_does);
    tcase_add_test (lines, a_line_has_at_most_the_bytes_of_a_query);
    tcase_add_test (lines, a_line_leaves_out_what_cannot_be_shown);
    tcase_add_test (lines, other_keys_do_not_edit);
    tcase_add_checked_fixture (answers, NULL, forget);
    tcase_add_test (answers, reads_a_search);
    tcase_add_test (answers, leaves_out_spans_that_cannot_be_true);
    tcase_add_test (answers, a_member_that_is_missing_is_empty);
    tcase_add_test (answers, refuses_what_is_not_an_object);
    tcase_add_test (answers, a_comparison_has_four_cells_in_each_row);
    tcase_add_test (answers, a_crosswalk_has_pairs_and_the_rest_of_both_sides);
    tcase_add_test (answers, pages_are_appended);
    tcase_add_test (answers, a_value_is_chosen_and_removed);
    tcase_add_test (answers, choices_are_limited);
    tcase_add_test (answers, a_sector_in_another_form_is_replaced_by_its_code);
    tcase_add_test (answers, picked_statements_are_written_in_three_forms);
    tcase_add_test (requests, a_search_asks_for_counts_once);
    tcase_add_test (requests, a_request_has_the_order_the_values_and_the_words);
    tcase_add_test (requests, requests_of_opened_views);
    suite_add_tcase (suite, lines);
    suite_add_tcase (suite, answers);
    suite_add_tcase (suite, requests);
    return suite;
}
