/* check_json.c - the strict checker case by case, its limits, and the writer.
 *
 * The tables have each refused text with the byte that the error must name. Every accepted text must also be accepted
 * by cJSON. */
#include "core/base/json.h"

#include <check.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_json (void);

static const sks_json_limits limits = { 1 << 20, 16, 1000, SIZE_MAX, 0 };

static int
check (const char *text, sks_error *err)
{
    return sks_json_check (text, strlen (text), &limits, err);
}

/* The error with which the checker refuses `text`. */
static sks_error
refusal (const char *text, size_t size, const sks_json_limits *most)
{
    sks_error err = { 0, -1, "" };
    ck_assert_int_ne (sks_json_check (text, size, most, &err), 0);
    return err;
}

static const char *const taken[] = {
    "0",
    "-0",
    "-0.0",
    "12",
    "1.5",
    "1e5",
    "1E+5",
    "1e-5",
    "0e999999",
    "0.0001",
    "1e308",
    "-1.7976931348623157e308",
    "1e-999",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\"",
    " \t\r\n1 \t\r\n",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1,2]",
    "[[],{}]",
    "{\"a\":1}",
    " { \"a\" : [ 1 , 2 ] , \"b\" : null } ",
    "{\"a\":1,\"b\":1,\"A\":1}",
    "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
    "[{\"a\":1},{\"a\":1}]",
    "{\"\":1}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0041\\u00e9\\uFFFF\"",
    "\"\\ud83d\\ude00\"",
    "\"\xF0\x9F\x98\x80\"",
    "\"\xE2\x80\x94\"",
    "\"\x7F\"",
    "\"\xEF\xBB\xBF\"",
    "\"\\\\u0000\"",
    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",                                /* 16 levels, the most */
    "123456789012345678901234567890123456789012345678901234567890123", /* 63 bytes, the most */
};

static const struct {
    const char *text;
    long at;
} refused[] = {
    { "", 0 },
    { " ", 1 },
    { "nul", 3 },
    { "truth", 0 },
    { "True", 0 },
    { "nullx", 4 },
    { "NaN", 0 },
    { "Infinity", 0 },
    { "-Infinity", 1 },
    { "'a'", 0 },
    { "1 2", 2 },
    { "{\"a\":1} xyz", 8 },
    { "1,", 1 },
    { "{\"a\":1}\x01", 7 },
    { "\x01{}", 0 },
    { "\v1", 0 },
    { "\xC2\xA0"
      "1",
      0 },
    { "/*x*/1", 0 },
    /* numbers */
    { "01", 0 },
    { "[-01]", 2 },
    { "+1", 0 },
    { "-", 1 },
    { "[-]", 2 },
    { "1.", 2 },
    { "[1.]", 3 },
    { ".5", 0 },
    { "1e", 2 },
    { "[1e]", 3 },
    { "[1e+]", 4 },
    { "[0x10]", 2 },
    { "[1.2.3]", 4 },
    { "1e999", 0 },
    { "[1,-1e999]", 3 },
    { "1e309", 0 },
    { "1.8e308", 0 },
    { "[0.0001e400]", 1 },
    { "18e307", 0 },
    { "[1234567890123456789012345678901234567890123456789012345678901234]", 1 },
    /* arrays and objects */
    { "[", 1 },
    { "[1", 2 },
    { "[1,", 3 },
    { "[1,]", 3 },
    { "[,1]", 1 },
    { "[1 2]", 3 },
    { "]", 0 },
    { "[}", 1 },
    { "[1}", 2 },
    { "{", 1 },
    { "{\"a\"", 4 },
    { "{\"a\":", 5 },
    { "{\"a\" 1}", 5 },
    { "{\"a\":1", 6 },
    { "{\"a\":1,}", 7 },
    { "{\"a\":1]", 6 },
    { "{a:1}", 1 },
    { "{1:1}", 1 },
    { "{\"a\":1 \"b\":2}", 7 },
    { "{,}", 1 },
    { "{\"a\":}", 5 },
    /* equal names */
    { "{\"a\":1,\"a\":2}", 7 },
    { "{\"a\":1,\"b\":2,\"\\u0061\":3}", 13 },
    { "{\"\":1,\"\":2}", 6 },
    { "[{\"x\":{\"b\":1,\"b\":2}}]", 13 },
    { "{\"\xC3\xA9\":1,\"\\u00E9\":2}", 8 },
    { "{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\uDE00\":2}", 10 },
    { "{\"\\n\":1,\"\\u000a\":2}", 8 },
    /* strings */
    { "\"", 0 },
    { "[\"abc", 1 },
    { "\"a\nb\"", 0 },
    { "\"a\tb\"", 2 },
    { "\"abcdefghijk\x1F\"", 12 },
    { "\"\\x\"", 1 },
    { "\"\\", 0 },
    { "\"\\\"", 0 },
    { "\"\\u12\"", 1 },
    { "\"\\u12g4\"", 1 },
    { "\"\\u0000\"", 1 },
    { "{\"a\\u0000b\":1}", 3 },
    { "\"\\ud800\"", 1 },
    { "\"x\\udc00\"", 2 },
    { "\"\\ud800\\u0041\"", 1 },
    { "\"\\ud800\\ud800\"", 1 },
    { "\"\\ud800x\"", 1 },
    /* UTF-8 */
    { "\xEF\xBB\xBF{}", 0 },
    { "\"\xFF\"", 1 },
    { "\"a\xC0\xAF\"", 2 },
    { "\"\xE0\x80\xAF\"", 1 },
    { "\"\xED\xA0\x80\"", 1 },
    { "\"\xF4\x90\x80\x80\"", 1 },
    { "\"\xE2\x80\"", 1 },
    { "{}\xC3", 2 },
    { "{\"\xF5\":1}", 2 },
};

