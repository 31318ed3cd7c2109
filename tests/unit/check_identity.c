/* check_identity.c - the id of a message, found without parsing it. */
#include "core/wire/identity.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_identity (void);

static bool
is_stale (const char *request, const char *reply)
{
    return sks_identity_is_stale (sks_identity_find (request, strlen (request)), reply, strlen (reply));
}

START_TEST (only_the_outermost_id_counts)
{
    const char *ours = "{\"id\":\"7\"}";
    ck_assert (!is_stale (ours, "{\"v\":1,\"id\" : \"7\"}"));
    ck_assert (is_stale (ours, "{\"v\":1,\"id\":\"8\"}"));
    ck_assert (is_stale (ours, "{\"hits\":[{\"id\":\"7\"}],\"id\":\"77\"}"));
    ck_assert (!is_stale (ours, "{\"hits\":[{\"id\":\"8\"},\"id\",\"9\"],\"id\":\"7\"}"));
    ck_assert (!is_stale (ours, "{\"x\":\"\\\"id\\\":\\\"8\\\"\",\"id\":\"7\"}"));
    ck_assert (!is_stale (ours, "{\"id\":null,\"x\":\"id\"}"));
    ck_assert (!is_stale (ours, "{\"x\":\"id\",\"y\":\"8\"}"));
    ck_assert (!is_stale ("{\"op\":\"stats\"}", "{\"id\":\"8\"}"));
    ck_assert (!is_stale ("{\"id\":\"\\u0037\"}", "{\"id\":\"7\"}"));
}
END_TEST

START_TEST (a_broken_message_has_no_id_and_is_not_read_past_its_end)
{
    static const char *const broken[] = {
        "",         "{",          "{\"",         "{\"id",         "{\"id\"",
        "{\"id\":", "{\"id\":\"", "{\"id\":\"7", "{\"id\":\"7\\", "{\"id\":\"7\\\"",
        "]]]]",     "{\"id\"\\",  "\"id\"",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        size_t size = strlen (broken[i]);
        char *copy = malloc (size ? size : 1);
        memcpy (copy, broken[i], size);
        ck_assert_ptr_null (sks_identity_find (copy, size).bytes);
        free (copy);
    }
}
END_TEST

static uint32_t
deadline_of (const char *request)
{
    uint32_t deadline_ms;
    sks_identity id = sks_identity_find_both (request, strlen (request), &deadline_ms), alone;
    alone = sks_identity_find (request, strlen (request));
    ck_assert_ptr_eq (id.bytes, alone.bytes);
    ck_assert_uint_eq (id.size, alone.size);
    return deadline_ms;
}

START_TEST (a_deadline_is_found_anywhere_in_the_request)
{
    ck_assert_uint_eq (deadline_of ("{\"op\":\"map\",\"text\":\"a\",\"deadline_ms\":60000}"), 60000);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\" : 250 ,\"ids\":[[1,{\"a\":2}],\"]\"]}"), 250);
    ck_assert_uint_eq (deadline_of ("250"), 0);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\":5,\"id\":\"a\",\"deadline_ms\":6,\"id\":\"b\"}"), 5);
    ck_assert_uint_eq (deadline_of ("{\"id\":\"deadline_ms\",\"deadline_ms\":6}"), 6);
    ck_assert_uint_eq (deadline_of ("{\"ids\":[[1,{\"deadline_ms\":2}],\"]\\\"\"],\"deadline_ms\":7}"), 7);
}
END_TEST

START_TEST (an_invalid_deadline_is_left_to_the_daemon)
{
    ck_assert_uint_eq (deadline_of ("{\"op\":\"map\"}"), 0);
    ck_assert_uint_eq (deadline_of ("{\"text\":\"\\\"deadline_ms\\\":5\"}"), 0);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\":60001}"), 0);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\":99999999999999999999}"), 0);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\":\"9\"}"), 0);
    ck_assert_uint_eq (deadline_of ("{\"deadline_ms\":"), 0);
    ck_assert_uint_eq (deadline_of ("[{\"deadline_ms\":9}]"), 0);
}
END_TEST

Suite *
suite_identity (void)
{
    Suite *suite = suite_create ("identity");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, only_the_outermost_id_counts);
    tcase_add_test (core, a_deadline_is_found_anywhere_in_the_request);
    tcase_add_test (limits, an_invalid_deadline_is_left_to_the_daemon);
    tcase_add_test (limits, a_broken_message_has_no_id_and_is_not_read_past_its_end);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
