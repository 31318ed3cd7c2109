/* check_wire_reply.c - replies in both directions: the client reads what the daemon writes, and an invalid reply is
 * refused with its place. */
#include "core/base/json.h"
#include "core/wire/wire.h"

#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_wire_reply (void);

static const sks_span spans[] = { { 0, 8 }, { 9, 13 } };
static const sks_share shares[] = { { "stem", "mail", 7.5, NULL }, { "occupation", "clerk", 3.734567, NULL } };
static const sks_citation citation = { "onet", "30.2" };
static const sks_hit_provenance provenance = { "v1", "2026-02-03", "A & B", &citation, 1 };
static const sks_hit hits[] = {
    { .id = "43-9061.00/emerging/0123456789ab",
      .text = "Incoming mail \xE2\x80\x94 open \"it\"",
      .marked = "<b>Incoming</b> <b>mail</b>",
      .duty = "Incoming mail",
      .soc = "43-9061.00",
      .occupation = "Office Clerks, General",
      .group = "Office & Administrative Support",
      .sector = "55",
      .level = SKS_EMERGING,
      .zone = 2,
      .position = 5,
      .score = 11.234567,
      .spans = spans,
      .span_count = 2,
      .shares = shares,
      .share_count = 2,
      .provenance = &provenance },
    { .id = "43-3099.00/advanced/ba9876543210",
      .text = "Audit",
      .soc = "43-3099.00",
      .occupation = "Financial Clerks, All Other",
      .group = "Office & Administrative Support",
      .level = SKS_ADVANCED,
      .position = 1 },
};
static const sks_facet_value level_values[] = { { "emerging", "Emerging", 21, 1, NULL, 0, 0 },
                                                { "advanced", "Advanced", 3, 0, NULL, 0, 0 } };
static const sks_facet_value sector_values[] = { { "55", "Management of Companies and Enterprises", 24, 0, NULL, 0,
                                                   0 } };
static const sks_facet_value clerks[] = { { "43-9061.00", "Office Clerks, General", 20, 1, NULL, 0, 0 },
                                          { "43-3099.00", "Financial Clerks, All Other", 4, 0, NULL, 0, 0 } };
static const sks_facet_value tree_values[] = { { "43-", "Office & Administrative Support", 24, 0, clerks, 2, 9 },
                                               { "99-", "99-", 0, 1, NULL, 0, 0 } };
static const sks_facet_counts facets[] = { { SKS_FACET_SECTOR, sector_values, 1, 17 },
                                           { SKS_FACET_LEVEL, level_values, 2, 2 },
                                           { SKS_FACET_OCCUPATION, tree_values, 2, 1 } };
static const char *const ignored[] = { "the", "of" };
static const char *const unknown[] = { "zorbing" };
static const sks_note notes[] = { { "quote", 17, "this quotation mark is read as a sign" } };
static const sks_result full_result = {
    .generation = 12,
    .total = 37,
    .matched_all = 30,
    .relaxed = 1,
    .read_as = "incom AND mail",
    .ignored = ignored,
    .ignored_count = 2,
    .unknown = unknown,
    .unknown_count = 1,
    .notes = notes,
    .note_count = 1,
    .suggestion = { "mial", "mail", "incoming mail", 41 },
    .hits = hits,
    .hit_count = 2,
    .facets = facets,
    .facet_count = 3,
    .took_us = 412,
};

static char *
encode_result (int op, const sks_result *result)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    const sks_request request = { .op = op, .id = "7" };
    ck_assert_int_eq (sks_reply_encode_result (&out, &request, result, NULL), 0);
    return (char *) sks_buffer_text (&out);
}

