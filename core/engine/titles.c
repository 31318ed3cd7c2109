/* titles.c - the titles of all occupations, read once per query, and the leaves that they contain. */
#include "titles.h"

#include "core/base/text_fold.h"

#include <string.h>

/* The cost of reading a title, and of searching one that was read, in units of a budget. */
#define TITLE_UNITS 512
#define TITLE_WORD_UNITS 8

/* The words of all titles. */
struct sks_titles {
    uint32_t *forms;  /* SKS_NONE for a word without a form */
    uint32_t *starts; /* by occupation, and one more at the end */
};

/* Write the forms of a title: its words, or each compound as its joined form. Returns their number; *compounds
 * becomes true if there is one. */
static uint32_t
read_words (const sks_store *store, const char *title, bool joined, uint32_t *forms, bool *compounds)
{
    size_t size = strlen (title);
    sks_word word = { 0, 0 };
    uint32_t count = 0;
    while (sks_text_word (title, size, word.end, &word)) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        bool several = sks_text_compound (title, size, word, &compound) > 1;
        size_t length = joined ? sks_text_join (title, &compound, form) : 0;
        if (length)
            word = compound.pieces[compound.count - 1];
        else
            length = sks_text_fold (title + word.start, word.end - word.start, form);
        if (length)
            forms[count++] = sks_store_form (store, form, length);
        *compounds |= several;
    }
    return count;
}

/* Read a title. One with compounds is read in both ways, with SKS_NONE between the two. */
static uint32_t
read_title (const sks_store *store, uint32_t occupation, uint32_t *forms)
{
    const char *title = sks_store_string (store, store->occupation[occupation].title);
    bool compounds = false;
    uint32_t count = read_words (store, title, false, forms, &compounds);
    if (!compounds)
        return count;
    forms[count++] = SKS_NONE;
    return count + read_words (store, title, true, forms + count, &compounds);
}

/* Read all titles, once per query. */
static int
read_titles (sks_matching *m)
{
    const sks_store *store = m->store;
    size_t room = 1;
    if (m->titles)
        return 0;
    for (uint32_t i = 0; i < store->occupations; i++)
        room += strlen (sks_store_string (store, store->occupation[i].title)) + 3;
    struct sks_titles *titles = sks_arena_alloc (m->arena, sizeof *titles);
    if (!titles || !(titles->forms = sks_arena_array (m->arena, room, sizeof *titles->forms)) ||
        !(titles->starts = sks_arena_array (m->arena, store->occupations + (size_t) 1, sizeof *titles->starts)))
        return sks_fail_memory (m->err);
    for (uint32_t i = 0; i < store->occupations && !sks_budget_spend (m->budget, TITLE_UNITS); i++)
        titles->starts[i + 1] = titles->starts[i] + read_title (store, i, titles->forms + titles->starts[i]);
    m->titles = titles;
    return sks_budget_status (m->budget, m->err);
}

/* Whether the leaf's words match the words of a title from here on. */
static bool
words_match (const sks_matching *m, const sks_node *leaf, const uint32_t *forms)
{
    for (size_t i = 0; i < leaf->word_count; i++)
        if (forms[i] == SKS_NONE || !sks_matcher_takes (&leaf->matchers[i], m->store, forms[i]))
            return false;
    return true;
}

static bool
reading_matches (const sks_matching *m, const sks_node *leaf, uint32_t occupation)
{
    const struct sks_titles *titles = m->titles;
    for (size_t at = titles->starts[occupation]; at + leaf->word_count <= titles->starts[occupation + 1]; at++)
        if (words_match (m, leaf, titles->forms + at))
            return true;
    return false;
}

static bool
title_matches (const sks_matching *m, const sks_node *leaf, uint32_t occupation)
{
    return reading_matches (m, leaf, occupation) || (leaf->other && reading_matches (m, leaf->other, occupation));
}

int
sks_titles_match (sks_matching *m, const sks_node *leaf, sks_set *out)
{
    const sks_store *store = m->store;
    uint64_t *bits = sks_set_bits (m->arena, store->statements);
    int code = bits ? read_titles (m) : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < store->occupations && !sks_budget_spend (m->budget, TITLE_WORD_UNITS); i++)
        if (title_matches (m, leaf, i))
            sks_set_add_range (bits, store->cells[i * SKS_LEVELS], store->cells[(i + 1) * SKS_LEVELS]);
    if (!code)
        *out = sks_set_of_bits (store->statements, bits);
    return code;
}
