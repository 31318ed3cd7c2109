/* shard_stub.c - each function makes the lines that it expects. */
#include "shard_stub.h"

#include "core/base/buffer.h"
#include "core/index/image.h"
#include "core/index/place.h"
#include "core/index/shard.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 512 /* a host has at most 255 */

static void
make_first (char line[LINE_BYTES], const sks_store *store)
{
    snprintf (line, LINE_BYTES, "# " SKS_SHARD_KEY " %d %" PRIu64 " %016" PRIx64 " %u\n", SKS_INDEX_FORMAT,
              store->generation, store->set, store->shards);
}

static void
make_place (char line[LINE_BYTES], uint32_t shard, const char *const *hosts)
{
    if (hosts)
        snprintf (line, LINE_BYTES, "remote %s\n", hosts[shard]);
    else
        snprintf (line, LINE_BYTES, "auto " SKS_SHARD_FILE "%u\n", shard);
}

/* The line with size and hash of a shard's file.
 *   *path   of the file */
static int
make_print (char line[LINE_BYTES], char path[PATH_MAX], const char *folder, uint32_t shard, sks_error *err)
{
    char name[32];
    sks_print print = { 0, 0 };
    snprintf (name, sizeof name, SKS_SHARD_FILE "%u", shard);
    int code = sks_place_join (path, PATH_MAX, folder, name, err);
    if (!code)
        code = sks_image_print (&print, UINT64_MAX, path, err);
    if (!code)
        snprintf (line, LINE_BYTES, "# %s %" PRIu64 " %016" PRIx64 "\n", name, print.size, print.hash);
    return code;
}

int
sks_shard_stub_write (const sks_store *store, const char *folder, const char *const *hosts, sks_error *err)
{
    char path[PATH_MAX], line[LINE_BYTES];
    sks_buffer text = SKS_BUFFER_INIT (SIZE_MAX / 2);
    int code = 0;
    make_first (line, store);
    sks_buffer_puts (&text, line);
    for (uint32_t i = 0; !code && i < store->shards; i++) {
        make_place (line, i, hosts);
        sks_buffer_puts (&text, line);
        code = make_print (line, path, folder, i, err);
        if (!code)
            sks_buffer_puts (&text, line);
    }
    if (!code)
        code = sks_buffer_status (&text, err);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, SKS_SHARDS_FILE, err);
    if (!code)
        code = sks_image_replace (path, text.bytes, text.size, err);
    sks_buffer_free (&text);
    return code;
}

/* The file while it is read. */
struct stub {
    char path[PATH_MAX];
    FILE *file;
    char *line; /* the last one */
    size_t room;
};

static int
open_stub (struct stub *stub, const char *folder, sks_error *err)
{
    *stub = (struct stub) { .file = NULL };
    int code = sks_place_join (stub->path, sizeof stub->path, folder, SKS_SHARDS_FILE, err);
    if (!code && !(stub->file = fopen (stub->path, "re")))
        code = errno == ENOENT ? sks_fail (err, SKS_EINDEX, "%s: there is no such file", stub->path)
                               : sks_fail_errno (err, "%s", stub->path);
    return code;
}

static void
close_stub (struct stub *stub)
{
    if (stub->file)
        fclose (stub->file);
    free (stub->line);
}

/* Read the next line, "" after the last one. */
static const char *
read_line (struct stub *stub)
{
    return getline (&stub->line, &stub->room, stub->file) < 0 ? "" : stub->line;
}

bool
sks_shard_stub_has_hosts (const sks_store *store, const char *folder, const char *const *hosts)
{
    char line[LINE_BYTES];
    struct stub stub;
    bool has = open_stub (&stub, folder, NULL) == 0 && *read_line (&stub);
    for (uint32_t i = 0; has && i < store->shards; i++) {
        make_place (line, i, hosts);
        has = strcmp (line, read_line (&stub)) == 0 && *read_line (&stub);
    }
    close_stub (&stub);
    return has;
}

static int
check_shard (struct stub *stub, const char *folder, uint32_t shard, sks_error *err)
{
    char path[PATH_MAX] = "", line[LINE_BYTES];
    bool served = strncmp (read_line (stub), "remote ", 7) == 0;
    int code = make_print (line, path, folder, shard, err);
    if (!*read_line (stub))
        return sks_fail (err, SKS_EINDEX, "%s: damaged: it does not list shard %u", stub->path, shard);
    if (code)
        return served && code == SKS_EINDEX && access (path, F_OK) < 0 ? 0 : code;
    if (strcmp (line, stub->line) == 0)
        return 0;
    line[strcspn (line, "\n")] = stub->line[strcspn (stub->line, "\n")] = '\0';
    return sks_fail (err, SKS_EINDEX, "%s: damaged, or of another generation: \"%s\" instead of \"%s\"", path, line,
                     stub->line);
}

int
sks_shard_stub_check (const sks_store *store, const char *folder, sks_error *err)
{
    char line[LINE_BYTES];
    struct stub stub;
    int code = open_stub (&stub, folder, err);
    make_first (line, store);
    if (!code && strcmp (line, read_line (&stub)) != 0)
        code = sks_fail (err, SKS_EINDEX, "%s: damaged, or of another generation", stub.path);
    for (uint32_t i = 0; !code && i < store->shards; i++)
        code = check_shard (&stub, folder, i, err);
    close_stub (&stub);
    return code;
}