static void
assert_same_hit (const sks_hit *one, const sks_hit *other)
{
    ck_assert_str_eq (one->id, other->id);
    ck_assert_str_eq (one->text, other->text);
    ck_assert_pstr_eq (one->marked, other->marked);
    ck_assert_pstr_eq (one->duty, other->duty);
    ck_assert_str_eq (one->soc, other->soc);
    ck_assert_str_eq (one->occupation, other->occupation);
    ck_assert_str_eq (one->group, other->group);
    ck_assert_pstr_eq (one->sector, other->sector);
    ck_assert_int_eq (one->level, other->level);
    ck_assert_int_eq (one->zone, other->zone);
    ck_assert_uint_eq (one->position, other->position);
    ck_assert_double_eq (one->score, other->score);
    ck_assert_uint_eq (one->span_count, other->span_count);
    for (size_t i = 0; i < one->span_count; i++)
        ck_assert_mem_eq (&one->spans[i], &other->spans[i], sizeof *spans);
    ck_assert_int_eq (one->shares != NULL, other->shares != NULL);
    ck_assert_uint_eq (one->share_count, other->share_count);
    for (size_t i = 0; i < one->share_count; i++) {
        ck_assert_str_eq (one->shares[i].part, other->shares[i].part);
        ck_assert_str_eq (one->shares[i].term, other->shares[i].term);
        ck_assert_double_eq (one->shares[i].score, other->shares[i].score);
    }
}

static void
assert_same_values (const sks_facet_value *one, size_t count, const sks_facet_value *other, size_t others)
{
    ck_assert_uint_eq (count, others);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq (one[i].value, other[i].value);
        ck_assert_str_eq (one[i].label, other[i].label);
        ck_assert_uint_eq (one[i].count, other[i].count);
        ck_assert_int_eq (one[i].selected, other[i].selected);
        ck_assert_uint_eq (one[i].distinct, other[i].distinct);
        assert_same_values (one[i].children, one[i].child_count, other[i].children, other[i].child_count);
    }
}

static void
assert_same_facet (const sks_facet_counts *one, const sks_facet_counts *other)
{
    ck_assert_int_eq (one->facet, other->facet);
    ck_assert_uint_eq (one->distinct, other->distinct);
    assert_same_values (one->values, one->count, other->values, other->count);
}

static sks_result *
decode_result (const char *text)
{
    sks_result *result;
    sks_error err;
    int rc = sks_reply_decode_result (&result, text, strlen (text), &err);
    ck_assert_msg (rc == 0, "%s: %s", text, err.text);
    return result;
}

