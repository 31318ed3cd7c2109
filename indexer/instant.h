/* instant.h - times as exports write them (RFC 3339), and their order.
 *
 * "2026-01-01T00:00:00+02:00" is earlier than "2025-12-31T23:30:00Z" although
 * it is the larger text. */
#ifndef SKS_INSTANT_H
#define SKS_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sks_instant {
    int64_t seconds;      /* since 1970, UTC */
    uint32_t nanoseconds; /* finer digits are dropped */
} sks_instant;

/* Read a time; false if it is none. A leap second counts as the second after. */
bool sks_instant_read (sks_instant *out, const char *text);

/* Order two times as texts: < 0, 0 or > 0. One that cannot be read is earlier
 * than all that can; two of these are ordered by their bytes. */
int sks_instant_compare (const char *left, const char *right);

#endif
