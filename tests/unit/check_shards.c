/* check_shards.c - an index in shards answers as one without. */
#include "tests/support/corpus.h"
#include "tests/support/draw.h"
#include "tests/support/skip.h"

#include "core/shards/gather.h"

#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_shards (void);

/* The same exports in one index, and in each of these numbers of shards. */
static const uint32_t shard_counts[] = { 1, 2, 3, 5 };
#define SPLITS COUNT (shard_counts)
#define DATA_SHARDS 4

static engine whole;
static size_t splits;
static char *folders[SPLITS];
static sks_generation *generations[SPLITS];

static void
open_split (const char *exports, uint32_t shards)
{
    sks_error err;
    folders[splits] = sample_folder ();
    sample_shards = shards;
    sample_index (folders[splits], exports);
    sample_shards = 0;
    ck_assert_msg (sks_generation_open (&generations[splits], folders[splits], &err) == 0, "%s", err.text);
    splits++;
}

static void
open_corpus (void)
{
    engine_open (&whole, sample_corpus ());
    for
        EACH (i, shard_counts)
    open_split (sample_corpus (), shard_counts[i]);
}

/* The exports made from O*NET, which are not in every checkout. */
static void
open_data (void)
{
    char path[PATH_MAX];
    if (!getenv ("SKS_DATA"))
        return;
    snprintf (path, sizeof path, "%s/onet/exports", getenv ("SKS_DATA"));
    engine_open (&whole, path);
    open_split (path, DATA_SHARDS);
}

static void
close_all (void)
{
    while (splits) {
        sks_generation_release (&generations[--splits]);
        sample_remove (folders[splits]);
    }
    if (whole.folder)
        engine_close (&whole);
}

static sks_gather *
open_gather (size_t split)
{
    sks_gather *gather;
    sks_error err;
    ck_assert_msg (sks_gather_open (&gather, generations[split], 1000, 1000, &err) == 0, "%s", err.text);
    return gather;
}

/* ------------------------------------------------------------------ comparing */

/* What is said about a difference. */
static const draw *drawn;
static uint32_t drawn_shards;

#define SAME(condition, format, ...)                                                                                   \
    ck_assert_msg (condition, "%u shards, \"%s\", match %d: " format, drawn_shards, drawn->text, drawn->query.match,   \
                   __VA_ARGS__)

static void
expect_same_facets (const sks_result *a, const sks_result *b)
{
    SAME (a->facet_count == b->facet_count, "%zu facets, not %zu", b->facet_count, a->facet_count);
    for (size_t i = 0; i < a->facet_count; i++) {
        const sks_facet_counts *x = &a->facets[i], *y = &b->facets[i];
        SAME (x->count == y->count, "facet %zu: %zu values, not %zu", i, y->count, x->count);
        for (size_t k = 0; k < x->count; k++)
            SAME (strcmp (x->values[k].value, y->values[k].value) == 0 && x->values[k].count == y->values[k].count,
                  "facet %zu: %s %llu, not %s %llu", i, y->values[k].value, (unsigned long long) y->values[k].count,
                  x->values[k].value, (unsigned long long) x->values[k].count);
    }
}

static void
expect_same_hit (const sks_hit *a, const sks_hit *b)
{
    SAME (strcmp (a->text, b->text) == 0, "text %s, not %s", b->text, a->text);
    SAME (a->level == b->level && a->position == b->position && strcmp (a->soc, b->soc) == 0, "place of %s", a->id);
    SAME (strcmp (a->marked, b->marked) == 0, "%s: marked %s, not %s", a->id, b->marked, a->marked);
    SAME (a->span_count == b->span_count, "%s: %zu spans, not %zu", a->id, b->span_count, a->span_count);
    for (size_t i = 0; i < a->span_count; i++)
        SAME (a->spans[i].start == b->spans[i].start && a->spans[i].end == b->spans[i].end, "%s: span %zu", a->id, i);
}

static bool
is_close (double a, double b)
{
    return fabs (a - b) <= fmax (fabs (a), fabs (b)) * .001;
}

/* Whether the hits are the same in the same order, or are at places of nearly equal scores. */
static bool
has_same_order (const sks_result *a, const sks_result *b)
{
    bool same = true;
    SAME (a->hit_count == b->hit_count, "%zu hits, not %zu", b->hit_count, a->hit_count);
    for (size_t i = 0; i < a->hit_count; i++) {
        const sks_hit *x = &a->hits[i], *y = &b->hits[i];
        if (strcmp (x->id, y->id) == 0)
            expect_same_hit (x, y);
        same &= is_close (x->score, y->score);
    }
    return same;
}

