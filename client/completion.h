/* completion.h - the command "complete": how the last word of an unfinished command line may go on. Shells call it
 * (client/shells). */
#ifndef SKS_COMPLETION_H
#define SKS_COMPLETION_H

#include "session.h"

/* Write one candidate for the whole last word per line; after a tab what it means. A line ":files" or ":folders" stands
 * for names of files. Codes, labels and words are asked from the daemon or the index that the command line names; without
 * an answer within 300 ms, or what $SKILLSEARCH_COMPLETION_MS says, there are none. Nothing is written to standard error.
 * Returns an exit status of session.h. */
int sks_completion_run (sks_session *session);

#endif
