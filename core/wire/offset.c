/* offset.c - a position is the sum of the units of the bytes before it. */
#include "offset.h"

/* What a byte of UTF-8 counts: the first byte of a character counts for all of
 * it. In UTF-16, characters of four bytes are pairs. */
static size_t
units_of (char byte, int units)
{
    unsigned char c = (unsigned char) byte;
    if (units == SKS_UNITS_BYTES)
        return 1;
    if ((c & 0xC0) == 0x80)
        return 0;
    return units == SKS_UNITS_UTF16 && c >= 0xF0 ? 2 : 1;
}

size_t
sks_offset_of (sks_offset *offset, size_t byte)
{
    if (!offset->text || offset->units == SKS_UNITS_BYTES)
        return byte;
    while (offset->byte < byte && offset->text[offset->byte])
        offset->unit += units_of (offset->text[offset->byte++], offset->units);
    while (offset->byte > byte)
        offset->unit -= units_of (offset->text[--offset->byte], offset->units);
    return offset->unit;
}
