/* bulk_file.c - buffered writes; every failure is reported. */
#include "bulk_file.h"

#include "core/base/json.h"
#include "core/index/place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define WRITE_BYTES ((size_t) 256 * 1024)

int
sks_bulk_file_begin (sks_bulk_file *file, const char *name, sks_error *err)
{
    char path[PATH_MAX];
    int code = sks_place_join (path, sizeof path, file->folder, name, err);
    if (code)
        return code;
    snprintf (file->name, sizeof file->name, "%s", name);
    file->bytes = 0;
    file->descriptor = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file->descriptor > 0)
        return 0;
    file->descriptor = 0;
    return sks_fail_errno (err, "%s/%s", file->shown, name);
}

int
sks_bulk_file_begin_next (sks_bulk_file *file, const char *ending, sks_error *err)
{
    char name[sizeof file->name];
    snprintf (name, sizeof name, "statements-%05u.%s", ++file->number, ending);
    return sks_bulk_file_begin (file, name, err);
}

static int
write_buffer (sks_bulk_file *file, sks_error *err)
{
    int code = sks_buffer_status (&file->buffer, err);
    for (size_t done = 0; !code && done < file->buffer.size;) {
        ssize_t count = write (file->descriptor, file->buffer.bytes + done, file->buffer.size - done);
        if (count < 0)
            code = sks_fail_errno (err, "%s/%s", file->shown, file->name);
        else
            done += (size_t) count;
    }
    file->bytes += file->buffer.size;
    sks_buffer_clear (&file->buffer);
    return code;
}

int
sks_bulk_file_pass (sks_bulk_file *file, sks_error *err)
{
    return file->buffer.failed || file->buffer.size >= WRITE_BYTES ? write_buffer (file, err) : 0;
}

int
sks_bulk_file_pass_or_end (sks_bulk_file *file, sks_error *err)
{
    bool full = sks_bulk_file_bytes (file) >= SKS_BULK_FILE_BYTES;
    return full ? sks_bulk_file_end (file, err) : sks_bulk_file_pass (file, err);
}

uint64_t
sks_bulk_file_bytes (const sks_bulk_file *file)
{
    return file->bytes + file->buffer.size;
}

int
sks_bulk_file_end (sks_bulk_file *file, sks_error *err)
{
    if (!file->descriptor)
        return 0;
    int code = write_buffer (file, err);
    if (!code && fsync (file->descriptor) < 0)
        code = sks_fail_errno (err, "%s/%s", file->shown, file->name);
    if (close (file->descriptor) < 0 && !code)
        code = sks_fail_errno (err, "%s/%s", file->shown, file->name);
    file->descriptor = 0;
    file->total += file->bytes;
    file->files++;
    sks_json_open_item (&file->list);
    sks_json_put_text (&file->list, "name", file->name);
    sks_json_put_count (&file->list, "bytes", file->bytes);
    sks_buffer_putc (&file->list, '}');
    return code;
}

int
sks_bulk_file_copy (sks_bulk_file *file, const char *name, const char *bytes, size_t size, sks_error *err)
{
    int code = sks_bulk_file_begin (file, name, err);
    if (code)
        return code;
    sks_buffer_add (&file->buffer, bytes, size);
    return sks_bulk_file_end (file, err);
}

void
sks_bulk_file_close (sks_bulk_file *file)
{
    if (file->descriptor > 0)
        close (file->descriptor);
    sks_buffer_free (&file->buffer);
    sks_buffer_free (&file->list);
}
