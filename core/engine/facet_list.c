/* facet_list.c - lists the requested values of facets, in order.
 *
 * A list keeps its best values in a heap, so that each of 25,000 occupations is examined only once. The tree is the
 * list of occupations below the list of their groups: an occupation's SOC code begins with its group's two digits,
 * and occupations are in SOC order, so a group is a run of them and its count is the sum of theirs. */
#include "facets.h"

#include "core/base/heap.h"
#include "core/base/text_fold.h"
#include "label.h"

#include <stdlib.h>
#include <string.h>

/* The cost of a row and of each filter value that it is compared with, and per byte of `find`, in units of a
 * budget. */
#define ROW_UNITS 4
#define LABEL_UNITS 256

#define GROUP_PREFIX_BYTES 3 /* "43-": the beginning of a SOC code that a group stands for */

struct listing {
    const sks_tally *tally;
    const sks_facet_table *table;
    const sks_query *query;
    sks_facet_ask ask;
    const sks_filter *filter; /* of the requested facet */
    uint32_t first, end;      /* rows of the facet to list */
    sks_arena *arena;
    sks_budget *budget;
};

/* ------------------------------------------------------------------- values */

static sks_facet_value
row_value (const struct listing *l, uint32_t row)
{
    int facet = l->ask.facet;
    return (sks_facet_value) { .value = sks_facet_table_value (l->table, facet, row),
                               .label = sks_facet_table_label (l->table, facet, row),
                               .count = l->tally->counts[facet][row] };
}

