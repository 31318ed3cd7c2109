/* check_map.c - a text split into sentences, and the statements that match each. */
#include "tests/support/alike.h"

#include "core/engine/sentence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_map (void);

static sks_mapping
map (engine *e, const char *text, uint32_t limit)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    sks_error err;
    options.limit = limit;
    ck_assert_msg (sks_searcher_map (e->searcher, text, &options, arena, &out, &err) == 0, "%s", err.text);
    return out;
}

/* ---------------------------------------------------------------- sentences */

/* The sentences of a text, separated by bars. Borrowed: valid until the next call. */
static const char *
split (const char *text)
{
    static char line[1024];
    sks_sentence at = { 0, 0 };
    *line = '\0';
    while (sks_sentence_next (text, strlen (text), at.end, &at))
        sprintf (line + strlen (line), "%s%.*s", *line ? "|" : "", (int) (at.end - at.start), text + at.start);
    return line;
}

START_TEST (sentences_end_where_a_reader_would_end_them)
{
    static const struct {
        const char *text, *expected;
    } texts[] = {
        { "One two. Three four! Five? Six", "One two.|Three four!|Five?|Six" },
        { "Use tools, e.g. Hammers, etc. Then rest.", "Use tools, e.g. Hammers, etc.|Then rest." },
        { "In the U.S. Army. At 5 p.m. Monday. By J. Doe.", "In the U.S. Army.|At 5 p.m. Monday.|By J. Doe." },
        { "He left Foo Inc. He sold it.", "He left Foo Inc.|He sold it." },
        { "Foo Inc. Sales and Bar Ltd. The end.", "Foo Inc. Sales and Bar Ltd.|The end." },
        { "Lives in the U.S. The U.S. Army moves.", "Lives in the U.S.|The U.S. Army moves." },
        { "Ask Mr. All or Dr. The.", "Ask Mr. All or Dr. The." },
        { "Sort mail.Route mail.", "Sort mail.|Route mail." },
        { "Use Node.js, Asp.Net, e.g.The like", "Use Node.js, Asp.Net, e.g.The like" },
        { "See No. 5. I said no. Then I left.", "See No. 5.|I said no.|Then I left." },
        { "Dr. Who met Mr. X Inc. Ltd. people. End.", "Dr. Who met Mr. X Inc. Ltd. people.|End." },
        { "Weigh 3.5 kg. 7 lb. is more.", "Weigh 3.5 kg.|7 lb. is more." },
        { "He said \"go.\" She went. (All of them.) \"Why?\" Because...",
          "He said \"go.\"|She went.|(All of them.)|\"Why?\"|Because..." },
        { "lower. case goes on. Here not", "lower. case goes on.|Here not" },
        { "Wait... What?! Éclair. été", "Wait...|What?!|Éclair. été" },
        { "Duties:\n- open mail\n- sort it\n\nNext part", "Duties:|open mail|sort it|Next part" },
        { "\xE2\x80\xA2 One\n\xE2\x80\xA2 Two\r\n 3. Three\n4) Four\nb) Five", "One|Two|Three|Four|Five" },
        { "A wrapped\nline goes on\nand on", "A wrapped\nline goes on\nand on" },
        { "3.5 kg\n12.5 kg", "3.5 kg\n12.5 kg" },
        { "Well - known - words", "Well - known - words" },
        { "---\n***\n!!! ??? ...", "" },
        { "Open letters\nRoute mail\nPay bills", "Open letters|Route mail|Pay bills" },
        { "open letters\nroute mail\npay bills", "open letters|route mail|pay bills" },
        { "Reports to the\nBoard of trade", "Reports to the\nBoard of trade" },
        { "\u2023\tOpen it\n\u25AA Close it\n\uF0A7\u00A0Lock it", "Open it|Close it|Lock it" },
        { "(a) Open\n(b) Close\niv) Lock\n2.1 Pay\n2.2) Go", "Open|Close|Lock|Pay|Go" },
        { "\u00BB Open\n\u00BB Close", "Open|Close" },
        { "# open it\n## close it\n=> lock it\n-- pay it", "open it|close it|lock it|pay it" },
        { "> Open it\n~ Close it\n| Lock it", "Open it|Close it|Lock it" },
        { "\u2705 open it\n\u2714\uFE0F close it\n\U0001F449 lock it", "open it|close it|lock it" },
        { "1 - open it\n2 \u2013 close it\n#3 lock it\n[4] pay it", "open it|close it|lock it|pay it" },
        { "\u2460 open it\n\u2461 close it\n1/ lock it\n2.) pay it", "open it|close it|lock it|pay it" },
        { "I. Open it\nII. Close it\nIV) Lock it", "Open it|Close it|Lock it" },
        { "\u2022 Open it \u2022 close it \u2022 Lock it", "Open it|close it|Lock it" },
        { "Wait\u2026 Then go\u2026 on", "Wait\u2026|Then go\u2026 on" },
        { "Lift from 3\n- 5 kg of \u00A35\n\u00A3 6 goods", "Lift from 3|5 kg of \u00A35\n\u00A3 6 goods" },
        { "Use input \u2192 output \u00B7 power", "Use input \u2192 output \u00B7 power" },
        { "Take the range 3\n4 - 5 of it", "Take the range 3\n4 - 5 of it" },
        { "* Open it * close it * lock it", "Open it|close it|lock it" },
        { "Duties: * open it * close it", "Duties:|open it|close it" },
        { "- Open it - Close it\nLock it", "Open it|Close it|Lock it" },
        { "- Open it - by hand - Close it", "Open it - by hand|Close it" },
        { "\u00B7 Open it \u00B7 Close it", "Open it|Close it" },
        { "Open it | close it | lock it", "Open it|close it|lock it" },
        { "Open | close", "Open | close" },
        { "Take 2 * 3 * 4 of it", "Take 2 * 3 * 4 of it" },
        { "1. Open it 2. Close it 3. Lock it", "Open it|Close it|Lock it" },
        { "1) open it 2) close it", "open it|close it" },
        { "Duties: (1) open it (2) close it", "Duties:|open it|close it" },
        { "a) open it b) close it", "open it|close it" },
        { "Open 2) and (3) of it", "Open 2) and (3) of it" },
        { "- [ ] open it\n- [x] close it", "open it|close it" },
        { "-open it\n-close it", "open it|close it" },
        { "*open it\n*close it", "open it|close it" },
        { "Open a well\n-known box", "Open a well\n-known box" },
        { "\u2022open it \u2022close it", "open it|close it" },
        { "DUTIES: \nOpen it and\nclose it", "DUTIES:|Open it and\nclose it" },
        { "\u65E5\u672C\u3002\u8A9E\uFF01\u6587", "\u65E5\u672C\u3002|\u8A9E\uFF01|\u6587" },
        { "1.Open\n2.Close\n\u2022Lock\n-Pay", "Open|Close|Lock|Pay" },
        { "Open it.\u00A0Close it.\u2009Lock it.", "Open it.|Close it.|Lock it." },
        { "Open it\u2028Close it\u2029Lock it\rPay it", "Open it|Close it|Lock it|Pay it" },
        { "<ol><li>Open it</li>\n<li class=\"x\">Close <b>it</b></li></ol>", "Open it|Close <b>it" },
        { "Open it<br/>Close it<BR>Lock it<p>Pay it</p>", "Open it|Close it|Lock it|Pay it" },
        { "if a < b and c > d then", "if a < b and c > d then" },
        { "Open mail; route it; pay bills.", "Open mail|route it|pay bills." },
        { "Open mail;\nroute it;\npay bills", "Open mail|route it|pay bills" },
        { "Open mail; the rest waits.", "Open mail; the rest waits." },
        { "Works until 5 p.m. Then rests. From 9 a.m. Mondays on.",
          "Works until 5 p.m.|Then rests.|From 9 a.m. Mondays on." },
        { "", "" },
        { " \n\t ", "" },
        { "Wörter. Über. 日本。", "Wörter.|Über.|日本。" },
    };
    for
        EACH (i, texts)
    ck_assert_str_eq (split (texts[i].text), texts[i].expected);
}
END_TEST

