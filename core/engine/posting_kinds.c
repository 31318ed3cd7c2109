/* posting_kinds.c - a hash table from kind to index. */
#include "posting_kinds.h"

#include "packed.h"

/* Postings per kind, and of a list, from which on kinds pay. */
#define POSTINGS_PER_KIND 8
#define FEWEST_POSTINGS 1024

/* Bits of a kind: 6 and 8 of the wdf, 8 of the length. Kind + 1 is stored, as 0 means that a row is free. */
struct table {
    unsigned shift;  /* of a hash, to the row */
    uint32_t *kinds; /* by row */
    uint32_t *indexes;
};

uint32_t
sks_posting_kinds_most (size_t count)
{
    size_t most = count < FEWEST_POSTINGS ? 0 : count / POSTINGS_PER_KIND;
    return (uint32_t) (most < SKS_PACKED_LOADS ? most : SKS_PACKED_LOADS);
}

/* The row of a kind, or the free one where it belongs. At least half of the rows are free. */
static inline uint32_t
find_row (const struct table *table, sks_posting_kind kind)
{
    uint32_t rows = UINT32_C (1) << (32 - table->shift), row = kind * UINT32_C (0x9E3779B1) >> table->shift;
    while (table->kinds[row] && table->kinds[row] != kind + 1)
        row = (row + 1) & (rows - 1);
    return row;
}

static bool
open_table (struct table *table, uint32_t most, sks_arena *scratch)
{
    table->shift = 31;
    while (UINT32_C (1) << (32 - table->shift) < 2 * most)
        table->shift--;
    size_t rows = (size_t) 1 << (32 - table->shift);
    table->kinds = sks_arena_array (scratch, rows, sizeof *table->kinds);
    table->indexes = sks_arena_room (scratch, rows, sizeof *table->indexes);
    return table->kinds && table->indexes;
}

bool
sks_posting_kinds_find (const sks_store *store, const uint32_t *statements, uint32_t *loads, size_t count,
                        sks_posting_kind *kinds, uint32_t *count_p, sks_arena *scratch)
{
    struct table table;
    uint32_t most = sks_posting_kinds_most (count), found = 0;
    *count_p = 0;
    if (!most)
        return true;
    if (!open_table (&table, most, scratch))
        return false;
    for (size_t i = 0; i < count; i++) {
        sks_posting_kind kind = sks_posting_kind_of (loads[i], store->lengths[statements[i]]);
        uint32_t row = find_row (&table, kind);
        if (table.kinds[row])
            continue;
        if (found == most)
            return true;
        table.kinds[row] = kind + 1;
        table.indexes[row] = found;
        kinds[found++] = kind;
    }
    for (size_t i = 0; i < count; i++)
        loads[i] = table.indexes[find_row (&table, sks_posting_kind_of (loads[i], store->lengths[statements[i]]))];
    *count_p = found;
    return true;
}
