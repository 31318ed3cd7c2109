/* path.c - realpath(3) for the existing part, and text operations for the rest. */
#include "path.h"

#include "array.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINKS 40 /* in a row; the kernel follows as many */

/* Replace a dangling link by what it leads to, which may be a link, too. */
static void
follow (char text[PATH_MAX])
{
    char target[PATH_MAX];
    for (int i = 0; i < MAX_LINKS; i++) {
        size_t end = strlen (text);
        while (end > 1 && text[end - 1] == '/')
            text[--end] = '\0';
        ssize_t size = readlink (text, target, sizeof target - 1);
        if (size <= 0)
            return;
        target[size] = '\0';
        char *slash = *target == '/' ? NULL : strrchr (text, '/');
        size_t kept = slash ? (size_t) (slash + 1 - text) : 0;
        if (kept + (size_t) size >= PATH_MAX)
            return;
        memcpy (text + kept, target, (size_t) size + 1);
    }
}

/* Remove ".", ".." and redundant slashes from an absolute path, without looking at the file system. */
static void
clean (char *path)
{
    size_t used = 0;
    for (const char *at = path; *at;) {
        at += strspn (at, "/");
        size_t size = strcspn (at, "/");
        if (size == 2 && strncmp (at, "..", 2) == 0)
            while (used && path[--used] != '/')
                ;
        else if (size && !(size == 1 && *at == '.')) {
            path[used++] = '/';
            memmove (path + used, at, size);
            used += size;
        }
        at += size;
    }
    if (!used)
        path[used++] = '/';
    path[used] = '\0';
}

int
sks_path_resolve (const char *name, char path[PATH_MAX])
{
    char text[PATH_MAX], head[PATH_MAX], real[PATH_MAX];
    size_t size = strlen (name);
    if (size >= sizeof text) {
        snprintf (path, PATH_MAX, "%.*s", PATH_MAX - 1, name);
        return ENAMETOOLONG;
    }
    memcpy (text, name, size + 1);
    if (realpath (text, path))
        return 0;
    int cause = errno;
    follow (text);
    size_t cut = strlen (text);
    bool found;
    do {
        while (cut && text[cut - 1] == '/')
            cut--;
        while (cut && text[cut - 1] != '/')
            cut--;
        snprintf (head, sizeof head, "%.*s", cut ? (int) cut : 1, cut ? text : ".");
        found = realpath (head, real);
    } while (!found && cut);
    if ((size_t) snprintf (path, PATH_MAX, "%s/%s", found ? real : "", text + cut) >= PATH_MAX)
        return ENAMETOOLONG;
    clean (path);
    return cause;
}

bool
sks_path_of_link (const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    size_t size = strlen (name);
    while (size > 1 && name[size - 1] == '/')
        size--;
    size_t last = size;
    while (last && name[last - 1] != '/')
        last--;
    if (last >= sizeof folder)
        return false;
    snprintf (folder, sizeof folder, "%.*s", last ? (int) last : 1, last ? name : ".");
    if (!realpath (folder, path))
        return false;
    size_t end = strlen (path), name_size = size - last;
    if (end + 1 + name_size >= PATH_MAX)
        return false;
    path[end] = '/';
    memcpy (path + end + 1, name + last, name_size);
    path[end + 1 + name_size] = '\0';
    return true;
}

int
sks_path_sync (const char *folder, sks_error *err)
{
    int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd < 0 || fsync (fd) < 0 ? sks_fail_errno (err, "%s", folder) : 0;
    if (fd >= 0)
        close (fd);
    return code;
}

bool
sks_path_is_below (const char *path, const char *folder, size_t size)
{
    if (size && folder[size - 1] == '/')
        size--;
    return strncmp (path, folder, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

int
sks_path_list_add (sks_path_list *list, sks_arena *arena, const char *path, sks_error *err)
{
    const char *copy = sks_arena_copy (arena, path, strlen (path));
    if (!copy || !sks_array_reserve (&list->paths, &list->capacity, list->count + 1, sizeof *list->paths))
        return sks_fail_memory (err);
    list->paths[list->count++] = copy;
    return 0;
}

bool
sks_path_list_covers (const sks_path_list *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (sks_path_is_below (path, list->paths[i], strlen (list->paths[i])))
            return true;
    return false;
}
