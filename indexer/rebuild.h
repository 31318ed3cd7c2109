/* rebuild.h - an index made again from the sources that it knows, whatever became of
 * its current generation.
 *
 * Sources that are gone cannot be read: their exports stay as the newest generation
 * that opens has them. What no generation has any more is lost, and that is never
 * silent. */
#ifndef SKS_REBUILD_H
#define SKS_REBUILD_H

#include "recovery.h"

typedef struct sks_rebuild {
    sks_origins *origins; /* what the index was made of; NULL if that is not known */
    uint64_t origins_of;  /* the generation that says so */
    bool unknown;         /* there is something, and nobody knows what it was made of */
    uint64_t base;        /* the newest generation that opens, 0 for none */
    const char **sources; /* to be read: those of the index that are there, and named ones; borrowed strings */
    size_t source_count;
    size_t lost; /* exports that the next generation lacks; set by sks_rebuild_check */
} sks_rebuild;

/* Work out what can be read again; `named` are further sources. Those that are gone go
 * to the report.
 *   *out   caller owns it; free with sks_rebuild_destroy. NULL on failure.
 * Returns 0, SKS_ENOTFOUND when no source is known or there, or SKS_ENOMEM. */
int sks_rebuild_begin (sks_rebuild **out, const sks_folder *folder, const char *const *named, size_t count,
                       sks_report *report, sks_error *err);
void sks_rebuild_destroy (sks_rebuild **rebuild_p);

/* Hold the plan against what the index was made of: report what is lost and what stays
 * of sources that are gone, and drop from the plan what an older generation has but
 * the list of the newer one lacks: it was taken out in between. */
void sks_rebuild_check (sks_rebuild *rebuild, sks_plan *plan, const sks_sources *sources, sks_report *report);

/* 0, or SKS_EINVALID when something is lost. */
int sks_rebuild_status (const sks_rebuild *rebuild, sks_error *err);

#endif
