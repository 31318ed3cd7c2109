/* ids.h - the words of a command that name statements: ids, numbers of the last answer, beginnings of ids, and "-" for
 * all of these on the standard input. */
#ifndef SKS_IDS_H
#define SKS_IDS_H

#include "session.h"

#define SKS_IDS_BYTES 4194304 /* of ids on the standard input */

/* The ids that the words of the command line name, in their order.
 *   *ids   count strings, borrowed: valid until the options are destroyed.
 * A beginning is resolved by the daemon's list of the ids of that occupation; one that begins no id stays as it is, as
 * the daemon reports it. Returns 0, SKS_EINVALID (a number that is not there, a beginning of several ids, no id at all),
 * the failures of sks_input_read and of sks_client_scan. */
int sks_ids_find (sks_session *session, const char *const **ids, size_t *count);

#endif
