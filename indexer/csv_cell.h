/* csv_cell.h - what spreadsheets and statistics programs write into cells: marks of missing values, errors of formulas,
 * whole numbers with a fraction, dates in place of codes. Except for sks_csv_cell_trim, all texts are trimmed. */
#ifndef SKS_CSV_CELL_H
#define SKS_CSV_CELL_H

#include <stdbool.h>
#include <stddef.h>

/* No mark, error or code is longer. */
#define SKS_CSV_CELL_BYTES 64

/* The beginning of a cell without white space around it, and with runs of it as one blank. */
void sks_csv_cell_trim (const char *cell, char out[SKS_CSV_CELL_BYTES]);

/* Whether a text stands for a missing value, as pandas, R and databases write it: NA, NaN, null, in any letter case. */
bool sks_csv_cell_is_missing (const char *text);

/* Whether a text is what a spreadsheet shows for a failed formula, as "#NAME?" or "#REF!" in any language, or the signs
 * "####" of a column that is too narrow. */
bool sks_csv_cell_is_error (const char *text);

/* The size of a number without a fraction of zeros, as 1 for "4.0", which pandas writes for a 4 beside missing values.
 * The complete size of any other text. */
size_t sks_csv_cell_whole (const char *text);

/* What helps when a text is no SOC code, as a line for sks_report_explain; NULL if nothing is known. Valid for ever. */
const char *sks_csv_cell_explain_code (const char *text);

#endif