START_TEST (sentences_of_any_bytes_are_in_order_and_finite)
{
    static const char signs[] = "aB.!? \n-1)\"'(\xC3\xA9";
    unsigned state = 3;
    for (int i = 0; i < 3000; i++) {
        char text[64];
        size_t size = engine_draw (&state, sizeof text), before = 0, count = 0;
        for (size_t k = 0; k < size; k++)
            text[k] = signs[engine_draw (&state, sizeof signs - 1)];
        for (sks_sentence at = { 0, 0 }; sks_sentence_next (text, size, at.end, &at); before = at.end) {
            ck_assert_uint_ge (at.start, before);
            ck_assert_uint_lt (at.start, at.end);
            ck_assert_uint_le (at.end, size);
            ck_assert_uint_lt (count++, size);
        }
    }
}
END_TEST

/* ---------------------------------------------------------------------- map */

START_TEST (map_returns_the_place_and_the_share_of_each_match)
{
    static const char text[] = "We are kind. Open and sort incoming letters by hand! Count the stamp daily; stamps!";
    sks_mapping all = map (&small, text, 2);
    ck_assert_uint_eq (all.sentence_count, 3);
    ck_assert_uint_eq (all.sentences[0].match_count, 0);
    ck_assert_double_eq (all.sentences[0].coverage, 0);
    const sks_map_sentence *second = &all.sentences[1], *third = &all.sentences[2];
    ck_assert_str_eq (second->matches[0].hit->duty, "Incoming letters");
    ck_assert_str_eq (alike_cut (text, second->matches[0].evidence, second->matches[0].evidence_count),
                      "Open|sort|incoming|letters|hand");
    ck_assert_double_eq (second->matches[0].share, 1);
    ck_assert_double_eq (second->coverage, 1);
    ck_assert_str_eq (third->matches[0].hit->soc, REPAIR);
    ck_assert_str_eq (alike_cut (text, third->matches[0].evidence, third->matches[0].evidence_count),
                      "Count|stamp|daily|stamps");
    ck_assert_uint_eq (all.levels[SKS_EMERGING], 1);
    ck_assert_uint_eq (all.levels[SKS_DEVELOPING], 1);
    ck_assert_uint_eq (all.levels[SKS_PROFICIENT] + all.levels[SKS_ADVANCED], 0);
    ck_assert_double_gt (all.coverage, .6);
    ck_assert_double_lt (all.coverage, 1);
}
END_TEST

