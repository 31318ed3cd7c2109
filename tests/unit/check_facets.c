/* check_facets.c - compares facet counts with a naive recount over all statements.
 *
 * Queries, filters and pages are random, from a fixed seed. The reference reads all hits of the text alone and applies
 * the filters one statement at a time. */
#include "tests/support/corpus.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_facets (void);

#define ROUNDS 4000
#define MAX_VALUES 64

/* ---------------------------------------------------------- drawn requests */

struct request {
    sks_query query;
    char text[256];
    const char *values[SKS_FACETS][8];
};

static void
draw_text (unsigned *state, char *out, size_t room)
{
    static const char *const joints[] = { " ", " ", " OR ", " -", " AND ", " NEAR/5 ", " the " };
    char first[96], second[96];
    corpus_draw_word (state, first, sizeof first);
    corpus_draw_word (state, second, sizeof second);
    switch (engine_draw (state, 6)) {
    case 0:
    case 1:
        *out = '\0';
        return;
    case 2:
        snprintf (out, room, "%s", first);
        return;
    case 3:
        snprintf (out, room, "title:%s OR \"%s\"", first, second);
        return;
    default:
        snprintf (out, room, "%s%s%s", first, joints[engine_draw (state, COUNT (joints))], second);
    }
}

/* A random value of a facet, usually one that the index has. */
static const char *
draw_value (unsigned *state, int facet)
{
    static const char *const absent[SKS_FACETS] = { "advanced", "99", "55", "99-9999.00", "5", "v9" };
    static const char *const prefixes[] = { "43-", "29-", "29-1", "53-3032", "43-4051.0", "99-" };
    if (facet == SKS_FACET_OCCUPATION && !engine_draw (state, 3))
        return prefixes[engine_draw (state, COUNT (prefixes))];
    if (!engine_draw (state, 8))
        return absent[facet];
    return engine_value (corpus_draw (state), facet);
}

static void
draw_filter (unsigned *state, struct request *request, int facet)
{
    sks_filter *filter = &request->query.filter[facet];
    *filter = (sks_filter) { request->values[facet], 0, 0, 0 };
    if (engine_draw (state, 3))
        return;
    for (size_t left = 1 + engine_draw (state, 4); left; left--)
        request->values[facet][filter->count++] = draw_value (state, facet);
    if (facet == SKS_FACET_ZONE && engine_draw (state, 2)) {
        filter->min = 1 + (int) engine_draw (state, 5);
        filter->max = 1 + (int) engine_draw (state, 5);
        filter->count = engine_draw (state, 2) ? filter->count : 0;
    }
}

static void
draw_facets (unsigned *state, struct request *request)
{
    static const char *const finds[] = {
        "", "m", "mail", "Man", "and", "workers", "4", "43-", "ser rep", "xyz", "Job"
    };
    sks_query *query = &request->query;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (engine_draw (state, 4))
            query->facets[query->facet_count++] =
                (sks_facet_ask) { facet, 1 + engine_draw (state, engine_draw (state, 2) ? 4 : 30),
                                  engine_draw (state, 3) ? NULL : finds[engine_draw (state, COUNT (finds))],
                                  facet == SKS_FACET_OCCUPATION && engine_draw (state, 2) };
}

static void
draw_request (unsigned *state, struct request *request)
{
    request->query = (sks_query) SKS_QUERY_INIT;
    draw_text (state, request->text, sizeof request->text);
    request->query.text = request->text;
    request->query.match = (int) engine_draw (state, 3);
    request->query.limit = engine_draw (state, 3);
    for (int facet = 0; facet < SKS_FACETS; facet++)
        draw_filter (state, request, facet);
    draw_facets (state, request);
}

/* --------------------------------------------------------------- reference */

/* Which statements match the text alone. */
static void
match_text (const sks_query *query, bool *matches)
{
    sks_query all = *query;
    memset (all.filter, 0, sizeof all.filter);
    all.facet_count = 0;
    all.sort = SKS_SORT_ID;
    sks_result *result = corpus_find (&all, matches);
    sks_result_destroy (&result);
}

struct value {
    const char *value, *label;
    uint64_t count;
    bool named;
};