/* Whether some word of the label starts with `find`, or is its singular. */
static bool
label_has (const char *label, const char *find, size_t find_size)
{
    size_t size = strlen (label), single_size = sks_label_singular (find, find_size);
    sks_word word = { 0, 0 };
    while (sks_text_word (label, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (label + word.start, word.end - word.start, folded);
        size_t wanted = length == single_size ? single_size : find_size;
        if (length >= wanted && memcmp (folded, find, wanted) == 0)
            return true;
    }
    return false;
}

/* Whether every word of `find` starts a word of the label or is a plural of one, or `find` starts the value or is
 * another way to write it. */
static bool
is_found (const sks_facet_ask *ask, const sks_facet_value *value)
{
    if (!ask->find || !*ask->find || strncmp (value->value, ask->find, strlen (ask->find)) == 0)
        return true;
    if (strcmp (sks_schema_facet_code (ask->facet, ask->find), value->value) == 0)
        return true;
    size_t size = strlen (ask->find);
    sks_word word = { 0, 0 };
    bool all = false;
    while (sks_text_word (ask->find, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (ask->find + word.start, word.end - word.start, folded);
        if (!label_has (value->label, folded, length))
            return false;
        all = true;
    }
    return all;
}

/* Whether the filter names exactly this value, not only a prefix or a range that includes it. */
static bool
is_named (const sks_filter *filter, const char *value)
{
    for (size_t i = 0; i < filter->count; i++)
        if (strcmp (filter->values[i], value) == 0)
            return true;
    return false;
}

/* ------------------------------------------------------------------- orders */

struct candidate {
    sks_facet_value value; /* first, so that one compares candidates as values */
    uint32_t row;
    bool must;
};

static int
by_count (const void *left, const void *right)
{
    const sks_facet_value *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp (a->value, b->value);
}

static int
by_row (const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return (a->row > b->row) - (a->row < b->row);
}

/* The same for occupations, whose rows ascend by code. */
static int
by_count_and_row (const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->value.count != b->value.count)
        return a->value.count < b->value.count ? 1 : -1;
    return by_row (a, b);
}

/* ------------------------------------------------------------------ choosing */

/* The best values so far, at most `limit`, in a heap with the last one at its root; and those that must be listed but
 * are not among the best. */
struct chosen {
    struct candidate *best, *kept;
    size_t best_count, kept_count, limit;
    int (*compare) (const void *left, const void *right);
};

/* musts: the maximum number of values that must be listed. */
static int
open_chosen (struct chosen *c, const struct listing *l, size_t rows, size_t musts, sks_error *err)
{
    bool occupations = l->ask.facet == SKS_FACET_OCCUPATION && !l->ask.tree;
    *c = (struct chosen) { .limit = l->ask.limit < rows ? l->ask.limit : rows,
                           .compare = sks_facet_table_ordered (l->ask.facet) ? by_row
                                      : occupations                          ? by_count_and_row
                                                                             : by_count };
    c->best = sks_arena_room (l->arena, c->limit + musts + 1, sizeof *c->best);
    c->kept = sks_arena_room (l->arena, musts + 1, sizeof *c->kept);
    return c->best && c->kept ? 0 : sks_fail_memory (err);
}

static inline bool
is_worse (const struct chosen *c, const struct candidate *a, const struct candidate *b)
{
    return c->compare (a, b) > 0;
}

SKS_HEAP (candidates, struct candidate, const struct chosen *, is_worse)

static void
offer (struct chosen *c, sks_facet_value value, uint32_t row, bool must)
{
    struct candidate candidate = { value, row, must };
    if (candidates_offer (c->best, &c->best_count, c->limit, c, &candidate) && candidate.must)
        c->kept[c->kept_count++] = candidate;
}

/* The values, sorted, with space for `more` after them; NULL when out of memory. */
static sks_facet_value *
close_chosen (struct chosen *c, const struct listing *l, size_t more, size_t *count)
{
    memcpy (c->best + c->best_count, c->kept, c->kept_count * sizeof *c->kept);
    *count = c->best_count + c->kept_count;
    qsort (c->best, *count, sizeof *c->best, c->compare);
    sks_facet_value *values = sks_arena_room (l->arena, *count + more + 1, sizeof *values);
    for (size_t i = 0; values && i < *count; i++)
        values[i] = c->best[i].value;
    return values;
}

/* ------------------------------------------------------------------- a list */

/* Offer a row. A value without matches is listed only if the filter names it. */
static void
offer_row (const struct listing *l, struct chosen *c, uint32_t row, bool filtered, uint64_t *distinct)
{
    if (!l->tally->counts[l->ask.facet][row] && !filtered)
        return;
    sks_facet_value value = row_value (l, row);
    bool named = filtered && is_named (l->filter, value.value), found = is_found (&l->ask, &value);
    value.selected = named || (filtered && sks_filter_chose (l->query, l->ask.facet, value.value));
    *distinct += value.count && found;
    if (named || (value.count && found))
        offer (c, value, row, named);
}

/* The best occupations so far, at most `limit`, in a heap with the last one at its root. Rows ascend by code, and so do
 * occupations of equal count, so count and row in one number order them. */
struct top {
    uint64_t *ranks;
    size_t count, limit;
};

static inline bool
is_lower (const struct top *top, const uint64_t *a, const uint64_t *b)
{
    (void) top;
    return *a < *b;
}

SKS_HEAP (ranks, uint64_t, const struct top *, is_lower)

static int
by_rank (const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *) left, b = *(const uint64_t *) right;
    return (a < b) - (a > b);
}

/* Offer an occupation. Returns the number of matches that are too few from now on. */
static inline uint32_t
offer_occupation (struct top *top, uint32_t count, uint32_t row)
{
    uint64_t rank = (uint64_t) count << 32 | ~row;
    ranks_offer (top->ranks, &top->count, top->limit, top, &rank);
    return !top->limit ? UINT32_MAX : top->count < top->limit ? 0 : (uint32_t) (top->ranks[0] >> 32);
}

/* Counts that are compared at once. They are compared as signed ones: statement numbers have 31 bits. */
#define BLOCK 8
typedef int32_t four __attribute__ ((vector_size (16)));

