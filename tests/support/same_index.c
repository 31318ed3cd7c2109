/* same_index.c - compares two indexes by texts, occupations, forms, contexts and lists of statements. */
#include "same_index.h"
#include "sample.h"

#include "core/index/lists.h"
#include "core/index/posting.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STATEMENTS 1024

static void
text_of (const sks_store *store, uint32_t statement, sks_buffer *out)
{
    sks_buffer_clear (out);
    sks_store_text (store, statement, out);
}

static void
expect_same_texts (const sks_store *a, const sks_store *b)
{
    sks_buffer left = SKS_BUFFER_INIT (1 << 16), right = SKS_BUFFER_INIT (1 << 16);
    ck_assert_uint_eq (a->statements, b->statements);
    ck_assert_uint_eq (a->words, b->words);
    for (uint32_t s = 0; s < a->statements; s++) {
        text_of (a, s, &left);
        text_of (b, s, &right);
        ck_assert_str_eq (sks_buffer_text (&left), sks_buffer_text (&right));
    }
    sks_buffer_free (&left);
    sks_buffer_free (&right);
    ck_assert_int_eq (memcmp (a->cells, b->cells, (a->occupations * SKS_LEVELS + 1) * sizeof *a->cells), 0);
    ck_assert_int_eq (memcmp (a->positions, b->positions, a->statements * sizeof *a->positions), 0);
    ck_assert_int_eq (memcmp (a->lengths, b->lengths, a->statements), 0);
}

/* Check that a has all forms of b, with the same properties, and that its other forms do not occur and are not found. */
static void
expect_same_forms (const sks_store *a, const sks_store *b)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < b->forms; i++) {
        uint32_t own = sks_store_form (a, b->strings + b->form[i].text, b->form[i].size);
        ck_assert_uint_ne (own, SKS_NONE);
        ck_assert_uint_eq (a->form[own].statements, b->form[i].statements);
        ck_assert_uint_eq (a->form[own].stop, b->form[i].stop);
        ck_assert_msg (a->form[own].joined == b->form[i].joined, "%.*s", b->form[i].size, b->strings + b->form[i].text);
        same += b->form[i].statements > 0;
    }
    for (uint32_t i = 0; i < a->forms; i++) {
        const char *bytes = a->strings + a->form[i].text;
        same -= a->form[i].statements > 0;
        ck_assert_msg (sks_store_form (b, bytes, a->form[i].size) != SKS_NONE ||
                           sks_store_form (a, bytes, a->form[i].size) == SKS_NONE,
                       "%.*s", a->form[i].size, bytes);
    }
    ck_assert_uint_eq (same, 0);
}

/* Check that each stem of b has the same contexts in a, and that the occupations have as many words. */
static void
expect_same_contexts (const sks_store *a, const sks_store *b)
{
    ck_assert_uint_eq (a->contexts, b->contexts);
    for (uint32_t t = 0; t < b->stems; t++) {
        uint32_t own = sks_store_stem (a, b->strings + b->stem[t].text, b->stem[t].size);
        uint32_t count = b->stem[t + 1].contexts - b->stem[t].contexts;
        ck_assert_uint_ne (own, SKS_NONE);
        ck_assert_uint_eq (a->stem[own + 1].contexts - a->stem[own].contexts, count);
        ck_assert_int_eq (
            memcmp (a->context + a->stem[own].contexts, b->context + b->stem[t].contexts, count * sizeof *b->context),
            0);
    }
    for (uint32_t i = 0; i < b->occupations; i++)
        ck_assert_uint_eq (a->occupation[i].length, b->occupation[i].length);
}

static void
expect_same_string (const sks_store *a, uint32_t left, const sks_store *b, uint32_t right)
{
    ck_assert_str_eq (sks_store_string (a, left), sks_store_string (b, right));
}

static void
expect_same_edition (const sks_store *a, const sks_edition_row *left, const sks_store *b, const sks_edition_row *right)
{
    expect_same_string (a, left->version, b, right->version);
    expect_same_string (a, left->description, b, right->description);
    expect_same_string (a, left->attribution, b, right->attribution);
    for (int level = 0; level < SKS_LEVELS; level++)
        expect_same_string (a, left->labels[level], b, right->labels[level]);
    ck_assert_uint_eq (left[1].citations - left->citations, right[1].citations - right->citations);
    for (uint32_t i = 0; i < left[1].citations - left->citations; i++) {
        const sks_citation_row *one = &a->citation[left->citations + i], *other = &b->citation[right->citations + i];
        expect_same_string (a, one->name, b, other->name);
        expect_same_string (a, one->text, b, other->text);
    }
}

