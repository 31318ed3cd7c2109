/* check_title_stems.c - the stems of titles, and that the contexts they are copied from are released. */
#include "core/engine/cache.h"
#include "core/engine/generation.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdio.h>
#include <unistd.h>

Suite *suite_title_stems (void);

/* Enough occupations for contexts that fill whole pages. */
#define OCCUPATIONS 1000

static void
open_many (void)
{
    static char socs[OCCUPATIONS][SKS_SOC_BYTES + 1];
    static sample_occupation occupations[OCCUPATIONS];
    for (int i = 0; i < OCCUPATIONS; i++) {
        snprintf (socs[i], sizeof socs[i], "%02d-%04d.00", 11 + i % 80, 1000 + i);
        occupations[i] = (sample_occupation) { .soc = socs[i],
                                               .title = i % 3 ? "Welders of Bridges" : "Clerks of Bridges",
                                               .levels = { i % 2 ? "Weigh mail" : "Grind pepper for bridges" } };
    }
    engine_small_open (occupations, OCCUPATIONS);
}

START_TEST (has_the_occupations_whose_titles_have_a_stem)
{
    const sks_snapshot *snapshot = sks_generation_snapshot (small.generation);
    const sks_store *store = snapshot->store;
    uint32_t in_titles = 0;
    for (uint32_t stem = 0; stem < store->stems; stem++) {
        const uint32_t *occupations = sks_title_stems_of (&snapshot->titles, stem);
        uint32_t found = 0;
        for (uint32_t i = store->stem[stem].contexts; i < store->stem[stem + 1].contexts; i++)
            if (store->context[i].title)
                ck_assert_uint_eq (occupations[found++], store->context[i].occupation);
        ck_assert_uint_eq (sks_title_stems_count (&snapshot->titles, stem), found);
        in_titles += found > 0;
    }
    ck_assert_uint_eq (in_titles, 3);
    ck_assert_uint_lt (in_titles, store->stems);
}
END_TEST

/* Whether each whole page of the contexts has only zeros. */
static bool
contexts_are_released (const sks_store *store)
{
    uintptr_t page = (uintptr_t) sysconf (_SC_PAGESIZE), start = (uintptr_t) store->context;
    const char *at = (const char *) ((start + page - 1) / page * page);
    const char *end = (const char *) ((start + store->contexts * sizeof *store->context) / page * page);
    ck_assert (at < end);
    while (at < end && !*at)
        at++;
    return at == end;
}

START_TEST (titles_are_found_when_the_contexts_are_released)
{
    static const char *const texts[] = { "bridge welders", "clerks", "title:welders", "title:\"of bridges\"",
                                         "pepper" };
    const sks_store *store = sks_generation_snapshot (small.generation)->store;
    const sks_stop stop = { 0 };
    uint64_t before[COUNT (texts)];
    sks_error err;
    for
        EACH (i, texts)
    before[i] = engine_total (&small, texts[i]);
    ck_assert (!contexts_are_released (store));
    ck_assert_int_eq (sks_generation_fill (small.generation, 0, &stop, &err), 0);
    ck_assert (contexts_are_released (store));
    for
        EACH (i, texts)
        {
            ck_assert_uint_gt (before[i], 0);
            ck_assert_uint_eq (engine_total (&small, texts[i]), before[i]);
        }
}
END_TEST

Suite *
suite_title_stems (void)
{
    Suite *suite = suite_create ("title_stems");
    TCase *tcase = tcase_create ("title_stems");
    tcase_add_unchecked_fixture (tcase, open_many, engine_small_close);
    tcase_add_test (tcase, has_the_occupations_whose_titles_have_a_stem);
    tcase_add_test (tcase, titles_are_found_when_the_contexts_are_released);
    suite_add_tcase (suite, tcase);
    return suite;
}
