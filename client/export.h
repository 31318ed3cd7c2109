/* export.h - pages of statements as lines for other programs. */
#ifndef SKS_CLIENT_EXPORT_H
#define SKS_CLIENT_EXPORT_H

#include "core/base/buffer.h"
#include "options.h"

struct cJSON;

/* The line that names the columns; ndjson has none. */
void sks_export_heading (sks_buffer *out, int format);

/* The hits of one reply to "scan". Returns 0 or SKS_ENOMEM. */
int sks_export_page (sks_buffer *out, int format, const struct cJSON *reply, sks_error *err);

#endif
