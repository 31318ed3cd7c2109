/* csv_occupation.h - one occupation of a CSV file. */
#ifndef SKS_CSV_OCCUPATION_H
#define SKS_CSV_OCCUPATION_H

#include "csv_export.h"

/* Read the occupation to which sks_csv_export_next went.
 *   *out    caller owns it; free with sks_export_destroy. NULL unless *kind is SKS_EXPORT_GOOD
 *   *kind   SKS_EXPORT_GOOD or SKS_EXPORT_REJECTED
 * Returns 0 or SKS_ENOMEM. */
int sks_csv_occupation_read (sks_csv_export *csv, sks_export **out, int *kind, sks_error *err);

#endif
