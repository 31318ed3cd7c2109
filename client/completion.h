/* completion.h - the command "complete", which completes the last word of an unfinished command line. Shells call it
 * (client/shells). */
#ifndef SKS_COMPLETION_H
#define SKS_COMPLETION_H

#include "session.h"

/* Write one candidate per line, each for the whole last word, with its meaning after a tab. A line ":files" or
 * ":folders" stands for all names of files or folders. Codes, labels and words come from the daemon or the index that
 * the command line names; there are none without an answer within 300 ms or $SKILLSEARCH_COMPLETION_MS milliseconds.
 * Nothing is written to standard error.
 * Returns an exit status of session.h. */
int sks_completion_run (sks_session *session);

#endif
