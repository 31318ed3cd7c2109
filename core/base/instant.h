/* instant.h - times as exports write them (ISO 8601), and their order.
 *
 * A date, alone or with a time of day after "T" or a blank: 2026-02-09,
 * 2026-02-09T11:16, 2026-02-09 11:16:08.420+02:00. The fraction may have a comma, the
 * offset may be Z, UTC, +02:00, +0200 or +02; without one it is UTC. Letters may be lower case, and "-" and ":" may
 * be missing (20260209T111608Z). A date alone stands for its first second.
 *
 * "2026-01-01T00:00:00+02:00" is earlier than "2025-12-31T23:30:00Z" although it sorts after it as text. */
#ifndef SKS_INSTANT_H
#define SKS_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sks_instant {
    int64_t seconds;      /* since 1970, UTC */
    uint32_t nanoseconds; /* further digits are dropped */
    int32_t offset;       /* of the zone that was written, seconds east of UTC */
    int digits;           /* of the fraction that was written, at most 9 */
} sks_instant;

/* Read a time; false if the text is not a time. A leap second counts as the second after it. */
bool sks_instant_read (sks_instant *out, const char *text);

/* Order two times as texts: < 0, 0 or > 0. A time that cannot be read is earlier than every one that can; two
 * unreadable ones are equal. */
int sks_instant_compare (const char *left, const char *right);

#endif
