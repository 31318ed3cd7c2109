/* source.h - the sources of a run -> the list of files to read.
 *
 * A source is a file, a folder (walked; symbolic links to files are followed,
 * links to folders are not, so a loop cannot trap the walk) or "-": standard
 * input as NDJSON, one export a line. FIFOs, sockets and devices in a folder
 * are skipped; one that the user named is a problem. Files come sorted by their
 * absolute path. */
#ifndef SKS_SOURCE_H
#define SKS_SOURCE_H

#include "report.h"

typedef struct sks_source_file {
    const char *path;  /* absolute; "-:12" for line 12 of standard input */
    bool named;        /* the user named it: being no export is a problem */
    const char *bytes; /* NDJSON: the line; NULL: read the file */
    size_t size;
} sks_source_file;

typedef struct sks_sources sks_sources;

/* Find the files of `count` sources.
 *   *out   caller owns it; free with sks_sources_destroy. NULL on failure.
 * A folder below a source that cannot be read is told to the report; a source
 * that is not there fails the call: SKS_EIO. */
int sks_sources_find (sks_sources **out, const char *const *sources, size_t count, sks_report *report, sks_error *err);
void sks_sources_destroy (sks_sources **sources_p);

size_t sks_sources_count (const sks_sources *sources);
const sks_source_file *sks_sources_file (const sks_sources *sources, size_t i);

/* The sources by their absolute paths; NULL after the last. */
const char *sks_sources_root (const sks_sources *sources, size_t i);

/* Whether `path` belongs to one of the sources: it is one, or lies below one.
 * Lines of standard input never do: a pipe adds and replaces, it takes nothing out. */
bool sks_sources_cover (const sks_sources *sources, const char *path);

/* Whether `path` is, or lies below, something that the walk could not read: then
 * nobody knows whether it is still there. */
bool sks_sources_lost (const sks_sources *sources, const char *path);

/* Read a file whole, as far as maximum + 1 bytes.
 *   *bytes  caller owns it; free with free. NULL on failure.
 * Returns 0, SKS_EIO or SKS_ENOMEM. */
int sks_source_read (const char *path, size_t maximum, char **bytes, size_t *size, sks_error *err);

#endif
