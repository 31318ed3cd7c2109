/* bulk.c - the export is written into a folder beside its place, and renamed. */
#include "bulk.h"

#include "core/base/json.h"
#include "core/index/place.h"
#include "bulk_writer.h"
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const sks_bulk_writer *const writers[] = { &sks_bulk_writer_opensearch, &sks_bulk_writer_postgresql,
                                                  &sks_bulk_writer_manticore };
#define WRITERS (sizeof writers / sizeof *writers)

/* The manifest has this near its beginning, and then the version. */
#define MANIFEST_PROGRAM "\"program\":\"skillsearch-index "

/* What is at the place of the export. */
enum place { PLACE_FREE, PLACE_EXPORT };

static int
count_entries (const char *path, size_t *count, sks_error *err)
{
    DIR *folder = opendir (path);
    if (!folder)
        return sks_fail_errno (err, "%s", path);
    const struct dirent *entry;
    *count = 0;
    while ((entry = readdir (folder)))
        *count += strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0;
    closedir (folder);
    return 0;
}

/* Whether a folder has the manifest of an export. Other programs have files of that name, too. */
static bool
is_export (const char *path)
{
    char name[PATH_MAX], begin[256] = "";
    if (sks_place_join (name, sizeof name, path, SKS_BULK_MANIFEST, NULL))
        return false;
    int descriptor = open (name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool found = read (descriptor, begin, sizeof begin - 1) > 0 && strstr (begin, MANIFEST_PROGRAM);
    close (descriptor);
    return found;
}

/* Determine what is at `path`; a failure if it must stay. */
static int
check_place (const char *path, bool replace, enum place *place, sks_error *err)
{
    struct stat status;
    size_t entries = 0;
    *place = PLACE_FREE;
    if (lstat (path, &status) < 0)
        return errno == ENOENT ? 0 : sks_fail_errno (err, "%s", path);
    if (!S_ISDIR (status.st_mode))
        return sks_fail (err, SKS_EINVALID, "%s: not a folder", path);
    int code = count_entries (path, &entries, err);
    if (code || !entries)
        return code;
    if (!replace)
        return sks_fail (err, SKS_EINVALID, "%s: the folder is not empty; --replace replaces an earlier export", path);
    if (!is_export (path))
        return sks_fail (err, SKS_EINVALID, "%s: not replaced, as it is not a bulk export: it has no %s of one", path,
                         SKS_BULK_MANIFEST);
    *place = PLACE_EXPORT;
    return 0;
}

/* What a program needs to know about the files, and whether all are there. */
static int
write_manifest (sks_bulk_file *file, const sks_bulk_writer *writer, const sks_store *store, sks_error *err)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_buffer_putc (&out, '{');
    sks_json_put_text (&out, "format", writer->name);
    sks_buffer_puts (&out, "," MANIFEST_PROGRAM SKS_VERSION "\"");
    sks_json_put_count (&out, "generation", store->generation);
    sks_json_put_count (&out, "statements", store->statements);
    sks_json_put_count (&out, "occupations", store->occupations);
    sks_json_open_list (&out, "files");
    sks_buffer_add (&out, file->list.bytes, file->list.size);
    sks_buffer_puts (&out, "]}\n");
    int code = sks_buffer_status (&file->list, err);
    if (!code)
        code = sks_buffer_status (&out, err);
    if (!code)
        code = sks_bulk_file_copy (file, SKS_BULK_MANIFEST, out.bytes, out.size, err);
    sks_buffer_free (&out);
    return code;
}

