/* removals.h - reports the exports of the last generation that a plan leaves out or has from another file, by the source
 * that each came from. */
#ifndef SKS_REMOVALS_H
#define SKS_REMOVALS_H

#include "origin.h"

/* Add each removed export to the report, and each that another file has now, those of one source together.
 *   known   the sources of the last generation, NULL for none
 * Returns 0 or SKS_ENOMEM. */
int sks_removals_report (const sks_plan *plan, const sks_sources *sources, const sks_origins *known, sks_report *report,
                         sks_error *err);

#endif
