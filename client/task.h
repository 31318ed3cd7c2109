/* task.h - the commands one by one, for commands.c only: each asks through the public calls of the library and
 * writes its answer in the requested format. All return an exit status of session.h. */
#ifndef SKS_TASK_H
#define SKS_TASK_H

#include "session.h"

int sks_task_search (sks_session *session);
int sks_task_facets (sks_session *session);
int sks_task_get (sks_session *session);
int sks_task_similar (sks_session *session);
int sks_task_occupation (sks_session *session);
int sks_task_compare (sks_session *session);
int sks_task_crosswalk (sks_session *session);
int sks_task_map (sks_session *session);
int sks_task_suggest (sks_session *session);
int sks_task_analyze (sks_session *session);
int sks_task_export (sks_session *session);
int sks_task_browse (sks_session *session);
int sks_task_stats (sks_session *session);
int sks_task_top (sks_session *session);
int sks_task_ping (sks_session *session);
int sks_task_keygen (sks_session *session);

/* Report on stderr how names were read; for formats that cannot include it. */
void sks_task_report_names (const sks_note *notes, size_t count);

#endif
