/* invocation.c - the words of a command, quoted. */
#include "invocation.h"

#include "core/base/printable_put.h"

#include <inttypes.h>
#include <string.h>

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

void
sks_invocation_put_search (sks_buffer *out, const sks_options *options)
{
    for (size_t i = 0; i < options->word_count; i++)
        if (strcmp (options->words[i], "-") == 0 || strpbrk (options->words[i], "/0123456789"))
            return;
    if (!options->word_count)
        return;
    sks_buffer_puts (out, "skillsearch search");
    for (size_t i = 1; i < options->line_count; i++) {
        sks_buffer_putc (out, ' ');
        sks_printable_put_word (out, options->line[i]);
    }
}
