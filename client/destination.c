/* destination.c - writes files aside, and renames them. */
#include "destination.h"

#include "core/base/arena.h"
#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_NAMES 100 /* tried for a file that is written aside */

struct file {
    struct file *next;
    const char *path;  /* where it will be */
    const char *aside; /* where it is written */
};

struct sks_destination {
    sks_arena *memory;
    const char *folder;
    bool created;       /* the folder did not exist before */
    struct file *files; /* complete or current, the last one first; those that are renamed are taken off */
    FILE *stream;       /* the current one; NULL: none */
    const char *name;   /* of the current one, for messages */
    bool streams;       /* something that is not a file was opened: what was written into it is gone */
};

/* For the signal handler, which reads the list while the program adds to it; the folder is NULL if it existed
 * before. */
static struct file *volatile unfinished;
static const char *volatile created_folder;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[sizeof signals / sizeof *signals];

static void
remove_files (int number)
{
    for (const struct file *file = unfinished; file; file = file->next)
        unlink (file->aside);
    if (created_folder)
        rmdir (created_folder);
    signal (number, SIG_DFL);
    raise (number);
}

static void
set_files (sks_destination *destination, struct file *first)
{
    destination->files = first;
    unfinished = first;
}

int
sks_destination_open (sks_destination **out, const char *folder, sks_error *err)
{
    const struct sigaction action = { .sa_handler = remove_files };
    *out = NULL;
    sks_destination *destination = calloc (1, sizeof *destination);
    sks_arena *memory = destination ? sks_arena_create () : NULL;
    if (!memory) {
        free (destination);
        return sks_fail_memory (err);
    }
    *destination = (sks_destination) { .memory = memory, .folder = folder };
    destination->created = folder && mkdir (folder, 0777) == 0;
    if (folder && !destination->created && errno != EEXIST) {
        sks_fail_errno (err, "%s", folder);
        sks_arena_destroy (&memory);
        free (destination);
        return SKS_EIO;
    }
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction (signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction (signals[i], &action, NULL);
    }
    created_folder = destination->created ? folder : NULL;
    *out = destination;
    return 0;
}

/* Complete the current file. Many files are synced together when all are complete. */
static int
end_file (sks_destination *destination, sks_error *err)
{
    FILE *stream = destination->stream;
    int rc = 0;
    if (!stream)
        return 0;
    destination->stream = NULL;
    if (fflush (stream) != 0 || (!destination->folder && destination->files && fsync (fileno (stream)) != 0))
        rc = sks_fail_errno (err, "%s", destination->name);
    if (fclose (stream) != 0 && rc == 0)
        rc = sks_fail_errno (err, "%s", destination->name);
    return rc;
}

/* Create a file beside a path, and write its name. The first names may be in use: a program that was killed leaves its
 * file, and in a container the next one often has the same number. */
static int
create_aside (char aside[PATH_MAX], const char *path)
{
    const char *slash = strrchr (path, '/'), *base = slash ? slash + 1 : path;
    int descriptor = -1;
    errno = EEXIST;
    for (int i = 0; descriptor < 0 && errno == EEXIST && i < MOST_NAMES; i++) {
        int size =
            snprintf (aside, PATH_MAX, "%.*s.%.200s.%ld.new", (int) (base - path), path, base, (long) getpid () + i);
        errno = ENAMETOOLONG;
        if (size < PATH_MAX)
            descriptor = open (aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    return descriptor;
}

/* Open a file to be renamed.
 *   mode   of the file that it replaces; 0: there is none */
static int
open_aside (sks_destination *destination, const char *path, mode_t mode, sks_error *err)
{
    char aside[PATH_MAX];
    struct file *file = sks_arena_alloc (destination->memory, sizeof *file);
    const char *kept = sks_arena_copy (destination->memory, path, strlen (path));
    if (!file || !kept)
        return sks_fail_memory (err);
    int descriptor = create_aside (aside, path);
    if (descriptor < 0)
        return sks_fail_errno (err, "%s", path);
    const char *copy = sks_arena_copy (destination->memory, aside, strlen (aside));
    if (!copy) {
        close (descriptor);
        unlink (aside);
        return sks_fail_memory (err);
    }
    *file = (struct file) { destination->files, kept, copy };
    set_files (destination, file);
    if (mode)
        fchmod (descriptor, mode & 07777);
    destination->stream = fdopen (descriptor, "w");
    if (!destination->stream)
        close (descriptor);
    return destination->stream ? 0 : sks_fail_memory (err);
}

int
sks_destination_begin (sks_destination *destination, const char *name, sks_error *err)
{
    char path[PATH_MAX], target[PATH_MAX];
    struct stat what = { 0 };
    int rc = end_file (destination, err);
    if (rc)
        return rc;
    const char *folder = destination->folder;
    int size = snprintf (path, sizeof path, "%s%s%s", folder ? folder : "", folder ? "/" : "", name);
    if (size >= (int) sizeof path)
        return sks_fail (err, SKS_EINVALID, "%s: the path is too long", name);
    bool exists = stat (path, &what) == 0;
    destination->name = sks_arena_copy (destination->memory, path, (size_t) size);
    if (!destination->name)
        return sks_fail_memory (err);
    if (exists && S_ISDIR (what.st_mode))
        return sks_fail (err, SKS_EIO, "%s: is a folder", path);
    if (!exists && lstat (path, &what) == 0)
        return sks_fail (err, SKS_EIO, "%s: is a symbolic link that leads to no file", path);
    if (exists && access (path, W_OK) != 0)
        return sks_fail_errno (err, "%s", path);
    if (!exists || S_ISREG (what.st_mode))
        return open_aside (destination, exists && realpath (path, target) ? target : path, exists ? what.st_mode : 0,
                           err);
    destination->streams = true;
    destination->stream = fopen (path, "we");
    return destination->stream ? 0 : sks_fail_errno (err, "%s", path);
}

int
sks_destination_write (sks_destination *destination, const char *bytes, size_t size, sks_error *err)
{
    if (size && fwrite (bytes, 1, size, destination->stream) != size)
        return sks_fail_errno (err, "%s", destination->name);
    return 0;
}

bool
sks_destination_streams (const sks_destination *destination)
{
    return destination && destination->streams;
}

static int
sync_folder (const char *folder, sks_error *err)
{
    int descriptor = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = descriptor >= 0 && syncfs (descriptor) == 0 ? 0 : sks_fail_errno (err, "%s", folder);
    if (descriptor >= 0)
        close (descriptor);
    return rc;
}

int
sks_destination_commit (sks_destination *destination, sks_error *err)
{
    int rc = end_file (destination, err);
    if (rc == 0 && destination->folder)
        rc = sync_folder (destination->folder, err);
    destination->created &= rc != 0;
    created_folder = destination->created ? destination->folder : NULL;
    while (rc == 0 && destination->files) {
        const struct file *file = destination->files;
        if (rename (file->aside, file->path) != 0)
            rc = sks_fail_errno (err, "%s", file->path);
        else
            set_files (destination, file->next);
    }
    return rc;
}

void
sks_destination_close (sks_destination **destination_p)
{
    sks_destination *destination = *destination_p;
    if (!destination)
        return;
    *destination_p = NULL;
    if (destination->stream)
        fclose (destination->stream);
    for (const struct file *file = destination->files; file; file = file->next)
        unlink (file->aside);
    set_files (destination, NULL);
    created_folder = NULL;
    if (destination->created)
        rmdir (destination->folder);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction (signals[i], &before[i], NULL);
    sks_arena_destroy (&destination->memory);
    free (destination);
}
