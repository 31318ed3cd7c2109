/* source.c - finds the sources, and what each missing one means for a run. */
#include "source.h"

#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct root {
    const char *path; /* absolute, or SKS_STANDARD_INPUT */
    const char *name; /* as given by the user */
    int cause;        /* why it does not exist: an errno; 0 if it exists */
};

struct sks_sources {
    sks_source_request request;
    sks_source_files files;
    struct root *roots;
    size_t root_count;
    sks_path_list gone; /* of those lost, with exports: they do not exist */
};

static int
add_root (sks_sources *sources, const char *name, const char *path, int cause, sks_error *err)
{
    const char *copy = sks_arena_copy (sources->files.arena, path, strlen (path));
    sources->roots[sources->root_count++] = (struct root) { copy, name, cause };
    return copy ? 0 : sks_fail_memory (err);
}

/* A link may have replaced a folder that gave exports. These then belong to the source under the link's own path, which
 * is not walked. */
static int
find_source (sks_sources *sources, const char *source, sks_report *report, sks_error *err)
{
    char path[PATH_MAX], link[PATH_MAX];
    if (strcmp (source, SKS_STANDARD_INPUT) == 0) {
        int code = add_root (sources, source, SKS_STANDARD_INPUT, 0, err);
        return code || sources->files.input ? code : sks_source_files_split_input (&sources->files, report, err);
    }
    int cause = sks_path_resolve (source, path);
    struct stat status;
    /* A pipe of a shell, such as /dev/fd/63, has no path. */
    if (cause && stat (source, &status) == 0 && S_ISFIFO (status.st_mode)) {
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, source, "", -1,
                        "neither a file nor a folder; \"-\" is standard input");
        return 0;
    }
    bool replaced =
        sks_path_of_link (source, link) && strcmp (link, path) != 0 && sks_known_below (sources->files.known, link);
    int code = replaced ? add_root (sources, source, link, cause, err) : 0;
    if (!code && !(replaced && cause))
        code = add_root (sources, source, path, cause, err);
    return code || cause ? code : sks_source_files_walk (&sources->files, path, report, err);
}

/* Whether other exports of the last generation lie in the parent folder of a path. */
static bool
has_known_neighbour (const sks_sources *sources, const char *path)
{
    char beside[PATH_MAX];
    const char *slash = strrchr (path, '/');
    if (!slash)
        return false;
    size_t size = (size_t) (slash + 1 - path);
    memcpy (beside, path, size);
    beside[size] = '\0';
    DIR *folder = opendir (beside);
    bool found = false;
    for (const struct dirent *row; folder && !found && (row = readdir (folder));) {
        bool itself =
            strcmp (row->d_name, ".") == 0 || strcmp (row->d_name, "..") == 0 || strcmp (row->d_name, slash + 1) == 0;
        if (!itself &&
            (size_t) snprintf (beside + size, sizeof beside - size, "%s", row->d_name) < sizeof beside - size)
            found = sks_known_below (sources->files.known, beside);
    }
    if (folder)
        closedir (folder);
    return found;
}

/* Classify a missing source: a mistake, deleted, or lost.
 *   alone   the user names nothing else, and it gave few exports */
static int
settle_missing (sks_sources *sources, const struct root *root, bool alone, sks_report *report, sks_error *err)
{
    size_t before = sks_known_below (sources->files.known, root->path);
    const char *cause = strerrordesc_np (root->cause);
    bool gone = root->cause == ENOENT || root->cause == ENOTDIR;
    if (!before || sks_sources_removed (sources, root->path)) {
        if (!before)
            sks_report_add (report, SKS_PROBLEM_UNREADABLE, root->path, "", -1, "%s", cause);
        if (!before && sources->request.removed_count)
            sks_report_explain (report, "Each path to remove needs its own --remove.\n");
        return 0;
    }
    struct stat status; /* a dangling link still exists, so it was not deleted */
    bool deleted = alone && lstat (root->path, &status) < 0 && has_known_neighbour (sources, root->path);
    if (gone && (sources->request.allow_empty || deleted)) {
        sks_report_drop (report, root->path, "", "it was deleted. Exports that came from it: %zu", before);
        return sks_path_list_add (&sources->files.removed, sources->files.arena, root->path, err);
    }
    sks_report_add (report, SKS_PROBLEM_LOST, root->path, "", -1,
                    gone ? "the source is missing: %s" : "the source cannot be read: %s", cause);
    sks_source_files *files = &sources->files;
    int code = sks_path_list_add (gone ? &sources->gone : &files->unread, files->arena, root->path, err);
    return code ? code : sks_path_list_add (&files->lost, files->arena, root->path, err);
}

static int
settle_all_missing (sks_sources *sources, sks_report *report, sks_error *err)
{
    size_t missing = 0, before = 0;
    for (size_t i = 0; i < sources->root_count; i++)
        if (sources->roots[i].cause) {
            missing++;
            before += sks_known_below (sources->files.known, sources->roots[i].path);
        }
    bool all = missing == sources->root_count;
    if (missing && all && !before && !sources->files.removed.count)
        return sks_fail (err, SKS_EIO, "%s: %s", sources->roots[0].name, strerrordesc_np (sources->roots[0].cause));
    int code = 0;
    for (size_t i = 0; !code && i < sources->root_count; i++)
        if (sources->roots[i].cause)
            code = settle_missing (sources, &sources->roots[i], all && before < SKS_SHRINK_LEAST, report, err);
    return code;
}