/* Check that the occupations are the same, and that values and editions are numbered alike. */
static void
expect_same_occupations (const sks_store *a, const sks_store *b)
{
    ck_assert_uint_eq (a->occupations, b->occupations);
    ck_assert (a->groups == b->groups && a->sectors == b->sectors && a->editions == b->editions);
    for (uint32_t i = 0; i < a->occupations; i++) {
        const sks_occupation *left = &a->occupation[i], *right = &b->occupation[i];
        expect_same_string (a, left->soc, b, right->soc);
        expect_same_string (a, left->title, b, right->title);
        expect_same_string (a, left->group_title, b, right->group_title);
        expect_same_string (a, left->description, b, right->description);
        expect_same_string (a, left->exported_at, b, right->exported_at);
        expect_same_string (a, left->source, b, right->source);
        expect_same_edition (a, &a->edition[left->edition], b, &b->edition[right->edition]);
        ck_assert (left->edition == right->edition && left->group == right->group && left->sector == right->sector);
        ck_assert (left->content == right->content && left->zone == right->zone);
        ck_assert (left->clean == right->clean && left->inferred == right->inferred);
        expect_same_string (a, a->group[left->group].code, b, b->group[right->group].code);
        expect_same_string (a, a->group[left->group].label, b, b->group[right->group].label);
        expect_same_string (a, a->sector[left->sector].code, b, b->sector[right->sector].code);
        expect_same_string (a, a->sector[left->sector].label, b, b->sector[right->sector].label);
    }
}

/* The form of a stem that a posting names. */
static const sks_form *
form_at (const sks_store *store, uint32_t stem, uint32_t posting)
{
    return &store->form[store->stem_forms[store->stem[stem].forms + sks_posting_rank (posting)]];
}

static void
expect_same_form (const sks_store *a, const sks_form *left, const sks_store *b, const sks_form *right)
{
    ck_assert_uint_eq (left->size, right->size);
    ck_assert_int_eq (memcmp (a->strings + left->text, b->strings + right->text, left->size), 0);
    ck_assert_uint_eq (left->statements, right->statements);
}

/* Check that a stem is found in exactly the documents of its list, which has these statements. */
static void
expect_found (const sks_store *store, sks_lists *lists, uint32_t stem, const uint32_t *statements)
{
    static uint32_t held[MOST_STATEMENTS];
    size_t count = 0, found;
    for (uint32_t d = 0; d < (store->documents ? store->documents : store->statements); d++) {
        uint32_t statement = store->documents ? store->document[d] : d;
        bool holds = false;
        for (uint32_t i = 0; i < store->stem[stem].statements; i++)
            holds |= statements[i] == statement;
        if (holds)
            held[count++] = d;
        else if (statement != SKS_NONE) {
            ck_assert_int_eq (sks_lists_find (lists, stem, &d, 1, &found, NULL), 0);
            ck_assert_uint_eq (found, 0);
        }
    }
    ck_assert_int_eq (sks_lists_find (lists, stem, held, count, &found, NULL), 0);
    ck_assert_uint_eq (found, store->stem[stem].statements);
}

/* Check that every list of b is in a, with the same statements, weights and forms. */
static void
expect_same_lists (const sks_store *a, sks_lists *left, const sks_store *b, sks_lists *right)
{
    static uint32_t statements[2][MOST_STATEMENTS], counts[2][MOST_STATEMENTS];
    ck_assert_uint_le (b->statements, MOST_STATEMENTS);
    for (uint32_t t = 0; t < b->stems; t++) {
        uint32_t own = sks_store_stem (a, b->strings + b->stem[t].text, b->stem[t].size);
        ck_assert_uint_ne (own, SKS_NONE);
        ck_assert_uint_eq (a->stem[own].statements, b->stem[t].statements);
        ck_assert_int_eq (sks_lists_read (left, own, statements[0], counts[0], NULL), 0);
        ck_assert_int_eq (sks_lists_read (right, t, statements[1], counts[1], NULL), 0);
        expect_found (a, left, own, statements[0]);
        expect_found (b, right, t, statements[1]);
        for (uint32_t i = 0; i < b->stem[t].statements; i++) {
            ck_assert_uint_eq (statements[0][i], statements[1][i]);
            ck_assert_uint_eq (sks_posting_code (counts[0][i]), sks_posting_code (counts[1][i]));
            expect_same_form (a, form_at (a, own, counts[0][i]), b, form_at (b, t, counts[1][i]));
        }
    }
}

static sks_lists *
open_lists (const char *index, const sks_store *store)
{
    sks_lists *lists;
    sks_error err;
    char *folder = sample_generation (index);
    ck_assert_msg (sks_lists_open (&lists, store, folder, &err) == 0, "%s", err.text);
    free (folder);
    return lists;
}

void
same_index_expect (const char *grown, const char *fresh)
{
    sks_store *a = sample_store (grown), *b = sample_store (fresh);
    sks_lists *left = open_lists (grown, a), *right = open_lists (fresh, b);
    ck_assert_uint_eq (b->documents, 0);
    expect_same_texts (a, b);
    expect_same_occupations (a, b);
    expect_same_forms (a, b);
    expect_same_contexts (a, b);
    expect_same_lists (a, left, b, right);
    sks_lists_close (&left);
    sks_lists_close (&right);
    sks_store_close (&a);
    sks_store_close (&b);
}
