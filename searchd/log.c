/* log.c - a line is assembled on the stack and written with one write(2).
 *
 * A line that would be too long is cut, but stays one well-formed logfmt line:
 * whatever the caller formatted, control bytes are replaced and an open quote is closed. errno is preserved, so a
 * caller may log before checking it. */
#include "log.h"

#include "core/base/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 2048
#define TAIL_BYTES 2 /* a closing quote and the newline */

static const char *const level_names[] = { "error", "warn", "info", "debug" };

static int threshold = SKS_LOG_INFO;

void
sks_log_set_level (int level)
{
    threshold = level;
}

int
sks_log_level_of (const char *name)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (strcmp (level_names[i], name) == 0)
            return (int) i;
    return -1;
}

/* Write "ts=2026-05-15T12:00:00.000Z level=info event=start"; returns its length. */
static size_t
begin_line (char *line, size_t size, int level, const char *event)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];
    clock_gettime (CLOCK_REALTIME, &now);
    gmtime_r (&now.tv_sec, &utc);
    strftime (stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    int used = snprintf (line, size, "ts=%s.%03dZ level=%s event=%s", stamp, (int) (now.tv_nsec / 1000000),
                         level_names[level], event);
    return used < 0 ? 0 : (size_t) used < size ? (size_t) used : size - 1;
}

/* Replace each character that must be escaped, and a partial one at the end, by "?". Returns the new size. */
static size_t
mask (char *line, size_t size)
{
    size_t used = 0;
    for (size_t at = 0, length; at < size; at += length) {
        if (sks_printable_hides (sks_printable_point (line + at, size - at, &length))) {
            line[used++] = '?';
        } else {
            memmove (line + used, line + at, length);
            used += length;
        }
    }
    return used;
}

/* Make the text one line of complete logfmt values, whatever the details contain and wherever they were cut, and end
 * the line. Returns the new size. */
static size_t
end_line (char *line, size_t size)
{
    bool quoted = false, escaped = false;
    size = mask (line, size);
    for (size_t i = 0; i < size; i++) {
        if (escaped)
            escaped = false;
        else if (quoted && line[i] == '\\')
            escaped = true;
        else if (line[i] == '"')
            quoted = !quoted;
    }
    /* A backslash at the cut would escape the closing quote. */
    if (escaped)
        size--;
    if (quoted)
        line[size++] = '"';
    line[size++] = '\n';
    return size;
}

void
sks_log (int level, const char *event, const char *details, ...)
{
    char line[LINE_BYTES];
    int cause = errno;
    if (level < SKS_LOG_ERROR || level > SKS_LOG_DEBUG || level > threshold)
        return;
    size_t max = sizeof line - TAIL_BYTES;
    size_t used = begin_line (line, max, level, event);
    if (details && used + 1 < max) {
        line[used++] = ' ';
        va_list arguments;
        va_start (arguments, details);
        int size = vsnprintf (line + used, max - used, details, arguments);
        va_end (arguments);
        used = size >= 0 && (size_t) size >= max - used ? max - 1 : used + (size < 0 ? 0 : (size_t) size);
    }
    used = end_line (line, used);
    while (write (STDERR_FILENO, line, used) < 0 && errno == EINTR)
        continue;
    errno = cause;
}

/* Whether value needs quotes to be one logfmt value. */
static bool
needs_quotes (const char *value, size_t size)
{
    for (size_t at = 0, length; at < size; at += length)
        if (strchr (" \"\\=", value[at]) || sks_printable_hides (sks_printable_point (value + at, size - at, &length)))
            return true;
    return size == 0;
}

/* Write the first character as it is written between quotes; returns its length. */
static size_t
escape (char out[SKS_PRINTABLE_BYTES], const char *value, size_t size, size_t *length)
{
    static const char plain[] = "\"\\\n\r\t", letter[] = "\"\\nrt";
    const char *found = strchr (plain, *value);
    if (!found)
        return sks_printable_next (out, value, size, length);
    *length = 1;
    out[0] = '\\';
    out[1] = letter[found - plain];
    return 2;
}

const char *
sks_log_quote (char *out, size_t size, const char *value)
{
    if (size == 0)
        return out;
    size_t value_size = value ? strlen (value) : 0;
    bool quotes = needs_quotes (value, value_size);
    size_t used = 0, closing = quotes ? 2 : 1;
    if (size < 2 + closing) {
        *out = '\0';
        return out;
    }
    if (quotes)
        out[used++] = '"';
    for (size_t at = 0, length; at < value_size; at += length) {
        char piece[SKS_PRINTABLE_BYTES];
        size_t more = escape (piece, value + at, value_size - at, &length);
        if (used + more + closing > size)
            break;
        memcpy (out + used, piece, more);
        used += more;
    }
    if (quotes)
        out[used++] = '"';
    out[used] = '\0';
    return out;
}
