/* report_print.h - a report as lines of text, for standard error and the summary of a run. */
#ifndef SKS_REPORT_PRINT_H
#define SKS_REPORT_PRINT_H

#include "report.h"

#include <stdio.h>

/* Stale files that are printed unless verbose: the folder of a lost source may have had thousands. */
#define SKS_STALE_SHOWN 20

/* Sources that are printed with the number of their removed, or moved, exports unless verbose. */
#define SKS_REMOVED_SHOWN 20

/* Sources that are gone and not named, each with a line in the summary. */
#define SKS_GONE_SHOWN 5

/* Names of skipped files in the summary. */
#define SKS_SKIPPED_SHOWN 3

/* Skipped files that are printed with their reason when no export is found. */
#define SKS_REASONS_SHOWN 5

/* Write all problems and the first stale files, and if verbose all stale files, warnings and skipped files, one per
 * line. */
void sks_report_print (const sks_report *report, bool verbose, FILE *out);

/* Write the first skipped files in parentheses, without their folders: " (README.md, x and 2 more: -v lists them)".
 * Nothing when no file was skipped. */
void sks_report_print_skipped (const sks_report *report, FILE *out);

/* Write the first skipped files whose names end in `ending`, one per line with the reason, and the number of the rest.
 *   ending   in any letter case; "" for all files */
void sks_report_print_reasons (const sks_report *report, const char *ending, FILE *out);

/* Write how many exports of each source are removed: one line for each of the first SKS_REMOVED_SHOWN sources, then the
 * number of the others. A single export is named. If verbose, one line for each source, after one line for each of its
 * exports. */
void sks_report_print_removed (const sks_report *report, bool verbose, FILE *out);

/* The same for exports that other files have now. */
void sks_report_print_moved (const sks_report *report, bool verbose, FILE *out);

/* Write one line for each of the first sources that are gone and not named, if verbose for all of them: how many
 * exports are kept, and how to remove them. */
void sks_report_print_gone (const sks_report *report, bool verbose, FILE *out);

#endif
