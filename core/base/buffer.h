/* buffer.h - a growable byte buffer with a maximum fixed at creation.
 *
 * The first overflow, lack of memory or lack of time is kept, not returned by each call: write everything, then check
 * sks_buffer_status once. */
#ifndef SKS_BUFFER_H
#define SKS_BUFFER_H

#include "budget.h"

typedef struct sks_buffer {
    char *bytes; /* no NUL at the end unless sks_buffer_text was called */
    size_t size; /* bytes written */
    size_t capacity;
    size_t maximum;     /* size never exceeds it */
    int failed;         /* 0, SKS_ELIMIT, SKS_ENOMEM, or the code of a cut budget */
    sks_budget *budget; /* charged one unit per byte; NULL for no time limit. Borrowed */
} sks_buffer;

/* An empty buffer of at most max bytes; free with sks_buffer_free. */
#define SKS_BUFFER_INIT(max)                                                                                           \
    {                                                                                                                  \
        NULL, 0, 0, (max), 0, NULL                                                                                     \
    }

void sks_buffer_free (sks_buffer *buffer);

/* Empty it and clear a failure; its memory is kept. */
void sks_buffer_clear (sks_buffer *buffer);

/* Make space for size more bytes and a NUL, and charge them to the budget. */
char *sks_buffer_extend (sks_buffer *buffer, size_t size);

/* Reserve size more bytes at its end; returns their start, or NULL. The caller then adds to buffer->size. */
static inline char *
sks_buffer_reserve (sks_buffer *buffer, size_t size)
{
    bool fits = size < buffer->capacity - buffer->size && size <= buffer->maximum - buffer->size && !buffer->failed;
    if (!fits || (buffer->budget && size >= buffer->budget->left))
        return sks_buffer_extend (buffer, size);
    if (buffer->budget)
        buffer->budget->left -= size;
    return buffer->bytes + buffer->size;
}

/* Make space for `size` bytes in all, if there may be as many, in huge pages: 2 MiB then cost one page fault and not 512.
 * Whether there is space is found when bytes are added. */
void sks_buffer_expect (sks_buffer *buffer, size_t size);

void sks_buffer_add (sks_buffer *buffer, const void *bytes, size_t size);
void sks_buffer_puts (sks_buffer *buffer, const char *text);

static inline void
sks_buffer_putc (sks_buffer *buffer, char c)
{
    char *end = sks_buffer_reserve (buffer, 1);
    if (!end)
        return;
    *end = c;
    buffer->size++;
}

void sks_buffer_printf (sks_buffer *buffer, const char *format, ...) SKS_PRINTF (2, 3);

/* Decimal digits of value, faster than printf. */
void sks_buffer_number (sks_buffer *buffer, uint64_t value);

/* The bytes with a terminating NUL. Borrowed: valid until the next write.
 * NULL after a failure. */
const char *sks_buffer_text (sks_buffer *buffer);

/* 0, or the first failure since the last clear, with its text. */
int sks_buffer_status (const sks_buffer *buffer, sks_error *err);

#endif
