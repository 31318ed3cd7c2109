/* check_suggest.c - completions of words, duties and occupations.
 *
 * A small index written by hand shows the rules; on the sample exports, beginnings of statements and titles are
 * compared with naive counts over all statements. */
#include "core/base/text_duty.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/engine/operations.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_suggest (void);

/* ----------------------------------------------------------------- fixtures */
static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "43-9051.00",
          .title = "Mail Clerks and Others",
          .group = "Office",
          .levels = { "Incoming mail — open it\nIncoming mail — sort it\nOutgoing mail — weigh it",
                      "Mail carts — push them\nNaïve cafés — serve",
                      "Plain mailing of letters\nincoming, MAIL — log it", "Use of the carts — teach" } },
        { .soc = "29-1141.00",
          .title = "Nurse Managers",
          .group = "Health",
          .levels = { "Mail and parcels — receive\n— — mail" } }
    };
    engine_small_open (occupations, COUNT (occupations));
}

static sks_completions
complete (engine *e, const char *text, uint32_t limit)
{
    sks_completions out;
    sks_error err;
    sks_arena_clear (engine_arena);
    if (sks_searcher_suggest (e->searcher, text, limit, engine_arena, &out, &err))
        ck_abort_msg ("\"%s\" was refused: %s", text, err.text);
    return out;
}

/* Completions as "text 3, text 1". Borrowed: valid until the next call. */
static const char *
join (const sks_completion *list, size_t count)
{
    static char text[4096];
    *text = '\0';
    for (size_t i = 0; i < count; i++)
        sprintf (text + strlen (text), "%s%s %d", i ? ", " : "", list[i].text, (int) list[i].count);
    return text;
}

static void
assert_joined (const char *typed, const char *found, const char *expected)
{
    ck_assert_msg (strcmp (found, expected) == 0, "\"%s\" gave \"%s\", not \"%s\"", typed, found, expected);
}

/* -------------------------------------------------------------------- tables */

START_TEST (completes_the_last_word_in_its_written_form)
{
    static const char *const table[][2] = {
        { "mai", "mail 7, mailing 1" },
        { "MAI", "mail 7, mailing 1" },
        { "incoming mailin", "mailing 1" },
        { "incoming mail ", "" },
        { "cafe", "cafes 1" },
        { "Nai", "naive 1" },
        { "level:ad", "level:advanced 1" },
        { "mail level:E", "level:emerging 5" },
        { "level: ad", "level:advanced 1" },
        { "mail level:  ad", "level:advanced 1" },
        { "level:\"ad", "level:advanced 1" },
        { "soc:29", "soc:29-1141.00 2" },
        { "soc: 29", "soc:29-1141.00 2" },
        { "level: advanced mailin", "mailing 1" },
        { "level:\"ad\" mailin", "mailing 1" },
        { "group:4", "group:43 8" },
        { "zone:", "zone:none 10" },
        { "o", "open 1, outgoing 1" },
        { "th", "" },   /* stop words: the, them */
        { "nurs", "" }, /* of titles alone */
        { "zzz", "" },
        { "", "" },
    };
    for
        EACH (i, table)
        {
            sks_completions found = complete (&small, table[i][0], 20);
            assert_joined (table[i][0], join (found.words, found.word_count), table[i][1]);
        }
}
END_TEST