START_TEST (reads_back_a_result)
{
    char *text = encode_result (SKS_OP_SEARCH, &full_result);
    sks_result *result = decode_result (text);
    ck_assert_uint_eq (result->generation, 12);
    ck_assert_uint_eq (result->total, 37);
    ck_assert_uint_eq (result->matched_all, 30);
    ck_assert_int_eq (result->relaxed, 1);
    ck_assert_uint_eq (result->took_us, 412);
    ck_assert_str_eq (result->read_as, "incom AND mail");
    ck_assert_uint_eq (result->ignored_count, 2);
    ck_assert_str_eq (result->ignored[1], "of");
    ck_assert_uint_eq (result->unknown_count, 1);
    ck_assert_str_eq (result->unknown[0], "zorbing");
    ck_assert_uint_eq (result->note_count, 1);
    ck_assert_str_eq (result->notes[0].code, "quote");
    ck_assert_uint_eq (result->notes[0].at, 17);
    ck_assert_str_eq (result->notes[0].text, notes[0].text);
    ck_assert_str_eq (result->suggestion.word, "mial");
    ck_assert_str_eq (result->suggestion.query, "incoming mail");
    ck_assert_uint_eq (result->suggestion.count, 41);
    ck_assert_str_eq (result->json, text);
    ck_assert_uint_eq (result->hit_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_same_hit (&result->hits[i], &hits[i]);
    const sks_hit_provenance *from = result->hits[0].provenance;
    ck_assert_str_eq (from->version, "v1");
    ck_assert_str_eq (from->exported_at, "2026-02-03");
    ck_assert_str_eq (from->attribution, "A & B");
    ck_assert_uint_eq (from->source_count, 1);
    ck_assert_str_eq (from->sources[0].name, "onet");
    ck_assert_str_eq (from->sources[0].text, "30.2");
    ck_assert_ptr_null (result->hits[1].provenance);
    ck_assert_uint_eq (result->facet_count, full_result.facet_count);
    for (size_t i = 0; i < 2; i++)
        assert_same_facet (&result->facets[i], &facets[i]);
    sks_result_destroy (&result);
    free (text);
}
END_TEST

START_TEST (writes_a_result_member_by_member)
{
    sks_result result = { .generation = 3, .total = 1, .hits = &hits[1], .hit_count = 1 };
    char *text = encode_result (SKS_OP_SEARCH, &result);
    sks_result *again = decode_result (text);
    assert_same_hit (&again->hits[0], &hits[1]);
    ck_assert_ptr_null (again->suggestion.word);
    ck_assert_uint_eq (again->facet_count, 0);
    sks_result_destroy (&again);
    ck_assert_str_eq (
        text, "{\"v\":1,\"id\":\"7\",\"ok\":true,\"generation\":3,\"total\":1,\"matched_all\":0,"
              "\"relaxed\":false,\"read_as\":\"\",\"ignored\":[],\"unknown\":[],\"notes\":[],\"suggestion\":null,"
              "\"hits\":[{\"id\":\"43-3099.00/advanced/ba9876543210\",\"score\":0,\"text\":\"Audit\","
              "\"spans\":[],\"duty\":null,\"level\":\"advanced\",\"position\":1,"
              "\"soc\":\"43-3099.00\","
              "\"occupation\":\"Financial Clerks, All Other\","
              "\"group\":\"Office & Administrative Support\",\"sector\":null,\"zone\":null}],"
              "\"facets\":{},\"took_us\":0}");
    free (text);
}
END_TEST

START_TEST (reads_back_the_reply_to_a_get)
{
    const char *const missing[] = { "no such id" };
    const sks_result got = {
        .generation = 3, .hits = hits, .hit_count = 1, .missing = missing, .missing_count = 1, .took_us = 9
    };
    char *text = encode_result (SKS_OP_GET, &got);
    ck_assert_ptr_null (strstr (text, "\"total\""));
    ck_assert_ptr_null (strstr (text, "\"facets\""));
    sks_result *result = decode_result (text);
    assert_same_hit (&result->hits[0], &hits[0]);
    ck_assert_uint_eq (result->missing_count, 1);
    ck_assert_str_eq (result->missing[0], "no such id");
    ck_assert_uint_eq (result->took_us, 9);
    sks_result_destroy (&result);
    free (text);
}
END_TEST

/* `text` with its first `old` turned into `new`. Caller frees. */
static char *
replace (const char *text, const char *old, const char *new)
{
    const char *at = strstr (text, old);
    char *out;
    ck_assert_msg (at != NULL, "%s is not in %s", old, text);
    ck_assert_int_gt (asprintf (&out, "%.*s%s%s", (int) (at - text), text, new, at + strlen (old)), 0);
    return out;
}

START_TEST (ignores_members_that_a_newer_daemon_adds)
{
    static const char *const added[][2] = {
        { "\"total\"", "\"weather\":{\"now\":[1,2]},\"total\"" },
        { "\"score\"", "\"colour\":null,\"score\"" },
        { "{\"sector\":[", "{\"colour\":[7],\"sector\":[" },
        { "\"level\":[", "\"a\":[],\"b\":[],\"c\":[],\"d\":[],\"level\":[" },
        { "\"selected\"", "\"share\":0.5,\"selected\"" },
    };
    char *text = encode_result (SKS_OP_SEARCH, &full_result);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        char *newer = replace (text, added[i][0], added[i][1]);
        sks_result *result = decode_result (newer);
        ck_assert_uint_eq (result->facet_count, full_result.facet_count);
        sks_result_destroy (&result);
        free (newer);
    }
    free (text);
}
END_TEST

