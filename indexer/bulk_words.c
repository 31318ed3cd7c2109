/* bulk_words.c - statements are read from their tokens, titles from their text. */
#include "bulk_words.h"

#include "core/base/text_fold.h"

#include <ctype.h>
#include <string.h>

static sks_bulk_word *
add (sks_bulk_words *out, enum sks_bulk_list list, const char *bytes, uint32_t size, bool duty)
{
    sks_bulk_word *word = &out->word[list][out->count[list]++];
    *word = (sks_bulk_word) { .bytes = bytes, .size = size, .duty = duty };
    return word;
}

static sks_bulk_word *
add_form (sks_bulk_words *out, enum sks_bulk_list list, const sks_store *store, uint32_t form, bool duty)
{
    return add (out, list, store->strings + store->form[form].text, store->form[form].size, duty);
}

static sks_bulk_word *
add_stem (sks_bulk_words *out, enum sks_bulk_list list, const sks_store *store, uint32_t form, bool duty)
{
    uint32_t stem = store->form[form].stem;
    if (stem != SKS_NONE)
        return add (out, list, store->strings + store->stem[stem].text, store->stem[stem].size, duty);
    sks_bulk_word *word = add_form (out, list, store, form, duty);
    word->stop = true;
    return word;
}

static void
add_name (sks_bulk_words *out, const sks_store *store, uint32_t form, bool duty)
{
    char *bytes = out->capitals + out->capitals_size;
    uint32_t size = store->form[form].size;
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (char) toupper ((unsigned char) store->strings[store->form[form].text + i]);
    out->capitals_size += size;
    add (out, SKS_BULK_WHOLE, bytes, size, duty);
}

static void
clear (sks_bulk_words *out)
{
    memset (out->count, 0, sizeof out->count);
    out->capitals_size = 0;
}

/* List the words with compounds joined; nothing if there is none. */
static void
add_whole (sks_bulk_words *out, const sks_store *store)
{
    const sks_words *words = &out->words;
    for (uint32_t i = 0, end; i < words->count; i = end) {
        uint32_t joined = words->joined[i];
        end = i + (joined == SKS_NONE ? 1 : words->span[i]);
        if (joined != SKS_NONE)
            add_form (out, SKS_BULK_COMPOUNDS, store, joined, end <= words->duty);
        uint32_t form = joined == SKS_NONE ? words->form[i] : joined;
        add_stem (out, SKS_BULK_WHOLE, store, form, end <= words->duty)->joined = joined != SKS_NONE;
    }
    if (!out->count[SKS_BULK_COMPOUNDS])
        out->count[SKS_BULK_WHOLE] = 0;
}

void
sks_bulk_words_read (sks_bulk_words *out, const sks_store *store, uint32_t statement)
{
    const sks_words *words = &out->words;
    clear (out);
    sks_words_read (&out->words, store, statement);
    for (uint32_t i = 0; i < words->count; i++) {
        add_stem (out, SKS_BULK_STEMS, store, words->form[i], i < words->duty);
        add_form (out, SKS_BULK_FORMS, store, words->form[i], i < words->duty);
    }
    add_whole (out, store);
    for (uint32_t i = 0; i < words->count; i++)
        if (store->form[words->form[i]].stop && sks_store_in_capitals (store, words->entry[i]))
            add_name (out, store, words->form[i], i < words->duty);
}

/* A word of a title is in the dictionary, as ranking uses titles.
 *   forms   the list for its form; SKS_BULK_LISTS: none */
static void
add_title_word (sks_bulk_words *out, const sks_store *store, const char *form, size_t size, enum sks_bulk_list stems,
                enum sks_bulk_list forms)
{
    uint32_t row = size ? sks_store_form (store, form, size) : SKS_NONE;
    if (row == SKS_NONE)
        return;
    if (forms != SKS_BULK_LISTS)
        add_form (out, forms, store, row, false);
    add_stem (out, stems, store, row, false)->joined = forms == SKS_BULK_COMPOUNDS;
}

/* List a title as its words, or with each compound as its joined form. Returns whether it has compounds. */
static bool
read_title (sks_bulk_words *out, const sks_store *store, const char *title, bool joined)
{
    size_t size = strlen (title);
    sks_word word = { 0, 0 };
    bool compounds = false;
    for (uint32_t i = 0; i < SKS_MAX_STATEMENT_WORDS && sks_text_word (title, size, word.end, &word); i++) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        bool several = sks_text_compound (title, size, word, &compound) > 1;
        size_t length = joined && several ? sks_text_join (title, &compound, form) : 0;
        bool whole = length > 0;
        if (whole)
            word = compound.pieces[compound.count - 1];
        else
            length = sks_text_fold (title + word.start, word.end - word.start, form);
        add_title_word (out, store, form, length, joined ? SKS_BULK_WHOLE : SKS_BULK_STEMS,
                        whole     ? SKS_BULK_COMPOUNDS
                        : !joined ? SKS_BULK_FORMS
                                  : SKS_BULK_LISTS);
        compounds |= several;
    }
    return compounds;
}

void
sks_bulk_words_read_title (sks_bulk_words *out, const sks_store *store, uint32_t occupation)
{
    const char *title = sks_store_string (store, store->occupation[occupation].title);
    clear (out);
    if (read_title (out, store, title, false))
        read_title (out, store, title, true);
}

bool
sks_bulk_words_have_duty (const sks_bulk_words *words)
{
    return words->count[SKS_BULK_STEMS] && words->word[SKS_BULK_STEMS][0].duty;
}
