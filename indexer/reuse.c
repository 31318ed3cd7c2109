/* reuse.c - maps old documents to new statements, and old occupations to new ones. */
#include "reuse.h"

#include "copy.h"
#include "limits.h"
#include "core/index/place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The first statement of each occupation of the last generation in the plan; its others follow. */
static void
place_occupations (sks_reuse *reuse, const sks_plan *plan, uint32_t *first)
{
    uint32_t statement = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *f = plan->frameworks[i];
        if (f->last != SKS_NONE) {
            reuse->occupation[f->last] = (uint32_t) i;
            first[f->last] = statement;
        }
        statement += (uint32_t) f->count;
    }
}

/* Map the next documents of the base file, those of an occupation: document `next` is the first of them, and *count
 * grows by those that stay. Returns the document after them.
 *   cells   of the occupation in the last generation
 *   first   its first statement now; of no importance if it is gone */
static uint32_t
map_documents (sks_reuse *reuse, uint32_t next, const uint32_t *cells, bool stays, uint32_t first, uint32_t *count)
{
    const uint32_t *before = reuse->last->documents ? reuse->last->document : NULL;
    uint32_t *document = reuse->document, base = reuse->base, end = cells[SKS_LEVELS], shift = first - cells[0];
    uint32_t kept = 0;
    bool *covered = reuse->covered;
    for (uint32_t statement; next < base; next++) {
        statement = before ? before[next] : next;
        if (statement >= end && statement != SKS_NONE)
            break;
        if (stays && statement != SKS_NONE) {
            document[next] = statement + shift;
            covered[statement + shift] = true;
            kept++;
        } else
            document[next] = SKS_NONE;
    }
    *count += kept;
    return next;
}

/* Map the documents of the base file, which are in the order of their statements, and list the statements that it
 * lacks after them. Returns how many it has. */
static uint32_t
map_statements (sks_reuse *reuse, const sks_plan *plan, const uint32_t *first)
{
    const sks_store *last = reuse->last;
    uint32_t covered = 0, next = 0;
    for (uint32_t i = 0; i < last->occupations; i++)
        next = map_documents (reuse, next, &last->cells[i * SKS_LEVELS], reuse->occupation[i] != SKS_NONE, first[i],
                              &covered);
    const bool *end = reuse->covered + plan->statements, *at = reuse->covered;
    while ((at = memchr (at, 0, (size_t) (end - at))))
        reuse->document[reuse->documents++] = (uint32_t) (at++ - reuse->covered);
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
    uint32_t base = last->documents ? last->base : last->statements;
    uint32_t *first = calloc (last->occupations + (size_t) 1, sizeof *first);
    sks_reuse *reuse = calloc (1, sizeof *reuse);
    if (reuse) {
        *reuse = (sks_reuse) { .last = last, .folder = folder, .base = base, .documents = base };
        reuse->document = malloc (((size_t) base + plan->statements + 1) * sizeof *reuse->document);
        reuse->covered = calloc (plan->statements + 1, sizeof *reuse->covered);
        reuse->occupation = malloc ((last->occupations + (size_t) 1) * sizeof *reuse->occupation);
    }
    if (!first || !reuse || !reuse->document || !reuse->covered || !reuse->occupation) {
        free (first);
        sks_reuse_destroy (&reuse);
        return sks_fail_memory (err);
    }
    memset (reuse->occupation, 0xFF, last->occupations * sizeof *reuse->occupation);
    place_occupations (reuse, plan, first);
    uint32_t covered = map_statements (reuse, plan, first);
    free (first);
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
