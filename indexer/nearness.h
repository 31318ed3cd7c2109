/* nearness.h - warnings about near-duplicate statements.
 *
 * Within one export, statements whose likeness (overlap.h) is at least
 * SKS_OVERLAP_NEAR_DUPLICATE give a warning, whatever their levels. The same text twice in a level is not reported
 * here: that is a problem, and the text is kept once. */
#ifndef SKS_NEARNESS_H
#define SKS_NEARNESS_H

#include "collection.h"
#include "report.h"

/* Maximum of warnings for one export; one more line says how many were left out. */
#define SKS_MAX_WARNINGS 20

/* How many earlier statements each statement is compared with: it bounds the work for an export of 40,000 statements.
 * Usual exports have fewer than a hundred. */
#define SKS_NEARNESS_WINDOW 2000

/* The work allowed for each word of the export: comparing the marks of two statements costs 1, comparing their words
 * costs 1 for each word. Usual exports are compared completely; when an export is crafted so that all marks are
 * similar, the rest is not compared, and the report says so. */
#define SKS_NEARNESS_WORK 2000

/* Warn once about each statement of the framework that nearly equals an earlier one. The order is that of levels,
 * emerging first, then of places.
 *   export   what the framework was made of
 * Returns 0 or SKS_ENOMEM. */
int sks_nearness_warn (const sks_framework *framework, const sks_export *export, sks_report *report, sks_error *err);

#endif
