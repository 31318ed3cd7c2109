/* sheet.h - answers as rows of a table, whatever its format. Each names the columns and writes its rows; several
 * answers of one kind make one table. */
#ifndef SKS_SHEET_H
#define SKS_SHEET_H

#include "core/base/table.h"

/* id, score, level, soc, occupation, text; the text has marks if they were requested. */
void sks_sheet_hits (sks_table *table, const sks_result *result);
void sks_sheet_record (sks_table *table, const sks_record *record);

/* facet, value, label, count, selected. Of a tree: each group, then its occupations. */
void sks_sheet_facets (sks_table *table, const sks_result *result);

/* row, duty, level, likeness, id, text, gained, lost */
void sks_sheet_comparison (sks_table *table, const sks_comparison *comparison);

/* likeness, left_id, left_level, left_text, right_id, right_level, right_text; a statement without a partner has
 * empty cells for the other side. */
void sks_sheet_crosswalk (sks_table *table, const sks_crosswalk *crosswalk);

/* sentence, sentence_text, share, id, level, soc, occupation, text; a sentence without a match has one row.
 *   text   what was mapped. */
void sks_sheet_mapping (sks_table *table, const sks_mapping *mapping, const char *text);

/* kind, value, text, count */
void sks_sheet_completions (sks_table *table, const sks_completions *completions);

/* word, stem, count, known, stop, expansions */
void sks_sheet_analysis (sks_table *table, const sks_analysis *analysis);

/* A figure as a cell; a whole number has no decimals. */
void sks_sheet_figure (sks_table *table, double value);

/* group, name, value */
void sks_sheet_stats (sks_table *table, const sks_daemon_stats *stats);

/* status, generation, statements */
void sks_sheet_health (sks_table *table, const sks_health *health);

#endif