struct values {
    struct value list[MAX_VALUES];
    size_t count;
};

static const char *
label_of (const engine_statement *s, int facet)
{
    switch (facet) {
    case SKS_FACET_LEVEL:
        return sks_schema_level_label (s->level);
    case SKS_FACET_SECTOR:
        return sks_schema_sector_label (s->sector);
    case SKS_FACET_GROUP:
        return sks_schema_group_label (s->group);
    case SKS_FACET_OCCUPATION:
        return s->title;
    case SKS_FACET_VERSION:
        return s->version;
    default:
        return sks_schema_zone_label (s->zone);
    }
}

static struct value *
value_at (struct values *values, const char *value, const char *label)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp (values->list[i].value, value) == 0)
            return &values->list[i];
    ck_assert_uint_lt (values->count, MAX_VALUES);
    values->list[values->count] = (struct value) { value, label, 0, false };
    return &values->list[values->count++];
}

/* Whether some word of text starts with the letters [word, end). */
static bool
word_starts (const char *text, const char *word, const char *end)
{
    for (const char *at = text; *at; at++)
        if ((at == text || !isalnum ((unsigned char) at[-1])) && strncasecmp (at, word, (size_t) (end - word)) == 0)
            return true;
    return false;
}

static bool
is_found (const char *find, const struct value *value)
{
    if (!find || !*find || strncmp (value->value, find, strlen (find)) == 0)
        return true;
    for (const char *word = find, *end; *word; word = end + (*end == ' ')) {
        end = word + strcspn (word, " ");
        if (!word_starts (value->label, word, end))
            return false;
    }
    return true;
}

static int
rank_in_order (int facet, const char *value)
{
    if (facet == SKS_FACET_LEVEL)
        return sks_schema_level_of (value, strlen (value));
    int zone = sks_schema_zone_of (value);
    return zone ? zone : SKS_ZONES + 1;
}

static int
compare_by (int facet, const struct value *a, const struct value *b)
{
    if (facet == SKS_FACET_LEVEL || facet == SKS_FACET_ZONE)
        return rank_in_order (facet, a->value) - rank_in_order (facet, b->value);
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp (a->value, b->value);
}

static void
sort_values (int facet, struct values *values)
{
    for (size_t i = 1; i < values->count; i++)
        for (size_t k = i; k && compare_by (facet, &values->list[k - 1], &values->list[k]) > 0; k--) {
            struct value swap = values->list[k];
            values->list[k] = values->list[k - 1];
            values->list[k - 1] = swap;
        }
}

/* The expected list of a facet's values that begin with prefix, and *distinct. */
static void
recount (const sks_query *query, const sks_facet_ask *ask, const char *prefix, const bool *matches, struct values *out,
         uint64_t *distinct)
{
    const sks_filter *filter = &query->filter[ask->facet];
    struct values all = { .count = 0 };
    for (size_t i = 0; i < corpus.count; i++) {
        const engine_statement *s = &corpus.statements[i];
        if (strncmp (engine_value (s, ask->facet), prefix, strlen (prefix)) != 0)
            continue;
        struct value *value = value_at (&all, engine_value (s, ask->facet), label_of (s, ask->facet));
        value->count += matches[i] && engine_passes (s, query, ask->facet);
    }
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        if (ask->facet == SKS_FACET_OCCUPATION && strlen (chosen) < SKS_SOC_BYTES)
            continue;
        if (strncmp (chosen, prefix, strlen (prefix)) != 0)
            continue;
        value_at (&all, chosen, chosen)->named = true;
    }
    sort_values (ask->facet, &all);
    *out = (struct values) { .count = 0 };
    *distinct = 0;
    size_t place = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct value *value = &all.list[i];
        bool listed = value->count && is_found (ask->find, value);
        *distinct += listed;
        if (!listed && !value->named)
            continue;
        if (place++ < ask->limit || value->named)
            out->list[out->count++] = *value;
    }
}