START_TEST (completes_duties_that_have_all_words)
{
    static const char *const table[][2] = {
        { "incoming m", "Incoming mail 3" },
        { "mail in", "Incoming mail 3" },
        { "outgoing ", "Outgoing mail 1" },
        { "cafe", "Naïve cafés 1" },
        { "café ", "Naïve cafés 1" },
        { "m", "Mail and parcels 1, Mail carts 1" },
        { "ma", "Mail and parcels 1, Mail carts 1" },
        { "mails ", "Incoming mail 3, Mail and parcels 1, Mail carts 1, Outgoing mail 1" },
        { "mai", "Incoming mail 3, Mail and parcels 1, Mail carts 1, Outgoing mail 1" },
        { "use of the c", "Use of the carts 1, Naïve cafés 1, Mail carts 1" },
        { "the incoming m", "Incoming mail 3" },
        { "how do I cart", "Use of the carts 1, Mail carts 1" },
        { "mails", "Incoming mail 3, Mail and parcels 1, Mail carts 1, Outgoing mail 1" },
        { "duty:inc", "Incoming mail 3" },
        { "the", "Use of the carts 1" },
        { "cart", "Use of the carts 1, Mail carts 1" },
        { "open", "" },
        { "plain", "" },
        { "mail zzz", "" },
        { " — ", "" },
        { "", "" },
    };
    for
        EACH (i, table)
        {
            sks_completions found = complete (&small, table[i][0], 20);
            assert_joined (table[i][0], join (found.duties, found.duty_count), table[i][1]);
        }
}
END_TEST

START_TEST (completes_duties_by_the_joined_forms_of_their_compounds)
{
    static const char *const table[][2] = {
        { "email", "Email campaigns 2, E-mail handling 1" },
        { "em", "Email campaigns 2, E-mail handling 1" },
        { "emails ", "Email campaigns 2, E-mail handling 1" },
        { "handling email", "E-mail handling 1" },
        { "onsite", "Work on-site 1" },
        { "mailh", "" },
        { "offsite", "" }, /* after the duty */
    };
    static const sample_occupation occupation = { .soc = "43-9051.00",
                                                  .title = "Mail Clerks",
                                                  .levels = { "E-mail handling — sort it\nEmail campaigns — write\n"
                                                              "Email campaigns — read\nWork on-site — and off-site" } };
    engine e;
    engine_open_occupations (&e, &occupation, 1);
    for
        EACH (i, table)
        {
            sks_completions found = complete (&e, table[i][0], 20);
            assert_joined (table[i][0], join (found.duties, found.duty_count), table[i][1]);
        }
    engine_close (&e);
}
END_TEST

/* 400 statements have the previous word; in one of them, a word with the typed prefix follows. */
START_TEST (ranks_words_that_follow_the_previous_word_first)
{
    static char lines[400 * 48];
    size_t used = 0;
    engine many;
    for (int i = 0; i < 400; i++)
        used += (size_t) sprintf (lines + used,
                                  i == 8 ? "Hear customer complaints %d\n" : "Greet customer %d at the computer\n", i);
    sample_occupation occupation = { .soc = "43-4051.00", .title = "Clerks", .levels = { lines } };
    engine_open_occupations (&many, &occupation, 1);
    sks_completions found = complete (&many, "customer comp", 2);
    ck_assert_str_eq (join (found.words, found.word_count), "complaints 1, computer 399");
    engine_close (&many);
}
END_TEST

START_TEST (completes_occupations_by_title_and_code)
{
    static const char *const table[][2] = {
        { "cl", "Mail Clerks and Others 8" },
        { "mail clerks a", "Mail Clerks and Others 8" },
        { "clerk ", "Mail Clerks and Others 8" },
        { "others m", "Mail Clerks and Others 8, Nurse Managers 2" },
        { "title:cler", "Mail Clerks and Others 8" },
        { "managers nur", "Nurse Managers 2" },
        { "m", "Mail Clerks and Others 8, Nurse Managers 2" },
        { "n", "Nurse Managers 2" },
        { "2", "Nurse Managers 2" },
        { "43-9051.00", "Mail Clerks and Others 8" },
        { " 43-", "Mail Clerks and Others 8" },
        { "43-9052", "" },
        { "mail nurse", "" },
        { "mailing cler", "Mail Clerks and Others 8" },
        { "", "" },
    };
    for
        EACH (i, table)
        {
            sks_completions found = complete (&small, table[i][0], 20);
            assert_joined (table[i][0], join (found.occupations, found.occupation_count), table[i][1]);
        }
    ck_assert_str_eq (complete (&small, "nurse", 1).occupations[0].value, "29-1141.00");
    ck_assert_ptr_null (complete (&small, "mail", 1).words[0].value);
}
END_TEST

