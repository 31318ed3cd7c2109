/* check_browse_view.c - the views of skillsearch browse without a terminal and a daemon: which request each sends, and
 * what a reply changes. */
#include <check.h>

#include "client/browse/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_browse_view (void);

#define HIT_OF(id, soc)                                                                                                \
    "{\"id\":\"" id "\",\"level\":\"advanced\",\"position\":2,\"soc\":\"" soc "\",\"occupation\":\"Title " soc "\","   \
    "\"text\":\"Text " id "\",\"spans\":[]}"
#define HIT(id) HIT_OF (id, "43-9051.00")
#define SEARCH_OF(generation, total, hits)                                                                             \
    "{\"ok\":true,\"generation\":" generation ",\"total\":" total ",\"hits\":[" hits "]}"
#define SEARCH(hits) SEARCH_OF ("3", "3", hits)
#define THREE HIT ("1") "," HIT ("2") "," HIT ("3")

static browse_state *state;

/* As browse begins, without a client: nothing is sent. */
static void
begin (void)
{
    state = calloc (1, sizeof *state);
    state->depth = 1;
    state->views[0] = (browse_view) { .kind = BROWSE_VIEW_SEARCH, .refused.at = -1 };
}

static void
end (void)
{
    while (state->depth > 0)
        browse_answer_destroy (&state->views[--state->depth].answer);
    browse_exchange_end (&state->exchange);
    browse_table_end (&state->table);
    free (state);
}

/* The request of a kind that is under way; "" if there is none. */
static const char *
asked (int ask)
{
    const char *request = state->exchange.asks[ask].request;
    return request ? request : "";
}

static void
expect_asked (int ask, const char *part)
{
    ck_assert_msg (strstr (asked (ask), part) != NULL, "%s is not in %s", part, asked (ask));
}

/* A reply as browse_exchange_next returns it: its request is no longer under way. */
static void
take (int ask, const char *json)
{
    const sks_reply reply = { .json = json, .size = strlen (json) };
    browse_exchange_drop (&state->exchange, ask);
    browse_view_take (state, ask, &reply);
}

static void
take_failure (int ask, int code, const char *text)
{
    sks_reply reply = { .code = code };
    snprintf (reply.error.text, sizeof reply.error.text, "%s", text);
    reply.error.code = code;
    browse_exchange_drop (&state->exchange, ask);
    browse_view_take (state, ask, &reply);
}

static const browse_view *
shown (void)
{
    return browse_view_shown (state);
}

static void
open_view (int kind)
{
    ck_assert (browse_view_open (state, kind, browse_view_row (state)));
}

/* ------------------------------------------------------------------ answers */

START_TEST (a_search_is_sent_and_its_answer_is_shown)
{
    ck_assert_ptr_null (browse_view_row (state));
    browse_line_set (&state->line, "mail");
    browse_view_ask (state);
    expect_asked (BROWSE_ASK_VIEW, "\"op\":\"search\",\"q\":\"mail\"");
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    ck_assert_str_eq (asked (BROWSE_ASK_VIEW), "");
    ck_assert_str_eq (browse_view_row (state)->id, "1");
    ck_assert_int_eq (shown ()->refused.code, 0);
}
END_TEST

START_TEST (the_selected_row_stays_inside)
{
    browse_view_move (state, 3);
    ck_assert_uint_eq (shown ()->row, 0);
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    static const struct {
        long rows;
        size_t row;
    } moves[] = { { 1, 1 }, { 9, 2 }, { -1, 1 }, { -9, 0 } };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        browse_view_move (state, moves[i].rows);
        ck_assert_uint_eq (shown ()->row, moves[i].row);
    }
}
END_TEST

START_TEST (a_new_query_selects_the_first_row)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    browse_view_move (state, 2);
    take (BROWSE_ASK_VIEW, SEARCH (HIT ("2") "," HIT ("3")));
    ck_assert_uint_eq (shown ()->row, 0);
}
END_TEST

START_TEST (a_new_index_keeps_the_selected_statement)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    browse_view_move (state, 2);
    take (BROWSE_ASK_HEALTH, "{\"ok\":true,\"generation\":3}");
    ck_assert_str_eq (asked (BROWSE_ASK_VIEW), "");
    take_failure (BROWSE_ASK_HEALTH, SKS_EINTERNAL, "a defect");
    ck_assert_str_eq (asked (BROWSE_ASK_VIEW), "");
    take (BROWSE_ASK_HEALTH, "{\"ok\":true,\"generation\":4}");
    expect_asked (BROWSE_ASK_VIEW, "\"op\":\"search\"");
    take (BROWSE_ASK_VIEW, SEARCH_OF ("4", "2", HIT ("0") "," HIT ("3")));
    ck_assert_str_eq (browse_view_row (state)->id, "3");
    /* If it is gone, the first one is selected. */
    take (BROWSE_ASK_HEALTH, "{\"ok\":true,\"generation\":5}");
    take (BROWSE_ASK_VIEW, SEARCH_OF ("5", "2", HIT ("0") "," HIT ("1")));
    ck_assert_str_eq (browse_view_row (state)->id, "0");
}
END_TEST