static bool
is_selected (const sks_query *query, int facet, const char *value)
{
    const sks_filter *filter = &query->filter[facet];
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        size_t size = strlen (chosen);
        if (strcmp (chosen, value) == 0 || (facet == SKS_FACET_OCCUPATION && strncmp (value, chosen, size) == 0))
            return true;
    }
    int zone = sks_schema_zone_of (value);
    return facet == SKS_FACET_ZONE && filter->min > 0 && zone >= filter->min && zone <= filter->max;
}

static void
assert_values (const struct request *request, const sks_facet_ask *ask, const char *prefix, const bool *matches,
               const sks_facet_value *values, size_t count, uint64_t reported)
{
    struct values expected;
    uint64_t distinct;
    recount (&request->query, ask, prefix, matches, &expected, &distinct);
    if (count != expected.count || reported != distinct)
        ck_abort_msg ("\"%s\", %s: %zu values of %d instead of %zu of %d", request->text, sks_facet_name (ask->facet),
                      count, (int) reported, expected.count, (int) distinct);
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        const struct value *want = &expected.list[i];
        bool selected = is_selected (&request->query, ask->facet, value->value);
        if (strcmp (value->value, want->value) != 0 || value->count != want->count || !value->selected != !selected)
            ck_abort_msg ("\"%s\", %s: value %zu is %s (%d) instead of %s (%d)", request->text,
                          sks_facet_name (ask->facet), i, value->value, (int) value->count, want->value,
                          (int) want->count);
    }
}

/* A group of the tree: its own count, and below it the list of its occupations. */
static uint64_t
assert_group (const struct request *request, const sks_facet_ask *ask, const bool *matches,
              const sks_facet_value *group)
{
    uint64_t count = 0;
    sks_facet_ask below = *ask;
    const struct value named = { group->value, group->label, 0, false };
    for (size_t i = 0; i < corpus.count; i++)
        if (strncmp (engine_value (&corpus.statements[i], SKS_FACET_OCCUPATION), group->value, 3) == 0)
            count += matches[i] && engine_passes (&corpus.statements[i], &request->query, SKS_FACET_OCCUPATION);
    if (group->count != count || !group->selected != !is_selected (&request->query, ask->facet, group->value))
        ck_abort_msg ("\"%s\": group %s is %d instead of %d", request->text, group->value, (int) group->count,
                      (int) count);
    if (is_found (ask->find, &named))
        below.find = NULL;
    assert_values (request, &below, group->value, matches, group->children, group->child_count, group->distinct);
    return group->distinct;
}

/* Groups are in order and within the limit, except those with a chosen value. */
static void
assert_tree (const struct request *request, const sks_facet_counts *facet, const sks_facet_ask *ask,
             const bool *matches)
{
    size_t within = 0;
    uint64_t found = 0;
    for (size_t i = 0; i < facet->count; i++) {
        const sks_facet_value *group = &facet->values[i], *before = i ? group - 1 : NULL;
        bool must = group->selected;
        for (size_t k = 0; k < group->child_count; k++)
            must |= group->children[k].selected;
        within += !must;
        if (group->children)
            found += assert_group (request, ask, matches, group) > 0;
        else if (group->count || !group->selected)
            ck_abort_msg ("\"%s\": %s has no occupations", request->text, group->value);
        if (before && (before->count < group->count ||
                       (before->count == group->count && strcmp (before->value, group->value) >= 0)))
            ck_abort_msg ("\"%s\": %s before %s", request->text, before->value, group->value);
    }
    ck_assert_uint_le (within, ask->limit);
    ck_assert_uint_le (found, facet->distinct);
    if (ask->limit > facet->count)
        ck_assert_uint_eq (found, facet->distinct);
}

static void
assert_facet (const struct request *request, const sks_facet_counts *facet, const sks_facet_ask *ask,
              const bool *matches)
{
    ck_assert_int_eq (facet->facet, ask->facet);
    if (ask->tree)
        assert_tree (request, facet, ask, matches);
    else
        assert_values (request, ask, "", matches, facet->values, facet->count, facet->distinct);
}

/* -------------------------------------------------------------- properties */

