/* check_hit.c - the members of a hit: text, spans, marks and the shares of its score; and how the query was read.
 *
 * A small index written by hand shows them byte by byte; on the sample exports, random queries are compared with naive
 * references. */
#include "core/base/text_fold.h"
#include "indexer/dictionary.h"
#include "core/engine/generation.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_hit (void);

static char long_text[SKS_MAX_STATEMENT_BYTES + 1];

static void
open_small (void)
{
    static const char tied[] = "Lathe dial t1\nLathe dial t2\nLathe dial t3\nLathe dial t4";
    for (size_t i = 0; i < sizeof long_text - 1; i++)
        long_text[i] = i % 2 ? ' ' : 'x';
    long_text[sizeof long_text - 2] = '\0';
    const sample_occupation occupations[] = {
        { .soc = "43-9051.00",
          .title = "Mail Clerks",
          .group = "Office & Administrative Support",
          .sector = "55",
          .zone = 2,
          .levels = { "Incoming mail — open, sort, and route the mail\nStamps  and\tseals", "Route the mail cart", tied,
                      "Naïve Café’s menus" } },
        { .soc = "49-9099.00",
          .title = "Repair Workers, All Other",
          .group = "Installation, Maintenance & Repair",
          .levels = { tied, NULL, NULL, long_text } }
    };
    engine_small_open (occupations, COUNT (occupations));
}

/* --------------------------------------------------------- spans and marks */

/* The spans of the best hit, as "[text] [text]". Borrowed: valid until the next call. */
static const char *
spans_of (const char *text)
{
    static char list[SKS_MAX_STATEMENT_BYTES * 3];
    sks_result *result = engine_ask (&small, text);
    ck_assert_msg (result->hit_count > 0, "%s finds nothing", text);
    const sks_hit *hit = &result->hits[0];
    *list = '\0';
    for (size_t i = 0; i < hit->span_count; i++)
        sprintf (list + strlen (list), "%s[%.*s]", i ? " " : "", (int) (hit->spans[i].end - hit->spans[i].start),
                 hit->text + hit->spans[i].start);
    sks_result_destroy (&result);
    return list;
}

START_TEST (spans_cover_the_matching_words)
{
    static const struct {
        const char *text, *expected;
    } spans[] = {
        { "incoming", "[Incoming]" },
        { "mail incoming", "[Incoming] [mail] [mail]" },
        { "\"incoming mail\"", "[Incoming mail]" },
        { "\"mail opened\"", "[mail — open]" },
        { "\"incoming mail\" \"mail open\"", "[Incoming mail — open]" },
        { "\"open sort\" \"sort and\" \"and routing\"", "[open, sort, and route]" },
        { "\"incoming mail\" mail", "[Incoming mail] [mail]" },
        { "\"incoming mail\" incoming", "[Incoming mail]" },
        { "\"incoming mail\" OR (zeppelin -open)", "[Incoming mail]" },
        { "\"open sort and route the mail\"", "[open, sort, and route the mail]" },
        { "=\"sort and\"", "[sort, and]" },
        { "=the incoming", "[Incoming] [the]" },
        { "inco* open", "[Incoming] [open]" },
        { "open NEAR/2 incoming", "[Incoming] [open]" },
        { "mail NEAR/1 the incoming", "[Incoming] [mail] [mail]" },
        { "\"incoming mail\" NEAR/4 route", "[Incoming mail] [route]" },
        { "duty:mail route", "[mail] [route]" },
        { "incoming (open OR cart)", "[Incoming] [open]" },
        { "(open AND zeppelin) OR (sort AND route)", "[sort] [route]" },
        { "(open AND zeppelin) OR incoming", "[Incoming]" },
        { "(open -mail) OR (title:lathe open) OR incoming", "[Incoming]" },
        { "incoming -cart", "[Incoming]" },
        { "title:mail incoming", "[Incoming]" },
        { "level:emerging incoming", "[Incoming]" },
        { "naive", "[Naïve]" },
        { "cafe menus", "[Café’s] [menus]" },
        { "stamp seal", "[Stamps] [seals]" },
        { "title:clerks -mail -lathe -naive", "" },
        { "level:emerging -lathe -stamps", "" },
    };
    for
        EACH (i, spans)
    ck_assert_str_eq (spans_of (spans[i].text), spans[i].expected);
}
END_TEST

