/* publish.c - every step leaves a whole generation under `current`. */
#include "publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "lock"
#define NEW_LINK "current.new"
#define MAX_GENERATIONS 4096
#define MAX_NUMBER (UINT64_MAX / 2)  /* of a generation; the next one must fit too */

/* Longest path of an index folder; leaves room for the names below it. */
#define FOLDER_BYTES (PATH_MAX - NAME_MAX - 32)

struct sks_folder {
    char path[FOLDER_BYTES];
    int lock;              /* descriptor, -1 when reading only */
    uint64_t current;
    uint64_t numbers[MAX_GENERATIONS];  /* ascending */
    size_t count;
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

static int
remove_tree (const char *path)
{
    return nftw (path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int
sync_path (const char *path, sks_error *err)
{
    int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd < 0 || fsync (fd) < 0 ? sks_fail_errno (err, "%s", path) : 0;
    if (fd >= 0)
        close (fd);
    return code;
}

/* The number behind prefix in name, 0 if it is not of that form. */
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

static int
scan (sks_folder *folder, sks_error *err)
{
    char path[PATH_MAX], target[NAME_MAX + 1];
    folder->count = 0;
    folder->current = 0;
    DIR *stream = opendir (folder->path);
    if (!stream)
        return sks_fail_errno (err, "%s", folder->path);
    for (struct dirent *entry; (entry = readdir (stream));) {
        uint64_t number = number_of (entry->d_name, "gen-");
        if (number && folder->count < MAX_GENERATIONS)
            folder->numbers[folder->count++] = number;
    }
    closedir (stream);
    qsort (folder->numbers, folder->count, sizeof *folder->numbers, ascending);
    join_path (path, sizeof path, folder, SKS_CURRENT_LINK);
    ssize_t size = readlink (path, target, sizeof target - 1);
    if (size > 0) {
        target[size] = '\0';
        folder->current = number_of (target, "gen-");
    }
    return 0;
}

/* Remove what a killed run left half-built. */
static int
clean (sks_folder *folder, sks_error *err)
{
    DIR *stream = opendir (folder->path);
    if (!stream)
        return sks_fail_errno (err, "%s", folder->path);
    int code = 0;
    for (struct dirent *entry; !code && (entry = readdir (stream));) {
        char path[PATH_MAX];
        join_path (path, sizeof path, folder, entry->d_name);
        bool left = number_of (entry->d_name, "building-") || strcmp (entry->d_name, NEW_LINK) == 0;
        if (left && remove_tree (path) != 0)
            code = sks_fail_errno (err, "%s", path);
    }
    closedir (stream);
    return code;
}

static int
make_folders (const char *path, sks_error *err)
{
    char part[PATH_MAX];
    snprintf (part, sizeof part, "%s", path);
    for (char *slash = part + 1; (slash = strchr (slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir (part, 0755) < 0 && errno != EEXIST)
            return sks_fail_errno (err, "%s", part);
        *slash = '/';
    }
    return mkdir (part, 0755) < 0 && errno != EEXIST ? sks_fail_errno (err, "%s", part) : 0;
}

static int
take_lock (sks_folder *folder, sks_error *err)
{
    char path[PATH_MAX];
    join_path (path, sizeof path, folder, LOCK_FILE);
    folder->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (folder->lock < 0)
        return sks_fail_errno (err, "%s", path);
    if (flock (folder->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return sks_fail (err, SKS_ELOCKED, "%s: locked: another indexer is at work on this index", folder->path);
    return sks_fail_errno (err, "%s", path);
}

int
sks_folder_open (sks_folder **out, const char *path, int writing, sks_error *err)
{
    *out = NULL;
    sks_folder *folder = calloc (1, sizeof *folder);
    if (!folder)
        return sks_fail_memory (err);
    folder->lock = -1;
    int code = 0;
    if (!*path)
        code = sks_fail (err, SKS_EINVALID, "the path of the index is empty");
    else if (strlen (path) >= sizeof folder->path)
        code = sks_fail (err, SKS_EINVALID, "%s: the path is too long", path);
    else
        snprintf (folder->path, sizeof folder->path, "%s", path);
    if (!code && writing)
        code = make_folders (path, err);
    if (!code && writing)
        code = take_lock (folder, err);
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
    if (!*folder_p)
        return;
    if ((*folder_p)->lock >= 0)
        close ((*folder_p)->lock);
    free (*folder_p);
    *folder_p = NULL;
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

size_t
sks_folder_list (const sks_folder *folder, uint64_t *numbers, size_t room)
{
    size_t count = folder->count < room ? folder->count : room;
    memcpy (numbers, folder->numbers, count * sizeof *numbers);
    return count;
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
    return mkdir (path, 0755) < 0 ? sks_fail_errno (err, "%s", path) : 0;
}

static int
switch_link (sks_folder *folder, uint64_t number, sks_error *err)
{
    char target[64], fresh[PATH_MAX], link[PATH_MAX];
    snprintf (target, sizeof target, "gen-%" PRIu64, number);
    join_path (fresh, sizeof fresh, folder, NEW_LINK);
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    if (symlink (target, fresh) < 0)
        return sks_fail_errno (err, "%s", fresh);
    if (rename (fresh, link) < 0)
        return sks_fail_errno (err, "%s", link);
    folder->current = number;
    return sync_path (folder->path, err);
}

/* Remove all generations but the newest `keep` ones. Those between `before`,
 * the one that was current before, and the one that is now, were given up by a
 * rollback or left by a killed run: a rollback must never lead to them. */
static int
prune (sks_folder *folder, uint64_t before, unsigned keep, sks_error *err)
{
    char path[PATH_MAX];
    int code = scan (folder, err);
    unsigned kept = 0;
    for (size_t i = folder->count; !code && i-- > 0;) {
        uint64_t number = folder->numbers[i];
        bool stays = (number == folder->current || number <= before) && kept < keep;
        kept += stays;
        sks_folder_path (folder, number, path, sizeof path);
        if (!stays && remove_tree (path) != 0)
            code = sks_fail_errno (err, "%s", path);
    }
    return code ? code : scan (folder, err);
}

int
sks_folder_publish (sks_folder *folder, uint64_t number, unsigned keep, sks_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    uint64_t before = folder->current;
    sks_folder_building (folder, number, from, sizeof from);
    sks_folder_path (folder, number, to, sizeof to);
    int code = sync_path (from, err);
    if (!code && rename (from, to) < 0)
        code = sks_fail_errno (err, "%s", to);
    if (!code)
        code = sync_path (folder->path, err);
    if (!code)
        code = switch_link (folder, number, err);
    return code ? code : prune (folder, before, keep ? keep : 1, err);
}

int
sks_folder_rollback (sks_folder *folder, uint64_t *number, sks_error *err)
{
    *number = 0;
    for (size_t i = 0; i < folder->count && folder->numbers[i] < folder->current; i++)
        *number = folder->numbers[i];
    if (!*number)
        return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation before the current one", folder->path);
    return switch_link (folder, *number, err);
}

void
sks_folder_abandon (sks_folder *folder)
{
    clean (folder, NULL);
}
