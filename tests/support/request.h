/* request.h - fixture of the tests of requests: what a text is read as, or why it
 * is refused. All calls fail the test by themselves. */
#ifndef SKS_TEST_REQUEST_H
#define SKS_TEST_REQUEST_H

#include "core/wire/wire.h"

/* The request that `text` is. Caller owns it; free with sks_request_destroy. */
sks_request *request_decode (const char *text);

/* The refusal of `text`; and that it is this one. */
sks_error request_refusal (const char *text);
void request_refused (const char *text, int code, const char *reason);

/* `before`, `count` times `piece`, `after`. Caller owns it; free with free. */
char *request_repeat (const char *before, const char *piece, size_t count, const char *after);

#endif
