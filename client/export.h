/* export.h - pages of statements as lines for other programs. */
#ifndef SKS_CLIENT_EXPORT_H
#define SKS_CLIENT_EXPORT_H

#include "core/base/buffer.h"
#include "options.h"

/* The line that names the columns; ndjson has none. */
void sks_export_heading (sks_buffer *out, int format);

/* How far an export has come. Start from { 0 }. */
typedef struct sks_export {
    int format;                                /* enum sks_format */
    char last[SKS_MAX_FILTER_VALUE_BYTES + 1]; /* the id written last */
    uint64_t count;                            /* statements written */
} sks_export;

/* The hits of one page of a scan. Returns 0, SKS_ENOMEM or SKS_EPROTOCOL: the ids
 * of a scan ascend, so one that does not move on would never end. */
int sks_export_page (sks_export *export, sks_buffer *out, const sks_result *page, sks_error *err);

#endif