START_TEST (counts_equal_a_naive_recount)
{
    static bool matches[CORPUS_MOST];
    struct request request;
    unsigned state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        draw_request (&state, &request);
        match_text (&request.query, matches);
        sks_result *result = engine_search (&corpus, &request.query);
        uint64_t total = 0;
        for (size_t i = 0; i < corpus.count; i++)
            total += matches[i] && engine_passes (&corpus.statements[i], &request.query, -1);
        if (result->total != total || result->facet_count != request.query.facet_count)
            ck_abort_msg ("\"%s\": %d instead of %d", request.text, (int) result->total, (int) total);
        for (size_t i = 0; i < result->facet_count; i++)
            assert_facet (&request, &result->facets[i], &request.query.facets[i], matches);
        sks_result_destroy (&result);
    }
}
END_TEST

static uint64_t
total_with (const sks_query *query, int facet, const char *value)
{
    sks_query chosen = *query;
    chosen.filter[facet] = (sks_filter) { &value, 1, 0, 0 };
    chosen.facet_count = 0;
    sks_result *result = engine_search (&corpus, &chosen);
    uint64_t total = result->total;
    sks_result_destroy (&result);
    return total;
}

/* Check the counts of values and, in a tree, of those below them. Returns their number. */
static unsigned
assert_totals (const struct request *request, int facet, const sks_facet_value *values, size_t count)
{
    unsigned seen = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t total = total_with (&request->query, facet, values[i].value);
        if (values[i].count != total)
            ck_abort_msg ("\"%s\", %s is counted %d times, but filters to %d", request->text, values[i].value,
                          (int) values[i].count, (int) total);
        seen += 1 + assert_totals (request, facet, values[i].children, values[i].child_count);
    }
    return seen;
}

START_TEST (the_count_of_a_value_is_the_total_when_only_it_is_chosen)
{
    struct request request;
    unsigned state = 2, values = 0;
    for (int round = 0; round < ROUNDS; round++) {
        draw_request (&state, &request);
        sks_result *result = engine_search (&corpus, &request.query);
        for (size_t i = 0; i < result->facet_count; i++)
            values +=
                assert_totals (&request, result->facets[i].facet, result->facets[i].values, result->facets[i].count);
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (values, ROUNDS);
}
END_TEST

static void
assert_same_facets (const sks_result *a, const sks_result *b)
{
    for (size_t i = 0; i < a->facet_count; i++) {
        const sks_facet_counts *one = &a->facets[i], *other = &b->facets[i];
        if (one->count != other->count || one->distinct != other->distinct)
            ck_abort_msg ("%zu values and %zu", one->count, other->count);
        for (size_t k = 0; k < one->count; k++)
            if (strcmp (one->values[k].value, other->values[k].value) != 0 ||
                one->values[k].count != other->values[k].count || one->values[k].selected != other->values[k].selected)
                ck_abort_msg ("%s and %s", one->values[k].value, other->values[k].value);
    }
}

START_TEST (counts_do_not_depend_on_page_order_or_marks)
{
    struct request request;
    unsigned state = 3;
    for (int round = 0; round < ROUNDS / 4; round++) {
        draw_request (&state, &request);
        sks_result *first = engine_search (&corpus, &request.query);
        request.query.offset = engine_draw (&state, 700);
        request.query.limit = engine_draw (&state, 101);
        request.query.sort = (int) engine_draw (&state, 4);
        request.query.reverse = (int) engine_draw (&state, 2);
        request.query.want = engine_draw (&state, 4);
        sks_result *second = engine_search (&corpus, &request.query);
        if (first->total != second->total || first->matched_all != second->matched_all ||
            first->relaxed != second->relaxed)
            ck_abort_msg ("\"%s\": %d and %d", request.text, (int) first->total, (int) second->total);
        assert_same_facets (first, second);
        sks_result_destroy (&first);
        sks_result_destroy (&second);
    }
}
END_TEST

Suite *
suite_facets (void)
{
    Suite *suite = suite_create ("facets");
    TCase *core = corpus_case (suite, "Core");
    tcase_add_test (core, counts_equal_a_naive_recount);
    tcase_add_test (core, the_count_of_a_value_is_the_total_when_only_it_is_chosen);
    tcase_add_test (core, counts_do_not_depend_on_page_order_or_marks);
    return suite;
}
