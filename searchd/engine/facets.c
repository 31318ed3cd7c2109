/* facets.c - cells -> counts -> lists of values. */
#include "facets.h"

#include "../../core/text.h"

#include <stdlib.h>
#include <string.h>

/* A list with fewer than cells / SEEK_SHARE members is cheaper to look up
 * member by member than to walk in step with all cells. */
#define SEEK_SHARE 16

/* ----------------------------------------------------------------- counting */

/* The walk over cells that have members: calls `add` with each count. */
typedef void add_cell (void *context, uint32_t cell, uint32_t count);

static void
walk_bits (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    uint32_t cells = store->occupations * SKS_LEVELS;
    bool all = set->count == set->universe;
    for (uint32_t cell = 0; cell < cells; cell++) {
        uint32_t first = store->cells[cell], end = store->cells[cell + 1];
        uint32_t count = all ? end - first : sks_set_count_bits (set->bits, first, end);
        if (count)
            add (context, cell, count);
    }
}

static void
walk_list (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    bool seek = set->count < store->occupations * SKS_LEVELS / SEEK_SHARE;
    uint32_t cell = 0;
    for (uint32_t i = 0; i < set->count;) {
        if (seek)
            cell = sks_store_cell (store, set->list[i]);
        else
            while (store->cells[cell + 1] <= set->list[i])
                cell++;
        uint32_t first = i;
        while (i < set->count && set->list[i] < store->cells[cell + 1])
            i++;
        add (context, cell, i - first);
    }
}

struct counting {
    sks_tally *tally;
    const sks_store *store;
    const sks_fails *fails;
};

static void
count_cell (void *context, uint32_t cell, uint32_t count)
{
    struct counting *c = context;
    sks_tally *tally = c->tally;
    const sks_occupation *row = &c->store->occupation[cell / SKS_LEVELS];
    unsigned fails = sks_cell_fails (c->fails, cell);
    if (fails & (fails - 1))
        return;  /* two filters or more say no: it counts nowhere */
    tally->total += fails ? 0 : count;
    if (!(fails & ~(1u << SKS_FACET_LEVEL)))
        tally->level[sks_cell_level (cell)] += count;
    if (!(fails & ~(1u << SKS_FACET_ZONE)))
        tally->zone[row->zone] += count;
    if (tally->sector && !(fails & ~(1u << SKS_FACET_SECTOR)))
        tally->sector[row->sector] += count;
    if (tally->group && !(fails & ~(1u << SKS_FACET_GROUP)))
        tally->group[row->group] += count;
    if (tally->occupation && !(fails & ~(1u << SKS_FACET_OCCUPATION)))
        tally->occupation[cell / SKS_LEVELS] += count;
}

static void
add_total (void *context, uint32_t cell, uint32_t count)
{
    struct counting *c = context;
    if (!sks_cell_fails (c->fails, cell))
        c->tally->total += count;
}

static void
walk (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    (set->bits ? walk_bits : walk_list) (store, set, add, context);
}

static bool
asked (const sks_query *query, int facet)
{
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == facet)
            return true;
    return false;
}

