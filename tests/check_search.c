/* check_search.c - what a hit says, in which order hits come, and get by id.
 *
 * A small index made by hand tells spans and ties byte by byte; on the sample
 * exports drawn queries are held against naive references. */
#include "../core/index.h"
#include "../core/text.h"
#include "../indexer/dictionary.h"
#include "../searchd/engine/generation_parts.h"
#include "engine.h"
#include "sample.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_search (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)
#define MOST 1000  /* statements of the sample exports */

static engine small, corpus;
static sks_stemmer *stemmer;
static char long_text[SKS_MAX_STATEMENT_BYTES + 1];

/* ----------------------------------------------------------------- fixtures */
static void
open_small (void)
{
    static const char tied[] = "Lathe dial t1\nLathe dial t2\nLathe dial t3\nLathe dial t4";
    for (size_t i = 0; i < sizeof long_text - 1; i++)
        long_text[i] = i % 2 ? ' ' : 'x';
    long_text[sizeof long_text - 2] = '\0';
    const sample_occupation mail = {
        .soc = "43-9051.00", .title = "Mail Clerks", .group = "Office & Administrative Support",
        .sector = "55", .zone = 2,
        .levels = { "Incoming mail — open, sort, and route the mail\nStamps  and\tseals",
                    "Route the mail cart",
                    tied, "Naïve Café’s menus" }
    };
    const sample_occupation repair = {
        .soc = "49-9099.00", .title = "Repair Workers, All Other",
        .group = "Installation, Maintenance & Repair",
        .levels = { tied, NULL, NULL, long_text }
    };
    char *exports = sample_folder ();
    sample_put (exports, "mail.json", &mail);
    sample_put (exports, "repair.json", &repair);
    engine_open (&small, exports);
    sample_remove (exports);
}

static void
close_small (void)
{
    engine_close (&small);
}

static void
open_corpus (void)
{
    engine_open (&corpus, sample_corpus ());
    ck_assert_uint_le (corpus.count, MOST);
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
}

static void
close_corpus (void)
{
    sks_stemmer_destroy (&stemmer);
    engine_close (&corpus);
}

/* -------------------------------------------------------------------- spans */

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
        sprintf (list + strlen (list), "%s[%.*s]", i ? " " : "",
                 (int) (hit->spans[i].end - hit->spans[i].start),
                 hit->text + hit->spans[i].start);
    sks_result_destroy (&result);
    return list;
}

START_TEST (spans_cover_what_matched)
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
    for EACH (i, spans)
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

START_TEST (hits_tell_what_the_export_says)
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

START_TEST (equal_scores_come_by_id)
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

/* The ranking formula of rank.h, written down once more. */
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

/* The weight of a word behind `before` words that are no stop words, and, when
 * again > 0, again behind so many, in a statement of `length` such words. */
