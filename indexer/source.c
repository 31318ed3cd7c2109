/* source.c - walking with fts(3), which knows cycles and sorts. */
#include "source.h"

#include "core/base/arena.h"
#include "array.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sks_sources {
    sks_arena *arena;
    sks_source_file *files;
    size_t count, room;
    const char **roots; /* absolute paths, or "-" */
    size_t root_count;
    const char **lost; /* folders and files the walk could not read */
    size_t lost_count, lost_room;
    char *input; /* standard input, whole */
};

static int
add_file (sks_sources *sources, const char *path, bool named, const char *bytes, size_t size, sks_error *err)
{
    const char *copy = sks_arena_copy (sources->arena, path, strlen (path));
    if (!copy || !sks_array_reserve (&sources->files, &sources->room, sources->count + 1, sizeof *sources->files))
        return sks_fail_memory (err);
    sources->files[sources->count++] = (sks_source_file) { copy, named, bytes, size };
    return 0;
}

/* Tell of something that cannot be read, and remember it. */
static int
add_lost (sks_sources *sources, const char *path, int cause, sks_report *report, sks_error *err)
{
    sks_report_add (report, SKS_PROBLEM_UNREADABLE, path, "", -1, "%s", strerrordesc_np (cause));
    const char *copy = sks_arena_copy (sources->arena, path, strlen (path));
    if (!copy ||
        !sks_array_reserve (&sources->lost, &sources->lost_room, sources->lost_count + 1, sizeof *sources->lost))
        return sks_fail_memory (err);
    sources->lost[sources->lost_count++] = copy;
    return 0;
}

static int
visit (sks_sources *sources, FTSENT *entry, sks_report *report, sks_error *err)
{
    struct stat status;
    switch (entry->fts_info) {
    case FTS_F:
        return add_file (sources, entry->fts_path, entry->fts_level == FTS_ROOTLEVEL, NULL, 0, err);
    case FTS_SL:
        if (stat (entry->fts_accpath, &status) == 0) {
            if (S_ISREG (status.st_mode))
                return add_file (sources, entry->fts_path, false, NULL, 0, err);
            sks_report_skip (report, entry->fts_path, "a symbolic link to something that is no file");
        } else if (errno == ENOENT || errno == ELOOP)
            sks_report_skip (report, entry->fts_path, "a symbolic link to nothing");
        else
            return add_lost (sources, entry->fts_path, errno, report, err);
        return 0;
    case FTS_DEFAULT:
        if (entry->fts_level == FTS_ROOTLEVEL)
            sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, entry->fts_path, "", -1, "neither file nor folder");
        else
            sks_report_skip (report, entry->fts_path, "neither file nor folder");
        return 0;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return add_lost (sources, entry->fts_path, entry->fts_errno, report, err);
    default:
        return 0;
    }
}

static int
by_name (const FTSENT **left, const FTSENT **right)
{
    return strcmp ((*left)->fts_name, (*right)->fts_name);
}

/* Why the walk does not see all of a folder, 0 if it does. fts(3) takes an error of
 * readdir(3) for the end of the folder: so its list is held against one of our own. */
