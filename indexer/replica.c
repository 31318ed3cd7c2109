/* replica.c - copy, read back, rename, switch. */
#include "replica.h"

#include "copy.h"
#include "path.h"
#include "recovery.h"
#include "shard_stub.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A copy under way. */
struct copying {
    const sks_folder *index;
    sks_folder *target;
    const char *name;    /* of the target */
    uint64_t number;     /* of the generation */
    char from[PATH_MAX]; /* its folder in the index */
};

/* ------------------------------------------------------------------- target */
static bool
is_below (const char *target, const sks_folder *index)
{
    char inner[PATH_MAX], outer[PATH_MAX];
    sks_path_resolve (target, inner);
    sks_path_resolve (sks_folder_root (index), outer);
    return sks_path_is_below (inner, outer, strlen (outer));
}

static bool
is_of_index (const char *name)
{
    return strcmp (name, SKS_CURRENT_LINK) == 0 || strcmp (name, "lock") == 0 || strncmp (name, "gen-", 4) == 0;
}

/* Whether a folder has files, but not those of an index. Hidden files and lost+found are in new file systems, too. */
static bool
is_for_others (const char *path)
{
    DIR *stream = opendir (path);
    bool index = false, other = false;
    for (struct dirent *entry; stream && (entry = readdir (stream));) {
        index = index || is_of_index (entry->d_name);
        other = other || (*entry->d_name != '.' && strcmp (entry->d_name, "lost+found") != 0);
    }
    if (stream)
        closedir (stream);
    return other && !index;
}

static int
check_target (const sks_folder *index, const char *target, sks_error *err)
{
    if (!*target)
        return sks_fail (err, SKS_EINVALID, "the path of the folder to publish to is empty");
    if (is_below (target, index))
        return sks_fail (err, SKS_EINVALID, "%s: this is the index itself, or a folder in it", target);
    if (is_for_others (target))
        return sks_fail (err, SKS_EINVALID, "%s: has files, but no index; name an empty folder or an index", target);
    return 0;
}

/* After a rollback of the index, its copies are newer, too; otherwise a newer generation is another index's. */
static int
check_age (const struct copying *c, sks_error *err)
{
    uint64_t current = sks_folder_current (c->target);
    if (current <= c->number || sks_folder_has (c->index, current))
        return 0;
    return sks_fail (err, SKS_EINVALID,
                     "%s: holds generation %" PRIu64 ", which is newer than %" PRIu64
                     " and not of this index; to replace it, first remove %s/" SKS_CURRENT_LINK,
                     c->name, current, c->number, c->name);
}

/* -------------------------------------------------------------------- files */
/* Whether a name is that of a file of a generation, and not of one that is being written. */
static bool
is_part (const char *name)
{
    size_t size = strlen (name);
    return *name != '.' && !(size > 4 && strcmp (name + size - 4, ".new") == 0);
}

/* Call `take` for each file of the generation, with its path and that of its copy in `folder`, until it fails. */
static int
each_file (const struct copying *c, const char *folder, int (*take) (const char *from, const char *to, sks_error *err),
           sks_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    DIR *stream = opendir (c->from);
    int code = stream ? 0 : sks_fail_errno (err, "%s", c->from);
    for (struct dirent *entry; !code && (errno = 0, entry = readdir (stream));) {
        struct stat status;
        if (!is_part (entry->d_name))
            continue;
        bool fits = snprintf (from, sizeof from, "%s/%s", c->from, entry->d_name) < (int) sizeof from &&
                    snprintf (to, sizeof to, "%s/%s", folder, entry->d_name) < (int) sizeof to;
        if (!fits)
            code = sks_fail (err, SKS_EINVALID, "%s: the path is too long", folder);
        else if (stat (from, &status) < 0)
            code = sks_fail_errno (err, "%s", from);
        else if (S_ISREG (status.st_mode))
            code = take (from, to, err);
    }
    if (!code && errno)
        code = sks_fail_errno (err, "%s", c->from);
    if (stream)
        closedir (stream);
    return code;
}

