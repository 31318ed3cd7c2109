/* recent.c - a file of lines "NUMBER ID". */
#include "recent.h"

#include "core/base/error.h"
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_BYTES 16777216
#define PATH_BYTES 4096

void
sks_recent_put (sks_buffer *answer, uint64_t number, const char *id)
{
    if (!id[strcspn (id, " \t\r\n")])
        sks_buffer_printf (answer, "%" PRIu64 " %s\n", number, id);
}

void
sks_recent_put_hits (sks_buffer *answer, uint64_t first, const sks_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++)
        sks_recent_put (answer, first + i, result->hits[i].id);
}

/* The path of the file; false without a home. */
static bool
find_path (char path[PATH_BYTES], const char *name)
{
    const char *state = getenv ("XDG_STATE_HOME"), *home = getenv ("HOME");
    bool own = state && *state == '/'; /* a relative path is ignored, as the XDG specification requires */
    if (!own && (!home || *home != '/'))
        return false;
    int size = snprintf (path, PATH_BYTES, "%s%s/skillsearch/%s", own ? state : home, own ? "" : "/.local/state", name);
    return size > 0 && size < PATH_BYTES;
}

/* Make the folders above a file, for their owner alone. */
static void
make_folders (char *path)
{
    for (char *slash = strchr (path + 1, '/'); slash; slash = strchr (slash + 1, '/')) {
        *slash = '\0';
        mkdir (path, 0700);
        *slash = '/';
    }
}

static bool
write_whole (int fd, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t wrote = write (fd, bytes + at, size - at);
        if (wrote < 0 && errno != EINTR)
            return false;
        at += wrote > 0 ? (size_t) wrote : 0;
    }
    return true;
}

static bool
write_file (const char *path, const sks_buffer *answer)
{
    int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write_whole (fd, answer->bytes, answer->size);
    return close (fd) == 0 && written;
}

void
sks_recent_keep (const sks_buffer *answer)
{
    char path[PATH_BYTES], draft[PATH_BYTES], name[32];
    snprintf (name, sizeof name, "answer.%ld", (long) getpid ());
    if (sks_buffer_status (answer, NULL) != 0 || !answer->size || !find_path (path, "answer") ||
        !find_path (draft, name))
        return;
    make_folders (draft);
    unlink (draft); /* left by an earlier process with our number that crashed */
    if (write_file (draft, answer) && rename (draft, path) == 0)
        return;
    unlink (draft);
    /* Numbers must not mean the statements of an earlier answer. */
    if (unlink (path) != 0 && access (path, F_OK) == 0)
        fprintf (stderr, "skillsearch: cannot replace %s; numbers mean the statements of an earlier answer\n", path);
}

int
sks_recent_find (sks_arena *memory, const char *number, const char **out, sks_error *err)
{
    char path[PATH_BYTES], *text;
    size_t size = strlen (number);
    if (!find_path (path, "answer") || sks_input_read (memory, path, MOST_BYTES, &text, NULL) != 0 || !text)
        return sks_fail (err, SKS_EINVALID, "no statement %s: there is no last answer; search first, or give an id",
                         number);
    const char *first = text, *last = text;
    for (char *line; (line = strsep (&text, "\n"));) {
        if (strncmp (line, number, size) == 0 && line[size] == ' ') {
            *out = line + size + 1;
            return 0;
        }
        last = *line ? line : last;
    }
    if (first == last)
        return sks_fail (err, SKS_EINVALID, "no statement %s: the last answer has only number %.*s", number,
                         (int) strcspn (first, " "), first);
    return sks_fail (err, SKS_EINVALID, "no statement %s: the last answer has the numbers %.*s to %.*s", number,
                     (int) strcspn (first, " "), first, (int) strcspn (last, " "), last);
}