/* -------------------------------------------------------------------- naive */

/* The typed text as words to compare. */
struct typed {
    char words[SKS_MAX_QUERY_WORDS][SKS_MAX_WORD_BYTES + 1];
    size_t count;
    bool open;
};

struct tally {
    char key[SKS_MAX_NAME_BYTES];
    uint64_t count;
};

struct tallies {
    struct tally items[CORPUS_MOST];
    size_t count;
};

static size_t
fold (const char *text, const sks_word *word, char out[SKS_MAX_WORD_BYTES + 1])
{
    size_t size = sks_text_fold (text + word->start, word->end - word->start, out);
    out[size] = '\0';
    return size;
}

static void
read_typed (const char *text, struct typed *out)
{
    sks_word word = { 0, 0 };
    *out = (struct typed) { .count = 0 };
    while (sks_text_word (text, strlen (text), word.end, &word)) {
        if (fold (text, &word, out->words[out->count]))
            out->count++;
        out->open = word.end == strlen (text);
    }
}

/* Whether a form is the i-th word that was typed. */
static bool
is_word (const struct typed *typed, size_t i, const char *form)
{
    char left[SKS_MAX_WORD_BYTES + 1], right[SKS_MAX_WORD_BYTES + 1];
    if (typed->open && i == typed->count - 1)
        return strncmp (form, typed->words[i], strlen (typed->words[i])) == 0;
    corpus_stem (form, strlen (form), left);
    corpus_stem (typed->words[i], strlen (typed->words[i]), right);
    return strcmp (left, right) == 0;
}

/* Whether a text holds all words; key: its words with blanks between. */
static bool
holds (const struct typed *typed, const char *text, size_t size, bool opening, char key[SKS_MAX_NAME_BYTES])
{
    sks_word word = { 0, 0 };
    char form[SKS_MAX_WORD_BYTES + 1];
    uint64_t seen = 0;
    bool first = true, opens = false;
    *key = '\0';
    while (sks_text_word (text, size, word.end, &word)) {
        if (!fold (text, &word, form))
            continue;
        for (size_t i = 0; i < typed->count; i++)
            seen |= (uint64_t) is_word (typed, i, form) << i;
        opens |= first && seen;
        first = false;
        strcat (strcat (key, *key ? " " : ""), form);
    }
    return *key && seen == ((uint64_t) 1 << typed->count) - 1 && (!opening || opens);
}

static void
count_key (struct tallies *tallies, const char *key)
{
    size_t i = 0;
    while (i < tallies->count && strcmp (tallies->items[i].key, key) != 0)
        i++;
    ck_assert_uint_lt (i, CORPUS_MOST);
    if (i == tallies->count) {
        strcpy (tallies->items[tallies->count++].key, key);
        tallies->items[i].count = 0;
    }
    tallies->items[i].count++;
}

static int
by_count (const void *left, const void *right)
{
    const struct tally *a = left, *b = right;
    return (a->count < b->count) - (a->count > b->count);
}

/* Assert that the completions are the most frequent ones, each with its count. */
static void
assert_counts (const char *typed, struct tallies *tallies, const sks_completion *list, size_t count, size_t limit)
{
    qsort (tallies->items, tallies->count, sizeof *tallies->items, by_count);
    size_t expected = tallies->count < limit ? tallies->count : limit;
    ck_assert_msg (count == expected, "\"%s\" gave %zu instead of %zu", typed, count, expected);
    for (size_t i = 0; i < count; i++) {
        struct typed none = { .count = 0 };
        char key[SKS_MAX_NAME_BYTES];
        holds (&none, list[i].text, strlen (list[i].text), false, key);
        size_t k = 0;
        while (k < tallies->count && strcmp (tallies->items[k].key, key) != 0)
            k++;
        ck_assert_msg (k < tallies->count, "\"%s\" gave \"%s\"", typed, list[i].text);
        ck_assert_uint_eq (list[i].count, tallies->items[k].count);
        ck_assert_uint_eq (list[i].count, tallies->items[i].count);
        for (size_t other = 0; other < i; other++)
            ck_assert_str_ne (list[other].text, list[i].text);
    }
}

