/* top.h - live figures of the daemon. */
#ifndef SKS_TOP_H
#define SKS_TOP_H

#include "session.h"

/* Show the statistics every interval_s seconds, count times (0: endlessly), as the options say: on a terminal in place
 * until q or Ctrl-C, elsewhere one line or row per refresh. Returns 0, or the failure that ended it, in
 * session->err. */
int sks_top_run (sks_session *session);

/* One view of what happened between two sets of statistics, `seconds` apart. */
void sks_top_print (sks_buffer *out, const sks_terminal *terminal, const sks_daemon_stats *before,
                    const sks_daemon_stats *now, double seconds);

/* The same as one line; and the header line. */
void sks_top_print_line (sks_buffer *out, const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds);
void sks_top_print_names (sks_buffer *out);

/* The same figures as a row of a table. */
void sks_top_put_row (sks_table *table, const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds);

#endif
