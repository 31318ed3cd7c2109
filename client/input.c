/* input.c - reads a complete text, up to its limit. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
sks_input_read (sks_arena *memory, const char *name, size_t most, char **out, sks_error *err)
{
    char *text = sks_arena_alloc (memory, most + 2);
    if (!text)
        return sks_fail_memory (err);
    int fd = strcmp (name, "-") == 0 ? dup (STDIN_FILENO) : open (name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sks_fail_errno (err, "%s", name);
    size_t size = 0;
    ssize_t got = 1;
    while (got != 0 && size <= most) {
        got = read (fd, text + size, most + 1 - size);
        if (got < 0 && errno != EINTR)
            break;
        size += got > 0 ? (size_t) got : 0;
    }
    int rc = got < 0 ? sks_fail_errno (err, "%s", name) : 0;
    close (fd);
    if (rc)
        return rc;
    if (size > most)
        return sks_fail (err, SKS_ELIMIT, "a text has at most %zu bytes; %s has more", most, name);
    if (memchr (text, '\0', size))
        return sks_fail (err, SKS_EINVALID, "%s is not a text: it contains a NUL byte", name);
    *out = text;
    return 0;
}
