/* check_wire_ops.c - requests of the operations other than search and get, in both directions, and requests inside a
 * multi. */
#include "tests/support/request.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_wire_ops (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define REQUEST(members) "{\"v\":1,\"op\":" members "}"
#define ID "43-9061.00/emerging/0123456789ab"

/* ------------------------------------------------------------ round trips */

/* Requests in written form: each member that is not at its default, in this order. After reading, they must be written
 * unchanged. */
static const char *const written[] = {
    REQUEST ("\"search\",\"collapse\":{\"by\":\"occupation\",\"keep\":3}"),
    REQUEST ("\"similar\",\"statement\":\"" ID "\""),
    REQUEST ("\"similar\",\"statement\":\"" ID "\",\"exclude\":[\"occupation\",\"level\"],"
             "\"filter\":{\"level\":[\"advanced\"]},\"limit\":3,\"want\":[\"explain\"],\"tags\":[\"<\","
             "\">\"]"),
    REQUEST ("\"compare\",\"occupation\":\"43-9061.00\""),
    REQUEST ("\"compare\",\"occupation\":\"43-9061.00\",\"duty\":\"incoming mail\",\"deadline_ms\":7"),
    REQUEST ("\"crosswalk\",\"occupations\":[\"43-9061.00\",\"29-1141.00\"]"),
    REQUEST ("\"crosswalk\",\"occupations\":[\"43-9061.00\",\"29-1141.00\"],\"level\":\"advanced\""),
    REQUEST ("\"occupation\",\"occupation\":\"43-9061\""),
    REQUEST ("\"map\",\"text\":\"One.\\nTwo.\""),
    REQUEST ("\"map\",\"text\":\"One.\",\"filter\":{\"zone\":{\"min\":2,\"max\":3}},\"limit\":1"),
    REQUEST ("\"suggest\",\"text\":\"mai\""),
    REQUEST ("\"suggest\",\"text\":\"mai\",\"limit\":20"),
    REQUEST ("\"facet_values\",\"facet\":{\"name\":\"zone\"}"),
    REQUEST ("\"facet_values\",\"q\":\"mail\",\"match\":\"any\",\"filter\":{\"group\":[\"43\"]},"
             "\"facet\":{\"name\":\"occupation\",\"limit\":1000,\"find\":\"clerk\"}"),
    REQUEST ("\"analyze\""),
    REQUEST ("\"analyze\",\"q\":\"rout* mail\",\"match\":\"all\""),
    REQUEST ("\"scan\""),
    REQUEST ("\"scan\",\"q\":\"mail\",\"match\":\"any\",\"filter\":{\"sector\":[\"55\"]},"
             "\"cursor\":\"1-abc\",\"limit\":1000"),
    REQUEST ("\"multi\",\"requests\":[{\"id\":\"a\",\"op\":\"search\",\"q\":\"mail\"},{\"op\":\"health\"},"
             "{\"op\":\"suggest\",\"text\":\"m\",\"limit\":9}],\"deadline_ms\":9"),
    REQUEST ("\"similar\",\"statement\":\"" ID "\",\"meaning\":false"),
    REQUEST ("\"compare\",\"occupation\":\"43-9061.00\",\"meaning\":false"),
    REQUEST ("\"crosswalk\",\"occupations\":[\"43-9061.00\",\"29-1141.00\"],\"meaning\":false"),
    REQUEST ("\"map\",\"text\":\"One.\",\"meaning\":false"),
};

START_TEST (writes_a_request_equal_to_what_it_read)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    sks_request *request = request_decode (written[_i]);
    ck_assert_int_eq (sks_request_encode (request, &out, NULL), 0);
    ck_assert_str_eq (sks_buffer_text (&out), written[_i]);
    sks_buffer_free (&out);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (reads_the_members_of_similar)
{
    sks_request *request = request_decode (written[2]);
    ck_assert_int_eq (request->op, SKS_OP_SIMILAR);
    ck_assert_str_eq (request->statement, ID);
    ck_assert_uint_eq (request->exclude, SKS_EXCLUDE_OCCUPATION | SKS_EXCLUDE_LEVEL);
    ck_assert_uint_eq (request->query.limit, 3);
    ck_assert_uint_eq (request->query.filter[SKS_FACET_LEVEL].count, 1);
    ck_assert_str_eq (request->query.tag_close, ">");
    sks_request_destroy (&request);
}
END_TEST

