/* check_stems.c - the stems of statements with random tokens, compared with those that a plain loop reads. */
#include "core/engine/stems.h"
#include "core/index/token.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_stems (void);

#define STATEMENTS 300
#define LONGEST 600
#define ENTRIES 3000000 /* some numbers have four bytes */

/* A table of entries and a token stream, just as large as needed, so that a sanitizer finds reads beyond its end. */
static sks_snapshot *
make_snapshot (unsigned *state, uint32_t largest, sks_store *store)
{
    sks_snapshot *snapshot = calloc (1, sizeof *snapshot);
    uint8_t *tokens = malloc (STATEMENTS * LONGEST * 5), *at = tokens;
    uint32_t *offsets = malloc ((STATEMENTS + 1) * sizeof *offsets);
    ck_assert (snapshot && tokens && offsets);
    for (uint32_t i = 0; i < STATEMENTS; i++) {
        offsets[i] = (uint32_t) (at - tokens);
        for (uint32_t k = engine_draw (state, i % 10 ? 40 : LONGEST); k; k--)
            at = sks_token_put (at, engine_draw (state, engine_draw (state, 3) ? 128 : largest));
    }
    offsets[STATEMENTS] = (uint32_t) (at - tokens);
    tokens = realloc (tokens, offsets[STATEMENTS]);
    snapshot->stem_of_entry = malloc (ENTRIES * sizeof *snapshot->stem_of_entry);
    ck_assert (tokens && snapshot->stem_of_entry);
    for (uint32_t i = 0; i < ENTRIES; i++)
        snapshot->stem_of_entry[i] = engine_draw (state, 3) ? i * 7 : SKS_NONE;
    *store = (sks_store) { .tokens = tokens, .offsets = offsets, .tokens_size = offsets[STATEMENTS] };
    snapshot->store = store;
    return snapshot;
}

static uint32_t
read_plainly (const sks_snapshot *snapshot, uint32_t statement, uint32_t *out)
{
    const sks_store *store = snapshot->store;
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    uint32_t count = 0;
    while (at < end && count < SKS_RANK_LENGTHS) {
        out[count] = snapshot->stem_of_entry[sks_token_next (&at)];
        count += out[count] != SKS_NONE;
    }
    return count;
}

/* Fails unless the stems of statements are those that a plain loop reads. */
static void
compare (const sks_snapshot *snapshot, const uint32_t *statements, size_t count)
{
    sks_matching m = { .snapshot = snapshot, .store = snapshot->store, .arena = sks_arena_create () };
    sks_scored list[STATEMENTS];
    sks_stems stems;
    for (size_t i = 0; i < count; i++)
        list[i] = (sks_scored) { .statement = statements[i] };
    ck_assert_int_eq (sks_stems_read (&stems, &m, list, count), 0);
    for (size_t i = 0; i < count; i++) {
        uint32_t expected[SKS_RANK_LENGTHS + 1], held, wanted = read_plainly (snapshot, list[i].statement, expected);
        const uint32_t *found = sks_stems_of (&stems, list[i].place, &held);
        ck_assert_uint_eq (held, wanted);
        ck_assert_mem_eq (found, expected, held * sizeof *found);
    }
    sks_arena_destroy (&m.arena);
}

static void
try_numbers (uint32_t largest)
{
    unsigned state = 5;
    sks_store store;
    sks_snapshot *snapshot = make_snapshot (&state, largest, &store);
    uint32_t statements[STATEMENTS];
    for (uint32_t i = 0; i < STATEMENTS; i++)
        statements[i] = i ? engine_draw (&state, STATEMENTS) : STATEMENTS - 1;
    compare (snapshot, statements, STATEMENTS);
    free (snapshot->stem_of_entry);
    free ((void *) store.tokens);
    free ((void *) store.offsets);
    free (snapshot);
}

START_TEST (numbers_of_one_and_two_bytes_are_read)
{
    try_numbers (128);
    try_numbers (16384);
}
END_TEST

START_TEST (longer_numbers_are_read)
{
    try_numbers (20000);
    try_numbers (ENTRIES);
}
END_TEST

/* Tokens are read in blocks of bytes, so a long number is tried at each place, also where it lies in two blocks. */
START_TEST (a_longer_number_is_read_at_each_place)
{
    uint8_t tokens[1024];
    uint32_t *stems = calloc (ENTRIES, sizeof *stems), statement = 0;
    ck_assert_ptr_nonnull (stems);
    for (uint32_t i = 0; i < ENTRIES; i++)
        stems[i] = i;
    for (unsigned place = 0; place < 200; place++) {
        uint8_t *at = tokens;
        for (unsigned i = 0; i < 250; i++)
            at = sks_token_put (at, i == place ? ENTRIES - 1 - i : i == place + 1 ? 20000 : i % 128);
        uint32_t offsets[2] = { 0, (uint32_t) (at - tokens) };
        sks_store store = { .tokens = tokens, .offsets = offsets, .tokens_size = sizeof tokens };
        sks_snapshot *snapshot = calloc (1, sizeof *snapshot);
        snapshot->store = &store;
        snapshot->stem_of_entry = stems;
        compare (snapshot, &statement, 1);
        free (snapshot);
    }
    free (stems);
}
END_TEST

START_TEST (no_statement_has_no_stems)
{
    sks_store store = { .statements = 0 };
    sks_snapshot *snapshot = calloc (1, sizeof *snapshot);
    sks_matching m = { .snapshot = snapshot, .store = &store, .arena = sks_arena_create () };
    sks_stems stems;
    ck_assert_int_eq (sks_stems_read (&stems, &m, NULL, 0), 0);
    ck_assert_uint_eq (stems.starts[0], 0);
    sks_arena_destroy (&m.arena);
    free (snapshot);
}
END_TEST

Suite *
suite_stems (void)
{
    Suite *suite = suite_create ("stems");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, numbers_of_one_and_two_bytes_are_read);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, longer_numbers_are_read);
    tcase_add_test (limits, a_longer_number_is_read_at_each_place);
    tcase_add_test (limits, no_statement_has_no_stems);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
