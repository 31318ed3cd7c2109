/* plan.h - determines the exports of the next generation, and what changes.
 *
 * The exports that the sources give now replace those they gave before; exports of other sources stay; of a file that
 * is broken or lost now, the exports of the last generation stay (loss.h).
 *
 * Of two exports for one SOC code the one with the later exportedAt wins. When these are equal, the export that the
 * last generation has wins: first the one from the same file (of two in it, the one with equal bytes), then one of
 * another source whose file still exists, then one with equal bytes, then a stale one. Otherwise the file that was
 * modified last wins. */
#ifndef SKS_PLAN_H
#define SKS_PLAN_H

#include "loss.h"

typedef struct sks_plan {
    const sks_framework **frameworks; /* by SOC code, each code once */
    size_t count;
    uint64_t statements;
    uint64_t added, changed, removed, kept; /* exports, compared with the last generation */
    uint64_t renamed;                       /* of those kept: equal bytes from another file */
    uint64_t moved;                         /* of those kept and changed: from another file */
    size_t shrunk;                          /* sources that would lose more than is allowed without an option */
    sks_collection *carried;                /* what is taken over from the last generation */
    const sks_store *last;                  /* the last generation, or NULL */
} sks_plan;

/* Make the plan.
 *   last    the generation that was passed when the sources were found; may be NULL.
 *   *out    caller owns it; free with sks_plan_destroy. It borrows from intake and
 *           last: valid until one is destroyed. */
int sks_plan_make (sks_plan **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last,
                   sks_report *report, sks_error *err);
void sks_plan_destroy (sks_plan **plan_p);

/* Fetch the words of the occupations that are taken over, for a build that does not reuse the last generation. Call it at
 * most once. */
int sks_plan_fill (sks_plan *plan, sks_error *err);

/* The number of statements of each level of a framework in the plan. */
void sks_plan_count_levels (const sks_plan *plan, const sks_framework *framework, uint32_t counts[SKS_LEVELS]);

/* Hash of the text that the i-th statement of a framework in the plan must have. */
int sks_plan_hash (const sks_plan *plan, const sks_framework *framework, size_t i, uint64_t *hash, sks_error *err);

/* The export of this SOC code in the plan, NULL if there is none; and whether there is one. */
const sks_framework *sks_plan_find (const sks_plan *plan, const char *soc);
bool sks_plan_has (const sks_plan *plan, const char *soc);

/* Whether the plan equals the content of the last generation. */
bool sks_plan_is_unchanged (const sks_plan *plan);

#endif
