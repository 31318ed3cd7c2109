/* rebuild.h - rebuilds an index from the sources that it knows, whatever the state of its current generation.
 *
 * Sources that are gone cannot be read: their exports are taken from the newest generation that opens. Exports that
 * no generation has are lost, and the loss is always reported. */
#ifndef SKS_REBUILD_H
#define SKS_REBUILD_H

#include "recovery.h"

typedef struct sks_rebuild {
    sks_origins *origins; /* what the index was made of; NULL if unknown */
    uint64_t origins_of;  /* the generation whose list that is */
    bool unknown;         /* there are generations, but no readable list of their sources */
    uint64_t base;        /* the newest generation that opens, 0 for none */
    const char **sources; /* to be read: the existing ones of the index, and named ones; borrowed strings */
    size_t source_count;
    size_t lost; /* exports that the next generation lacks; set by sks_rebuild_check */
} sks_rebuild;

/* Determine what can be read again; `named` are further sources. Sources that are gone are reported.
 *   *out   caller owns it; free with sks_rebuild_destroy. NULL on failure.
 * Returns 0, SKS_ENOTFOUND when no source is known or exists, or SKS_ENOMEM. */
int sks_rebuild_begin (sks_rebuild **out, const sks_folder *folder, const char *const *named, size_t count,
                       sks_report *report, sks_error *err);
void sks_rebuild_destroy (sks_rebuild **rebuild_p);

/* Compare the plan with what the index was made of: report what is lost, and what stays of sources that are gone.
 * Drop from the plan what an older generation has but the newer list lacks: it was removed in between. */
void sks_rebuild_check (sks_rebuild *rebuild, sks_plan *plan, const sks_sources *sources, sks_report *report);

/* 0, or SKS_EINVALID when something is lost. */
int sks_rebuild_status (const sks_rebuild *rebuild, sks_error *err);

#endif