START_TEST (accepts_what_rfc_8259_allows)
{
    sks_error err;
    cJSON *tree;
    ck_assert_msg (check (taken[_i], &err) == 0, "%s: %s at %ld", taken[_i], err.text, err.at);
    ck_assert_int_eq (sks_json_parse (&tree, taken[_i], strlen (taken[_i]), &limits, &err), 0);
    ck_assert_ptr_nonnull (tree);
    cJSON_Delete (tree);
}
END_TEST

START_TEST (reports_the_byte_of_an_error)
{
    sks_error err = refusal (refused[_i].text, strlen (refused[_i].text), &limits);
    ck_assert_msg (err.at == refused[_i].at, "%s: at %ld: %s", refused[_i].text, err.at, err.text);
    ck_assert_str_ne (err.text, "");
}
END_TEST

/* A copy of exactly the size of the text, so that the address sanitizer detects reading beyond it. */
START_TEST (never_reads_past_the_end)
{
    const char *text = "{\"\\uD83D\\uDE00 long enough\":[1.5e-3,true,\"\xE2\x80\x94 text\",null]}";
    size_t size = strlen (text);
    for (size_t cut = 0; cut < size; cut++) {
        char *piece = malloc (cut ? cut : 1);
        memcpy (piece, text, cut);
        ck_assert_int_eq (sks_json_check (piece, cut, &limits, NULL), SKS_EINVALID);
        free (piece);
    }
    ck_assert_int_eq (sks_json_check (text, size, &limits, NULL), 0);
}
END_TEST

START_TEST (refuses_a_nul_anywhere)
{
    ck_assert_int_eq (refusal ("{}\0", 3, &limits).at, 2);
    ck_assert_int_eq (refusal ("\"a\0b\"", 5, &limits).at, 2);
    ck_assert_int_eq (refusal ("[1\0]", 4, &limits).at, 2);
    ck_assert_int_eq (refusal ("\"\\\0\"", 4, &limits).at, 1);
}
END_TEST

START_TEST (finds_every_special_byte_in_eight_at_a_time)
{
    for (size_t at = 1; at < 40; at++) {
        char text[64] = "\"";
        memset (text + 1, 'x', 45);
        text[46] = '"';
        text[at] = '\x1F';
        ck_assert_int_eq (refusal (text, 47, &limits).at, (long) at);
        text[at] = '"';
        ck_assert_int_eq (refusal (text, 47, &limits).at, (long) at + 1);
        text[at] = '\\';
        ck_assert_int_eq (refusal (text, 47, &limits).at, (long) at);
    }
}
END_TEST

