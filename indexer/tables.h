/* tables.h - the tables of a generation that describe occupations rather than words. */
#ifndef SKS_TABLES_H
#define SKS_TABLES_H

#include "dictionary.h"
#include "strings.h"

/* The rows that an occupation refers to. */
enum sks_kept { SKS_KEPT_GROUPS, SKS_KEPT_SECTORS, SKS_KEPT_EDITIONS, SKS_KEPT };

typedef struct sks_tables {
    const sks_plan *plan;
    const sks_reuse *reuse; /* may be NULL */
    const sks_dictionary *dictionary;
    const uint32_t *first, *words; /* of each framework: its first statement, and the words of its statements */
    sks_occupation *occupation;
    sks_value *group, *sector;
    uint32_t *cells;
    uint32_t groups, sectors;
    sks_strings strings;
    sks_editions editions;
    uint32_t *kept[SKS_KEPT]; /* rows of the last generation: their row now, SKS_NONE before it has one */
} sks_tables;

/* Fill the tables from the first five members; the others are 0. The texts are added to `strings`, which begin with all
 * strings of the last generation if there is a `reuse`: occupations that stay keep theirs. Free the tables even
 * after a failure. */
int sks_tables_fill (sks_tables *tables, sks_buffer *strings, sks_error *err);
void sks_tables_free (sks_tables *tables);

#endif
