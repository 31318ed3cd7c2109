/* check_set.c - compares sets with a naive model: one byte per statement.
 *
 * Each operation is tried on random sets of many sizes and densities, as lists and as bits, from a fixed seed. */
#include "core/engine/set.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_set (void);

#define MOST 200705 /* statements of the largest universe */
#define OPERANDS 6

static const uint32_t universes[] = { 1, 2, 63, 64, 65, 127, 128, 129, 1000, 4096, 10239, 65536, 65537, 200704 };
static const unsigned densities[] = { 0, 1, 10, 100, 500, 950, 1000 }; /* of a thousand */
#define UNIVERSES (sizeof universes / sizeof *universes)
#define DENSITIES (sizeof densities / sizeof *densities)

/* A set and its expected members. */
struct sample {
    sks_set set;
    uint8_t in[MOST];
};

static sks_arena *arena;
static struct sample samples[OPERANDS];
static unsigned state;

/* ------------------------------------------------------------------ helpers */
static void
make_arena (void)
{
    arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
    state = 77;
}

static void
drop_arena (void)
{
    sks_arena_destroy (&arena);
}

static unsigned
draw (unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static sks_set
as_list (const uint8_t *in, uint32_t universe)
{
    uint32_t *list = sks_arena_array (arena, universe, sizeof *list), count = 0;
    for (uint32_t i = 0; i < universe; i++)
        if (in[i])
            list[count++] = i;
    return sks_set_of_list (universe, list, count);
}

/* The same as a posting list. */
static sks_set
as_postings (const uint8_t *in, uint32_t universe)
{
    sks_set list = as_list (in, universe), set = { .universe = universe, .count = list.count };
    uint32_t *starts = sks_arena_array (arena, sks_packed_starts (set.count, universe), sizeof *starts);
    uint32_t *postings = sks_arena_array (arena, set.count + (size_t) 1, sizeof *postings);
    for (uint32_t i = 0; i < set.count; i++)
        postings[i] = sks_packed_make (list.list[i], draw (SKS_PACKED_LOADS));
    set.packed.postings = postings;
    set.packed.slots = sks_slots_fill (starts, sks_packed_shift (set.count, universe), list.list, set.count, universe);
    return set;
}

static sks_set
as_bits (const uint8_t *in, uint32_t universe)
{
    uint64_t *bits = sks_set_bits (arena, universe);
    for (uint32_t i = 0; i < universe; i++)
        bits[i / 64] |= (uint64_t) in[i] << i % 64;
    return sks_set_of_bits (universe, bits);
}

static void
draw_sample (struct sample *sample, uint32_t universe, unsigned density, bool bits)
{
    for (uint32_t i = 0; i < universe; i++)
        sample->in[i] = draw (1000) < density;
    sample->set = bits       ? as_bits (sample->in, universe)
                  : draw (2) ? as_postings (sample->in, universe)
                             : as_list (sample->in, universe);
}

/* Assert that a set equals the model: walk, count, and no member twice. */
static void
assert_members (const sks_set *set, const uint8_t *in, uint32_t universe)
{
    sks_set_walk walk = { .set = set };
    uint32_t statement, count = 0, expected = 0;
    for (; sks_set_walk_next (&walk, &statement); count++) {
        while (expected < universe && !in[expected])
            expected++;
        if (statement != expected++)
            ck_abort_msg ("of %u statements, the walk returns %u instead of %u", universe, statement, expected - 1);
    }
    while (expected < universe)
        if (in[expected++])
            ck_abort_msg ("of %u statements, the walk skips %u", universe, expected - 1);
    if (count != set->count || set->universe != universe ||
        (set->list != NULL) + (set->bits != NULL) + (set->packed.postings != NULL) != 1)
        ck_abort_msg ("%u members are counted as %u", count, set->count);
    if (sks_set_walk_next (&walk, &statement))
        ck_abort_msg ("the walk continues after its end");
}

typedef void try_samples (uint32_t universe, size_t count);

/* Try an operation on 1 to OPERANDS sets of each universe, with operands of all densities, as lists, as bits and
 * mixed. */
static void
try_all (try_samples *try)
{
    for (size_t u = 0; u < UNIVERSES; u++)
        for (size_t first = 0; first < DENSITIES; first++)
            for (unsigned round = 0; round < 3 * OPERANDS; round++) {
                size_t count = 1 + round % OPERANDS;
                sks_arena_clear (arena);
                for (size_t i = 0; i < count; i++)
                    draw_sample (&samples[i], universes[u], densities[i ? draw (DENSITIES) : first],
                                 round < OPERANDS       ? false
                                 : round < 2 * OPERANDS ? true
                                                        : draw (2));
                try (universes[u], count);
            }
}

static void
set_of_samples (sks_set *sets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sets[i] = samples[i].set;
}

/* Assert that an operation did not change its operands. */
static void
assert_operands (const sks_set *sets, uint32_t universe, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_members (&sets[i], samples[i].in, universe);
}

/* --------------------------------------------------------------- operations */
static void
try_and (uint32_t universe, size_t count)
{
    static uint8_t expected[MOST];
    sks_set sets[OPERANDS], out;
    set_of_samples (sets, count);
    ck_assert (sks_set_and (&out, arena, sets, count));
    for (uint32_t i = 0; i < universe; i++) {
        expected[i] = 1;
        for (size_t k = 0; k < count; k++)
            expected[i] &= samples[k].in[i];
    }
    assert_members (&out, expected, universe);
    assert_operands (sets, universe, count);
}

START_TEST (and_keeps_what_all_sets_have)
{
    try_all (try_and);
}
END_TEST

static void
try_or (uint32_t universe, size_t count)
{
    static uint8_t expected[MOST];
    sks_set sets[OPERANDS], out;
    set_of_samples (sets, count);
    ck_assert (sks_set_or (&out, arena, sets, count));
    for (uint32_t i = 0; i < universe; i++) {
        expected[i] = 0;
        for (size_t k = 0; k < count; k++)
            expected[i] |= samples[k].in[i];
    }
    assert_members (&out, expected, universe);
    assert_operands (sets, universe, count);
}

START_TEST (or_keeps_what_any_set_has)
{
    try_all (try_or);
}
END_TEST

static void
try_without (uint32_t universe, size_t count)
{
    static uint8_t expected[MOST];
    sks_set sets[OPERANDS], out;
    set_of_samples (sets, count);
    const struct sample *minus = &samples[count - 1];
    ck_assert (sks_set_without (&out, arena, &sets[0], &minus->set));
    for (uint32_t i = 0; i < universe; i++)
        expected[i] = samples[0].in[i] && !minus->in[i];
    assert_members (&out, expected, universe);
    assert_operands (sets, universe, count);
}

START_TEST (without_keeps_what_the_other_set_lacks)
{
    try_all (try_without);
}
END_TEST

START_TEST (and_of_copies_of_one_list_is_that_list)
{
    draw_sample (&samples[0], 1000, 100, false);
    sks_set sets[] = { samples[0].set, samples[0].set, samples[0].set }, out;
    ck_assert (sks_set_and (&out, arena, sets, 3));
    assert_members (&out, samples[0].in, 1000);
    ck_assert (sks_set_or (&out, arena, sets, 3));
    assert_members (&out, samples[0].in, 1000);
}
END_TEST

START_TEST (range_holds_each_statement_from_first_to_end)
{
    static uint8_t expected[MOST];
    for (uint32_t universe = 1; universe < 200; universe += 7)
        for (uint32_t first = 0; first <= universe; first++)
            for (uint32_t end = first; end <= universe; end += 1 + universe / 16) {
                sks_set set;
                sks_arena_clear (arena);
                if (!sks_set_range (&set, arena, universe, first, end))
                    ck_abort_msg ("out of memory");
                memset (expected, 0, universe);
                memset (expected + first, 1, end - first);
                assert_members (&set, expected, universe);
            }
}
END_TEST

START_TEST (a_range_added_to_bits_keeps_the_other_bits)
{
    draw_sample (&samples[0], 300, 300, true);
    for (unsigned i = 0; i < 50; i++) {
        uint32_t first = draw (300), end = first + draw (301 - first);
        sks_set_add_range (samples[0].set.bits, first, end);
        memset (samples[0].in + first, 1, end - first);
        sks_set set = sks_set_of_bits (300, samples[0].set.bits);
        assert_members (&set, samples[0].in, 300);
        if (i % 8 == 7)
            draw_sample (&samples[0], 300, 300, true);
    }
}
END_TEST

START_TEST (count_of_bits_is_right_between_any_two_places)
{
    draw_sample (&samples[0], 300, 400, true);
    for (uint32_t first = 0; first <= 300; first++) {
        uint32_t expected = 0;
        for (uint32_t end = first; end <= 300; end++) {
            if (sks_set_count_bits (samples[0].set.bits, first, end) != expected)
                ck_abort_msg ("[%u, %u) does not contain %u", first, end, expected);
            expected += end < 300 && samples[0].in[end];
        }
    }
    ck_assert_uint_eq (sks_set_count_bits (samples[0].set.bits, 200, 100), 0);
}
END_TEST

START_TEST (bit_answers_membership)
{
    draw_sample (&samples[0], 129, 500, true);
    for (uint32_t i = 0; i < 129; i++)
        ck_assert_uint_eq (sks_set_has_bit (samples[0].set.bits, i), samples[0].in[i]);
}
END_TEST

/* --------------------------------------------------------------------- find */
START_TEST (find_returns_the_first_place_not_below_from_any_start)
{
    for (unsigned density = 1; density <= 1000; density = density * 4 + 1) {
        draw_sample (&samples[0], 2000, density, false);
        const sks_set *set = &samples[0].set;
        for (unsigned i = 0; i < 4000; i++) {
            uint32_t from = draw (set->count + 1), value = draw (2003), expected = from;
            while (expected < set->count && set->list[expected] < value)
                expected++;
            if (sks_set_list_find (set->list, set->count, from, value) != expected)
                ck_abort_msg ("%u of %u is not found at %u from %u", value, set->count, expected, from);
        }
    }
}
END_TEST

/* A call, so that the compiler does not know the size of the list. */
static __attribute__ ((noipa)) uint32_t
find (const uint32_t *list, uint32_t count, uint32_t from, uint32_t value)
{
    return sks_set_list_find (list, count, from, value);
}

START_TEST (find_works_for_neighbours_and_ends)
{
    static const uint32_t list[] = { 3, 4, 9, UINT32_MAX - 1 };
    ck_assert_uint_eq (find (list, 4, 0, 0), 0);
    ck_assert_uint_eq (find (list, 4, 0, 3), 0);
    ck_assert_uint_eq (find (list, 4, 0, 5), 2);
    ck_assert_uint_eq (find (list, 4, 2, 5), 2);
    ck_assert_uint_eq (find (list, 4, 0, UINT32_MAX - 1), 3);
    ck_assert_uint_eq (find (list, 4, 0, UINT32_MAX), 4);
    ck_assert_uint_eq (find (list, 4, 4, 0), 4);
    ck_assert_uint_eq (find (list, 0, 0, 7), 0);
}
END_TEST

START_TEST (slots_find_the_same_place_as_a_search)
{
    static uint8_t in[MOST];
    for (size_t u = 0; u < UNIVERSES; u++)
        for (size_t d = 0; d < DENSITIES; d++) {
            for (uint32_t i = 0; i < universes[u]; i++)
                in[i] = draw (1000) < densities[d] || i / 100 == 3; /* many in some slots */
            sks_set set = as_postings (in, universes[u]);
            for (uint32_t value = 0, place = 0; value <= universes[u]; value++) {
                uint32_t found = sks_packed_seek (&set.packed, set.count, value);
                uint32_t equal = sks_packed_find (&set.packed, set.count, value);
                bool member = value < universes[u] && in[value];
                if (found != place || equal != (member ? place : SKS_NONE))
                    ck_abort_msg ("%u of %u is at %u and %u instead of %u", value, set.count, found, equal, place);
                place += member;
            }
            sks_arena_clear (arena);
        }
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (an_empty_list_is_a_valid_set)
{
    static uint8_t none[100], all[100];
    memset (all, 1, sizeof all);
    sks_set empty = sks_set_of_list (100, NULL, 0), full = as_bits (all, 100), out;
    assert_members (&empty, none, 100);
    sks_set sets[] = { full, empty };
    ck_assert (sks_set_and (&out, arena, sets, 2));
    assert_members (&out, none, 100);
    ck_assert (sks_set_or (&out, arena, sets, 2));
    assert_members (&out, all, 100);
    ck_assert (sks_set_without (&out, arena, &full, &empty));
    assert_members (&out, all, 100);
    ck_assert (sks_set_without (&out, arena, &empty, &full));
    assert_members (&out, none, 100);
}
END_TEST

START_TEST (walk_finds_a_last_member_after_long_gaps)
{
    static uint8_t in[MOST];
    in[0] = in[5000] = in[10238] = 1;
    sks_set list = as_list (in, 10239), bits = as_bits (in, 10239);
    assert_members (&list, in, 10239);
    assert_members (&bits, in, 10239);
}
END_TEST

START_TEST (and_takes_a_hundred_sets)
{
    enum { SETS = 100 };
    static uint8_t expected[MOST];
    sks_set sets[SETS], out;
    memset (expected, 1, 4096);
    for (size_t i = 0; i < SETS; i++) {
        draw_sample (&samples[0], 4096, 990, i % 3 == 0);
        sets[i] = samples[0].set;
        for (uint32_t s = 0; s < 4096; s++)
            expected[s] &= samples[0].in[s];
    }
    ck_assert (sks_set_and (&out, arena, sets, SETS));
    assert_members (&out, expected, 4096);
}
END_TEST

Suite *
suite_set (void)
{
    Suite *suite = suite_create ("set");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, make_arena, drop_arena);
    tcase_add_checked_fixture (limits, make_arena, drop_arena);
    tcase_set_timeout (core, 60);
    tcase_add_test (core, and_keeps_what_all_sets_have);
    tcase_add_test (core, or_keeps_what_any_set_has);
    tcase_add_test (core, without_keeps_what_the_other_set_lacks);
    tcase_add_test (core, and_of_copies_of_one_list_is_that_list);
    tcase_add_test (core, range_holds_each_statement_from_first_to_end);
    tcase_add_test (core, a_range_added_to_bits_keeps_the_other_bits);
    tcase_add_test (core, count_of_bits_is_right_between_any_two_places);
    tcase_add_test (core, bit_answers_membership);
    tcase_add_test (core, find_returns_the_first_place_not_below_from_any_start);
    tcase_add_test (core, slots_find_the_same_place_as_a_search);
    tcase_add_test (limits, find_works_for_neighbours_and_ends);
    tcase_add_test (limits, an_empty_list_is_a_valid_set);
    tcase_add_test (limits, walk_finds_a_last_member_after_long_gaps);
    tcase_add_test (limits, and_takes_a_hundred_sets);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
