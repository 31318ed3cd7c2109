/* request.h - fixture for the tests of requests: how a text is read, or why it is refused. All calls fail the test by
 * themselves. */
#ifndef SKS_TEST_REQUEST_H
#define SKS_TEST_REQUEST_H

#include "core/wire/wire.h"

/* Decode `text`, which must be valid. Caller owns the request; free with sks_request_destroy. */
sks_request *request_decode (const char *text);

/* The error with which `text` is refused; the second function asserts that it is this one. */
sks_error request_refusal (const char *text);
void request_refused (const char *text, int code, const char *reason);

/* `before`, `count` times `piece`, `after`. Caller owns it; free with free. */
char *request_repeat (const char *before, const char *piece, size_t count, const char *after);

#endif
