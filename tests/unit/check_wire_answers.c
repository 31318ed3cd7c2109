/* check_wire_answers.c - the replies of the operations other than search and get, written byte by byte and read back,
 * and replies inside a multi. */
#include "core/wire/wire.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_wire_answers (void);

/* A hit as JSON, and the same as a struct. */
#define HIT                                                                                                            \
    "\"id\":\"a\",\"score\":0,\"text\":\"Sort mail\",\"spans\":[[5,9]],\"duty\":null,"                                 \
    "\"level\":\"advanced\",\"position\":2,\"soc\":\"43-9061.00\",\"occupation\":\"Clerks\","                          \
    "\"group\":\"Office\",\"sector\":\"55\",\"zone\":null"
#define OPEN "{\"v\":1,\"id\":\"7\",\"ok\":true,\"generation\":3,"
#define CLOSE ",\"took_us\":9}"

static const sks_span span = { 5, 9 };
static const sks_hit hit = { .id = "a",
                             .text = "Sort mail",
                             .spans = &span,
                             .span_count = 1,
                             .level = SKS_ADVANCED,
                             .position = 2,
                             .soc = "43-9061.00",
                             .occupation = "Clerks",
                             .group = "Office",
                             .sector = "55" };
static const sks_request request = { .id = "7" };
static const sks_answered answered = { 3, 9 };
static sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);

static void
assert_written (int rc, const char *text)
{
    ck_assert_int_eq (rc, 0);
    ck_assert_str_eq (sks_buffer_text (&out), text);
}

