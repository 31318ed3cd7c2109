/* gzip.c - one z_stream that is reset. A new stream for each answer took 50 times as long as the compression
 * itself. */
#include "gzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#define GZIP_LEVEL 1

bool
gw_gzip_accepted (const char *list)
{
    for (const char *at = list; at && *at; at += strcspn (at, ","), at += *at == ',') {
        at += strspn (at, " \t");
        size_t size = strcspn (at, ",; \t");
        if (size != 4 || strncasecmp (at, "gzip", 4) != 0)
            continue;
        const char *q = at + size + strspn (at + size, " \t;");
        if (strncasecmp (q, "q=0", 3) != 0)
            return true;
        q += 3 + strspn (q + 3, ".0");
        return *q >= '1' && *q <= '9';
    }
    return false;
}

char *
gw_gzip_pack (const char *data, size_t size, size_t *out_size)
{
    static z_stream stream;
    static bool ready;
    if (!ready)
        ready = deflateInit2 (&stream, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    if (!ready || size > UINT32_MAX / 2 || deflateReset (&stream) != Z_OK)
        return NULL;
    uLong most = deflateBound (&stream, size);
    char *out = malloc (most);
    if (!out)
        return NULL;
    stream.next_in = (const Bytef *) data;
    stream.avail_in = (uInt) size;
    stream.next_out = (Bytef *) out;
    stream.avail_out = (uInt) most;
    if (deflate (&stream, Z_FINISH) != Z_STREAM_END) {
        free (out);
        return NULL;
    }
    *out_size = stream.total_out;
    return out;
}