START_TEST (spans_are_bytes_of_the_text)
{
    sks_result *result = engine_ask (&small, "cafe menus");
    const sks_hit *hit = &result->hits[0];
    ck_assert_str_eq (hit->text, "Naïve Café’s menus");
    ck_assert_uint_eq (hit->span_count, 2);
    ck_assert_uint_eq (hit->spans[0].start, 7);
    ck_assert_uint_eq (hit->spans[0].end, 16);
    ck_assert_uint_eq (hit->spans[1].start, 17);
    ck_assert_uint_eq (hit->spans[1].end, 22);
    sks_result_destroy (&result);
}
END_TEST

#define QUOTED "Markup of &quot;pages&quot; &amp; &lt;script&gt;alert (&#39;", "&#39;)&lt;/script&gt;"
#define BARE "Markup of \"pages\" & <script>alert ('", "')</script>"

START_TEST (marks_escape_the_text_and_never_the_tags)
{
    static const struct {
        int escape;
        const char *open, *close, *before, *after;
    } cases[] = {
        { SKS_ESCAPE_AUTO, NULL, NULL, QUOTED },
        { SKS_ESCAPE_AUTO, "<em class=\"a&b\">", "</em>", QUOTED },
        { SKS_ESCAPE_AUTO, "[", "<!-- -->", QUOTED },
        { SKS_ESCAPE_AUTO, "[", "]", BARE },
        { SKS_ESCAPE_AUTO, "", "", BARE },
        { SKS_ESCAPE_HTML, "[", "]", QUOTED },
        { SKS_ESCAPE_NONE, NULL, NULL, BARE },
    };
    static const sample_occupation occupation = {
        .soc = "15-1254.00",
        .title = "Web Developers",
        .group = "Computer & Mathematical",
        .levels = { "Markup of \"pages\" & <script>alert ('escaped')</script>" },
    };
    engine pages;
    sks_query query = SKS_QUERY_INIT;
    char expected[512];
    engine_open_occupations (&pages, &occupation, 1);
    query.text = "escaped";
    query.want = SKS_WANT_MARKED;
    for
        EACH (i, cases)
        {
            query.escape = cases[i].escape;
            query.tag_open = cases[i].open;
            query.tag_close = cases[i].close;
            sks_result *result = engine_search (&pages, &query);
            snprintf (expected, sizeof expected, "%s%sescaped%s%s", cases[i].before,
                      cases[i].open ? cases[i].open : "<b>", cases[i].close ? cases[i].close : "</b>", cases[i].after);
            ck_assert_str_eq (result->hits[0].marked, expected);
            ck_assert_ptr_nonnull (strstr (result->hits[0].text, "<script>"));
            sks_result_destroy (&result);
        }
    engine_close (&pages);
}
END_TEST

