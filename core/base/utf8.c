/* utf8.c - the check of Table 3-7 of the Unicode Standard. */
#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* The number of bytes that must follow first byte c, and the range of the second byte. */
static int
sequence (unsigned char c, unsigned char *min, unsigned char *greatest)
{
    *min = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    *greatest = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    return c < 0x80 ? 0 : c < 0xC2 ? -1 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : -1;
}

/* Length of the run of ASCII bytes from `at` on. */
static size_t
ascii_run (const unsigned char *bytes, size_t size, size_t at)
{
    size_t i = at;
    for (uint64_t eight; i + 8 <= size; i += 8) {
        memcpy (&eight, bytes + i, 8);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (i < size && bytes[i] < 0x80)
        i++;
    return i - at;
}

bool
sks_utf8_valid (const char *bytes, size_t size, size_t *bad_at)
{
    const unsigned char *b = (const unsigned char *) bytes;
    for (size_t i = 0; i < size;) {
        i += ascii_run (b, size, i);
        if (i == size)
            break;
        unsigned char min, greatest;
        int follow = sequence (b[i], &min, &greatest);
        bool good = follow > 0 && i + (size_t) follow < size && b[i + 1] >= min && b[i + 1] <= greatest;
        for (int k = 2; good && k <= follow; k++)
            good = (b[i + (size_t) k] & 0xC0) == 0x80;
        if (!good) {
            if (bad_at)
                *bad_at = i;
            return false;
        }
        i += (size_t) follow + 1;
    }
    return true;
}

bool
sks_utf8_ascii (const char *bytes, size_t size)
{
    uint64_t eight, high = 0;
    for (; size >= sizeof eight; bytes += sizeof eight, size -= sizeof eight) {
        memcpy (&eight, bytes, sizeof eight);
        high |= eight;
    }
    for (; size; size--)
        high |= (unsigned char) *bytes++;
    return !(high & 0x8080808080808080);
}
