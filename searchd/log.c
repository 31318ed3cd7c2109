/* log.c - a line is put together on the stack and leaves in one write(2).
 *
 * A line that would be too long is cut, but stays one well-formed logfmt line:
 * whatever the caller formatted, no control byte gets through and an opened
 * quote is closed. errno survives, so that a caller may log before it looks. */
#include "log.h"

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

/* "ts=2026-05-15T12:00:00.000Z level=info event=start"; returns its length. */
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

/* Where the last whole UTF-8 character of text ends, if text was cut. */
static size_t
whole_characters (const char *text, size_t size)
{
    size_t lead = size;
    while (lead > 0 && ((unsigned char) text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char) text[lead - 1] < 0xC0)
        return size;
    unsigned char first = (unsigned char) text[lead - 1];
    size_t needed = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return size - (lead - 1) < needed ? lead - 1 : size;
}

/* Make it one line of whole logfmt values again, whatever the details held and
 * wherever they were cut, and end it. Returns the new size. */
static size_t
end_line (char *line, size_t size)
{
    bool quoted = false, escaped = false;
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char) line[i] < 0x20 || line[i] == 0x7F)
            line[i] = '?';
        if (escaped)
            escaped = false;
        else if (quoted && line[i] == '\\')
            escaped = true;
        else if (line[i] == '"')
            quoted = !quoted;
    }
    /* A backslash at the cut would swallow the closing quote. */
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
    size_t most = sizeof line - TAIL_BYTES;
    size_t used = begin_line (line, most, level, event);
    if (details && used + 1 < most) {
        line[used++] = ' ';
        va_list arguments;
        va_start (arguments, details);
        int size = vsnprintf (line + used, most - used, details, arguments);
        va_end (arguments);
        if (size >= 0 && (size_t) size >= most - used)
            used = whole_characters (line, most - 1);
        else
            used += size < 0 ? 0 : (size_t) size;
    }
    used = end_line (line, used);
    while (write (STDERR_FILENO, line, used) < 0 && errno == EINTR)
        continue;
    errno = cause;
}

/* Whether value must stand in quotes to be one logfmt value. */
static bool
needs_quotes (const char *value)
{
    if (!*value)
        return true;
    for (; *value; value++)
        if ((unsigned char) *value <= ' ' || *value == 0x7F || strchr ("\"\\=", *value))
            return true;
    return false;
}

/* One byte as it stands between quotes; returns its length, at most 4. */
static size_t
escape (char out[5], char c)
{
    static const char plain[] = "\"\\\n\r\t", letter[] = "\"\\nrt";
    const char *found = strchr (plain, c);
    if (found)
        return (size_t) snprintf (out, 5, "\\%c", letter[found - plain]);
    if ((unsigned char) c < 0x20 || c == 0x7F)
        return (size_t) snprintf (out, 5, "\\x%02x", (unsigned char) c);
    return (size_t) snprintf (out, 5, "%c", c);
}

const char *
sks_log_quote (char *out, size_t size, const char *value)
{
    if (size == 0)
        return out;
    value = value ? value : "";
    bool quotes = needs_quotes (value);
    size_t used = 0, closing = quotes ? 2 : 1;
    if (size < 2 + closing) {
        *out = '\0';
        return out;
    }
    if (quotes)
        out[used++] = '"';
    for (; *value; value++) {
        char piece[5];
        size_t more = quotes ? escape (piece, *value) : (piece[0] = *value, 1);
        if (used + more + closing > size)
            break;
        memcpy (out + used, piece, more);
        used += more;
    }
    if (*value)
        used = whole_characters (out, used);
    if (quotes)
        out[used++] = '"';
    out[used] = '\0';
    return out;
}