START_TEST (names_a_repeated_member)
{
    sks_error err = refusal ("{\"level\":1,\"level\":2}", 21, &limits);
    ck_assert_int_eq (err.code, SKS_EINVALID);
    ck_assert_str_eq (err.text, "\"level\" occurs twice in one object");
}
END_TEST

START_TEST (names_what_is_not_closed)
{
    static const struct {
        const char *text, *message;
        long at;
    } cut[] = {
        { "{\"q\":\"ma", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":\"ma\\", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":\"ma\\u00", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":\"\\ud83d\\ude", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":\"ma\xE2\x82", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":\"mail}\n", "the text ends too early, in the string that begins here", 5 },
        { "{\"q\":1,\"li", "the text ends too early, in the string that begins here", 7 },
        { "{\"q\":\"mail}\n{\"q\":1}\n", "this string is not closed in its line; a line end in a string is written \\n",
          5 },
        { "[\"\",\"a\rb\"]", "this string is not closed in its line; a line end in a string is written \\n", 4 },
        { "{\"a\":", "the text ends too early: an object is not closed", 5 },
        { "[0,{\"a\":[1,2],\"b\":tru", "the text ends too early: an object is not closed", 21 },
        { "[0,{\"a\":[1,2]},[3,-", "the text ends too early: an array is not closed", 19 },
        { "{\"a\":[{},\n", "the text ends too early: an array is not closed", 10 },
        { "[]\xE2", "the text ends too early", 2 },
        { "fals", "the text ends too early", 4 },
    };
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        sks_error err = refusal (cut[i].text, strlen (cut[i].text), &limits);
        ck_assert_str_eq (err.text, cut[i].message);
        ck_assert_msg (err.at == cut[i].at, "%s: at %ld", cut[i].text, err.at);
    }
    ck_assert_str_eq (refusal ("{\"q\":\"mail\"\0", 13, &limits).text, "',' or '}' was expected");
    ck_assert_str_eq (refusal ("{\"q\":\"mail\0", 11, &limits).text,
                      "the text ends too early, in the string that begins here");
}
END_TEST

START_TEST (says_that_a_text_is_cut_wherever_that_happened)
{
    static const char text[] =
        "{\"a\\n\\u00e9\\ud83d\\ude00\xC3\xA9\":[-1.5e+3,true,false,null,\"\xE2\x82\xAC\xF0\x9F\x98\x80\"],"
        "\"b\" : {\"c\":\"d\"} }";
    ck_assert_int_eq (sks_json_check (text, sizeof text - 1, &limits, NULL), 0);
    for (size_t size = 1; size < sizeof text - 1; size++) {
        sks_error err = refusal (text, size, &limits);
        ck_assert_msg (strncmp (err.text, "the text ends too early", 23) == 0, "%zu bytes: %s", size, err.text);
        ck_assert_int_le (err.at, (long) size);
    }
    ck_assert_str_eq (refusal ("[\"\\ud83dx", 9, &limits).text, "half of a surrogate pair");
    ck_assert_str_eq (refusal ("[\"\\u00g", 7, &limits).text, "\\u needs four hexadecimal digits");
    ck_assert_str_eq (refusal ("[\"\xE2x", 4, &limits).text, SKS_JSON_NOT_UTF8);
    ck_assert_str_eq (refusal ("[trux", 5, &limits).text, "a value was expected");
}
END_TEST

START_TEST (parses_without_a_nul_after_the_text)
{
    cJSON *tree;
    ck_assert_int_eq (sks_json_parse (&tree, "[12]345", 4, &limits, NULL), 0);
    ck_assert_double_eq (cJSON_GetArrayItem (tree, 0)->valuedouble, 12);
    cJSON_Delete (tree);
    ck_assert_int_eq (sks_json_parse (&tree, "[12]345", 5, &limits, NULL), SKS_EINVALID);
    ck_assert_ptr_null (tree);
}
END_TEST

/* ----------------------------------------------------------------- limits */