/* Whether an answer that is read from `out` and written again has the same bytes; its json must equal them. */
#define ASSERT_COMES_BACK(name, type)                                                                                  \
    do {                                                                                                               \
        type *again;                                                                                                   \
        sks_error err;                                                                                                 \
        char *text = strdup (sks_buffer_text (&out));                                                                  \
        ck_assert_msg (sks_reply_decode_##name (&again, text, strlen (text), &err) == 0, "%s", err.text);              \
        ck_assert_str_eq (again->json, text);                                                                          \
        ck_assert_uint_eq (again->generation, answered.generation);                                                    \
        ck_assert_uint_eq (again->took_us, answered.took_us);                                                          \
        sks_buffer_clear (&out);                                                                                       \
        ck_assert_int_eq (sks_reply_encode_##name (&out, &request, again, &answered, NULL), 0);                        \
        ck_assert_str_eq (sks_buffer_text (&out), text);                                                               \
        type##_destroy (&again);                                                                                       \
        ck_assert_ptr_null (again);                                                                                    \
        free (text);                                                                                                   \
        sks_buffer_free (&out);                                                                                        \
    } while (0)

static sks_request
request_of (int op)
{
    return (sks_request) { .op = op, .id = "7" };
}

START_TEST (writes_and_reads_a_comparison)
{
    static const char *const gained[] = { "a", "b" }, *const lost[] = { "c" };
    static const sks_share shares[] = { { "stem", "mail", 0.125, NULL }, { "meaning", "sort", 0.125, "file" } };
    const sks_compare_row rows[] = {
        { "Mail", { { .hit = &hit }, { 0 }, { 0 }, { &hit, gained, lost, 2, 1, 0.25, 1, shares, 2 } } },
        { NULL, { { 0 } } },
    };
    const sks_comparison comparison = {
        .soc = "43-9061.00", .occupation = "Clerks", .rows = rows, .row_count = 2, .compared_by = SKS_BY_MEANING
    };
    assert_written (sks_reply_encode_comparison (&out, &request, &comparison, &answered, NULL),
                    OPEN "\"soc\":\"43-9061.00\",\"occupation\":\"Clerks\",\"rows\":["
                         "{\"duty\":\"Mail\",\"levels\":{\"emerging\":{" HIT ",\"likeness\":0,\"gained\":[],"
                         "\"lost\":[]},"
                         "\"developing\":null,\"proficient\":null,\"advanced\":{" HIT
                         ",\"likeness\":0.25,\"gained\":[\"a\",\"b\"],\"lost\":[\"c\"],\"loose\":true,"
                         "\"reasons\":[{\"part\":\"stem\",\"term\":\"mail\",\"score\":0.125},"
                         "{\"part\":\"meaning\",\"term\":\"sort\",\"score\":0.125,\"word\":\"file\"}]}}},"
                         "{\"duty\":null,\"levels\":{\"emerging\":null,\"developing\":null,\"proficient\":null,"
                         "\"advanced\":null}}],\"compared_by\":\"meaning\"" CLOSE);
    ASSERT_COMES_BACK (comparison, sks_comparison);
}
END_TEST

START_TEST (writes_and_reads_a_crosswalk)
{
    static const sks_share shares[] = { { "stem", "mail", 0.5, NULL }, { "meaning", "sort", 0.25, "file" } };
    const sks_crosswalk_pair pairs[] = { { &hit, &hit, 0.75, shares, 2 } };
    const sks_crosswalk crosswalk = { .left_soc = "43-1",
                                      .left_title = "Left",
                                      .right_soc = "43-2",
                                      .right_title = "Right",
                                      .pairs = pairs,
                                      .pair_count = 1,
                                      .left_only = &hit,
                                      .left_count = 1,
                                      .partial = 1,
                                      .compared_by = SKS_BY_WORDS };
    assert_written (sks_reply_encode_crosswalk (&out, &request, &crosswalk, &answered, NULL), OPEN
                    "\"left\":{\"soc\":\"43-1\",\"title\":\"Left\"},"
                    "\"right\":{\"soc\":\"43-2\",\"title\":\"Right\"},"
                    "\"pairs\":[{\"left\":{" HIT "},\"right\":{" HIT "},\"likeness\":0.75,\"explain\":["
                    "{\"term\":\"mail\",\"score\":0.5},{\"term\":\"sort\",\"score\":0.25,\"word\":\"file\"}]}],"
                    "\"left_only\":[{" HIT "}],\"right_only\":[],\"compared_by\":\"words\",\"partial\":true" CLOSE);
    ASSERT_COMES_BACK (crosswalk, sks_crosswalk);
}
END_TEST

START_TEST (writes_and_reads_a_record)
{
    static const sks_record_statement statements[] = { { "a", 1, "Sort mail" }, { "b", 3, "Route \"it\"" } };
    static const sks_citation sources[] = { { "onet", "v30" } };
    sks_record record = {
        .soc = "43-9061.00",
        .title = "Clerks",
        .group = "43",
        .group_title = "Office",
        .sector = "55",
        .sector_label = "Management",
        .zone = 2,
        .zone_inferred = 1,
        .description = "d",
        .version = "v7",
        .framework = "f",
        .exported_at = "2026",
        .attribution = "by us",
        .sources = sources,
        .source_count = 1,
        .levels = { { "Emerging", statements, 2, 2 }, { "", NULL, 0, 0 }, { "", NULL, 0, 0 }, { "", NULL, 0, 0 } }
    };
#define EMPTY(level) ",{\"level\":\"" level "\",\"label\":\"\",\"count\":0,\"statements\":[]}"
#define LEVELS                                                                                                         \
    "\"levels\":[{\"level\":\"emerging\",\"label\":\"Emerging\",\"count\":2,\"statements\":["                          \
    "{\"id\":\"a\",\"position\":1,\"text\":\"Sort mail\"},"                                                            \
    "{\"id\":\"b\",\"position\":3,\"text\":\"Route \\\"it\\\"\"}]}" EMPTY ("developing") EMPTY ("proficient")          \
        EMPTY ("advanced") "]"
    assert_written (sks_reply_encode_record (&out, &request, &record, &answered, NULL),
                    OPEN "\"soc\":\"43-9061.00\",\"title\":\"Clerks\",\"group\":{\"code\":\"43\",\"title\":\"Office\"},"
                         "\"sector\":{\"code\":\"55\",\"label\":\"Management\"},\"zone\":2,\"zone_inferred\":true,"
                         "\"description\":\"d\",\"framework\":{\"version\":\"v7\",\"description\":\"f\"},"
                         "\"exported_at\":\"2026\",\"sources\":[{\"name\":\"onet\",\"text\":\"v30\"}],"
                         "\"attribution\":\"by us\"," LEVELS CLOSE);
    ASSERT_COMES_BACK (record, sks_record);
    record.sector = NULL;
    record.zone = 0;
    record.zone_inferred = -1;
    record.source_count = 0;
    assert_written (sks_reply_encode_record (&out, &request, &record, &answered, NULL),
                    OPEN "\"soc\":\"43-9061.00\",\"title\":\"Clerks\",\"group\":{\"code\":\"43\",\"title\":\"Office\"},"
                         "\"sector\":null,\"zone\":null,\"zone_inferred\":null,"
                         "\"description\":\"d\",\"framework\":{\"version\":\"v7\",\"description\":\"f\"},"
                         "\"exported_at\":\"2026\",\"sources\":[],"
                         "\"attribution\":\"by us\"," LEVELS CLOSE);
    ASSERT_COMES_BACK (record, sks_record);
}
END_TEST

/* A record as it comes back; *err on failure. */
static int
read_record (const char *text, sks_record **record, sks_error *err)
{
    return sks_reply_decode_record (record, text, strlen (text), err);
}

#define LEVEL(name) "{\"level\":\"" name "\",\"label\":\"\",\"count\":0,\"statements\":[]}"
#define BEFORE_LEVELS                                                                                                   \
    "\"soc\":\"43-9061.00\",\"title\":\"T\",\"group\":{\"code\":\"43\",\"title\":\"G\"},\"sector\":null,\"zone\":null," \
    "\"zone_inferred\":null,\"description\":\"\",\"framework\":{\"version\":\"\",\"description\":\"\"},"                \
    "\"exported_at\":\"\",\"sources\":[],\"attribution\":\"\","
#define THREE LEVEL ("emerging") "," LEVEL ("developing") "," LEVEL ("proficient")
#define SMALL OPEN BEFORE_LEVELS "\"levels\":[" THREE "," LEVEL ("advanced") "]" CLOSE

START_TEST (reads_back_a_record)
{
    static const char text[] =
        OPEN "\"soc\":\"43-9061.00\",\"title\":\"Clerks\",\"group\":{\"code\":\"43\",\"title\":\"Office\"},"
             "\"sector\":{\"code\":\"55\",\"label\":\"Management\"},\"zone\":5,\"zone_inferred\":false,"
             "\"description\":\"d\",\"framework\":{\"version\":\"v7\",\"description\":\"f\"},\"newer\":[{}],"
             "\"exported_at\":\"2026\",\"sources\":[{\"name\":\"onet\",\"text\":\"v30\"}],\"attribution\":\"by us\","
             "\"levels\":[" THREE ",{\"level\":\"advanced\",\"label\":\"Top\",\"count\":1,\"statements\":["
             "{\"id\":\"a\",\"position\":7,\"text\":\"Sort\"}]}]" CLOSE;
    sks_record *r;
    sks_error err;
    ck_assert_msg (read_record (text, &r, &err) == 0, "%s", err.text);
    ck_assert_uint_eq (r->generation, 3);
    ck_assert_uint_eq (r->took_us, 9);
    ck_assert_str_eq (r->soc, "43-9061.00");
    ck_assert_str_eq (r->title, "Clerks");
    ck_assert_str_eq (r->group, "43");
    ck_assert_str_eq (r->group_title, "Office");
    ck_assert_str_eq (r->sector, "55");
    ck_assert_str_eq (r->sector_label, "Management");
    ck_assert_int_eq (r->zone, 5);
    ck_assert_int_eq (r->zone_inferred, 0);
    ck_assert_str_eq (r->description, "d");
    ck_assert_str_eq (r->version, "v7");
    ck_assert_str_eq (r->framework, "f");
    ck_assert_str_eq (r->exported_at, "2026");
    ck_assert_str_eq (r->attribution, "by us");
    ck_assert_uint_eq (r->source_count, 1);
    ck_assert_str_eq (r->sources[0].name, "onet");
    ck_assert_str_eq (r->sources[0].text, "v30");
    ck_assert_uint_eq (r->levels[SKS_EMERGING].count, 0);
    ck_assert_str_eq (r->levels[SKS_ADVANCED].label, "Top");
    ck_assert_uint_eq (r->levels[SKS_ADVANCED].count, 1);
    ck_assert_str_eq (r->levels[SKS_ADVANCED].statements[0].id, "a");
    ck_assert_str_eq (r->levels[SKS_ADVANCED].statements[0].text, "Sort");
    ck_assert_uint_eq (r->levels[SKS_ADVANCED].statements[0].position, 7);
    ck_assert_str_eq (r->json, text);
    sks_record_destroy (&r);
    ck_assert_ptr_null (r);
    sks_record_destroy (&r);
    ck_assert_int_eq (read_record (SMALL, &r, &err), 0);
    ck_assert_ptr_null (r->sector);
    ck_assert_int_eq (r->zone, 0);
    ck_assert_int_eq (r->zone_inferred, -1);
    sks_record_destroy (&r);
}
END_TEST

static const struct {
    const char *text, *with; /* a part of the small reply, and its replacement; NULL: the whole reply */
    int code;
    const char *reason;
} broken[] = {
    { NULL, "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"none\"}}", SKS_ENOTFOUND, "none" },
    { NULL, "[", SKS_EPROTOCOL,
      "the reply is not JSON of this protocol: the text ends too early: an array is not closed" },
    { "\"title\":\"T\"", "\"title\":1", SKS_EPROTOCOL, "/title: not a string" },
    { "\"title\":\"T\",", "", SKS_EPROTOCOL, "/title: missing" },
    { "{\"code\":\"43\",", "{", SKS_EPROTOCOL, "/group/code: missing" },
    { "\"sector\":null", "\"sector\":\"55\"", SKS_EPROTOCOL, "/sector: not an object" },
    { "\"zone\":null", "\"zone\":6", SKS_EPROTOCOL, "/zone: at most 5" },
    { "\"zone\":null,", "", SKS_EPROTOCOL, "/zone: missing" },
    { "\"zone_inferred\":null", "\"zone_inferred\":1", SKS_EPROTOCOL, "/zone_inferred: not true or false" },
    { "{\"version\":\"\",", "{", SKS_EPROTOCOL, "/framework/version: missing" },
    { "\"sources\":[]", "\"sources\":[{\"name\":\"x\"}]", SKS_EPROTOCOL, "/sources/0/text: missing" },
    { "\"sources\":[]", "\"sources\":{}", SKS_EPROTOCOL, "/sources: not a list" },
    { "," LEVEL ("advanced"), "", SKS_EPROTOCOL, "/levels: not 4 levels" },
    { LEVEL ("advanced"), LEVEL ("emerging"), SKS_EPROTOCOL, "/levels/3/level: occurs twice" },
    { LEVEL ("advanced"), LEVEL ("expert"), SKS_EPROTOCOL,
      "/levels/3/level: \"expert\" is not one of emerging, developing, proficient, advanced" },
    { LEVEL ("advanced"),
      "{\"level\":\"advanced\",\"label\":\"\",\"count\":1,\"statements\":[{\"id\":\"a\",\"text\":\"b\"}]}",
      SKS_EPROTOCOL, "/levels/3/statements/0/position: missing" },
};

START_TEST (refuses_a_broken_record_with_its_place)
{
    static const char small[] = SMALL;
    char text[2 * sizeof small + 512];
    const char *part = broken[_i].text, *at = part ? strstr (small, part) : small;
    ck_assert_ptr_nonnull (at);
    snprintf (text, sizeof text, "%.*s%s%s", (int) (at - small), small, broken[_i].with,
              part ? at + strlen (part) : "");
    sks_record *record = (sks_record *) text;
    sks_error err;
    ck_assert_int_eq (read_record (text, &record, &err), broken[_i].code);
    ck_assert_str_eq (err.text, broken[_i].reason);
    ck_assert_ptr_null (record);
}
END_TEST

START_TEST (writes_and_reads_a_mapping)
{
    static const sks_span evidence[] = { { 10, 14 }, { 20, 22 } };
    const sks_map_match match = { &hit, evidence, 2, 0.5 };
    const sks_map_sentence sentences[] = { { 10, 30, &match, 1, 0.6 }, { 31, 40, NULL, 0, 0 } };
    const sks_mapping mapping = { .sentences = sentences,
                                  .sentence_count = 2,
                                  .coverage = 0.3,
                                  .levels = { 0, 0, 0, 1 },
                                  .compared_by = SKS_BY_WORDS };
    assert_written (
        sks_reply_encode_mapping (&out, &request, &mapping, &answered, NULL), OPEN
        "\"sentences\":[{\"start\":10,\"end\":30,\"coverage\":0.6,\"matches\":[{" HIT
        ",\"evidence\":[[10,14],[20,22]],\"share\":0.5}]},"
        "{\"start\":31,\"end\":40,\"coverage\":0,\"matches\":[]}],\"coverage\":0.3,"
        "\"levels\":{\"emerging\":0,\"developing\":0,\"proficient\":0,\"advanced\":1},\"compared_by\":\"words\"" CLOSE);
    ASSERT_COMES_BACK (mapping, sks_mapping);
}
END_TEST

START_TEST (writes_and_reads_completions)
{
    const sks_completion words[] = { { "mail", NULL, 7 }, { "mailing", NULL, 1 } };
    const sks_completion occupation = { "Clerks", "43-9061.00", 40 };
    const sks_completions completions = {
        .words = words, .word_count = 2, .occupations = &occupation, .occupation_count = 1
    };
    assert_written (sks_reply_encode_completions (&out, &request, &completions, &answered, NULL),
                    OPEN "\"words\":[{\"text\":\"mail\",\"count\":7},{\"text\":\"mailing\",\"count\":1}],"
                         "\"duties\":[],"
                         "\"occupations\":[{\"text\":\"Clerks\",\"value\":\"43-9061.00\",\"count\":40}]" CLOSE);
    ASSERT_COMES_BACK (completions, sks_completions);
}
END_TEST

START_TEST (writes_and_reads_an_analysis)
{
    static const char *const expansions[] = { "route", "routes" };
    static const uint32_t indexes[] = { 0, 1 };
    const sks_read_word words[] = {
        { 0, 5, "rout", "rout", 0, 1, 9, expansions, 2 },
        { 6, 9, "the", NULL, 1, 1, 50, NULL, 0 },
    };
    const sks_reading_node children[] = {
        { .kind = "near", .start = 0, .end = 9, .distance = 3, .exact = 1, .words = indexes, .word_count = 2 },
        { .kind = "value", .field = "level", .value = "advanced", .start = 10, .end = 24 },
    };
    static const sks_note notes[] = { { "bullet", 3, "a bullet" } };
    static const sks_other_word pieces[] = { { "e", "e" }, { "the", NULL } };
    static const sks_other_words other[] = { { 6, 9, pieces, 2 } };
    const sks_analysis analysis = {
        .read_as = "x",
        .words = words,
        .word_count = 2,
        .tree = { .kind = "and", .end = 24, .children = children, .child_count = 2 },
        .notes = notes,
        .note_count = 1,
        .other = other,
        .other_count = 1,
    };
    assert_written (sks_reply_encode_analysis (&out, &request, &analysis, &answered, NULL),
                    OPEN "\"read_as\":\"x\",\"notes\":[{\"code\":\"bullet\",\"at\":3,\"text\":\"a bullet\"}],"
                         "\"other\":[{\"start\":6,\"end\":9,\"words\":[{\"form\":\"e\",\"stem\":\"e\"},"
                         "{\"form\":\"the\",\"stem\":null}]}],"
                         "\"words\":["
                         "{\"form\":\"rout\",\"start\":0,\"end\":5,\"stem\":\"rout\",\"stop\":false,"
                         "\"known\":true,"
                         "\"count\":9,\"expansions\":[\"route\",\"routes\"]},"
                         "{\"form\":\"the\",\"start\":6,\"end\":9,\"stem\":null,\"stop\":true,\"known\":true,"
                         "\"count\":50,\"expansions\":[]}],"
                         "\"tree\":{\"kind\":\"and\",\"start\":0,\"end\":24,\"children\":["
                         "{\"kind\":\"near\",\"start\":0,\"end\":9,\"distance\":3,\"exact\":true,\"words\":[0,1]},"
                         "{\"kind\":\"value\",\"start\":10,\"end\":24,\"field\":\"level\","
                         "\"value\":\"advanced\"}]}" CLOSE);
    ASSERT_COMES_BACK (analysis, sks_analysis);
}
END_TEST

START_TEST (writes_the_values_of_one_facet)
{
    static const sks_facet_value value = { "43", "Office", 5, 1, NULL, 0, 0 };
    static const sks_facet_counts facet = { SKS_FACET_GROUP, &value, 1, 12 };
    const sks_result result = { .generation = 3, .facets = &facet, .facet_count = 1, .took_us = 9 };
    const sks_request asked = request_of (SKS_OP_FACET_VALUES);
    assert_written (sks_reply_encode_result (&out, &asked, &result, NULL),
                    OPEN "\"facet\":{\"name\":\"group\",\"values\":[{\"value\":\"43\",\"label\":\"Office\","
                         "\"count\":5,\"selected\":true}],\"distinct\":12}" CLOSE);
    sks_buffer_free (&out);
}
END_TEST

START_TEST (writes_a_tree_of_groups_and_occupations)
{
    static const sks_facet_value child = { "43-1", "Clerk", 2, 1, NULL, 0, 0 };
    static const sks_facet_value value = { "43-", "Office", 5, 0, &child, 1, 7 };
    static const sks_facet_counts facet = { SKS_FACET_OCCUPATION, &value, 1, 12 };
    const sks_result result = { .generation = 3, .facets = &facet, .facet_count = 1, .took_us = 9 };
    const sks_request asked = request_of (SKS_OP_FACET_VALUES);
    assert_written (sks_reply_encode_result (&out, &asked, &result, NULL),
                    OPEN "\"facet\":{\"name\":\"occupation\",\"values\":[{\"value\":\"43-\",\"label\":\"Office\","
                         "\"count\":5,\"selected\":false,\"children\":[{\"value\":\"43-1\",\"label\":\"Clerk\","
                         "\"count\":2,\"selected\":true}],\"distinct\":7}],\"distinct\":12}" CLOSE);
    sks_buffer_free (&out);
}
END_TEST

/* The reply to op, read back. Caller owns it. */
static sks_result *
read_back (int op, const sks_result *result)
{
    sks_result *again;
    const sks_request asked = request_of (op);
    ck_assert_int_eq (sks_reply_encode_result (&out, &asked, result, NULL), 0);
    ck_assert_int_eq (sks_reply_decode_result (&again, out.bytes, out.size, NULL), 0);
    sks_buffer_free (&out);
    return again;
}

START_TEST (reads_back_a_page_of_a_scan)
{
    const sks_result page = { .generation = 3, .total = 70, .hits = &hit, .hit_count = 1, .cursor = "c" };
    sks_result *again = read_back (SKS_OP_SCAN, &page);
    ck_assert_uint_eq (again->total, 70);
    ck_assert_uint_eq (again->hit_count, 1);
    ck_assert_str_eq (again->cursor, "c");
    sks_result_destroy (&again);
    const sks_result last = { .generation = 3, .total = 70 };
    again = read_back (SKS_OP_SCAN, &last);
    ck_assert_ptr_null (again->cursor);
    sks_result_destroy (&again);
}
END_TEST

START_TEST (reads_back_similar_statements)
{
    const sks_result found = {
        .generation = 3, .total = 5, .hits = &hit, .hit_count = 1, .took_us = 4, .compared_by = SKS_BY_MEANING
    };
    sks_result *again = read_back (SKS_OP_SIMILAR, &found);
    ck_assert_str_eq (again->compared_by, SKS_BY_MEANING);
    ck_assert_uint_eq (again->total, 5);
    ck_assert_str_eq (again->hits[0].text, "Sort mail");
    ck_assert_uint_eq (again->took_us, 4);
    sks_result_destroy (&again);
}
END_TEST

START_TEST (reads_how_many_a_collapsed_hit_stands_for)
{
    sks_hit collapsed = hit;
    collapsed.more = 4;
    const sks_result result = { .generation = 3, .total = 5, .hits = &collapsed, .hit_count = 1 };
    sks_result *again = read_back (SKS_OP_SEARCH, &result);
    ck_assert_uint_eq (again->hits[0].more, 4);
    sks_result_destroy (&again);
}
END_TEST

START_TEST (puts_whole_replies_into_a_multi)
{
    const sks_error why = { SKS_ENOTFOUND, -1, "no such thing" };
    const sks_request inner = { .op = SKS_OP_HEALTH, .id = "b" }, nameless = { .op = SKS_OP_GET };
    const sks_stats stats = { .generation = 3, .statements = 5 };
    sks_reply_open_multi (&out, &request, 3);
    sks_reply_encode_health (&out, &inner, &stats, NULL);
    sks_reply_encode_error (&out, &nameless, &why, NULL);
    assert_written (sks_reply_close_multi (&out, 9, NULL),
                    OPEN "\"replies\":["
                         "{\"v\":1,\"id\":\"b\",\"ok\":true,\"status\":\"ok\",\"generation\":3,\"statements\":5},"
                         "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"no such "
                         "thing\"}}]" CLOSE);
    sks_buffer_free (&out);
}
END_TEST

START_TEST (reads_the_values_of_one_facet)
{
    static const char text[] =
        "{\"v\":1,\"ok\":true,\"generation\":3,\"facet\":{\"name\":\"level\",\"values\":[{\"value\":\"advanced\","
        "\"label\":\"Advanced\",\"count\":7,\"selected\":true}],\"distinct\":4},\"took_us\":9}";
    sks_result *result;
    ck_assert_int_eq (sks_reply_decode_result (&result, text, strlen (text), NULL), 0);
    ck_assert_uint_eq (result->facet_count, 1);
    ck_assert_int_eq (result->facets[0].facet, SKS_FACET_LEVEL);
    ck_assert_uint_eq (result->facets[0].distinct, 4);
    ck_assert_uint_eq (result->facets[0].values[0].count, 7);
    ck_assert_int_eq (result->facets[0].values[0].selected, 1);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (reads_a_multi_with_a_refusal_in_it)
{
    static const char text[] =
        "{\"v\":1,\"ok\":true,\"generation\":3,\"replies\":[{\"v\":1,\"ok\":false,\"error\":{\"code\":"
        "\"query_syntax\",\"message\":\"no\",\"at\":2}},{\"v\":1,\"ok\":true,\"generation\":3,\"total\":5,"
        "\"hits\":[],\"took_us\":1}],\"took_us\":9}";
    sks_result *results[3];
    sks_error errors[3], err;
    ck_assert_int_eq (sks_reply_decode_multi (results, errors, 2, text, strlen (text), &err), 0);
    ck_assert_ptr_null (results[0]);
    ck_assert_int_eq (errors[0].code, SKS_EQUERYSYNTAX);
    ck_assert_int_eq (errors[0].at, 2);
    ck_assert_int_eq (errors[1].code, 0);
    ck_assert_uint_eq (results[1]->total, 5);
    sks_result_destroy (&results[1]);
    ck_assert_int_eq (sks_reply_decode_multi (results, NULL, 3, text, strlen (text), &err), SKS_EPROTOCOL);
    ck_assert_str_eq (err.text, "/replies: 2 replies to 3 requests");
}
END_TEST

START_TEST (reads_hello_health_and_stats)
{
    sks_stats stats = { .generation = 3, .statements = 40, .uptime_s = 5, .workers = 2, .queue_limit = 256 };
    sks_daemon_stats *again;
    sks_hello *hello;
    sks_health *health;
    stats.requests[SKS_OP_SCAN] = 6;
    stats.all.replies[0] = 7;
    stats.all.latency[3] = 7;
    stats.all.time_us = 50;
    stats.by_op[SKS_OP_SCAN] = stats.all;
    ck_assert_int_eq (sks_reply_encode_stats (&out, &request, &stats, NULL), 0);
    ck_assert_int_eq (sks_reply_decode_stats (&again, out.bytes, out.size, NULL), 0);
    ck_assert_str_eq (again->version, SKS_VERSION);
    ck_assert_double_eq (sks_daemon_stats_find (again, "queue", "limit")->value, 256);
    ck_assert_double_eq (sks_daemon_stats_find (again, "requests", "scan")->value, 6);
    ck_assert_double_eq (sks_daemon_stats_find (again, "", "generation")->value, 3);
    ck_assert_ptr_null (sks_daemon_stats_find (again, "queue", "length"));
    ck_assert_uint_eq (again->bound_count, SKS_LATENCY_BUCKETS);
    ck_assert_double_eq (again->bounds_us[3], 8);
    ck_assert (again->bounds_us[SKS_LATENCY_BUCKETS - 1] == HUGE_VAL);
    ck_assert_uint_eq (again->all.counts[3], 7);
    ck_assert_uint_eq (again->all.sum_us, 50);
    ck_assert_uint_eq (again->operation_count, 1);
    ck_assert_str_eq (again->operations[0].operation, "scan");
    ck_assert_str_eq (again->operations[0].replies[0].name, "ok");
    sks_daemon_stats_destroy (&again);
    sks_buffer_clear (&out);
    ck_assert_int_eq (sks_reply_encode_hello (&out, &request, &stats, NULL), 0);
    ck_assert_int_eq (sks_reply_decode_hello (&hello, out.bytes, out.size, NULL), 0);
    ck_assert_str_eq (hello->name, "skillsearch");
    ck_assert_uint_eq (hello->protocol, SKS_PROTOCOL_VERSION);
    ck_assert_uint_eq (hello->operation_count, SKS_OPS);
    ck_assert_str_eq (hello->levels[SKS_ADVANCED], "advanced");
    ck_assert_str_eq (hello->limits[0].name, "max_request_bytes");
    ck_assert_uint_eq (hello->limits[0].count, SKS_MAX_REQUEST_BYTES);
    sks_hello_destroy (&hello);
    sks_buffer_clear (&out);
    ck_assert_int_eq (sks_reply_encode_health (&out, &request, &stats, NULL), 0);
    ck_assert_int_eq (sks_reply_decode_health (&health, out.bytes, out.size, NULL), 0);
    ck_assert_str_eq (health->status, "ok");
    ck_assert_uint_eq (health->statements, 40);
    sks_health_destroy (&health);
    sks_buffer_free (&out);
}
END_TEST

/* ------------------------------------------------------------------ limits */

START_TEST (refuses_an_incomplete_reply_to_a_search)
{
    static const char text[] = "{\"v\":1,\"ok\":true,\"generation\":1,\"total\":0,\"facets\":{},\"hits\":[],"
                               "\"took_us\":1}";
    sks_result *result;
    sks_error err;
    ck_assert_int_eq (sks_reply_decode_result (&result, text, strlen (text), &err), SKS_EPROTOCOL);
    ck_assert_str_eq (err.text, "/matched_all: missing");
}
END_TEST

START_TEST (refuses_a_cursor_that_is_not_a_text)
{
    static const char text[] = "{\"v\":1,\"ok\":true,\"generation\":1,\"total\":0,\"cursor\":7,\"hits\":[],"
                               "\"took_us\":1}";
    sks_result *result;
    sks_error err;
    ck_assert_int_eq (sks_reply_decode_result (&result, text, strlen (text), &err), SKS_EPROTOCOL);
    ck_assert_str_eq (err.text, "/cursor: not a string");
}
END_TEST

START_TEST (refuses_to_write_an_answer_over_the_maximum)
{
    sks_buffer small = SKS_BUFFER_INIT (100);
    const sks_crosswalk crosswalk = { .left_only = &hit, .right_only = &hit, .left_count = 1, .right_count = 1 };
    ck_assert_int_eq (sks_reply_encode_crosswalk (&small, &request, &crosswalk, &answered, NULL), SKS_ELIMIT);
    sks_buffer_free (&small);
}
END_TEST

/* Places from a broken daemon must not exceed a text or a list. */
#define ASSERT_REFUSED(name, type, members, expected)                                                                  \
    do {                                                                                                               \
        static const char text[] = "{\"v\":1,\"ok\":true,\"generation\":3,\"took_us\":9," members "}";                 \
        type *answer;                                                                                                  \
        sks_error err;                                                                                                 \
        ck_assert_int_eq (sks_reply_decode_##name (&answer, text, strlen (text), &err), SKS_EPROTOCOL);                \
        ck_assert_str_eq (err.text, expected);                                                                         \
        ck_assert_ptr_null (answer);                                                                                   \
    } while (0)

#define LEVELS_NONE "\"levels\":{\"emerging\":0,\"developing\":0,\"proficient\":0,\"advanced\":0},\"coverage\":0,"
#define WORD                                                                                                           \
    "{\"form\":\"a\",\"start\":0,\"end\":1,\"stem\":null,\"stop\":false,\"known\":true,\"count\":1,\"expansions\":[]}"

START_TEST (refuses_an_incomplete_answer)
{
    ASSERT_REFUSED (comparison, sks_comparison, "\"soc\":\"1\",\"occupation\":\"A\"", "/rows: missing");
    ASSERT_REFUSED (comparison, sks_comparison, "\"soc\":\"1\",\"occupation\":\"A\",\"rows\":[7]",
                    "/rows/0: not an object");
    ASSERT_REFUSED (comparison, sks_comparison,
                    "\"soc\":\"1\",\"occupation\":\"A\",\"rows\":[{\"duty\":null,\"levels\":{\"emerging\":{"
                    "\"likeness\":0,\"gained\":[],\"lost\":[]}}}]",
                    "/rows/0/levels/emerging/id: missing");
    ASSERT_REFUSED (crosswalk, sks_crosswalk, "\"left\":{\"soc\":\"1\"}", "/left/title: missing");
    ASSERT_REFUSED (completions, sks_completions, "\"words\":7", "/words: not a list");
    ASSERT_REFUSED (completions, sks_completions, "\"words\":[{\"text\":\"a\",\"count\":-1}]",
                    "/words/0/count: at least 0");
    ASSERT_REFUSED (health, sks_health, "\"status\":\"ok\"", "/statements: missing");
}
END_TEST

START_TEST (refuses_places_beyond_their_text_or_list)
{
    ASSERT_REFUSED (mapping, sks_mapping,
                    LEVELS_NONE "\"sentences\":[{\"start\":3,\"end\":3,\"coverage\":0,\"matches\":[]}]",
                    "/sentences/0: a sentence that does not follow the one before it");
    ASSERT_REFUSED (mapping, sks_mapping,
                    LEVELS_NONE "\"sentences\":[{\"start\":0,\"end\":3,\"coverage\":0,\"matches\":[]},"
                                "{\"start\":2,\"end\":5,\"coverage\":0,\"matches\":[]}]",
                    "/sentences/1: a sentence that does not follow the one before it");
    ASSERT_REFUSED (mapping, sks_mapping,
                    LEVELS_NONE "\"sentences\":[{\"start\":0,\"end\":3,\"coverage\":0,\"matches\":[{" HIT
                                ",\"share\":1,\"evidence\":[[2,4]]}]}]",
                    "/sentences/0/matches/0/evidence/0/1: at most 3");
    ASSERT_REFUSED (mapping, sks_mapping,
                    LEVELS_NONE "\"sentences\":[{\"start\":1,\"end\":3,\"coverage\":0,\"matches\":[{" HIT
                                ",\"share\":1,\"evidence\":[[0,2]]}]}]",
                    "/sentences/0/matches/0/evidence/0/0: at least 1");
    ASSERT_REFUSED (analysis, sks_analysis,
                    "\"read_as\":\"a\",\"words\":[" WORD "],\"tree\":{\"kind\":\"and\",\"start\":0,\"end\":1,"
                    "\"children\":[{\"kind\":\"word\",\"start\":0,\"end\":1,\"words\":[0,1]}]}",
                    "/tree/children/0/words/1: no word of the query");
}
END_TEST

Suite *
suite_wire_answers (void)
{
    Suite *suite = suite_create ("wire_answers");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, writes_and_reads_a_comparison);
    tcase_add_test (core, writes_and_reads_a_crosswalk);
    tcase_add_test (core, writes_and_reads_a_record);
    tcase_add_test (core, reads_back_a_record);
    tcase_add_loop_test (core, refuses_a_broken_record_with_its_place, 0, (int) (sizeof broken / sizeof *broken));
    tcase_add_test (core, writes_and_reads_a_mapping);
    tcase_add_test (core, writes_and_reads_completions);
    tcase_add_test (core, writes_and_reads_an_analysis);
    tcase_add_test (core, writes_the_values_of_one_facet);
    tcase_add_test (core, writes_a_tree_of_groups_and_occupations);
    tcase_add_test (core, reads_back_a_page_of_a_scan);
    tcase_add_test (core, reads_back_similar_statements);
    tcase_add_test (core, reads_how_many_a_collapsed_hit_stands_for);
    tcase_add_test (core, puts_whole_replies_into_a_multi);
    tcase_add_test (core, reads_the_values_of_one_facet);
    tcase_add_test (core, reads_a_multi_with_a_refusal_in_it);
    tcase_add_test (core, reads_hello_health_and_stats);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, refuses_an_incomplete_reply_to_a_search);
    tcase_add_test (limits, refuses_a_cursor_that_is_not_a_text);
    tcase_add_test (limits, refuses_to_write_an_answer_over_the_maximum);
    tcase_add_test (limits, refuses_an_incomplete_answer);
    tcase_add_test (limits, refuses_places_beyond_their_text_or_list);
    suite_add_tcase (suite, limits);
    return suite;
}