START_TEST (map_reads_markup_as_a_reader_sees_it)
{
    static const char text[] =
        "&bull;&nbsp;Open letters\n\u00E2\u20AC\u00A2 Count the stamp &lt;br&gt;incoming&nbsp;letters";
    sks_mapping all = map (&small, text, 1);
    ck_assert_uint_eq (all.sentence_count, 3);
    ck_assert_uint_eq (all.sentences[0].start, strlen ("&bull;&nbsp;"));
    ck_assert_uint_eq (all.sentences[2].start, strstr (text, "incoming") - text);
    ck_assert_str_eq (
        alike_cut (text, all.sentences[2].matches[0].evidence, all.sentences[2].matches[0].evidence_count),
        "incoming|letters");
}
END_TEST

START_TEST (map_weighs_an_unknown_word_as_if_one_statement_had_it)
{
    /* "lathe" is in two statements, "forecast" in three, "beds" in one. */
    double known = map (&small, "forecast lathe beds", 1).sentences[0].matches[0].share;
    double unknown = map (&small, "forecast lathe zorbing", 1).sentences[0].matches[0].share;
    float statements = (float) small.count;
    double one = logf (1 + (statements - .5f) / 1.5f), two = logf (1 + (statements - 1.5f) / 2.5f);
    double three = logf (1 + (statements - 2.5f) / 3.5f);
    ck_assert_double_eq_tol (known, (two + one) / (one + two + three), 2e-3);
    ck_assert_double_eq_tol (unknown, (two > three ? two : three) / (one + two + three), 2e-3);
}
END_TEST

START_TEST (map_leaves_out_how_an_advertisement_begins)
{
    static const struct {
        const char *text;
        bool whole; /* "lathe" is all of the sentence's weight */
    } texts[] = { { "We are looking for a lathe", true },   { "You will be responsible for the lathe", true },
                  { "Looking for a lathe", true },          { "looking at a lathe", false },
                  { "zorbing looking for a lathe", false }, { "lathe responsible for", false } };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sks_mapping all = map (&small, texts[i].text, 1);
        ck_assert_uint_eq (all.sentence_count, 1);
        ck_assert_uint_eq (all.sentences[0].start, 0);
        ck_assert_msg ((all.sentences[0].coverage == 1) == texts[i].whole, "%s", texts[i].text);
    }
    ck_assert_uint_eq (map (&small, "We are looking for", 1).sentences[0].match_count, 0);
}
END_TEST

