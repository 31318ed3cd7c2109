/* destination.h - files that appear when all of them are complete: each is written under another name in its folder,
 * and renamed at the end. If the program fails, or is ended by SIGINT, SIGTERM or SIGHUP, none appears and nothing is
 * left. */
#ifndef SKS_DESTINATION_H
#define SKS_DESTINATION_H

#include <skillsearch.h>
#include <stdbool.h>

typedef struct sks_destination sks_destination;

/* Begin. One at a time.
 *   folder   where the files go; it is created if it does not exist. NULL: the names of files are paths.
 *   *out     caller owns it; free with sks_destination_close. NULL on failure.
 * Returns 0, SKS_EIO or SKS_ENOMEM. */
int sks_destination_open (sks_destination **out, const char *folder, sks_error *err);

/* Begin the next file; the one before is complete. A file that exists is replaced and keeps its mode, through a
 * symbolic link, too. Refused: a link that leads to nothing, and a file that may not be written. Into anything that is
 * not a file, such as a device or a pipe, bytes are written at once. */
int sks_destination_begin (sks_destination *destination, const char *name, sks_error *err);

/* Write to the current file. */
int sks_destination_write (sks_destination *destination, const char *bytes, size_t size, sks_error *err);

/* Whether bytes were written into something that is not a file, from where they cannot be taken back. False for
 * NULL. */
bool sks_destination_streams (const sks_destination *destination);

/* Make all files appear. */
int sks_destination_commit (sks_destination *destination, sks_error *err);

/* Remove what has not appeared. Takes ownership; sets *destination_p to NULL. Safe on NULL. */
void sks_destination_close (sks_destination **destination_p);

#endif
