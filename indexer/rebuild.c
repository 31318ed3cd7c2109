/* rebuild.c - known sources -> sources to read, and the exports that these cannot restore. */
#include "rebuild.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Read the list of sources. Without one, named sources are enough. */
static int
find_origins (sks_rebuild *rebuild, const sks_folder *folder, size_t named, sks_error *err)
{
    int code = sks_recovery_origins (&rebuild->origins, &rebuild->origins_of, folder, err);
    rebuild->unknown = !rebuild->origins && (sks_folder_highest (folder) || sks_folder_check (folder, NULL));
    return code == SKS_ENOTFOUND && named ? 0 : code;
}

static int
list_sources (sks_rebuild *rebuild, const char *const *named, size_t count, sks_report *report, sks_error *err)
{
    size_t known = rebuild->origins ? rebuild->origins->root_count : 0;
    rebuild->sources = calloc (known + count + 1, sizeof *rebuild->sources);
    if (!rebuild->sources)
        return sks_fail_memory (err);
    for (size_t i = 0; i < known; i++) {
        const char *root = rebuild->origins->roots[i];
        if (sks_recovery_is_there (root))
            rebuild->sources[rebuild->source_count++] = root;
        else if (strcmp (root, SKS_STANDARD_INPUT) != 0) {
            sks_report_add (report, SKS_PROBLEM_UNREADABLE, root, "", -1, "the source is gone");
            /* Only what is in the base generation can be removed. */
            sks_report_explain (report, "If it was moved, name its new place as well.\n%s",
                                rebuild->base == rebuild->origins_of ? "To remove what came from it: --remove PATH.\n"
                                                                     : "");
        }
    }
    for (size_t i = 0; i < count; i++)
        rebuild->sources[rebuild->source_count++] = named[i];
    return rebuild->source_count ? 0
                                 : sks_fail (err, SKS_ENOTFOUND, "none of the sources of the index can be read again");
}

int
sks_rebuild_begin (sks_rebuild **out, const sks_folder *folder, const char *const *named, size_t count,
                   sks_report *report, sks_error *err)
{
    sks_rebuild *rebuild = *out = calloc (1, sizeof *rebuild);
    if (!rebuild)
        return sks_fail_memory (err);
    rebuild->base = sks_folder_newest (folder, sks_recovery_opens);
    int code = find_origins (rebuild, folder, count, err);
    if (!code)
        code = list_sources (rebuild, named, count, report, err);
    if (code)
        sks_rebuild_destroy (out);
    return code;
}

void
sks_rebuild_destroy (sks_rebuild **rebuild_p)
{
    if (!*rebuild_p)
        return;
    sks_origins_destroy (&(*rebuild_p)->origins);
    free ((*rebuild_p)->sources);
    free (*rebuild_p);
    *rebuild_p = NULL;
}

/* Drop exports that were removed after the base generation; report those that stay although their source was not
 * read. */
static void
check_carried (const sks_rebuild *rebuild, sks_plan *plan, const sks_sources *sources, sks_report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *f = plan->frameworks[i];
        if (f->carried && !sks_origins_have (rebuild->origins, f->soc)) {
            plan->statements -= f->count;
            continue;
        }
        plan->frameworks[kept++] = f;
        char reason[96];
        snprintf (reason, sizeof reason, "%.10s is kept from generation %" PRIu64, f->soc, rebuild->base);
        if (f->carried && !sks_sources_cover (sources, f->source, NULL))
            sks_report_keep (report, f->source, reason);
    }
    plan->count = kept;
}

void
sks_rebuild_check (sks_rebuild *rebuild, sks_plan *plan, const sks_sources *sources, sks_report *report)
{
    const sks_origins *origins = rebuild->origins;
    if (!origins)
        return;
    check_carried (rebuild, plan, sources, report);
    /* If the list's own generation opens, a missing export was removed from its source. */
    for (size_t i = 0; rebuild->base != rebuild->origins_of && i < origins->export_count; i++) {
        const sks_origin *row = &origins->exports[i];
        if (sks_plan_has (plan, row->soc))
            continue;
        rebuild->lost++;
        sks_report_add (report, SKS_PROBLEM_UNREADABLE, row->path, "", -1,
                        "%.10s is lost: generation %" PRIu64 " had it from here", row->soc, rebuild->origins_of);
    }
}

int
sks_rebuild_status (const sks_rebuild *rebuild, sks_error *err)
{
    if (rebuild->unknown)
        return sks_fail (err, SKS_EINVALID,
                         "the former content of the index is not known; --allow-empty publishes what the sources give");
    if (!rebuild->lost)
        return 0;
    return sks_fail (err, SKS_EINVALID,
                     "%zu of %zu export%s of generation %" PRIu64 " would be lost; --allow-empty publishes the rest",
                     rebuild->lost, rebuild->origins->export_count, rebuild->origins->export_count == 1 ? "" : "s",
                     rebuild->origins_of);
}
