/* source.c - what each entry of a walk, and each missing source, means for a run. */
#include "source.h"

#include "array.h"
#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "csv_heading.h"
#include "encoding.h"
#include "path.h"
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

int64_t sks_source_settled_ns = INT64_C (3000000000);

struct root {
    const char *path; /* absolute, or SKS_STANDARD_INPUT */
    const char *name; /* as given by the user */
    int cause;        /* why it does not exist: an errno; 0 if it exists */
};

struct list {
    const char **paths;
    size_t count, capacity;
};

struct sks_sources {
    sks_source_request request;
    sks_arena *arena;
    sks_known *known;
    sks_source_file *files;
    size_t count, capacity;
    struct root *roots;
    size_t root_count;
    struct list lost, removed;
    struct list unread, gone; /* of those lost, with exports: they cannot be read; they do not exist */
    char *input;              /* all of standard input */
    int64_t started;          /* nanoseconds since 1970 */
};

static int
add_file (sks_sources *sources, const sks_source_file *file, sks_error *err)
{
    if (!sks_array_reserve (&sources->files, &sources->capacity, sources->count + 1, sizeof *sources->files))
        return sks_fail_memory (err);
    sources->files[sources->count] = *file;
    const char *path = sks_arena_copy (sources->arena, file->path, strlen (file->path));
    sources->files[sources->count++].path = path;
    return path ? 0 : sks_fail_memory (err);
}

static int
add_path (sks_sources *sources, struct list *list, const char *path, sks_error *err)
{
    const char *copy = sks_arena_copy (sources->arena, path, strlen (path));
    if (!copy || !sks_array_reserve (&list->paths, &list->capacity, list->count + 1, sizeof *list->paths))
        return sks_fail_memory (err);
    list->paths[list->count++] = copy;
    return 0;
}

/* Report a path that cannot be read, and remember it. */
static int
add_lost (sks_sources *sources, const char *path, int cause, sks_report *report, sks_error *err)
{
    sks_report_add (report, SKS_PROBLEM_UNREADABLE, path, "", -1, "%s", strerrordesc_np (cause));
    int code = sks_known_below (sources->known, path) ? add_path (sources, &sources->unread, path, err) : 0;
    return code ? code : add_path (sources, &sources->lost, path, err);
}

/* Skip what is not a file; that is a problem if it was an export. */
static int
pass_over (sks_sources *sources, const sks_walk_entry *entry, const char *what, sks_report *report, sks_error *err)
{
    if (sks_known_of_file (sources->known, entry->path) != SKS_NONE) {
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, entry->path, "", -1,
                        "%s; it was an export in the last generation", what);
        return add_path (sources, &sources->lost, entry->path, err);
    }
    if (entry->first)
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, entry->path, "", -1, "%s", what);
    else
        sks_report_skip (report, entry->path, what);
    return 0;
}

static bool
ends_in (const char *name, const char *end)
{
    size_t size = strlen (name), length = strlen (end);
    return size > length && strcasecmp (name + size - length, end) == 0;
}

/* A time after the year 2262, which anybody can give to a file, wraps around. */
static int64_t
nanoseconds (const struct timespec *time)
{
    return (int64_t) ((uint64_t) time->tv_sec * UINT64_C (1000000000) + (uint64_t) time->tv_nsec);
}

uint64_t
sks_source_stamp (const struct stat *status, int64_t now)
{
    const int64_t values[] = { (int64_t) status->st_ino, status->st_size, nanoseconds (&status->st_mtim),
                               nanoseconds (&status->st_ctim) };
    return values[3] <= now - sks_source_settled_ns ? sks_hash_bytes (values, sizeof values) : 0;
}

static int
take_file (sks_sources *sources, const sks_walk_entry *entry, sks_error *err)
{
    bool lines = ends_in (entry->name, ".ndjson") || ends_in (entry->name, ".jsonl");
    uint32_t known = sks_known_of_file (sources->known, entry->path);
    sks_source_file file = {
        .path = entry->path,
        .expected = entry->first || known != SKS_NONE         ? SKS_EXPECT_EXPORT
                    : lines || ends_in (entry->name, ".json") ? SKS_EXPECT_JSON
                                                              : SKS_EXPECT_NOTHING,
        .lines = lines,
        .modified = nanoseconds (&entry->status.st_mtim),
        .stamp = sks_source_stamp (&entry->status, sources->started),
        .known = known,
    };
    return add_file (sources, &file, err);
}

