/* source_files.c - which entries of a walk, and which parts of standard input, are read. */
#include "source_files.h"

#include "array.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "csv_heading.h"
#include "encoding.h"
#include "walk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

int64_t sks_source_settled_ns = INT64_C (3000000000);

static int
add_file (sks_source_files *files, const sks_source_file *file, sks_error *err)
{
    if (!sks_array_reserve (&files->rows, &files->capacity, files->count + 1, sizeof *files->rows))
        return sks_fail_memory (err);
    files->rows[files->count] = *file;
    const char *path = sks_arena_copy (files->arena, file->path, strlen (file->path));
    files->rows[files->count++].path = path;
    return path ? 0 : sks_fail_memory (err);
}

/* Report a path that cannot be read, and remember it. */
static int
add_lost (sks_source_files *files, const char *path, int cause, sks_report *report, sks_error *err)
{
    sks_report_add (report, SKS_PROBLEM_UNREADABLE, path, "", -1, "%s", strerrordesc_np (cause));
    int code = sks_known_below (files->known, path) ? sks_path_list_add (&files->unread, files->arena, path, err) : 0;
    return code ? code : sks_path_list_add (&files->lost, files->arena, path, err);
}

/* Skip what is not a file; that is a problem if it was an export. */
static int
pass_over (sks_source_files *files, const sks_walk_entry *entry, const char *what, sks_report *report, sks_error *err)
{
    if (sks_known_of_file (files->known, entry->path) != SKS_NONE) {
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, entry->path, "", -1,
                        "%s; it was an export in the last generation", what);
        return sks_path_list_add (&files->lost, files->arena, entry->path, err);
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
take_file (sks_source_files *files, const sks_walk_entry *entry, sks_error *err)
{
    bool lines = ends_in (entry->name, ".ndjson") || ends_in (entry->name, ".jsonl");
    sks_source_file file = {
        .path = entry->path,
        .expected = entry->first                              ? SKS_EXPECT_EXPORT
                    : lines || ends_in (entry->name, ".json") ? SKS_EXPECT_JSON
                                                              : SKS_EXPECT_NOTHING,
        .lines = lines,
        .modified = nanoseconds (&entry->status.st_mtim),
        .stamp = sks_source_stamp (&entry->status, files->started),
        .known = SKS_NONE,
    };
    return add_file (files, &file, err);
}

/* Why an entry is skipped, NULL if it is not. */
static const char *
left_out (const sks_source_files *files, const sks_walk_entry *entry)
{
    if (sks_path_list_covers (&files->removed, entry->path))
        return "removed by --remove";
    if (!entry->first && (*entry->name == '.' || entry->name[strlen (entry->name) - 1] == '~'))
        return "a name that begins with \".\" or ends in \"~\"";
    if (!entry->first && strncmp (entry->name, "~$", 2) == 0)
        return "a name that begins with \"~$\": an office program has the file open";
    return NULL;
}

static int
take_entry (sks_source_files *files, sks_walk *walk, const sks_walk_entry *entry, sks_report *report, sks_error *err)
{
    const char *reason = left_out (files, entry);
    if (reason) {
        sks_report_skip (report, entry->path, reason);
        sks_walk_skip (walk);
        return 0;
    }
    switch (entry->kind) {
    case SKS_WALK_FILE:
        return take_file (files, entry, err);
    case SKS_WALK_FOLDER:
        return sks_known_of_file (files->known, entry->path) == SKS_NONE
                   ? 0
                   : pass_over (files, entry, "a folder", report, err);
    case SKS_WALK_OTHER:
        return pass_over (files, entry, entry->what, report, err);
    default:
        return add_lost (files, entry->path, entry->cause, report, err);
    }
}

int
sks_source_files_walk (sks_source_files *files, const char *root, sks_report *report, sks_error *err)
{
    sks_walk *walk;
    const sks_walk_entry *entry;
    int code = sks_walk_open (&walk, root, err);
    while (!code && !(code = sks_walk_next (walk, &entry, err)) && entry)
        code = take_entry (files, walk, entry, report, err);
    sks_walk_close (&walk);
    return code;
}

/* Standard input may hold many exports: the limit applies to each of them. A CSV text is one element. */
int
sks_source_files_split_input (sks_source_files *files, sks_report *report, sks_error *err)
{
    size_t size;
    const char *fault;
    if (sks_file_read_all (STDIN_FILENO, 1 << 16, SIZE_MAX / 4, &files->input, &size) < 0)
        return sks_fail_errno (err, "standard input");
    int code = sks_encoding_decode (&files->input, &size, &fault, err);
    if (!code && fault) {
        sks_report_add (report, SKS_PROBLEM_NOT_AN_EXPORT, SKS_STANDARD_INPUT, "", -1, "%s", fault);
        return sks_path_list_add (&files->lost, files->arena, SKS_STANDARD_INPUT, err);
    }
    sks_source_file file = { .path = SKS_STANDARD_INPUT, .expected = SKS_EXPECT_EXPORT, .known = SKS_NONE };
    sks_elements elements;
    sks_csv_refusal refusal;
    int kind = SKS_CSV_NONE;
    if (!code)
        code = sks_csv_heading_recognise (files->input, size, true, &kind, &refusal, err);
    if (!code && kind != SKS_CSV_NONE) {
        file.element = (sks_element) { .bytes = files->input, .size = size, .pointer = "" };
        return add_file (files, &file, err);
    }
    if (!code)
        sks_elements_begin (&elements, files->input, size, true);
    while (!code && sks_elements_next (&elements, &file.element))
        code = add_file (files, &file, err);
    return code;
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

/* A file that gave an export is one. All files are looked up together: between calls of the kernel for each of them the
 * tables would not stay in the cache. */
static void
look_up (sks_source_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        sks_source_file *file = &files->rows[i];
        if (!file->element.bytes)
            file->known = sks_known_of_file (files->known, file->path);
        if (file->known != SKS_NONE)
            file->expected = SKS_EXPECT_EXPORT;
    }
}

/* A walk finds most files in that order. */
void
sks_source_files_sort (sks_source_files *files)
{
    size_t kept = 0, sorted = 1;
    while (sorted < files->count && by_path (&files->rows[sorted - 1], &files->rows[sorted]) <= 0)
        sorted++;
    if (sorted < files->count)
        qsort (files->rows, files->count, sizeof *files->rows, by_path);
    for (size_t i = 0; i < files->count; i++)
        if (!kept || files->rows[i].element.bytes || strcmp (files->rows[kept - 1].path, files->rows[i].path) != 0)
            files->rows[kept++] = files->rows[i];
    files->count = kept;
    look_up (files);
}

int
sks_source_files_begin (sks_source_files *files, const sks_store *last, const uint64_t *stamps, sks_error *err)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    files->started = nanoseconds (&now);
    files->arena = sks_arena_create ();
    return files->arena ? sks_known_create (&files->known, last, stamps, err) : sks_fail_memory (err);
}

void
sks_source_files_free (sks_source_files *files)
{
    free (files->rows);
    free (files->removed.paths);
    free (files->lost.paths);
    free (files->unread.paths);
    free (files->input);
    sks_known_destroy (&files->known);
    sks_arena_destroy (&files->arena);
}
