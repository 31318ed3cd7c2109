/* shard_list.c - "remote HOST:PORT" and "auto PATH". */
#include "shard_list.h"

#include "core/index/place.h"

#include <stdio.h>
#include <string.h>

/* Take a line; relative paths are below the folder. */
static int
take_line (sks_shard_list *out, char *line, const char *folder, const char *path, unsigned number, sks_error *err)
{
    line[strcspn (line, "\r\n")] = '\0';
    if (!*line || *line == '#')
        return 0;
    char *place = strchr (line, ' ');
    if (out->count == SKS_MAX_SHARDS || !place || !place[1])
        return sks_fail (err, SKS_EINDEX, "%s: line %u is not a shard", path, number);
    char *text = out->text[out->count];
    *place++ = '\0';
    bool remote = strcmp (line, "remote") == 0;
    int code = 0;
    if ((!remote && strcmp (line, "auto") != 0) || (remote && strlen (place) >= PATH_MAX))
        return sks_fail (err, SKS_EINDEX, "%s: line %u is not a shard", path, number);
    if (remote || *place == '/')
        snprintf (text, PATH_MAX, "%s", place);
    else
        code = sks_place_join (text, PATH_MAX, folder, place, err);
    out->places[out->count++] = text;
    return code;
}

int
sks_shard_list_read (sks_shard_list *out, const char *folder, uint32_t shards, sks_error *err)
{
    char path[PATH_MAX], line[PATH_MAX + 16];
    out->count = 0;
    int code = sks_place_join (path, sizeof path, folder, SKS_SHARDS_FILE, err);
    FILE *file = code ? NULL : fopen (path, "re");
    if (!file)
        return code ? code : sks_fail_errno (err, "%s", path);
    for (unsigned number = 1; !code && fgets (line, sizeof line, file); number++)
        code = take_line (out, line, folder, path, number, err);
    bool failed = ferror (file);
    fclose (file);
    if (!code && failed)
        code = sks_fail (err, SKS_EIO, "%s: it cannot be read", path);
    if (!code && out->count != shards)
        code = sks_fail (err, SKS_EINDEX, "%s: it lists %zu shards instead of %u", path, out->count, shards);
    return code;
}
