/* identity.c - walks a message up to its "id"; the decoders check the message
 * itself. Whatever the bytes are, nothing beyond them is read. */
#include "identity.h"

#include "core/base/json_scan.h"

#include <skillsearch.h>
#include <string.h>

#define NO_IDENTITY ((sks_identity) { NULL, 0 })

/* Where the string that opens at bytes[at] ends: the place of its quote, or size. */
static size_t
skip_string (const char *bytes, size_t size, size_t at)
{
    const char *end = bytes + size, *here = bytes + at + 1;
    while ((here = sks_json_plain_end (here, end)) < end && *here != '"')
        here += *here == '\\' && here + 1 < end ? 2 : 1;
    return (size_t) (here - bytes);
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

/* The first byte from at on that opens or closes something, or is a quote. */
static size_t
skip_values (const char *bytes, size_t size, size_t at)
{
    static const bool stops[256] = { ['{'] = true, ['}'] = true, ['['] = true, [']'] = true, ['"'] = true };
    while (at < size && !stops[(unsigned char) bytes[at]])
        at++;
    return at;
}

/* Where the value of a member of the outermost object begins; size if there is none. */
static size_t
find_member (const char *bytes, size_t size, const char *member)
{
    size_t length = strlen (member);
    int depth = 0;
    bool name = false;
    for (size_t at = 0; at < size; at++) {
        if (depth > 1 && (at = skip_values (bytes, size, at)) == size)
            break;
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
            if (name && end - at == length + 1 && memcmp (bytes + at + 1, member, length) == 0)
                return value;
            name = false;
            at = end;
        }
    }
    return size;
}

sks_identity
sks_identity_find (const char *bytes, size_t size)
{
    return string_at (bytes, size, find_member (bytes, size, "id"));
}

uint32_t
sks_identity_deadline (const char *bytes, size_t size)
{
    uint32_t value = 0;
    for (size_t at = find_member (bytes, size, "deadline_ms"); at < size && bytes[at] >= '0' && bytes[at] <= '9'; at++)
        if ((value = value * 10 + (uint32_t) (bytes[at] - '0')) > SKS_MAX_DEADLINE_MS)
            return 0;
    return value;
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
