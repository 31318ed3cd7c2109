/* check_wire.c - requests in both directions: a written request is read back unchanged, and an invalid one is refused
 * with its place. */
#include "tests/support/request.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_wire (void);

#define SEARCH "{\"v\":1,\"op\":\"search\""

/* Assert that `count` pieces are accepted and one more is refused as a limit with `reason`. */
static void
assert_most (const char *before, const char *piece, size_t count, const char *after, const char *reason)
{
    char *text = request_repeat (before, piece, count, after);
    sks_request *request = request_decode (text);
    sks_request_destroy (&request);
    free (text);
    text = request_repeat (before, piece, count + 1, after);
    request_refused (text, SKS_ELIMIT, reason);
    free (text);
}

static char *
encode (const sks_request *request)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    sks_error err;
    int rc = sks_request_encode (request, &out, &err);
    ck_assert_msg (rc == 0, "%s", err.text);
    return (char *) sks_buffer_text (&out);
}

/* ------------------------------------------------------------ round trips */

static void
assert_same_text (const char *one, const char *other)
{
    ck_assert_str_eq (one ? one : "", other ? other : "");
}

static void
assert_same_filter (const sks_filter *one, const sks_filter *other)
{
    ck_assert_uint_eq (one->count, other->count);
    for (size_t i = 0; i < one->count; i++)
        ck_assert_str_eq (one->values[i], other->values[i]);
    ck_assert_int_eq (one->min, other->min);
    ck_assert_int_eq (one->max, other->max);
}

static void
assert_same_query (const sks_query *one, const sks_query *other)
{
    assert_same_text (one->text, other->text);
    ck_assert_int_eq (one->match, other->match);
    ck_assert_int_eq (one->sort, other->sort);
    ck_assert_int_eq (one->reverse, other->reverse);
    ck_assert_uint_eq (one->want, other->want);
    ck_assert_uint_eq (one->offset, other->offset);
    ck_assert_uint_eq (one->limit, other->limit);
    ck_assert_uint_eq (one->deadline_ms, other->deadline_ms);
    for (int facet = 0; facet < SKS_FACETS; facet++)
        assert_same_filter (&one->filter[facet], &other->filter[facet]);
    ck_assert_uint_eq (one->facet_count, other->facet_count);
    for (size_t i = 0; i < one->facet_count; i++) {
        ck_assert_int_eq (one->facets[i].facet, other->facets[i].facet);
        ck_assert_uint_eq (one->facets[i].limit, other->facets[i].limit);
        assert_same_text (one->facets[i].find, other->facets[i].find);
    }
    assert_same_text (one->tag_open, other->tag_open);
    assert_same_text (one->tag_close, other->tag_close);
    ck_assert_int_eq (one->escape, other->escape);
    ck_assert_int_eq (one->units, other->units);
    ck_assert_int_eq (one->plain, other->plain);
}

static void
assert_round_trip (const sks_request *request)
{
    char *text = encode (request);
    sks_request *again = request_decode (text);
    ck_assert_int_eq (again->op, request->op);
    assert_same_text (again->id, request->id);
    assert_same_query (&again->query, &request->query);
    sks_request_destroy (&again);
    free (text);
}

static const char *const levels[] = { "emerging", "advanced" };
static const char *const codes[] = { "43-", "29-1141.00", "17-20" };
static const char *const sectors[] = { "55", "quote \" and \xE2\x80\x94" };
static const char *const zones[] = { "2", "none" };

/* A query in which no member has its default. */
static sks_query
full_query (void)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "\"incoming mail\" rout*\t\xC3\xA9";
    query.match = SKS_MATCH_ANY;
    query.sort = SKS_SORT_OCCUPATION;
    query.reverse = 1;
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN | SKS_WANT_PROVENANCE;
    query.offset = 20;
    query.limit = 100;
    query.deadline_ms = 500;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { codes, 3, 0, 0 };
    query.filter[SKS_FACET_SECTOR] = (sks_filter) { sectors, 2, 0, 0 };
    query.filter[SKS_FACET_ZONE] = (sks_filter) { zones, 2, 0, 0 };
    query.facets[0] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 1000, "clerk", 1 };
    query.facets[1] = (sks_facet_ask) { SKS_FACET_LEVEL, SKS_DEFAULT_FACET_LIMIT, NULL, 0 };
    query.facet_count = 2;
    query.tag_open = "<em>";
    query.tag_close = "";
    query.escape = SKS_ESCAPE_NONE;
    query.units = SKS_UNITS_UTF16;
    query.plain = 1;
    return query;
}

