/* check_shards.c - an index in shards answers as one without. */
#include "tests/support/corpus.h"
#include "tests/support/draw.h"
#include "tests/support/skip.h"

#include "core/base/hash.h"
#include "core/engine/operations.h"
#include "core/index/sections.h"
#include "core/index/shard.h"
#include "core/shards/gather.h"
#include "core/shards/gather_step.h"
#include "core/shards/window.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* Words that are one or several, duties, names in capitals, and two statements that differ in the order of words. */
static const sample_occupation written[] = {
    { .soc = "15-1252.00",
      .title = "Software Developers",
      .sector = "54",
      .zone = 4,
      .levels = { "Use computer-aided design for e-mail forms\nDesign furniture, using computer-aided drawing programs\n"
                  "Send an email to each follow-up list\nE-mail — follow up on each e-mail",
                  "Computer aided design of a web-site\nDesign of computer aided forms\nWeb site — design of the site",
                  "IT systems — keep it simple\nKeep it simple\nThe IT of the firm",
                  "State-of-the-art tools\nArt tools" } },
    { .soc = "43-9051.00",
      .title = "Mail Clerks",
      .levels = { "Route mail\nMail routes for the mail room\nMailroom — sort mail, then mail letters",
                  "Routing of incoming mail\nMail mail\nSort the incoming mail daily", "Sort\nRoute\nMail",
                  "Daily mail" } },
    { .soc = "53-7051.00",
      .title = "Forklift Drivers",
      .levels = { "Fork lift — check tires\nForklifts — check the forks" } },
};

