/* csv_rows.c - where a row or a cell is, for reports. */
#include "csv_rows.h"

#include <stdio.h>

const char *
sks_csv_rows_line (struct sks_csv_export *csv, unsigned long line)
{
    snprintf (csv->name, sizeof csv->name, "%s:%lu", csv->file, line);
    return csv->name;
}

void
sks_csv_rows_point (const struct sks_csv_export *csv, char pointer[SKS_POINTER_BYTES], size_t cell)
{
    if (cell < csv->width && *csv->heading[cell])
        snprintf (pointer, SKS_POINTER_BYTES, "column %zu (%.60s)", cell + 1, csv->heading[cell]);
    else
        snprintf (pointer, SKS_POINTER_BYTES, "column %zu", cell + 1);
}
