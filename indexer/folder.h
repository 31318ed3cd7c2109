/* folder.h - the index folder: generations, the link `current`, the lock.
 *
 *   DIR/lock         held while an indexer runs
 *   DIR/building-N/  a generation that is being built; never read
 *   DIR/gen-N/       a complete generation; never changed
 *   DIR/current      symbolic link to the published one, switched by rename(2)
 *   DIR/current.damaged  a file or folder that was in its place
 *
 * A run that is killed leaves at most a building-N folder or a current.new,
 * which the next run removes, or a gen-N without a link to it, which the next run that publishes removes. The first
 * run of an index makes current.new before gen-N; when it is killed in between, the next run makes that link current.
 * So generations without a link always mean damage. */
#ifndef SKS_FOLDER_H
#define SKS_FOLDER_H

#include "core/index/store.h"

#define SKS_DEFAULT_KEEP 2

typedef struct sks_folder sks_folder;

/* Open the index folder; `writing` creates it if needed, takes the lock and removes what a killed run left.
 *   *out   caller owns it; free with sks_folder_close. NULL on failure.
 * Returns 0, SKS_ELOCKED, SKS_EIO, SKS_EINVALID (path) or SKS_ENOMEM. */
int sks_folder_open (sks_folder **out, const char *path, int writing, sks_error *err);

/* Removes the folders that opening created if nothing was published. */
void sks_folder_close (sks_folder **folder_p);

/* The number of the current generation, 0 without one; the highest number. */
uint64_t sks_folder_current (const sks_folder *folder);
uint64_t sks_folder_highest (const sks_folder *folder);

/* The generation that the link names, whether it exists or not; without a link UINT64_MAX, so that no generation is
 * newer. */
uint64_t sks_folder_named (const sks_folder *folder);

/* 0, or SKS_EINDEX when generations exist but the link is missing, points to none of them, or is not a link. Such a
 * folder has no current generation, but that does not mean that there is no index. */
int sks_folder_check (const sks_folder *folder, sks_error *err);

/* All generations, ascending. Borrowed: valid until the folder is changed or closed. */
const uint64_t *sks_folder_numbers (const sks_folder *folder, size_t *count);

/* Whether a generation with this number exists; the last one before it, 0 without one. */
bool sks_folder_has (const sks_folder *folder, uint64_t number);
uint64_t sks_folder_before (const sks_folder *folder, uint64_t number);

/* Whether this generation was left by a run that was killed before publishing it. Known to the first run after that;
 * the next run that publishes removes it. */
bool sks_folder_unpublished (const sks_folder *folder, uint64_t number);

/* Checks whether a generation can be used; this module does not know the files in it. */
typedef bool sks_folder_opens (const sks_folder *folder, uint64_t number);

/* The newest generation that opens, 0 without one. Generations newer than the link's target were given up or never
 * published: they count only when no other opens. */
uint64_t sks_folder_newest (const sks_folder *folder, sks_folder_opens *opens);

/* The path of the index folder, as it was given. Borrowed: valid until it is closed. */
const char *sks_folder_root (const sks_folder *folder);

/* The path of a generation's folder, or of the folder where it is built. */
void sks_folder_path (const sks_folder *folder, uint64_t number, char *out, size_t size);
void sks_folder_building (const sks_folder *folder, uint64_t number, char *out, size_t size);

/* Create the folder where generation `number` is built. */
int sks_folder_begin (sks_folder *folder, uint64_t number, sks_error *err);

/* Publish the built generation: sync, rename, switch the link. On failure the current generation stays current. */
int sks_folder_publish (sks_folder *folder, uint64_t number, sks_error *err);

/* Replace an existing generation by the built one of the same number: sync, exchange the two folders, remove the old
 * one. The link stays as it is. For copies that are incomplete or damaged: a generation that is whole must not be
 * replaced by another one. On failure the old one stays, except on a file system that cannot exchange names: there it
 * may be gone. */
int sks_folder_replace (sks_folder *folder, uint64_t number, sks_error *err);

/* After publishing, remove all but the newest `keep` generations that open (at least the current one). Generations
 * between the previously current one and the new one are also removed: they were given up by a rollback or left by a
 * killed run, and a rollback must never lead to them. What cannot be removed stays; the next run that publishes tries
 * again.
 *   sound   a generation that this run has opened, so it is not opened again; 0 for none */
int sks_folder_prune (sks_folder *folder, unsigned keep, uint64_t sound, sks_folder_opens *opens, sks_error *err);

/* Make an existing generation current. If something other than a link is in the link's place, it is renamed to
 * current.damaged. On failure the current generation stays current. */
int sks_folder_switch (sks_folder *folder, uint64_t number, sks_error *err);

/* Remove a generation that was begun and not published. */
void sks_folder_abandon (sks_folder *folder);

/* Remove a file, or a folder with everything in it. Returns 0, or -1 with errno. */
int sks_folder_erase (const char *path);

#endif
