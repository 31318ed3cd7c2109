/* probes.c - measures whether a word alone finds its typed form, and whether the title of an occupation finds its
 * statements.
 *
 *   probes INDEX [-v]
 *
 * forms    Words of letters that 1 to 100 statements contain, and that occur in at most a
 *          tenth of the statements of their stem, which are at least 40: "organ" beside
 *          "organize". Counts the statements with exactly this form, at most ten per word,
 *          that are missing from the first ten hits of the word.
 * titles   Counts the titles that find nothing, and those without a statement of
 *          their own occupation among the first ten.
 *
 * -v lists the words and titles with missing statements. */
#include "core/engine/generation.h"
#include "core/engine/inflection.h"
#include "core/engine/postings.h"
#include "core/engine/search.h"
#include "core/index/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MOST_STATEMENTS 100
#define LEAST_STATEMENTS 40
#define SHARE 10
#define FIRST 10

static int
ask (sks_searcher *searcher, const char *text, uint32_t limit, sks_result **result)
{
    sks_query query = SKS_QUERY_INIT;
    sks_error err;
    query.text = text;
    query.limit = limit;
    int code = sks_searcher_search (searcher, &query, result, &err);
    if (code)
        fprintf (stderr, "probes: %s: %s\n", text, err.text);
    return code;
}

/* Whether the form is one of the words to search for; writes it. */
static bool
read_form (const sks_store *store, uint32_t number, char out[SKS_MAX_WORD_BYTES + 1])
{
    const sks_form *form = &store->form[number];
    if (form->stem == SKS_NONE || form->joined || !form->statements || form->statements > MOST_STATEMENTS)
        return false;
    uint32_t all = store->stem[form->stem].statements;
    for (size_t i = 0; i < form->size; i++)
        if (!(out[i] = store->strings[form->text + i]) || out[i] < 'a' || out[i] > 'z')
            return false;
    out[form->size] = '\0';
    return all >= LEAST_STATEMENTS && form->statements * SHARE <= all;
}

/* How a statement contains a form's stem. */
enum held { HELD_STEM, HELD_INFLECTION, HELD_FORM };

static enum held
look_at (const sks_store *store, uint32_t statement, uint32_t number)
{
    static sks_words words;
    char base[SKS_MAX_WORD_BYTES], other[SKS_MAX_WORD_BYTES];
    const sks_form *typed = &store->form[number];
    size_t size = sks_inflection_base (store->strings + typed->text, typed->size, base);
    enum held held = HELD_STEM;
    sks_words_read (&words, store, statement);
    for (uint32_t i = 0; i < words.count; i++) {
        const sks_form *form = &store->form[words.form[i]];
        if (words.form[i] == number)
            return HELD_FORM;
        if (form->stem != typed->stem)
            continue;
        size_t length = sks_inflection_base (store->strings + form->text, form->size, other);
        if (length == size && memcmp (base, other, size) == 0)
            held = HELD_INFLECTION;
    }
    return held;
}

struct tally {
    size_t words, wanted, missing, others;
};

/* Compare the first ten hits of a word with the best possible ones: statements with the form, then those with an
 * inflection. */
static int
probe_form (sks_searcher *searcher, const sks_store *store, uint32_t form, const char *word, struct tally *tally)
{
    size_t first[HELD_FORM + 1] = { 0 }, all[HELD_FORM + 1] = { 0 };
    sks_result *result = NULL;
    sks_query query = SKS_QUERY_INIT;
    sks_error err;
    query.text = word;
    query.sort = SKS_SORT_RELEVANCE;
    for (uint32_t page = 0, total = 1; page < total && page < SKS_MAX_WINDOW; page += SKS_MAX_LIMIT) {
        query.offset = page;
        query.limit = SKS_MAX_LIMIT;
        int code = sks_searcher_search (searcher, &query, &result, &err);
        if (code)
            return code;
        total = (uint32_t) result->total;
        for (size_t i = 0; i < result->hit_count; i++) {
            enum held held = look_at (store, sks_store_find (store, result->hits[i].id), form);
            all[held]++;
            first[held] += page + i < FIRST;
        }
        sks_result_destroy (&result);
    }
    size_t wanted = all[HELD_FORM] < FIRST ? all[HELD_FORM] : FIRST;
    size_t either = all[HELD_FORM] + all[HELD_INFLECTION];
    tally->words++;
    tally->wanted += wanted;
    tally->missing += wanted - first[HELD_FORM];
    tally->others += (either < FIRST ? either : FIRST) - first[HELD_FORM] - first[HELD_INFLECTION];
    return 0;
}

static int
probe_forms (sks_searcher *searcher, const sks_store *store, bool names)
{
    char word[SKS_MAX_WORD_BYTES + 1];
    struct tally tally = { 0 };
    int code = 0;
    for (uint32_t i = 0; !code && i < store->forms; i++) {
        struct tally before = tally;
        if (!read_form (store, i, word))
            continue;
        code = probe_form (searcher, store, i, word, &tally);
        if (names && tally.missing > before.missing)
            printf ("  %s: %zu of %zu missing\n", word, tally.missing - before.missing, tally.wanted - before.wanted);
    }
    printf ("forms: %zu words, %zu of %zu statements with the typed form are missing from the first %d, where %zu "
            "others hold another word of the stem\n",
            tally.words, tally.missing, tally.wanted, FIRST, tally.others);
    return code;
}

static int
probe_titles (sks_searcher *searcher, const sks_store *store, bool names)
{
    size_t nothing = 0, strange = 0;
    int code = 0;
    for (uint32_t i = 0; !code && i < store->occupations; i++) {
        const char *title = sks_store_string (store, store->occupation[i].title);
        const char *soc = sks_store_string (store, store->occupation[i].soc);
        sks_result *result = NULL;
        bool own = false;
        code = ask (searcher, title, FIRST, &result);
        for (size_t k = 0; !code && k < result->hit_count; k++)
            own |= strcmp (result->hits[k].soc, soc) == 0;
        nothing += !code && !result->total;
        strange += !own;
        if (names && !own)
            printf ("  %s: %zu shown\n", title, code ? 0 : result->hit_count);
        sks_result_destroy (&result);
    }
    printf ("titles: %u, %zu find nothing, %zu have no statement of their own among the first %d\n", store->occupations,
            nothing, strange, FIRST);
    return code;
}

int
main (int argc, char **argv)
{
    sks_generation *generation = NULL;
    sks_searcher *searcher = NULL;
    sks_error err;
    if (argc < 2) {
        fputs ("usage: probes INDEX [-v]\n", stderr);
        return 2;
    }
    bool names = argc > 2 && strcmp (argv[2], "-v") == 0;
    int code = sks_generation_open (&generation, argv[1], &err);
    if (!code)
        code = sks_searcher_open (&searcher, generation, &err);
    if (code) {
        fprintf (stderr, "probes: %s\n", err.text);
        return 1;
    }
    code = probe_forms (searcher, sks_generation_snapshot (generation)->store, names);
    if (!code)
        code = probe_titles (searcher, sks_generation_snapshot (generation)->store, names);
    sks_searcher_close (&searcher);
    sks_generation_release (&generation);
    return code ? 1 : 0;
}
