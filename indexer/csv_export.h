/* csv_export.h - the exports in a CSV file: one row per statement, whose occupation is that of its SOC code.
 *
 * Rows of an occupation may lie apart. A bad row is reported with its line and column; the others are kept, as in
 * export.h. Title, group, sector, zone, version, attribution and time of an export are those of the first of its rows
 * that has them; a row that contradicts them is reported, and its statement is kept. */
#ifndef SKS_CSV_EXPORT_H
#define SKS_CSV_EXPORT_H

#include "export_reader.h"

typedef struct sks_csv_export sks_csv_export;

/* Read the heading, and find the rows of each occupation.
 *   file   what the report calls it; borrowed, as text and report are
 *   *out   caller owns it; free with sks_csv_export_close. NULL on failure.
 * Returns 0 or SKS_ENOMEM; bad input is never a failure of the call. */
int sks_csv_export_open (sks_csv_export **out, const char *file, const char *text, size_t size, sks_report *report,
                         sks_error *err);
void sks_csv_export_close (sks_csv_export **csv_p);

/* Whether a row was left out whose occupation is unknown, the heading is bad, or there is no row. */
bool sks_csv_export_has_lost (const sks_csv_export *csv);

/* Go to the next occupation, in the order of SOC codes; *more is false after the last.
 *   *content   the hash of the heading and its rows
 * Returns 0 or SKS_ENOMEM. */
int sks_csv_export_next (sks_csv_export *csv, bool *more, uint64_t *content, sks_error *err);

/* The file, with the line of the first row of the occupation: "PATH:12". Borrowed: valid until the next call. */
const char *sks_csv_export_name (sks_csv_export *csv);

#endif
