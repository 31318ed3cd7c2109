/* diff_print.h - a diff for people, for programs, and for line tools. */
#ifndef SKS_DIFF_PRINT_H
#define SKS_DIFF_PRINT_H

#include "diff.h"

/* A line of counts, then each changed occupation with its changes below it.
 * Control characters and marks that turn the direction of writing are shown as
 * \x1b and \u202e. */
void sks_diff_print_text (const sks_diff *diff, sks_buffer *out);

/* One object; docs/schema/diff.json describes it. */
void sks_diff_print_json (const sks_diff *diff, sks_buffer *out);

/* A line for each change, with tabs between: kind, id before, id after, likeness,
 * text before, text after; a missing one is empty. Control characters are escaped as in the text form. */
void sks_diff_print_tsv (const sks_diff *diff, sks_buffer *out);

#endif