/* Find a path of --remove: resolved, or, for a link that was walked, unresolved. An existing path need not be in the
 * index: it is not read then. Its exports may be there, from another file. */
static int
find_removed (sks_sources *sources, const char *name, sks_report *report, sks_error *err)
{
    char path[PATH_MAX], link[PATH_MAX];
    bool input = strcmp (name, SKS_STANDARD_INPUT) == 0;
    int cause = input ? ENOENT : sks_path_resolve (name, path);
    if (input)
        memcpy (path, SKS_STANDARD_INPUT, sizeof SKS_STANDARD_INPUT);
    if (cause == ENAMETOOLONG)
        return sks_fail (err, SKS_EIO, "%s: %s", name, strerrordesc_np (cause));
    if (sks_known_below (sources->files.known, path)) {
        if (!cause)
            sks_report_drop (report, path, "",
                             "removed from the index, but it still exists: a run that reads it, or its "
                             "folder, adds its exports again");
        return sks_path_list_add (&sources->files.removed, sources->files.arena, path, err);
    }
    if (sks_path_of_link (name, link) && sks_known_below (sources->files.known, link))
        return sks_path_list_add (&sources->files.removed, sources->files.arena, link, err);
    if (cause)
        return sks_fail (err, SKS_ENOTFOUND, "--remove %s: nothing in the index came from there", name);
    sks_report_drop (report, path, "", "nothing in the index came from it: nothing is removed, and it is not read");
    return sks_path_list_add (&sources->files.removed, sources->files.arena, path, err);
}

static int
compare_roots (const void *left, const void *right)
{
    const struct root *a = left, *b = right;
    return strcmp (a->path, b->path);
}

int
sks_sources_find (sks_sources **out, const sks_source_request *request, const sks_store *last, sks_report *report,
                  sks_error *err)
{
    sks_sources *sources = calloc (1, sizeof *sources);
    *out = NULL;
    if (!sources)
        return sks_fail_memory (err);
    sources->request = *request;
    sources->roots = calloc (2 * request->source_count + 1, sizeof *sources->roots);
    int code =
        sources->roots ? sks_source_files_begin (&sources->files, last, request->stamps, err) : sks_fail_memory (err);
    for (size_t i = 0; !code && i < request->removed_count; i++)
        code = find_removed (sources, request->removed[i], report, err);
    for (size_t i = 0; !code && i < request->source_count; i++)
        code = find_source (sources, request->sources[i], report, err);
    if (!code)
        code = settle_all_missing (sources, report, err);
    if (code) {
        sks_sources_destroy (&sources);
        return code;
    }
    sks_source_files_sort (&sources->files);
    if (sources->root_count)
        qsort (sources->roots, sources->root_count, sizeof *sources->roots, compare_roots);
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
    sks_source_files_free (&sources->files);
    free (sources->roots);
    free (sources->gone.paths);
    free (sources);
}

size_t
sks_sources_count (const sks_sources *sources)
{
    return sources->files.count;
}

const sks_source_file *
sks_sources_file (const sks_sources *sources, size_t i)
{
    return &sources->files.rows[i];
}

const sks_source_request *
sks_sources_request (const sks_sources *sources)
{
    return &sources->request;
}

const sks_known *
sks_sources_known (const sks_sources *sources)
{
    return sources->files.known;
}

const char *
sks_sources_root (const sks_sources *sources, size_t i)
{
    return i < sources->root_count ? sources->roots[i].path : NULL;
}

struct beginning {
    const char *bytes;
    size_t size;
};

static int
compare_beginning (const void *key, const void *element)
{
    const struct beginning *beginning = key;
    const struct root *root = element;
    int order = strncmp (beginning->bytes, root->path, beginning->size);
    return order ? order : root->path[beginning->size] ? -1 : 0;
}

bool
sks_sources_cover (const sks_sources *sources, const char *path, size_t *index)
{
    if (strcmp (path, SKS_STANDARD_INPUT) == 0 && !sources->request.only)
        return false;
    /* "/", then each folder above the path, then the path itself. */
    for (struct beginning beginning = { path, 1 };;) {
        const struct root *root =
            bsearch (&beginning, sources->roots, sources->root_count, sizeof *sources->roots, compare_beginning);
        if (root && index)
            *index = (size_t) (root - sources->roots);
        const char *rest = path + beginning.size;
        if (root || !*rest)
            return root;
        rest += *rest == '/';
        beginning.size = (size_t) (rest - path) + strcspn (rest, "/");
    }
}

bool
sks_sources_lost (const sks_sources *sources, const char *path)
{
    return sks_path_list_covers (&sources->files.lost, path);
}

const char *
sks_sources_missing (const sks_sources *sources, size_t i, bool *gone)
{
    *gone = i >= sources->files.unread.count;
    const sks_path_list *list = *gone ? &sources->gone : &sources->files.unread;
    i -= *gone ? sources->files.unread.count : 0;
    return i < list->count ? list->paths[i] : NULL;
}

bool
sks_sources_removed (const sks_sources *sources, const char *path)
{
    return sks_path_list_covers (&sources->files.removed, path);
}