START_TEST (map_finds_a_statement_by_its_own_text)
{
    unsigned state = 21;
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = corpus_draw (&state);
        sks_mapping all = map (&corpus, s->text, 1);
        for (size_t k = 0; k < all.sentence_count && all.sentence_count == 1; k++) {
            ck_assert_uint_eq (all.sentences[0].match_count, 1);
            ck_assert_str_eq (all.sentences[0].matches[0].hit->id, s->id);
            ck_assert_double_eq (all.sentences[0].matches[0].share, 1);
            ck_assert_double_eq (all.coverage, 1);
        }
    }
}
END_TEST

START_TEST (map_returns_matches_of_at_least_a_quarter_with_their_evidence)
{
    unsigned state = 22;
    for (int i = 0; i < DRAWS; i++) {
        char text[256] = "", word[64];
        for (int k = 0; k < 6; k++) {
            size_t at = engine_draw (&state, (unsigned) drawn.count);
            engine_draw_word (&state, drawn.statements[at].text, word, 32);
            strcat (strcat (text, word), " ");
        }
        sks_mapping all = map (&drawn, text, 5);
        for (size_t k = 0; k < all.sentence_count; k++)
            for (size_t n = 0; n < all.sentences[k].match_count; n++) {
                const sks_map_match *match = &all.sentences[k].matches[n];
                alike_stems own;
                alike_read_stems (match->hit->text, &own);
                ck_assert_double_ge (match->share, .25);
                ck_assert_double_le (match->share, all.sentences[k].coverage + NEAR);
                ck_assert_uint_gt (match->evidence_count, 0);
                ck_assert_uint_gt (match->hit->span_count, 0);
                for (size_t w = 0; w < match->evidence_count; w++) {
                    alike_stems one;
                    alike_read_stems (alike_cut (text, &match->evidence[w], 1), &one);
                    ck_assert_uint_eq (one.count, 1);
                    ck_assert (alike_holds (&own, one.text[0]));
                }
            }
    }
}
END_TEST

START_TEST (map_applies_filters)
{
    const char *levels[] = { "advanced" };
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 1, 0, 0 };
    ck_assert_int_eq (sks_searcher_map (small.searcher, "Forecast budgets", &options, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.sentences[0].match_count, 2);
    ck_assert_uint_eq (out.levels[SKS_ADVANCED], 1);
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (map_stops_at_its_deadline)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    sks_error err;
    sks_budget_begin (sks_searcher_budget (small.searcher), 1);
    int code = sks_searcher_map (small.searcher, "Forecast budgets", &options, arena, &out, &err);
    sks_budget_begin (sks_searcher_budget (small.searcher), 0);
    ck_assert_int_eq (code, SKS_EDEADLINE);
    ck_assert_uint_eq (out.sentence_count, 0);
    ck_assert_int_eq (sks_searcher_map (small.searcher, "Forecast budgets", &options, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.sentence_count, 1);
}
END_TEST

START_TEST (too_many_hits_are_refused)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.limit = SKS_MAX_LIMIT + 1;
    ck_assert_int_eq (sks_searcher_map (small.searcher, "letters", &options, arena, &out, NULL), SKS_ELIMIT);
}
END_TEST

START_TEST (text_that_is_not_utf8_is_refused_with_its_place)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    sks_error err;
    int code = sks_searcher_map (small.searcher, "ab\xFF", &options, arena, &out, &err);
    ck_assert_int_eq (code, SKS_EBADREQUEST);
    ck_assert_int_eq (err.at, 2);
}
END_TEST

/* `count` sentences. Caller owns it; free with sks_buffer_free. */
static sks_buffer
sentences (size_t count)
{
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    for (size_t i = 0; i < count; i++)
        sks_buffer_puts (&out, "Sort letters.\n\n");
    ck_assert_ptr_nonnull (sks_buffer_text (&out));
    return out;
}

START_TEST (the_number_of_sentences_is_limited)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.limit = SKS_MAX_WINDOW / SKS_MAX_MAP_SENTENCES;
    sks_buffer most = sentences (SKS_MAX_MAP_SENTENCES), more = sentences (SKS_MAX_MAP_SENTENCES + 1);
    ck_assert_int_eq (sks_searcher_map (small.searcher, most.bytes, &options, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.sentence_count, SKS_MAX_MAP_SENTENCES);
    ck_assert_uint_eq (out.levels[SKS_EMERGING], SKS_MAX_MAP_SENTENCES);
    ck_assert_int_eq (sks_searcher_map (small.searcher, more.bytes, &options, arena, &out, NULL), SKS_ELIMIT);
    options.limit++;
    ck_assert_int_eq (sks_searcher_map (small.searcher, most.bytes, &options, arena, &out, NULL), SKS_ELIMIT);
    sks_buffer_free (&most);
    sks_buffer_free (&more);
}
END_TEST

