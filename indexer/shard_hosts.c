/* shard_hosts.c - reads lines. */
#include "shard_hosts.h"

#include "core/index/place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a text is HOST:PORT. */
static bool
is_host (const char *text)
{
    const char *colon = strrchr (text, ':');
    char *end;
    if (!colon || colon == text || colon[1] < '0' || colon[1] > '9' || strpbrk (text, " \t/"))
        return false;
    unsigned long port = strtoul (colon + 1, &end, 10);
    return !*end && port >= 1 && port <= 65535;
}

static int
take_line (sks_shard_hosts *out, char *line, const char *path, unsigned number, sks_error *err)
{
    line += strspn (line, " \t");
    line[strcspn (line, "\r\n")] = '\0';
    size_t size = strlen (line);
    for (; size && strchr (" \t", line[size - 1]); size--)
        line[size - 1] = '\0';
    if (!*line || *line == '#')
        return 0;
    if (!is_host (line) || size >= SKS_SHARD_HOST_BYTES)
        return sks_fail (err, SKS_EINVALID, "%s: line %u is not HOST:PORT", path, number);
    if (out->count == SKS_MAX_SHARDS)
        return sks_fail (err, SKS_EINVALID, "%s: line %u: more than %d hosts", path, number, SKS_MAX_SHARDS);
    memcpy (out->text[out->count], line, size + 1);
    out->list[out->count] = out->text[out->count];
    out->count++;
    return 0;
}

int
sks_shard_hosts_read (sks_shard_hosts *out, const char *index_dir, uint32_t shards, sks_error *err)
{
    char path[PATH_MAX], line[2 * SKS_SHARD_HOST_BYTES];
    out->count = 0;
    int code = sks_place_join (path, sizeof path, index_dir, SKS_SHARD_HOSTS_FILE, err);
    FILE *file = code ? NULL : fopen (path, "re");
    if (!file)
        return code || errno == ENOENT ? code : sks_fail_errno (err, "%s", path);
    for (unsigned number = 1; !code && fgets (line, sizeof line, file); number++)
        code = take_line (out, line, path, number, err);
    bool failed = ferror (file);
    fclose (file);
    if (!code && failed)
        code = sks_fail (err, SKS_EIO, "%s: it cannot be read", path);
    if (!code && out->count != shards)
        code = sks_fail (err, SKS_EINVALID, "%s: it names %u hosts for %u shards", path, out->count, shards);
    return code;
}
