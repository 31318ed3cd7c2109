/* gone.c - the sources of the exports that are taken over, sorted. */
#include "gone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int
compare_strings (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

/* A stale export is reported with its file. Standard input cannot be gone. */
static bool
is_of_another_source (const sks_framework *framework)
{
    return framework->carried && !framework->stale && strcmp (framework->source, SKS_STANDARD_INPUT) != 0;
}

int
sks_gone_report (const sks_plan *plan, const sks_origins *known, sks_report *report, sks_error *err)
{
    size_t count = 0;
    const char **sources = calloc (plan->count + 1, sizeof *sources);
    if (!sources)
        return sks_fail_memory (err);
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        const char *root = known ? sks_origins_root (known, framework->source) : NULL;
        if (is_of_another_source (framework))
            sources[count++] = root ? root : framework->source;
    }
    qsort (sources, count, sizeof *sources, compare_strings);
    for (size_t i = 0, end; i < count; i = end) {
        struct stat status;
        for (end = i + 1; end < count && strcmp (sources[end], sources[i]) == 0;)
            end++;
        if (stat (sources[i], &status) < 0 && (errno == ENOENT || errno == ENOTDIR))
            sks_report_gone (report, sources[i], end - i);
    }
    free (sources);
    return sks_report_status (report, err);
}
