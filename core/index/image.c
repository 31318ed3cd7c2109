/* image.c - anonymous memory, and memfd where a descriptor is needed. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A file in memory of so many bytes, and where they are; -1 when there is none to be
 * had. All of it is allocated here: a page that is missing later would be SIGBUS. */
static int
make_copy (size_t size, void **bytes)
{
    int copy = memfd_create ("skillsearch", MFD_CLOEXEC);
    if (copy < 0)
        return -1;
    *bytes = MAP_FAILED;
    if (posix_fallocate (copy, 0, (off_t) size) == 0)
        *bytes = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, copy, 0);
    if (*bytes != MAP_FAILED)
        return copy;
    close (copy);
    return -1;
}

int
sks_image_copy (sks_image *out, int *copy, const char *path, sks_error *err)
{
    int fd;
    *out = (sks_image) { NULL, 0 };
    *copy = -1;
    int code = open_file (&fd, &out->size, path, err);
    if (code)
        return code;
    int memory = make_copy (out->size, &out->bytes);
    if (memory < 0)
        out->bytes = mmap (NULL, out->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (out->bytes == MAP_FAILED) {
        out->bytes = NULL;
        code = sks_fail_memory (err);
    } else {
        code = read_whole (fd, out->bytes, out->size, path, err);
    }
    if (!code)
        *copy = memory < 0 ? fd : memory;
    else
        sks_image_drop (out);
    if (memory >= 0 && code)
        close (memory);
    if (*copy != fd)
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
