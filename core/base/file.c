/* file.c - reads files whole. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
sks_file_read_all (int fd, size_t hint, size_t maximum, char **bytes, size_t *size)
{
    size_t capacity = hint + 2, used = 0;
    char *text = malloc (capacity);
    while (text) {
        ssize_t got = read (fd, text + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free (text);
            return -1;
        }
        used += (size_t) got;
        if (got == 0 || used > maximum)
            break;
        if (capacity - used < 2) {
            capacity *= 2;
            char *larger = realloc (text, capacity);
            if (!larger)
                free (text);
            text = larger;
        }
    }
    if (!text) {
        errno = ENOMEM;
        return -1;
    }
    text[used] = '\0';
    *bytes = text;
    *size = used;
    return 0;
}

int
sks_file_read (const char *path, size_t maximum, char **bytes, size_t *size, sks_error *err)
{
    *bytes = NULL;
    int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    struct stat status;
    int code = 0;
    if (fstat (fd, &status) < 0)
        code = sks_fail_errno (err, "%s", path);
    else if (!S_ISREG (status.st_mode))
        code = sks_fail (err, SKS_EIO, "%s: not a regular file", path);
    else if (sks_file_read_all (fd, (size_t) status.st_size < maximum ? (size_t) status.st_size : maximum, maximum,
                                bytes, size) < 0)
        code = errno == ENOMEM ? sks_fail_memory (err) : sks_fail_errno (err, "%s", path);
    close (fd);
    return code;
}