/* {"n0":0,"n1":0 ...} of `count` names; the last one once more if `twice`. */
static char *
many_names (size_t count, bool twice)
{
    sks_buffer out = SKS_BUFFER_INIT (1 << 24);
    sks_buffer_putc (&out, '{');
    for (size_t i = 0; i < count; i++)
        sks_buffer_printf (&out, "%s\"n%zu\":0", i ? "," : "", i * 7919 % count);
    sks_buffer_puts (&out, twice ? ",\"\\u006e1\":0}" : "}");
    return (char *) sks_buffer_text (&out);
}

START_TEST (refuses_a_text_over_its_size)
{
    sks_error err = refusal ("[1,2]", 5, &(sks_json_limits) { 4, 16, 8, 8, 0 });
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, 4);
    ck_assert_str_eq (err.text, "more than 4 bytes");
}
END_TEST

START_TEST (refuses_too_many_levels)
{
    sks_error err = refusal ("[[[1]]]", 7, &(sks_json_limits) { 64, 2, 8, 8, 0 });
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, 2);
    ck_assert_str_eq (err.text, "nested deeper than 2 levels");
}
END_TEST

START_TEST (refuses_a_million_brackets_without_recursion)
{
    size_t size = 1000000;
    char *text = malloc (size);
    memset (text, '[', size);
    sks_error err = refusal (text, size, &(sks_json_limits) { size, SKS_JSON_DEPTH, 8, SIZE_MAX, 0 });
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, SKS_JSON_DEPTH);
    free (text);
}
END_TEST

START_TEST (refuses_too_many_names)
{
    sks_error err = refusal ("{\"a\":1,\"b\":2,\"c\":3}", 19, &(sks_json_limits) { 64, 2, 2, 8, 0 });
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, 13);
    ck_assert_int_eq (check ("{\"a\":{\"b\":1,\"c\":2},\"d\":{\"e\":1,\"f\":2}}", NULL), 0);
}
END_TEST

START_TEST (refuses_too_many_items)
{
    const sks_json_limits most = { 64, 4, 8, 64, 3 };
    ck_assert_int_eq (sks_json_check ("[1,[2,[3,4,5],6],{\"a\":7}]", 25, &most, NULL), 0);
    sks_error err = refusal ("[1,[2,3,4],[5,6,7,8]]", 21, &most);
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, 17);
    ck_assert_str_eq (err.text, "an array of more than 3 items");
}
END_TEST

START_TEST (refuses_too_many_values)
{
    const sks_json_limits most = { 64, 4, 8, 4, 0 };
    ck_assert_int_eq (sks_json_check ("[1,{\"a\":2}]", 11, &most, NULL), 0);
    sks_error err = refusal ("[1,{\"a\":2},[]]", 14, &most);
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, 11);
}
END_TEST

START_TEST (finds_a_repeated_name_among_any_number)
{
    const size_t counts[] = { 2, 15, 16, 17, 64, 65, 1000, 100000 };
    const sks_json_limits most = { 1 << 24, 2, 100001, SIZE_MAX, 0 };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char *sound = many_names (counts[i], false), *twice = many_names (counts[i], true);
        ck_assert_int_eq (sks_json_check (sound, strlen (sound), &most, NULL), 0);
        ck_assert_int_eq (refusal (twice, strlen (twice), &most).at, (long) strlen (twice) - 12);
        free (sound);
        free (twice);
    }
}
END_TEST

START_TEST (points_at_the_first_repeated_name)
{
    char *names = many_names (100, false);
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    sks_buffer_printf (&out, "%.*s,\"n99\":0,\"n0\":0}", (int) strlen (names) - 1, names);
    ck_assert_int_eq (refusal (out.bytes, out.size, &limits).at, (long) strlen (names));
    sks_buffer_free (&out);
    free (names);
}
END_TEST

/* ----------------------------------------------------------------- writer */

static void
assert_written (sks_buffer *out, const char *wanted)
{
    ck_assert_str_eq (sks_buffer_text (out), wanted);
    sks_buffer_clear (out);
}

