/* missing.h - explains sources and folders that a run was to read and could not: whether their exports stay as they
 * were, or are read from other files now, as after a folder was moved. */
#ifndef SKS_MISSING_H
#define SKS_MISSING_H

#include "plan.h"

/* Add to the problem of each such path what became of its exports, and the options that help. Returns 0 or
 * SKS_ENOMEM. */
int sks_missing_explain (const sks_plan *plan, const sks_sources *sources, sks_report *report, sks_error *err);

#endif
