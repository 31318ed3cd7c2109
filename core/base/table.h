/* table.h - writes rows of cells for other programs: JSON, CSV, TSV, Markdown.
 *
 * Control characters are never written raw: JSON escapes them, the other formats make them printable (printable.h),
 * except that CSV keeps tabs and line ends in quotes. */
#ifndef SKS_TABLE_H
#define SKS_TABLE_H

#include "buffer.h"
#include <stdbool.h>

enum sks_table_format {
    SKS_TABLE_JSON,    /* a list of objects */
    SKS_TABLE_NDJSON,  /* one object per line */
    SKS_TABLE_CSV,     /* RFC 4180: a header line, then the rows; cells that begin with = + - @ are quoted */
    SKS_TABLE_TSV,     /* a header line, then the rows; tabs between cells, no quotes */
    SKS_TABLE_MARKDOWN /* a GitHub Markdown table */
};

/* Bits of sks_table.flags. */
#define SKS_TABLE_SAFE 1u /* CSV, TSV: ' before a cell that a spreadsheet would take for a formula */
#define SKS_TABLE_BARE 2u /* CSV, TSV: no header line */

/* A table that is being written to a buffer. Caller owns it (a plain struct). */
typedef struct sks_table {
    sks_buffer *out; /* borrowed */
    int format;      /* enum sks_table_format */
    unsigned flags;
    const char *const *names; /* of the columns; NULL before sks_table_begin. Borrowed: valid until the end */
    size_t count;             /* columns */
    size_t at;                /* cells written in the current row */
    uint64_t rows;            /* rows begun */
} sks_table;

/* Name the columns; does nothing if they have names already. */
void sks_table_begin (sks_table *table, const char *const *names, size_t count);

/* The next cell. A row ends with its last cell. A text that is NULL is absent: null, or an empty cell. */
void sks_table_text (sks_table *table, const char *text);
void sks_table_count (sks_table *table, uint64_t value);
void sks_table_number (sks_table *table, double value);
void sks_table_flag (sks_table *table, bool value);

/* After the last row. */
void sks_table_end (sks_table *table);

#endif
