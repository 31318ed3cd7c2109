/* check_printable.c - characters that a terminal would interpret are escaped, and all others are not: in texts, errors,
 * log values and JSON. */
#include "core/base/json.h"
#include "core/base/printable.h"
#include "core/base/printable_put.h"
#include "searchd/log.h"

#include <cjson/cJSON.h>
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_printable (void);

static const struct {
    const char *text, *shown;
} texts[] = {
    { "plain", "plain" },
    { "", "" },
    { "größe — 🙂 ‘’ \xE2\x80\x8B", "größe — 🙂 ‘’ \xE2\x80\x8B" },
    { "\x1b]0;t\x07", "\\x1b]0;t\\x07" },
    { "a\tb\nc\rd\x7f", "a\\x09b\\x0ac\\x0dd\\x7f" },
    { "\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", "\\u0080\\u009b\\u009f\xC2\xA0" },
    { "\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F", "\\u061c\\u200e\\u200f" },
    { "\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xAE\xE2\x80\xAF", "\xE2\x80\xA7\\u2028\\u202e\xE2\x80\xAF" },
    { "\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA", "\xE2\x81\xA5\\u2066\\u2069\xE2\x81\xAA" },
    { "\xFF\xC3(\xE2\x80", "\\xff\\xc3(\\xe2\\x80" },
    { "\xC0\x9B\xED\xA0\x80\x9B", "\\xc0\\x9b\\xed\\xa0\\x80\\x9b" },
};

#define COUNT(table) (sizeof (table) / sizeof *(table))

START_TEST (control_characters_become_visible)
{
    for (size_t i = 0; i < COUNT (texts); i++) {
        char copy[128];
        sks_error err;
        sks_buffer out = SKS_BUFFER_INIT (1024);
        sks_printable_puts (&out, texts[i].text);
        ck_assert_str_eq (sks_buffer_text (&out), texts[i].shown);
        sks_buffer_free (&out);
        ck_assert_uint_eq (sks_printable_copy (copy, sizeof copy, texts[i].text, strlen (texts[i].text)),
                           strlen (texts[i].shown));
        ck_assert_str_eq (copy, texts[i].shown);
        sks_fail (&err, SKS_EIO, "%s", texts[i].text);
        ck_assert_str_eq (err.text, texts[i].shown);
    }
}
END_TEST

START_TEST (a_copy_never_ends_within_a_character)
{
    static const char text[] = "a\xE2\x80\x94\x1b\xC2\x9B\xF0\x9F\x99\x82z";
    static const char *const shown[] = {
        "", "a", "a", "a", "a\xE2\x80\x94", "a\xE2\x80\x94", "a\xE2\x80\x94", "a\xE2\x80\x94", "a\xE2\x80\x94\\x1b"
    };
    for (size_t room = 1; room <= COUNT (shown); room++) {
        char copy[32];
        sks_printable_copy (copy, room, text, sizeof text - 1);
        ck_assert_str_eq (copy, shown[room - 1]);
    }
}
END_TEST

START_TEST (escaped_json_keeps_its_meaning)
{
    static const char json[] = "{\"a\":\"\xC2\x9B\xE2\x80\xAE\x7F\\u001b\\\\\xD8\x9C\xF0\x9F\x99\x82\",\r\n\t\"b\":1}";
    sks_buffer out = SKS_BUFFER_INIT (1024);
    sks_printable_put_json (&out, json, sizeof json - 1);
    ck_assert_str_eq (sks_buffer_text (&out),
                      "{\"a\":\"\\u009b\\u202e\\u007f\\u001b\\\\\\u061c\xF0\x9F\x99\x82\", \n \"b\":1}");
    cJSON *before = cJSON_Parse (json), *after = cJSON_Parse (out.bytes);
    ck_assert (cJSON_Compare (before, after, true));
    cJSON_Delete (before);
    cJSON_Delete (after);
    sks_buffer_free (&out);
}
END_TEST

START_TEST (a_log_value_escapes_what_it_quotes)
{
    static const struct {
        const char *value, *quoted;
    } values[] = {
        { "plain", "plain" },          { "größe", "größe" },
        { "a b", "\"a b\"" },          { "", "\"\"" },
        { "a\nb", "\"a\\nb\"" },       { "\x1b[31m", "\"\\x1b[31m\"" },
        { "\xC2\x9B", "\"\\u009b\"" }, { "x\xE2\x80\xAEy", "\"x\\u202ey\"" },
        { "\xFF", "\"\\xff\"" },       { "\"\\", "\"\\\"\\\\\"" },
    };
    for (size_t i = 0; i < COUNT (values); i++) {
        char out[64];
        ck_assert_str_eq (sks_log_quote (out, sizeof out, values[i].value), values[i].quoted);
    }
}
END_TEST

/* Details whose writer did not escape them. */
START_TEST (a_log_line_has_no_control_characters)
{
    int ends[2], before = dup (STDERR_FILENO);
    char line[512];
    ck_assert_int_eq (pipe (ends), 0);
    dup2 (ends[1], STDERR_FILENO);
    sks_log (SKS_LOG_ERROR, "test", "path=%s end", "a\x1b[31m\nb\xC2\x9B\xE2\x80\xAE\xD8\x9C\xFF\x7F\xC3\xA9");
    dup2 (before, STDERR_FILENO);
    ssize_t size = read (ends[0], line, sizeof line - 1);
    ck_assert_int_gt (size, 0);
    line[size] = '\0';
    ck_assert_ptr_nonnull (strstr (line, " event=test path=a?[31m?b?????\xC3\xA9 end\n"));
}
END_TEST

Suite *
suite_printable (void)
{
    Suite *suite = suite_create ("printable");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, control_characters_become_visible);
    tcase_add_test (core, a_copy_never_ends_within_a_character);
    tcase_add_test (core, escaped_json_keeps_its_meaning);
    tcase_add_test (core, a_log_value_escapes_what_it_quotes);
    tcase_add_test (core, a_log_line_has_no_control_characters);
    suite_add_tcase (suite, core);
    return suite;
}
