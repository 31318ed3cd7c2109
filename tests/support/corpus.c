/* corpus.c - opens the sample exports and draws texts from them. */
#include "corpus.h"

#include "core/base/text_list.h"
#include "core/base/text_word.h"
#include "sample.h"

#include <stdio.h>
#include <string.h>

engine corpus;
sks_stemmer *stemmer;

void
corpus_open (void)
{
    engine_open (&corpus, sample_corpus ());
    ck_assert_uint_le (corpus.count, CORPUS_MOST);
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
}

void
corpus_close (void)
{
    sks_stemmer_destroy (&stemmer);
    engine_close (&corpus);
}

TCase *
corpus_case (Suite *suite, const char *name)
{
    TCase *tests = tcase_create (name);
    tcase_set_timeout (tests, 120);
    tcase_add_unchecked_fixture (tests, corpus_open, corpus_close);
    suite_add_tcase (suite, tests);
    return tests;
}

void
corpus_stem (const char *form, size_t size, char *out)
{
    if (sks_text_stop_word (form, size))
        memcpy (out, form, size);
    else
        ck_assert_int_eq (sks_stemmer_stem (stemmer, form, size, out, SKS_MAX_WORD_BYTES, &size, NULL), 0);
    out[size] = '\0';
}

const engine_statement *
corpus_draw (unsigned *state)
{
    return &corpus.statements[engine_draw (state, (unsigned) corpus.count)];
}

void
corpus_draw_word (unsigned *state, char *out, size_t room)
{
    engine_draw_word (state, corpus_draw (state)->text, out, room);
}

void
corpus_draw_words (unsigned *state, char text[CORPUS_TEXT_BYTES])
{
    *text = '\0';
    for (unsigned left = 1 + engine_draw (state, 5); left; left--) {
        char word[96];
        corpus_draw_word (state, word, sizeof word);
        strcat (strcat (text, *text ? " " : ""), word);
    }
}

void
corpus_draw_phrase (unsigned *state, char text[CORPUS_TEXT_BYTES])
{
    const char *from = corpus_draw (state)->text;
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

void
corpus_draw_query (unsigned *state, char text[CORPUS_QUERY_BYTES])
{
    char words[CORPUS_TEXT_BYTES], phrase[CORPUS_TEXT_BYTES];
    corpus_draw_words (state, words);
    corpus_draw_phrase (state, phrase);
    switch (engine_draw (state, 6)) {
    case 0:
        sprintf (text, "%s", phrase[1] == '"' ? words : phrase);
        break;
    case 1:
        sprintf (text, "%s -mail level:advanced", words);
        break;
    case 2:
        sprintf (text, "(%s) OR data", words);
        break;
    default:
        sprintf (text, "%s", words);
    }
}

sks_result *
corpus_ask (const char *text, int sort, bool reverse, uint32_t offset, uint32_t limit)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.sort = sort;
    query.reverse = reverse;
    query.offset = offset;
    query.limit = limit;
    return engine_search (&corpus, &query);
}

size_t
corpus_page_through (const char *text, int sort, bool reverse, uint32_t limit, size_t numbers[CORPUS_MOST])
{
    size_t count = 0;
    uint64_t total = 0;
    for (uint32_t offset = 0; !offset || offset < total; offset += limit) {
        sks_result *result = corpus_ask (text, sort, reverse, offset, limit);
        if (offset && result->total != total)
            ck_abort_msg ("\"%s\": the total is %d on page 1 and %d at offset %u", text, (int) total,
                          (int) result->total, offset);
        total = result->total;
        for (size_t i = 0; i < result->hit_count; i++)
            numbers[count++] = engine_number (&corpus, result->hits[i].id);
        sks_result_destroy (&result);
    }
    if (count != total)
        ck_abort_msg ("\"%s\": %zu hits instead of %d", text, count, (int) total);
    return count;
}

sks_result *
corpus_find (const sks_query *query, bool found[CORPUS_MOST])
{
    sks_query page = *query;
    sks_result *result = NULL;
    page.limit = SKS_MAX_LIMIT;
    page.offset = 0;
    memset (found, 0, CORPUS_MOST * sizeof *found);
    do {
        sks_result_destroy (&result);
        result = engine_search (&corpus, &page);
        for (size_t i = 0; i < result->hit_count; i++)
            found[engine_number (&corpus, result->hits[i].id)] = true;
        page.offset += page.limit;
    } while (page.offset < result->total);
    return result;
}
