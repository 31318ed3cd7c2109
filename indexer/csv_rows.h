/* csv_rows.h - what csv_export.c finds in a CSV file, and csv_occupation.c reads: the heading, and the rows of each
 * occupation. */
#ifndef SKS_CSV_ROWS_H
#define SKS_CSV_ROWS_H

#include "csv_export.h"
#include "csv_heading.h"
#include "locator.h"

#include <limits.h>

#define SKS_CSV_EXPORT_NAME_BYTES (PATH_MAX + 32)

typedef struct sks_csv_row {
    char soc[SKS_SOC_BYTES + 1];
    unsigned long line;
    const char *bytes;
    size_t size;
} sks_csv_row;

struct sks_csv_export {
    const char *file;
    sks_report *report;
    sks_arena *arena;
    const char *heading[SKS_CSV_MAX_CELLS];
    size_t width;              /* cells of the heading */
    int cell[SKS_CSV_COLUMNS]; /* of each column; -1 if it is missing */
    const char *heading_bytes;
    size_t heading_size;
    sks_locator locator;
    sks_csv_row *rows; /* by SOC code, then by line */
    size_t count, capacity;
    size_t first, end; /* the rows of the current occupation */
    uint64_t content;  /* their hash */
    char name[SKS_CSV_EXPORT_NAME_BYTES];
    bool lost;
    const char *explained; /* what was added last to a problem of a row; it is not repeated */
};

/* The file with a line, for a report: "PATH:12". Borrowed: valid until the next call. */
const char *sks_csv_export_line (sks_csv_export *csv, unsigned long line);

/* The pointer of a cell in a report; cells count from 0. */
void sks_csv_export_point (const sks_csv_export *csv, char pointer[SKS_POINTER_BYTES], size_t cell);

#endif