/* Why an entry is skipped, NULL if it is not. */
static const char *
left_out (const sks_sources *sources, const sks_walk_entry *entry)
{
    if (sks_sources_removed (sources, entry->path))
        return "removed by --remove";
    if (!entry->first && (*entry->name == '.' || entry->name[strlen (entry->name) - 1] == '~'))
        return "a name that begins with \".\" or ends in \"~\"";
    if (!entry->first && strncmp (entry->name, "~$", 2) == 0)
        return "a name that begins with \"~$\": an office program has the file open";
    return NULL;
}

static int
take_entry (sks_sources *sources, sks_walk *walk, const sks_walk_entry *entry, sks_report *report, sks_error *err)
{
    const char *reason = left_out (sources, entry);
    if (reason) {
        sks_report_skip (report, entry->path, reason);
        sks_walk_skip (walk);
        return 0;
    }
    switch (entry->kind) {
    case SKS_WALK_FILE:
        return take_file (sources, entry, err);
    case SKS_WALK_FOLDER:
        return sks_known_of_file (sources->known, entry->path) == SKS_NONE
                   ? 0
                   : pass_over (sources, entry, "a folder", report, err);
    case SKS_WALK_OTHER:
        return pass_over (sources, entry, entry->what, report, err);
    default:
        return add_lost (sources, entry->path, entry->cause, report, err);
    }
}

static int
take_entries (sks_sources *sources, const char *root, sks_report *report, sks_error *err)
{
    sks_walk *walk;
    const sks_walk_entry *entry;
    int code = sks_walk_open (&walk, root, err);
    while (!code && !(code = sks_walk_next (walk, &entry, err)) && entry)
        code = take_entry (sources, walk, entry, report, err);
    sks_walk_close (&walk);
    return code;
}

/* Standard input may hold many exports: the limit applies to each of them. A CSV text is one element. */
static int
split_input (sks_sources *sources, sks_report *report, sks_error *err)
{
    size_t size;
    const char *fault;
    if (sks_file_read_all (STDIN_FILENO, 1 << 16, SIZE_MAX / 4, &sources->input, &size) < 0)
        return sks_fail_errno (err, "standard input");
    int code = sks_encoding_decode (&sources->input, &size, &fault, err);
    if (!code && fault) {
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, SKS_STANDARD_INPUT, "", -1, "%s", fault);
        return add_path (sources, &sources->lost, SKS_STANDARD_INPUT, err);
    }
    sks_source_file file = { .path = SKS_STANDARD_INPUT, .expected = SKS_EXPECT_EXPORT, .known = SKS_NONE };
    sks_elements elements;
    sks_csv_refusal refusal;
    int kind = SKS_CSV_NONE;
    if (!code)
        code = sks_csv_heading_recognise (sources->input, size, true, &kind, &refusal, err);
    if (!code && kind != SKS_CSV_NONE) {
        file.element = (sks_element) { .bytes = sources->input, .size = size, .pointer = "" };
        return add_file (sources, &file, err);
    }
    if (!code)
        sks_elements_begin (&elements, sources->input, size, true);
    while (!code && sks_elements_next (&elements, &file.element))
        code = add_file (sources, &file, err);
    return code;
}

static int
add_root (sks_sources *sources, const char *name, const char *path, int cause, sks_error *err)
{
    const char *copy = sks_arena_copy (sources->arena, path, strlen (path));
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
        return code || sources->input ? code : split_input (sources, report, err);
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
        sks_path_of_link (source, link) && strcmp (link, path) != 0 && sks_known_below (sources->known, link);
    int code = replaced ? add_root (sources, source, link, cause, err) : 0;
    if (!code && !(replaced && cause))
        code = add_root (sources, source, path, cause, err);
    return code || cause ? code : take_entries (sources, path, report, err);
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
            found = sks_known_below (sources->known, beside);
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
    size_t before = sks_known_below (sources->known, root->path);
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
        return add_path (sources, &sources->removed, root->path, err);
    }
    sks_report_add (report, SKS_PROBLEM_LOST, root->path, "", -1,
                    gone ? "the source is missing: %s" : "the source cannot be read: %s", cause);
    int code = add_path (sources, gone ? &sources->gone : &sources->unread, root->path, err);
    return code ? code : add_path (sources, &sources->lost, root->path, err);
}