/* The beginning of a text, cut at any character. */
static void
draw_beginning (unsigned *state, const char *text, size_t most, char *out)
{
    size_t size = strlen (text), cut = 1 + engine_draw (state, (unsigned) (size < most ? size : most));
    while (cut < size && (text[cut] & 0xC0) == 0x80)
        cut++;
    sprintf (out, "%.*s", (int) cut, text);
}

static bool
is_opening (const struct typed *typed)
{
    return typed->count == 1 && typed->open && strlen (typed->words[0]) < 3;
}

START_TEST (duties_are_those_of_a_naive_count)
{
    static struct tallies tallies;
    unsigned state = 9, found_any = 0;
    for (int i = 0; i < 150; i++) {
        char text[256], key[SKS_MAX_NAME_BYTES];
        struct typed typed;
        draw_beginning (&state, corpus_draw (&state)->text, 30, text);
        read_typed (text, &typed);
        tallies.count = 0;
        for (size_t s = 0; typed.count && s < corpus.count; s++) {
            const char *statement = corpus.statements[s].text;
            if (holds (&typed, statement, sks_text_duty (statement, strlen (statement)), is_opening (&typed), key))
                count_key (&tallies, key);
        }
        uint32_t limit = 1 + engine_draw (&state, SKS_MAX_SUGGESTIONS);
        sks_completions found = complete (&corpus, text, limit);
        assert_counts (text, &tallies, found.duties, found.duty_count, limit);
        found_any += found.duty_count > 0;
    }
    ck_assert_uint_gt (found_any, 100);
}
END_TEST

START_TEST (occupations_are_those_of_a_naive_count)
{
    static struct tallies tallies;
    unsigned state = 8, found_any = 0;
    for (int i = 0; i < 150; i++) {
        char text[256], key[SKS_MAX_NAME_BYTES];
        struct typed typed;
        draw_beginning (&state, corpus_draw (&state)->title, 60, text);
        read_typed (text, &typed);
        tallies.count = 0;
        for (size_t s = 0; s < corpus.count; s++)
            if (holds (&typed, corpus.statements[s].title, strlen (corpus.statements[s].title), false, key))
                count_key (&tallies, key);
        uint32_t limit = 1 + engine_draw (&state, SKS_MAX_SUGGESTIONS);
        sks_completions found = complete (&corpus, text, limit);
        assert_counts (text, &tallies, found.occupations, found.occupation_count, limit);
        found_any += found.occupation_count > 0;
    }
    ck_assert_uint_gt (found_any, 100);
}
END_TEST

/* Count each form of a statement that begins with the prefix, once per statement. */
static void
count_forms (struct tallies *tallies, const char *text, const char *prefix)
{
    struct tallies *seen = calloc (1, sizeof *seen);
    ck_assert_ptr_nonnull (seen);
    sks_word word = { 0, 0 };
    char form[SKS_MAX_WORD_BYTES + 1];
    while (sks_text_word (text, strlen (text), word.end, &word)) {
        size_t size = fold (text, &word, form);
        if (size && !sks_text_stop_word (form, size) && strncmp (form, prefix, strlen (prefix)) == 0)
            count_key (seen, form);
    }
    for (size_t i = 0; i < seen->count; i++)
        count_key (tallies, seen->items[i].key);
    free (seen);
}