START_TEST (marks_put_tags_around_each_span)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "\"incoming mail\" route";
    query.want = SKS_WANT_MARKED;
    sks_result *result = engine_search (&small, &query);
    ck_assert_str_eq (result->hits[0].marked, "<b>Incoming mail</b> — open, sort, and <b>route</b> the mail");
    sks_result_destroy (&result);
    query.tag_open = "«";
    query.tag_close = "";
    result = engine_search (&small, &query);
    ck_assert_str_eq (result->hits[0].marked, "«Incoming mail — open, sort, and «route the mail");
    sks_result_destroy (&result);
    query.text = "";
    query.sort = SKS_SORT_ID;
    result = engine_search (&small, &query);
    for (size_t i = 0; i < result->hit_count; i++)
        ck_assert_str_eq (result->hits[i].marked, result->hits[i].text);
    sks_result_destroy (&result);
    query.want = 0;
    result = engine_search (&small, &query);
    ck_assert_ptr_null (result->hits[0].marked);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (marks_the_longest_statement)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "x";
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    sks_result *result = engine_search (&small, &query);
    ck_assert_uint_eq (result->hit_count, 1);
    ck_assert_str_eq (result->hits[0].text, long_text);
    ck_assert_uint_eq (result->hits[0].span_count, SKS_MAX_STATEMENT_BYTES / 2);
    ck_assert_uint_eq (strlen (result->hits[0].marked), strlen (long_text) + 7 * SKS_MAX_STATEMENT_BYTES / 2);
    sks_result_destroy (&result);
    query.text = "\"x x x\"";
    result = engine_search (&small, &query);
    ck_assert_uint_eq (result->hits[0].span_count, 1);
    ck_assert_uint_eq (result->hits[0].spans[0].end, strlen (long_text));
    sks_result_destroy (&result);
}
END_TEST

/* Write the stem of a word; false when it folds to nothing. */
static bool
stem_of (const char *word, size_t size, char *stem)
{
    char folded[SKS_MAX_WORD_BYTES];
    size_t length = sks_text_fold (word, size, folded);
    if (length)
        corpus_stem (folded, length, stem);
    return length > 0;
}

/* Whether the word is in one of the hit's spans. */
static bool
is_in_span (const sks_hit *hit, const sks_word *word)
{
    for (size_t i = 0; i < hit->span_count; i++)
        if (hit->spans[i].start <= word->start && word->end <= hit->spans[i].end)
            return true;
    return false;
}

/* Whether a word of the query may be written as two, of which this is one ("hand" of "handover"), or is a part of a
 * compound there. */
static bool
is_part_of_query (const char *query, const char *text, const sks_word *word)
{
    char bytes[SKS_MAX_STATEMENT_BYTES];
    snprintf (bytes, sizeof bytes, "%.*s", (int) (word->end - word->start), text + word->start);
    return strcasestr (query, bytes) != NULL;
}

static bool
is_ignored (const sks_result *result, const char *word, size_t size)
{
    char folded[SKS_MAX_WORD_BYTES + 1];
    folded[sks_text_fold (word, size, folded)] = '\0';
    for (size_t i = 0; i < result->ignored_count; i++)
        if (strcmp (result->ignored[i], folded) == 0)
            return true;
    return false;
}

/* A bag's spans are the words of the text that have a stem of the query. */
static void
assert_word_spans (const char *query, const sks_result *result, const sks_hit *hit)
{
    char wanted[8][SKS_MAX_WORD_BYTES + 1], stem[SKS_MAX_WORD_BYTES + 1];
    size_t count = 0, marked = 0, size = strlen (hit->text);
    sks_word word = { 0, 0 };
    while (sks_text_word (query, strlen (query), word.end, &word))
        if (stem_of (query + word.start, word.end - word.start, stem) &&
            !is_ignored (result, query + word.start, word.end - word.start))
            strcpy (wanted[count++], stem);
    for (word.end = 0; sks_text_word (hit->text, size, word.end, &word);) {
        bool expected = false;
        if (!stem_of (hit->text + word.start, word.end - word.start, stem))
            continue;
        for (size_t i = 0; i < count; i++)
            expected |= strcmp (wanted[i], stem) == 0;
        marked += expected;
        if (is_in_span (hit, &word) != expected && !is_part_of_query (query, hit->text, &word))
            ck_abort_msg ("\"%s\": \"%s\" in \"%s\" is%s marked", query, stem, hit->text, expected ? " not" : "");
    }
    if (hit->span_count > size || (count && !marked && !hit->span_count))
        ck_abort_msg ("\"%s\": %zu spans in \"%s\" instead of %zu", query, hit->span_count, hit->text, marked);
}

