/* order.c - the order of cells, and of statements inside one. */
#include "order.h"

#include <stdlib.h>

/* Space for the members of a cell. */
struct members {
    sks_arena *arena;
    uint32_t *list, room;
};

struct paging {
    const sks_store *store;
    struct members members;
    const sks_set *set;
    const sks_query *query;
    uint64_t skip;
    sks_scored *out;
    size_t found;
    uint32_t *kept; /* by occupation: statements kept so far; NULL unless that number is limited */
};

uint32_t
sks_order_cell (const sks_store *store, int sort, uint32_t i)
{
    if (sort == SKS_SORT_LEVEL)
        return sks_cell (i % store->occupations, (int) (i / store->occupations));
    if (sort == SKS_SORT_OCCUPATION)
        return sks_cell (i / SKS_LEVELS, (int) (i % SKS_LEVELS));
    return i;
}

/* The place of a cell in the order. */
static uint32_t
place_of (const sks_store *store, int sort, uint32_t cell)
{
    uint32_t occupation = cell / SKS_LEVELS, level = (uint32_t) sks_cell_level (cell);
    if (sort == SKS_SORT_LEVEL)
        return level * store->occupations + occupation;
    return sort == SKS_SORT_OCCUPATION ? occupation * SKS_LEVELS + level : cell;
}

/* Write the set's members in [first, end) to out; returns their number. */
static uint32_t
members_of (const sks_set *set, uint32_t first, uint32_t end, uint32_t *out)
{
    uint32_t count = 0;
    if (set->bits)
        for (uint32_t s = first; s < end; s++) {
            out[count] = s;
            count += sks_set_has_bit (set->bits, s);
        }
    else
        for (uint32_t i = sks_set_list_find (set->list, set->count, 0, first); i < set->count && set->list[i] < end;
             i++)
            out[count++] = set->list[i];
    return count;
}

/* The cost of reading a member, in units of a budget. */
#define MEMBER_UNITS 16

static int
by_position (const void *left, const void *right, void *context)
{
    const sks_store *store = context;
    uint32_t a = sks_store_position (store, *(const uint32_t *) left);
    uint32_t b = sks_store_position (store, *(const uint32_t *) right);
    return (a > b) - (a < b);
}

/* List a cell's members in the order of the query; false when out of memory. */
static bool
list_members (const sks_store *store, const sks_set *set, const sks_query *query, uint32_t cell,
              struct members *members, uint32_t *count)
{
    uint32_t first = store->cells[cell], end = store->cells[cell + 1], *list = members->list;
    if (!list || end - first >= members->room) {
        members->room = 2 * (end - first) + 1;
        members->list = list = sks_arena_room (members->arena, members->room, sizeof *list);
        if (!list)
            return false;
    }
    *count = members_of (set, first, end, list);
    if (query->sort != SKS_SORT_ID)
        qsort_r (list, *count, sizeof *list, by_position, (void *) (uintptr_t) store);
    for (uint32_t i = 0; query->reverse && i < *count / 2; i++) {
        uint32_t other = list[*count - 1 - i];
        list[*count - 1 - i] = list[i];
        list[i] = other;
    }
    return true;
}

/* The number of a cell's members that are kept. */
static uint32_t
keep (struct paging *p, uint32_t cell, uint32_t count)
{
    if (!p->kept)
        return count;
    uint32_t *kept = &p->kept[cell / SKS_LEVELS], left = p->query->collapse - *kept;
    count = count < left ? count : left;
    *kept += count;
    return count;
}

/* Add one cell's members to the page; false when out of memory. */
static bool
take_cell (struct paging *p, uint32_t cell)
{
    const sks_query *query = p->query;
    uint32_t count = sks_set_count_range (p->set, p->store->cells[cell], p->store->cells[cell + 1]);
    uint32_t kept = keep (p, cell, count);
    if (p->skip >= kept) {
        p->skip -= kept;
        return true;
    }
    if (!list_members (p->store, p->set, query, cell, &p->members, &count))
        return false;
    for (uint32_t i = (uint32_t) p->skip; i < kept && p->found < query->limit; i++)
        p->out[p->found++] = (sks_scored) { .statement = p->members.list[i] };
    p->skip = 0;
    return true;
}

int
sks_order_page (const sks_store *store, sks_arena *arena, const sks_set *set, const sks_fails *fails,
                const sks_query *query, sks_scored *out, size_t *found, sks_error *err)
{
    uint32_t cells = store->occupations * SKS_LEVELS;
    uint32_t *kept = query->collapse ? sks_arena_array (arena, store->occupations + (size_t) 1, sizeof *kept) : NULL;
    if (query->collapse && !kept)
        return sks_fail_memory (err);
    struct paging paging = { store, { arena, NULL, 0 }, set, query, query->offset, out, 0, kept };
    for (uint32_t i = 0; i < cells && paging.found < query->limit; i++) {
        uint32_t cell = sks_order_cell (store, query->sort, query->reverse ? cells - 1 - i : i);
        if ((!fails->any || !sks_cell_fails (fails, cell)) && !take_cell (&paging, cell))
            return sks_fail_memory (err);
    }
    *found = paging.found;
    return 0;
}

int
sks_order_from (const sks_matching *m, const sks_set *set, const sks_fails *fails, const sks_query *query,
                uint32_t from, sks_scored *out, size_t *found, uint32_t *next)
{
    const sks_store *store = m->store;
    uint32_t cells = store->occupations * SKS_LEVELS, i = 0;
    struct members members = { m->arena, NULL, 0 };
    bool begun = from == SKS_NONE;
    *found = 0;
    *next = SKS_NONE;
    if (!begun) {
        i = place_of (store, query->sort, sks_store_cell (store, from));
        i = query->reverse ? cells - 1 - i : i;
    }
    for (; i < cells && *next == SKS_NONE; i++) {
        uint32_t cell = sks_order_cell (store, query->sort, query->reverse ? cells - 1 - i : i), count;
        if (fails->any && sks_cell_fails (fails, cell))
            continue;
        if (!list_members (store, set, query, cell, &members, &count))
            return sks_fail_memory (m->err);
        if (sks_budget_spend (m->budget, MEMBER_UNITS * (count + UINT64_C (1))))
            break;
        for (uint32_t k = 0; k < count && *next == SKS_NONE; k++) {
            begun |= members.list[k] == from;
            if (begun && *found == query->limit)
                *next = members.list[k];
            else if (begun)
                out[(*found)++] = (sks_scored) { .statement = members.list[k] };
        }
        begun = true;
    }
    return 0;
}
