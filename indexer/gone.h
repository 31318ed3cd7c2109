/* gone.h - reports sources that no longer exist and that a run was not asked to read. Their exports stay, which would
 * otherwise show nowhere. */
#ifndef SKS_GONE_H
#define SKS_GONE_H

#include "origin.h"

/* Add each such source to the report, with the number of exports that the plan keeps from it. Each source is looked up
 * once and not searched, so files that are missing in a folder that exists are not noticed; nor is a source that cannot
 * be reached.
 *   known   the sources of the last generation, NULL if there is none
 * Returns 0 or SKS_ENOMEM. */
int sks_gone_report (const sks_plan *plan, const sks_origins *known, sks_report *report, sks_error *err);

#endif
