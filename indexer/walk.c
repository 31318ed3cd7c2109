/* walk.c - a folder is opened once: its names are read and sorted, and its entries examined by their names alone. */
#include "walk.h"

#include "array.h"
#include "core/base/buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct item {
    uint64_t beginning; /* of the name, in the order of its bytes */
    const char *name;
    size_t at; /* of the name in its folder's names */
    struct stat status;
    int cause;   /* an errno: it, or what it links to, cannot be examined */
    bool linked; /* the status is that of what it links to */
};

/* An opened folder, or what the walk began with. */
struct folder {
    size_t path_size; /* 0: what the walk began with */
    struct stat status;
    sks_buffer names;
    struct item *items;
    size_t count, capacity, next;
};

struct sks_walk {
    struct folder *folders; /* from the first one to the one whose entries are being returned */
    size_t depth, capacity;
    sks_buffer path;
    bool entered; /* the entry that was returned is a folder, whose entries follow */
    sks_walk_entry entry;
};

/* --------------------------------------------------------------------- folders */

static void
close_folder (struct folder *folder)
{
    sks_buffer_free (&folder->names);
    free (folder->items);
}

static int
add_item (struct folder *folder, const char *name, sks_error *err)
{
    if (!sks_array_reserve (&folder->items, &folder->capacity, folder->count + 1, sizeof *folder->items))
        return sks_fail_memory (err);
    folder->items[folder->count++] = (struct item) { .at = folder->names.size };
    sks_buffer_add (&folder->names, name, strlen (name) + 1);
    return sks_buffer_status (&folder->names, err);
}

/* *cause becomes an errno if not all names can be read. */
static int
read_names (struct folder *folder, DIR *list, int *cause, sks_error *err)
{
    int code = 0;
    errno = 0;
    for (const struct dirent *row; !code && (row = readdir (list)); errno = 0)
        if (strcmp (row->d_name, ".") != 0 && strcmp (row->d_name, "..") != 0)
            code = add_item (folder, row->d_name, err);
    *cause = code ? 0 : errno;
    return code;
}

static uint64_t
beginning_of (const char *name)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes = bytes << 8 | (unsigned char) (*name ? *name++ : '\0');
    return bytes;
}

static int
by_name (const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    if (a->beginning != b->beginning)
        return a->beginning < b->beginning ? -1 : 1;
    return strcmp (a->name, b->name);
}

static void
sort_items (struct folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        folder->items[i].name = folder->names.bytes + folder->items[i].at;
        folder->items[i].beginning = beginning_of (folder->items[i].name);
    }
    if (folder->count)
        qsort (folder->items, folder->count, sizeof *folder->items, by_name);
}

static void
examine (struct item *item, int folder)
{
    if (fstatat (folder, item->name, &item->status, AT_SYMLINK_NOFOLLOW) < 0)
        item->cause = errno;
    else if (S_ISLNK (item->status.st_mode)) {
        item->linked = true;
        item->cause = fstatat (folder, item->name, &item->status, 0) < 0 ? errno : 0;
    }
}

/* Read the folder at the path of the walk. *cause becomes an errno if that fails, or not all of it can be read. */
static int
read_folder (struct folder *folder, const char *path, int *cause, sks_error *err)
{
    int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), code = 0;
    DIR *list = fd < 0 || fstat (fd, &folder->status) < 0 ? NULL : fdopendir (fd);
    *cause = list ? 0 : errno;
    if (list)
        code = read_names (folder, list, cause, err);
    if (list && !code && !*cause) {
        sort_items (folder);
        for (size_t i = 0; i < folder->count; i++)
            examine (&folder->items[i], fd);
    }
    if (list)
        closedir (list);
    else if (fd >= 0)
        close (fd);
    return code;
}