START_TEST (a_refused_query_keeps_the_last_answer)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    browse_view_move (state, 1);
    take_failure (BROWSE_ASK_VIEW, SKS_EQUERYSYNTAX, "AND needs two sides");
    ck_assert_str_eq (browse_view_row (state)->id, "2");
    ck_assert_str_eq (shown ()->refused.text, "AND needs two sides");
    take (BROWSE_ASK_VIEW, "{\"hits\":");
    ck_assert_int_eq (shown ()->refused.code, SKS_EPROTOCOL);
    ck_assert_str_eq (browse_view_row (state)->id, "2");
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    ck_assert_int_eq (shown ()->refused.code, 0);
}
END_TEST

START_TEST (the_selected_value_stays_inside)
{
    state->value = 9;
    take (BROWSE_ASK_VIEW, "{\"facets\":{\"level\":[{\"value\":\"advanced\"},{\"value\":\"emerging\"}]}}");
    ck_assert_uint_eq (state->value, 1);
    take (BROWSE_ASK_VIEW, "{\"facets\":{}}");
    ck_assert_uint_eq (state->value, 0);
}
END_TEST

/* -------------------------------------------------------------- further pages */

START_TEST (further_statements_are_fetched_before_the_end_is_reached)
{
    char page[16384] = "", hits[16000] = "";
    for (int i = 0; i < 50; i++)
        sprintf (hits + strlen (hits), "%s{\"id\":\"%d\"}", i ? "," : "", i);
    snprintf (page, sizeof page, "{\"generation\":3,\"total\":52,\"hits\":[%s]}", hits);
    take (BROWSE_ASK_VIEW, page);
    browse_view_move (state, 20);
    ck_assert_str_eq (asked (BROWSE_ASK_MORE), "");
    browse_view_move (state, 10);
    expect_asked (BROWSE_ASK_MORE, "\"offset\":50");
    const char *first = asked (BROWSE_ASK_MORE);
    browse_view_move (state, 1);
    ck_assert_ptr_eq (asked (BROWSE_ASK_MORE), first); /* it is under way */
    take (BROWSE_ASK_MORE, SEARCH_OF ("4", "52", HIT ("x")));
    ck_assert_uint_eq (shown ()->answer->row_count, 50); /* another index would not continue the list */
    browse_view_move (state, 1);
    take (BROWSE_ASK_MORE, SEARCH_OF ("3", "52", HIT ("50") "," HIT ("51")));
    ck_assert_uint_eq (shown ()->answer->row_count, 52);
    browse_view_move (state, 1);
    ck_assert_str_eq (asked (BROWSE_ASK_MORE), ""); /* these are all */
    take_failure (BROWSE_ASK_MORE, SKS_EINTERNAL, "a defect");
    ck_assert_uint_eq (shown ()->answer->row_count, 52);
}
END_TEST

START_TEST (a_new_query_drops_the_request_for_further_statements)
{
    take (BROWSE_ASK_VIEW, SEARCH_OF ("3", "99", THREE));
    browse_view_move (state, 1);
    expect_asked (BROWSE_ASK_MORE, "\"offset\":3");
    browse_view_ask (state);
    ck_assert_str_eq (asked (BROWSE_ASK_MORE), "");
}
END_TEST

/* ------------------------------------------------------------- opened views */

START_TEST (the_levels_of_an_occupation_select_its_statement)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    browse_view_move (state, 1);
    open_view (BROWSE_VIEW_LEVELS);
    ck_assert_str_eq (shown ()->title, "Levels of Title 43-9051.00");
    expect_asked (BROWSE_ASK_VIEW, "\"op\":\"compare\",\"occupation\":\"43-9051.00\"");
    take (BROWSE_ASK_VIEW, "{\"rows\":[{},{\"levels\":{\"emerging\":" HIT ("7") ",\"advanced\":" HIT ("2") "}}]}");
    ck_assert_uint_eq (shown ()->row, 7);
    ck_assert_str_eq (browse_view_row (state)->id, "2");
    browse_view_close (state);
    ck_assert_int_eq (shown ()->kind, BROWSE_VIEW_SEARCH);
    ck_assert_str_eq (browse_view_row (state)->id, "2");
    ck_assert_str_eq (asked (BROWSE_ASK_VIEW), "");
}
END_TEST

