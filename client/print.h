/* print.h - answers as people and line tools read them.
 *
 * Everything is written into a buffer; the commands send it out. */
#ifndef SKS_PRINT_H
#define SKS_PRINT_H

#include "print_count.h"
#include "terminal.h"

/* How many there are, what was made of the query, the hits, the counts of the
 * facets, and how to go on. result answers query. */
void sks_print_result (sks_buffer *out, const sks_terminal *terminal, const sks_query *query, const sks_result *result);

/* How names were read, and values that no statement has: those of the notes that are
 * about them, one line each. */
void sks_print_names (sks_buffer *out, const sks_note *notes, size_t count);

/* The hits alone, numbered from `first` on. */
void sks_print_hits (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, uint64_t first);

/* The counts of the facets as bars. */
void sks_print_facets (sks_buffer *out, const sks_terminal *terminal, const sks_result *result);

/* One line a hit: id, score, level, SOC code, occupation, text, with tabs
 * between them. Values hold neither tabs nor line ends. */
void sks_print_tsv (sks_buffer *out, const sks_result *result);

/* One line a facet value: facet, value, label, count, "selected" or nothing. */
void sks_print_facets_tsv (sks_buffer *out, const sks_result *result);

/* What failed and what to do next. A query that was refused is shown with a
 * caret below the byte what->at; query may be NULL. */
void sks_print_failure (sks_buffer *out, const sks_terminal *terminal, const char *query, const sks_error *what);

/* The same in the shape that the daemon gives to its own failures. */
void sks_print_failure_json (sks_buffer *out, const sks_error *err);

/* What the daemon says of itself, as a table: every figure that it has, those with a
 * known unit in a readable form. */
void sks_print_stats (sks_buffer *out, const sks_daemon_stats *stats);

/* The answers of the other operations. Each returns whether anything was found.
 *   text   what was mapped. */
bool sks_print_comparison (sks_buffer *out, const sks_terminal *terminal, const sks_comparison *comparison);
bool sks_print_crosswalk (sks_buffer *out, const sks_terminal *terminal, const sks_crosswalk *crosswalk);
bool sks_print_mapping (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping, const char *text);
bool sks_print_completions (sks_buffer *out, const sks_terminal *terminal, const sks_completions *completions);
bool sks_print_analysis (sks_buffer *out, const sks_terminal *terminal, const sks_analysis *analysis);

/* An occupation as its export describes it, and its statements as lines of sks_print_tsv. */
void sks_print_record (sks_buffer *out, const sks_terminal *terminal, const sks_record *record);
void sks_print_record_tsv (sks_buffer *out, const sks_record *record);

/* A line below a comparison or a crosswalk of which some long statements were
 * compared by some of their words only. */
void sks_print_partial (sks_buffer *out, const sks_terminal *terminal);

/* A text that begins at column `indent` and goes on there in each line that
 * follows; its spans are marked. */
void sks_print_wrapped (sks_buffer *out, const sks_terminal *terminal, const char *text, const sks_span *spans,
                        size_t count, unsigned indent);

/* A line of small print; it empties the buffer `line`. */
void sks_print_aside (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line, unsigned indent);

#endif
