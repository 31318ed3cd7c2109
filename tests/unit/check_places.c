/* check_places.c - the content of a stem's places, and phrases that depend on them.
 *
 * Each statement has a unique word, whose stem has one posting. */
#include "core/engine/places.h"

#include "core/engine/generation.h"
#include "tests/support/engine.h"
#include "tests/support/sample.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_places (void);

#define NONE SKS_PLACE_NONE

static engine e;
static sks_lists *lists;
static sks_arena *arena;

/* 25 words that are not stop words. */
#define MANY                                                                                                           \
    "one two three four five six seven eight nine ten eleven twelve bolt nut wire pipe rope "                          \
    "tile lock hook clip ring plug valve pump "

static const struct expected {
    const char *word, *text;
    unsigned first, second;
    const char *before, *after; /* "": none; NULL: they differ or are unknown */
} expected[] = {
    { "zebra", "Sort the zebra of clients", 2, NONE, "the", "of" },
    { "quartz", "Quartz and silver", 0, NONE, "", "and" },
    { "violin", "Tune each violin", 2, NONE, "each", "" },
    { "puzzle", "Incoming — the puzzle, by hand", 2, NONE, "the", "by" },
    { "otter", "Feed otter pups", 1, NONE, "feed", "pups" },
    { "lemon", "The lemon or the lemon and salt", 1, 4, "the", NULL },
    { "fig", "The fig of a fig", 1, 4, NULL, NULL },
    { "raven", "Feed raven chicks, feed raven chicks", 1, 4, "feed", "chicks" },
    { "copper", "Copper copper", 0, 1, NULL, NULL },
    { "walnut", "A walnut, walnut bowls", 1, 2, NULL, NULL },
    { "mango", "Mango, mango, mango", NONE, NONE, NULL, NULL },
    { "falcon", MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY "bolt bolt bolt bolt the falcon", NONE, NONE, NULL,
      NULL },
    { "wagonbolt", "Oil a wagon-bolt by hand", NONE, SKS_PLACE_COMPOUND, NULL, NULL },
    { "heron", MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY "bolt bolt bolt the heron", 254, NONE, "the", "" },
};
#define EXPECTED (sizeof expected / sizeof *expected)

static void
open_index (void)
{
    sks_error err;
    char *exports = sample_folder (), lines[32768] = "";
    for (size_t i = 0; i < EXPECTED; i++)
        snprintf (lines + strlen (lines), sizeof lines - strlen (lines), "%s\n", expected[i].text);
    sample_occupation row = { .soc = "43-1001.00",
                              .title = "Keepers",
                              .group = "Office & Administrative Support",
                              .levels = { lines, "Open doors", "Close doors", "Paint doors" } };
    sample_put (exports, "one.json", &row);
    engine_open (&e, exports);
    sample_remove (exports);
    arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
    ck_assert_int_eq (sks_lists_open (&lists, sks_generation_snapshot (e.generation)->store,
                                      sks_generation_snapshot (e.generation)->folder, &err),
                      0);
}

static void
close_index (void)
{
    sks_lists_close (&lists);
    sks_arena_destroy (&arena);
    engine_close (&e);
}

/* -------------------------------------------------------------------- helpers */

/* The places of a word in the one statement that has it. They live as long as the arena. */
static const sks_places *
places_of (const char *word)
{
    sks_error err;
    const sks_postings *postings;
    const sks_store *store = sks_generation_snapshot (e.generation)->store;
    uint32_t form = sks_store_form (store, word, strlen (word));
    ck_assert_msg (form != SKS_NONE, "%s", word);
    uint32_t stem = store->form[form].stem;
    ck_assert_int_eq (sks_cache_postings (sks_generation_cache (e.generation), lists, stem, arena, &postings, &err), 0);
    ck_assert_uint_eq (postings->count, 1);
    sks_budget budget = SKS_BUDGET_INIT;
    sks_places *places = sks_arena_alloc (arena, sks_places_bytes (1));
    ck_assert_ptr_nonnull (places);
    ck_assert (sks_places_read (sks_generation_snapshot (e.generation), stem, postings, &budget, places));
    return places;
}

/* What a word is as a neighbour. */
static uint8_t
number_of (const char *word)
{
    const sks_snapshot *snapshot = sks_generation_snapshot (e.generation);
    if (!word)
        return SKS_NEIGHBOURS_DIFFER;
    if (!*word)
        return SKS_NO_STOP;
    uint32_t form = sks_store_form (snapshot->store, word, strlen (word));
    ck_assert_msg (form != SKS_NONE, "%s", word);
    uint32_t stem = snapshot->store->form[form].stem;
    return stem == SKS_NONE ? snapshot->stop_of_form[form] : sks_places_neighbour (stem);
}

/* ---------------------------------------------------------------------- tests */

