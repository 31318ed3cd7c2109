/* source.h - the sources of a run -> the list of files to read.
 *
 * A source is a file, a folder (walked; symbolic links to files are followed,
 * links to folders are not, so a loop cannot trap the walk) or "-": standard
 * input. Files come sorted by their absolute path, the exports of standard input
 * in their order.
 *
 * FIFOs, sockets and devices in a folder are skipped, and so are names that begin
 * with "." or end in "~". What the user named, and what was an export in the last
 * generation, is a problem when it is no file now.
 *
 * A path is *lost* when nobody knows whether it is still there: a folder that cannot
 * be read, a source that is missing. What it gave before stays. A missing source is
 * *deleted* instead, and what it gave goes, when all sources of the run are missing
 * and its parent folder is there with something else in it: then it was named to
 * take it out. */
#ifndef SKS_SOURCE_H
#define SKS_SOURCE_H

#include "element.h"
#include "known.h"
#include "report.h"

/* What the user asked for. All is borrowed. */
typedef struct sks_source_request {
    const char *const *sources;
    size_t source_count;
    const char *const *removed; /* what came from these paths goes, and is not read */
    size_t removed_count;
    bool only;         /* what came from other sources goes */
    bool allow_empty;  /* what lost sources gave goes, if they are empty or missing */
    bool allow_shrink; /* more than half of a source may go */
} sks_source_request;

typedef struct sks_source_file {
    const char *path;    /* absolute; SKS_STANDARD_INPUT */
    bool named;          /* the user named it, or it was an export: being none is a problem */
    int64_t modified;    /* nanoseconds since 1970; 0 for standard input */
    sks_element element; /* of standard input; bytes is NULL for a file, which is to be read */
} sks_source_file;

typedef struct sks_sources sks_sources;

/* Find the files of the sources.
 *   last   the last generation, NULL if there is none; borrowed as long as *out lives.
 *   *out   caller owns it; free with sks_sources_destroy. NULL on failure.
 * What cannot be read goes to the report. Returns 0, SKS_ENOMEM, SKS_ENOTFOUND
 * when a path of `removed` is not there and nothing in the last generation came from
 * it, or SKS_EIO
 * when no source is there and nothing came from them before. */
int sks_sources_find (sks_sources **out, const sks_source_request *request, const sks_store *last, sks_report *report,
                      sks_error *err);
void sks_sources_destroy (sks_sources **sources_p);

size_t sks_sources_count (const sks_sources *sources);
const sks_source_file *sks_sources_file (const sks_sources *sources, size_t i);
const sks_source_request *sks_sources_request (const sks_sources *sources);
const sks_known *sks_sources_known (const sks_sources *sources);

/* The sources by their absolute paths, sorted; NULL after the last. */
const char *sks_sources_root (const sks_sources *sources, size_t i);

/* Whether `path` is a source, or lies below one; *index (may be NULL) is then the
 * number of the highest such one. Standard input covers what came from it before only
 * in a run with `only`: else a pipe adds and replaces, and takes nothing out. */
bool sks_sources_cover (const sks_sources *sources, const char *path, size_t *index);

/* Whether `path` is, or lies below, something that is lost. */
bool sks_sources_lost (const sks_sources *sources, const char *path);

/* Whether `path` is, or lies below, a path to be taken out. */
bool sks_sources_removed (const sks_sources *sources, const char *path);

/* Read a file whole, as far as maximum + 1 bytes.
 *   *bytes  with a NUL at the end; caller owns it; free with free. NULL on failure.
 * Returns 0, SKS_EIO or SKS_ENOMEM. */
int sks_source_read (const char *path, size_t maximum, char **bytes, size_t *size, sks_error *err);

#endif
