/* recent.h - remembers the ids of the numbered statements in the last answer.
 *
 * It is kept in $XDG_STATE_HOME/skillsearch/answer (~/.local/state without the variable), which only its owner can
 * read. A new answer replaces the file at once, so that several commands at a time do no harm. */
#ifndef SKS_RECENT_H
#define SKS_RECENT_H

#include "core/base/arena.h"
#include "core/base/buffer.h"

/* Add a statement to the text of an answer. */
void sks_recent_put (sks_buffer *answer, uint64_t number, const char *id);
void sks_recent_put_hits (sks_buffer *answer, uint64_t first, const sks_result *result);

/* Replace the stored answer. If that fails, the old one is removed; only if it stays, standard error says so, as the
 * answer itself was shown. */
void sks_recent_keep (const sks_buffer *answer);

/* The id of a number in the stored answer.
 *   *out   borrowed: valid until the arena is destroyed.
 * Returns 0, SKS_EINVALID (there is no such number, or no answer) or SKS_ENOMEM. */
int sks_recent_find (sks_arena *memory, const char *number, const char **out, sks_error *err);

#endif
