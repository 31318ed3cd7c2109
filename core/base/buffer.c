/* buffer.c - grows by doubling; the first failure is kept. */
#include "buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FIRST_CAPACITY 256

void
sks_buffer_free (sks_buffer *buffer)
{
    free (buffer->bytes);
    *buffer = (sks_buffer) SKS_BUFFER_INIT (buffer->maximum);
}

void
sks_buffer_clear (sks_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = 0;
}

char *
sks_buffer_extend (sks_buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    if (buffer->budget && sks_budget_spend (buffer->budget, size)) {
        buffer->failed = buffer->budget->cut;
        return NULL;
    }
    if (size > buffer->maximum || buffer->size > buffer->maximum - size) {
        buffer->failed = SKS_ELIMIT;
        return NULL;
    }
    size_t needed = buffer->size + size + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
        while (capacity < needed)
            capacity *= 2;
        char *bytes = realloc (buffer->bytes, capacity);
        if (!bytes) {
            buffer->failed = SKS_ENOMEM;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->size;
}

void
sks_buffer_expect (sks_buffer *buffer, size_t size)
{
    if (size > buffer->maximum || !sks_buffer_reserve (buffer, size))
        return;
    size_t page = (size_t) sysconf (_SC_PAGESIZE), skipped = -(uintptr_t) buffer->bytes & (page - 1);
    if (buffer->capacity > skipped)
        madvise (buffer->bytes + skipped, buffer->capacity - skipped, MADV_HUGEPAGE);
}

void
sks_buffer_add (sks_buffer *buffer, const void *bytes, size_t size)
{
    char *end = sks_buffer_reserve (buffer, size);
    if (!end || !size)
        return;
    memcpy (end, bytes, size);
    buffer->size += size;
}

void
sks_buffer_puts (sks_buffer *buffer, const char *text)
{
    sks_buffer_add (buffer, text, strlen (text));
}

void
sks_buffer_printf (sks_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start (arguments, format);
    va_copy (again, arguments);
    int size = vsnprintf (NULL, 0, format, arguments);
    char *end = size < 0 ? NULL : sks_buffer_reserve (buffer, (size_t) size);
    if (end) {
        vsnprintf (end, (size_t) size + 1, format, again);
        buffer->size += (size_t) size;
    }
    va_end (again);
    va_end (arguments);
}

void
sks_buffer_number (sks_buffer *buffer, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char) ('0' + value % 10);
    while (value /= 10);
    sks_buffer_add (buffer, digits + at, sizeof digits - at);
}

const char *
sks_buffer_text (sks_buffer *buffer)
{
    char *end = sks_buffer_reserve (buffer, 0);
    if (!end)
        return NULL;
    *end = '\0';
    return buffer->bytes;
}

int
sks_buffer_status (const sks_buffer *buffer, sks_error *err)
{
    if (buffer->failed == SKS_ENOMEM)
        return sks_fail_memory (err);
    if (buffer->failed == SKS_EDEADLINE || buffer->failed == SKS_ESHUTTINGDOWN)
        return sks_budget_status (buffer->budget, err);
    if (buffer->failed)
        return sks_fail (err, buffer->failed, "more than %zu bytes", buffer->maximum);
    return 0;
}