static int
write_files (const char *scratch, const char *shown, const sks_bulk_writer *writer, const sks_store *store,
             sks_bulk_summary *out, sks_error *err)
{
    sks_bulk_file file = { .folder = scratch, .shown = shown };
    file.buffer = (sks_buffer) SKS_BUFFER_INIT (SIZE_MAX / 2);
    file.list = (sks_buffer) SKS_BUFFER_INIT (SIZE_MAX / 2);
    int code = writer->write (&file, store, err);
    for (size_t i = 0; !code && i < writer->asset_count; i++) {
        const sks_bulk_asset *asset = &writer->assets[i];
        code = sks_bulk_file_copy (&file, asset->name, asset->start, (size_t) (asset->end - asset->start), err);
    }
    if (!code)
        code = write_manifest (&file, writer, store, err);
    *out = (sks_bulk_summary) { store->generation, file.total, store->statements, store->occupations, file.files };
    sks_bulk_file_close (&file);
    return code;
}

static int
sync_folder (const char *path, const char *shown, sks_error *err)
{
    int descriptor = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = descriptor < 0 || fsync (descriptor) < 0 ? sks_fail_errno (err, "%s", shown) : 0;
    if (descriptor >= 0)
        close (descriptor);
    return code;
}

/* Rename the complete folder. An earlier export changes places with it, and is removed with the scratch folder. */
static int
publish (const char *scratch, const char *path, enum place place, sks_error *err)
{
    char parent[PATH_MAX];
    mode_t mask = umask (0);
    umask (mask);
    int code = sks_place_join (parent, sizeof parent, path, "..", err);
    if (!code)
        code = sync_folder (scratch, path, err);
    if (!code && chmod (scratch, 0777 & ~mask) < 0)
        code = sks_fail_errno (err, "%s", path);
    if (!code)
        sks_scratch_release ();
    if (!code && renameat2 (AT_FDCWD, scratch, AT_FDCWD, path, place == PLACE_EXPORT ? RENAME_EXCHANGE : 0) < 0)
        code = sks_fail_errno (err, "%s", path);
    return code ? code : sync_folder (parent, path, err);
}

/* The path without slashes at its end; a name must be left. */
static int
trim_path (char *out, size_t size, const char *path, sks_error *err)
{
    size_t length = strlen (path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    const char *slash = memrchr (path, '/', length);
    const char *name = slash ? slash + 1 : path;
    size_t name_size = (size_t) (path + length - name);
    if (!name_size || (name_size <= 2 && strncmp (name, "..", name_size) == 0))
        return sks_fail (err, SKS_EINVALID, "%s: name a folder that the export creates", path);
    if (length >= size)
        return sks_fail (err, SKS_EINVALID, "%s: the path is too long", path);
    snprintf (out, size, "%.*s", (int) length, path);
    return 0;
}

/* The writer of a format; NULL for an unknown one. */
static const sks_bulk_writer *
find_writer (const char *format)
{
    for (size_t i = 0; i < WRITERS; i++)
        if (strcmp (writers[i]->name, format) == 0)
            return writers[i];
    return NULL;
}

bool
sks_bulk_has_format (const char *name)
{
    return find_writer (name);
}

int
sks_bulk_export (const sks_folder *folder, const char *format, const char *path, bool replace, sks_bulk_summary *out,
                 sks_error *err)
{
    char trimmed[PATH_MAX], generation[PATH_MAX], scratch[PATH_MAX];
    enum place place;
    sks_store *store = NULL;
    int code = trim_path (trimmed, sizeof trimmed, path, err);
    if (!code)
        code = check_place (trimmed, replace, &place, err);
    if (!code)
        code = sks_folder_check (folder, err);
    if (!code && !sks_folder_current (folder))
        code = sks_fail (err, SKS_ENOTFOUND, "there is no generation to export");
    if (code)
        return code;
    sks_folder_path (folder, sks_folder_current (folder), generation, sizeof generation);
    code = sks_store_open (&store, generation, err);
    if (!code)
        code = sks_scratch_open_beside (scratch, trimmed, err);
    if (!code) {
        code = write_files (scratch, trimmed, find_writer (format), store, out, err);
        if (!code)
            code = publish (scratch, trimmed, place, err);
        sks_scratch_close ();
    }
    sks_store_close (&store);
    return code;
}
