/* bulk.h - the current generation as it is analysed, for another engine (docs/bridge.md). */
#ifndef SKS_BULK_H
#define SKS_BULK_H

#include "folder.h"

#include <stdbool.h>

/* The formats, blank-separated. */
#define SKS_BULK_FORMATS "opensearch postgresql manticore"

#define SKS_BULK_MANIFEST "manifest.json" /* written last */

/* Whether this is the name of a format. */
bool sks_bulk_has_format (const char *name);

/* What was written. */
typedef struct sks_bulk_summary {
    uint64_t generation, bytes;
    uint32_t statements, occupations;
    unsigned files;
} sks_bulk_summary;

/* Write the current generation into the folder `path`, which appears when it is complete: it must not exist or be
 * empty, or, with `replace`, it may be a bulk export, which is removed with all
 * that is in it.
 *   format   one of SKS_BULK_FORMATS
 * Returns 0, SKS_EINVALID (path), SKS_ENOTFOUND (there is no generation), SKS_EINDEX, SKS_EIO (with the file and the
 * cause, such as a full disk) or SKS_ENOMEM. After a failure `path` is as before, unless the only failure was to sync
 * its parent folder. */
int sks_bulk_export (const sks_folder *folder, const char *format, const char *path, bool replace,
                     sks_bulk_summary *out, sks_error *err);

#endif
