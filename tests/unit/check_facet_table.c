/* check_facet_table.c - the space for the starts of occupations and their slots, for each number of occupations. */
#include "core/engine/facet_table.h"

#include <check.h>
#include <stdlib.h>

Suite *suite_facet_table (void);

#define MOST_OCCUPATIONS 300
#define UNTOUCHED 0xA5A5A5A5

/* Places occupations of some statements each. Fails if a number after the end of the space is written. */
static void
place (uint32_t occupations, uint32_t each)
{
    uint32_t *cells = calloc ((size_t) occupations * SKS_LEVELS + 1, sizeof *cells);
    size_t room = SKS_FACET_TABLE_STARTS (occupations);
    uint32_t *starts = calloc (room + 1, sizeof *starts);
    ck_assert (cells && starts);
    for (uint32_t cell = 0; cell <= occupations * SKS_LEVELS; cell++)
        cells[cell] = (cell + SKS_LEVELS - 1) / SKS_LEVELS * each;
    starts[room] = UNTOUCHED;
    sks_store store = { .cells = cells, .occupations = occupations, .statements = occupations * each };
    sks_facet_table table = { .store = &store };
    sks_facet_table_place (&table, &store, starts);
    ck_assert_msg (starts[room] == UNTOUCHED, "%u occupations of %u statements", occupations, each);
    for (uint32_t i = 0; i < occupations; i++)
        ck_assert_uint_eq (sks_slots_find (table.slots, starts, occupations + 1, i * each + 1), i + 1);
    free (starts);
    free (cells);
}

START_TEST (the_starts_of_any_number_of_occupations_have_space)
{
    for (uint32_t occupations = 1; occupations <= MOST_OCCUPATIONS; occupations++)
        for (uint32_t each = 1; each <= 80; each++)
            place (occupations, each);
}
END_TEST

Suite *
suite_facet_table (void)
{
    Suite *suite = suite_create ("facet_table");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, the_starts_of_any_number_of_occupations_have_space);
    suite_add_tcase (suite, core);
    return suite;
}
