/* walk.c - walks with fts(3), which detects cycles and sorts. */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct sks_walk {
    const char *path;
    FTS *fts;
    FTSENT *current;
    sks_walk_entry entry;
};

static int
by_name (const FTSENT **left, const FTSENT **right)
{
    return strcmp ((*left)->fts_name, (*right)->fts_name);
}

int
sks_walk_open (sks_walk **out, const char *path, sks_error *err)
{
    char *paths[2] = { (char *) (uintptr_t) path, NULL };
    sks_walk *walk = *out = calloc (1, sizeof *walk);
    if (!walk)
        return sks_fail_memory (err);
    walk->path = path;
    walk->fts = fts_open (paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (walk->fts)
        return 0;
    int code = sks_fail_errno (err, "%s", path);
    sks_walk_close (out);
    return code;
}

void
sks_walk_close (sks_walk **walk_p)
{
    sks_walk *walk = *walk_p;
    if (!walk)
        return;
    *walk_p = NULL;
    if (walk->fts)
        fts_close (walk->fts);
    free (walk);
}

/* The errno because of which the walk does not see all of a folder, 0 if it does. fts(3) treats an error of readdir(3)
 * as the end of the folder, so its list is compared with our own. */
static int
list_failure (FTS *fts, const FTSENT *entry)
{
    size_t listed = 0, there = 0;
    for (const FTSENT *child = fts_children (fts, 0); child; child = child->fts_link)
        listed++;
    /* fts_children has put a slash at the end of the path if the folder is not empty. */
    entry->fts_path[entry->fts_pathlen] = '\0';
    DIR *folder = opendir (entry->fts_accpath);
    if (!folder)
        return errno;
    errno = 0;
    for (const struct dirent *row; (row = readdir (folder)); errno = 0)
        there += strcmp (row->d_name, ".") != 0 && strcmp (row->d_name, "..") != 0;
    int cause = errno ? errno : there > listed ? EAGAIN : 0;
    closedir (folder);
    return cause;
}

static void
set_lost (sks_walk_entry *entry, int cause)
{
    entry->kind = SKS_WALK_LOST;
    entry->cause = cause;
}

static void
set_other (sks_walk_entry *entry, const char *what)
{
    entry->kind = SKS_WALK_OTHER;
    entry->what = what;
}

static void
read_link (sks_walk_entry *entry, const char *path)
{
    if (stat (path, &entry->status) == 0) {
        if (S_ISREG (entry->status.st_mode))
            entry->kind = SKS_WALK_FILE;
        else
            set_other (entry, "a symbolic link to something that is not a file");
    } else if (errno == ENOENT || errno == ELOOP)
        set_other (entry, "a symbolic link to nothing");
    else
        set_lost (entry, errno);
}

/* Describe the current entry; false if it is not to be returned, such as a folder after its entries. */
static bool
describe (sks_walk *walk)
{
    FTSENT *current = walk->current;
    sks_walk_entry *entry = &walk->entry;
    *entry = (sks_walk_entry) { .path = current->fts_path,
                                .name = current->fts_name,
                                .first = current->fts_level == FTS_ROOTLEVEL };
    switch (current->fts_info) {
    case FTS_F:
        entry->kind = SKS_WALK_FILE;
        entry->status = *current->fts_statp;
        return true;
    case FTS_SL:
        read_link (entry, current->fts_accpath);
        return true;
    case FTS_D:
        entry->kind = SKS_WALK_FOLDER;
        entry->cause = list_failure (walk->fts, current);
        if (entry->cause) {
            set_lost (entry, entry->cause);
            fts_set (walk->fts, current, FTS_SKIP);
        }
        return true;
    case FTS_DEFAULT:
        set_other (entry, "neither a file nor a folder");
        return true;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        set_lost (entry, current->fts_errno);
        return true;
    default:
        return false;
    }
}

int
sks_walk_next (sks_walk *walk, const sks_walk_entry **out, sks_error *err)
{
    *out = NULL;
    do {
        errno = 0;
        walk->current = fts_read (walk->fts);
        if (!walk->current)
            return errno ? sks_fail_errno (err, "%s", walk->path) : 0;
    } while (!describe (walk));
    *out = &walk->entry;
    return 0;
}

void
sks_walk_skip (sks_walk *walk)
{
    fts_set (walk->fts, walk->current, FTS_SKIP);
}
