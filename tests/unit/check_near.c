/* check_near.c - phrases and NEAR: in examples, and on the sample exports compared with a loop over the words of every
 * statement. */
#include "core/base/text_fold.h"
#include "tests/support/corpus.h"
#include "tests/support/tagged.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_near (void);

/* ----------------------------------------------------------------- phrases */

START_TEST (finds_a_phrase_side_by_side_and_in_order_only)
{
    static const tagged_finding phrases[] = {
        { "\"incoming mail\"", "a1 a2" }, { "\"mail incoming\"", "" },         { "incoming mail", "a1 a2 a4" },
        { "\"route mail\"", "" },         { "\"routed letter\"", "a5" },       { "\"crane hooks\"", "b1" },
        { "\"mail open\"", "a1" },        { "\"open sort and route\"", "a1" }, { "\"open sort route\"", "" },
        { "\"mail\"", "a1 a2 a3 a4" },    { "\"winch winch\"", "b10" },        { "\"winch winch winch\"", "" },
        { "“Incoming MAIL”", "a1 a2" },
    };
    tagged_finds (phrases, COUNT (phrases));
}
END_TEST

START_TEST (stop_words_inside_a_phrase_must_match)
{
    static const tagged_finding phrases[] = {
        { "\"such as\"", "a5" },       { "\"as such\"", "a6" },      { "\"papers such as notes\"", "a5" },
        { "\"notes as such\"", "a6" }, { "\"the incoming\"", "a2" }, { "\"of the\"", "b4" },
        { "\"the of\"", "" },          { "\"The\"", "a2 b4" },       { "\"that is\"", "a4" },
    };
    tagged_finds (phrases, COUNT (phrases));
}
END_TEST

START_TEST (finds_a_phrase_as_long_as_a_statement)
{
    static const tagged_finding phrases[] = {
        { "\"Crane one two three four five six seven eight nine ten hook b6\"", "b6" },
        { "\"Incoming mail — open, sort, and route to staff a1\"", "a1" },
        { "\"Incoming mail — open, sort, and route to staff a1 a1\"", "" },
    };
    tagged_finds (phrases, COUNT (phrases));
}
END_TEST

/* -------------------------------------------------------------------- near */

START_TEST (finds_near_words_in_either_order)
{
    static const tagged_finding nears[] = {
        { "crane NEAR/1 hook", "b1" },
        { "hook NEAR/1 crane", "b1" },
        { "crane NEAR/2 hook", "b1 b2 b7 b9" },
        { "crane NEAR/3 hook", "b1 b2 b3 b4 b7 b8 b9" },
        { "hook NEAR/3 crane", "b1 b2 b3 b4 b7 b8 b9" },
        { "crane NEAR hook", "b1 b2 b3 b4 b5 b7 b8 b9" },
        { "crane NEAR/11 hook", "b1 b2 b3 b4 b5 b6 b7 b8 b9" },
        { "Cranes NEAR/1 HOOKING", "b1" },
    };
    tagged_finds (nears, COUNT (nears));
}
END_TEST

START_TEST (near_combines_phrases_exact_forms_and_prefixes)
{
    static const tagged_finding nears[] = {
        { "\"tower crane\" NEAR/1 hook", "" },
        { "\"tower crane\" NEAR/2 hook", "b7 b8" },
        { "hook NEAR/2 \"tower crane\"", "b7 b8" },
        { "\"tower crane\" NEAR/1 \"alpha hook\"", "b7" },
        { "=mail NEAR/1 =incoming", "a1 a2" },
        { "=mails NEAR/1 incoming", "" },
        { "incom* NEAR/1 mail", "a1 a2" },
        { "duty:mail NEAR/1 incoming", "a1" },
        { "\"the\" NEAR/1 hook", "b4" },
    };
    tagged_finds (nears, COUNT (nears));
}
END_TEST

START_TEST (each_side_of_near_needs_its_own_place)
{
    static const tagged_finding nears[] = {
        { "winch NEAR winch", "b10" },
        { "winch NEAR winch NEAR winch", "" },
        { "\"incoming mail\" NEAR mail", "" },
        { "=rope NEAR/1 rope", "b12 b13" },
    };
    tagged_finds (nears, COUNT (nears));
}
END_TEST

