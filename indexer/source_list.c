/* source_list.c - occupations sorted by file, and which of them their files still give. */
#include "source_list.h"

#include "core/base/json.h"
#include "core/base/printable.h"
#include "core/base/instant.h"
#include "intake.h"
#include "path.h"
#include "recovery.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    const char *path;
    uint32_t occupation;
};

struct sks_source_list {
    sks_store *store;
    sks_origins *origins;
    struct file *files; /* of all occupations, by path */
    uint64_t *stamps;   /* of all occupations (origin.h) */
    bool *fresh;        /* of all occupations */
};

/* The length of a file's folder; the whole path for standard input. */
static size_t
folder_size (const char *path)
{
    const char *slash = strrchr (path, '/');
    return slash ? (size_t) (slash - path) + (slash == path) : strlen (path);
}

/* By folder, then by file. */
static int
by_path (const void *left, const void *right)
{
    const struct file *a = left, *b = right;
    size_t size_a = folder_size (a->path), size_b = folder_size (b->path);
    int order = memcmp (a->path, b->path, size_a < size_b ? size_a : size_b);
    if (!order)
        order = (size_a > size_b) - (size_a < size_b);
    if (!order)
        order = strcmp (a->path, b->path);
    return order ? order : (a->occupation > b->occupation) - (a->occupation < b->occupation);
}

static int
list_files (sks_source_list *list, sks_error *err)
{
    uint32_t count = list->store->occupations;
    list->files = calloc (count + (size_t) 1, sizeof *list->files);
    list->stamps = calloc (count + (size_t) 1, sizeof *list->stamps);
    list->fresh = calloc (count + (size_t) 1, sizeof *list->fresh);
    if (!list->files || !list->stamps || !list->fresh)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < count; i++) {
        list->files[i] = (struct file) { sks_store_string (list->store, list->store->occupation[i].source), i };
        list->stamps[i] = list->origins->exports[i].stamp;
    }
    qsort (list->files, count, sizeof *list->files, by_path);
    return 0;
}

/* Whether an occupation came from a file; it may have been indexed by a link to it. */
static bool
came_from (const sks_source_list *list, uint32_t occupation, const char *file)
{
    char path[PATH_MAX];
    const char *own = sks_store_string (list->store, list->store->occupation[occupation].source);
    return strcmp (own, file) == 0 || (sks_path_resolve (own, path) == 0 && strcmp (path, file) == 0);
}

static void
mark_fresh (sks_source_list *list, const sks_intake *intake)
{
    for (uint32_t i = 0; i < list->store->occupations; i++)
        list->fresh[i] = intake->same[i];
    for (size_t i = 0; i < intake->count; i++)
        for (size_t k = 0; k < intake->collections[i]->framework_count; k++) {
            const sks_framework *framework = &intake->collections[i]->frameworks[k];
            uint32_t occupation = sks_store_occupation (list->store, framework->soc);
            if (occupation != SKS_NONE && came_from (list, occupation, framework->source))
                list->fresh[occupation] = true;
        }
}

/* Read the files that changed again; problems show as exports that the files do not give. */
static int
read_files (sks_source_list *list, unsigned threads, sks_error *err)
{
    const char **names = calloc (list->store->occupations + (size_t) 1, sizeof *names);
    sks_source_request request = { .sources = names, .level_from_type = true, .stamps = list->stamps };
    sks_report *report = NULL;
    sks_sources *sources = NULL;
    sks_intake *intake = NULL;
    sks_progress progress = { 0 };
    for (uint32_t i = 0; names && i < list->store->occupations; i++)
        if (*list->files[i].path == '/' && (!i || strcmp (list->files[i].path, list->files[i - 1].path) != 0))
            names[request.source_count++] = list->files[i].path;
    int code = names ? sks_report_create (&report, err) : sks_fail_memory (err);
    if (!code)
        code = sks_sources_find (&sources, &request, list->store, report, err);
    if (!code)
        code = sks_intake_read (&intake, sources, list->store, threads, report, &progress, err);
    if (!code)
        mark_fresh (list, intake);
    sks_intake_destroy (&intake);
    sks_sources_destroy (&sources);
    if (report)
        sks_report_destroy (&report);
    free (names);
    return code;
}