/* Which of BLOCK counts are above `min` at all; adds to `zeros` those that are 0. */
static inline bool
any_above (const uint32_t *counts, uint32_t min, four *zeros)
{
    const int32_t m = min > INT32_MAX ? INT32_MAX : (int32_t) min;
    four block[BLOCK / 4], above = { 0 };
    memcpy (block, counts, sizeof block);
    for (unsigned i = 0; i < BLOCK / 4; i++) {
        above |= block[i] > (four) { m, m, m, m };
        *zeros -= block[i] == 0;
    }
    uint64_t halves[2];
    memcpy (halves, &above, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* Offer all occupations of the listing that have matches, BLOCK at a time. */
static void
offer_occupations (const struct listing *l, struct top *top, uint64_t *distinct)
{
    const uint32_t *counts = l->tally->counts[SKS_FACET_OCCUPATION];
    uint32_t i = l->first, min = 0, found = 0;
    four zeros = { 0 };
    for (; l->end - i >= BLOCK; i += BLOCK)
        if (any_above (counts + i, min, &zeros))
            for (uint32_t row = i; row < i + BLOCK; row++)
                if (counts[row] > min)
                    min = offer_occupation (top, counts[row], row);
    found = i - l->first - (uint32_t) (zeros[0] + zeros[1] + zeros[2] + zeros[3]);
    for (; i < l->end; i++) {
        found += counts[i] != 0;
        if (counts[i] > min)
            min = offer_occupation (top, counts[i], i);
    }
    *distinct += found;
}

/* The same if the occupations with matches are listed. */
static void
offer_seen (const struct listing *l, struct top *top, uint64_t *distinct)
{
    const sks_tally *tally = l->tally;
    const uint32_t *counts = tally->counts[SKS_FACET_OCCUPATION];
    uint32_t min = 0, i = sks_set_list_find (tally->seen, tally->seen_count, 0, l->first);
    for (; i < tally->seen_count && tally->seen[i] < l->end; i++) {
        uint32_t row = tally->seen[i];
        *distinct += counts[row] != 0;
        if (counts[row] > min)
            min = offer_occupation (top, counts[row], row);
    }
}

/* The values of the listing's occupations if there is nothing to choose them by but their counts; NULL when out of
 * memory. */
static sks_facet_value *
list_occupations (const struct listing *l, size_t *count, uint64_t *distinct)
{
    uint32_t rows = l->end - l->first;
    struct top top = { .limit = l->ask.limit < rows ? l->ask.limit : rows };
    if (!(top.ranks = sks_arena_room (l->arena, top.limit + 1, sizeof *top.ranks)))
        return NULL;
    (l->tally->seen ? offer_seen : offer_occupations) (l, &top, distinct);
    qsort (top.ranks, top.count, sizeof *top.ranks, by_rank);
    sks_facet_value *values = sks_arena_room (l->arena, top.count + 1, sizeof *values);
    for (size_t i = 0; values && i < top.count; i++)
        values[i] = row_value (l, ~(uint32_t) top.ranks[i]);
    *count = top.count;
    return values;
}

static void
offer_rows (const struct listing *l, struct chosen *c, bool filtered, uint64_t *distinct)
{
    bool find = l->ask.find && *l->ask.find;
    uint64_t units = ROW_UNITS * (l->filter->count + 1) + (find ? strlen (l->ask.find) * LABEL_UNITS : 0);
    for (uint32_t row = l->first; row < l->end && !sks_budget_spend (l->budget, units); row++)
        offer_row (l, c, row, filtered, distinct);
}

/* The values of the listing's rows, with space for chosen values that the index does not have; NULL and *err when out
 * of memory. */
static sks_facet_value *
list_rows (const struct listing *l, size_t *count, uint64_t *distinct, sks_error *err)
{
    struct chosen c;
    sks_facet_value *values = NULL;
    bool filtered = l->filter->count || l->filter->min > 0;
    if (sks_facets_by_count (l->query, &l->ask))
        values = list_occupations (l, count, distinct);
    else if (!open_chosen (&c, l, l->end - l->first, l->filter->count, err)) {
        offer_rows (l, &c, filtered, distinct);
        values = close_chosen (&c, l, l->filter->count, count);
    }
    if (!values)
        sks_fail_memory (err);
    return values;
}

/* ------------------------------------------------------------------- a tree */

/* List one group with its occupations: all of them if `find` names the group. */
static int
make_group (const struct listing *l, uint32_t group, sks_facet_value *out, bool *must, sks_error *err)
{
    char *prefix = sks_arena_copy (l->arena, "00-", GROUP_PREFIX_BYTES);
    if (!prefix)
        return sks_fail_memory (err);
    memcpy (prefix, sks_store_string (l->table->store, l->table->store->group[group].code), GROUP_PREFIX_BYTES - 1);
    *out = (sks_facet_value) { .value = prefix,
                               .label = sks_store_string (l->table->store, l->table->store->group[group].label),
                               .selected = is_named (l->filter, prefix) };
    struct listing below = *l;
    sks_store_occupations (l->table->store, prefix, GROUP_PREFIX_BYTES, &below.first, &below.end);
    if (is_found (&l->ask, out))
        below.ask.find = NULL;
    sks_facet_value *children = list_rows (&below, &out->child_count, &out->distinct, err);
    if (!children)
        return SKS_ENOMEM;
    for (uint32_t row = below.first; row < below.end; row++)
        out->count += l->tally->counts[SKS_FACET_OCCUPATION][row];
    out->children = children;
    *must = out->selected != 0;
    for (size_t i = 0; i < out->child_count; i++)
        *must |= is_named (l->filter, children[i].value);
    return 0;
}

static sks_facet_value *
list_tree (const struct listing *l, size_t *count, uint64_t *distinct, sks_error *err)
{
    struct chosen c;
    uint32_t groups = l->table->store->groups;
    if (open_chosen (&c, l, groups, groups, err))
        return NULL;
    for (uint32_t group = 0; group < groups; group++) {
        bool must = false;
        sks_facet_value value = { .count = 0 };
        if (make_group (l, group, &value, &must, err))
            return NULL;
        *distinct += value.distinct > 0;
        if (must || value.child_count)
            offer (&c, value, group, must);
    }
    sks_facet_value *values = close_chosen (&c, l, l->filter->count, count);
    if (!values)
        sks_fail_memory (err);
    return values;
}

/* ---------------------------------------------------------------- all facets */

/* Whether a chosen value needs no row. The beginning of a SOC code is not a value of its own, except for the groups
 * of a tree. */
static bool
is_listed (const struct listing *l, const sks_facet_value *values, size_t count, const char *chosen)
{
    size_t size = strlen (chosen);
    if (l->ask.facet == SKS_FACET_OCCUPATION && size < SKS_SOC_BYTES)
        if (!l->ask.tree || size > GROUP_PREFIX_BYTES)
            return true;
    for (size_t i = 0; i < count; i++)
        if (strcmp (values[i].value, chosen) == 0 || is_listed (l, values[i].children, values[i].child_count, chosen))
            return true;
    return false;
}

/* Add chosen values that the index does not have, with a count of 0. */
static int
add_absent (const struct listing *l, sks_facet_value *values, size_t *count, sks_error *err)
{
    uint64_t units = ROW_UNITS * (l->ask.tree ? l->table->store->occupations : (uint64_t) *count);
    size_t before = *count;
    for (size_t i = 0; i < l->filter->count && !sks_budget_spend (l->budget, units); i++) {
        const char *chosen = l->filter->values[i];
        if (is_listed (l, values, *count, chosen))
            continue;
        char *copy = sks_arena_copy (l->arena, chosen, strlen (chosen));
        if (!copy)
            return sks_fail_memory (err);
        values[(*count)++] = (sks_facet_value) { .value = copy, .label = copy, .selected = 1 };
    }
    if (*count > before && !sks_facet_table_ordered (l->ask.facet)) /* the others have rows for all possible values */
        qsort (values, *count, sizeof *values, by_count);
    return 0;
}

static int
list_facet (struct listing *l, sks_facet_counts *out, sks_error *err)
{
    l->end = l->table->facet[l->ask.facet].rows;
    l->filter = &l->query->filter[l->ask.facet];
    sks_facet_value *values = (l->ask.tree ? list_tree : list_rows) (l, &out->count, &out->distinct, err);
    if (!values)
        return SKS_ENOMEM;
    out->facet = l->ask.facet;
    out->values = values;
    return add_absent (l, values, &out->count, err);
}

int
sks_facets_list (const sks_tally *tally, const sks_facet_table *table, const sks_query *query, sks_arena *arena,
                 sks_budget *budget, sks_facet_counts **out, sks_error *err)
{
    sks_facet_counts *list = sks_arena_array (arena, query->facet_count + 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < query->facet_count; i++) {
        struct listing listing = {
            .tally = tally, .table = table, .query = query, .ask = query->facets[i], .arena = arena, .budget = budget
        };
        code = list_facet (&listing, &list[i], err);
    }
    *out = list;
    return code;
}
