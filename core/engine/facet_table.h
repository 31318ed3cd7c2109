/* facet_table.h - the values of each facet, and the value that each occupation has.
 *
 * A *row* is a value's number in one generation. Filters, counts, lists, fields of the
 * query language and completions work on rows and columns alone, so a facet is one
 * row of the table in facet_table.c. Every facet is a property of a cell, and every facet except levels is a property
 * of an occupation. */
#ifndef SKS_FACET_TABLE_H
#define SKS_FACET_TABLE_H

#include "core/base/error.h"
#include "core/index/store.h"
#include "slots.h"

#include <stdbool.h>

/* The values of one facet. */
typedef struct sks_facet_values {
    uint32_t rows;
    uint32_t *row_of; /* by occupation; NULL: the row is the level of the cell, or the occupation */
    uint32_t *texts;  /* by row, offsets in strings, for values that are texts of exports; else NULL */
    uint32_t (*statements)[SKS_LEVELS]; /* by row and level; NULL for occupations, which are counted by cell */
} sks_facet_values;

typedef struct sks_facet_table {
    const sks_store *store; /* borrowed */
    sks_facet_values facet[SKS_FACETS];
    uint64_t *level[SKS_LEVELS]; /* the statements of each level, one bit each, in whole words */
    uint32_t *starts;            /* by occupation, and one more: its first statement */
    sks_slots slots;             /* of these */
} sks_facet_table;

/* Space for the starts of occupations, one more, and their slots. */
#define SKS_FACET_TABLE_STARTS(occupations) ((occupations) + (size_t) 1 + SKS_SLOTS_MOST ((occupations) + (size_t) 1))

/* Read the values of all facets.
 *   *out   must be all zero before; close it even after a failure
 * Returns 0 or SKS_ENOMEM. */
int sks_facet_table_open (sks_facet_table *out, const sks_store *store, sks_error *err);
void sks_facet_table_close (sks_facet_table *table);

/* Set where occupations begin, by the cells of a store with the same occupations.
 *   starts   has SKS_FACET_TABLE_STARTS numbers */
void sks_facet_table_place (sks_facet_table *table, const sks_store *store, uint32_t *starts);

/* The occupation of a statement. */
static inline uint32_t
sks_facet_table_occupation (const sks_facet_table *table, uint32_t statement)
{
    return sks_slots_find (table->slots, table->starts, table->store->occupations + 1, statement + 1) - 1;
}

/* The value of a row in filters and the query language, and its label for people. Borrowed from the store. */
const char *sks_facet_table_value (const sks_facet_table *table, int facet, uint32_t row);
const char *sks_facet_table_label (const sks_facet_table *table, int facet, uint32_t row);

/* The row of a value, SKS_NONE if unknown. */
uint32_t sks_facet_table_find (const sks_facet_table *table, int facet, const char *value);

/* Whether values are listed by row; otherwise by count, then value. */
bool sks_facet_table_ordered (int facet);

/* The row of an occupation; not for levels. */
static inline uint32_t
sks_facet_table_row (const sks_facet_table *table, int facet, uint32_t occupation)
{
    const uint32_t *row_of = table->facet[facet].row_of;
    return row_of ? row_of[occupation] : occupation;
}

#endif
