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
#define MAX_NUMBER (UINT64_MAX / 2) /* of a generation; the next one must fit too */

/* Longest path of an index folder; leaves room for the names below it. */
#define FOLDER_BYTES (PATH_MAX - NAME_MAX - 32)

struct sks_folder {
    char path[FOLDER_BYTES];
    int lock;    /* descriptor, -1 unless it is held */
    size_t made; /* bytes of path as far as the first folder that opening made; 0 for none */
    uint64_t current;
    uint64_t before;                   /* what was current before the last publish */
    uint64_t numbers[MAX_GENERATIONS]; /* ascending */
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

int
sks_folder_erase (const char *path)
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
        if (left && sks_folder_erase (path) != 0)
            code = sks_fail_errno (err, "%s", path);
    }
    closedir (stream);
    return code;
}

/* Make the first `size` bytes of the path a folder, and sync the one it is in. */
static int
make_part (sks_folder *folder, size_t size, sks_error *err)
{
    char part[FOLDER_BYTES];
    snprintf (part, sizeof part, "%.*s", (int) size, folder->path);
    if (mkdir (part, 0755) < 0)
        return errno == EEXIST ? 0 : sks_fail_errno (err, "%s", part);
    if (!folder->made)
        folder->made = size;
    while (size && part[size - 1] == '/')
        size--;
    while (size && part[size - 1] != '/')
        size--;
    part[size] = '\0';
    return sync_path (size ? part : ".", err);
}

static int
make_folders (sks_folder *folder, sks_error *err)
{
    int code = 0;
    for (const char *slash = folder->path + 1; !code && (slash = strchr (slash, '/')); slash++)
        code = make_part (folder, (size_t) (slash - folder->path), err);
    return code ? code : make_part (folder, strlen (folder->path), err);
}

/* Remove the folders this run made, when nothing was published in them. The
 * lock is still held: who waits for it finds another file, or none. */
static void
unmake_folders (sks_folder *folder)
{
    char path[PATH_MAX];
    join_path (path, sizeof path, folder, LOCK_FILE);
    unlink (path);
    snprintf (path, sizeof path, "%s", folder->path);
    for (size_t size = strlen (path); size >= folder->made; size--) {
        bool ends = path[size] == '\0' || path[size] == '/';
        path[size] = '\0';
        if (ends && path[size - 1] != '/' && rmdir (path) < 0)
            return;
    }
}

/* Whether the lock file is still the one that was opened: another run may have
 * removed it with the folder that it had made in vain. */
static bool
is_there (int fd, const char *path)
{
    struct stat opened, named;
    return fstat (fd, &opened) == 0 && stat (path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

static int
take_lock (sks_folder *folder, sks_error *err)
{
    char path[PATH_MAX];
    join_path (path, sizeof path, folder, LOCK_FILE);
    int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644), code = 0;
    bool taken = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
    if (!taken && !(fd >= 0 && errno == EWOULDBLOCK))
        code = sks_fail_errno (err, "%s", path);
    else if (!taken || !is_there (fd, path))
        code = sks_fail (err, SKS_ELOCKED, "%s: locked: another indexer is at work on this index", folder->path);
    if (code && fd >= 0)
        close (fd);
    folder->lock = code ? -1 : fd;
    return code;
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
        code = make_folders (folder, err);
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
    sks_folder *folder = *folder_p;
    if (!folder)
        return;
    *folder_p = NULL;
    if (folder->lock >= 0 && folder->made && !folder->current)
        unmake_folders (folder);
    if (folder->lock >= 0)
        close (folder->lock);
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
place_link (sks_folder *folder, uint64_t number, sks_error *err)
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
    return 0;
}

/* Make a generation current. If that cannot be brought to disk, the one before
 * is made current again: a failed run changes nothing. */
static int
switch_link (sks_folder *folder, uint64_t number, sks_error *err)
{
    char link[PATH_MAX];
    uint64_t before = folder->current;
    int code = place_link (folder, number, err);
    if (!code)
        code = sync_path (folder->path, err);
    if (!code || folder->current == before)
        return code;
    if (before)
        place_link (folder, before, NULL);
    join_path (link, sizeof link, folder, SKS_CURRENT_LINK);
    if (!before && unlink (link) == 0)
        folder->current = 0;
    return code;
}

int
sks_folder_publish (sks_folder *folder, uint64_t number, sks_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    uint64_t before = folder->current;
    sks_folder_building (folder, number, from, sizeof from);
    sks_folder_path (folder, number, to, sizeof to);
    int code = sync_path (from, err);
    if (code)
        return code;
    if (rename (from, to) < 0)
        return sks_fail_errno (err, "%s", to);
    code = sync_path (folder->path, err);
    if (!code)
        code = switch_link (folder, number, err);
    if (code && folder->current != number)
        sks_folder_erase (to);
    folder->before = before;
    return code;
}

int
sks_folder_prune (sks_folder *folder, unsigned keep, sks_error *err)
{
    char path[PATH_MAX];
    int code = scan (folder, err);
    unsigned kept = 0;
    for (size_t i = folder->count; !code && i-- > 0;) {
        uint64_t number = folder->numbers[i];
        bool stays = number == folder->current || (number <= folder->before && kept < keep);
        kept += stays;
        sks_folder_path (folder, number, path, sizeof path);
        if (!stays && sks_folder_erase (path) != 0)
            code = sks_fail_errno (err, "%s", path);
    }
    return code ? code : scan (folder, err);
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