int
sks_facets_count (sks_tally *out, sks_arena *arena, const sks_store *store, const sks_set *set,
                  const sks_fails *fails, const sks_query *query, sks_error *err)
{
    *out = (sks_tally) { 0 };
    const struct {
        int facet;
        uint32_t rows;
        uint64_t **counts;
    } tables[] = {
        { SKS_FACET_SECTOR, store->sectors, &out->sector },
        { SKS_FACET_GROUP, store->groups, &out->group },
        { SKS_FACET_OCCUPATION, store->occupations, &out->occupation },
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (asked (query, tables[i].facet)
            && !(*tables[i].counts = sks_arena_array (arena, tables[i].rows + (size_t) 1, sizeof (uint64_t))))
            return sks_fail_memory (err);
    struct counting counting = { out, store, fails };
    walk (store, set, count_cell, &counting);
    return 0;
}

uint64_t
sks_facets_total (const sks_store *store, const sks_set *set, const sks_fails *fails)
{
    if (!fails->any)
        return set->count;
    sks_tally tally = { 0 };
    struct counting counting = { &tally, store, fails };
    walk (store, set, add_total, &counting);
    return tally.total;
}

/* ------------------------------------------------------------------ listing */

struct listing {
    const sks_tally *tally;
    const sks_store *store;
    const sks_query *query;
    const sks_facet_ask *ask;
    sks_arena *arena;
};

static uint32_t
row_count (const struct listing *l)
{
    const uint32_t rows[SKS_FACETS] = { SKS_LEVELS, l->store->sectors, l->store->groups, l->store->occupations,
                                        SKS_ZONES + 1 };
    return rows[l->ask->facet];
}

/* The value of a row; zones run 1 to 5, then none. */
static sks_facet_value
row_value (const struct listing *l, uint32_t row)
{
    const sks_store *s = l->store;
    const sks_tally *t = l->tally;
    int zone = (int) ((row + 1) % (SKS_ZONES + 1));
    switch (l->ask->facet) {
    case SKS_FACET_LEVEL:
        return (sks_facet_value) { sks_level_name ((int) row), sks_level_label ((int) row), t->level[row], 0 };
    case SKS_FACET_SECTOR:
        return (sks_facet_value) { sks_store_string (s, s->sector[row].code),
                                   sks_store_string (s, s->sector[row].label), t->sector[row], 0 };
    case SKS_FACET_GROUP:
        return (sks_facet_value) { sks_store_string (s, s->group[row].code),
                                   sks_store_string (s, s->group[row].label), t->group[row], 0 };
    case SKS_FACET_OCCUPATION:
        return (sks_facet_value) { sks_store_string (s, s->occupation[row].soc),
                                   sks_store_string (s, s->occupation[row].title), t->occupation[row], 0 };
    default:
        return (sks_facet_value) { sks_zone_value (zone), sks_zone_label (zone), t->zone[zone], 0 };
    }
}

/* Whether some word of the label starts with this one. */
static bool
label_has (const char *label, const char *find, size_t find_size)
{
    size_t size = strlen (label);
    sks_word word = { 0, 0 };
    while (sks_text_word (label, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (label + word.start, word.end - word.start, folded);
        if (length >= find_size && memcmp (folded, find, find_size) == 0)
            return true;
    }
    return false;
}

/* Whether every word of `find` starts a word of the label, or find starts the value. */
static bool
is_found (const sks_facet_ask *ask, const sks_facet_value *value)
{
    if (!ask->find || !*ask->find || strncmp (value->value, ask->find, strlen (ask->find)) == 0)
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

static int
compare_values (const void *left, const void *right)
{
    const sks_facet_value *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp (a->value, b->value);
}

/* Whether a filter names this very value, not only a prefix or range of it. */
static bool
is_named (const sks_query *query, int facet, const char *value)
{
    const sks_filter *filter = &query->filter[facet];
    for (size_t i = 0; i < filter->count; i++)
        if (strcmp (filter->values[i], value) == 0)
            return true;
    return false;
}

/* Chosen values that the index does not have: listed with a count of 0. */
static int
add_absent (const struct listing *l, sks_facet_value *values, size_t *count_p, sks_error *err)
{
    size_t count = *count_p;
    const sks_filter *filter = &l->query->filter[l->ask->facet];
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        size_t size = strlen (chosen);
        bool known = l->ask->facet == SKS_FACET_OCCUPATION && size && chosen[size - 1] == '-';
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp (values[k].value, chosen) == 0;
        if (known)
            continue;
        char *copy = sks_arena_copy (l->arena, chosen, size);
        if (!copy)
            return sks_fail_memory (err);
        values[count++] = (sks_facet_value) { copy, copy, 0, 1 };
    }
    *count_p = count;
    return 0;
}

/* Levels and zones have an order of their own. */
static int
by_level (const void *left, const void *right)
{
    const sks_facet_value *a = left, *b = right;
    return sks_level_of (a->value, strlen (a->value)) - sks_level_of (b->value, strlen (b->value));
}

static int
by_zone (const void *left, const void *right)
{
    const sks_facet_value *a = left, *b = right;
    int one = sks_zone_of (a->value), two = sks_zone_of (b->value);
    return (one ? one : SKS_ZONES + 1) - (two ? two : SKS_ZONES + 1);
}

/* The best values so far, at most `limit` of them, the last of them at the
 * root of a heap; and chosen ones that did not stay among them. */
struct chosen {
    sks_facet_value *best, *named;
    size_t best_count, named_count, limit;
    int facet;
    int (*compare) (const void *, const void *);
    const sks_query *query;
};

static void
sink_value (struct chosen *c, size_t at)
{
    sks_facet_value item = c->best[at];
    for (size_t child; (child = 2 * at + 1) < c->best_count; at = child) {
        if (child + 1 < c->best_count && c->compare (&c->best[child + 1], &c->best[child]) > 0)
            child++;
        if (c->compare (&c->best[child], &item) <= 0)
            break;
        c->best[at] = c->best[child];
    }
    c->best[at] = item;
}

static void
rise_value (struct chosen *c, size_t at)
{
    sks_facet_value item = c->best[at];
    for (size_t parent; at && c->compare (&item, &c->best[parent = (at - 1) / 2]) > 0; at = parent)
        c->best[at] = c->best[parent];
    c->best[at] = item;
}

static void
keep_if_named (struct chosen *c, sks_facet_value value)
{
    if (value.selected && is_named (c->query, c->facet, value.value))
        c->named[c->named_count++] = value;
}

static void
offer_value (struct chosen *c, sks_facet_value value)
{
    if (c->best_count < c->limit) {
        c->best[c->best_count] = value;
        rise_value (c, c->best_count++);
    } else if (c->limit && c->compare (&value, &c->best[0]) < 0) {
        keep_if_named (c, c->best[0]);
        c->best[0] = value;
        sink_value (c, 0);
    } else
        keep_if_named (c, value);
}

/* Offer every value that matches count or that the filter names. */
static void
offer_rows (const struct listing *l, struct chosen *c, uint64_t *distinct)
{
    bool filtered = l->query->filter[c->facet].count || l->query->filter[c->facet].min > 0;
    uint32_t rows = row_count (l);
    for (uint32_t row = 0; row < rows; row++) {
        sks_facet_value value = row_value (l, row);
        if (!value.count && !filtered)
            continue;
        bool named = filtered && is_named (l->query, c->facet, value.value);
        bool found = is_found (l->ask, &value);
        value.selected = named || (filtered && sks_filter_chose (l->query, c->facet, value.value));
        *distinct += value.count && found;
        if (named || (value.count && found))
            offer_value (c, value);
    }
}

static int
list_facet (const struct listing *l, sks_facet_counts *out, sks_error *err)
{
    int facet = l->ask->facet;
    size_t names = l->query->filter[facet].count, rows = row_count (l);
    struct chosen c = { .limit = l->ask->limit < rows ? l->ask->limit : rows, .facet = facet, .query = l->query };
    c.compare = facet == SKS_FACET_LEVEL ? by_level : facet == SKS_FACET_ZONE ? by_zone : compare_values;
    c.best = sks_arena_array (l->arena, c.limit + 2 * names + 2, sizeof *c.best);
    c.named = sks_arena_array (l->arena, names + 1, sizeof *c.named);
    if (!c.best || !c.named)
        return sks_fail_memory (err);
    offer_rows (l, &c, &out->distinct);
    memcpy (c.best + c.best_count, c.named, c.named_count * sizeof *c.named);
    c.best_count += c.named_count;
    int code = add_absent (l, c.best, &c.best_count, err);
    qsort (c.best, c.best_count, sizeof *c.best, c.compare);
    out->facet = facet;
    out->values = c.best;
    out->count = c.best_count;
    return code;
}

int
sks_facets_list (const sks_tally *tally, const sks_store *store, const sks_query *query, sks_arena *arena,
                 sks_facet_counts **out, sks_error *err)
{
    sks_facet_counts *list = sks_arena_array (arena, query->facet_count + 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < query->facet_count; i++) {
        struct listing listing = { tally, store, query, &query->facets[i], arena };
        code = list_facet (&listing, &list[i], err);
    }
    *out = list;
    return code;
}