START_TEST (a_crosswalk_is_between_the_view_and_its_row)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    open_view (BROWSE_VIEW_OTHERS);
    ck_assert_str_eq (shown ()->title, "Crosswalk with the occupation of: like Text 1");
    expect_asked (BROWSE_ASK_VIEW, "\"statement\":\"1\"");
    expect_asked (BROWSE_ASK_VIEW, "\"exclude\":[\"occupation\"]");
    take (BROWSE_ASK_VIEW, SEARCH (HIT_OF ("8", "25-2021.00")));
    open_view (BROWSE_VIEW_CROSSWALK);
    ck_assert_str_eq (shown ()->title, "43-9051.00 and 25-2021.00 Title 25-2021.00");
    expect_asked (BROWSE_ASK_VIEW, "\"occupations\":[\"43-9051.00\",\"25-2021.00\"]");
    take (BROWSE_ASK_VIEW, "{\"left\":{\"title\":\"A\"},\"left_only\":[" HIT ("1") "]}");
    ck_assert_ptr_null (browse_view_row (state)); /* a heading is no statement */
    browse_view_move (state, 1);
    ck_assert_str_eq (browse_view_row (state)->id, "1");
}
END_TEST

START_TEST (similar_statements_are_of_all_occupations)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    open_view (BROWSE_VIEW_SIMILAR);
    ck_assert_str_eq (shown ()->title, "Like Text 1");
    ck_assert_ptr_null (strstr (asked (BROWSE_ASK_VIEW), "exclude"));
    take (BROWSE_ASK_VIEW, SEARCH_OF ("3", "99", THREE));
    browse_view_move (state, 2);
    ck_assert_str_eq (asked (BROWSE_ASK_MORE), ""); /* only a search has pages */
}
END_TEST

START_TEST (views_are_limited)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    for (int i = 1; i < BROWSE_MOST_VIEWS; i++) {
        open_view (BROWSE_VIEW_SIMILAR);
        take (BROWSE_ASK_VIEW, SEARCH (THREE));
    }
    ck_assert (!browse_view_open (state, BROWSE_VIEW_HELP, NULL));
    browse_view_close (state);
    open_view (BROWSE_VIEW_HELP);
}
END_TEST

START_TEST (a_view_that_was_left_before_its_answer_asks_again)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    open_view (BROWSE_VIEW_SIMILAR);
    open_view (BROWSE_VIEW_HELP); /* needs no row */
    ck_assert_str_eq (asked (BROWSE_ASK_VIEW), "");
    browse_view_close (state);
    expect_asked (BROWSE_ASK_VIEW, "\"op\":\"similar\"");
}
END_TEST

START_TEST (a_query_replaced_by_a_view_is_sent_again_later)
{
    take (BROWSE_ASK_VIEW, SEARCH (THREE));
    open_view (BROWSE_VIEW_LEVELS);
    ck_assert (!state->changed);
    browse_view_close (state);
    browse_view_ask (state);
    open_view (BROWSE_VIEW_LEVELS);
    ck_assert (state->changed);
}
END_TEST

/* ------------------------------------------------------------------- export */

static char folder[64];

static void
begin_export (void)
{
    sks_error err;
    begin ();
    strcpy (folder, "/tmp/check-browse-XXXXXX");
    ck_assert_ptr_nonnull (mkdtemp (folder));
    ck_assert_int_eq (chdir (folder), 0);
    ck_assert_int_eq (browse_table_begin (&state->table, false, &err), 0);
    state->exported = browse_view_question (state);
}

static void
end_export (void)
{
    end ();
    for (int i = 1; i < BROWSE_TABLE_NAMES; i++) {
        char name[32];
        snprintf (name, sizeof name, "skillsearch-%d.csv", i);
        unlink (name);
    }
    ck_assert_int_eq (rmdir (folder), 0);
}

#define PAGE(total, id, cursor)                                                                                        \
    "{\"ok\":true,\"generation\":3,\"total\":" total ",\"hits\":[{\"id\":\"" id "\",\"level\":\"advanced\","           \
    "\"position\":1,\"soc\":\"1\",\"occupation\":\"A\",\"group\":\"G\",\"sector\":null,\"zone\":3,\"duty\":null,"      \
    "\"text\":\"T\",\"spans\":[],\"score\":0}],\"cursor\":" cursor ",\"took_us\":1}"

START_TEST (an_export_asks_for_page_after_page)
{
    char text[512] = "";
    take (BROWSE_ASK_EXPORT, PAGE ("2", "1", "\"next\""));
    expect_asked (BROWSE_ASK_EXPORT, "\"cursor\":\"next\"");
    take (BROWSE_ASK_EXPORT, PAGE ("2", "2", "null"));
    ck_assert_str_eq (asked (BROWSE_ASK_EXPORT), "");
    ck_assert_str_eq (state->notice, "2 statements exported to skillsearch-1.csv");
    ck_assert_ptr_null (state->table.file);
    FILE *file = fopen ("skillsearch-1.csv", "r");
    ck_assert_uint_gt (fread (text, 1, sizeof text - 1, file), 0);
    fclose (file);
    ck_assert_ptr_nonnull (strstr (text, "\r\n1,advanced,"));
    ck_assert_ptr_nonnull (strstr (text, "\r\n2,advanced,"));
}
END_TEST

