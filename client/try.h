/* try.h - the first five minutes: exports are indexed into a folder that is emptied each time, and queried. */
#ifndef SKS_TRY_H
#define SKS_TRY_H

#include "session.h"

/* Index the files and folders that the words name into $XDG_CACHE_HOME/skillsearch/try (else ~/.cache), with
 * skillsearch-index, which writes its summary itself; then write how much there is, three questions made from it,
 * the answer to the first, and the next commands. Returns an exit status. */
int sks_try_run (sks_session *session);

#endif
