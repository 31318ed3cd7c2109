/* gzip.h - compressed bodies. */
#ifndef GW_GZIP_H
#define GW_GZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a value of Accept-Encoding lists gzip, and not with q=0.
 *   list   NULL: there is no such header */
bool gw_gzip_accepted (const char *list);

/* Compress. Caller owns the bytes; free with free (). NULL when that failed. */
char *gw_gzip_pack (const char *data, size_t size, size_t *out_size);

#endif