static const struct {
    const char *old, *new, *reason;
} broken[] = {
    { "\"v\":1", "\"v\":2", "/v: not version 1" },
    { "\"v\":1,", "", "/v: missing" },
    { "\"ok\":true", "\"ok\":1", "/ok: not true or false" },
    { "\"generation\":12,", "", "/generation: missing" },
    { "\"total\":37", "\"total\":-1", "/total: at least 0" },
    { "\"total\":37", "\"total\":1e99", "/total: at most 9007199254740992" },
    { "\"relaxed\":true", "\"relaxed\":null", "/relaxed: not true or false" },
    { "[\"the\",\"of\"]", "[\"the\",1]", "/ignored/1: not a string" },
    { "[\"zorbing\"]", "[1]", "/unknown/0: not a string" },
    { "\"at\":17", "\"at\":-1", "/notes/0/at: at least 0" },
    { "\"word\":\"mial\"", "\"word\":1", "/suggestion/word: not a string" },
    { "\"hits\":[", "\"hits\":[[],", "/hits/0: not an object" },
    { "\"text\":\"Audit\"", "\"text\":null", "/hits/1/text: not a string" },
    { "\"text\":\"Audit\",", "", "/hits/1/text: missing" },
    { "\"level\":\"emerging\"", "\"level\":\"expert\"",
      "/hits/0/level: \"expert\" is not one of emerging, developing, proficient, advanced" },
    { "\"zone\":2", "\"zone\":6", "/hits/0/zone: at most 5" },
    { "\"score\":11.234567", "\"score\":\"high\"", "/hits/0/score: not a number" },
    { "[0,8]", "[8,8]", "/hits/0/spans/0/1: at least 9" },
    { "[9,13]", "[7,13]", "/hits/0/spans/1/0: at least 8" },
    { "[9,13]", "[9,99]", "/hits/0/spans/1/1: at most 27" },
    { "[9,13]", "[9]", "/hits/0/spans/1/1: missing" },
    { "[9,13]", "[9,10,11]", "/hits/0/spans/1: at most 2" },
    { "\"part\":\"stem\"", "\"part\":1", "/hits/0/explain/0/part: not a string" },
    { "\"provenance\":{", "\"provenance\":[1],\"x\":{", "/hits/0/provenance: not an object" },
    { "\"version\":\"v1\"", "\"version\":1", "/hits/0/provenance/version: not a string" },
    { "\"sources\":[{", "\"sources\":[[],{", "/hits/0/provenance/sources/0: not an object" },
    { "\"name\":\"onet\"", "\"name\":null", "/hits/0/provenance/sources/0/name: not a string" },
    { "\"sector\":[{", "\"sector\":[1,{", "/facets/sector/0: not an object" },
    { "\"count\":21", "\"count\":\"21\"", "/facets/level/0/count: not a whole number" },
    { "\"selected\":true", "\"selected\":1", "/facets/level/0/selected: not true or false" },
    { "\"distinct\":{\"sector\":17", "\"distinct\":{\"sector\":\"17\"", "/distinct/sector: not a whole number" },
};

START_TEST (refuses_a_broken_reply_with_its_place)
{
    sks_error err;
    sks_result *result;
    char *whole = encode_result (SKS_OP_SEARCH, &full_result);
    char *text = replace (whole, broken[_i].old, broken[_i].new);
    ck_assert_int_eq (sks_reply_decode_result (&result, text, strlen (text), &err), SKS_EPROTOCOL);
    ck_assert_ptr_null (result);
    ck_assert_str_eq (err.text, broken[_i].reason);
    free (text);
    free (whole);
}
END_TEST

START_TEST (refuses_every_truncated_reply)
{
    char *text = encode_result (SKS_OP_SEARCH, &full_result);
    for (size_t size = 0; size < strlen (text); size++) {
        sks_result *result;
        ck_assert_int_eq (sks_reply_decode_result (&result, text, size, NULL), SKS_EPROTOCOL);
        ck_assert_int_eq (sks_reply_decode_status (text, size, NULL), SKS_EPROTOCOL);
    }
    ck_assert_int_eq (sks_reply_decode_status (text, strlen (text), NULL), 0);
    free (text);
}
END_TEST

START_TEST (refuses_to_write_a_reply_over_the_maximum)
{
    sks_buffer out = SKS_BUFFER_INIT (200);
    sks_error err;
    const sks_request request = { .op = SKS_OP_SEARCH };
    ck_assert_int_eq (sks_reply_encode_result (&out, &request, &full_result, &err), SKS_ELIMIT);
    sks_buffer_free (&out);
}
END_TEST

/* ----------------------------------------------------------------- errors */

static char *
encode_error (const sks_request *request, int code, long at, const char *message)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_error what = { code, at, "" };
    snprintf (what.text, sizeof what.text, "%s", message);
    ck_assert_int_eq (sks_reply_encode_error (&out, request, &what, NULL), 0);
    return (char *) sks_buffer_text (&out);
}

