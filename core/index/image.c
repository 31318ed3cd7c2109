/* image.c - anonymous memory, and memfd where a descriptor is needed. */
#include "image.h"

#include "core/base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t) 1 << 18) /* stays in the cache of a core while it is hashed and copied */

/* Open a file that has bytes. O_NONBLOCK: a FIFO must not be waited for. */
static int
open_file (int *fd, size_t *size, const char *path, sks_error *err)
{
    *fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return errno == ENOENT ? sks_fail (err, SKS_EINDEX, "%s: there is no such file", path)
                               : sks_fail_errno (err, "%s", path);
    struct stat status;
    int code = fstat (*fd, &status) < 0 ? sks_fail_errno (err, "%s", path) : 0;
    if (!code && !S_ISREG (status.st_mode))
        code = sks_fail (err, SKS_EINDEX, "%s: not a regular file", path);
    if (!code && status.st_size == 0)
        code = sks_fail (err, SKS_EINDEX, "%s: the file is empty", path);
    *size = code ? 0 : (size_t) status.st_size;
    if (code)
        close (*fd);
    return code;
}

/* Read so many bytes; the file must have them. */
static int
read_whole (int fd, void *bytes, size_t size, const char *path, sks_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read (fd, (char *) bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sks_fail_errno (err, "%s", path);
        if (got == 0)
            return sks_fail (err, SKS_EINDEX, "%s: the file was cut while it was read", path);
        done += (size_t) got;
    }
    return 0;
}

int
sks_image_read (sks_image *out, const char *path, sks_error *err)
{
    int fd;
    *out = (sks_image) { NULL, 0 };
    int code = open_file (&fd, &out->size, path, err);
    if (code)
        return code;
    void *bytes = mmap (NULL, out->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) {
        close (fd);
        return sks_fail_memory (err);
    }
    out->bytes = bytes;
    /* Where the kernel has huge pages to give, 13,000 page faults become 26. */
    madvise (bytes, out->size, MADV_HUGEPAGE);
    code = read_whole (fd, bytes, out->size, path, err);
    close (fd);
    if (code)
        sks_image_drop (out);
    return code;
}

void
sks_image_drop (sks_image *image)
{
    if (image->bytes)
        munmap (image->bytes, image->size);
    *image = (sks_image) { NULL, 0 };
}

/* Write all to the copy, which is memory: what is missing is memory. */
static int
write_whole (int fd, const char *bytes, size_t size, sks_error *err)
{
    while (size) {
        ssize_t written = write (fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return sks_fail_memory (err);
        bytes += written;
        size -= (size_t) written;
    }
    return 0;
}

static int
read_through (int fd, uint64_t size, int copy, sks_hasher *hasher, char *chunk, const char *path, sks_error *err)
{
    int code = 0;
    while (!code && size) {
        size_t part = size < CHUNK_BYTES ? (size_t) size : CHUNK_BYTES;
        code = read_whole (fd, chunk, part, path, err);
        if (!code) {
            sks_hasher_add (hasher, chunk, part);
            size -= part;
        }
        if (!code && copy >= 0)
            code = write_whole (copy, chunk, part, err);
    }
    return code;
}

int
sks_image_print (sks_print *out, int *copy, const char *path, sks_error *err)
{
    int fd, memory = -1;
    size_t size;
    *out = (sks_print) { 0, 0 };
    if (copy)
        *copy = -1;
    int code = open_file (&fd, &size, path, err);
    if (code)
        return code;
    if (copy && (memory = memfd_create ("skillsearch", MFD_CLOEXEC)) < 0)
        code = sks_fail_errno (err, "%s: no memory to read it into", path);
    sks_hasher *hasher = sks_hasher_create ();
    char *chunk = malloc (CHUNK_BYTES);
    if (!code && (!hasher || !chunk))
        code = sks_fail_memory (err);
    if (!code)
        code = read_through (fd, size, memory, hasher, chunk, path, err);
    if (hasher)
        *out = (sks_print) { size, sks_hasher_digest (&hasher) };
    free (chunk);
    close (fd);
    if (code && memory >= 0)
        close (memory);
    else if (copy)
        *copy = memory;
    return code;
}

int
sks_image_open (int copy)
{
    char path[64];
    snprintf (path, sizeof path, "/proc/self/fd/%d", copy);
    return open (path, O_RDONLY | O_CLOEXEC);
}
