/* origin.h - what a generation was made of: its sources, and the file of each export.
 *
 * Each generation has this in a small separate file, "sources": when the other files are damaged, the index can still
 * be rebuilt from it. Its format is the same in every index format from 3 on, but 3 to 5 have no stamps; format 2
 * stores only the files of exports, in its statements file, and only those are read from it. docs/index-format.md
 * describes the bytes. */
#ifndef SKS_ORIGIN_H
#define SKS_ORIGIN_H

#include "core/base/arena.h"
#include "plan.h"

#define SKS_SOURCES_FILE "sources"

typedef struct sks_origin {
    const char *soc, *path; /* path as in sks_source_file */
    uint64_t stamp;         /* of the file (source.h) if it has nothing else; else 0 */
} sks_origin;

typedef struct sks_origins {
    const char **roots; /* absolute paths, or SKS_STANDARD_INPUT; none is below another */
    size_t root_count, root_capacity;
    sks_origin *exports; /* in the order of SOC codes */
    size_t export_count, export_capacity;
    sks_arena *arena;
    char *bytes; /* of the file that was read, or NULL: the strings of exports are there or in the arena */
} sks_origins;

/* Read what the generation in `folder` was made of.
 *   *out   caller owns it; free with sks_origins_destroy. NULL on failure.
 * Returns 0, SKS_EINDEX (missing, damaged; text names the file), SKS_EIO or
 * SKS_ENOMEM. */
int sks_origins_read (sks_origins **out, const char *folder, sks_error *err);
void sks_origins_destroy (sks_origins **origins_p);

/* The same from the statements file, for a generation whose list cannot be used: each file is a source then. */
int sks_origins_of_store (sks_origins **out, const sks_store *store, sks_error *err);

/* Whether the list is that of the generation in `store`. */
bool sks_origins_match (const sks_origins *origins, const sks_store *store);

/* The source that equals the path or contains it; NULL without one. Borrowed: valid as long as the list. */
const char *sks_origins_root (const sks_origins *origins, const char *path);

/* Whether the list has an export of this SOC code. */
bool sks_origins_have (const sks_origins *origins, const char *soc);

/* Write FOLDER/sources for a plan, and sync it: the sources of this run, and those of
 * the last generation (NULL for none) that the plan still has an export of. */
int sks_origins_write (const char *folder, const sks_plan *plan, const sks_sources *sources, const sks_origins *last,
                       sks_error *err);

#endif