START_TEST (writes_an_error)
{
    const sks_request request = { .id = "7" };
    char *text = encode_error (&request, SKS_EQUERYSYNTAX, 9, "AND needs a word after it");
    ck_assert_str_eq (text, "{\"v\":1,\"id\":\"7\",\"ok\":false,\"error\":{\"code\":\"query_syntax\","
                            "\"message\":\"AND needs a word after it\",\"at\":9}}");
    free (text);
    text = encode_error (NULL, SKS_EBUSY, -1, "later");
    ck_assert_str_eq (text, "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"busy\",\"message\":\"later\"}}");
    free (text);
}
END_TEST

START_TEST (reads_every_error_back_as_that_error)
{
    for (int code = SKS_EBADREQUEST; code >= SKS_EINTERNAL; code--) {
        char *text = encode_error (NULL, code, -code, "so \"it\" is");
        sks_result *result;
        sks_error err;
        ck_assert_int_eq (sks_reply_decode_result (&result, text, strlen (text), &err), code);
        ck_assert_ptr_null (result);
        ck_assert_str_eq (err.text, "so \"it\" is");
        ck_assert_int_eq (err.at, -code);
        ck_assert_int_eq (sks_reply_decode_status (text, strlen (text), &err), code);
        free (text);
    }
}
END_TEST

START_TEST (writes_local_error_codes_as_internal)
{
    char *text = encode_error (NULL, SKS_ENOMEM, -1, "out of memory");
    ck_assert_int_eq (sks_reply_decode_status (text, strlen (text), NULL), SKS_EINTERNAL);
    ck_assert_ptr_nonnull (strstr (text, "\"internal\""));
    free (text);
}
END_TEST

START_TEST (escapes_a_message_that_quotes_invalid_bytes)
{
    sks_error err;
    sks_fail (&err, SKS_EINDEX, "a\xFF\xC3%s", "b\xE2\x80\x1B[31m\xC2\x9B\xE2\x80\xAE\x7F");
    char *text = encode_error (NULL, SKS_EINDEX, -1, err.text);
    ck_assert_ptr_nonnull (
        strstr (text, "\"message\":\"a\\\\xff\\\\xc3b\\\\xe2\\\\x80\\\\x1b[31m\\\\u009b\\\\u202e\\\\x7f\""));
    ck_assert_int_eq (sks_reply_decode_status (text, strlen (text), NULL), SKS_EINDEX);
    free (text);
}
END_TEST

static int
status_of (const char *error, sks_error *err)
{
    char text[256];
    snprintf (text, sizeof text, "{\"v\":1,\"ok\":false,\"error\":%s}", error);
    return sks_reply_decode_status (text, strlen (text), err);
}

START_TEST (never_reads_a_failure_as_success)
{
    sks_error err;
    ck_assert_int_eq (status_of ("{\"code\":\"ok\",\"message\":\"\"}", NULL), SKS_EINTERNAL);
    ck_assert_int_eq (status_of ("{\"code\":\"locked\",\"message\":\"\"}", NULL), SKS_EINTERNAL);
    ck_assert_int_eq (status_of ("{\"code\":\"of_tomorrow\",\"message\":\"x\\ny\"}", &err), SKS_EINTERNAL);
    ck_assert_str_eq (err.text, "x\\x0ay");
    ck_assert_int_eq (status_of ("{\"code\":\"busy\"}", NULL), SKS_EPROTOCOL);
    ck_assert_int_eq (status_of ("null", NULL), SKS_EPROTOCOL);
    ck_assert_int_eq (sks_reply_decode_status ("{\"v\":1,\"ok\":false}", 18, &err), SKS_EPROTOCOL);
    ck_assert_str_eq (err.text, "/error: missing");
}
END_TEST

/* --------------------------------------------------- hello, stats, health */

typedef int encode_status (sks_buffer *, const sks_request *, const sks_stats *, sks_error *);

/* The encoded stats, parsed. Caller frees with cJSON_Delete. */
static cJSON *
encode_tree (encode_status *encoder, const sks_stats *stats)
{
    const sks_json_limits most = { 1 << 20, 16, 100, SIZE_MAX, 0 };
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    const sks_request request = { .id = "7" };
    cJSON *tree;
    ck_assert_int_eq (encoder (&out, &request, stats, NULL), 0);
    ck_assert_int_eq (sks_json_parse (&tree, out.bytes, out.size, &most, NULL), 0);
    ck_assert_str_eq (cJSON_GetObjectItem (tree, "id")->valuestring, "7");
    ck_assert (cJSON_IsTrue (cJSON_GetObjectItem (tree, "ok")));
    sks_buffer_free (&out);
    return tree;
}

