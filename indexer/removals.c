/* removals.c - sorts the exports that the plan no longer has from the file that they came from. */
#include "removals.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REASON_BYTES (PATH_MAX + 64)

struct removal {
    const char *source, *path, *soc;
    const char *now; /* the file that has it now, NULL if none */
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

static void
report_removal (const struct removal *removal, const sks_sources *sources, sks_report *report)
{
    char reason[REASON_BYTES];
    if (removal->now) {
        snprintf (reason, sizeof reason, "%.10s, now from %s", removal->soc, removal->now);
        sks_report_move (report, removal->path, removal->source, reason);
    } else {
        snprintf (reason, sizeof reason, "%.10s, %s", removal->soc, reason_of (removal->path, sources));
        sks_report_remove (report, removal->path, removal->source, reason);
    }
}

int
sks_removals_report (const sks_plan *plan, const sks_sources *sources, const sks_origins *known, sks_report *report,
                     sks_error *err)
{
    const sks_store *last = plan->last;
    size_t count = 0, most = plan->removed + plan->moved;
    if (!most)
        return 0;
    struct removal *removals = calloc (most, sizeof *removals);
    if (!removals)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < last->occupations && count < most; i++) {
        const char *soc = sks_store_string (last, last->occupation[i].soc);
        const char *path = sks_store_string (last, last->occupation[i].source);
        const sks_framework *now = sks_plan_find (plan, soc);
        if (!now || strcmp (now->source, path) != 0)
            removals[count++] =
                (struct removal) { source_of (path, sources, known), path, soc, now ? now->source : NULL };
    }
    qsort (removals, count, sizeof *removals, compare_removals);
    for (size_t i = 0; i < count; i++)
        report_removal (&removals[i], sources, report);
    free (removals);
    return sks_report_status (report, err);
}