/* Standard input cannot be read again, so nothing that came from it is stale. */
static bool
is_stale (const sks_source_list *list, const struct file *file)
{
    return *file->path == '/' && !list->fresh[file->occupation];
}

static uint32_t
count_statements (const sks_store *store, uint32_t occupation)
{
    const uint32_t *cells = &store->cells[occupation * SKS_LEVELS];
    return cells[SKS_LEVELS] - cells[0];
}

/* Print the line of the folder of row `first`; returns the first row of the next folder. */
static uint32_t
print_folder (const sks_source_list *list, uint32_t first)
{
    const sks_store *store = list->store;
    const char *path = list->files[first].path, *from = NULL, *to = NULL;
    size_t size = folder_size (path), stale = 0;
    uint32_t i = first, statements = 0;
    for (; i < store->occupations; i++) {
        const struct file *file = &list->files[i];
        if (folder_size (file->path) != size || strncmp (file->path, path, size) != 0)
            break;
        const char *when = sks_store_string (store, store->occupation[file->occupation].exported_at);
        sks_instant unused;
        if (sks_instant_read (&unused, when)) {
            from = !from || sks_instant_compare (when, from) < 0 ? when : from;
            to = !to || sks_instant_compare (when, to) > 0 ? when : to;
        }
        statements += count_statements (store, file->occupation);
        stale += is_stale (list, file);
    }
    for (size_t at = 0, length; at < size; at += length) {
        char shown[SKS_PRINTABLE_BYTES];
        size_t bytes = sks_printable_next (shown, path + at, size - at, &length);
        fwrite (shown, 1, bytes, stdout);
    }
    printf ("\t%u exports\t%u statements\t%s\t%s\t%zu stale\n", i - first, statements, from ? from : "", to ? to : "",
            stale);
    return i;
}

int
sks_source_list_read (sks_source_list **out, const sks_folder *folder, unsigned threads, sks_error *err)
{
    sks_source_list *list = *out = calloc (1, sizeof *list);
    if (!list)
        return sks_fail_memory (err);
    int code = sks_recovery_open (&list->store, &list->origins, folder, sks_folder_current (folder),
                                  sks_store_open_without_lists, err);
    if (!code)
        code = list_files (list, err);
    if (!code)
        code = read_files (list, threads, err);
    if (code)
        sks_source_list_destroy (out);
    return code;
}

void
sks_source_list_destroy (sks_source_list **list_p)
{
    sks_source_list *list = *list_p;
    if (!list)
        return;
    *list_p = NULL;
    free (list->files);
    free (list->stamps);
    free (list->fresh);
    sks_origins_destroy (&list->origins);
    sks_store_close (&list->store);
    free (list);
}

size_t
sks_source_list_stale (const sks_source_list *list)
{
    size_t stale = 0;
    for (uint32_t i = 0; i < list->store->occupations; i++)
        stale += is_stale (list, &list->files[i]);
    return stale;
}

void
sks_source_list_print (const sks_source_list *list)
{
    for (uint32_t i = 0; i < list->store->occupations;)
        i = print_folder (list, i);
}

void
sks_source_list_put_json (const sks_source_list *list, sks_buffer *out)
{
    const sks_store *store = list->store;
    for (uint32_t i = 0; i < store->occupations; i++) {
        const struct file *file = &list->files[i];
        sks_json_open_item (out);
        sks_json_put_text (out, "soc", sks_store_string (store, store->occupation[file->occupation].soc));
        sks_json_put_text (out, "file", file->path);
        sks_json_put_text (out, "exportedAt",
                           sks_store_string (store, store->occupation[file->occupation].exported_at));
        sks_json_put_count (out, "statements", count_statements (store, file->occupation));
        sks_json_put_flag (out, "stale", is_stale (list, file));
        sks_buffer_putc (out, '}');
    }
}
