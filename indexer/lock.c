/* lock.c - flock(2) on a file that may be removed, and folders that may be created, by another run. */
#include "lock.h"

#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "lock"

static void
name_file (char path[PATH_MAX], const char *folder)
{
    if (snprintf (path, PATH_MAX, "%s/%s", folder, LOCK_FILE) >= PATH_MAX)
        path[0] = '\0';
}

/* Create the folder named by the first `size` bytes of the path, and sync its parent. */
static int
make_part (sks_lock *lock, const char *folder, size_t size, sks_error *err)
{
    char part[PATH_MAX];
    snprintf (part, sizeof part, "%.*s", (int) size, folder);
    if (mkdir (part, 0755) < 0)
        return errno == EEXIST ? 0 : sks_fail_errno (err, "%s", part);
    if (!lock->made)
        lock->made = size;
    while (size && part[size - 1] == '/')
        size--;
    while (size && part[size - 1] != '/')
        size--;
    part[size] = '\0';
    return sks_path_sync (size ? part : ".", err);
}

static int
make_folders (sks_lock *lock, const char *folder, sks_error *err)
{
    int code = 0;
    for (const char *slash = folder + 1; !code && (slash = strchr (slash, '/')); slash++)
        code = make_part (lock, folder, (size_t) (slash - folder), err);
    return code ? code : make_part (lock, folder, strlen (folder), err);
}

/* Remove the lock file, while it is held or cannot be locked: another run that has opened it then notices
 * (is_there). */
static void
unmake_file (const char *folder)
{
    char path[PATH_MAX];
    name_file (path, folder);
    unlink (path);
}

/* Remove the folders that this run created. */
static void
unmake_folders (const sks_lock *lock, const char *folder)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s", folder);
    for (size_t size = strlen (path); size >= lock->made; size--) {
        bool ends = path[size] == '\0' || path[size] == '/';
        path[size] = '\0';
        if (ends && path[size - 1] != '/' && rmdir (path) < 0)
            return;
    }
}

/* Whether the lock file is still the one that was opened: another run may have removed it with a folder that it
 * created and did not use. */
static bool
is_there (int fd, const char *path)
{
    struct stat opened, named;
    return fstat (fd, &opened) == 0 && stat (path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

int
sks_lock_take (sks_lock *lock, const char *folder, sks_error *err)
{
    char path[PATH_MAX];
    *lock = (sks_lock) SKS_LOCK_INIT;
    int code = make_folders (lock, folder, err);
    if (code)
        return code;
    name_file (path, folder);
    /* Others may write in a folder that holds an index: a link would create a file elsewhere. */
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open (path, flags | O_EXCL, 0644);
    lock->created = fd >= 0;
    if (fd < 0 && errno == EEXIST)
        fd = open (path, flags, 0644);
    bool taken = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
    if (fd < 0 && errno == ELOOP)
        code = sks_fail (err, SKS_EIO, "%s: a symbolic link; remove it", path);
    else if (!taken && !(fd >= 0 && errno == EWOULDBLOCK))
        code = sks_fail_errno (err, "%s", path);
    else if (!taken || !is_there (fd, path))
        code = sks_fail (err, SKS_ELOCKED, "%s: locked: another indexer is running on this index", folder);
    if (code && code != SKS_ELOCKED && fd >= 0 && lock->created)
        unmake_file (folder);
    if (code && fd >= 0)
        close (fd);
    lock->fd = code ? -1 : fd;
    return code;
}

void
sks_lock_release (sks_lock *lock, const char *folder, bool unused)
{
    if (unused && lock->fd >= 0 && (lock->created || lock->made))
        unmake_file (folder);
    if (unused && lock->made)
        unmake_folders (lock, folder);
    if (lock->fd >= 0)
        close (lock->fd);
    *lock = (sks_lock) SKS_LOCK_INIT;
}
