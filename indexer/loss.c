/* loss.c - compares each path with the paths that gave a good export in this run. */
#include "loss.h"

#include "paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct row {
    enum sks_fate fate;
    uint32_t lost; /* length of the lost folder's path within its path */
    uint32_t root; /* the source of this run that it belongs to, or SKS_NONE */
};

struct sks_losses {
    const sks_intake *intake;
    const sks_sources *sources;
    const sks_store *last;
    sks_paths *read; /* files that gave a good export that was read in this run */
    sks_paths *good; /* all files that gave a good export, once `listed` */
    bool listed;
    struct row *rows;
};

static const char *
source_of (const sks_losses *losses, uint32_t occupation)
{
    return sks_store_string (losses->last, losses->last->occupation[occupation].source);
}

static int
list_read (sks_losses *losses, sks_error *err)
{
    const sks_intake *intake = losses->intake;
    size_t count = 0;
    for (size_t i = 0; i < intake->count; i++)
        count += intake->collections[i]->framework_count;
    losses->read = sks_paths_create (count);
    losses->good = sks_paths_create (count + intake->same_count);
    if (!losses->read || !losses->good)
        return sks_fail_memory (err);
    for (size_t i = 0; i < intake->count; i++)
        for (size_t k = 0; k < intake->collections[i]->framework_count; k++) {
            sks_paths_add (losses->read, intake->collections[i]->frameworks[k].source);
            sks_paths_add (losses->good, intake->collections[i]->frameworks[k].source);
        }
    sks_paths_sort (losses->read);
    return 0;
}

/* All files that gave a good export; after most small changes nobody asks for them. */
static const sks_paths *
list_good (sks_losses *losses)
{
    for (uint32_t i = 0; !losses->listed && i < losses->last->occupations; i++)
        if (losses->intake->same[i])
            sks_paths_add (losses->good, source_of (losses, i));
    if (!losses->listed)
        sks_paths_sort (losses->good);
    losses->listed = true;
    return losses->good;
}

static bool
is_good (sks_losses *losses, const char *path)
{
    return sks_paths_count_at (losses->read, path) || sks_paths_count_at (list_good (losses), path);
}

/* Whether anything exists at a path, even if it is no longer a folder. */
static bool
is_there (const char *path, size_t size)
{
    char folder[PATH_MAX];
    struct stat status;
    if (size >= sizeof folder)
        return false;
    memcpy (folder, path, size);
    folder[size] = '\0';
    return lstat (folder, &status) == 0;
}

/* The length of the highest folder in a path, at or below root, that gives no export now but still exists, perhaps as
 * something else; 0 if there is none. */
static uint32_t
find_lost_folder (sks_losses *losses, const char *path, const char *root)
{
    if (strcmp (path, SKS_STANDARD_INPUT) == 0)
        return is_good (losses, path) ? 0 : 1;
    size_t size = strlen (root);
    while (path[size]) {
        if (!sks_paths_count_below (list_good (losses), path, size))
            return is_there (path, size) ? (uint32_t) size : 0;
        size += strcspn (path + size + 1, "/") + 1;
    }
    return 0;
}

