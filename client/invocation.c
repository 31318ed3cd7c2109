/* invocation.c - quotes words for a shell. */
#include "invocation.h"

#include "core/base/printable_put.h"

#include <inttypes.h>
#include <string.h>

void
sks_invocation_put_word (sks_buffer *out, const char *word)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-";
    if (*word && word[strspn (word, safe)] == '\0') {
        sks_buffer_puts (out, word);
        return;
    }
    sks_buffer_putc (out, '\'');
    while (*word) {
        size_t size = strcspn (word, "'\t\r\n");
        sks_printable_put (out, word, size);
        word += size;
        if (*word)
            sks_buffer_puts (out, *word++ == '\'' ? "'\\''" : " "); /* in a query, any white space separates words */
    }
    sks_buffer_putc (out, '\'');
}

void
sks_invocation_put (sks_buffer *out, const char *const *words, uint32_t offset)
{
    if (words) {
        sks_invocation_put_word (out, *words++);
        sks_buffer_putc (out, ' ');
    }
    sks_buffer_printf (out, "--offset %" PRIu32, offset);
    for (; words && *words; words++) {
        sks_buffer_putc (out, ' ');
        sks_invocation_put_word (out, *words);
    }
}
