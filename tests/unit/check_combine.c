/* check_combine.c - every combination of the features of a search: phrase, filter, facet, sort, collapse, correction.
 *
 * The matches of the text come from a request without other features; the effect of those is computed again, one
 * statement at a time. */
#include "tests/support/corpus.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_combine (void);

enum { PHRASE = 1, FILTER = 2, FACET = 4, SORT = 8, COLLAPSE = 16, CORRECTION = 32, COMBINATIONS = 64 };

/* The state of testing one combination. */
struct combination {
    unsigned features;
    sks_query query;
    bool matches[CORPUS_MOST]; /* by number: the text, before any filter */
    uint64_t all, passing;     /* of them; of those that pass the filter too */
    uint64_t suggested;        /* the count of the suggestion */
};

static sks_query
query_of (unsigned features)
{
    static const char *const levels[] = { "advanced", "emerging" };
    static const char *const texts[] = { "mail", "\"incoming mail\"", "mail registred", "\"incoming mail\" registred" };
    sks_query query = SKS_QUERY_INIT;
    query.text = texts[(features & PHRASE ? 1 : 0) + (features & CORRECTION ? 2 : 0)];
    query.match = SKS_MATCH_ALL;
    query.limit = SKS_MAX_LIMIT;
    if (features & FILTER)
        query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    if (features & FACET)
        for (int facet = 0; facet < SKS_FACETS; facet++)
            query.facets[query.facet_count++] = (sks_facet_ask) { .facet = facet, .limit = SKS_MAX_FACET_LIMIT };
    query.sort = features & SORT ? SKS_SORT_LEVEL : SKS_SORT_RELEVANCE;
    query.reverse = features & SORT ? 1 : 0;
    query.collapse = features & COLLAPSE ? 1 : 0;
    return query;
}

/* The misspelt word finds nothing and gets a suggestion, which replaces it. */
static void
follow_suggestion (struct combination *c, char *text, size_t room)
{
    sks_result *result = engine_search (&corpus, &c->query);
    ck_assert_uint_eq (result->total, 0);
    ck_assert_pstr_eq (result->suggestion.word, "registred");
    ck_assert_str_eq (result->suggestion.replacement, "registered");
    ck_assert_uint_lt (strlen (result->suggestion.query), room);
    strcpy (text, result->suggestion.query);
    c->query.text = text;
    c->suggested = result->suggestion.count;
    sks_result_destroy (&result);
}

static void
match_text (struct combination *c)
{
    sks_query plain = SKS_QUERY_INIT;
    plain.text = c->query.text;
    plain.match = SKS_MATCH_ALL;
    plain.limit = SKS_MAX_LIMIT;
    sks_result *result = engine_search (&corpus, &plain);
    ck_assert_uint_eq (result->total, result->hit_count);
    for (size_t i = 0; i < result->hit_count; i++) {
        size_t number = engine_number (&corpus, result->hits[i].id);
        c->matches[number] = true;
        c->all++;
        c->passing += engine_passes (&corpus.statements[number], &c->query, -1);
    }
    if (c->features & CORRECTION)
        ck_assert_uint_eq (c->suggested, c->passing);
    sks_result_destroy (&result);
}

/* How many statements match, pass all filters except that of one facet, and have this value of the facet; value NULL:
 * any. */
static uint64_t
count_of (const struct combination *c, int facet, const char *value)
{
    uint64_t count = 0;
    for (size_t i = 0; i < corpus.count; i++) {
        const engine_statement *s = &corpus.statements[i];
        count += c->matches[i] && engine_passes (s, &c->query, value ? facet : -1) &&
                 (!value || strcmp (engine_value (s, facet), value) == 0);
    }
    return count;
}

/* ------------------------------------------------------------------- claims */

static bool
is_marked (const sks_hit *hit, const char *words)
{
    for (size_t i = 0; i < hit->span_count; i++)
        if (strncasecmp (hit->text + hit->spans[i].start, words, strlen (words)) == 0 &&
            hit->spans[i].end - hit->spans[i].start == strlen (words))
            return true;
    return false;
}

static void
assert_hits (const struct combination *c, const sks_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        size_t number = engine_number (&corpus, hit->id);
        ck_assert (c->matches[number] && engine_passes (&corpus.statements[number], &c->query, -1));
        if (c->features & PHRASE)
            ck_assert (is_marked (hit, "incoming mail"));
        if (c->features & CORRECTION)
            ck_assert (is_marked (hit, "registered"));
        if (i && c->features & SORT)
            ck_assert_int_le (hit->level, hit[-1].level);
        else if (i)
            ck_assert (hit->score <= hit[-1].score);
    }
}

/* Every occupation occurs once, and the statements left out are counted. */
static void
assert_collapsed (const struct combination *c, const sks_result *result)
{
    uint64_t counted = 0;
    for (size_t i = 0; i < result->hit_count; i++) {
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne (result->hits[i].soc, result->hits[k].soc);
        counted += 1 + result->hits[i].more;
    }
    ck_assert_uint_eq (counted, c->passing);
}

static void
assert_facets (const struct combination *c, const sks_result *result)
{
    ck_assert_uint_eq (result->facet_count, SKS_FACETS);
    for (size_t i = 0; i < result->facet_count; i++) {
        uint64_t listed = 0;
        const sks_facet_counts *facet = &result->facets[i];
        for (size_t k = 0; k < facet->count; k++) {
            ck_assert_uint_eq (facet->values[k].count, count_of (c, facet->facet, facet->values[k].value));
            listed += facet->values[k].count;
        }
        ck_assert_uint_eq (listed, facet->facet == SKS_FACET_LEVEL ? c->all : c->passing);
    }
}

START_TEST (every_combination_of_features_holds)
{
    struct combination c = { .features = (unsigned) _i, .query = query_of ((unsigned) _i) };
    char corrected[64];
    if (c.features & CORRECTION)
        follow_suggestion (&c, corrected, sizeof corrected);
    match_text (&c);
    ck_assert_uint_gt (c.all, 0);
    sks_result *result = engine_search (&corpus, &c.query);
    ck_assert_uint_eq (result->total, c.passing);
    assert_hits (&c, result);
    if (c.features & COLLAPSE)
        assert_collapsed (&c, result);
    else
        ck_assert_uint_eq (result->hit_count, c.passing);
    if (c.features & FACET)
        assert_facets (&c, result);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (some_combination_has_many_hits)
{
    static const struct {
        unsigned features;
        uint64_t total;
    } known[] = { { 0, 16 }, { PHRASE, 7 }, { PHRASE | CORRECTION, 1 } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct combination c = { .features = known[i].features, .query = query_of (known[i].features) };
        char corrected[64];
        if (c.features & CORRECTION)
            follow_suggestion (&c, corrected, sizeof corrected);
        match_text (&c);
        ck_assert_uint_eq (c.passing, known[i].total);
    }
}
END_TEST

Suite *
suite_combine (void)
{
    Suite *suite = suite_create ("combine");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_loop_test (core, every_combination_of_features_holds, 0, COMBINATIONS);
    tcase_add_test (limits, some_combination_has_many_hits);
    return suite;
}
