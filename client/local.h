/* local.h - an index that is searched without a daemon: skillsearchd runs as a private process for the life of a
 * command, so that a search without a daemon gives the same answers in the same encoding.
 *
 * Another process, the keeper, waits for the end of the command, in whatever way it ends, also by SIGKILL. It ends
 * skillsearchd and removes the folder of its socket, which only the user can enter. */
#ifndef SKS_LOCAL_H
#define SKS_LOCAL_H

#include <skillsearch.h>

#define SKS_LOCAL_NO_INDEX ": no index here" /* what skillsearchd reports, after the folder */

typedef struct sks_local sks_local;

/* Start skillsearchd and wait until it can answer.
 *   index        folder of the index; NULL: the daemon's choice, as skillsearchd(8) has it.
 *   timeout_ms   how long to wait; 0: 30,000.
 *   *out         caller owns it; free with sks_local_close. NULL on failure.
 * The process must have one thread. Returns 0, SKS_ENOTFOUND (there is no such folder, or no index in it; the text
 * begins with the folder and SKS_LOCAL_NO_INDEX), SKS_EINDEX (a damaged one, another format), SKS_EINVALID (the daemon
 * refuses the name), SKS_EDEADLINE, SKS_EIO (skillsearchd is not found or does not start) or SKS_ENOMEM. */
int sks_local_open (sks_local **out, const char *index, uint32_t timeout_ms, sks_error *err);

/* The endpoint of skillsearchd. Borrowed: valid until sks_local_close. */
const char *sks_local_endpoint (const sks_local *local);

/* End skillsearchd, wait for its end, and remove its folder. Takes ownership, sets *local_p to NULL; safe on NULL. */
void sks_local_close (sks_local **local_p);

#endif