static void
expect_same_reading (const sks_result *a, const sks_result *b)
{
    SAME (strcmp (a->read_as, b->read_as) == 0, "read as %s, not %s", b->read_as, a->read_as);
    SAME (a->unknown_count == b->unknown_count, "%zu unknown words, not %zu", b->unknown_count, a->unknown_count);
    for (size_t i = 0; i < a->unknown_count; i++)
        SAME (strcmp (a->unknown[i], b->unknown[i]) == 0, "unknown %s, not %s", b->unknown[i], a->unknown[i]);
    SAME (a->note_count == b->note_count, "%zu notes, not %zu", b->note_count, a->note_count);
}

struct outcome {
    unsigned compared, ordered, unsupported, refused;
};

/* Answer a query in both ways. */
static void
compare (struct outcome *outcome, sks_gather *gather, const draw *d)
{
    sks_result *a = NULL, *b = NULL;
    sks_error left, right = { 0 };
    drawn = d;
    int one = sks_searcher_search (whole.searcher, &d->query, &a, &left);
    int other = sks_gather_search (gather, &d->query, &b, &right);
    if (other == SKS_EUNSUPPORTED)
        outcome->unsupported++;
    else if (one) {
        SAME (one == other && strcmp (left.text, right.text) == 0, "%s, not %s", right.text, left.text);
        outcome->refused++;
    } else {
        SAME (!other, "refused: %s", right.text);
        SAME (a->total == b->total, "total %llu, not %llu", (unsigned long long) b->total,
              (unsigned long long) a->total);
        SAME (a->matched_all == b->matched_all, "matched_all %llu, not %llu", (unsigned long long) b->matched_all,
              (unsigned long long) a->matched_all);
        SAME (a->relaxed == b->relaxed, "relaxed %d, not %d", b->relaxed, a->relaxed);
        expect_same_facets (a, b);
        expect_same_reading (a, b);
        outcome->compared++;
        outcome->ordered += has_same_order (a, b);
    }
    sks_result_destroy (&a);
    sks_result_destroy (&b);
}

/* Compare drawn queries over one split. $SKS_DRAWN is another number of them, $SKS_SEED of the draw. */
static struct outcome
compare_drawn (size_t split, uint32_t shards, unsigned count)
{
    const char *more = getenv ("SKS_DRAWN"), *seed = getenv ("SKS_SEED");
    sks_gather *gather = open_gather (split);
    draw d = { .state = seed ? (unsigned) atoi (seed) : 20 + shards };
    struct outcome outcome = { 0 };
    drawn_shards = shards;
    for (unsigned i = more ? (unsigned) atoi (more) : count; i > 0; i--) {
        draw_next (&d, &whole);
        compare (&outcome, gather, &d);
    }
    sks_gather_close (&gather);
    if (more)
        fprintf (stderr, "%u shards: %u compared, %u in the same order, %u not supported, %u refused by both\n", shards,
                 outcome.compared, outcome.ordered, outcome.unsupported, outcome.refused);
    return outcome;
}

START_TEST (drawn_queries_have_the_same_answers)
{
    struct outcome outcome = compare_drawn ((size_t) _i, shard_counts[_i], 500);
    ck_assert_uint_ge (outcome.compared, 460);
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

START_TEST (drawn_queries_of_real_data_have_the_same_answers)
{
    if (!splits)
        SKIP ("$SKS_DATA is not set");
    struct outcome outcome = compare_drawn (0, DATA_SHARDS, 500);
    ck_assert_uint_ge (outcome.compared, 460);
    ck_assert_uint_ge (outcome.ordered * 1000, outcome.compared * 990);
}
END_TEST

Suite *
suite_shards (void)
{
    Suite *suite = suite_create ("shards");
    TCase *split = tcase_create ("Corpus"), *data = tcase_create ("Data");
    tcase_set_timeout (split, 300);
    tcase_add_unchecked_fixture (split, open_corpus, close_all);
    tcase_add_loop_test (split, drawn_queries_have_the_same_answers, 0, SPLITS);
    suite_add_tcase (suite, split);
    tcase_set_timeout (data, 600);
    tcase_add_unchecked_fixture (data, open_data, close_all);
    tcase_add_test (data, drawn_queries_of_real_data_have_the_same_answers);
    suite_add_tcase (suite, data);
    return suite;
}