static double
weigh (double before, double again, double length)
{
    const sks_store *store = sks_generation_store (small.generation);
    float position = powf (1 + (float) before, -0.6f) + (again > 0 ? powf (1 + (float) again, -0.6f) : 0);
    return saturate (sks_weight_of_code (sks_weight_code (position)), SKS_RANK_K1, SKS_RANK_B, length,
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
    const sks_store *store = sks_generation_store (small.generation);
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.sort = SKS_SORT_LEVEL;
    query.want = SKS_WANT_EXPLAIN;
    sks_result *result = engine_search (&small, &query);
    const sks_hit *twice = &result->hits[0], *once = &result->hits[1];
    ck_assert_str_eq (twice->text, "Incoming mail — open, sort, and route the mail");
    ck_assert_str_eq (once->text, "Route the mail cart");
    assert_near (share_of (twice, "stem") / share_of (once, "stem"), weigh (1, 5, 6) / weigh (1, 0, 3));
    assert_near (share_of (once, "form") / share_of (once, "stem"), SKS_RANK_FORM);
    ck_assert_double_ge (share_of (once, "stem"), weigh (1, 0, 3) * idf (store->statements, 2) - 1e-4);
    /* Two statements of the occupation hold it, and its title does. */
    double lengths = (store->occupation[0].length + store->occupation[1].length) / 2.0;
    assert_near (share_of (once, "occupation"),
                 SKS_RANK_OCCUPATION * idf (2, 1)
                     * saturate (2 + SKS_TITLE_WEIGHT, SKS_RANK_OCCUPATION_K1, SKS_RANK_OCCUPATION_B,
                                 store->occupation[0].length, lengths));
    /* 26 words in the group's statements; two statements of all hold it. */
    double share = 2.0 / (double) store->words;
    double inside = (2 + SKS_RANK_GROUP_PRIOR * share) / (26 + SKS_RANK_GROUP_PRIOR);
    assert_near (share_of (once, "group"), SKS_RANK_GROUP * log (inside / share));
    sks_result_destroy (&result);
}
END_TEST

START_TEST (tells_how_the_query_was_read)
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

/* ------------------------------------------------------------ drawn queries */

/* Write the stem of a word; false when it folds to nothing. */
static bool
stem_of (const char *word, size_t size, char *stem)
{
    char folded[SKS_MAX_WORD_BYTES];
    size_t length = sks_text_fold (word, size, folded);
    if (!length)
        return false;
    if (sks_text_stop_word (folded, length))
        memcpy (stem, folded, length);
    else
        ck_assert_int_eq (sks_stemmer_stem (stemmer, folded, length, stem, SKS_MAX_WORD_BYTES, &length, NULL),
                          0);
    stem[length] = '\0';
    return true;
}

static const engine_statement *
draw_statement (unsigned *state)
{
    return &corpus.statements[engine_draw (state, (unsigned) corpus.count)];
}

/* 1 to 5 words, each of some statement. */
static void
draw_words (unsigned *state, char *text)
{
    *text = '\0';
    for (unsigned left = 1 + engine_draw (state, 5); left; left--) {
        char word[96];
        engine_draw_word (state, draw_statement (state)->text, word, sizeof word);
        strcat (strcat (text, *text ? " " : ""), word);
    }
}

/* Two to four words that follow each other in some statement, in quotes. */
static void
draw_phrase (unsigned *state, char *text)
{
    const char *from = draw_statement (state)->text;
    size_t size = strlen (from), at = engine_draw (state, (unsigned) size);
    unsigned left = 2 + engine_draw (state, 3);
    sks_word word = { 0, at };
    strcpy (text, "\"");
    while (at && from[at - 1] != ' ')
        at--;
    for (word.end = at; left && sks_text_word (from, size, word.end, &word); left--)
        sprintf (text + strlen (text), "%.*s ", (int) (word.end - word.start), from + word.start);
    strcat (text, "\"");
}

/* A query of any kind that ranks. */
static void
draw_query (unsigned *state, char *text)
{
    char words[512], phrase[512];
    draw_words (state, words);
    draw_phrase (state, phrase);
    switch (engine_draw (state, 6)) {
    case 0: sprintf (text, "%s", phrase[1] == '"' ? words : phrase); break;
    case 1: sprintf (text, "%s -mail level:advanced", words); break;
    case 2: sprintf (text, "(%s) OR data", words); break;
    default: sprintf (text, "%s", words);
    }
}

static sks_result *
ask (const char *text, int sort, bool reverse, uint32_t offset, uint32_t limit)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.sort = sort;
    query.reverse = reverse;
    query.offset = offset;
    query.limit = limit;
    return engine_search (&corpus, &query);
}

/* The numbers of all hits of a query, page by page; returns how many. Every
 * page must tell the same total. */