START_TEST (spans_of_words_are_the_words_that_matched)
{
    unsigned state = 14;
    for (int i = 0; i < 400; i++) {
        char text[CORPUS_TEXT_BYTES];
        corpus_draw_words (&state, text);
        sks_result *result = engine_ask (&corpus, text);
        /* Names, and stop words alone, match as they are written. */
        for (size_t k = 0; k < result->hit_count && !result->note_count; k++)
            assert_word_spans (text, result, &result->hits[k]);
        sks_result_destroy (&result);
    }
}
END_TEST

/* Each span of a phrase contains the whole phrase. */
static void
assert_phrase_spans (const char *phrase, const sks_hit *hit)
{
    if (!hit->span_count)
        ck_abort_msg ("%s: nothing is marked in \"%s\"", phrase, hit->text);
    for (size_t i = 0; i < hit->span_count; i++) {
        const char *span = hit->text + hit->spans[i].start;
        size_t size = hit->spans[i].end - hit->spans[i].start, in_span = 0, in_phrase = 0;
        sks_word word = { 0, 0 }, wanted = { 0, 0 };
        while (sks_text_word (phrase, strlen (phrase), wanted.end, &wanted)) {
            char a[SKS_MAX_WORD_BYTES + 1], b[SKS_MAX_WORD_BYTES + 1];
            in_phrase++;
            if (!sks_text_word (span, size, word.end, &word))
                continue;
            in_span++;
            if (stem_of (span + word.start, word.end - word.start, a) &&
                stem_of (phrase + wanted.start, wanted.end - wanted.start, b) && strcmp (a, b) != 0)
                ck_abort_msg ("%s: \"%.*s\" is marked", phrase, (int) size, span);
        }
        if (in_span != in_phrase || (i && hit->spans[i].start < hit->spans[i - 1].end))
            ck_abort_msg ("%s: \"%.*s\" is marked", phrase, (int) size, span);
    }
}

