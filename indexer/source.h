/* source.h - the sources of a run -> the list of files to read.
 *
 * A source is a file, a folder (walked; symbolic links to files are followed,
 * links to folders are not, so a loop cannot trap the walk) or "-": standard
 * input. Files come sorted by their absolute path, the exports of standard input
 * in their order.
 *
 * FIFOs, sockets and devices in a folder are skipped, and so are names that begin
 * with "." or end in "~". A path that the user named, or that gave an export in the last generation, is a problem
 * when it is not a file now. Names that end in .json, .ndjson or .jsonl promise JSON.
 *
 * A path is *lost* when it may or may not still exist: a folder that cannot be read, or a missing source. Its exports
 * stay. A missing source is *deleted* instead, and its exports are removed, when the user names nothing else, it gave
 * fewer than SKS_SHRINK_LEAST exports, and other exports of the index lie beside it, which shows that its parent folder
 * is there and mounted. */
#ifndef SKS_SOURCE_H
#define SKS_SOURCE_H

#include "source_files.h"

/* A run refuses to remove more than half of a source's occupations when that is at least this many. */
#define SKS_SHRINK_LEAST 10

/* What the user asked for. All strings are borrowed. */
typedef struct sks_source_request {
    const char *const *sources;
    size_t source_count;
    const char *const *removed; /* exports of these paths are removed, and the paths are not read */
    size_t removed_count;
    bool only;              /* exports of other sources are removed */
    bool allow_empty;       /* exports of empty or missing sources are removed */
    bool allow_shrink;      /* more than half of a source may be removed */
    bool level_from_type;   /* see case_package.h */
    const uint64_t *stamps; /* of the files of the last generation's occupations; NULL: unknown */
} sks_source_request;

typedef struct sks_sources sks_sources;

/* Find the files of the sources.
 *   last   the last generation, NULL if there is none; borrowed as long as *out lives.
 *   *out   caller owns it; free with sks_sources_destroy. NULL on failure.
 * Unreadable files are reported. Returns 0; SKS_ENOMEM; SKS_ENOTFOUND when a path in `removed` does not exist and
 * nothing in the last generation came from it; or SKS_EIO when no source exists and nothing came from them before. */
int sks_sources_find (sks_sources **out, const sks_source_request *request, const sks_store *last, sks_report *report,
                      sks_error *err);
void sks_sources_destroy (sks_sources **sources_p);

size_t sks_sources_count (const sks_sources *sources);
const sks_source_file *sks_sources_file (const sks_sources *sources, size_t i);
const sks_source_request *sks_sources_request (const sks_sources *sources);
const sks_known *sks_sources_known (const sks_sources *sources);

/* The sources by their absolute paths, sorted; NULL after the last. */
const char *sks_sources_root (const sks_sources *sources, size_t i);

/* Whether `path` is a source, or lies below one; *index (may be NULL) is then the number of the highest such source.
 * Standard input covers the exports that came from it before only in a run with `only`: otherwise a pipe adds and
 * replaces, and removes nothing. */
bool sks_sources_cover (const sks_sources *sources, const char *path, size_t *index);

/* Whether `path` is, or lies below, a lost path. */
bool sks_sources_lost (const sks_sources *sources, const char *path);

/* The i-th lost path that exports of the last generation came from, and that does not exist (*gone) or cannot be read;
 * NULL after the last. Each has a problem in the report. */
const char *sks_sources_missing (const sks_sources *sources, size_t i, bool *gone);

/* Whether `path` is, or lies below, a path to be removed. */
bool sks_sources_removed (const sks_sources *sources, const char *path);

#endif