static void
open_written (void)
{
    char *exports = sample_folder ();
    for
        EACH (i, written)
    sample_put (exports, written[i].soc, &written[i]);
    engine_open (&whole, exports);
    for
        EACH (i, shard_counts)
    open_split (exports, shard_counts[i]);
    sample_remove (exports);
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
    ck_assert_msg (sks_gather_open (&gather, generations[split],
                                    &(sks_gather_options) { .timeout_ms = 1000, .connect_ms = 1000 }, &err) == 0,
                   "%s", err.text);
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
    SAME (!a->suggestion.query == !b->suggestion.query, "suggestion %s, not %s", b->suggestion.query,
          a->suggestion.query);
    if (a->suggestion.query)
        SAME (strcmp (a->suggestion.query, b->suggestion.query) == 0 && a->suggestion.count == b->suggestion.count,
              "suggestion %s %llu, not %s %llu", b->suggestion.query, (unsigned long long) b->suggestion.count,
              a->suggestion.query, (unsigned long long) a->suggestion.count);
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

/* Other pages, orders and filters of one text, whose counts are kept. */
START_TEST (kept_counts_give_the_same_answers)
{
    static const char *const levels[] = { "advanced", "emerging" };
    sks_gather *gather = open_gather (2);
    draw d = { .state = 77 };
    struct outcome outcome = { 0 };
    drawn_shards = shard_counts[2];
    for (unsigned i = 0; i < 60; i++) {
        draw_next (&d, &whole);
        d.query.match = (int) (i % 3);
        d.query.limit = 10;
        for (unsigned k = 0; k < 6; k++) {
            d.query.sort = k & 1 ? SKS_SORT_LEVEL : SKS_SORT_RELEVANCE;
            d.query.reverse = 0;
            d.query.offset = k > 3 ? 5 : 0;
            d.query.filter[SKS_FACET_LEVEL] =
                k > 1 ? (sks_filter) { .values = levels, .count = k / 2 } : (sks_filter) { 0 };
            compare (&outcome, gather, &d);
        }
    }
    ck_assert_uint_ge (outcome.compared, 300);
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
    for (size_t i = 0; i < SKS_COUNT_CACHE_TEXTS; i++)
        ck_assert (gather->counts.texts[i].text);
    sks_gather_close (&gather);
}
END_TEST

/* Each fifth statement, with and without its occupation and level. */
START_TEST (similar_statements_are_the_same)
{
    sks_gather *gather = open_gather ((size_t) _i);
    const sks_store *store = sks_generation_snapshot (whole.generation)->store;
    const draw d = { .text = "similar" };
    sks_query query = SKS_QUERY_INIT;
    sks_error err;
    unsigned found = 0;
    drawn = &d;
    drawn_shards = shard_counts[_i];
    query.plain = 1;
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    for (uint32_t i = 0; i < store->statements; i += 5) {
        char id[SKS_STATEMENT_ID_BYTES];
        sks_result *a = NULL, *b = NULL;
        sks_store_id (store, i, id);
        ck_assert_int_eq (sks_searcher_similar (whole.searcher, id, i % 4, &query, &a, &err), 0);
        ck_assert_msg (sks_gather_similar (gather, id, i % 4, &query, &b, &err) == 0, "%s: %s", id, err.text);
        SAME (a->total == b->total, "%s: total %llu, not %llu", id, (unsigned long long) b->total,
              (unsigned long long) a->total);
        SAME (has_same_order (a, b), "%s: another order", id);
        found += a->total > 0;
        sks_result_destroy (&a);
        sks_result_destroy (&b);
    }
    sks_result *none;
    ck_assert_int_eq (sks_gather_similar (gather, "43-9051.00/advanced/000000000000", 0, &query, &none, &err),
                      SKS_ENOTFOUND);
    query.limit = SKS_MAX_LIMIT + 1;
    ck_assert_int_eq (sks_gather_similar (gather, "x", 0, &query, &none, &err), SKS_ELIMIT);
    ck_assert_uint_ge (found, 50);
    sks_gather_close (&gather);
}
END_TEST

/* The next page of a scan in both ways; cursors are those of the page before, and become those of this one. */
static void
compare_pages (sks_gather *gather, const sks_query *query, char *cursors[2])
{
    sks_result *pages[2];
    sks_error err;
    int one = sks_searcher_scan (whole.searcher, query, cursors[0], &pages[0], &err);
    int other = sks_gather_scan (gather, query, cursors[1], &pages[1], &err);
    SAME (!one && !other, "%d, not %d: %s", other, one, err.text);
    SAME (pages[0]->total == pages[1]->total, "total %llu", (unsigned long long) pages[1]->total);
    expect_same_facets (pages[0], pages[1]);
    SAME (has_same_order (pages[0], pages[1]), "the order of a page of %zu", pages[0]->hit_count);
    SAME (!pages[0]->cursor == !pages[1]->cursor, "cursor %s, not %s", pages[1]->cursor, pages[0]->cursor);
    for (int i = 0; i < 2; i++) {
        free (cursors[i]);
        cursors[i] = pages[i]->cursor ? strdup (pages[i]->cursor) : NULL;
        sks_result_destroy (&pages[i]);
    }
}

START_TEST (drawn_scans_have_the_same_pages)
{
    sks_gather *gather = open_gather ((size_t) _i);
    draw d = { .state = 40 + (unsigned) _i };
    unsigned scans = 0, pages = 0;
    drawn_shards = shard_counts[_i];
    for (unsigned i = 0; i < 100; i++) {
        char *cursors[2] = { NULL, NULL };
        sks_result *page;
        sks_error err;
        draw_next (&d, &whole);
        drawn = &d;
        d.query.limit = 1 + engine_draw (&d.state, 60);
        int code = sks_gather_scan (gather, &d.query, NULL, &page, &err);
        sks_result_destroy (&page);
        if (code)
            continue;
        do {
            compare_pages (gather, &d.query, cursors);
            pages++;
        } while (cursors[0]);
        scans++;
    }
    sks_gather_close (&gather);
    ck_assert_uint_ge (scans, 80);
    ck_assert_uint_ge (pages, 2 * scans);
}
END_TEST

static unsigned state_changes;

static void
count_change (uint32_t shard, const char *cause)
{
    ck_assert_uint_eq (shard, 1);
    state_changes += cause ? 1 : 100;
}

START_TEST (one_thread_tries_a_shard_that_is_down)
{
    static sks_shard_states states;
    sks_shard_state *state = &states.of[1];
    states.changed = count_change;
    state_changes = 0;
    for (int i = 1; i < SKS_SHARD_TIMEOUTS; i++) {
        sks_shard_state_failed (&states, 1, true, "late");
        ck_assert (sks_shard_state_tries (state));
    }
    ck_assert_uint_eq (state_changes, 0);
    sks_shard_state_failed (&states, 1, true, "late");
    ck_assert (!sks_shard_state_tries (state));
    ck_assert_uint_eq (state_changes, 1);
    state->retry_us = 1; /* long ago */
    ck_assert (sks_shard_state_tries (state));
    ck_assert (!sks_shard_state_tries (state));
    sks_shard_state_answered (&states, 1);
    ck_assert (sks_shard_state_tries (state));
    ck_assert (sks_shard_state_tries (state));
    ck_assert_uint_eq (state_changes, 101);
    sks_shard_state_failed (&states, 1, false, "refused");
    ck_assert (!sks_shard_state_tries (state));
    ck_assert_uint_eq (state_changes, 102);
    ck_assert (sks_shard_state_tries (&states.of[0]));
}
END_TEST

START_TEST (a_cursor_of_another_scan_is_refused)
{
    sks_gather *gather = open_gather (2);
    sks_query query = SKS_QUERY_INIT;
    sks_result *page, *other;
    sks_error err;
    query.limit = 3;
    query.text = "mail";
    ck_assert_int_eq (sks_gather_scan (gather, &query, NULL, &page, &err), 0);
    ck_assert_ptr_nonnull (page->cursor);
    query.sort = SKS_SORT_LEVEL;
    ck_assert_int_eq (sks_gather_scan (gather, &query, page->cursor, &other, &err), SKS_EBADREQUEST);
    query.sort = SKS_SORT_ID;
    query.text = "software";
    ck_assert_int_eq (sks_gather_scan (gather, &query, page->cursor, &other, &err), SKS_EBADREQUEST);
    query.limit = 0;
    ck_assert_int_eq (sks_gather_scan (gather, &query, NULL, &other, &err), SKS_EBADREQUEST);
    sks_result_destroy (&page);
    sks_gather_close (&gather);
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

/* The pages of a text, some of which are made of two parts of the ranking. */
START_TEST (pages_of_real_data_have_each_statement_once)
{
    static const char *const texts[] = { "maintain electromechanical equipment", "order construction materials",
                                         "direct maintenance and repair activities", "read work orders" };
    if (!splits)
        SKIP ("$SKS_DATA is not set");
    sks_gather *gather = open_gather (0);
    uint8_t *seen = calloc (whole.count, 1);
    ck_assert_ptr_nonnull (seen);
    for
        EACH (i, texts)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = texts[i];
            query.match = SKS_MATCH_ANY;
            query.limit = 90;
            memset (seen, 0, whole.count);
            uint32_t shown = 0;
            for (query.offset = 0; query.offset < 2250; query.offset += query.limit) {
                sks_result *page;
                sks_error err;
                ck_assert_int_eq (sks_gather_search (gather, &query, &page, &err), 0);
                for (size_t k = 0; k < page->hit_count; k++) {
                    uint32_t statement =
                        sks_store_find (sks_generation_snapshot (whole.generation)->store, page->hits[k].id);
                    ck_assert_msg (!seen[statement], "%s: %s is on two pages", texts[i], page->hits[k].id);
                    seen[statement] = 1;
                }
                shown += (uint32_t) page->hit_count;
                ck_assert_uint_eq (shown,
                                   page->total < query.offset + query.limit ? page->total : query.offset + query.limit);
                sks_result_destroy (&page);
            }
        }
    free (seen);
    sks_gather_close (&gather);
}
END_TEST

START_TEST (written_queries_have_the_same_answers)
{
    static const char *const texts[] = {
        "computer-aided design",
        "\"computer-aided design\"",
        "\"computeraided design\"",
        "\"design computeraided\"",
        "=computeraided",
        "computeraid*",
        "email",
        "e-mail",
        "\"each email\"",
        "\"each e-mail\"",
        "\"email forms\"",
        "email NEAR/3 follow",
        "follow NEAR/2 email",
        "followup",
        "\"follow up\"",
        "duty:email",
        "duty:\"web site\"",
        "website",
        "\"design of the site\"",
        "IT",
        "\"keep it\"",
        "=it",
        "duty:IT",
        "state-of-the-art",
        "\"stateoftheart tools\"",
        "\"of the art\"",
        "mailroom",
        "\"mail room\"",
        "mail NEAR mail",
        "\"mail mail\"",
        "mail NEAR/1 route",
        "forklift",
        "fork lift tires",
        "title:forklift",
        "title:mail sort",
        "clerk drivers",
        "sort route daily zzqx incoming",
        "mial",
        "NOT mail",
        "mail OR (design -furniture)",
        "the",
        "\"the mail\"",
    };
    sks_gather *gather = open_gather ((size_t) _i);
    struct outcome outcome = { 0 };
    drawn_shards = shard_counts[_i];
    for
        EACH (i, texts)
    for (int match = SKS_MATCH_AUTO; match <= SKS_MATCH_ANY; match++) {
        draw d = { .query = SKS_QUERY_INIT };
        snprintf (d.text, sizeof d.text, "%s", texts[i]);
        d.query.text = d.text;
        d.query.match = match;
        d.query.want = SKS_WANT_MARKED;
        compare (&outcome, gather, &d);
    }
    sks_gather_close (&gather);
    ck_assert_uint_eq (outcome.compared, 3 * COUNT (texts));
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

/* ------------------------------------------------------------------- distrust */

/* The content of a statement as a shard sends it: number, position, tokens. */
#define SENDER 3
#define HIT(content)                                                                                                   \
    {                                                                                                                  \
        1, content, sizeof content - 1, SENDER                                                                         \
    }

START_TEST (refuses_what_a_shard_must_not_send)
{
    static const struct {
        const char *what;
        sks_shards_hit hits[2];
        size_t count;
        bool holds;
    } sent[] = {
        { "two statements", { HIT ("\0\0\0\1\1\0\1"), HIT ("\0\0\0\2\1\0\1\2") }, 2, true },
        { "two in another order", { HIT ("\0\0\0\2\1\0\1"), HIT ("\0\0\0\1\1\0\1\2") }, 2, true },
        { "nothing", { HIT ("") }, 0, true },
        { "the same statement twice", { HIT ("\0\0\0\1\1\0\1"), HIT ("\0\0\0\1\1\0\1") }, 2, false },
        { "a statement that does not exist", { HIT ("\177\0\0\0\1\0\1") }, 1, false },
        { "a number alone", { HIT ("\0\0\0\1") }, 1, false },
        { "no tokens", { HIT ("\0\0\0\1\1\0") }, 1, false },
        { "the position 0", { HIT ("\0\0\0\1\0\0\1") }, 1, false },
        { "a token without an end", { HIT ("\0\0\0\1\1\0\1\201") }, 1, false },
        { "a token of no entry", { HIT ("\0\0\0\1\1\0\377\377\177") }, 1, false },
    };
    sks_window *window;
    sks_error err;
    ck_assert_int_eq (sks_window_open (&window, generations[0], &err), 0);
    for
        EACH (i, sent)
        {
            int code = sks_window_fill (window, sent[i].hits, sent[i].count, &err);
            ck_assert_msg (code == (sent[i].holds ? 0 : SKS_EINDEX), "%s: %d", sent[i].what, code);
            if (sent[i].holds)
                ck_assert_uint_eq (window->store.statements, sent[i].count);
            else
                ck_assert_uint_eq (window->wrong, SENDER);
            window->wrong = 0;
        }
    sks_window_close (&window);
}
END_TEST

START_TEST (a_list_of_shards_that_is_not_one_is_refused)
{
    static const struct {
        const char *text, *said;
    } lists[] = {
        { "auto shard-0\n", "it lists 1 shards instead of 2" },
        { "auto shard-0\nauto shard-1\nauto shard-2\n", "it lists 3 shards instead of 2" },
        { "auto shard-0\nchert shard-1\n", "line 2 is not a shard" },
        { "auto shard-0\nauto\n", "line 2 is not a shard" },
        { "auto shard-1\nauto shard-0\n", "shard 1 of 2" },
        { "auto shard-0\nauto nowhere\n", "shard 2 of 2" },
    };
    const char *folder = sks_generation_snapshot (generations[1])->folder;
    char *path = sample_path (folder, SKS_SHARDS_FILE);
    size_t size;
    char *before = sample_read (path, &size);
    for
        EACH (i, lists)
        {
            sks_gather *gather;
            sks_error err;
            sample_write (folder, SKS_SHARDS_FILE, lists[i].text);
            ck_assert_int_lt (sks_gather_open (&gather, generations[1],
                                               &(sks_gather_options) { .timeout_ms = 1000, .connect_ms = 1000 }, &err),
                              0);
            ck_assert_msg (strstr (err.text, lists[i].said) != NULL, "%zu: %s", i, err.text);
            ck_assert_ptr_null (gather);
        }
    sample_write_bytes (folder, SKS_SHARDS_FILE, before, size);
    free (before);
    free (path);
}
END_TEST

/* Servers that are asked nothing are not waited for, however many there are. */
START_TEST (a_request_whose_time_is_over_tries_no_server)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t address_size = sizeof address;
    const char *folder = sks_generation_snapshot (generations[1])->folder;
    char *path = sample_path (folder, SKS_SHARDS_FILE), list[128];
    size_t size;
    char *before = sample_read (path, &size);
    int listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq (bind (listener, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (listen (listener, 8), 0);
    ck_assert_int_eq (getsockname (listener, (struct sockaddr *) &address, &address_size), 0);
    snprintf (list, sizeof list, "remote 127.0.0.1:%d\nremote 127.0.0.1:%d\n", ntohs (address.sin_port),
              ntohs (address.sin_port));
    sample_write (folder, SKS_SHARDS_FILE, list);
    sks_gather *gather;
    sks_error err;
    int code = sks_gather_open (&gather, generations[1],
                                &(sks_gather_options) { .timeout_ms = 50, .connect_ms = 50, .later = true }, &err);
    sample_write_bytes (folder, SKS_SHARDS_FILE, before, size);
    ck_assert_int_eq (code, 0);
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = "mail";
    query.partial = 1;
    sks_budget_begin (sks_searcher_budget (sks_gather_searcher (gather)), 1); /* long ago */
    ck_assert_int_eq (sks_gather_search (gather, &query, &result, &err), SKS_EDEADLINE);
    ck_assert_int_eq (accept (listener, NULL, NULL), -1);
    ck_assert_int_eq (errno, EAGAIN);
    ck_assert_int_eq (sks_gather_check (gather, &err), SKS_EUNAVAILABLE); /* has no time limit */
    ck_assert_int_ge (accept (listener, NULL, NULL), 0);
    sks_gather_close (&gather);
    close (listener);
    free (before);
    free (path);
}
END_TEST

/* A copy of the two files of a generation that have sections, to be changed. */
struct copied {
    char *folder;
    char *bytes[SKS_STORE_FILES];
    size_t sizes[SKS_STORE_FILES];
};

static const char *const copied_names[SKS_STORE_FILES] = { SKS_STATEMENTS_FILE, SKS_TEXTS_FILE };

static void
copy_files (struct copied *out, size_t split)
{
    out->folder = sample_folder ();
    for (int i = 0; i < SKS_STORE_FILES; i++) {
        char *path = sample_path (sks_generation_snapshot (generations[split])->folder, copied_names[i]);
        out->bytes[i] = sample_read (path, &out->sizes[i]);
        sample_write_bytes (out->folder, copied_names[i], out->bytes[i], out->sizes[i]);
        free (path);
    }
}

static void
drop_files (struct copied *copied)
{
    for (int i = 0; i < SKS_STORE_FILES; i++)
        free (copied->bytes[i]);
    sample_remove (copied->folder);
}

/* Whether the files open as they are in memory. */
static bool
opens (const struct copied *copied, int changed)
{
    sks_store *store;
    sks_error err;
    sample_write_bytes (copied->folder, copied_names[changed], copied->bytes[changed], copied->sizes[changed]);
    int code = sks_store_open (&store, copied->folder, &err);
    sks_store_close (&store);
    ck_assert_msg (code == 0 || code == SKS_EINDEX, "%d: %s", code, err.text);
    return code == 0;
}

START_TEST (refuses_files_of_an_index_in_shards_with_a_byte_flipped)
{
    struct copied copied;
    copy_files (&copied, 1);
    ck_assert (opens (&copied, 0));
    for (int i = 0; i < SKS_STORE_FILES; i++)
        for (size_t at = 0; at < copied.sizes[i]; at += copied.sizes[i] / 257 + 1) {
            copied.bytes[i][at] ^= 1;
            ck_assert_msg (!opens (&copied, i), "%s: byte %zu", copied_names[i], at);
            copied.bytes[i][at] ^= 1;
            sample_write_bytes (copied.folder, copied_names[i], copied.bytes[i], copied.sizes[i]);
        }
    drop_files (&copied);
}
END_TEST

/* Change a number of a section and correct the checksums. */
static void
change_number (struct copied *copied, int section, size_t number, uint32_t value)
{
    sks_header *header = (sks_header *) (void *) copied->bytes[0];
    sks_section_place *place = &header->place[section];
    memcpy (copied->bytes[0] + place->offset + sizeof value * number, &value, sizeof value);
    place->hash = sks_hash_bytes (copied->bytes[0] + place->offset, place->size);
    header->hash = sks_hash_bytes (header, offsetof (sks_header, hash));
}

START_TEST (refuses_usages_that_do_not_fit_although_their_checksums_are_right)
{
    static const struct {
        int section;
        size_t number;
        uint32_t value;
        bool holds;
    } changes[] = {
        { SKS_STORE_USAGES, 0, 0, true }, /* the number of openings is not checked against statements */
        { SKS_STORE_USAGES, 0, 1000, false },       { SKS_STORE_USAGES, 1, 1, false },
        { SKS_STORE_USAGES, 3, UINT32_MAX, false }, { SKS_STORE_HOLDINGS, 0, 14, false },
        { SKS_STORE_HOLDINGS, 1, 0, false },        { SKS_STORE_HOLDINGS, 1, 561, false },
        { SKS_STORE_GROUP_WORDS, 1, 1, false },
    };
    for
        EACH (i, changes)
        {
            struct copied copied;
            copy_files (&copied, 1);
            change_number (&copied, changes[i].section, changes[i].number, changes[i].value);
            ck_assert_msg (opens (&copied, 0) == changes[i].holds, "change %zu", i);
            drop_files (&copied);
        }
}
END_TEST

START_TEST (the_host_that_answers_needs_no_texts)
{
    struct copied copied;
    sks_store *store;
    sks_error err;
    copy_files (&copied, 1);
    char *path = sample_path (copied.folder, SKS_TEXTS_FILE);
    ck_assert_int_eq (unlink (path), 0);
    ck_assert_int_eq (sks_store_open (&store, copied.folder, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, path) != NULL, "%s", err.text);
    ck_assert_int_eq (sks_store_open_front (&store, copied.folder, &err), 0);
    ck_assert_uint_eq (store->statements, whole.count);
    ck_assert_ptr_null (store->tokens);
    sks_store_close (&store);
    free (path);
    drop_files (&copied);
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
    tcase_add_loop_test (split, drawn_scans_have_the_same_pages, 0, SPLITS);
    tcase_add_test (split, kept_counts_give_the_same_answers);
    tcase_add_loop_test (split, similar_statements_are_the_same, 0, SPLITS);
    tcase_add_test (split, a_cursor_of_another_scan_is_refused);
    tcase_add_test (split, refuses_files_of_an_index_in_shards_with_a_byte_flipped);
    tcase_add_test (split, refuses_usages_that_do_not_fit_although_their_checksums_are_right);
    tcase_add_test (split, the_host_that_answers_needs_no_texts);
    suite_add_tcase (suite, split);
    TCase *few = tcase_create ("Written");
    tcase_add_unchecked_fixture (few, open_written, close_all);
    tcase_add_loop_test (few, written_queries_have_the_same_answers, 0, SPLITS);
    tcase_add_test (few, refuses_what_a_shard_must_not_send);
    tcase_add_test (few, a_list_of_shards_that_is_not_one_is_refused);
    tcase_add_test (few, one_thread_tries_a_shard_that_is_down);
    tcase_add_test (few, a_request_whose_time_is_over_tries_no_server);
    suite_add_tcase (suite, few);
    tcase_set_timeout (data, 600);
    tcase_add_unchecked_fixture (data, open_data, close_all);
    tcase_add_test (data, drawn_queries_of_real_data_have_the_same_answers);
    tcase_add_test (data, pages_of_real_data_have_each_statement_once);
    suite_add_tcase (suite, data);
    return suite;
}