static int
compare_strings (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

/* Whether the path is standard input, and it was read and gave no export: then it is lost like any other source. "-"
 * sorts before all absolute paths. */
static bool
is_silent_input (sks_losses *losses, const char *path, size_t *root)
{
    const char *first = sks_sources_root (losses->sources, 0);
    *root = 0;
    return strcmp (path, SKS_STANDARD_INPUT) == 0 && first && strcmp (first, path) == 0 && !is_good (losses, path);
}

static struct row
decide (sks_losses *losses, uint32_t occupation)
{
    const sks_intake *intake = losses->intake;
    const sks_source_request *request = sks_sources_request (losses->sources);
    const char *path = source_of (losses, occupation);
    size_t root;
    bool covered = sks_sources_cover (losses->sources, path, &root) || is_silent_input (losses, path, &root);
    struct row row = { SKS_FATE_GONE, 0, covered ? (uint32_t) root : SKS_NONE };
    if (intake->same[occupation])
        row.fate = SKS_FATE_SAME;
    else if (sks_sources_removed (losses->sources, path))
        row.fate = SKS_FATE_DROPPED;
    else if (!covered)
        row.fate = request->only ? SKS_FATE_DROPPED : SKS_FATE_OTHER;
    else if (sks_sources_lost (losses->sources, path) ||
             bsearch (&path, intake->rejected, intake->rejected_count, sizeof *intake->rejected, compare_strings))
        row.fate = SKS_FATE_STALE;
    else if (!is_good (losses, path) &&
             (row.lost = find_lost_folder (losses, path, sks_sources_root (losses->sources, root))))
        row.fate = request->allow_empty ? SKS_FATE_DROPPED : SKS_FATE_LOST;
    return row;
}

int
sks_losses_find (sks_losses **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last,
                 sks_error *err)
{
    sks_losses *losses = *out = calloc (1, sizeof *losses);
    if (!losses)
        return sks_fail_memory (err);
    *losses = (sks_losses) { .intake = intake, .sources = sources, .last = last };
    if (!last)
        return 0;
    losses->rows = calloc (last->occupations + (size_t) 1, sizeof *losses->rows);
    int code = losses->rows ? list_read (losses, err) : sks_fail_memory (err);
    if (code) {
        sks_losses_destroy (out);
        return code;
    }
    for (uint32_t i = 0; i < last->occupations; i++)
        losses->rows[i] = decide (losses, i);
    return 0;
}

void
sks_losses_destroy (sks_losses **losses_p)
{
    if (!*losses_p)
        return;
    sks_paths_destroy (&(*losses_p)->read);
    sks_paths_destroy (&(*losses_p)->good);
    free ((*losses_p)->rows);
    free (*losses_p);
    *losses_p = NULL;
}

enum sks_fate
sks_losses_fate (const sks_losses *losses, uint32_t occupation)
{
    return losses->rows[occupation].fate;
}

/* Report the folder of `first`, once for all its exports. */
static void
report_lost (const sks_losses *losses, const uint8_t *presence, uint32_t first, bool *reported, sks_report *report)
{
    char folder[PATH_MAX];
    const char *path = source_of (losses, first);
    size_t size = losses->rows[first].lost, count = 0;
    for (uint32_t i = first; i < losses->last->occupations; i++) {
        const struct row *row = &losses->rows[i];
        if (row->fate != SKS_FATE_LOST || presence[i] != SKS_CARRIED || row->lost != size ||
            strncmp (source_of (losses, i), path, size) != 0)
            continue;
        reported[i] = true;
        count++;
    }
    memcpy (folder, path, size);
    folder[size] = '\0';
    sks_report_add (report, SKS_PROBLEM_LOST, folder, "", -1, "it has no export now");
    sks_report_explain (report,
                        "Exports from it: %zu. They stay in the index and are stale.\n"
                        "To remove them: --allow-empty, or --remove PATH.\n",
                        count);
}

/* Report each source that would lose more than a run removes without an option; returns their number. */
static size_t
report_shrinking (const sks_losses *losses, const uint8_t *presence, size_t *before, size_t *gone, sks_report *report)
{
    const char *root;
    size_t shrunk = 0;
    for (uint32_t i = 0; i < losses->last->occupations; i++) {
        const struct row *row = &losses->rows[i];
        if (row->root == SKS_NONE)
            continue;
        before[row->root]++;
        gone[row->root] += row->fate == SKS_FATE_GONE && presence[i] == SKS_ABSENT;
    }
    for (size_t i = 0; (root = sks_sources_root (losses->sources, i)); i++) {
        if (gone[i] < SKS_SHRINK_LEAST || 2 * gone[i] <= before[i])
            continue;
        shrunk++;
        sks_report_add (report, SKS_PROBLEM_SHRINK, root, "", -1,
                        "%zu of the %zu occupations that came from it would be removed", gone[i], before[i]);
        sks_report_explain (report, "A run removes at most half of a source.\n"
                                    "To remove more: --allow-shrink.\n");
    }
    return shrunk;
}

int
sks_losses_report (const sks_losses *losses, const uint8_t *presence, size_t *shrunk, sks_report *report,
                   sks_error *err)
{
    size_t roots = 0;
    *shrunk = 0;
    if (!losses->last)
        return 0;
    while (sks_sources_root (losses->sources, roots))
        roots++;
    bool *reported = calloc (losses->last->occupations + (size_t) 1, sizeof *reported);
    size_t *counts = calloc (2 * roots + 1, sizeof *counts);
    for (uint32_t i = 0; reported && i < losses->last->occupations; i++)
        if (losses->rows[i].fate == SKS_FATE_LOST && presence[i] == SKS_CARRIED && !reported[i])
            report_lost (losses, presence, i, reported, report);
    if (counts && !sks_sources_request (losses->sources)->allow_shrink)
        *shrunk = report_shrinking (losses, presence, counts, counts + roots, report);
    int code = reported && counts ? 0 : sks_fail_memory (err);
    free (reported);
    free (counts);
    return code;
}
