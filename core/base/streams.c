/* streams.c - checks standard output and standard error once, at exit. */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *program_name;
static int unwritten_status;
static int cause; /* errno of a failed write, 0 for none */

static void
close_output (int status, void *unused)
{
    (void) unused;
    bool failed = cause || ferror (stdout);
    errno = 0;
    if (fclose (stdout) != 0) {
        failed = true;
        cause = cause ? cause : errno;
    }
    if (!failed && !status && ferror (stderr))
        _exit (unwritten_status);
    if (!failed)
        return;
    if (cause != EPIPE)
        fprintf (stderr, "%s: cannot write to standard output: %s\n", program_name,
                 cause ? strerrordesc_np (cause) : "it failed");
    _exit (unwritten_status);
}

void
sks_streams_open (const char *program, int unwritten)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };
    program_name = program;
    unwritten_status = unwritten;
    /* open returns the lowest free number, and the lower ones are in use. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", modes[fd]) != fd)
            _exit (unwritten_status);
    on_exit (close_output, NULL);
}

bool
sks_streams_write (const char *bytes, size_t size)
{
    if ((!size || fwrite (bytes, 1, size, stdout) == size) && fflush (stdout) == 0)
        return true;
    cause = errno;
    return false;
}
