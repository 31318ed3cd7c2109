/* copy.c - copy_file_range(2), continued by read and write where it stops. */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (1 << 16)

/* Copy by reading and writing, from the current offsets of both files. */
static int
copy_by_hand (int from, int to, uint64_t size)
{
    char block[BLOCK];
    while (size) {
        ssize_t got = read (from, block, size < sizeof block ? size : sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO; /* the file has become shorter */
        if (got <= 0)
            return -1;
        size -= (uint64_t) got;
        for (ssize_t done = 0, put; done < got; done += put) {
            put = write (to, block + done, (size_t) (got - done));
            if (put < 0 && errno != EINTR)
                return -1;
            put = put < 0 ? 0 : put;
        }
    }
    return 0;
}

/* Copy a whole file and sync it; a failure sets errno. copy_file_range may fail at the start or half-way: between
 * file systems, on some file systems, in containers that filter system calls. Reading and writing then continue from
 * there, and fail by themselves if there is another cause. */
static int
copy_bytes (int from, int to)
{
    struct stat status;
    if (fstat (from, &status) < 0)
        return -1;
    uint64_t size = (uint64_t) status.st_size;
    while (size) {
        ssize_t copied = copy_file_range (from, NULL, to, NULL, size, 0);
        if (copied <= 0)
            break;
        size -= (uint64_t) copied;
    }
    return copy_by_hand (from, to, size) < 0 ? -1 : fsync (to);
}

int
sks_copy_file (const char *from, const char *to, sks_error *err)
{
    int code = 0;
    int source = open (from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return sks_fail_errno (err, "%s", from);
    int target = open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (target < 0 || copy_bytes (source, target) < 0)
        code = sks_fail_errno (err, "%s", to);
    close (source);
    if (target >= 0 && close (target) < 0 && !code)
        code = sks_fail_errno (err, "%s", to);
    return code;
}

static bool
is_same (int one, int other)
{
    char blocks[2][BLOCK];
    ssize_t got;
    do {
        got = read (one, blocks[0], sizeof blocks[0]);
        ssize_t filled = 0, more = 1;
        while (got > 0 && filled < got && more > 0) {
            more = read (other, blocks[1] + filled, (size_t) (got - filled));
            filled += more > 0 ? more : 0;
        }
        if (got > 0 && (filled < got || memcmp (blocks[0], blocks[1], (size_t) got) != 0))
            return false;
    } while (got > 0);
    return got == 0 && read (other, blocks[1], 1) == 0;
}

bool
sks_copy_is_same (const char *one, const char *other)
{
    int first = open (one, O_RDONLY | O_CLOEXEC), second = open (other, O_RDONLY | O_CLOEXEC);
    bool same = first >= 0 && second >= 0 && is_same (first, second);
    if (first >= 0)
        close (first);
    if (second >= 0)
        close (second);
    return same;
}
