/* plan.h - which exports the next generation holds, and what that changes.
 *
 * What the sources give now replaces what they gave before; what came from
 * other sources stays; a file that is broken or lost now keeps what the last
 * generation had of it (loss.h).
 *
 * Of two exports for one SOC code the one with the later exportedAt wins. When these
 * are the same, what the last generation has wins: the export from the same file,
 * then one of another source whose file is there still, then one of equal bytes, then
 * what is stale; else the file that was modified last. */
#ifndef SKS_PLAN_H
#define SKS_PLAN_H

#include "loss.h"

typedef struct sks_plan {
    const sks_framework **frameworks; /* by SOC code, each code once */
    size_t count;
    uint64_t statements;
    uint64_t added, changed, removed, kept; /* exports, against the last generation */
    uint64_t renamed;                       /* of those kept: equal bytes from another file */
    size_t shrunk;                          /* sources that more goes of than without a word */
    sks_collection *carried;                /* what is taken over from the last generation */
    const sks_store *last;                  /* that one, or NULL */
} sks_plan;

/* Make the plan.
 *   last    the generation that the sources were found with, NULL if there is none.
 *   *out    caller owns it; free with sks_plan_destroy. It borrows from intake and
 *           last: valid until one is destroyed. */
int sks_plan_make (sks_plan **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last,
                   sks_report *report, sks_error *err);
void sks_plan_destroy (sks_plan **plan_p);

/* Fetch the statements of what is taken over; before that the plan serves to say
 * what changes, afterwards to build. Call it once. */
int sks_plan_fill (sks_plan *plan, sks_error *err);

/* Hash of the text that the i-th statement of a framework of the plan must have. */
int sks_plan_hash (const sks_plan *plan, const sks_framework *framework, size_t i, uint64_t *hash, sks_error *err);

/* Whether an export of this SOC code is in the plan. */
bool sks_plan_has (const sks_plan *plan, const char *soc);

/* Whether the plan is what the last generation holds. */
bool sks_plan_is_unchanged (const sks_plan *plan);

#endif
