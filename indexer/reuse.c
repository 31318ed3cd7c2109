/* reuse.c - maps old documents to new statements, and old occupations to new ones. */
#include "reuse.h"

#include "copy.h"
#include "limits.h"
#include "core/index/place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* For each statement of the last generation, its document in the base file; SKS_NONE if it is in additions. */
static uint32_t *
find_documents (const sks_store *last)
{
    uint32_t *documents = malloc ((last->statements + (size_t) 1) * sizeof *documents);
    for (uint32_t s = 0; documents && s < last->statements; s++)
        documents[s] = last->documents ? SKS_NONE : s;
    for (uint32_t d = 0; documents && last->documents && d < last->base; d++)
        if (last->document[d] < last->statements)
            documents[last->document[d]] = d;
    return documents;
}

/* Mark the statements that the base file covers; returns their number. */
static uint32_t
cover (sks_reuse *reuse, const sks_plan *plan, const uint32_t *documents)
{
    uint32_t statement = 0, covered = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *f = plan->frameworks[i];
        uint32_t old = f->last == SKS_NONE ? 0 : reuse->last->cells[f->last * SKS_LEVELS];
        if (f->last != SKS_NONE)
            reuse->occupation[f->last] = (uint32_t) i;
        for (size_t k = 0; k < f->count; k++, statement++) {
            uint32_t document = f->last == SKS_NONE ? SKS_NONE : documents[old + k];
            if (document == SKS_NONE)
                continue;
            reuse->document[document] = statement;
            reuse->covered[statement] = true;
            covered++;
        }
    }
    return covered;
}

static bool
is_worth_it (const sks_plan *plan, uint32_t base, uint32_t covered)
{
    return plan->statements - covered <= plan->statements / SKS_REUSE_SHARE && base - covered <= base / SKS_REUSE_SHARE;
}

/* Whether what no longer occurs is to be left out: a multiple of SKS_REUSE_RUNS is passed, or little space is left for
 * strings. After a rollback, the next generation skips numbers. */
static bool
is_due (const sks_store *last, uint64_t number)
{
    return (number - 1) / SKS_REUSE_RUNS > (last->generation - 1) / SKS_REUSE_RUNS ||
           last->strings_size > sks_limits_of_index.string_bytes / 2;
}

int
sks_reuse_make (sks_reuse **out, const sks_plan *plan, const sks_store *last, const char *folder, uint64_t number,
                sks_error *err)
{
    *out = NULL;
    if (!last || is_due (last, number))
        return 0;
    uint32_t base = last->documents ? last->base : last->statements, *documents = find_documents (last);
    sks_reuse *reuse = calloc (1, sizeof *reuse);
    if (reuse) {
        *reuse = (sks_reuse) { .last = last, .folder = folder, .base = base, .documents = base };
        reuse->document = malloc (((size_t) base + plan->statements + 1) * sizeof *reuse->document);
        reuse->covered = calloc (plan->statements + 1, sizeof *reuse->covered);
        reuse->occupation = malloc ((last->occupations + (size_t) 1) * sizeof *reuse->occupation);
    }
    if (!documents || !reuse || !reuse->document || !reuse->covered || !reuse->occupation) {
        free (documents);
        sks_reuse_destroy (&reuse);
        return sks_fail_memory (err);
    }
    memset (reuse->document, 0xFF, base * sizeof *reuse->document);
    memset (reuse->occupation, 0xFF, last->occupations * sizeof *reuse->occupation);
    uint32_t covered = cover (reuse, plan, documents);
    free (documents);
    for (uint32_t s = 0; s < plan->statements; s++)
        if (!reuse->covered[s])
            reuse->document[reuse->documents++] = s;
    if (!is_worth_it (plan, base, covered))
        sks_reuse_destroy (&reuse);
    *out = reuse;
    return 0;
}

void
sks_reuse_destroy (sks_reuse **reuse_p)
{
    if (!*reuse_p)
        return;
    free ((*reuse_p)->document);
    free ((*reuse_p)->covered);
    free ((*reuse_p)->occupation);
    free (*reuse_p);
    *reuse_p = NULL;
}

int
sks_reuse_copy (const sks_reuse *reuse, const char *folder, sks_error *err)
{
    char old[PATH_MAX], new[PATH_MAX];
    int code = sks_place_join (old, sizeof old, reuse->folder, SKS_POSTINGS_FILE, err);
    if (!code)
        code = sks_place_join (new, sizeof new, folder, SKS_POSTINGS_FILE, err);
    return code ? code : sks_copy_file (old, new, err);
}
