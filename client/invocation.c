/* invocation.c - the words of a command, quoted. */
#include "invocation.h"

#include "core/base/printable_put.h"

#include <inttypes.h>

void
sks_invocation_put (sks_buffer *out, const char *const *words, uint32_t offset)
{
    if (words) {
        sks_printable_put_word (out, *words++);
        sks_buffer_putc (out, ' ');
    }
    sks_buffer_printf (out, "--offset %" PRIu32, offset);
    for (; words && *words; words++) {
        sks_buffer_putc (out, ' ');
        sks_printable_put_word (out, *words);
    }
}