/* The number at "a/b" in a tree. */
static double
number_at (const cJSON *tree, const char *group, const char *name)
{
    const cJSON *item = group ? cJSON_GetObjectItemCaseSensitive (tree, group) : tree;
    item = cJSON_GetObjectItemCaseSensitive (item, name);
    ck_assert_msg (cJSON_IsNumber (item), "%s is not a number", name);
    return item->valuedouble;
}

START_TEST (writes_hello_with_every_limit)
{
    cJSON *tree = encode_tree (sks_reply_encode_hello, &(sks_stats) { .generation = 12 });
    ck_assert_str_eq (cJSON_GetObjectItem (tree, "name")->valuestring, "skillsearch");
    ck_assert_str_eq (cJSON_GetObjectItem (tree, "version")->valuestring, SKS_VERSION);
    ck_assert_double_eq (number_at (tree, NULL, "protocol"), 1);
    ck_assert_double_eq (number_at (tree, NULL, "generation"), 12);
    ck_assert_int_eq (cJSON_GetArraySize (cJSON_GetObjectItem (tree, "operations")), SKS_OPS);
    ck_assert_int_eq (cJSON_GetArraySize (cJSON_GetObjectItem (tree, "facets")), SKS_FACETS);
    ck_assert_int_eq (cJSON_GetArraySize (cJSON_GetObjectItem (tree, "levels")), SKS_LEVELS);
    ck_assert_double_eq (number_at (tree, "limits", "max_limit"), SKS_MAX_LIMIT);
    ck_assert_double_eq (number_at (tree, "limits", "max_query_bytes"), SKS_MAX_QUERY_BYTES);
    ck_assert_double_eq (number_at (tree, "limits", "max_window"), SKS_MAX_WINDOW);
    ck_assert_int_eq (cJSON_GetArraySize (cJSON_GetObjectItem (tree, "limits")), 46);
    cJSON_Delete (tree);
}
END_TEST

