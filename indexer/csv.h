/* csv.h - reads the records of a CSV text (RFC 4180), one by one.
 *
 * Records end in CRLF, LF or CR. A cell in quotation marks may contain line ends, commas, and quotation marks, which
 * are doubled; a cell without them contains none. A record that breaks these rules, or is not UTF-8, ends with the line
 * where it began, so the records after it are not lost. Byte order marks at the start of the text are skipped: a
 * program that adds one may find one there. */
#ifndef SKS_CSV_H
#define SKS_CSV_H

#include "core/base/buffer.h"

#include <stdbool.h>

#define SKS_CSV_MAX_CELLS 256 /* of a record */

typedef struct sks_csv_record {
    const char *bytes; /* as in the text, without the line end; borrowed from it */
    size_t size;
    unsigned long line;                   /* where it begins, from 1 */
    const char *cells[SKS_CSV_MAX_CELLS]; /* without quotation marks; valid until the next record */
    size_t count;                         /* of cells; 0 if there is a fault */
    const char *fault;                    /* NULL, or why it is invalid; valid for ever */
    bool not_utf8;                        /* whether the fault is the encoding */
    unsigned long fault_line;             /* the line of the fault, */
    long fault_at;                        /* the byte in that line, */
    size_t fault_cell;                    /* and the cell, from 1 */
} sks_csv_record;

/* The state of the iteration. */
typedef struct sks_csv {
    const char *at, *end;
    char separator;
    unsigned long line; /* of `at` */
    sks_buffer cells;
    size_t starts[SKS_CSV_MAX_CELLS]; /* of the cells, in `cells` */
} sks_csv;

/* Begin with the first record; free with sks_csv_end.
 *   text   borrowed
 *   line   the number of its first line */
void sks_csv_begin (sks_csv *csv, const char *text, size_t size, char separator, unsigned long line);
void sks_csv_end (sks_csv *csv);

/* The first byte of a cell that is not white space; its end if there is none. No-break spaces and line ends, which
 * spreadsheets and web pages leave in cells, are white space. */
const char *sks_csv_skip_blanks (const char *cell);

/* Whether a record has nothing but white space in its cells. */
bool sks_csv_is_blank (const sks_csv_record *record);

/* The next record; *more is false at the end. Lines without any character are not records. Returns 0 or SKS_ENOMEM. */
int sks_csv_next (sks_csv *csv, sks_csv_record *record, bool *more, sks_error *err);

#endif
