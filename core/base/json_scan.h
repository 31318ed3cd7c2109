/* json_scan.h - finds the next special character in a string: the inner loop of code that reads or writes JSON
 * directly. */
#ifndef SKS_JSON_SCAN_H
#define SKS_JSON_SCAN_H

#include <stdint.h>
#include <string.h>

#define EACH_BYTE(value) (UINT64_C (0x0101010101010101) * (value))

/* The first byte from `at` on that is a quote, a backslash or a control byte. The first loop reads eight bytes at a
 * time. With one bit flipped, a quote is a blank and control bytes remain below it, so one comparison finds both. The
 * subtraction sets the top bit of a byte that is zero (or at most a blank). Its borrow can mark other bytes of the
 * word, too, so the last loop finds the first match. */
static inline const char *
sks_json_plain_end (const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy (&word, at, sizeof word);
        uint64_t flipped = word ^ EACH_BYTE ('"' ^ ' '), backslash = word ^ EACH_BYTE ('\\');
        uint64_t stop = ((flipped - EACH_BYTE (' ' + 1)) & ~flipped) | ((backslash - EACH_BYTE (1)) & ~backslash);
        if (stop & EACH_BYTE (0x80))
            break;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char) *at >= 0x20)
        at++;
    return at;
}

#undef EACH_BYTE

#endif