START_TEST (reads_the_members_of_crosswalk_and_compare)
{
    sks_request *request = request_decode (written[6]);
    ck_assert_str_eq (request->occupations[1], "29-1141.00");
    ck_assert_int_eq (request->level, SKS_ADVANCED);
    sks_request_destroy (&request);
    request = request_decode (written[5]);
    ck_assert_int_eq (request->level, -1);
    sks_request_destroy (&request);
    request = request_decode (written[4]);
    ck_assert_str_eq (request->occupations[0], "43-9061.00");
    ck_assert_str_eq (request->duty, "incoming mail");
    sks_request_destroy (&request);
}
END_TEST

START_TEST (each_operation_has_its_default_limit)
{
    static const struct {
        const char *text;
        uint32_t limit;
    } usual[] = {
        { REQUEST ("\"search\""), SKS_DEFAULT_LIMIT },
        { REQUEST ("\"similar\",\"statement\":\"x\""), SKS_DEFAULT_LIMIT },
        { REQUEST ("\"map\",\"text\":\"x\""), SKS_DEFAULT_MAP_LIMIT },
        { REQUEST ("\"suggest\",\"text\":\"x\""), SKS_DEFAULT_SUGGESTIONS },
        { REQUEST ("\"scan\""), SKS_DEFAULT_SCAN },
    };
    for (size_t i = 0; i < COUNT (usual); i++) {
        sks_request *request = request_decode (usual[i].text);
        ck_assert_uint_eq (request->query.limit, usual[i].limit);
        sks_request_destroy (&request);
    }
}
END_TEST