START_TEST (a_chain_of_near_uses_the_largest_distance)
{
    static const tagged_finding nears[] = {
        { "tower NEAR/3 crane NEAR/3 hook", "b7 b8 b9" },
        { "tower NEAR/1 crane NEAR/2 hook", "" },
        { "tower NEAR/1 crane NEAR/3 alpha", "b7 b8 b9" },
        { "tower NEAR/2 crane NEAR/1 alpha", "b7 b8" },
        { "hook NEAR/3 tower NEAR/3 crane", "b7 b8 b9" },
        /* "rope" and its plural stand for each other, "=rope" for itself only. */
        { "rope* NEAR =rope NEAR sling", "b12 b13" },
        { "sling NEAR rope NEAR =ropes", "b12 b13" },
        { "=rope NEAR =rope NEAR sling", "" },
    };
    tagged_finds (nears, COUNT (nears));
}
END_TEST

/* ------------------------------------------------------- a naive reference */

/* A text's words in order: stems, and stop words as they are. */
struct places {
    char words[600][SKS_MAX_WORD_BYTES + 1];
    size_t count;
};

static void
list_places (const char *text, struct places *out)
{
    size_t size = strlen (text);
    sks_word word = { 0, 0 };
    out->count = 0;
    while (sks_text_word (text, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (length)
            corpus_stem (folded, length, out->words[out->count++]);
    }
}

static bool
stand_together (const struct places *text, const struct places *phrase)
{
    for (size_t at = 0; at + phrase->count <= text->count; at++) {
        size_t i = 0;
        while (i < phrase->count && strcmp (text->words[at + i], phrase->words[i]) == 0)
            i++;
        if (i == phrase->count)
            return true;
    }
    return false;
}

static bool
stand_near (const struct places *text, const struct places *pair, size_t distance)
{
    for (size_t i = 0; i < text->count; i++)
        for (size_t k = 0; k < text->count; k++)
            if (i != k && (i > k ? i - k : k - i) <= distance && strcmp (text->words[i], pair->words[0]) == 0 &&
                strcmp (text->words[k], pair->words[1]) == 0)
                return true;
    return false;
}

/* Draw two words of one statement, adjacent or apart. */
static void
draw_pair (unsigned *state, bool together, char *one, char *two, size_t room)
{
    const char *from = corpus_draw (state)->text;
    sks_word word;
    engine_draw_word (state, from, one, room);
    engine_draw_word (state, from, two, room);
    const char *next = strstr (from, one) + strlen (one);
    if (together && sks_text_word (next, strlen (next), 0, &word))
        snprintf (two, room, "%.*s", (int) (word.end - word.start), next + word.start);
}

static void
assert_places (const char *text, const char *words, size_t distance)
{
    static bool found[CORPUS_MOST];
    static struct places wanted, places;
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = SKS_MATCH_ALL;
    sks_result *result = corpus_find (&query, found);
    list_places (words, &wanted);
    for (size_t i = 0; i < corpus.count; i++) {
        list_places (corpus.statements[i].text, &places);
        bool expected = distance ? stand_near (&places, &wanted, distance) : stand_together (&places, &wanted);
        if (found[i] != expected)
            ck_abort_msg ("%s %s \"%s\"", text, expected ? "does not find" : "finds", corpus.statements[i].text);
    }
    sks_result_destroy (&result);
}

START_TEST (phrases_and_nears_find_what_a_naive_reference_finds)
{
    unsigned state = 815;
    for (int i = 0; i < 150; i++) {
        char one[96], two[96], text[512], words[256];
        size_t distance = engine_draw (&state, 3) ? 1 + engine_draw (&state, 12) : 0;
        draw_pair (&state, !distance, one, two, sizeof one);
        snprintf (words, sizeof words, "%s %s", one, two);
        if (distance)
            snprintf (text, sizeof text, "\"%s\" NEAR/%zu \"%s\"", one, distance, two);
        else
            snprintf (text, sizeof text, "\"%s\"", words);
        assert_places (text, words, distance);
    }
}
END_TEST

Suite *
suite_near (void)
{
    Suite *suite = suite_create ("near");
    TCase *core = corpus_case (suite, "Core");
    tcase_add_unchecked_fixture (core, tagged_open, tagged_close);
    tcase_add_test (core, finds_a_phrase_side_by_side_and_in_order_only);
    tcase_add_test (core, stop_words_inside_a_phrase_must_match);
    tcase_add_test (core, finds_a_phrase_as_long_as_a_statement);
    tcase_add_test (core, finds_near_words_in_either_order);
    tcase_add_test (core, near_combines_phrases_exact_forms_and_prefixes);
    tcase_add_test (core, each_side_of_near_needs_its_own_place);
    tcase_add_test (core, a_chain_of_near_uses_the_largest_distance);
    tcase_add_test (core, phrases_and_nears_find_what_a_naive_reference_finds);
    return suite;
}
