/* token.h - the numbers of the token stream: seven bits per byte, low bits first; the high bit is set in all bytes
 * but the last. */
#ifndef SKS_TOKEN_H
#define SKS_TOKEN_H

#include <stdint.h>

/* Write value as a variable-length number (at most 5 bytes); returns its end. */
static inline uint8_t *
sks_token_put (uint8_t *at, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t) (value | 0x80);
    *at++ = (uint8_t) value;
    return at;
}

/* Read a variable-length number and advance *at past it. Numbers of one and of two bytes
 * alternate without a pattern, so there is no branch between them. */
static inline uint32_t
sks_token_next (const uint8_t **at)
{
    const uint8_t *p = *at;
    uint32_t first = p[0], more = first >> 7, second = p[more];
    uint32_t value = (first & 0x7F) | ((second & 0x7F) << 7 & -more);
    p += more;
    for (unsigned shift = 14; __builtin_expect (*p & 0x80, 0); shift += 7)
        value |= (uint32_t) (*++p & 0x7F) << shift;
    *at = p + 1;
    return value;
}

#endif