START_TEST (a_facet_can_be_requested_by_its_name_alone)
{
    sks_request *request = request_decode (REQUEST ("\"facet_values\",\"facet\":\"group\""));
    ck_assert_uint_eq (request->query.facet_count, 1);
    ck_assert_int_eq (request->query.facets[0].facet, SKS_FACET_GROUP);
    ck_assert_uint_eq (request->query.facets[0].limit, SKS_DEFAULT_FACET_LIMIT);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (collapsing_keeps_one_unless_a_number_is_given)
{
    sks_request *request = request_decode (REQUEST ("\"search\",\"collapse\":{\"by\":\"occupation\"}"));
    ck_assert_uint_eq (request->query.collapse, 1);
    sks_request_destroy (&request);
    request = request_decode (REQUEST ("\"search\""));
    ck_assert_uint_eq (request->query.collapse, 0);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (requests_of_a_multi_are_independent)
{
    sks_request *request = request_decode (REQUEST ("\"multi\",\"id\":\"m\",\"requests\":[{\"v\":1,\"op\":\"search\","
                                                    "\"q\":\"a\"},{\"op\":\"scan\",\"id\":\"2\"}]"));
    ck_assert_str_eq (request->id, "m");
    ck_assert_uint_eq (request->request_count, 2);
    ck_assert_int_eq (request->requests[0]->op, SKS_OP_SEARCH);
    ck_assert_ptr_null (request->requests[0]->id);
    ck_assert_str_eq (request->requests[0]->query.text, "a");
    ck_assert_int_eq (request->requests[1]->op, SKS_OP_SCAN);
    ck_assert_str_eq (request->requests[1]->id, "2");
    ck_assert_uint_eq (request->requests[1]->query.limit, SKS_DEFAULT_SCAN);
    sks_request_destroy (&request);
}
END_TEST

/* ------------------------------------------------------------------ limits */

static const struct {
    const char *text;
    int code;
    const char *reason;
} refused[] = {
    /* what must be there */
    { REQUEST ("\"similar\""), SKS_EBADREQUEST, "/statement: missing" },
    { REQUEST ("\"compare\""), SKS_EBADREQUEST, "/occupation: missing" },
    { REQUEST ("\"occupation\""), SKS_EBADREQUEST, "/occupation: missing" },
    { REQUEST ("\"crosswalk\""), SKS_EBADREQUEST, "/occupations: missing" },
    { REQUEST ("\"map\""), SKS_EBADREQUEST, "/text: missing" },
    { REQUEST ("\"suggest\""), SKS_EBADREQUEST, "/text: missing" },
    { REQUEST ("\"facet_values\""), SKS_EBADREQUEST, "/facet: missing" },
    { REQUEST ("\"multi\""), SKS_EBADREQUEST, "/requests: missing" },
    /* members of others */
    { REQUEST ("\"similar\",\"statement\":\"x\",\"q\":\"x\""), SKS_EBADREQUEST, "/q: not a member of \"similar\"" },
    { REQUEST ("\"similar\",\"statement\":\"x\",\"offset\":1"), SKS_EBADREQUEST,
      "/offset: not a member of \"similar\"" },
    { REQUEST ("\"compare\",\"occupation\":\"x\",\"level\":\"advanced\""), SKS_EBADREQUEST,
      "/level: not a member of \"compare\"" },
    { REQUEST ("\"occupation\",\"occupation\":\"x\",\"duty\":\"x\""), SKS_EBADREQUEST,
      "/duty: not a member of \"occupation\"" },
    { REQUEST ("\"occupation\",\"occupation\":43"), SKS_EBADREQUEST, "/occupation: not a string" },
    { REQUEST ("\"scan\",\"sort\":\"-relevance\""), SKS_EBADREQUEST, "/sort: a scan does not rank its statements" },
    { REQUEST ("\"get\",\"ids\":[\"a\"],\"resolve\":true"), SKS_EBADREQUEST, "/resolve: not a member of \"get\"" },
    { REQUEST ("\"search\",\"resolve\":1"), SKS_EBADREQUEST, "/resolve: not true or false" },
    { REQUEST ("\"search\",\"cursor\":\"x\""), SKS_EBADREQUEST, "/cursor: not a member of \"search\"" },
    { REQUEST ("\"search\",\"facet\":\"level\""), SKS_EBADREQUEST, "/facet: not a member of \"search\"" },
    { REQUEST ("\"scan\",\"collapse\":{\"by\":\"occupation\"}"), SKS_EBADREQUEST,
      "/collapse: not a member of \"scan\"" },
    /* values */
    { REQUEST ("\"search\",\"collapse\":3"), SKS_EBADREQUEST, "/collapse: not an object" },
    { REQUEST ("\"search\",\"collapse\":{}"), SKS_EBADREQUEST, "/collapse/by: missing" },
    { REQUEST ("\"search\",\"collapse\":{\"by\":\"level\"}"), SKS_EBADREQUEST,
      "/collapse/by: \"level\" is not one of occupation" },
    { REQUEST ("\"search\",\"collapse\":{\"by\":\"occupation\",\"most\":1}"), SKS_EBADREQUEST,
      "/collapse/most: unknown member" },
    { REQUEST ("\"search\",\"collapse\":{\"by\":\"occupation\",\"keep\":0}"), SKS_EBADREQUEST,
      "/collapse/keep: at least 1" },
    { REQUEST ("\"search\",\"collapse\":{\"by\":\"occupation\",\"keep\":11}"), SKS_ELIMIT,
      "/collapse/keep: at most 10" },
    { REQUEST ("\"similar\",\"statement\":\"x\",\"exclude\":[\"level\",\"zone\"]"), SKS_EBADREQUEST,
      "/exclude/1: \"zone\" is not one of occupation, level" },
    { REQUEST ("\"crosswalk\",\"occupations\":[\"a\"]"), SKS_EBADREQUEST, "/occupations: two SOC codes are needed" },
    { REQUEST ("\"crosswalk\",\"occupations\":[\"a\",\"b\",\"c\"]"), SKS_ELIMIT, "/occupations: at most 2" },
    { REQUEST ("\"crosswalk\",\"occupations\":[\"a\",\"b\"],\"level\":\"high\""), SKS_EBADREQUEST,
      "/level: \"high\" is not one of emerging, developing, proficient, advanced" },
    { REQUEST ("\"map\",\"text\":\"x\",\"limit\":0"), SKS_EBADREQUEST, "/limit: at least 1" },
    { REQUEST ("\"suggest\",\"text\":\"x\",\"limit\":21"), SKS_ELIMIT, "/limit: at most 20" },
    { REQUEST ("\"scan\",\"limit\":1001"), SKS_ELIMIT, "/limit: at most 1000" },
    { REQUEST ("\"scan\",\"limit\":0"), SKS_EBADREQUEST, "/limit: at least 1" },
    { REQUEST ("\"facet_values\",\"facet\":{\"limit\":1}"), SKS_EBADREQUEST, "/facet/name: missing" },
    { REQUEST ("\"facet_values\",\"facet\":[]"), SKS_EBADREQUEST, "/facet: neither an object nor a facet's name" },
    /* inside a multi */
    { REQUEST ("\"multi\",\"requests\":{}"), SKS_EBADREQUEST, "/requests: not a list" },
    { REQUEST ("\"multi\",\"requests\":[]"), SKS_EBADREQUEST, "/requests: at least 1 request is needed" },
    { REQUEST ("\"multi\",\"requests\":[7]"), SKS_EBADREQUEST, "/requests/0: not an object" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"health\"},{}]"), SKS_EBADREQUEST, "/requests/1/op: missing" },
    { REQUEST ("\"multi\",\"requests\":[{\"v\":2,\"op\":\"health\"}]"), SKS_EBADVERSION,
      "/requests/0/v: not a version this daemon knows; version 1 is supported" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"multi\",\"requests\":[]}]"), SKS_EBADREQUEST,
      "/requests/0/op: no \"multi\" inside another one" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"search\",\"deadline_ms\":1}]"), SKS_EBADREQUEST,
      "/requests/0/deadline_ms: the deadline is that of the whole request" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"search\"},{\"op\":\"search\",\"q\":7}]"), SKS_EBADREQUEST,
      "/requests/1/q: not a string" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"search\",\"filter\":{\"level\":[\"x\"]}}]"), SKS_EBADREQUEST,
      "/requests/0/filter/level/0: no level \"x\"; there are emerging, developing, proficient, advanced" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"search\",\"offset\":9991}]"), SKS_ELIMIT,
      "/requests/0/offset: offset + limit is at most 10000" },
    { REQUEST ("\"multi\",\"requests\":[{\"op\":\"get\"}]"), SKS_EBADREQUEST, "/requests/0/ids: missing" },
};