START_TEST (spans_of_a_phrase_cover_the_whole_phrase)
{
    unsigned state = 15;
    size_t hits = 0;
    for (int i = 0; i < 1000; i++) {
        char text[CORPUS_TEXT_BYTES];
        corpus_draw_phrase (&state, text);
        if (text[1] == '"')
            continue;
        sks_result *result = engine_ask (&corpus, text);
        if (!result->hit_count)
            ck_abort_msg ("%s, which some statement contains, finds nothing", text);
        for (size_t k = 0; k < result->hit_count; k++, hits++)
            assert_phrase_spans (text, &result->hits[k]);
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (hits, 1000);
}
END_TEST

/* ---------------------------------------------------- what the export says */

START_TEST (hits_have_the_content_of_the_export)
{
    sks_result *result = engine_ask (&small, "\"incoming mail\"");
    const sks_hit *hit = &result->hits[0];
    ck_assert_str_eq (hit->text, "Incoming mail — open, sort, and route the mail");
    ck_assert_str_eq (hit->duty, "Incoming mail");
    ck_assert_str_eq (hit->soc, "43-9051.00");
    ck_assert_str_eq (hit->occupation, "Mail Clerks");
    ck_assert_str_eq (hit->group, "Office & Administrative Support");
    ck_assert_str_eq (hit->sector, "55");
    ck_assert_int_eq (hit->level, SKS_EMERGING);
    ck_assert_int_eq (hit->zone, 2);
    ck_assert_uint_eq (hit->position, 1);
    ck_assert_int_eq (strncmp (hit->id, "43-9051.00/emerging/", 20), 0);
    ck_assert_uint_eq (strlen (hit->id), 20 + SKS_HASH_DIGITS);
    sks_result_destroy (&result);
    result = engine_ask (&small, "soc:49- level:emerging t3");
    ck_assert_ptr_null (result->hits[0].sector);
    ck_assert_ptr_null (result->hits[0].duty);
    ck_assert_int_eq (result->hits[0].zone, 0);
    ck_assert_uint_eq (result->hits[0].position, 3);
    sks_result_destroy (&result);
    result = engine_ask (&small, "stamps");
    ck_assert_str_eq (result->hits[0].text, "Stamps and seals");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (shows_how_the_query_was_read)
{
    sks_result *result = engine_ask (&small, "the routing of lathe");
    ck_assert_str_eq (result->read_as, "QUARTER(routing lathe)");
    ck_assert_uint_eq (result->ignored_count, 2);
    ck_assert_str_eq (result->ignored[0], "the");
    ck_assert_str_eq (result->ignored[1], "of");
    ck_assert (result->relaxed);
    ck_assert_uint_eq (result->matched_all, 0);
    ck_assert_uint_eq (result->generation, sks_generation_number (small.generation));
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------------ scores */

START_TEST (equal_scores_are_ordered_by_id)
{
    sks_result *result = engine_ask (&small, "lathe dial");
    ck_assert_uint_eq (result->total, 8);
    for (size_t i = 1; i < result->hit_count; i++) {
        bool same = strcmp (result->hits[i - 1].soc, result->hits[i].soc) == 0;
        ck_assert (same ? result->hits[i - 1].score == result->hits[i].score
                        : result->hits[i - 1].score > result->hits[i].score);
        ck_assert (!same || strcmp (result->hits[i - 1].id, result->hits[i].id) < 0);
    }
    sks_result_destroy (&result);
}
END_TEST

/* The ranking formula of rank.h, implemented independently. */
static double
idf (double all, double holding)
{
    return log (1 + (all - holding + 0.5) / (holding + 0.5));
}

static double
saturate (double tf, double k1, double b, double length, double average)
{
    return (k1 + 1) * tf / (tf + k1 * (1 - b + b * length / average));
}

/* The weight of a word after `before` words that are not stop words (and, if again > 0, a second time after `again` of
 * them) in a statement of `length` such words. */
static double
weigh (double before, double again, double length)
{
    const sks_store *store = sks_generation_snapshot (small.generation)->store;
    float position = powf (1 + (float) before, -0.6f) + (again > 0 ? powf (1 + (float) again, -0.6f) : 0);
    return saturate (sks_posting_weight (sks_posting_weight_code (position)), SKS_RANK_K1, SKS_RANK_B, length,
                     (double) store->words / store->statements);
}

static double
share_of (const sks_hit *hit, const char *part)
{
    for (size_t i = 0; i < hit->share_count; i++)
        if (strcmp (hit->shares[i].part, part) == 0)
            return hit->shares[i].score;
    ck_abort_msg ("\"%s\" has no share of %s", hit->text, part);
}

static void
assert_near (double value, double expected)
{
    ck_assert_msg (fabs (value - expected) < 1e-4, "%f instead of %f", value, expected);
}

START_TEST (shares_follow_the_formula)
{
    const sks_store *store = sks_generation_snapshot (small.generation)->store;
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.sort = SKS_SORT_LEVEL;
    query.match = SKS_MATCH_ALL; /* otherwise statements of mail clerks are found by their title, too */
    query.want = SKS_WANT_EXPLAIN;
    sks_result *result = engine_search (&small, &query);
    const sks_hit *twice = &result->hits[0], *once = &result->hits[1];
    ck_assert_str_eq (twice->text, "Incoming mail — open, sort, and route the mail");
    ck_assert_str_eq (once->text, "Route the mail cart");
    assert_near (share_of (twice, "stem") / share_of (once, "stem"), weigh (1, 5, 6) / weigh (1, 0, 3));
    /* A single word: its form counts once by its place, and once independently of it. */
    assert_near (share_of (once, "form"),
                 SKS_RANK_FORM * share_of (once, "stem") + SKS_RANK_FORM_ALONE * idf (store->statements, 2));
    ck_assert_double_ge (share_of (once, "stem"), weigh (1, 0, 3) * idf (store->statements, 2) - 1e-4);
    /* Two statements of the occupation and its title contain it. */
    double lengths = (store->occupation[0].length + store->occupation[1].length) / 2.0;
    assert_near (share_of (once, "occupation"),
                 SKS_RANK_OCCUPATION * idf (2, 1) *
                     saturate (2 + SKS_TITLE_WEIGHT, SKS_RANK_OCCUPATION_K1, SKS_RANK_OCCUPATION_B,
                               store->occupation[0].length, lengths));
    /* The group's statements have 26 words; two statements in total contain it. */
    double share = 2.0 / (double) store->words;
    double inside = (2 + SKS_RANK_GROUP_PRIOR * share) / (26 + SKS_RANK_GROUP_PRIOR);
    assert_near (share_of (once, "group"), SKS_RANK_GROUP * log (inside / share));
    sks_result_destroy (&result);
}
END_TEST

/* Whether the term of a share is from the query: as written there, joined from parts, or one part of a word. Only
 * letters and digits are compared. */
static bool
is_of_query (const char *query, const char *term)
{
    char plain[2][CORPUS_QUERY_BYTES];
    const char *texts[2] = { query, term };
    for (int i = 0; i < 2; i++) {
        size_t used = 0;
        for (const char *at = texts[i]; *at; at++)
            if (isalnum ((unsigned char) *at))
                plain[i][used++] = *at;
        plain[i][used] = '\0';
    }
    return strcasestr (plain[0], plain[1]) != NULL;
}

START_TEST (shares_add_up_to_the_score)
{
    static const char *const parts[] = { "stem", "form", "occupation", "group", "all", "title", "feedback" };
    unsigned state = 13;
    size_t shares = 0;
    for (int i = 0; i < 300; i++) {
        char text[CORPUS_QUERY_BYTES];
        sks_query query = SKS_QUERY_INIT;
        corpus_draw_query (&state, text);
        query.text = text;
        query.want = SKS_WANT_EXPLAIN;
        sks_result *result = engine_search (&corpus, &query), *plain = engine_ask (&corpus, text);
        for (size_t k = 0; k < result->hit_count; k++) {
            const sks_hit *hit = &result->hits[k];
            double sum = 0;
            for (size_t s = 0; s < hit->share_count; s++, shares++) {
                bool known = false;
                for
                    EACH (p, parts)
                known |= strcmp (hit->shares[s].part, parts[p]) == 0;
                if (!known || hit->shares[s].score == 0 || !is_of_query (text, hit->shares[s].term))
                    ck_abort_msg ("\"%s\": a share of %s in %s", text, hit->shares[s].term, hit->shares[s].part);
                sum += hit->shares[s].score;
            }
            if (fabs (sum - hit->score) > 1e-6 || hit->score != plain->hits[k].score || plain->hits[k].shares)
                ck_abort_msg ("\"%s\": %f adds up to %f", text, hit->score, sum);
        }
        sks_result_destroy (&result);
        sks_result_destroy (&plain);
    }
    ck_assert_uint_gt (shares, 1000);
}
END_TEST

Suite *
suite_hit (void)
{
    Suite *suite = suite_create ("hit");
    TCase *core = corpus_case (suite, "Core");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_test (core, spans_cover_the_matching_words);
    tcase_add_test (core, spans_are_bytes_of_the_text);
    tcase_add_test (core, marks_put_tags_around_each_span);
    tcase_add_test (core, marks_escape_the_text_and_never_the_tags);
    tcase_add_test (core, hits_have_the_content_of_the_export);
    tcase_add_test (core, equal_scores_are_ordered_by_id);
    tcase_add_test (core, shares_follow_the_formula);
    tcase_add_test (core, shows_how_the_query_was_read);
    tcase_add_test (core, shares_add_up_to_the_score);
    tcase_add_test (core, spans_of_words_are_the_words_that_matched);
    tcase_add_test (core, spans_of_a_phrase_cover_the_whole_phrase);
    tcase_add_test (core, marks_the_longest_statement);
    return suite;
}