START_TEST (an_export_does_not_overwrite)
{
    sks_error err;
    take (BROWSE_ASK_EXPORT, PAGE ("1", "1", "null"));
    ck_assert_str_eq (state->notice, "1 statement exported to skillsearch-1.csv");
    ck_assert_int_eq (browse_table_begin (&state->table, false, &err), 0);
    take (BROWSE_ASK_EXPORT, PAGE ("1", "1", "null"));
    ck_assert_str_eq (state->notice, "1 statement exported to skillsearch-2.csv");
    /* All names are used. */
    for (int i = 3; i < BROWSE_TABLE_NAMES; i++) {
        char name[32];
        snprintf (name, sizeof name, "skillsearch-%d.csv", i);
        fclose (fopen (name, "w"));
    }
    ck_assert_int_eq (browse_table_begin (&state->table, false, &err), SKS_EIO);
    ck_assert_ptr_nonnull (strstr (err.text, "skillsearch-999.csv"));
    ck_assert_ptr_null (state->table.file);
}
END_TEST

START_TEST (a_failed_export_leaves_no_file)
{
    sks_error err;
    take (BROWSE_ASK_EXPORT, PAGE ("2", "1", "\"next\""));
    take_failure (BROWSE_ASK_EXPORT, SKS_ENOTFOUND, "a new index was published");
    ck_assert_str_eq (state->notice, "not exported: a new index was published");
    ck_assert_int_ne (access ("skillsearch-1.csv", F_OK), 0);
    ck_assert_int_eq (browse_table_begin (&state->table, false, &err), 0);
    take (BROWSE_ASK_EXPORT, "{\"ok\":true,\"total\":1}");
    ck_assert_int_eq (strncmp (state->notice, "not exported: ", 14), 0);
    ck_assert_int_ne (access ("skillsearch-1.csv", F_OK), 0);
    ck_assert_ptr_null (state->table.file);
}
END_TEST

START_TEST (a_full_disk_fails_an_export)
{
    fclose (state->table.file);
    state->table.file = fopen ("/dev/full", "w");
    ck_assert_ptr_nonnull (state->table.file);
    take (BROWSE_ASK_EXPORT, PAGE ("1", "1", "null"));
    ck_assert_str_eq (state->notice, "not exported: skillsearch-1.csv: No space left on device");
    ck_assert_int_ne (access ("skillsearch-1.csv", F_OK), 0);
}
END_TEST

Suite *
suite_browse_view (void)
{
    Suite *suite = suite_create ("browse_view");
    TCase *answers = tcase_create ("Answers"), *views = tcase_create ("Views"), *export = tcase_create ("Export");
    tcase_add_checked_fixture (answers, begin, end);
    tcase_add_test (answers, a_search_is_sent_and_its_answer_is_shown);
    tcase_add_test (answers, the_selected_row_stays_inside);
    tcase_add_test (answers, a_new_query_selects_the_first_row);
    tcase_add_test (answers, a_new_index_keeps_the_selected_statement);
    tcase_add_test (answers, a_refused_query_keeps_the_last_answer);
    tcase_add_test (answers, the_selected_value_stays_inside);
    tcase_add_test (answers, further_statements_are_fetched_before_the_end_is_reached);
    tcase_add_test (answers, a_new_query_drops_the_request_for_further_statements);
    tcase_add_checked_fixture (views, begin, end);
    tcase_add_test (views, the_levels_of_an_occupation_select_its_statement);
    tcase_add_test (views, a_crosswalk_is_between_the_view_and_its_row);
    tcase_add_test (views, similar_statements_are_of_all_occupations);
    tcase_add_test (views, views_are_limited);
    tcase_add_test (views, a_view_that_was_left_before_its_answer_asks_again);
    tcase_add_test (views, a_query_replaced_by_a_view_is_sent_again_later);
    tcase_add_checked_fixture (export, begin_export, end_export);
    tcase_add_test (export, an_export_asks_for_page_after_page);
    tcase_add_test (export, an_export_does_not_overwrite);
    tcase_add_test (export, a_failed_export_leaves_no_file);
    tcase_add_test (export, a_full_disk_fails_an_export);
    suite_add_tcase (suite, answers);
    suite_add_tcase (suite, views);
    suite_add_tcase (suite, export);
    return suite;
}
