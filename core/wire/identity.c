/* identity.c - walks a message up to its "id"; the decoders check the message itself. It never reads beyond the
 * bytes, whatever they contain. */
#include "identity.h"

#include "core/base/json_scan.h"

#include <skillsearch.h>
#include <string.h>

#define NO_IDENTITY ((sks_identity) { NULL, 0 })

/* Where the string that opens at bytes[at] ends: the position of its closing quote, or size. */
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

/* The first byte from at on that is a bracket, a brace or a quote. */
static size_t
skip_values (const char *bytes, size_t size, size_t at)
{
    static const bool stops[256] = { ['{'] = true, ['}'] = true, ['['] = true, [']'] = true, ['"'] = true };
    while (at < size && !stops[(unsigned char) bytes[at]])
        at++;
    return at;
}

/* A member to find in the outermost object. */
struct member {
    const char *name;
    size_t at; /* where its value begins; the size of the message until it is found */
};

/* Record that the value of the member `name` begins at `at`, if that is one to find; of equal names the first counts.
 * True if it was recorded. */
static bool
note_member (struct member *members, size_t count, const char *name, size_t length, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i].at < at || strlen (members[i].name) != length || memcmp (members[i].name, name, length) != 0)
            continue;
        members[i].at = at;
        return true;
    }
    return false;
}

/* Find members in one pass, which ends when all are found. Deeper levels are skipped quickly, as a message may have
 * thousands of values there. */
static void
find_members (const char *bytes, size_t size, struct member *members, size_t count)
{
    int depth = 0;
    bool name = false;
    for (size_t at = 0, missing = count; at < size && missing; at++) {
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
            if (name &&
                note_member (members, count, bytes + at + 1, end - at - 1, skip_to_value (bytes, size, end + 1)))
                missing--;
            name = false;
            at = end;
        }
    }
}

/* The number that begins at bytes[at]; 0 if it is not a valid deadline. */
static uint32_t
deadline_at (const char *bytes, size_t size, size_t at)
{
    uint32_t value = 0;
    for (; at < size && bytes[at] >= '0' && bytes[at] <= '9'; at++)
        if ((value = value * 10 + (uint32_t) (bytes[at] - '0')) > SKS_MAX_DEADLINE_MS)
            return 0;
    return value;
}

sks_identity
sks_identity_find (const char *bytes, size_t size)
{
    struct member id = { "id", size };
    find_members (bytes, size, &id, 1);
    return string_at (bytes, size, id.at);
}

sks_identity
sks_identity_find_both (const char *bytes, size_t size, uint32_t *deadline_ms)
{
    struct member members[] = { { "id", size }, { "deadline_ms", size } };
    find_members (bytes, size, members, 2);
    *deadline_ms = deadline_at (bytes, size, members[1].at);
    return string_at (bytes, size, members[0].at);
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
