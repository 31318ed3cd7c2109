/* fuzz_request.c - any bytes as a request: a request that decodes must, after encoding, decode to the same request. */
#include "core/wire/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
encode (const sks_request *request, sks_buffer *out)
{
    sks_error err;
    if (sks_request_encode (request, out, &err))
        abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    sks_request *request = NULL, *again = NULL;
    sks_error err;
    sks_buffer once = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES * 8), twice = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES * 8);
    if (sks_request_decode (&request, (const char *) data, size, &err) == 0) {
        encode (request, &once);
        if (once.size <= SKS_MAX_REQUEST_BYTES) {
            if (sks_request_decode (&again, once.bytes, once.size, &err))
                abort ();
            encode (again, &twice);
            if (once.size != twice.size || memcmp (once.bytes, twice.bytes, once.size) != 0)
                abort ();
        }
    }
    sks_request_destroy (&request);
    sks_request_destroy (&again);
    sks_buffer_free (&once);
    sks_buffer_free (&twice);
    return 0;
}
