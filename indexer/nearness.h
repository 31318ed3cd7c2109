/* nearness.h - warnings of statements that say nearly the same.
 *
 * Within one export, statements whose likeness (overlap.h) is at least
 * SKS_OVERLAP_NEAR_DUPLICATE are told as warnings, whatever their levels. The
 * same text twice in a level is not told here: it is a problem, and kept once. */
#ifndef SKS_NEARNESS_H
#define SKS_NEARNESS_H

#include "collection.h"
#include "report.h"

/* Warnings of one export; one more line tells how many were left out. */
#define SKS_MAX_WARNINGS 20

/* How many statements before it one is compared with: an export of 40,000 must
 * not cost as many times that. Usual ones have less than a hundred. */
#define SKS_NEARNESS_WINDOW 2000

/* What may be done for each word of the export: a look at the marks of two
 * statements is 1, comparing them is 1 for each of their words. Of usual exports
 * everything is compared; of one that is made to be alike in its marks the rest is
 * not, and the report says so. */
#define SKS_NEARNESS_WORK 2000

/* Warn of each statement of the framework that is nearly one before it, once
 * each. Reading order is that of levels, emerging first, then places.
 * Returns 0 or SKS_ENOMEM. */
int sks_nearness_warn (const sks_framework *framework, sks_report *report, sks_error *err);

#endif
