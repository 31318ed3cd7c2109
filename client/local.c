/* local.c - starts the keeper, which starts skillsearchd. */
#include "local.h"

#include "core/base/error.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SERVER "skillsearchd"
#define SCHEME "ipc://"
#define TEMPLATE "/skillsearch-local-XXXXXX"
#define SOCKET_NAME "/s"
#define LOCK_NAME "/s.lock" /* the daemon creates it and does not remove it */
#define PATH_BYTES (sizeof ((struct sockaddr_un *) NULL)->sun_path)
#define USUAL_TIMEOUT_MS 30000 /* enough for millions of statements on a cold disk */
#define LOG_BYTES 16384

struct sks_local {
    pid_t keeper;
    int life;                                      /* a pipe that the keeper reads; it ends with the command */
    char endpoint[sizeof SCHEME - 1 + PATH_BYTES]; /* ipc:// and the path of the socket */
    char folder[PATH_BYTES];
};

/* Descriptors between the three processes. */
struct channels {
    int life[2];  /* nothing is written: it only ends */
    int ready[2]; /* skillsearchd writes its endpoint */
    int log;      /* memfd: standard error of skillsearchd */
};

/* ------------------------------------------------------------- the folder */
static void
remove_folder (const sks_local *local)
{
    static const char *const names[] = { SOCKET_NAME, LOCK_NAME, "" };
    char path[PATH_BYTES + sizeof LOCK_NAME];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        stpcpy (stpcpy (path, local->folder), names[i]);
        if (*names[i])
            unlink (path);
        else
            rmdir (path);
    }
}

/* A comma would end the endpoint, and the path of a socket is short. */
static bool
make_folder_in (sks_local *local, const char *parent)
{
    if (!parent || *parent != '/' || strchr (parent, ',') ||
        strlen (parent) + sizeof TEMPLATE + sizeof SOCKET_NAME > PATH_BYTES)
        return false;
    stpcpy (stpcpy (local->folder, parent), TEMPLATE);
    if (!mkdtemp (local->folder))
        return false;
    stpcpy (stpcpy (stpcpy (local->endpoint, SCHEME), local->folder), SOCKET_NAME);
    return true;
}

static int
make_folder (sks_local *local, sks_error *err)
{
    const char *const parents[] = { getenv ("XDG_RUNTIME_DIR"), getenv ("TMPDIR"), "/tmp" };
    for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
        if (make_folder_in (local, parents[i]))
            return 0;
    *local->folder = '\0';
    return sks_fail_errno (err, "cannot make a folder for a socket in $XDG_RUNTIME_DIR, $TMPDIR or /tmp");
}

/* -------------------------------------------------------------- processes */
static void
run_server (const sks_local *local, const char *program, const char *index, int ready, pid_t keeper)
{
    char number[16];
    snprintf (number, sizeof number, "%d", ready);
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    if (getppid () != keeper)
        _exit (EXIT_FAILURE);
    unsetenv ("NOTIFY_SOCKET"); /* it would report to the service manager as the service that runs the command */
    fcntl (ready, F_SETFD, 0);
    execl (program, SERVER, "--listen", local->endpoint, "--ready-fd", number, "--workers", "1", "--log-level", "error",
           index ? "--index" : NULL, index, NULL);
    dprintf (STDERR_FILENO, "%s: %s\n", program, strerror (errno));
    _exit (EXIT_FAILURE);
}

/* What the keeper does. It has its own session, because signals of the terminal are meant for the command. It ends
 * skillsearchd with SIGKILL: SIGTERM would make it wait half a second for requests in transit, but its only client is
 * gone, and it writes no files. */
static void
keep (const sks_local *local, const char *program, const char *index, const struct channels *channels)
{
    char byte;
    pid_t keeper = getpid ();
    setsid ();
    int none = open ("/dev/null", O_RDWR | O_CLOEXEC);
    dup2 (none, STDIN_FILENO);
    dup2 (none, STDOUT_FILENO);
    dup2 (channels->log, STDERR_FILENO);
    close (channels->life[1]);
    pid_t server = fork ();
    if (server == 0)
        run_server (local, program, index, channels->ready[1], keeper);
    close (channels->ready[1]);
    while (read (channels->life[0], &byte, 1) < 0 && errno == EINTR)
        continue;
    if (server > 0) {
        kill (server, SIGKILL);
        waitpid (server, NULL, 0);
    }
    remove_folder (local);
    _exit (EXIT_SUCCESS);
}

static int
open_channels (struct channels *channels, sks_error *err)
{
    *channels = (struct channels) { .life = { -1, -1 }, .ready = { -1, -1 } };
    channels->log = memfd_create (SERVER, MFD_CLOEXEC);
    if (channels->log < 0 || pipe2 (channels->life, O_CLOEXEC) != 0 || pipe2 (channels->ready, O_CLOEXEC) != 0)
        return sks_fail_errno (err, "cannot start " SERVER);
    return 0;
}

