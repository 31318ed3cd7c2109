/* publish.h - the index folder: generations, the link `current`, the lock.
 *
 *   DIR/lock         held while an indexer runs
 *   DIR/building-N/  a generation in the making; never read
 *   DIR/gen-N/       a complete generation; never changed
 *   DIR/current      symbolic link to the published one, switched by rename(2)
 *   DIR/current.damaged  a file or folder that stood in its place
 *
 * A run that is killed leaves at most a building-N folder or a current.new,
 * which the next run removes, or a gen-N that no link names, which the next
 * one that publishes removes. The first run of an index makes current.new before
 * gen-N; when it was killed in between, the next run makes that link current. So
 * generations without a link are always damage. */
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

/* 0, or SKS_EINDEX when the link is lost although there are generations, leads to
 * none of them, or is no link. Such a folder has no current generation, and that
 * does not mean that there is no index. */
int sks_folder_check (const sks_folder *folder, sks_error *err);

/* All generations, ascending. Borrowed: valid until the folder is changed or closed. */
const uint64_t *sks_folder_numbers (const sks_folder *folder, size_t *count);

/* Whether there is a generation of this number; the last one before it, 0 for none. */
bool sks_folder_has (const sks_folder *folder, uint64_t number);
uint64_t sks_folder_before (const sks_folder *folder, uint64_t number);

/* Whether this one was left by a run that was killed before it was published. Known in
 * the first run after that; the next one to publish removes it. */
bool sks_folder_unpublished (const sks_folder *folder, uint64_t number);

/* Whether a generation can be used; the folder itself knows nothing of its files. */
typedef bool sks_folder_opens (const sks_folder *folder, uint64_t number);

/* The newest generation that opens, 0 for none. One after the one that the link names
 * was given up or never published: it counts when no other opens. */
uint64_t sks_folder_newest (const sks_folder *folder, sks_folder_opens *opens);

/* Path of a generation's folder, or of the one it is built in. */
void sks_folder_path (const sks_folder *folder, uint64_t number, char *out, size_t size);
void sks_folder_building (const sks_folder *folder, uint64_t number, char *out, size_t size);

/* Make the folder that generation `number` is built in. */
int sks_folder_begin (sks_folder *folder, uint64_t number, sks_error *err);

/* Publish what was built: sync, rename, switch the link. On failure the one that
 * was current still is. */
int sks_folder_publish (sks_folder *folder, uint64_t number, sks_error *err);

/* After that, remove all but the newest `keep` generations that open (at least the
 * current one). Those between the one that was current before and the one that is now
 * go, too: they were given up by a rollback or left by a killed run, and a rollback
 * must never lead to them. A failure leaves what could not be removed; the next run
 * that publishes tries again. */
int sks_folder_prune (sks_folder *folder, unsigned keep, sks_folder_opens *opens, sks_error *err);

/* Make a generation current that is there. What stands in the place of the link and
 * is none is renamed to current.damaged. On failure the one that was current still is. */
int sks_folder_switch (sks_folder *folder, uint64_t number, sks_error *err);

/* Remove what was begun and is not published. */
void sks_folder_abandon (sks_folder *folder);

/* Remove a file or a folder with all in it. Returns 0, or -1 with errno. */
int sks_folder_erase (const char *path);

#endif