START_TEST (words_are_those_of_a_naive_count)
{
    static struct tallies tallies;
    unsigned state = 7;
    for (int i = 0; i < 40; i++) {
        char word[SKS_MAX_WORD_BYTES + 1], text[256];
        struct typed typed;
        const engine_statement *drawn = corpus_draw (&state);
        engine_draw_word (&state, drawn->text, word, sizeof word);
        draw_beginning (&state, word, 6, text);
        read_typed (text, &typed);
        tallies.count = 0;
        for (size_t s = 0; typed.count && typed.open && s < corpus.count; s++)
            count_forms (&tallies, corpus.statements[s].text, typed.words[typed.count - 1]);
        sks_completions found = complete (&corpus, text, 8);
        assert_counts (text, &tallies, found.words, found.word_count, 8);
    }
}
END_TEST

/* ------------------------------------------------------------------- limits */

static int
refusal (const char *text, uint32_t limit)
{
    sks_completions out;
    sks_error err = { 0, -1, "" };
    int code = sks_searcher_suggest (small.searcher, text, limit, engine_arena, &out, &err);
    ck_assert_int_eq (err.code, code);
    return code;
}

START_TEST (refuses_texts_over_the_limits)
{
    char text[SKS_MAX_QUERY_BYTES + 2];
    memset (text, 'x', sizeof text);
    text[SKS_MAX_QUERY_BYTES + 1] = '\0';
    ck_assert_int_eq (refusal (text, 8), SKS_ELIMIT);
    text[SKS_MAX_QUERY_BYTES] = '\0';
    ck_assert_int_eq (refusal (text, 8), 0);
    for (size_t i = 1; i < 2 * SKS_MAX_QUERY_WORDS; i += 2)
        text[i] = ' ';
    text[2 * SKS_MAX_QUERY_WORDS] = '\0';
    ck_assert_int_eq (refusal (text, 8), 0);
    strcat (text, "x");
    ck_assert_int_eq (refusal (text, 8), SKS_ELIMIT);
    ck_assert_int_eq (refusal ("mail", SKS_MAX_SUGGESTIONS), 0);
    ck_assert_int_eq (refusal ("mail", SKS_MAX_SUGGESTIONS + 1), SKS_ELIMIT);
    ck_assert_int_eq (refusal ("mail \xC3", 8), SKS_EBADREQUEST);
}
END_TEST

START_TEST (returns_at_most_the_requested_number)
{
    for (uint32_t limit = 0; limit < 4; limit++) {
        sks_completions found = complete (&small, "ma", limit);
        ck_assert_uint_eq (found.word_count, limit < 2 ? limit : 2);
        ck_assert_uint_eq (found.duty_count, limit < 2 ? limit : 2);
        ck_assert_uint_eq (found.occupation_count, limit < 2 ? limit : 2);
    }
}
END_TEST

START_TEST (accepts_any_64_words)
{
    char text[SKS_MAX_QUERY_WORDS * 5 + 1] = "";
    for (int i = 0; i < SKS_MAX_QUERY_WORDS; i++)
        strcat (text, i ? " mail" : "cart");
    sks_completions found = complete (&small, text, 8);
    assert_joined (text, join (found.duties, found.duty_count), "Mail carts 1");
}
END_TEST

Suite *
suite_suggest (void)
{
    Suite *suite = suite_create ("suggest");
    TCase *core = corpus_case (suite, "Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_unchecked_fixture (limits, open_small, engine_small_close);
    tcase_add_test (core, completes_the_last_word_in_its_written_form);
    tcase_add_test (core, completes_duties_that_have_all_words);
    tcase_add_test (core, completes_duties_by_the_joined_forms_of_their_compounds);
    tcase_add_test (core, ranks_words_that_follow_the_previous_word_first);
    tcase_add_test (core, completes_occupations_by_title_and_code);
    tcase_add_test (core, duties_are_those_of_a_naive_count);
    tcase_add_test (core, occupations_are_those_of_a_naive_count);
    tcase_add_test (core, words_are_those_of_a_naive_count);
    tcase_add_test (limits, refuses_texts_over_the_limits);
    tcase_add_test (limits, returns_at_most_the_requested_number);
    tcase_add_test (limits, accepts_any_64_words);
    suite_add_tcase (suite, limits);
    return suite;
}