static void
close_one (int *descriptor)
{
    if (*descriptor >= 0)
        close (*descriptor);
    *descriptor = -1;
}

static int
start (sks_local *local, const char *index, struct channels *channels, sks_error *err)
{
    char program[SKS_PROGRAM_BYTES];
    if (!sks_program_find (program, SERVER))
        return sks_fail (err, SKS_EIO,
                         SERVER " searches an index, and is neither beside this program nor in $PATH; install it, or "
                                "name a daemon: --connect ENDPOINT");
    int rc = make_folder (local, err);
    if (rc)
        return rc;
    local->keeper = fork ();
    if (local->keeper < 0)
        return sks_fail_errno (err, "cannot start " SERVER);
    if (local->keeper == 0)
        keep (local, program, index, channels);
    local->life = channels->life[1];
    channels->life[1] = -1;
    close_one (&channels->ready[1]);
    return 0;
}

/* ---------------------------------------------------------------- waiting */
static int64_t
now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns 0, SKS_EDEADLINE, or SKS_EIO when skillsearchd ended first. */
static int
await (int ready, uint32_t timeout_ms, sks_error *err)
{
    int64_t end = now_ms () + timeout_ms, left = timeout_ms;
    struct pollfd item = { .fd = ready, .events = POLLIN };
    int found;
    char byte;
    while ((found = poll (&item, 1, (int) left)) < 0 && errno == EINTR)
        left = end > now_ms () ? end - now_ms () : 0;
    if (found == 0)
        return sks_fail (err, SKS_EDEADLINE, "the index was not opened within %u ms", timeout_ms);
    return found > 0 && read (ready, &byte, 1) == 1 ? 0 : sks_fail (err, SKS_EIO, SERVER " ended before it was ready");
}

/* The value of a name in a line of logfmt, in place: without its quotes and escapes. NULL if it is not there. */
static char *
find_value (char *line, const char *name)
{
    char *value = strstr (line, name);
    if (!value)
        return NULL;
    value += strlen (name);
    bool quoted = *value == '"';
    char *in = value + quoted, *out = value;
    while (*in && *in != (quoted ? '"' : ' ')) {
        if (quoted && *in == '\\' && in[1])
            in += in[1] == '"' || in[1] == '\\';
        *out++ = *in++;
    }
    *out = '\0';
    return value;
}

/* What skillsearchd reported, as the command's own failure. Only a failure to open an index names a folder. */
static int
read_failure (int log, sks_error *err)
{
    char text[LOG_BYTES];
    ssize_t size = pread (log, text, sizeof text - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    text[strcspn (text, "\n")] = '\0';
    const char *folder = find_value (text, " index="); /* first: it comes after reason, and find_value cuts the line */
    const char *reason = find_value (text, "event=start_failed reason=");
    if (reason)
        return sks_fail (err,
                         !folder                               ? SKS_EIO
                         : strstr (reason, SKS_LOCAL_NO_INDEX) ? SKS_ENOTFOUND
                                                               : SKS_EINDEX,
                         "%s", reason);
    if (strncmp (text, SERVER ": ", strlen (SERVER ": ")) == 0)
        return sks_fail (err, SKS_EINVALID, "%s", text + strlen (SERVER ": "));
    reason = find_value (text, " reason="); /* of what failed before start_failed, such as shard_down */
    if (reason)
        return sks_fail (err, SKS_EIO, "%s", reason);
    return *text ? sks_fail (err, SKS_EIO, "%s", text) : sks_fail (err, SKS_EIO, SERVER " ended before it was ready");
}

/* ------------------------------------------------------------ open, close */
int
sks_local_open (sks_local **out, const char *index, uint32_t timeout_ms, sks_error *err)
{
    struct channels channels;
    *out = NULL;
    sks_local *local = calloc (1, sizeof *local);
    if (!local)
        return sks_fail_memory (err);
    local->life = -1;
    int rc = open_channels (&channels, err);
    if (rc == 0)
        rc = start (local, index, &channels, err);
    if (rc == 0) {
        rc = await (channels.ready[0], timeout_ms ? timeout_ms : USUAL_TIMEOUT_MS, err);
        if (rc == SKS_EIO)
            rc = read_failure (channels.log, err);
    }
    for (int i = 0; i < 2; i++) {
        close_one (&channels.life[i]);
        close_one (&channels.ready[i]);
    }
    close_one (&channels.log);
    if (rc)
        sks_local_close (&local);
    *out = local;
    return rc;
}

const char *
sks_local_endpoint (const sks_local *local)
{
    return local->endpoint;
}

void
sks_local_close (sks_local **local_p)
{
    if (!local_p || !*local_p)
        return;
    sks_local *local = *local_p;
    *local_p = NULL;
    close_one (&local->life);
    if (local->keeper > 0)
        while (waitpid (local->keeper, NULL, 0) < 0 && errno == EINTR)
            continue;
    if (*local->folder)
        remove_folder (local); /* if the keeper was killed */
    free (local);
}