START_TEST (reads_back_a_query_with_every_member_set)
{
    assert_round_trip (&(sks_request) { .op = SKS_OP_SEARCH, .id = "7", .query = full_query () });
}
END_TEST

START_TEST (reads_back_every_match_sort_and_facet)
{
    sks_request request = { .op = SKS_OP_SEARCH, .query = SKS_QUERY_INIT };
    for (int match = SKS_MATCH_AUTO; match <= SKS_MATCH_ANY; match++)
        for (int sort = SKS_SORT_RELEVANCE; sort <= SKS_SORT_ID; sort++)
            for (int facet = 0; facet < 2 * SKS_FACETS; facet++) {
                request.query.match = match;
                request.query.sort = sort;
                request.query.reverse = facet % 2;
                request.query.facets[0] = (sks_facet_ask) { facet / 2, 1, NULL, 0 };
                request.query.facet_count = 1;
                assert_round_trip (&request);
            }
}
END_TEST

START_TEST (reads_back_a_range_of_zones)
{
    sks_request request = { .op = SKS_OP_SEARCH, .query = SKS_QUERY_INIT };
    request.query.filter[SKS_FACET_ZONE] = (sks_filter) { NULL, 0, 2, 3 };
    assert_round_trip (&request);
}
END_TEST

START_TEST (writes_zones_and_a_range_as_one_list)
{
    sks_request request = { .op = SKS_OP_SEARCH, .query = SKS_QUERY_INIT };
    request.query.filter[SKS_FACET_ZONE] = (sks_filter) { zones, 2, 4, 0 };
    char *text = encode (&request);
    ck_assert_str_eq (text, SEARCH ",\"filter\":{\"zone\":[\"2\",\"none\",\"4\",\"5\"]}}");
    free (text);
}
END_TEST

START_TEST (leaves_defaults_out)
{
    sks_request request = { .op = SKS_OP_SEARCH, .query = SKS_QUERY_INIT };
    request.query.facets[0].facet = SKS_FACET_GROUP;
    request.query.facet_count = 1;
    char *text = encode (&request);
    ck_assert_str_eq (text, SEARCH ",\"facets\":[{\"name\":\"group\"}]}");
    free (text);
}
END_TEST

START_TEST (reads_back_a_get)
{
    const char *const ids[] = { "43-9061.00/emerging/0123456789ab", "no such id" };
    const sks_request request = { .op = SKS_OP_GET, .id = "", .ids = ids, .id_count = 2, .deadline_ms = 9 };
    char *text = encode (&request);
    sks_request *again = request_decode (text);
    ck_assert_int_eq (again->op, SKS_OP_GET);
    ck_assert_str_eq (again->id, "");
    ck_assert_uint_eq (again->id_count, 2);
    ck_assert_str_eq (again->ids[0], ids[0]);
    ck_assert_str_eq (again->ids[1], ids[1]);
    ck_assert_uint_eq (again->deadline_ms, 9);
    sks_request_destroy (&again);
    free (text);
}
END_TEST

START_TEST (reads_back_the_operations_without_members)
{
    for (int op = SKS_OP_HELLO; op <= SKS_OP_HEALTH; op++) {
        sks_request request = { .op = op, .id = "x", .query = SKS_QUERY_INIT };
        assert_round_trip (&request);
    }
}
END_TEST

/* The result of writing a query. */
static int
writing (const sks_query *query)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    const sks_request request = { .op = SKS_OP_SEARCH, .query = *query };
    int rc = sks_request_encode (&request, &out, NULL);
    sks_buffer_free (&out);
    return rc;
}