START_TEST (refuses_with_the_place_and_the_reason)
{
    request_refused (refused[_i].text, refused[_i].code, refused[_i].reason);
}
END_TEST

START_TEST (accepts_texts_up_to_their_limits)
{
    static const struct {
        const char *before;
        size_t most;
        const char *reason;
    } texts[] = {
        { "{\"v\":1,\"op\":\"map\",\"text\":\"", SKS_MAX_MAP_BYTES, "/text: at most 32768 bytes" },
        { "{\"v\":1,\"op\":\"suggest\",\"text\":\"", SKS_MAX_QUERY_BYTES, "/text: at most 2048 bytes" },
        { "{\"v\":1,\"op\":\"scan\",\"cursor\":\"", 128, "/cursor: at most 128 bytes" },
        { "{\"v\":1,\"op\":\"similar\",\"statement\":\"", 128, "/statement: at most 128 bytes" },
        { "{\"v\":1,\"op\":\"compare\",\"occupation\":\"x\",\"duty\":\"", 128, "/duty: at most 128 bytes" },
    };
    for (size_t i = 0; i < COUNT (texts); i++) {
        char *text = request_repeat (texts[i].before, "x", texts[i].most, "\"}");
        sks_request *request = request_decode (text);
        sks_request_destroy (&request);
        free (text);
        text = request_repeat (texts[i].before, "x", texts[i].most + 1, "\"}");
        request_refused (text, SKS_ELIMIT, texts[i].reason);
        free (text);
    }
}
END_TEST

START_TEST (accepts_sixteen_requests_and_no_more)
{
    char text[1024] = "{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"health\"}";
    for (int i = 1; i < SKS_MAX_MULTI; i++)
        strcat (text, ",{\"op\":\"health\"}");
    char *end = text + strlen (text);
    strcpy (end, "]}");
    sks_request *request = request_decode (text);
    ck_assert_uint_eq (request->request_count, SKS_MAX_MULTI);
    sks_request_destroy (&request);
    strcpy (end, ",{\"op\":\"health\"}]}");
    request_refused (text, SKS_ELIMIT, "/requests: at most 16");
}
END_TEST

START_TEST (does_not_write_a_part_that_has_no_name)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    sks_request part = { .op = SKS_OP_SEARCH, .query = SKS_QUERY_INIT }, *parts[] = { &part };
    const sks_request whole = { .op = SKS_OP_MULTI, .requests = parts, .request_count = 1 };
    ck_assert_int_eq (sks_request_encode (&whole, &out, NULL), 0);
    sks_buffer_clear (&out);
    part.query.sort = 99;
    ck_assert_int_eq (sks_request_encode (&whole, &out, NULL), SKS_EINVALID);
    sks_buffer_free (&out);
}
END_TEST

Suite *
suite_wire_ops (void)
{
    Suite *suite = suite_create ("wire_ops");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_loop_test (core, writes_a_request_equal_to_what_it_read, 0, COUNT (written));
    tcase_add_test (core, reads_the_members_of_similar);
    tcase_add_test (core, reads_the_members_of_crosswalk_and_compare);
    tcase_add_test (core, each_operation_has_its_default_limit);
    tcase_add_test (core, a_facet_can_be_requested_by_its_name_alone);
    tcase_add_test (core, collapsing_keeps_one_unless_a_number_is_given);
    tcase_add_test (core, requests_of_a_multi_are_independent);
    suite_add_tcase (suite, core);
    tcase_add_loop_test (limits, refuses_with_the_place_and_the_reason, 0, COUNT (refused));
    tcase_add_test (limits, accepts_texts_up_to_their_limits);
    tcase_add_test (limits, accepts_sixteen_requests_and_no_more);
    tcase_add_test (limits, does_not_write_a_part_that_has_no_name);
    suite_add_tcase (suite, limits);
    return suite;
}
