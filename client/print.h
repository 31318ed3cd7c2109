/* print.h - answers as people and line tools read them.
 *
 * Everything is written into a buffer; the commands send it out. */
#ifndef SKS_PRINT_H
#define SKS_PRINT_H

#include "print_count.h"
#include "terminal.h"

/* How a result is written. */
typedef struct sks_print_how {
    bool full;                  /* score and id of each statement */
    bool bars;                  /* counts of facets as bars; else as options to type next */
    bool cut;                   /* these options in one line per facet */
    unsigned lines;             /* maximum for the whole output; 0: no limit */
    const char *const *command; /* the command line, as sks_invocation_put takes it; NULL: unknown */
} sks_print_how;

/* Print the total, how the query was read, the hits, the counts of the facets, and how to continue. result answers
 * query. Returns the number of hits that fit. */
size_t sks_print_result (sks_buffer *out, const sks_terminal *terminal, const sks_query *query,
                         const sks_result *result, const sks_print_how *how);

/* Print the notes about names: how they were read, and values that no statement has; one line each. */
void sks_print_names (sks_buffer *out, const sks_terminal *terminal, const sks_note *notes, size_t count);

/* Print the other notes, each with the beginning of the part of the query `text` that it is about. */
void sks_print_notes (sks_buffer *out, const sks_terminal *terminal, const char *text, const sks_note *notes,
                      size_t count);

/* The hits alone, numbered from `first` on, each with its text and a line below it: level, occupation, place in the
 * level. Hits of several occupations with the same text are shown together, under the first of them.
 *   full   a line with score and id, too. */
void sks_print_hits (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, uint64_t first,
                     bool full);

/* How many hits fit into `lines` lines, at least one if there is any. Each number of hits is written and measured,
 * because a hit that is only named under another one takes lines as well. */
size_t sks_print_hits_that_fit (const sks_terminal *terminal, const sks_result *result, uint64_t first, bool full,
                                unsigned lines);

/* The counts of the facets as bars. */
void sks_print_facets (sks_buffer *out, const sks_terminal *terminal, const sks_result *result);

/* The same as options to type next: "--level proficient (23), advanced (4)".
 *   cut   one line for each facet, with as many values as it holds; facets that leave no choice are left out. */
void sks_print_facets_narrow (sks_buffer *out, const sks_terminal *terminal, const sks_result *result, bool cut);

/* What failed and what to do next. A query that was refused is shown with a
 * caret below the byte what->at; query may be NULL.
 *   advice   lines in place of the usual advice; NULL: none. */
void sks_print_failure (sks_buffer *out, const sks_terminal *terminal, const char *query, const sks_error *what,
                        const char *advice);

/* The same in the shape that the daemon gives to its own failures. */
void sks_print_failure_json (sks_buffer *out, const sks_error *err);

/* The daemon's statistics as a table: every figure that it has, those with a known unit in a readable form. */
void sks_print_stats (sks_buffer *out, const sks_daemon_stats *stats);

/* The answers of the other operations. Each returns whether anything was found.
 *   duty    words that the duties were to have, or NULL.
 *   words   show what each level gained and lost.
 *   text    what was mapped or analyzed. */
bool sks_print_comparison (sks_buffer *out, const sks_terminal *terminal, const sks_comparison *comparison,
                           const char *duty, bool words);
bool sks_print_crosswalk (sks_buffer *out, const sks_terminal *terminal, const sks_crosswalk *crosswalk);
bool sks_print_mapping (sks_buffer *out, const sks_terminal *terminal, const sks_mapping *mapping, const char *text);
bool sks_print_completions (sks_buffer *out, const sks_terminal *terminal, const sks_completions *completions);
bool sks_print_analysis (sks_buffer *out, const sks_terminal *terminal, const sks_analysis *analysis, const char *text);

/* An occupation as its export describes it, with its statements numbered from 1 through all levels. */
void sks_print_record (sks_buffer *out, const sks_terminal *terminal, const sks_record *record);

/* A line below a comparison or a crosswalk of which some long statements were
 * compared by some of their words only. */
void sks_print_partial (sks_buffer *out, const sks_terminal *terminal);

/* Add a line below an answer whose statements were also compared by word vectors; else nothing. */
void sks_print_compared_by (sks_buffer *out, const sks_terminal *terminal, const char *compared_by);

/* A reason for a likeness: a common word, or two words of similar meaning: "fix ~ repair". */
void sks_print_reason (sks_buffer *out, const sks_share *reason);

/* A text that is wrapped with all lines starting at column `indent`; its spans are marked. */
void sks_print_wrapped (sks_buffer *out, const sks_terminal *terminal, const char *text, const sks_span *spans,
                        size_t count, unsigned indent);

/* The line below a text: level, occupation, place in the level. The title is cut so that one line is enough. */
void sks_print_origin (sks_buffer *out, const sks_terminal *terminal, const sks_hit *hit, unsigned indent);

/* A heading, wrapped. */
void sks_print_title (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line);

/* A line, wrapped; it empties the buffer `line`. */
void sks_print_line (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line);

/* A line of small print; it empties the buffer `line`. */
void sks_print_aside (sks_buffer *out, const sks_terminal *terminal, sks_buffer *line, unsigned indent);

#endif
