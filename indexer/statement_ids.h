/* statement_ids.h - the ids of the statements of an export. */
#ifndef SKS_STATEMENT_IDS_H
#define SKS_STATEMENT_IDS_H

#include "locator.h"
#include "report.h"

/* Put statements in the order of their ids. Of those with the same short id, all but the first get a long one, with a
 * warning; those whose long id is also taken are left out, which is reported.
 *   soc             of their occupation; its code is part of an id
 *   locator, file   of their export, for the report */
void sks_statement_ids_give (sks_statement *statements, size_t *count, const char *soc, const sks_locator *locator,
                             const char *file, sks_report *report);

#endif