static size_t
page_through (const char *text, int sort, bool reverse, uint32_t limit, size_t *numbers)
{
    size_t count = 0;
    uint64_t total = 0;
    for (uint32_t offset = 0; !offset || offset < total; offset += limit) {
        sks_result *result = ask (text, sort, reverse, offset, limit);
        if (offset && result->total != total)
            ck_abort_msg ("\"%s\": %d of page 1 are %d at %u", text, (int) total, (int) result->total,
                          offset);
        total = result->total;
        for (size_t i = 0; i < result->hit_count; i++)
            numbers[count++] = engine_number (&corpus, result->hits[i].id);
        sks_result_destroy (&result);
    }
    if (count != total)
        ck_abort_msg ("\"%s\": %zu hits of %d", text, count, (int) total);
    return count;
}

START_TEST (pages_put_together_are_one_big_page)
{
    static const uint32_t limits[] = { 1, 3, 7, 10, 64 };
    unsigned state = 11;
    size_t big[MOST], pages[MOST];
    for (int i = 0; i < 60; i++) {
        char text[2048];
        draw_query (&state, text);
        int sort = (int) engine_draw (&state, 4);
        bool reverse = engine_draw (&state, 2);
        size_t count = page_through (text, sort, reverse, SKS_MAX_LIMIT, big);
        uint32_t limit = limits[engine_draw (&state, COUNT (limits))];
        if (page_through (text, sort, reverse, limit, pages) != count
            || memcmp (big, pages, count * sizeof *big) != 0)
            ck_abort_msg ("\"%s\" in pages of %u", text, limit);
        bool seen[MOST] = { false };
        for (size_t k = 0; k < count; k++) {
            if (seen[big[k]])
                ck_abort_msg ("\"%s\" finds a statement twice", text);
            seen[big[k]] = true;
        }
    }
}
END_TEST

