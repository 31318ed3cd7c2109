/* utf8.h - is this UTF-8? Apart from text.h, so that the client library needs
 * neither utf8proc nor xxHash. */
#ifndef SKS_UTF8_H
#define SKS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether bytes is well-formed UTF-8 (no overlong form, no surrogate). If not,
 * *bad_at (may be NULL) is the first byte that is wrong. */
bool sks_utf8_valid (const char *bytes, size_t size, size_t *bad_at);

#endif
