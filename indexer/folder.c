/* folder.c - after every step, `current` is a complete generation. */
#include "folder.h"

#include "array.h"
#include "lock.h"
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_LINK "current.new"
#define ASIDE "current.damaged"     /* what was in the place of the link */
#define MAX_NUMBER (UINT64_MAX / 2) /* of a generation */

/* Longest path of an index folder; leaves space for the names below it. */
#define FOLDER_BYTES (PATH_MAX - NAME_MAX - 32)

struct sks_folder {
    char path[FOLDER_BYTES];
    sks_lock lock;
    uint64_t current;
    uint64_t named;     /* named by the link, whether it exists or not; 0 without one */
    uint64_t before;    /* the current one before the last publish */
    uint64_t begun;     /* the one that a killed run was about to make current; 0 without one */
    const char *damage; /* of the link; NULL for none */
    uint64_t *numbers;  /* ascending */
    size_t count, capacity;
};

static void
join_path (char *out, size_t size, const sks_folder *folder, const char *name)
{
    if ((size_t) snprintf (out, size, "%s/%s", folder->path, name) >= size)
        out[0] = '\0';
}

static int
remove_entry (const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void) status, (void) kind, (void) place;
    return remove (path);
}

int
sks_folder_erase (const char *path)
{
    return nftw (path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The number after prefix in name, 0 if name does not have that form. */
static uint64_t
number_of (const char *name, const char *prefix)
{
    size_t size = strlen (prefix);
    if (strncmp (name, prefix, size) != 0 || name[size] < '1' || name[size] > '9')
        return 0;
    char *end;
    unsigned long long number = strtoull (name + size, &end, 10);
    return *end || number > MAX_NUMBER ? 0 : number;
}

static int
ascending (const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *) left, b = *(const uint64_t *) right;
    return (a > b) - (a < b);
}

/* Call `take` for each name in the folder until it fails. */
static int
each_name (sks_folder *folder, int (*take) (sks_folder *folder, const char *name, sks_error *err), sks_error *err)
{
    DIR *stream = opendir (folder->path);
    if (!stream)
        return sks_fail_errno (err, "%s", folder->path);
    int code = 0;
    while (!code) {
        errno = 0;
        struct dirent *entry = readdir (stream);
        if (!entry) {
            code = errno ? sks_fail_errno (err, "%s", folder->path) : 0;
            break;
        }
        code = take (folder, entry->d_name, err);
    }
    closedir (stream);
    return code;
}

static int
take_generation (sks_folder *folder, const char *name, sks_error *err)
{
    uint64_t number = number_of (name, "gen-");
    if (!number)
        return 0;
    if (!sks_array_reserve (&folder->numbers, &folder->capacity, folder->count + 1, sizeof *folder->numbers))
        return sks_fail_memory (err);
    folder->numbers[folder->count++] = number;
    return 0;
}

/* The generation that the link points to, in any spelling; 0 if it is not a generation of this index. */
static uint64_t
linked_generation (const sks_folder *folder, const struct stat *linked)
{
    char path[PATH_MAX];
    struct stat status;
    for (size_t i = folder->count; i-- > 0;) {
        sks_folder_path (folder, folder->numbers[i], path, sizeof path);
        if (stat (path, &status) == 0 && status.st_dev == linked->st_dev && status.st_ino == linked->st_ino)
            return folder->numbers[i];
    }
    return 0;
}

/* The generation that the text of a link names, 0 without one. */
static uint64_t
named_by (const sks_folder *folder, const char *name)
{
    char path[PATH_MAX], target[PATH_MAX];
    join_path (path, sizeof path, folder, name);
    ssize_t size = readlink (path, target, sizeof target - 1);
    target[size < 0 ? 0 : size] = '\0';
    return number_of (target, "gen-");
}

static int
read_link (sks_folder *folder, sks_error *err)
{
    char path[PATH_MAX];
    struct stat status;
    join_path (path, sizeof path, folder, SKS_CURRENT_LINK);
    folder->current = folder->named = 0;
    folder->damage = NULL;
    if (lstat (path, &status) < 0) {
        if (errno != ENOENT)
            return sks_fail_errno (err, "%s", path);
        folder->damage = folder->count ? "is missing, but there are generations" : NULL;
        return 0;
    }
    if (!S_ISLNK (status.st_mode)) {
        folder->damage = "is not a symbolic link";
        return 0;
    }
    folder->named = named_by (folder, SKS_CURRENT_LINK);
    if (stat (path, &status) == 0)
        folder->current = linked_generation (folder, &status);
    if (folder->current)
        folder->named = folder->current;
    else
        folder->damage = "points to no generation";
    return 0;
}

static int
scan (sks_folder *folder, sks_error *err)
{
    folder->count = 0;
    int code = each_name (folder, take_generation, err);
    if (folder->count)
        qsort (folder->numbers, folder->count, sizeof *folder->numbers, ascending);
    return code ? code : read_link (folder, err);
}

static int
erase_left (sks_folder *folder, const char *name, sks_error *err)
{
    char path[PATH_MAX];
    if (!number_of (name, "building-") && strcmp (name, NEW_LINK) != 0)
        return 0;
    join_path (path, sizeof path, folder, name);
    return sks_folder_erase (path) == 0 ? 0 : sks_fail_errno (err, "%s", path);
}

/* A first run that was killed before it renamed its link had published everything else: make the generation current
 * now. */
static int
finish_first (sks_folder *folder, sks_error *err)
{
    char link[PATH_MAX], fresh[PATH_MAX];
    struct stat status;
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    join_path (fresh, sizeof fresh, folder, NEW_LINK);
    bool killed = lstat (link, &status) < 0 && errno == ENOENT && lstat (fresh, &status) == 0 &&
                  S_ISLNK (status.st_mode) && stat (fresh, &status) == 0;
    if (!killed)
        return 0;
    return rename (fresh, link) == 0 ? sks_path_sync (folder->path, err) : sks_fail_errno (err, "%s", link);
}

/* Remove what a killed run left unfinished. */
static int
clean (sks_folder *folder, sks_error *err)
{
    return each_name (folder, erase_left, err);
}

int
sks_folder_open (sks_folder **out, const char *path, int writing, sks_error *err)
{
    *out = NULL;
    sks_folder *folder = calloc (1, sizeof *folder);
    if (!folder)
        return sks_fail_memory (err);
    folder->lock = (sks_lock) SKS_LOCK_INIT;
    int code = 0;
    if (!*path)
        code = sks_fail (err, SKS_EINVALID, "the path of the index is empty");
    else if (strlen (path) >= sizeof folder->path)
        code = sks_fail (err, SKS_EINVALID, "%s: the path is too long", path);
    else
        snprintf (folder->path, sizeof folder->path, "%s", path);
    if (!code && writing)
        code = sks_lock_take (&folder->lock, folder->path, err);
    folder->begun = code ? 0 : named_by (folder, NEW_LINK);
    if (!code && writing)
        code = finish_first (folder, err);
    if (!code && writing)
        code = clean (folder, err);
    if (!code)
        code = scan (folder, err);
    if (code)
        sks_folder_close (&folder);
    *out = folder;
    return code;
}

void
sks_folder_close (sks_folder **folder_p)
{
    sks_folder *folder = *folder_p;
    if (!folder)
        return;
    *folder_p = NULL;
    sks_lock_release (&folder->lock, folder->path, !folder->count);
    free (folder->numbers);
    free (folder);
}

uint64_t
sks_folder_current (const sks_folder *folder)
{
    return folder->current;
}

uint64_t
sks_folder_highest (const sks_folder *folder)
{
    return folder->count ? folder->numbers[folder->count - 1] : 0;
}

const uint64_t *
sks_folder_numbers (const sks_folder *folder, size_t *count)
{
    *count = folder->count;
    return folder->numbers;
}

uint64_t
sks_folder_before (const sks_folder *folder, uint64_t number)
{
    uint64_t before = 0;
    for (size_t i = 0; i < folder->count && folder->numbers[i] < number; i++)
        before = folder->numbers[i];
    return before;
}

bool
sks_folder_has (const sks_folder *folder, uint64_t number)
{
    return number && sks_folder_before (folder, number + 1) == number;
}

int
sks_folder_check (const sks_folder *folder, sks_error *err)
{
    return folder->damage
               ? sks_fail (err, SKS_EINDEX, "%s/" SKS_CURRENT_LINK ": damaged: it %s", folder->path, folder->damage)
               : 0;
}

bool
sks_folder_unpublished (const sks_folder *folder, uint64_t number)
{
    return number > folder->current && number == folder->begun;
}

uint64_t
sks_folder_named (const sks_folder *folder)
{
    return folder->named ? folder->named : UINT64_MAX;
}

uint64_t
sks_folder_newest (const sks_folder *folder, sks_folder_opens *opens)
{
    uint64_t newest = 0, from = sks_folder_named (folder);
    for (size_t i = folder->count; i-- > 0;) {
        uint64_t number = folder->numbers[i];
        if (number > from && newest)
            continue;
        if (!opens (folder, number))
            continue;
        if (number <= from)
            return number;
        newest = number;
    }
    return newest;
}

const char *
sks_folder_root (const sks_folder *folder)
{
    return folder->path;
}

void
sks_folder_path (const sks_folder *folder, uint64_t number, char *out, size_t size)
{
    snprintf (out, size, "%s/gen-%" PRIu64, folder->path, number);
}

void
sks_folder_building (const sks_folder *folder, uint64_t number, char *out, size_t size)
{
    snprintf (out, size, "%s/building-%" PRIu64, folder->path, number);
}

int
sks_folder_begin (sks_folder *folder, uint64_t number, sks_error *err)
{
    char path[PATH_MAX];
    sks_folder_building (folder, number, path, sizeof path);
    if (number > MAX_NUMBER)
        return sks_fail (err, SKS_EINVALID, "%s: no number is left after gen-%" PRIu64, folder->path, number - 1);
    return mkdir (path, 0755) < 0 ? sks_fail_errno (err, "%s", path) : 0;
}

/* Create the new link, which will replace the current one. */
static int
prepare_link (sks_folder *folder, uint64_t number, sks_error *err)
{
    char target[64], fresh[PATH_MAX];
    snprintf (target, sizeof target, "gen-%" PRIu64, number);
    join_path (fresh, sizeof fresh, folder, NEW_LINK);
    return symlink (target, fresh) < 0 ? sks_fail_errno (err, "%s", fresh) : 0;
}

/* Replace the current link by the new one. */
static int
place_link (sks_folder *folder, uint64_t number, sks_error *err)
{
    char fresh[PATH_MAX], link[PATH_MAX];
    join_path (fresh, sizeof fresh, folder, NEW_LINK);
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    if (rename (fresh, link) < 0)
        return sks_fail_errno (err, "%s", link);
    folder->current = folder->named = number;
    folder->damage = NULL;
    return 0;
}

/* Rename a file or folder in the place of the link; it may be a copy of a generation, so it is not removed. */
static int
make_way (sks_folder *folder, sks_error *err)
{
    char link[PATH_MAX], aside[PATH_MAX];
    struct stat status;
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    join_path (aside, sizeof aside, folder, ASIDE);
    if (lstat (link, &status) < 0 || S_ISLNK (status.st_mode))
        return 0;
    if (lstat (aside, &status) == 0)
        return sks_fail (err, SKS_EIO, "%s: is in the way of %s; remove it", aside, link);
    return rename (link, aside) == 0 ? 0 : sks_fail_errno (err, "%s", aside);
}

/* Make the prepared link current. If the change cannot be synced, the previous one is made current again: a failed
 * run changes nothing. */
static int
switch_link (sks_folder *folder, uint64_t number, sks_error *err)
{
    char link[PATH_MAX];
    uint64_t before = folder->current;
    int code = make_way (folder, err);
    if (!code)
        code = place_link (folder, number, err);
    if (!code)
        code = sks_path_sync (folder->path, err);
    if (!code || folder->current == before)
        return code;
    if (before && prepare_link (folder, before, NULL) == 0)
        place_link (folder, before, NULL);
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    if (!before && unlink (link) == 0)
        folder->current = folder->named = 0;
    return code;
}

int
sks_folder_switch (sks_folder *folder, uint64_t number, sks_error *err)
{
    int code = prepare_link (folder, number, err);
    return code ? code : switch_link (folder, number, err);
}

int
sks_folder_publish (sks_folder *folder, uint64_t number, sks_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    uint64_t before = folder->current;
    sks_folder_building (folder, number, from, sizeof from);
    sks_folder_path (folder, number, to, sizeof to);
    int code = sks_path_sync (from, err);
    /* If a first run is killed after this, this link remains, so its generation is not mistaken for one whose link was
     * lost. */
    if (!code)
        code = prepare_link (folder, number, err);
    if (code)
        return code;
    if (rename (from, to) < 0)
        return sks_fail_errno (err, "%s", to);
    code = sks_path_sync (folder->path, err);
    if (!code)
        code = switch_link (folder, number, err);
    if (code && folder->current != number)
        sks_folder_erase (to);
    folder->before = before ? before : number;
    return code;
}

int
sks_folder_replace (sks_folder *folder, uint64_t number, sks_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    sks_folder_building (folder, number, from, sizeof from);
    sks_folder_path (folder, number, to, sizeof to);
    int code = sks_path_sync (from, err);
    if (code)
        return code;
    bool done = renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0;
    bool able = done || (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP);
    if (!done && (able || sks_folder_erase (to) != 0 || rename (from, to) < 0))
        return sks_fail_errno (err, "%s", to);
    code = sks_path_sync (folder->path, err);
    if (!code && done && sks_folder_erase (from) != 0)
        code = sks_fail_errno (err, "%s", from);
    return code;
}

int
sks_folder_prune (sks_folder *folder, unsigned keep, uint64_t sound, sks_folder_opens *opens, sks_error *err)
{
    char path[PATH_MAX];
    int code = scan (folder, err);
    unsigned kept = 0;
    for (size_t i = folder->count; !code && i-- > 0;) {
        uint64_t number = folder->numbers[i];
        bool current = number == folder->current;
        bool stays = current || (number <= folder->before && kept < keep);
        kept += stays && (current || number == sound || opens (folder, number));
        sks_folder_path (folder, number, path, sizeof path);
        if (!stays && sks_folder_erase (path) != 0)
            code = sks_fail_errno (err, "%s", path);
    }
    return code ? code : scan (folder, err);
}

void
sks_folder_abandon (sks_folder *folder)
{
    clean (folder, NULL);
}
