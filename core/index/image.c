/* image.c - reads files into anonymous memory. */
#include "image.h"

#include "core/base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t) 2 << 20)

/* Fewer bytes at the end of an image are not worth a huge page of their own. */
#define HUGE_LEAST ((size_t) 256 << 10)

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

/* The bytes of memory that an image takes. */
static size_t
extent (size_t size)
{
    size_t rest = size % HUGE_PAGE;
    return rest < HUGE_LEAST ? size : size - rest + HUGE_PAGE;
}

/* Allocate memory that begins with a huge page: each small page costs an interruption of the processor when it is first
 * touched. MAP_NORESERVE, because a file may have grown beyond all memory; only the part that its header describes is
 * read. NULL when out of memory. */
static void *
allocate (size_t size)
{
    size_t all = size + HUGE_PAGE;
    char *bytes = mmap (NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    size_t lead = -(uintptr_t) bytes % HUGE_PAGE, page = (size_t) sysconf (_SC_PAGESIZE);
    size_t end = lead + (size + page - 1) / page * page;
    if (lead)
        munmap (bytes, lead);
    if (end < all)
        munmap (bytes + end, all - end);
    madvise (bytes + lead, size, MADV_HUGEPAGE);
    return bytes + lead;
}

int
sks_image_begin (sks_image *out, int *fd, const char *path, sks_error *err)
{
    *out = (sks_image) { NULL, 0, false };
    size_t size;
    int code = open_file (fd, &size, path, err);
    if (code)
        return code;
    void *bytes = allocate (extent (size));
    if (!bytes) {
        close (*fd);
        *fd = -1;
        return sks_fail_memory (err);
    }
    *out = (sks_image) { bytes, size, false };
    return 0;
}

int
sks_image_map (sks_image *out, int *fd, const char *path, sks_error *err)
{
    *out = (sks_image) { NULL, 0, false };
    size_t size;
    int code = open_file (fd, &size, path, err);
    if (code)
        return code;
    void *bytes = mmap (NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, *fd, 0);
    if (bytes == MAP_FAILED) {
        code = sks_fail_errno (err, "%s", path);
        close (*fd);
        *fd = -1;
        return code;
    }
    *out = (sks_image) { bytes, size, true };
    return 0;
}

int
sks_image_take (const sks_image *image, int fd, size_t from, size_t end, const char *path, sks_error *err)
{
    return image->mapped ? 0 : read_whole (fd, from, (char *) image->bytes + from, end - from, path, err);
}

int
sks_image_take_hashed (const sks_image *image, int fd, size_t from, size_t end, const char *path,
                       sks_image_check *check, const void *owner, bool *holds, uint64_t *hash, sks_error *err)
{
    sks_hash *state = sks_hash_begin ();
    int code = state ? 0 : sks_fail_memory (err);
    *holds = true;
    for (size_t at = from, next; !code && at < end; at = next) {
        next = end - at < SKS_IMAGE_PIECE ? end : at + SKS_IMAGE_PIECE;
        code = sks_image_take (image, fd, at, next, path, err);
        if (code)
            break;
        sks_hash_add (state, (const char *) image->bytes + at, next - at);
        if (check && !check (owner, at - from, next - from))
            *holds = false;
    }
    *hash = sks_hash_end (state);
    return code;
}

void
sks_image_drop (sks_image *image)
{
    if (image->bytes)
        munmap (image->bytes, image->mapped ? image->size : extent (image->size));
    *image = (sks_image) { NULL, 0, false };
}

void
sks_image_empty (const sks_image *image)
{
    if (image->bytes)
        madvise (image->bytes, extent (image->size), MADV_DONTNEED);
}

void
sks_image_empty_part (const void *bytes, size_t size)
{
    uintptr_t page = (uintptr_t) sysconf (_SC_PAGESIZE), start = (uintptr_t) bytes;
    uintptr_t from = (start + page - 1) / page * page, end = (start + size) / page * page;
    if (from < end)
        madvise ((void *) from, end - from, MADV_DONTNEED);
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

int
sks_image_replace (const char *path, const void *bytes, size_t size, sks_error *err)
{
    char *aside;
    if (asprintf (&aside, "%s.new", path) < 0)
        return sks_fail_memory (err);
    unlink (aside); /* left by a killed run; not written to, because it may be a link that somebody else made */
    int fd = open (aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int code = fd < 0 || !sks_image_write (fd, bytes, size, 0) || fsync (fd) ? sks_fail_errno (err, "%s", aside) : 0;
    if (fd >= 0 && close (fd) && !code)
        code = sks_fail_errno (err, "%s", aside);
    if (!code && rename (aside, path))
        code = sks_fail_errno (err, "%s", path);
    if (code && fd >= 0)
        unlink (aside);
    free (aside);
    return code;
}

int
sks_image_print (sks_print *out, uint64_t most, const char *path, sks_error *err)
{
    return sks_image_scan (out, most, NULL, NULL, path, err);
}

int
sks_image_scan (sks_print *out, uint64_t most, sks_image_taker *take, void *owner, const char *path, sks_error *err)
{
    int fd;
    size_t size;
    *out = (sks_print) { 0, 0 };
    int code = open_file (&fd, &size, path, err);
    if (code)
        return code;
    char *piece = malloc (SKS_IMAGE_PIECE);
    sks_hash *hash = sks_hash_begin ();
    if (!piece || !hash)
        code = sks_fail_memory (err);
    for (size_t done = size > most ? size : 0, next; !code && done < size; done += next) {
        next = size - done < SKS_IMAGE_PIECE ? size - done : SKS_IMAGE_PIECE;
        code = read_whole (fd, done, piece, next, path, err);
        if (!code)
            sks_hash_add (hash, piece, next);
        if (!code && take)
            take (owner, piece, next);
    }
    free (piece);
    close (fd);
    uint64_t found = sks_hash_end (hash);
    if (!code)
        *out = (sks_print) { size, size > most ? 0 : found };
    return code;
}

/* The descriptor reads the image itself. A copy in a memfd would take 5 ms more for 26 MB, and twice the memory until
 * the image is dropped. */
int
sks_image_open (const sks_image *image)
{
    int fd = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || lseek (fd, (off_t) (uintptr_t) image->bytes, SEEK_SET) >= 0)
        return fd;
    int cause = errno;
    close (fd);
    errno = cause;
    return -1;
}