START_TEST (returns_the_places_of_a_stem_and_the_words_beside_it)
{
    const struct expected *t = &expected[_i];
    const sks_places *places = places_of (t->word);
    bool has_row = t->first >= SKS_PLACE_LATE || t->second != NONE;
    unsigned at = (t->first < SKS_PLACE_LATE ? t->first : SKS_PLACE_LATE) | (has_row ? SKS_PLACE_ROW : 0);
    ck_assert_msg (*places->at == at, "%s: %d", t->word, *places->at);
    ck_assert_msg (places->starts[1] == has_row, "%s: %u rows", t->word, places->starts[1]);
    if (has_row)
        ck_assert_msg (places->rows->first == t->first && places->rows->second == t->second, "%s: %d %d", t->word,
                       places->rows->first, places->rows->second);
    ck_assert_msg (*places->before == number_of (t->before), "%s: %d before", t->word, *places->before);
    ck_assert_msg (*places->after == number_of (t->after), "%s: %d after", t->word, *places->after);
}
END_TEST

static const struct {
    const char *word, *before[2], *after[2]; /* as above */
} beside[] = {
    { "lemon", { "the", "the" }, { "or", "and" } },   { "fig", { "the", "a" }, { "of", "" } },
    { "copper", { "", "copper" }, { "copper", "" } }, { "walnut", { "a", "walnut" }, { "walnut", "bowls" } },
    { "mango", { NULL, NULL }, { NULL, NULL } },      { "raven", { "feed", "feed" }, { "chicks", "chicks" } },
};
#define BESIDE (sizeof beside / sizeof *beside)

START_TEST (returns_the_words_beside_each_of_two_places)
{
    const sks_places *places = places_of (beside[_i].word);
    ck_assert_uint_eq (places->rows->posting, 0);
    for (unsigned place = 0; place < 2; place++) {
        ck_assert_uint_eq (places->rows->before[place], number_of (beside[_i].before[place]));
        ck_assert_uint_eq (places->rows->after[place], number_of (beside[_i].after[place]));
    }
}
END_TEST

START_TEST (numbers_each_stop_word_differently_and_no_stem_like_one)
{
    ck_assert_uint_ne (number_of ("the"), SKS_NO_STOP);
    ck_assert_uint_ne (number_of ("the"), number_of ("of"));
    ck_assert_uint_le (number_of ("the"), SKS_MAX_STOP);
    for (uint32_t stem = 0; stem < 1000; stem++) {
        ck_assert_uint_gt (sks_places_neighbour (stem), SKS_MAX_STOP);
        ck_assert_uint_lt (sks_places_neighbour (stem), SKS_NEIGHBOURS_DIFFER);
    }
}
END_TEST

static const struct {
    const char *phrase;
    uint64_t total;
} phrases[] = {
    { "the zebra of", 1 },   { "of zebra", 0 },       { "zebra the", 0 },      { "the zebra and", 0 },
    { "the lemon", 1 },      { "lemon or", 1 },       { "lemon and", 1 },      { "or lemon", 0 },
    { "lemon of", 0 },       { "the lemon or", 1 },   { "or the lemon", 1 },   { "lemon or the lemon and", 1 },
    { "the fig", 1 },        { "a fig", 1 },          { "of a fig", 1 },       { "of fig", 0 },
    { "a fig of", 0 },       { "copper copper", 1 },  { "copper the", 0 },     { "a walnut walnut", 1 },
    { "a walnut bowls", 0 }, { "mango mango", 1 },    { "the mango", 0 },      { "the falcon", 1 },
    { "a falcon", 0 },       { "the heron", 1 },      { "bolt the heron", 1 }, { "lock the heron", 0 },
    { "feed otter", 1 },     { "otter pups", 1 },     { "otter feed", 0 },     { "feed otter pups", 1 },
    { "raven chicks", 1 },   { "chicks feed", 1 },    { "chicks raven", 0 },   { "raven chicks feed raven", 1 },
    { "copper zebra", 0 },   { "walnut walnut", 1 },  { "walnut bowls", 1 },   { "bowls walnut", 0 },
    { "oil wagonbolt", 0 },  { "a wagonbolt by", 1 }, { "wagonbolt hand", 0 }, { "oil a wagonbolt by hand", 1 },
};
#define PHRASES (sizeof phrases / sizeof *phrases)

START_TEST (finds_phrases_by_places)
{
    char text[64];
    snprintf (text, sizeof text, "\"%s\"", phrases[_i].phrase);
    uint64_t total = engine_total (&e, text);
    ck_assert_msg (total == phrases[_i].total, "%s: %lu", text, (unsigned long) total);
}
END_TEST

Suite *
suite_places (void)
{
    Suite *suite = suite_create ("places");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_index, close_index);
    tcase_add_loop_test (core, returns_the_places_of_a_stem_and_the_words_beside_it, 0, EXPECTED);
    tcase_add_loop_test (core, returns_the_words_beside_each_of_two_places, 0, BESIDE);
    tcase_add_test (core, numbers_each_stop_word_differently_and_no_stem_like_one);
    TCase *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (limits, open_index, close_index);
    tcase_add_loop_test (limits, finds_phrases_by_places, 0, PHRASES);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