static bool
is_same (const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether a folder contains itself, as a mounted one may. */
static bool
is_cycle (const sks_walk *walk, const struct folder *folder)
{
    bool found = false;
    for (size_t i = 1; i < walk->depth; i++)
        found |= is_same (&walk->folders[i].status, &folder->status);
    return found;
}

/* Begin with the entries of the folder at the path of the walk.
 *   *cycle   it contains itself, and is left out */
static int
enter (sks_walk *walk, int *cause, bool *cycle, sks_error *err)
{
    struct folder folder = { .path_size = walk->path.size, .names = SKS_BUFFER_INIT (SIZE_MAX / 2) };
    int code = read_folder (&folder, sks_buffer_text (&walk->path), cause, err);
    *cycle = !code && !*cause && is_cycle (walk, &folder);
    if (!code && !sks_array_reserve (&walk->folders, &walk->capacity, walk->depth + 1, sizeof *walk->folders))
        code = sks_fail_memory (err);
    walk->entered = !code && !*cause && !*cycle;
    if (walk->entered)
        walk->folders[walk->depth++] = folder;
    else
        close_folder (&folder);
    return code;
}

static void
leave (sks_walk *walk)
{
    close_folder (&walk->folders[--walk->depth]);
}

/* ------------------------------------------------------------------------ walk */

int
sks_walk_open (sks_walk **out, const char *path, sks_error *err)
{
    sks_walk *walk = *out = calloc (1, sizeof *walk);
    if (!walk)
        return sks_fail_memory (err);
    walk->path = (sks_buffer) SKS_BUFFER_INIT (SIZE_MAX / 2);
    struct folder start = { .names = SKS_BUFFER_INIT (SIZE_MAX / 2) };
    int code = add_item (&start, path, err);
    if (!code && !sks_array_reserve (&walk->folders, &walk->capacity, 1, sizeof *walk->folders))
        code = sks_fail_memory (err);
    if (code) {
        close_folder (&start);
        sks_walk_close (out);
        return code;
    }
    sort_items (&start);
    examine (start.items, AT_FDCWD);
    walk->folders[walk->depth++] = start;
    return 0;
}

void
sks_walk_close (sks_walk **walk_p)
{
    sks_walk *walk = *walk_p;
    if (!walk)
        return;
    *walk_p = NULL;
    while (walk->depth)
        leave (walk);
    sks_buffer_free (&walk->path);
    free (walk->folders);
    free (walk);
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
describe_link (sks_walk_entry *entry, const struct item *item)
{
    if (!item->cause && S_ISREG (item->status.st_mode))
        entry->kind = SKS_WALK_FILE;
    else if (!item->cause)
        set_other (entry, "a symbolic link to something that is not a file");
    else if (item->cause == ENOENT || item->cause == ELOOP)
        set_other (entry, "a symbolic link to nothing");
    else
        set_lost (entry, item->cause);
}

static int
describe_folder (sks_walk *walk, bool *cycle, sks_error *err)
{
    int cause, code = enter (walk, &cause, cycle, err);
    walk->entry.kind = SKS_WALK_FOLDER;
    *cycle |= !code && cause == ENOENT && walk->depth > 1;
    if (!code && cause)
        set_lost (&walk->entry, cause);
    return code;
}

/* Describe an item, whose path is that of the walk. *skip becomes true if it is not to be returned, as one that was
 * deleted after the names of its folder were read: it is gone, as if it had been deleted before. */
static int
describe (sks_walk *walk, const struct item *item, bool *skip, sks_error *err)
{
    sks_walk_entry *entry = &walk->entry;
    bool first = walk->depth == 1;
    const char *slash = first ? strrchr (item->name, '/') : NULL;
    *entry = (sks_walk_entry) { .path = walk->path.bytes,
                                .name = slash && slash[1] ? slash + 1 : item->name,
                                .first = first,
                                .status = item->status };
    if (walk->path.size >= PATH_MAX)
        set_lost (entry, ENAMETOOLONG);
    else if (item->linked)
        describe_link (entry, item);
    else if (item->cause == ENOENT && !first)
        *skip = true;
    else if (item->cause)
        set_lost (entry, item->cause);
    else if (S_ISREG (item->status.st_mode))
        entry->kind = SKS_WALK_FILE;
    else if (S_ISDIR (item->status.st_mode))
        return describe_folder (walk, skip, err);
    else
        set_other (entry, "neither a file nor a folder");
    return 0;
}

/* Set the path of the walk to that of an item of a folder. */
static int
set_path (sks_walk *walk, const struct folder *folder, const struct item *item, sks_error *err)
{
    walk->path.size = folder->path_size;
    if (folder->path_size && walk->path.bytes[folder->path_size - 1] != '/')
        sks_buffer_putc (&walk->path, '/');
    sks_buffer_puts (&walk->path, item->name);
    return sks_buffer_text (&walk->path) ? 0 : sks_fail_memory (err);
}

int
sks_walk_next (sks_walk *walk, const sks_walk_entry **out, sks_error *err)
{
    *out = NULL;
    for (bool skip = true; skip;) {
        while (walk->depth && walk->folders[walk->depth - 1].next == walk->folders[walk->depth - 1].count)
            leave (walk);
        if (!walk->depth)
            return 0;
        struct folder *folder = &walk->folders[walk->depth - 1];
        const struct item *item = &folder->items[folder->next++];
        int code = set_path (walk, folder, item, err);
        walk->entered = skip = false;
        if (!code)
            code = describe (walk, item, &skip, err);
        if (code)
            return code;
    }
    *out = &walk->entry;
    return 0;
}

void
sks_walk_skip (sks_walk *walk)
{
    if (walk->entered)
        leave (walk);
    walk->entered = false;
}
