/* identity.c - walks a message up to its "id"; the decoders check the message
 * itself. Whatever the bytes are, nothing beyond them is read. */
#include "identity.h"

#include <string.h>

#define NO_IDENTITY ((sks_identity) { NULL, 0 })

/* Where the string that opens at bytes[at] ends: the place of its quote, or size. */
static size_t
skip_string (const char *bytes, size_t size, size_t at)
{
    for (at++; at < size && bytes[at] != '"'; at++)
        if (bytes[at] == '\\')
            at++;
    return at < size ? at : size;
}

/* The first byte from at on that is neither white space nor a colon. */
static size_t
skip_to_value (const char *bytes, size_t size, size_t at)
{
    while (at < size && memchr (" \t\r\n:", bytes[at], 5))
        at++;
    return at;
}

/* The string that begins at bytes[at], if one does. */
static sks_identity
string_at (const char *bytes, size_t size, size_t at)
{
    if (at >= size || bytes[at] != '"')
        return NO_IDENTITY;
    size_t end = skip_string (bytes, size, at);
    return end < size ? (sks_identity) { bytes + at + 1, end - at - 1 } : NO_IDENTITY;
}

sks_identity
sks_identity_find (const char *bytes, size_t size)
{
    int depth = 0;
    bool name = false;
    for (size_t at = 0; at < size; at++) {
        char c = bytes[at];
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        if (c == '{' || c == ',') {
            name = depth == 1;
        } else if (c == '"') {
            size_t end = skip_string (bytes, size, at);
            size_t value = skip_to_value (bytes, size, end + 1);
            if (name && end - at == 3 && memcmp (bytes + at, "\"id", 3) == 0)
                return string_at (bytes, size, value);
            name = false;
            at = end;
        }
    }
    return NO_IDENTITY;
}

bool
sks_identity_is_stale (sks_identity ours, const char *reply, size_t size)
{
    sks_identity theirs = sks_identity_find (reply, size);
    if (!ours.bytes || !theirs.bytes || memchr (ours.bytes, '\\', ours.size) ||
        memchr (theirs.bytes, '\\', theirs.size))
        return false;
    return ours.size != theirs.size || memcmp (ours.bytes, theirs.bytes, ours.size) != 0;
}