static int
list_failure (FTS *walk, const FTSENT *entry)
{
    size_t listed = 0, there = 0;
    for (const FTSENT *child = fts_children (walk, 0); child; child = child->fts_link)
        listed++;
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

static int
walk (sks_sources *sources, const char *root, sks_report *report, sks_error *err)
{
    char *roots[2] = { (char *) (uintptr_t) root, NULL };
    FTS *walk = fts_open (roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (!walk)
        return sks_fail_errno (err, "%s", root);
    int code = 0;
    while (!code) {
        errno = 0;
        FTSENT *entry = fts_read (walk);
        int cause = entry && entry->fts_info == FTS_D ? list_failure (walk, entry) : 0;
        if (cause) {
            fts_set (walk, entry, FTS_SKIP);
            code = add_lost (sources, entry->fts_path, cause, report, err);
        } else if (entry)
            code = visit (sources, entry, report, err);
        else if (errno)
            code = sks_fail_errno (err, "%s", root);
        else
            break;
    }
    fts_close (walk);
    return code;
}

/* All of a descriptor, at most maximum + 1 bytes, with a NUL behind. */
static int
read_all (int fd, size_t hint, size_t maximum, char **bytes, size_t *size)
{
    size_t room = hint + 2, used = 0;
    char *text = malloc (room);
    while (text) {
        ssize_t got = read (fd, text + used, room - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free (text);
            return -1;
        }
        used += (size_t) got;
        if (got == 0 || used > maximum)
            break;
        if (room - used < 2) {
            room *= 2;
            char *larger = realloc (text, room);
            if (!larger)
                free (text);
            text = larger;
        }
    }
    if (!text) {
        errno = ENOMEM;
        return -1;
    }
    text[used] = '\0';
    *bytes = text;
    *size = used;
    return 0;
}

int
sks_source_read (const char *path, size_t maximum, char **bytes, size_t *size, sks_error *err)
{
    *bytes = NULL;
    int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    struct stat status;
    int code = 0;
    if (fstat (fd, &status) < 0)
        code = sks_fail_errno (err, "%s", path);
    else if (!S_ISREG (status.st_mode))
        code = sks_fail (err, SKS_EIO, "%s: not a regular file", path);
    else if (read_all (fd, (size_t) status.st_size < maximum ? (size_t) status.st_size : maximum, maximum, bytes,
                       size) < 0)
        code = errno == ENOMEM ? sks_fail_memory (err) : sks_fail_errno (err, "%s", path);
    close (fd);
    return code;
}

/* Standard input may hold many exports: only its lines have a limit. */
static int
split_input (sks_sources *sources, sks_error *err)
{
    size_t size;
    if (read_all (STDIN_FILENO, 1 << 16, SIZE_MAX / 4, &sources->input, &size) < 0)
        return sks_fail_errno (err, "standard input");
    unsigned long number = 0;
    for (size_t start = 0, end; start < size; start = end + 1) {
        const char *newline = memchr (sources->input + start, '\n', size - start);
        end = newline ? (size_t) (newline - sources->input) : size;
        number++;
        size_t length = end - start;
        if (strspn (sources->input + start, " \t\r") >= length)
            continue;
        char name[32];
        snprintf (name, sizeof name, "-:%lu", number);
        int code = add_file (sources, name, true, sources->input + start, length, err);
        if (code)
            return code;
    }
    return 0;
}

static int
find_source (sks_sources *sources, const char *source, sks_report *report, sks_error *err)
{
    if (strcmp (source, "-") == 0) {
        sources->roots[sources->root_count++] = "-";
        return sources->input ? 0 : split_input (sources, err);
    }
    char path[PATH_MAX];
    if (!realpath (source, path))
        return sks_fail_errno (err, "%s", source);
    const char *root = sks_arena_copy (sources->arena, path, strlen (path));
    if (!root)
        return sks_fail_memory (err);
    sources->roots[sources->root_count++] = root;
    return walk (sources, root, report, err);
}

static int
by_path (const void *left, const void *right)
{
    const sks_source_file *a = left, *b = right;
    int order = strcmp (a->path, b->path);
    return order ? order : (int) b->named - (int) a->named;
}

/* Sort by path, and keep a file once that two sources reach. */
static void
sort_files (sks_sources *sources)
{
    size_t kept = 0;
    if (sources->count)
        qsort (sources->files, sources->count, sizeof *sources->files, by_path);
    for (size_t i = 0; i < sources->count; i++)
        if (!kept || sources->files[i].bytes || strcmp (sources->files[kept - 1].path, sources->files[i].path) != 0)
            sources->files[kept++] = sources->files[i];
    sources->count = kept;
}

int
sks_sources_find (sks_sources **out, const char *const *names, size_t count, sks_report *report, sks_error *err)
{
    sks_sources *sources = calloc (1, sizeof *sources);
    *out = NULL;
    if (!sources)
        return sks_fail_memory (err);
    sources->arena = sks_arena_create ();
    sources->roots = calloc (count + 1, sizeof *sources->roots);
    int code = sources->arena && sources->roots ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++)
        code = find_source (sources, names[i], report, err);
    if (code) {
        sks_sources_destroy (&sources);
        return code;
    }
    sort_files (sources);
    *out = sources;
    return 0;
}

void
sks_sources_destroy (sks_sources **sources_p)
{
    sks_sources *sources = *sources_p;
    if (!sources)
        return;
    *sources_p = NULL;
    free (sources->files);
    free (sources->roots);
    free (sources->lost);
    free (sources->input);
    sks_arena_destroy (&sources->arena);
    free (sources);
}

size_t
sks_sources_count (const sks_sources *sources)
{
    return sources->count;
}

const sks_source_file *
sks_sources_file (const sks_sources *sources, size_t i)
{
    return &sources->files[i];
}

const char *
sks_sources_root (const sks_sources *sources, size_t i)
{
    return i < sources->root_count ? sources->roots[i] : NULL;
}

/* Whether path is one of the list, or lies below one. */
static bool
lies_below (const char *const *list, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen (list[i]);
        if (strncmp (path, list[i], size) == 0 && (path[size] == '\0' || path[size] == '/' || list[i][size - 1] == '/'))
            return true;
    }
    return false;
}

bool
sks_sources_cover (const sks_sources *sources, const char *path)
{
    return lies_below (sources->roots, sources->root_count, path);
}

bool
sks_sources_lost (const sks_sources *sources, const char *path)
{
    return lies_below (sources->lost, sources->lost_count, path);
}
