/* check_lexicon.c - the table finds what a search of the sorted dictionary finds. */
#include "core/engine/lexicon.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_lexicon (void);

#define MOST_FORMS 5000
#define FORM_BYTES 6

static sks_form forms[MOST_FORMS];
static char strings[MOST_FORMS * FORM_BYTES + 1];
static sks_store store;

/* Forms of six digits in their order, every third number. No text has every `absent`th of them any more. */
static void
make_forms (uint32_t count, uint32_t absent)
{
    store = (sks_store) { .form = forms, .forms = count, .strings = strings };
    for (uint32_t i = 0; i < count; i++) {
        snprintf (strings + i * FORM_BYTES, FORM_BYTES + 1, "%0*u", FORM_BYTES, i * 3);
        forms[i] =
            (sks_form) { .text = i * FORM_BYTES, .size = FORM_BYTES, .joined = i % absent == 0 ? SKS_FORM_ABSENT : 0 };
    }
}

static void
assert_same (uint32_t count, uint32_t absent)
{
    sks_lexicon lexicon = { 0 };
    char bytes[16]; /* any number */
    uint32_t found = 0;
    make_forms (count, absent);
    ck_assert_int_eq (sks_lexicon_open (&lexicon, &store, NULL), 0);
    for (uint32_t number = 0; number < count * 3 + 3; number++) {
        snprintf (bytes, sizeof bytes, "%0*u", FORM_BYTES, number);
        for (size_t size = FORM_BYTES - 1; size <= FORM_BYTES; size++) {
            uint32_t form = sks_lexicon_find (&lexicon, &store, bytes, size);
            ck_assert_uint_eq (form, sks_store_form (&store, bytes, size));
            found += form != SKS_NONE;
        }
    }
    ck_assert_uint_eq (found, count - (count + absent - 1) / absent);
    sks_lexicon_close (&lexicon);
}

START_TEST (finds_each_form_and_nothing_else)
{
    static const uint32_t counts[] = { 0, 1, 2, 3, 63, 64, 65, MOST_FORMS };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_same (counts[i], 7);
        assert_same (counts[i], 1); /* then no form occurs */
    }
}
END_TEST

START_TEST (finds_no_form_of_no_bytes)
{
    sks_lexicon lexicon = { 0 };
    make_forms (10, 7);
    ck_assert_int_eq (sks_lexicon_open (&lexicon, &store, NULL), 0);
    ck_assert_uint_eq (sks_lexicon_find (&lexicon, &store, "", 0), SKS_NONE);
    sks_lexicon_close (&lexicon);
}
END_TEST

Suite *
suite_lexicon (void)
{
    Suite *suite = suite_create ("lexicon");
    TCase *tcase = tcase_create ("lexicon");
    tcase_add_test (tcase, finds_each_form_and_nothing_else);
    tcase_add_test (tcase, finds_no_form_of_no_bytes);
    suite_add_tcase (suite, tcase);
    return suite;
}