START_TEST (the_number_of_bytes_is_limited)
{
    static const char *const fillers[] = { "x ", ".", "a.", "\n", ". ", "- ", "\xE2\x80\x9D" };
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    char *text = calloc (1, SKS_MAX_MAP_BYTES + 2);
    for
        EACH (i, fillers)
        {
            size_t step = strlen (fillers[i]), size = 0;
            for (; size + step <= SKS_MAX_MAP_BYTES; size += step)
                memcpy (text + size, fillers[i], step);
            memset (text + size, ' ', SKS_MAX_MAP_BYTES - size);
            ck_assert_int_eq (sks_searcher_map (small.searcher, text, &options, arena, &out, NULL), 0);
            ck_assert_uint_le (out.sentence_count, 1);
        }
    text[SKS_MAX_MAP_BYTES] = ' ';
    ck_assert_int_eq (sks_searcher_map (small.searcher, text, &options, arena, &out, NULL), SKS_ELIMIT);
    free (text);
}
END_TEST

START_TEST (map_reads_a_sentence_by_its_64_heaviest_words)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_MAP_BYTES);
    sks_buffer_puts (&text, "letters");
    for (int i = 0; i < 64; i++)
        sks_buffer_printf (&text, " unheard%c%c", 'a' + i / 8, 'a' + i % 8);
    sks_mapping all = map (&small, sks_buffer_text (&text), 5);
    ck_assert_uint_eq (all.sentence_count, 1);
    ck_assert_uint_eq (all.sentences[0].match_count, 0);
    ck_assert_double_eq (all.coverage, 0);
    sks_buffer_free (&text);
}
END_TEST

START_TEST (empty_texts_have_no_sentences)
{
    static const char *const texts[] = { "", "  \n ", "...", "- \n- " };
    for
        EACH (i, texts)
        {
            sks_mapping all = map (&small, texts[i], 10);
            ck_assert_uint_eq (all.sentence_count, 0);
            ck_assert_double_eq (all.coverage, 0);
        }
    ck_assert_uint_eq (map (&small, "of the", 10).sentences[0].match_count, 0);
}
END_TEST

Suite *
suite_map (void)
{
    Suite *suite = suite_create ("map");
    TCase *core = tcase_create ("Core");
    TCase *sample = tcase_create ("Core, sample exports");
    TCase *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, alike_open_small, alike_close_small);
    tcase_add_test (core, sentences_end_where_a_reader_would_end_them);
    tcase_add_test (core, map_returns_the_place_and_the_share_of_each_match);
    tcase_add_test (core, map_reads_markup_as_a_reader_sees_it);
    tcase_add_test (core, map_weighs_an_unknown_word_as_if_one_statement_had_it);
    tcase_add_test (core, map_leaves_out_how_an_advertisement_begins);
    tcase_add_test (core, map_applies_filters);
    suite_add_tcase (suite, core);
    tcase_add_unchecked_fixture (sample, alike_open_corpus, alike_close_corpus);
    tcase_set_timeout (sample, 60);
    tcase_add_test (sample, map_finds_a_statement_by_its_own_text);
    tcase_add_test (sample, map_returns_matches_of_at_least_a_quarter_with_their_evidence);
    suite_add_tcase (suite, sample);
    tcase_add_unchecked_fixture (limits, alike_open_small, alike_close_small);
    tcase_set_timeout (limits, 60);
    tcase_add_test (limits, sentences_of_any_bytes_are_in_order_and_finite);
    tcase_add_test (limits, too_many_hits_are_refused);
    tcase_add_test (limits, text_that_is_not_utf8_is_refused_with_its_place);
    tcase_add_test (limits, map_stops_at_its_deadline);
    tcase_add_test (limits, the_number_of_sentences_is_limited);
    tcase_add_test (limits, the_number_of_bytes_is_limited);
    tcase_add_test (limits, map_reads_a_sentence_by_its_64_heaviest_words);
    tcase_add_test (limits, empty_texts_have_no_sentences);
    suite_add_tcase (suite, limits);
    return suite;
}
