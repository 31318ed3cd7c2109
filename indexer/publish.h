/* publish.h - the index folder: generations, the link `current`, the lock.
 *
 *   DIR/lock         held while an indexer runs
 *   DIR/building-N/  a generation in the making; never read
 *   DIR/gen-N/       a complete generation; never changed
 *   DIR/current      symbolic link to the published one, switched by rename(2)
 *
 * A run that is killed leaves at most a building-N folder or a current.new,
 * which the next run removes, or a gen-N that no link names, which the next
 * one that publishes removes. */
#ifndef SKS_PUBLISH_H
#define SKS_PUBLISH_H

#include "core/index/store.h"

#define SKS_DEFAULT_KEEP 2

typedef struct sks_folder sks_folder;

/* Open the index folder; `writing` makes it if needed, takes the lock and
 * removes what a killed run left.
 *   *out   caller owns it; free with sks_folder_close. NULL on failure.
 * Returns 0, SKS_ELOCKED, SKS_EIO, SKS_EINVALID (path) or SKS_ENOMEM. */
int sks_folder_open (sks_folder **out, const char *path, int writing, sks_error *err);

/* Folders that were made by opening are removed if nothing was published. */
void sks_folder_close (sks_folder **folder_p);

/* Number of the current generation, 0 if there is none; the highest number. */
uint64_t sks_folder_current (const sks_folder *folder);
uint64_t sks_folder_highest (const sks_folder *folder);

/* All generations, ascending: writes at most `room` numbers, returns how many. */
size_t sks_folder_list (const sks_folder *folder, uint64_t *numbers, size_t room);

/* Path of a generation's folder, or of the one it is built in. */
void sks_folder_path (const sks_folder *folder, uint64_t number, char *out, size_t size);
void sks_folder_building (const sks_folder *folder, uint64_t number, char *out, size_t size);

/* Make the folder that generation `number` is built in. */
int sks_folder_begin (sks_folder *folder, uint64_t number, sks_error *err);

/* Publish what was built: sync, rename, switch the link. On failure the one that
 * was current still is. */
int sks_folder_publish (sks_folder *folder, uint64_t number, sks_error *err);

/* After that, remove all but the newest `keep` generations (at least one). Those
 * between the one that was current before and the one that is now go, too: they
 * were given up by a rollback or left by a killed run, and a rollback must never
 * lead to them. A failure leaves what could not be removed; the next run that
 * publishes tries again. */
int sks_folder_prune (sks_folder *folder, unsigned keep, sks_error *err);

/* Point `current` at the generation before it. *number: that one. */
int sks_folder_rollback (sks_folder *folder, uint64_t *number, sks_error *err);

/* Remove what was begun and is not published. */
void sks_folder_abandon (sks_folder *folder);

/* Remove a file or a folder with all in it. Returns 0, or -1 with errno. */
int sks_folder_erase (const char *path);

#endif