START_TEST (writes_stats_in_groups)
{
    sks_stats stats = { .generation = 1,
                        .statements = 2,
                        .occupations = 3,
                        .uptime_s = 4,
                        .workers = 5,
                        .busy_workers = 6,
                        .queued = 7,
                        .queue_limit = 8,
                        .reloads = 9,
                        .reload_failures = 10,
                        .resident_bytes = 11,
                        .keys_known = 16,
                        .keys_accepted = 17,
                        .keys_denied = 18,
                        .keys_broken = 19,
                        .keys_refused = 20 };
    stats.requests[SKS_OP_GET] = 12;
    stats.all.replies[-SKS_EBUSY] = 13;
    stats.all.replies[0] = 14;
    stats.all.latency[SKS_LATENCY_BUCKETS - 1] = 15;
    stats.all.time_us = 16;
    stats.by_op[SKS_OPS].replies[-SKS_EBADREQUEST] = 17;
    stats.by_op[SKS_OPS].time_us = 18;
    stats.dropped[SKS_DROPPED_LATE] = 19;
    stats.dropped[SKS_DROPPED_CONNECTIONS] = 20;
    stats.dropped[SKS_DROPPED_CUT] = 21;
    stats.cpu_us = 21;
    cJSON *tree = encode_tree (sks_reply_encode_stats, &stats);
    ck_assert_double_eq (number_at (tree, NULL, "generation"), 1);
    ck_assert_double_eq (number_at (tree, "index", "statements"), 2);
    ck_assert_double_eq (number_at (tree, "index", "occupations"), 3);
    ck_assert_double_eq (number_at (tree, "process", "uptime_s"), 4);
    ck_assert_double_eq (number_at (tree, "workers", "total"), 5);
    ck_assert_double_eq (number_at (tree, "workers", "busy"), 6);
    ck_assert_double_eq (number_at (tree, "queue", "waiting"), 7);
    ck_assert_double_eq (number_at (tree, "queue", "limit"), 8);
    ck_assert_double_eq (number_at (tree, "reloads", "done"), 9);
    ck_assert_double_eq (number_at (tree, "reloads", "failed"), 10);
    ck_assert_double_eq (number_at (tree, "process", "resident_bytes"), 11);
    ck_assert_double_eq (number_at (tree, "keys", "known"), 16);
    ck_assert_double_eq (number_at (tree, "keys", "accepted"), 17);
    ck_assert_double_eq (number_at (tree, "keys", "denied"), 18);
    ck_assert_double_eq (number_at (tree, "keys", "broken"), 19);
    ck_assert_double_eq (number_at (tree, "keys", "refused"), 20);
    ck_assert_double_eq (number_at (tree, "requests", "get"), 12);
    ck_assert_double_eq (number_at (tree, "replies", "busy"), 13);
    ck_assert_double_eq (number_at (tree, "replies", "ok"), 14);
    ck_assert_double_eq (number_at (tree, "latency", "sum_us"), 16);
    ck_assert_double_eq (number_at (tree, "dropped", "late"), 19);
    ck_assert_double_eq (number_at (tree, "dropped", "connections"), 20);
    ck_assert_double_eq (number_at (tree, "dropped", "cut"), 21);
    ck_assert_double_eq (number_at (tree, "process", "cpu_us"), 21);
    const cJSON *by_op = cJSON_GetObjectItem (tree, "by_op");
    ck_assert_int_eq (cJSON_GetArraySize (by_op), 1);
    const cJSON *none = cJSON_GetObjectItem (by_op, "none");
    ck_assert_double_eq (number_at (none, NULL, "sum_us"), 18);
    ck_assert_double_eq (number_at (none, "replies", "bad_request"), 17);
    ck_assert_int_eq (cJSON_GetArraySize (cJSON_GetObjectItem (none, "replies")), 1);
    const cJSON *latency = cJSON_GetObjectItem (tree, "latency");
    const cJSON *buckets = cJSON_GetObjectItem (latency, "buckets_us");
    const cJSON *counts = cJSON_GetObjectItem (latency, "counts");
    ck_assert_int_eq (cJSON_GetArraySize (buckets), SKS_LATENCY_BUCKETS);
    ck_assert_int_eq (cJSON_GetArraySize (counts), SKS_LATENCY_BUCKETS);
    ck_assert_double_eq (cJSON_GetArrayItem (buckets, 10)->valuedouble, 1024);
    ck_assert (cJSON_IsNull (cJSON_GetArrayItem (buckets, SKS_LATENCY_BUCKETS - 1)));
    ck_assert_double_eq (cJSON_GetArrayItem (counts, SKS_LATENCY_BUCKETS - 1)->valuedouble, 15);
    cJSON_Delete (tree);
}
END_TEST

START_TEST (writes_its_health)
{
    const sks_stats stats = { .generation = 12, .statements = 40640 };
    cJSON *tree = encode_tree (sks_reply_encode_health, &stats);
    ck_assert_str_eq (cJSON_GetObjectItem (tree, "status")->valuestring, "ok");
    ck_assert_double_eq (number_at (tree, NULL, "generation"), 12);
    ck_assert_double_eq (number_at (tree, NULL, "statements"), 40640);
    cJSON_Delete (tree);
}
END_TEST

#define COUNT(table) (sizeof (table) / sizeof *(table))

Suite *
suite_wire_reply (void)
{
    Suite *suite = suite_create ("wire_reply");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, reads_back_a_result);
    tcase_add_test (core, writes_a_result_member_by_member);
    tcase_add_test (core, reads_back_the_reply_to_a_get);
    tcase_add_test (core, ignores_members_that_a_newer_daemon_adds);
    tcase_add_test (core, writes_an_error);
    tcase_add_test (core, reads_every_error_back_as_that_error);
    tcase_add_test (core, writes_hello_with_every_limit);
    tcase_add_test (core, writes_stats_in_groups);
    tcase_add_test (core, writes_its_health);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_loop_test (limits, refuses_a_broken_reply_with_its_place, 0, COUNT (broken));
    tcase_add_test (limits, refuses_every_truncated_reply);
    tcase_add_test (limits, refuses_to_write_a_reply_over_the_maximum);
    tcase_add_test (limits, writes_local_error_codes_as_internal);
    tcase_add_test (limits, escapes_a_message_that_quotes_invalid_bytes);
    tcase_add_test (limits, never_reads_a_failure_as_success);
    suite_add_tcase (suite, limits);
    return suite;
}
