/* ids.h - reads statement ids from the words of a command: ids, prefixes of ids, numbers from the last answer, and
 * "-" for all of these from standard input. */
#ifndef SKS_IDS_H
#define SKS_IDS_H

#include "session.h"

#define SKS_IDS_BYTES 4194304 /* of ids on standard input */

/* The ids given by the words of the command line, in order.
 *   *ids   count strings, borrowed: valid until the options are destroyed.
 * A prefix is resolved with the daemon's list of ids of that occupation; one that matches no id is unchanged, and
 * the daemon reports it. Returns 0, SKS_EINVALID (an unknown number, an ambiguous prefix, no id at all), the
 * failures of sks_input_read and of sks_client_scan. */
int sks_ids_find (sks_session *session, const char *const **ids, size_t *count);

#endif