static int
compare_file (const char *from, const char *to, sks_error *err)
{
    return sks_copy_is_same (from, to) ? 0 : sks_fail (err, SKS_EINDEX, "%s: not a copy of %s", to, from);
}

/* Read the copy back. If the generation itself is damaged, the error is about that. */
static int
verify_copy (const struct copying *c, const char *copy, sks_error *err)
{
    sks_store *store;
    sks_origins *origins = NULL;
    sks_error own;
    int code = sks_store_open (&store, copy, &own);
    if (!code)
        code = sks_origins_read (&origins, copy, &own);
    if (!code && !sks_origins_match (origins, store))
        code = sks_fail (&own, SKS_EINDEX, "%s/" SKS_SOURCES_FILE ": the file is of another generation", copy);
    if (!code && store->shards)
        code = sks_shard_stub_check (store, copy, &own);
    sks_store_close (&store);
    sks_origins_destroy (&origins);
    if (!code)
        return 0;
    code = sks_recovery_open (&store, &origins, c->index, c->number, sks_store_open, err);
    sks_store_close (&store);
    sks_origins_destroy (&origins);
    return code ? code : sks_fail (err, SKS_EINDEX, "%s", own.text);
}

/* Copy the generation into the folder where the target's next one is built. */
static int
copy_files (const struct copying *c, sks_error *err)
{
    char copy[PATH_MAX];
    sks_folder_building (c->target, c->number, copy, sizeof copy);
    int code = sks_folder_begin (c->target, c->number, err);
    if (!code)
        code = each_file (c, copy, sks_copy_file, err);
    if (!code)
        code = verify_copy (c, copy, err);
    return code;
}

/* ---------------------------------------------------------------- publishing */
static int
publish_new (const struct copying *c, unsigned keep, sks_error *err)
{
    int code = copy_files (c, err);
    if (!code)
        code = sks_folder_publish (c->target, c->number, err);
    return code ? code : sks_folder_prune (c->target, keep, 0, sks_recovery_opens, err);
}

/* The target has a generation of this number, which is not a complete copy. */
static int
repair (const struct copying *c, const char *there, sks_error *err)
{
    char statements[PATH_MAX], copy[PATH_MAX];
    snprintf (statements, sizeof statements, "%.*s/" SKS_STATEMENTS_FILE, PATH_MAX - 32, c->from);
    snprintf (copy, sizeof copy, "%.*s/" SKS_STATEMENTS_FILE, PATH_MAX - 32, there);
    if (!sks_copy_is_same (statements, copy) && sks_recovery_opens (c->target, c->number))
        return sks_fail (err, SKS_EINVALID, "%s: its generation %" PRIu64 " is another one: it is of another index",
                         c->name, c->number);
    int code = copy_files (c, err);
    return code ? code : sks_folder_replace (c->target, c->number, err);
}

static int
publish (const struct copying *c, unsigned keep, int *outcome, sks_error *err)
{
    char there[PATH_MAX];
    sks_folder_path (c->target, c->number, there, sizeof there);
    int code = check_age (c, err);
    *outcome = SKS_REPLICA_COPIED;
    if (code || !sks_folder_has (c->target, c->number))
        return code ? code : publish_new (c, keep, err);
    bool current = sks_folder_current (c->target) == c->number;
    if (each_file (c, there, compare_file, NULL) == 0)
        *outcome = current ? SKS_REPLICA_CURRENT : SKS_REPLICA_SWITCHED;
    else
        code = repair (c, there, err);
    return code || current ? code : sks_folder_switch (c->target, c->number, err);
}

int
sks_replica_publish (const sks_folder *index, const char *target, unsigned keep, int *outcome, sks_error *err)
{
    struct copying c = { .index = index, .name = target, .number = sks_folder_current (index) };
    int code = check_target (index, target, err);
    if (!code)
        code = sks_folder_open (&c.target, target, 1, err);
    if (code)
        return code;
    sks_folder_path (index, c.number, c.from, sizeof c.from);
    code = publish (&c, keep, outcome, err);
    if (code)
        sks_folder_abandon (c.target);
    sks_folder_close (&c.target);
    return code;
}