START_TEST (best_scores_come_first_and_ties_by_id)
{
    unsigned state = 12;
    for (int i = 0; i < 500; i++) {
        char text[2048];
        draw_query (&state, text);
        sks_result *result = engine_ask (&corpus, text);
        for (size_t k = 1; k < result->hit_count; k++) {
            const sks_hit *a = &result->hits[k - 1], *b = &result->hits[k];
            /* Ranking adds floats, the hit's score is a sum of doubles. */
            if (a->score < b->score - 1e-4 || (a->score == b->score && strcmp (a->id, b->id) > 0))
                ck_abort_msg ("\"%s\": %s (%f) before %s (%f)", text, a->id, a->score, b->id, b->score);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (what_holds_all_words_comes_before_what_holds_some)
{
    static const char *const texts[] = { "customer complaint", "mail cart", "safety read" };
    for EACH (i, texts) {
        sks_query all = SKS_QUERY_INIT;
        all.text = texts[i];
        all.match = SKS_MATCH_ALL;
        sks_result *whole = engine_search (&corpus, &all), *nearest = engine_ask (&corpus, texts[i]);
        ck_assert (nearest->relaxed);
        ck_assert_uint_gt (nearest->total, whole->total);
        ck_assert_uint_gt (whole->total, 0);
        ck_assert_str_eq (nearest->hits[0].id, whole->hits[0].id);
        sks_result_destroy (&whole);
        sks_result_destroy (&nearest);
    }
}
END_TEST

START_TEST (shares_add_up_to_the_score)
{
    static const char *const parts[] = { "stem", "form", "occupation", "group", "all", "feedback" };
    unsigned state = 13;
    size_t shares = 0;
    for (int i = 0; i < 300; i++) {
        char text[2048];
        sks_query query = SKS_QUERY_INIT;
        draw_query (&state, text);
        query.text = text;
        query.want = SKS_WANT_EXPLAIN;
        sks_result *result = engine_search (&corpus, &query), *plain = engine_ask (&corpus, text);
        for (size_t k = 0; k < result->hit_count; k++) {
            const sks_hit *hit = &result->hits[k];
            double sum = 0;
            for (size_t s = 0; s < hit->share_count; s++, shares++) {
                bool known = false;
                for EACH (p, parts)
                    known |= strcmp (hit->shares[s].part, parts[p]) == 0;
                if (!known || hit->shares[s].score == 0 || !strcasestr (text, hit->shares[s].term))
                    ck_abort_msg ("\"%s\": a share of %s in %s", text, hit->shares[s].term,
                                  hit->shares[s].part);
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

/* Whether the word is in one of the hit's spans. */
static bool
is_in_span (const sks_hit *hit, const sks_word *word)
{
    for (size_t i = 0; i < hit->span_count; i++)
        if (hit->spans[i].start <= word->start && word->end <= hit->spans[i].end)
            return true;
    return false;
}

/* A bag's spans are the words of the text that have a stem of the query. */
static void
assert_word_spans (const char *query, const sks_hit *hit)
{
    char wanted[8][SKS_MAX_WORD_BYTES + 1], stem[SKS_MAX_WORD_BYTES + 1];
    size_t count = 0, marked = 0, size = strlen (hit->text);
    sks_word word = { 0, 0 };
    while (sks_text_word (query, strlen (query), word.end, &word))
        if (stem_of (query + word.start, word.end - word.start, stem)
            && !sks_text_stop_word (stem, strlen (stem)))
            strcpy (wanted[count++], stem);
    for (word.end = 0; sks_text_word (hit->text, size, word.end, &word);) {
        bool expected = false;
        if (!stem_of (hit->text + word.start, word.end - word.start, stem))
            continue;
        for (size_t i = 0; i < count; i++)
            expected |= strcmp (wanted[i], stem) == 0;
        marked += expected;
        if (is_in_span (hit, &word) != expected)
            ck_abort_msg ("\"%s\": \"%s\" in \"%s\" is%s marked", query, stem, hit->text,
                          expected ? " not" : "");
    }
    if (hit->span_count != marked || (count && !marked))
        ck_abort_msg ("\"%s\": %zu spans in \"%s\" instead of %zu", query, hit->span_count, hit->text,
                      marked);
}

START_TEST (spans_of_words_are_the_words_that_matched)
{
    unsigned state = 14;
    for (int i = 0; i < 400; i++) {
        char text[512];
        draw_words (&state, text);
        sks_result *result = engine_ask (&corpus, text);
        for (size_t k = 0; k < result->hit_count; k++)
            assert_word_spans (text, &result->hits[k]);
        sks_result_destroy (&result);
    }
}
END_TEST

/* A phrase's spans hold the whole phrase, each of them. */
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
            if (stem_of (span + word.start, word.end - word.start, a)
                && stem_of (phrase + wanted.start, wanted.end - wanted.start, b) && strcmp (a, b) != 0)
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
        char text[512];
        draw_phrase (&state, text);
        if (text[1] == '"')
            continue;
        sks_result *result = engine_ask (&corpus, text);
        if (!result->hit_count)
            ck_abort_msg ("%s, which some statement holds, finds nothing", text);
        for (size_t k = 0; k < result->hit_count; k++, hits++)
            assert_phrase_spans (text, &result->hits[k]);
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (hits, 1000);
}
END_TEST

/* ------------------------------------------------------------------- orders */
static int
by_level (const void *left, const void *right)
{
    const engine_statement *a = &corpus.statements[*(const size_t *) left];
    const engine_statement *b = &corpus.statements[*(const size_t *) right];
    return a->level != b->level ? a->level - b->level : strcmp (a->id, b->id);
}

static int
by_occupation (const void *left, const void *right)
{
    const engine_statement *a = &corpus.statements[*(const size_t *) left];
    const engine_statement *b = &corpus.statements[*(const size_t *) right];
    int order = strcmp (a->soc, b->soc);
    if (!order)
        order = a->level - b->level;
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static int
by_id (const void *left, const void *right)
{
    size_t a = *(const size_t *) left, b = *(const size_t *) right;
    return strcmp (corpus.statements[a].id, corpus.statements[b].id);
}

static void
assert_reversed (const char *text, int sort, const size_t *numbers, size_t count)
{
    size_t reversed[MOST];
    if (page_through (text, sort, true, 33, reversed) != count)
        ck_abort_msg ("\"%s\", order %d: another count when reversed", text, sort);
    for (size_t i = 0; i < count; i++)
        if (reversed[i] != numbers[count - 1 - i])
            ck_abort_msg ("\"%s\", order %d: place %zu of the reverse", text, sort, i);
}

START_TEST (orders_by_level_occupation_and_id_as_a_naive_sort_does)
{
    static const struct {
        int sort;
        int (*compare) (const void *, const void *);
    } orders[] = { { SKS_SORT_LEVEL, by_level }, { SKS_SORT_OCCUPATION, by_occupation },
                   { SKS_SORT_ID, by_id } };
    unsigned state = 16;
    for (int i = 0; i < 40; i++) {
        char text[2048] = "";
        size_t expected[MOST], numbers[MOST];
        if (i)
            draw_query (&state, text);
        size_t count = page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, expected);
        for EACH (o, orders) {
            qsort (expected, count, sizeof *expected, orders[o].compare);
            if (page_through (text, orders[o].sort, false, SKS_MAX_LIMIT, numbers) != count
                || memcmp (numbers, expected, count * sizeof *numbers) != 0)
                ck_abort_msg ("\"%s\" in order %d", text, orders[o].sort);
            assert_reversed (text, orders[o].sort, expected, count);
        }
    }
}
END_TEST

START_TEST (relevance_reversed_is_the_worst_first)
{
    unsigned state = 17;
    size_t numbers[MOST];
    for (int i = 0; i < 40; i++) {
        char text[2048] = "";
        if (i)
            draw_query (&state, text);
        size_t count = page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, numbers);
        assert_reversed (text, SKS_SORT_RELEVANCE, numbers, count);
    }
}
END_TEST

START_TEST (orders_within_the_filters)
{
    static const char *const levels[] = { "advanced", "developing" }, *const socs[] = { "43-", "29-1141.00" };
    sks_query query = SKS_QUERY_INIT;
    query.sort = SKS_SORT_OCCUPATION;
    query.limit = SKS_MAX_LIMIT;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { socs, 2, 0, 0 };
    sks_result *result = engine_search (&corpus, &query);
    ck_assert_uint_eq (result->hit_count, 60);
    for (size_t i = 1; i < result->hit_count; i++) {
        size_t a = engine_number (&corpus, result->hits[i - 1].id);
        size_t b = engine_number (&corpus, result->hits[i].id);
        ck_assert (engine_passes (&corpus.statements[b], &query, -1));
        ck_assert_int_lt (by_occupation (&a, &b), 0);
    }
    sks_result_destroy (&result);
}
END_TEST

/* -------------------------------------------------------------- acceptance */
START_TEST (each_statement_pasted_as_a_query_comes_first)
{
    for (size_t i = 0; i < corpus.count; i++) {
        sks_result *result = ask (corpus.statements[i].text, SKS_SORT_RELEVANCE, false, 0, 1);
        if (!result->hit_count || strcmp (result->hits[0].id, corpus.statements[i].id) != 0)
            ck_abort_msg ("\"%s\" finds \"%s\" first", corpus.statements[i].text,
                          result->hit_count ? result->hits[0].text : "");
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (letter_case_and_endings_do_not_change_a_total)
{
    uint64_t total = engine_total (&corpus, "routing mail");
    ck_assert_uint_gt (total, 0);
    ck_assert_uint_eq (engine_total (&corpus, "Routing mail"), total);
    ck_assert_uint_eq (engine_total (&corpus, "routing MAIL"), total);
    ck_assert_uint_eq (engine_total (&corpus, "routed mail"), total);
    ck_assert_uint_eq (engine_total (&corpus, "ROUTES MAILED"), total);
    ck_assert_uint_eq (engine_total (&corpus, "\"incoming mail\""),
                       engine_total (&corpus, "\"INCOMING Mails\""));
}
END_TEST

START_TEST (letter_case_never_changes_an_answer)
{
    unsigned state = 18;
    size_t one[MOST], other[MOST];
    for (int i = 0; i < 200; i++) {
        char text[512];
        draw_words (&state, text);
        for (char *c = text; *c; c++)
            *c = (char) (*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
        size_t count = page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, one);
        for (char *c = text; *c; c++)
            *c = (char) (*c >= 'a' && *c <= 'z' && engine_draw (&state, 2) ? *c - 32 : *c);
        if (strstr (text, "AND") || strstr (text, "OR") || strstr (text, "NOT") || strstr (text, "NEAR"))
            continue;
        if (page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, other) != count
            || memcmp (one, other, count * sizeof *one) != 0)
            ck_abort_msg ("\"%s\"", text);
    }
}
END_TEST

START_TEST (an_empty_query_browses_everything_by_id)
{
    static const char *const texts[] = { NULL, "", " \t", "the", "—" };
    for EACH (t, texts) {
        sks_result *result = ask (texts[t], SKS_SORT_RELEVANCE, false, 500, 100);
        ck_assert_uint_eq (result->total, corpus.count);
        ck_assert_uint_eq (result->matched_all, corpus.count);
        ck_assert (!result->relaxed);
        ck_assert_str_eq (result->read_as, "*");
        ck_assert_uint_eq (result->hit_count, corpus.count - 500);
        for (size_t i = 0; i < result->hit_count; i++) {
            ck_assert_str_eq (result->hits[i].id, corpus.statements[500 + i].id);
            ck_assert (result->hits[i].score == 0);
            ck_assert_uint_eq (result->hits[i].span_count, 0);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

/* ---------------------------------------------------------------------- get */
START_TEST (gets_statements_by_id_in_the_order_asked)
{
    const char *ids[SKS_MAX_IDS];
    for (size_t first = 0; first < corpus.count; first += SKS_MAX_IDS) {
        size_t count = corpus.count - first < SKS_MAX_IDS ? corpus.count - first : SKS_MAX_IDS;
        for (size_t i = 0; i < count; i++)
            ids[i] = corpus.statements[first + count - 1 - i].id;
        sks_result *result;
        ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, count, &result, NULL), 0);
        ck_assert_uint_eq (result->hit_count, count);
        ck_assert_uint_eq (result->missing_count, 0);
        for (size_t i = 0; i < count; i++) {
            const engine_statement *s = &corpus.statements[first + count - 1 - i];
            const sks_hit *hit = &result->hits[i];
            if (strcmp (hit->id, s->id) != 0 || strcmp (hit->text, s->text) != 0
                || strcmp (hit->soc, s->soc) != 0
                || hit->level != s->level || hit->position != s->position || hit->zone != s->zone)
                ck_abort_msg ("%s", s->id);
            if (hit->span_count || hit->marked || hit->shares || hit->score != 0)
                ck_abort_msg ("%s has marks or scores", s->id);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (tells_ids_that_name_no_statement)
{
    const char *known = corpus.statements[7].id;
    char other_level[SKS_STATEMENT_ID_BYTES], longer[64], upper[SKS_STATEMENT_ID_BYTES];
    snprintf (other_level, sizeof other_level, "%.11sdeveloping%s", known, strrchr (known, '/'));
    snprintf (longer, sizeof longer, "%s0", known);
    strcpy (upper, known);
    upper[11] = 'X';
    const char *ids[] = { "", known, "43-9051.00", "43-9051.00/emerging/000000000000", other_level, longer,
                          known, upper, "43-9051.00/emerging/", "43-9051.00/expert/000000000000", "///",
                          "99-9999.99/emerging/zz" };
    sks_result *result;
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, COUNT (ids), &result, NULL), 0);
    ck_assert_uint_eq (result->hit_count, 2);
    ck_assert_str_eq (result->hits[0].id, known);
    ck_assert_str_eq (result->hits[1].id, known);
    ck_assert_uint_eq (result->missing_count, COUNT (ids) - 2);
    ck_assert_str_eq (result->missing[0], "");
    ck_assert_str_eq (result->missing[3], other_level);
    ck_assert_uint_eq (result->generation, 1);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_to_get_more_than_100_ids)
{
    const char *ids[SKS_MAX_IDS + 1];
    sks_result *result;
    sks_error err;
    for (size_t i = 0; i <= SKS_MAX_IDS; i++)
        ids[i] = "x";
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, SKS_MAX_IDS + 1, &result, &err), SKS_ELIMIT);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, ids, SKS_MAX_IDS, &result, &err), 0);
    ck_assert_uint_eq (result->missing_count, SKS_MAX_IDS);
    sks_result_destroy (&result);
    ck_assert_int_eq (sks_searcher_get (corpus.searcher, NULL, 0, &result, &err), 0);
    ck_assert_uint_eq (result->hit_count + result->missing_count, 0);
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (takes_pages_up_to_10000_and_no_further)
{
    static const struct {
        uint32_t offset, limit;
        int code;
    } pages[] = {
        { 0, 0, 0 }, { 0, 100, 0 }, { 0, 101, SKS_ELIMIT }, { 9900, 100, 0 }, { 9901, 100, SKS_ELIMIT },
        { 10000, 0, 0 }, { 10001, 0, SKS_ELIMIT }, { UINT32_MAX, 100, SKS_ELIMIT },
        { 0, UINT32_MAX, SKS_ELIMIT },
        { UINT32_MAX, UINT32_MAX, SKS_ELIMIT },
    };
    for EACH (i, pages)
        for (int sort = 0; sort < 4; sort++) {
            sks_query query = SKS_QUERY_INIT;
            sks_result *result;
            sks_error err = { 0 };
            query.text = "mail";
            query.sort = sort;
            query.offset = pages[i].offset;
            query.limit = pages[i].limit;
            ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), pages[i].code);
            ck_assert_int_eq (err.code, pages[i].code);
            ck_assert ((result == NULL) == (pages[i].code != 0));
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (gives_an_empty_page_behind_the_last_hit)
{
    for (int sort = 0; sort < 4; sort++) {
        sks_result *first = ask ("mail", sort, false, 0, 10), *behind = ask ("mail", sort, false, 5000, 10);
        sks_result *last = ask ("mail", sort, false, (uint32_t) first->total - 1, 10);
        ck_assert_uint_eq (behind->hit_count, 0);
        ck_assert_uint_eq (behind->total, first->total);
        ck_assert_uint_eq (last->hit_count, 1);
        sks_result_destroy (&first);
        sks_result_destroy (&behind);
        sks_result_destroy (&last);
    }
}
END_TEST

START_TEST (gives_no_hits_when_none_are_wanted)
{
    sks_result *result = ask ("mail", SKS_SORT_RELEVANCE, false, 0, 0);
    ck_assert_uint_gt (result->total, 0);
    ck_assert_uint_eq (result->hit_count, 0);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (answers_on_after_a_refusal)
{
    static const char *const refused[] = { "AND", "(", "level:expert", "co* re*", "\xFF" };
    for EACH (i, refused) {
        sks_query query = SKS_QUERY_INIT;
        sks_result *result;
        query.text = refused[i];
        ck_assert_int_lt (sks_searcher_search (corpus.searcher, &query, &result, NULL), 0);
        ck_assert_ptr_null (result);
        ck_assert_uint_eq (engine_total (&corpus, ""), corpus.count);
    }
}
END_TEST

START_TEST (keeps_its_generation_after_others_gave_it_back)
{
    sks_generation *generation;
    sks_searcher *searcher;
    sks_result *result;
    sks_query query = SKS_QUERY_INIT;
    ck_assert_int_eq (sks_generation_open (&generation, corpus.folder, NULL), 0);
    ck_assert_int_eq (sks_searcher_open (&searcher, generation, NULL), 0);
    ck_assert_ptr_eq (sks_searcher_generation (searcher), generation);
    sks_generation_release (&generation);
    ck_assert_ptr_null (generation);
    query.text = "incoming mail";
    ck_assert_int_eq (sks_searcher_search (searcher, &query, &result, NULL), 0);
    ck_assert_uint_gt (result->hit_count, 0);
    char id[SKS_STATEMENT_ID_BYTES];
    strcpy (id, result->hits[0].id);
    sks_result_destroy (&result);
    sks_searcher_close (&searcher);
    ck_assert_ptr_null (searcher);
    sks_searcher_close (&searcher);
    result = engine_ask (&corpus, "incoming mail");
    ck_assert_str_eq (result->hits[0].id, id);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_a_folder_without_an_index)
{
    sks_generation *generation;
    sks_error err;
    ck_assert_int_eq (sks_generation_open (&generation, "/nonexistent", &err), SKS_EINDEX);
    ck_assert_ptr_null (generation);
    ck_assert_ptr_nonnull (strstr (err.text, "/nonexistent"));
}
END_TEST

Suite *
suite_search (void)
{
    Suite *suite = suite_create ("search");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, close_small);
    tcase_add_unchecked_fixture (core, open_corpus, close_corpus);
    tcase_add_unchecked_fixture (limits, open_corpus, close_corpus);
    tcase_set_timeout (core, 120);
    tcase_add_test (core, spans_cover_what_matched);
    tcase_add_test (core, spans_are_bytes_of_the_text);
    tcase_add_test (core, marks_put_tags_around_each_span);
    tcase_add_test (core, hits_tell_what_the_export_says);
    tcase_add_test (core, equal_scores_come_by_id);
    tcase_add_test (core, shares_follow_the_formula);
    tcase_add_test (core, tells_how_the_query_was_read);
    tcase_add_test (core, pages_put_together_are_one_big_page);
    tcase_add_test (core, best_scores_come_first_and_ties_by_id);
    tcase_add_test (core, what_holds_all_words_comes_before_what_holds_some);
    tcase_add_test (core, shares_add_up_to_the_score);
    tcase_add_test (core, spans_of_words_are_the_words_that_matched);
    tcase_add_test (core, spans_of_a_phrase_cover_the_whole_phrase);
    tcase_add_test (core, orders_by_level_occupation_and_id_as_a_naive_sort_does);
    tcase_add_test (core, relevance_reversed_is_the_worst_first);
    tcase_add_test (core, orders_within_the_filters);
    tcase_add_test (core, each_statement_pasted_as_a_query_comes_first);
    tcase_add_test (core, letter_case_and_endings_do_not_change_a_total);
    tcase_add_test (core, letter_case_never_changes_an_answer);
    tcase_add_test (core, an_empty_query_browses_everything_by_id);
    tcase_add_test (core, gets_statements_by_id_in_the_order_asked);
    tcase_add_test (core, tells_ids_that_name_no_statement);
    tcase_add_test (limits, refuses_to_get_more_than_100_ids);
    tcase_add_test (limits, takes_pages_up_to_10000_and_no_further);
    tcase_add_test (limits, gives_an_empty_page_behind_the_last_hit);
    tcase_add_test (limits, gives_no_hits_when_none_are_wanted);
    tcase_add_test (limits, answers_on_after_a_refusal);
    tcase_add_test (limits, keeps_its_generation_after_others_gave_it_back);
    tcase_add_test (limits, refuses_a_folder_without_an_index);
    tcase_add_test (core, marks_the_longest_statement);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