START_TEST (does_not_write_values_without_a_name)
{
    static const char *const no_value[] = { NULL };
    sks_query wrong[11];
    for (size_t i = 0; i < 11; i++) {
        wrong[i] = full_query ();
        ck_assert_int_eq (writing (&wrong[i]), 0);
    }
    wrong[0].version = 4;
    wrong[1].match = 4;
    wrong[2].sort = 4;
    wrong[3].want = 8;
    wrong[4].filter[SKS_FACET_ZONE].min = 6;
    wrong[5].facet_count = SKS_FACETS + 1;
    wrong[6].facets[0].facet = SKS_FACETS;
    wrong[7].text = "\xFF";
    wrong[8].escape = 3;
    wrong[9].units = -1;
    wrong[10].filter[SKS_FACET_LEVEL] = (sks_filter) { no_value, 1, 0, 0 };
    for (size_t i = 0; i < 11; i++)
        ck_assert_int_eq (writing (&wrong[i]), SKS_EINVALID);
}
END_TEST

/* --------------------------------------------------------------- requests */

START_TEST (fills_in_the_defaults)
{
    const sks_query defaults = SKS_QUERY_INIT;
    sks_request *request = request_decode (SEARCH "}");
    ck_assert_ptr_null (request->id);
    ck_assert_int_eq (request->op, SKS_OP_SEARCH);
    assert_same_query (&request->query, &defaults);
    sks_request_destroy (&request);
    ck_assert_ptr_null (request);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (accepts_facets_by_name_alone)
{
    sks_request *request = request_decode (SEARCH ",\"facets\":[\"zone\",{\"name\":\"level\",\"find\":\"\"}]}");
    ck_assert_uint_eq (request->query.facet_count, 2);
    ck_assert_int_eq (request->query.facets[0].facet, SKS_FACET_ZONE);
    ck_assert_uint_eq (request->query.facets[0].limit, SKS_DEFAULT_FACET_LIMIT);
    ck_assert_int_eq (request->query.facets[1].facet, SKS_FACET_LEVEL);
    ck_assert_ptr_null (request->query.facets[1].find);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (an_empty_filter_equals_no_filter)
{
    sks_request *request = request_decode (SEARCH ",\"filter\":{\"level\":[],\"zone\":[]}}");
    ck_assert_uint_eq (request->query.filter[SKS_FACET_LEVEL].count, 0);
    ck_assert_uint_eq (request->query.filter[SKS_FACET_ZONE].count, 0);
    ck_assert_int_eq (request->query.filter[SKS_FACET_ZONE].min, 0);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (accepts_sectors_in_common_spellings)
{
    static const char *const expected[] = { "31-33", "31-33", "44-45", "48-49", "55", "none", "50", "" };
    sks_request *request = request_decode (
        SEARCH ",\"filter\":{\"sector\":[\"31\",\"31\u201333\",\"Retail Trade\",\"49\",\"55\",\"none\",\"50\",\"\"]}}");
    const sks_filter *filter = &request->query.filter[SKS_FACET_SECTOR];
    ck_assert_uint_eq (filter->count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < filter->count; i++)
        ck_assert_str_eq (filter->values[i], expected[i]);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (fills_in_the_missing_end_of_a_zone_range)
{
    sks_request *request = request_decode (SEARCH ",\"filter\":{\"zone\":{\"min\":3}}}");
    ck_assert_int_eq (request->query.filter[SKS_FACET_ZONE].min, 3);
    ck_assert_int_eq (request->query.filter[SKS_FACET_ZONE].max, 5);
    sks_request_destroy (&request);
    request = request_decode (SEARCH ",\"filter\":{\"zone\":{\"max\":2}}}");
    ck_assert_int_eq (request->query.filter[SKS_FACET_ZONE].min, 1);
    ck_assert_int_eq (request->query.filter[SKS_FACET_ZONE].max, 2);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (keeps_the_id_on_a_refusal)
{
    static const char *const texts[] = {
        "{\"v\":2,\"id\":\"a7\",\"op\":\"search\"}",
        "{\"op\":\"fly\",\"id\":\"a7\",\"v\":1}",
        SEARCH ",\"limit\":101,\"id\":\"a7\"}",
        "{\"id\":\"a7\"}",
        SEARCH ",\"id\":\"a7\",\"colour\":1}",
        "{\"id\":\"a7\",\"op\":",
        "{\"id\":\"a7\",\"x\":\"\xFF\"}",
        "{\"x\":[{\"id\":\"b\"}],\"id\":\"a7\" oh",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sks_request *request;
        ck_assert_int_lt (sks_request_decode (&request, texts[i], strlen (texts[i]), NULL), 0);
        ck_assert_str_eq (request->id, "a7");
        sks_request_destroy (&request);
    }
    char *large = request_repeat ("{\"id\":\"a7\",\"x\":\"", "x", SKS_MAX_REQUEST_BYTES, "\"}");
    sks_request *request;
    ck_assert_int_eq (sks_request_decode (&request, large, strlen (large), NULL), SKS_ELIMIT);
    ck_assert_str_eq (request->id, "a7");
    sks_request_destroy (&request);
    free (large);
}
END_TEST

/* A value that could not be returned unchanged is not an id. */
START_TEST (leaves_out_an_invalid_id)
{
    static const char *const texts[] = {
        "{\"id\":7,\"op\":",     "{\"id\":\"\xFF\",",     "{\"id\":\"a\nb\",",
        "{\"id\":\"a\\u0000\",", "{\"id\":\"a",           "\"id\":\"a\"",
        "[\"id\",\"a\"",         "{\"x\":{\"id\":\"a\"}", "",
    };
    char *large = request_repeat ("{\"id\":\"", "x", SKS_MAX_REQUEST_ID_BYTES + 1, "\",");
    sks_request *request;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_lt (sks_request_decode (&request, texts[i], strlen (texts[i]), NULL), 0);
        ck_assert_ptr_null (request->id);
        sks_request_destroy (&request);
    }
    ck_assert_int_lt (sks_request_decode (&request, large, strlen (large), NULL), 0);
    ck_assert_ptr_null (request->id);
    sks_request_destroy (&request);
    free (large);
}
END_TEST

static const struct {
    const char *text;
    int code;
    const char *reason;
} refused[] = {
    { "[]", SKS_EBADREQUEST, "not an object" },
    { "{\"op\":\"search\"}", SKS_EBADVERSION, "/v: missing; version 1 is supported" },
    { "{\"v\":2,\"op\":\"search\"}", SKS_EBADVERSION, "/v: not a version this daemon knows; version 1 is supported" },
    { "{\"v\":\"1\",\"op\":\"search\"}", SKS_EBADVERSION,
      "/v: not a version this daemon knows; version 1 is supported" },
    { "{\"v\":1}", SKS_EBADREQUEST, "/op: missing" },
    { "{\"v\":1,\"op\":7}", SKS_EBADREQUEST, "/op: not a string" },
    { "{\"v\":1,\"op\":\"Search\"}", SKS_EBADREQUEST, "/op: no operation \"Search\"" },
    { "{\"v\":1,\"op\":\"a\\nb\"}", SKS_EBADREQUEST, "/op: no operation \"a\\x0ab\"" },
    { SEARCH ",\"id\":7}", SKS_EBADREQUEST, "/id: not a string" },
    /* members */
    { SEARCH ",\"colour\":1}", SKS_EBADREQUEST, "/colour: unknown member" },
    { SEARCH ",\"Q\":\"x\"}", SKS_EBADREQUEST, "/Q: unknown member" },
    { SEARCH ",\"a/b~c\":1}", SKS_EBADREQUEST, "/a~1b~0c: unknown member" },
    { SEARCH ",\"ids\":[\"x\"]}", SKS_EBADREQUEST, "/ids: not a member of \"search\"" },
    { "{\"v\":1,\"op\":\"get\",\"ids\":[\"x\"],\"q\":\"\"}", SKS_EBADREQUEST, "/q: not a member of \"get\"" },
    { "{\"v\":1,\"op\":\"stats\",\"limit\":1}", SKS_EBADREQUEST, "/limit: not a member of \"stats\"" },
    { "{\"v\":1,\"op\":\"get\"}", SKS_EBADREQUEST, "/ids: missing" },
    { "{\"v\":1,\"op\":\"get\",\"ids\":[]}", SKS_EBADREQUEST, "/ids: at least 1 id is needed" },
    { "{\"v\":1,\"op\":\"get\",\"ids\":[\"x\",1]}", SKS_EBADREQUEST, "/ids/1: not a string" },
    /* types and choices */
    { SEARCH ",\"q\":null}", SKS_EBADREQUEST, "/q: not a string" },
    { SEARCH ",\"limit\":1.5}", SKS_EBADREQUEST, "/limit: not a whole number" },
    { SEARCH ",\"limit\":-1}", SKS_EBADREQUEST, "/limit: at least 0" },
    { SEARCH ",\"limit\":\"1\"}", SKS_EBADREQUEST, "/limit: not a whole number" },
    { SEARCH ",\"match\":\"some\"}", SKS_EBADREQUEST, "/match: \"some\" is not one of auto, all, any, meaning" },
    { SEARCH ",\"sort\":\"--id\"}", SKS_EBADREQUEST,
      "/sort: \"--id\" is not one of relevance, level, occupation, id, or these with \"-\"" },
    { SEARCH ",\"want\":\"marked\"}", SKS_EBADREQUEST, "/want: not a list" },
    { SEARCH ",\"want\":[\"marked\",\"cake\"]}", SKS_EBADREQUEST,
      "/want/1: \"cake\" is not one of marked, explain, provenance" },
    { SEARCH ",\"tags\":[\"<b>\"]}", SKS_EBADREQUEST, "/tags: two tags are needed, one to open and one to close" },
    /* filter */
    { SEARCH ",\"filter\":[]}", SKS_EBADREQUEST, "/filter: not an object" },
    { SEARCH ",\"filter\":{\"lvel\":[]}}", SKS_EBADREQUEST, "/filter/lvel: no facet of this name" },
    { SEARCH ",\"filter\":{\"level\":\"advanced\"}}", SKS_EBADREQUEST, "/filter/level: not a list" },
    { SEARCH ",\"filter\":{\"level\":[\"advanced\",\"expert\"]}}", SKS_EBADREQUEST,
      "/filter/level/1: no level \"expert\"; there are emerging, developing, proficient, advanced" },
    { SEARCH ",\"filter\":{\"sector\":[\"55\",55]}}", SKS_EBADREQUEST, "/filter/sector/1: not a string" },
    { SEARCH ",\"filter\":{\"sector\":{\"min\":1}}}", SKS_EBADREQUEST, "/filter/sector: not a list" },
    { SEARCH ",\"filter\":{\"zone\":[\"6\"]}}", SKS_EBADREQUEST,
      "/filter/zone/0: no zone \"6\"; there are 1 to 5, and none" },
    { SEARCH ",\"filter\":{\"zone\":{}}}", SKS_EBADREQUEST, "/filter/zone: min or max is needed" },
    { SEARCH ",\"filter\":{\"zone\":{\"min\":0}}}", SKS_EBADREQUEST, "/filter/zone/min: at least 1" },
    { SEARCH ",\"filter\":{\"zone\":{\"min\":4,\"max\":3}}}", SKS_EBADREQUEST, "/filter/zone: min is above max" },
    { SEARCH ",\"filter\":{\"zone\":{\"mid\":3}}}", SKS_EBADREQUEST, "/filter/zone/mid: unknown member" },
    { SEARCH ",\"filter\":{\"zone\":{\"max\":6}}}", SKS_ELIMIT, "/filter/zone/max: at most 5" },
    /* facets */
    { SEARCH ",\"facets\":{}}", SKS_EBADREQUEST, "/facets: not a list" },
    { SEARCH ",\"facets\":[1]}", SKS_EBADREQUEST, "/facets/0: neither an object nor a facet's name" },
    { SEARCH ",\"facets\":[{\"limit\":1}]}", SKS_EBADREQUEST, "/facets/0/name: missing" },
    { SEARCH ",\"facets\":[{\"tree\":true,\"name\":\"group\"}]}", SKS_EBADREQUEST,
      "/facets/0/tree: only occupations have a tree" },
    { SEARCH ",\"facets\":[{\"name\":\"occupation\",\"tree\":1}]}", SKS_EBADREQUEST,
      "/facets/0/tree: not true or false" },
    { SEARCH ",\"filter\":{\"occupation\":[\"43-\",\"43-90-\"]}}", SKS_EBADREQUEST,
      "/filter/occupation/1: no occupation \"43-90-\"; a SOC code is written 43-9061.00, its beginning 43-" },
    { SEARCH ",\"filter\":{\"group\":[\"43-\"]}}", SKS_EBADREQUEST,
      "/filter/group/0: no group \"43-\"; a group is two digits, as in 43" },
    { SEARCH ",\"facets\":[\"colour\"]}", SKS_EBADREQUEST,
      "/facets/0: \"colour\" is not one of level, sector, group, occupation, zone, version" },
    { SEARCH ",\"facets\":[{\"name\":\"level\",\"size\":1}]}", SKS_EBADREQUEST, "/facets/0/size: unknown member" },
    { SEARCH ",\"facets\":[\"level\",{\"name\":\"level\"}]}", SKS_EBADREQUEST,
      "/facets/1/name: \"level\" is requested twice" },
    { SEARCH ",\"facets\":[{\"name\":\"level\",\"limit\":0}]}", SKS_EBADREQUEST, "/facets/0/limit: at least 1" },
    { SEARCH ",\"facets\":[{\"name\":\"level\",\"limit\":1001}]}", SKS_ELIMIT, "/facets/0/limit: at most 1000" },
    /* numbers over their limit */
    { SEARCH ",\"limit\":101}", SKS_ELIMIT, "/limit: at most 100" },
    { SEARCH ",\"limit\":1e300}", SKS_ELIMIT, "/limit: at most 100" },
    { SEARCH ",\"offset\":10001,\"limit\":0}", SKS_ELIMIT, "/offset: at most 10000" },
    { SEARCH ",\"offset\":9991}", SKS_ELIMIT, "/offset: offset + limit is at most 10000" },
    { SEARCH ",\"deadline_ms\":60001}", SKS_ELIMIT, "/deadline_ms: at most 60000" },
    { SEARCH ",\"facets\":[\"level\",\"zone\",\"group\",\"sector\",\"occupation\",\"version\",\"level\"]}", SKS_ELIMIT,
      "/facets: at most 6" },
    { SEARCH ",\"tags\":[\"a\",\"b\",\"c\"]}", SKS_ELIMIT, "/tags: at most 2" },
};

START_TEST (refuses_with_the_place_and_the_reason)
{
    request_refused (refused[_i].text, refused[_i].code, refused[_i].reason);
}
END_TEST

START_TEST (refuses_what_is_not_json_at_its_byte)
{
    sks_error err = request_refusal (SEARCH ",}");
    ck_assert_int_eq (err.code, SKS_EBADREQUEST);
    ck_assert_int_eq (err.at, 21);
    ck_assert_str_eq (err.text, "not JSON: a name in quotes was expected");
    err = request_refusal (SEARCH ",\"q\":\"a\",\"q\":\"b\"}");
    ck_assert_str_eq (err.text, "not JSON: \"q\" occurs twice in one object");
}
END_TEST

START_TEST (keeps_error_texts_valid_when_names_are_long)
{
    char *text = request_repeat (SEARCH ",\"", "\xE2\x80\x94", 1000, "\":1}");
    sks_error err = request_refusal (text);
    ck_assert_int_eq (err.code, SKS_EBADREQUEST);
    ck_assert_ptr_nonnull (strstr (err.text, "\xE2\x80\x94: unknown member"));
    free (text);
}
END_TEST

START_TEST (accepts_the_limits_and_nothing_above)
{
    assert_most (SEARCH ",\"q\":\"", "x", SKS_MAX_QUERY_BYTES, "\"}", "/q: at most 2048 bytes");
    assert_most (SEARCH ",\"id\":\"", "x", SKS_MAX_REQUEST_ID_BYTES, "\"}", "/id: at most 128 bytes");
    assert_most (SEARCH ",\"tags\":[\"\",\"", "x", SKS_MAX_TAG_BYTES, "\"]}", "/tags/1: at most 64 bytes");
    assert_most (SEARCH ",\"filter\":{\"sector\":[\"", "x", SKS_MAX_FILTER_VALUE_BYTES, "\"]}}",
                 "/filter/sector/0: at most 128 bytes");
    assert_most (SEARCH ",\"filter\":{\"group\":[\"11\"", ",\"11\"", SKS_MAX_FILTER_VALUES - 1, "]}}",
                 "/filter/group: at most 256");
    assert_most ("{\"v\":1,\"op\":\"get\",\"ids\":[\"1\"", ",\"1\"", SKS_MAX_IDS - 1, "]}", "/ids: at most 100");
    assert_most (SEARCH ",\"facets\":[{\"name\":\"group\",\"find\":\"", "x", SKS_MAX_FILTER_VALUE_BYTES, "\"}]}",
                 "/facets/0/find: at most 128 bytes");
    assert_most (SEARCH "}", " ", SKS_MAX_REQUEST_BYTES - strlen (SEARCH "}"), "", "more than 65536 bytes");
}
END_TEST

START_TEST (accepts_the_largest_numbers)
{
    sks_request *request = request_decode (SEARCH ",\"limit\":100,\"offset\":9900,\"deadline_ms\":60000}");
    ck_assert_uint_eq (request->query.limit, 100);
    ck_assert_uint_eq (request->query.offset, 9900);
    ck_assert_uint_eq (request->deadline_ms, 60000);
    sks_request_destroy (&request);
}
END_TEST

START_TEST (refuses_nesting_over_the_limit)
{
    char *text = request_repeat (SEARCH ",\"q\":", "[", SKS_MAX_REQUEST_DEPTH, "");
    request_refused (text, SKS_ELIMIT, "nested deeper than 16 levels");
    free (text);
}
END_TEST

#define COUNT(table) (sizeof (table) / sizeof *(table))

Suite *
suite_wire (void)
{
    Suite *suite = suite_create ("wire");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, reads_back_a_query_with_every_member_set);
    tcase_add_test (core, reads_back_every_match_sort_and_facet);
    tcase_add_test (core, reads_back_a_range_of_zones);
    tcase_add_test (core, writes_zones_and_a_range_as_one_list);
    tcase_add_test (core, leaves_defaults_out);
    tcase_add_test (core, reads_back_a_get);
    tcase_add_test (core, reads_back_the_operations_without_members);
    tcase_add_test (core, fills_in_the_defaults);
    tcase_add_test (core, accepts_facets_by_name_alone);
    tcase_add_test (core, an_empty_filter_equals_no_filter);
    tcase_add_test (core, accepts_sectors_in_common_spellings);
    tcase_add_test (core, fills_in_the_missing_end_of_a_zone_range);
    tcase_add_test (core, keeps_the_id_on_a_refusal);
    tcase_add_test (core, leaves_out_an_invalid_id);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, does_not_write_values_without_a_name);
    tcase_add_loop_test (limits, refuses_with_the_place_and_the_reason, 0, COUNT (refused));
    tcase_add_test (limits, refuses_what_is_not_json_at_its_byte);
    tcase_add_test (limits, keeps_error_texts_valid_when_names_are_long);
    tcase_add_test (limits, accepts_the_limits_and_nothing_above);
    tcase_add_test (limits, accepts_the_largest_numbers);
    tcase_add_test (limits, refuses_nesting_over_the_limit);
    suite_add_tcase (suite, limits);
    return suite;
}