START_TEST (escapes_only_what_must_be_escaped)
{
    sks_buffer out = SKS_BUFFER_INIT (1000);
    sks_json_put_string (&out, "plain \xE2\x80\x94 / \x7F");
    assert_written (&out, "\"plain \xE2\x80\x94 / \x7F\"");
    sks_json_put_string (&out, "\"\\\b\f\n\r\t\x01\x1F");
    assert_written (&out, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\"");
    sks_json_put_bytes (&out, "a\0b", 3);
    assert_written (&out, "\"a\\u0000b\"");
    sks_json_put_string (&out, "");
    assert_written (&out, "\"\"");
    sks_buffer_free (&out);
}
END_TEST

START_TEST (puts_commas_where_they_belong)
{
    sks_buffer out = SKS_BUFFER_INIT (1000);
    sks_buffer_putc (&out, '{');
    sks_json_put_text (&out, "a", "{");
    sks_json_put_count (&out, "b", 18446744073709551615u);
    sks_json_put_text (&out, "c", NULL);
    sks_json_put_name (&out, "d");
    sks_buffer_putc (&out, '[');
    sks_json_put_item (&out, "[");
    sks_json_put_item (&out, "x");
    sks_buffer_puts (&out, "]}");
    assert_written (&out, "{\"a\":\"{\",\"b\":18446744073709551615,\"c\":null,\"d\":[\"[\",\"x\"]}");
    sks_buffer_free (&out);
}
END_TEST

static const struct {
    double value;
    const char *text;
} numbers[] = {
    { 0, "0" },
    { -0.0, "0" },
    { 1, "1" },
    { -1, "-1" },
    { 0.5, "0.5" },
    { 11.2, "11.2" },
    { 0.1, "0.1" },
    { 1.0 / 3, "0.333333" },
    { -2.0 / 3, "-0.666667" },
    { 0.0000004, "0" },
    { -0.0000004, "0" },
    { 0.9999999, "1" },
    { 0.000001, "0.000001" },
    { 123456.789, "123456.789" },
    { 10.0625, "10.0625" },
    { 999999999.75, "999999999.75" },
    { 1e9, "1e+09" },
    { -1.5e300, "-1.5e+300" },
    { 9007199254740993.0, "9.007199254740992e+15" },
    { NAN, "0" },
    { INFINITY, "0" },
    { -INFINITY, "0" },
};

START_TEST (writes_numbers_in_short_finite_form)
{
    sks_buffer out = SKS_BUFFER_INIT (1000);
    sks_json_put_number (&out, numbers[_i].value);
    assert_written (&out, numbers[_i].text);
    sks_buffer_free (&out);
}
END_TEST

Suite *
suite_json (void)
{
    Suite *suite = suite_create ("json");
    TCase *core = tcase_create ("Core");
    tcase_add_loop_test (core, accepts_what_rfc_8259_allows, 0, sizeof taken / sizeof *taken);
    tcase_add_loop_test (core, reports_the_byte_of_an_error, 0, sizeof refused / sizeof *refused);
    tcase_add_test (core, never_reads_past_the_end);
    tcase_add_test (core, refuses_a_nul_anywhere);
    tcase_add_test (core, finds_every_special_byte_in_eight_at_a_time);
    tcase_add_test (core, names_a_repeated_member);
    tcase_add_test (core, names_what_is_not_closed);
    tcase_add_test (core, says_that_a_text_is_cut_wherever_that_happened);
    tcase_add_test (core, parses_without_a_nul_after_the_text);
    tcase_add_test (core, escapes_only_what_must_be_escaped);
    tcase_add_test (core, puts_commas_where_they_belong);
    tcase_add_loop_test (core, writes_numbers_in_short_finite_form, 0, sizeof numbers / sizeof *numbers);
    suite_add_tcase (suite, core);
    TCase *most = tcase_create ("Limits");
    tcase_add_test (most, refuses_a_text_over_its_size);
    tcase_add_test (most, refuses_too_many_levels);
    tcase_add_test (most, refuses_a_million_brackets_without_recursion);
    tcase_add_test (most, refuses_too_many_names);
    tcase_add_test (most, refuses_too_many_items);
    tcase_add_test (most, refuses_too_many_values);
    tcase_add_test (most, finds_a_repeated_name_among_any_number);
    tcase_add_test (most, points_at_the_first_repeated_name);
    suite_add_tcase (suite, most);
    return suite;
}
