/* removals.c - sorts the exports that the plan no longer has. */
#include "removals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REASON_BYTES 96

struct removal {
    const char *source, *path, *soc;
};

/* A source of this run, else one of the last generation, else the file itself. */
static const char *
source_of (const char *path, const sks_sources *sources, const sks_origins *known)
{
    size_t root;
    const char *source = NULL;
    if (sks_sources_cover (sources, path, &root))
        source = sks_sources_root (sources, root);
    else if (known)
        source = sks_origins_root (known, path);
    return source ? source : path;
}

static const char *
reason_of (const char *path, const sks_sources *sources)
{
    struct stat status;
    if (strcmp (path, SKS_STANDARD_INPUT) != 0 && lstat (path, &status) < 0)
        return "its file is gone";
    if (sks_sources_removed (sources, path))
        return "it was named by --remove";
    return sks_sources_cover (sources, path, NULL) ? "its file does not have it now" : "it was not named with --only";
}

static int
compare_removals (const void *left, const void *right)
{
    const struct removal *a = left, *b = right;
    int order = strcmp (a->source, b->source);
    if (!order)
        order = strcmp (a->path, b->path);
    return order ? order : strcmp (a->soc, b->soc);
}

int
sks_removals_report (const sks_plan *plan, const sks_sources *sources, const sks_origins *known, sks_report *report,
                     sks_error *err)
{
    const sks_store *last = plan->last;
    size_t count = 0;
    if (!plan->removed)
        return 0;
    struct removal *removals = calloc (plan->removed, sizeof *removals);
    if (!removals)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < last->occupations && count < plan->removed; i++) {
        const char *soc = sks_store_string (last, last->occupation[i].soc);
        const char *path = sks_store_string (last, last->occupation[i].source);
        if (!sks_plan_has (plan, soc))
            removals[count++] = (struct removal) { source_of (path, sources, known), path, soc };
    }
    qsort (removals, count, sizeof *removals, compare_removals);
    for (size_t i = 0; i < count; i++) {
        char reason[REASON_BYTES];
        snprintf (reason, sizeof reason, "%.10s, %s", removals[i].soc, reason_of (removals[i].path, sources));
        sks_report_remove (report, removals[i].path, removals[i].source, reason);
    }
    free (removals);
    return sks_report_status (report, err);
}
