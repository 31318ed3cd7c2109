/* shard_hosts.c - reads lines. */
#include "shard_hosts.h"

#include "core/index/place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the bytes before the port are a name, an IPv4 address, or an IPv6 address in brackets. */
static bool
is_name (const char *text, size_t size)
{
    bool bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
    if (bracketed)
        return memchr (text, ':', size) && strspn (text + 1, "0123456789abcdefABCDEF:.%") >= size - 2;
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] > '~' || strchr ("/:[]#", text[i]))
            return false;
    return size > 0;
}

/* Whether a text is HOST:PORT. */
static bool
is_host (const char *text)
{
    const char *colon = strrchr (text, ':');
    char *end;
    if (!colon || colon[1] < '0' || colon[1] > '9' || !is_name (text, (size_t) (colon - text)))
        return false;
    unsigned long port = strtoul (colon + 1, &end, 10);
    return !*end && port >= 1 && port <= 65535;
}

static int
take_line (sks_shard_hosts *out, char *line, size_t bytes, const char *path, unsigned number, sks_error *err)
{
    bool is_text = strlen (line) == bytes; /* a NUL ends it otherwise */
    line += strspn (line, " \t");
    line[strcspn (line, "\r\n")] = '\0';
    size_t size = strlen (line);
    for (; size && strchr (" \t", line[size - 1]); size--)
        line[size - 1] = '\0';
    if (is_text && (!*line || *line == '#'))
        return 0;
    if (!is_text || !is_host (line) || size >= SKS_SHARD_HOST_BYTES)
        return sks_fail (err, SKS_EINVALID, "%s: line %u is not HOST:PORT (PORT 1 to 65535)", path, number);
    if (out->count == SKS_MAX_SHARDS)
        return sks_fail (err, SKS_EINVALID, "%s: line %u: more than %d hosts", path, number, SKS_MAX_SHARDS);
    for (uint32_t i = 0; i < out->count; i++)
        if (strcmp (out->text[i], line) == 0)
            return sks_fail (err, SKS_EINVALID, "%s: line %u names %s again: each shard has a server of its own", path,
                             number, line);
    memcpy (out->text[out->count], line, size + 1);
    out->list[out->count] = out->text[out->count];
    out->count++;
    return 0;
}

int
sks_shard_hosts_read (sks_shard_hosts *out, const char *index_dir, uint32_t shards, sks_error *err)
{
    char path[PATH_MAX], *line = NULL;
    size_t room = 0;
    ssize_t bytes;
    out->count = 0;
    int code = sks_place_join (path, sizeof path, index_dir, SKS_SHARD_HOSTS_FILE, err);
    FILE *file = code ? NULL : fopen (path, "re");
    if (!file)
        return code || errno == ENOENT ? code : sks_fail_errno (err, "%s", path);
    for (unsigned number = 1; !code && (bytes = getline (&line, &room, file)) >= 0; number++)
        code = take_line (out, line, (size_t) bytes, path, number, err);
    bool failed = ferror (file);
    free (line);
    fclose (file);
    if (!code && failed)
        code = sks_fail (err, SKS_EIO, "%s: it cannot be read", path);
    if (!code && out->count != shards)
        code = sks_fail (err, SKS_EINVALID,
                         "%s: it names %u hosts for %u shards; write one HOST:PORT for each, one per line", path,
                         out->count, shards);
    return code;
}