static int
settle_all_missing (sks_sources *sources, sks_report *report, sks_error *err)
{
    size_t missing = 0, before = 0;
    for (size_t i = 0; i < sources->root_count; i++)
        if (sources->roots[i].cause) {
            missing++;
            before += sks_known_below (sources->known, sources->roots[i].path);
        }
    bool all = missing == sources->root_count;
    if (missing && all && !before && !sources->removed.count)
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
    if (sks_known_below (sources->known, path)) {
        if (!cause)
            sks_report_drop (report, path, "",
                             "removed from the index, but it still exists: a run that reads it, or its "
                             "folder, adds its exports again");
        return add_path (sources, &sources->removed, path, err);
    }
    if (sks_path_of_link (name, link) && sks_known_below (sources->known, link))
        return add_path (sources, &sources->removed, link, err);
    if (cause)
        return sks_fail (err, SKS_ENOTFOUND, "--remove %s: nothing in the index came from there", name);
    sks_report_drop (report, path, "", "nothing in the index came from it: nothing is removed, and it is not read");
    return add_path (sources, &sources->removed, path, err);
}

static int
compare_roots (const void *left, const void *right)
{
    const struct root *a = left, *b = right;
    return strcmp (a->path, b->path);
}

static int
by_path (const void *left, const void *right)
{
    const sks_source_file *a = left, *b = right;
    int order = strcmp (a->path, b->path);
    if (!order)
        order = (a->element.bytes > b->element.bytes) - (a->element.bytes < b->element.bytes);
    return order ? order : b->expected - a->expected;
}

/* Sort by path, and keep a file only once if two sources reach it. A walk finds most files in that order. */
static void
sort_files (sks_sources *sources)
{
    size_t kept = 0, sorted = 1;
    while (sorted < sources->count && by_path (&sources->files[sorted - 1], &sources->files[sorted]) <= 0)
        sorted++;
    if (sorted < sources->count)
        qsort (sources->files, sources->count, sizeof *sources->files, by_path);
    for (size_t i = 0; i < sources->count; i++)
        if (!kept || sources->files[i].element.bytes ||
            strcmp (sources->files[kept - 1].path, sources->files[i].path) != 0)
            sources->files[kept++] = sources->files[i];
    sources->count = kept;
}

int
sks_sources_find (sks_sources **out, const sks_source_request *request, const sks_store *last, sks_report *report,
                  sks_error *err)
{
    sks_sources *sources = calloc (1, sizeof *sources);
    *out = NULL;
    if (!sources)
        return sks_fail_memory (err);
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    sources->started = nanoseconds (&now);
    sources->request = *request;
    sources->arena = sks_arena_create ();
    sources->roots = calloc (2 * request->source_count + 1, sizeof *sources->roots);
    int code = sources->arena && sources->roots ? sks_known_create (&sources->known, last, request->stamps, err)
                                                : sks_fail_memory (err);
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
    sort_files (sources);
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
    free (sources->files);
    free (sources->roots);
    free (sources->lost.paths);
    free (sources->removed.paths);
    free (sources->unread.paths);
    free (sources->gone.paths);
    free (sources->input);
    sks_known_destroy (&sources->known);
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

const sks_source_request *
sks_sources_request (const sks_sources *sources)
{
    return &sources->request;
}

const sks_known *
sks_sources_known (const sks_sources *sources)
{
    return sources->known;
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

static bool
lies_below (const struct list *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (sks_path_is_below (path, list->paths[i], strlen (list->paths[i])))
            return true;
    return false;
}

bool
sks_sources_lost (const sks_sources *sources, const char *path)
{
    return lies_below (&sources->lost, path);
}

const char *
sks_sources_missing (const sks_sources *sources, size_t i, bool *gone)
{
    *gone = i >= sources->unread.count;
    const struct list *list = *gone ? &sources->gone : &sources->unread;
    i -= *gone ? sources->unread.count : 0;
    return i < list->count ? list->paths[i] : NULL;
}

bool
sks_sources_removed (const sks_sources *sources, const char *path)
{
    return lies_below (&sources->removed, path);
}
