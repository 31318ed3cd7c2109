/* lanes.h - eight bytes or eight floats at once. */
#ifndef SKS_LANES_H
#define SKS_LANES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The lowest bits of eight bytes in memory, that of the first one in bit 0. The product collects them in its highest
 * byte. */
static inline __attribute__ ((always_inline)) uint32_t
sks_lanes_bits (uint64_t bytes)
{
    return (uint32_t) ((htole64 (bytes) & UINT64_C (0x0101010101010101)) * UINT64_C (0x0102040810204080) >> 56);
}

typedef float sks_lanes_floats __attribute__ ((vector_size (32)));
#define SKS_LANES (sizeof (sks_lanes_floats) / sizeof (float))

/* Add `count` floats to others. */
static inline __attribute__ ((always_inline)) void
sks_lanes_add (float *to, const float *from, uint32_t count)
{
    uint32_t i = 0;
    for (; i + SKS_LANES <= count; i += SKS_LANES) {
        sks_lanes_floats one, two;
        memcpy (&one, to + i, sizeof one);
        memcpy (&two, from + i, sizeof two);
        one += two;
        memcpy (to + i, &one, sizeof one);
    }
    for (; i < count; i++)
        to[i] += from[i];
}

#endif
