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

/* Open a regular, non-empty file. O_NONBLOCK: opening a FIFO must not block. */
static int
open_file (int *fd, size_t *size, const char *path, sks_error *err)
{
    *size = 0;
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
    if (code) {
        close (*fd);
        *fd = -1;
        return code;
    }
    *size = (size_t) status.st_size;
    return 0;
}

/* Read `size` bytes at an offset; the file must have them. */
static int
read_whole (int fd, size_t from, void *bytes, size_t size, const char *path, sks_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread (fd, (char *) bytes + done, size - done, (off_t) (from + done));
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
sks_image_begin (sks_image *out, int *fd, const char *path, sks_error *err)
{
    *out = (sks_image) { NULL, 0 };
    size_t size;
    int code = open_file (fd, &size, path, err);
    if (code)
        return code;
    /* Without a reserve: of a file that grew beyond all memory only what it should hold is read. */
    void *bytes = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED) {
        close (*fd);
        *fd = -1;
        return sks_fail_memory (err);
    }
    *out = (sks_image) { bytes, size };
    /* With huge pages, 13,000 page faults become 26. */
    madvise (bytes, size, MADV_HUGEPAGE);
    return 0;
}

int
sks_image_take (const sks_image *image, int fd, size_t from, size_t end, const char *path, sks_error *err)
{
    return read_whole (fd, from, (char *) image->bytes + from, end - from, path, err);
}

void
sks_image_drop (sks_image *image)
{
    if (image->bytes)
        munmap (image->bytes, image->size);
    *image = (sks_image) { NULL, 0 };
}

bool
sks_image_write (int fd, const void *bytes, size_t size, uint64_t offset)
{
    const char *at = bytes;
    while (size) {
        ssize_t written = pwrite (fd, at, size, (off_t) offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        size -= (size_t) written;
        offset += (uint64_t) written;
    }
    return true;
}

/* Hash and copy piece by piece, while a piece is in the cache; *copy becomes -1 when
 * there is no memory for it. Each page of the copy is made here: one that is missing
 * later would be SIGBUS for who maps it. */
static int
print_pieces (sks_print *out, int *copy, int fd, size_t size, const char *path, sks_error *err)
{
    char *piece = malloc (SKS_IMAGE_PIECE);
    sks_hash *hash = sks_hash_begin ();
    int code = piece && hash ? 0 : sks_fail_memory (err);
    for (size_t done = 0, next; !code && done < size; done += next) {
        next = size - done < SKS_IMAGE_PIECE ? size - done : SKS_IMAGE_PIECE;
        code = read_whole (fd, done, piece, next, path, err);
        if (code)
            break;
        sks_hash_add (hash, piece, next);
        if (*copy >= 0 && !sks_image_write (*copy, piece, next, done)) {
            close (*copy);
            *copy = -1;
        }
    }
    free (piece);
    uint64_t found = sks_hash_end (hash);
    if (!code)
        *out = (sks_print) { size, found };
    return code;
}

/* The bytes of the copy, or of the file if there is no copy. */
static int
map_copy (sks_image *out, int copy, int fd, size_t size, const char *path, sks_error *err)
{
    int protection = copy < 0 ? PROT_READ | PROT_WRITE : PROT_READ;
    int flags = copy < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE;
    void *bytes = mmap (NULL, size, protection, flags, copy, 0);
    if (bytes == MAP_FAILED)
        return sks_fail_memory (err);
    *out = (sks_image) { bytes, size };
    int code = copy < 0 ? read_whole (fd, 0, bytes, size, path, err) : 0;
    if (code)
        sks_image_drop (out);
    return code;
}

int
sks_image_print (sks_print *out, sks_image *image, int *copy, const char *path, uint64_t max, sks_error *err)
{
    int fd;
    size_t size;
    *out = (sks_print) { 0, 0 };
    if (copy) {
        *image = (sks_image) { NULL, 0 };
        *copy = -1;
    }
    int code = open_file (&fd, &size, path, err);
    if (code)
        return code;
    if (size > max) {
        close (fd);
        return sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
    }
    int memory = copy ? memfd_create ("skillsearch", MFD_CLOEXEC) : -1;
    code = print_pieces (out, &memory, fd, size, path, err);
    if (!code && copy)
        code = map_copy (image, memory, fd, size, path, err);
    if (!code && copy)
        *copy = memory < 0 ? fd : memory;
    else if (memory >= 0)
        close (memory);
    if (!copy || *copy != fd)
        close (fd);
    return code;
}

int
sks_image_open (int copy)
{
    char path[64];
    snprintf (path, sizeof path, "/proc/self/fd/%d", copy);
    return open (path, O_RDONLY | O_CLOEXEC);
}
