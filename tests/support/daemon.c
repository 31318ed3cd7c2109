/* daemon.c - fork, exec, pipes, and waits with a limit. */
#include "daemon.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_MS 60000 /* long, as a loaded machine may be slow; a dead daemon ends the wait at once */
#define MAX_ARGUMENTS 64
#define PATIENCE_MS "60000" /* a busy machine may miss the daemon's default deadline */
#define READY_FD 3

static const char *
environment (const char *name)
{
    const char *value = getenv (name);
    ck_assert_msg (value && *value, "$%s is not set", name);
    return value;
}

static void
join (char *out, const char *folder, const char *name)
{
    int size = snprintf (out, SKS_TEST_PATH_BYTES, "%s/%s", folder, name);
    ck_assert_msg (size > 0 && size < SKS_TEST_PATH_BYTES, "path too long: %s/%s", folder, name);
}

/* ----------------------------------------------------------------- folders */
void
sks_test_folder_make (char *path)
{
    const char *base = getenv ("TMPDIR");
    join (path, base && *base ? base : "/tmp", "skillsearch-XXXXXX");
    ck_assert_msg (mkdtemp (path) != NULL, "%s: %s", path, strerror (errno));
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void) status, (void) type, (void) at;
    return remove (path);
}

void
sks_test_folder_remove (const char *path)
{
    ck_assert_int_eq (nftw (path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void
sks_test_file_read (const char *path, char *out, size_t size)
{
    FILE *file = fopen (path, "re");
    ck_assert_msg (file != NULL, "%s: %s", path, strerror (errno));
    size_t used = fread (out, 1, size - 1, file);
    out[used] = '\0';
    fclose (file);
}

bool
sks_test_file_has (const char *path, const char *text)
{
    FILE *file = fopen (path, "re");
    char *line = NULL;
    size_t room = 0;
    bool has = false;
    ck_assert_msg (file != NULL, "%s: %s", path, strerror (errno));
    while (!has && getline (&line, &room, file) > 0)
        has = strstr (line, text) != NULL;
    free (line);
    fclose (file);
    return has;
}

/* ---------------------------------------------------------------- programs */
/* In the child process: execute the program. Its output goes to `output`; the descriptor `ready`, unless it is -1,
 * becomes READY_FD. */
static void
become (char *const *arguments, int output, int ready)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    dup2 (output, STDERR_FILENO);
    if (ready < 0)
        dup2 (output, STDOUT_FILENO);
    else
        dup2 (ready, READY_FD);
    execv (arguments[0], arguments);
    dprintf (STDERR_FILENO, "%s: %s\n", arguments[0], strerror (errno));
    _exit (127);
}

static int
wait_for (pid_t pid)
{
    int status = 0;
    while (waitpid (pid, &status, 0) < 0)
        ck_assert_int_eq (errno, EINTR);
    return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

int
sks_test_program_run (const char *program, const char *const *arguments, char *out, size_t size)
{
    char path[SKS_TEST_PATH_BYTES], *list[MAX_ARGUMENTS] = { path };
    int pipe_ends[2];
    join (path, environment ("SKS_BUILD"), program);
    for (int i = 0; arguments[i]; i++) {
        ck_assert_int_lt (i + 2, MAX_ARGUMENTS);
        list[i + 1] = (char *) arguments[i];
    }
    ck_assert_int_eq (pipe2 (pipe_ends, O_CLOEXEC), 0);
    pid_t pid = fork ();
    ck_assert_int_ge (pid, 0);
    if (pid == 0)
        become (list, pipe_ends[1], -1);
    close (pipe_ends[1]);
    size_t used = 0;
    for (ssize_t got; (got = read (pipe_ends[0], out + used, size - 1 - used)) > 0;)
        used += (size_t) got;
    out[used] = '\0';
    close (pipe_ends[0]);
    return wait_for (pid);
}

void
sks_test_index_build (const char *index_dir, const char *file)
{
    char source[SKS_TEST_PATH_BYTES], output[4096];
    const char *corpus = environment ("SKS_CORPUS");
    join (source, corpus, file ? file : "");
    const char *arguments[] = { "--index", index_dir, file ? source : corpus, NULL };
    int code = sks_test_program_run ("skillsearch-index", arguments, output, sizeof output);
    /* 3: published, and some files were not exports. */
    ck_assert_msg (code == 0 || code == 3, "skillsearch-index: exit %d: %s", code, output);
}

char sks_test_small_index[SKS_TEST_PATH_BYTES];

void
sks_test_small_index_make (void)
{
    sks_test_folder_make (sks_test_small_index);
    sks_test_index_build (sks_test_small_index, "15-1252.00.json");
}

void
sks_test_small_index_remove (void)
{
    sks_test_folder_remove (sks_test_small_index);
}

/* ------------------------------------------------------------------ daemon */
/* Read the ready line, without its line end; false when the daemon ended instead. */
static bool
read_ready_line (int ready, char *out, size_t size)
{
    size_t used = 0;
    struct pollfd item = { ready, POLLIN, 0 };
    while (used + 1 < size) {
        ck_assert_msg (poll (&item, 1, READY_MS) == 1, "not ready after %d ms", READY_MS);
        ssize_t got = read (ready, out + used, size - 1 - used);
        if (got <= 0)
            return false;
        used += (size_t) got;
        if (out[used - 1] == '\n') {
            out[used - 1] = '\0';
            return true;
        }
    }
    return false;
}

static void
launch (sks_test_daemon *daemon, char *const *arguments)
{
    int ready[2];
    int log = open (daemon->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ck_assert_int_ge (log, 0);
    ck_assert_int_eq (pipe2 (ready, O_CLOEXEC), 0);
    /* If a pipe end already has this number, dup2 changes nothing and close-on-exec stays set. */
    int writer = fcntl (ready[1], F_DUPFD_CLOEXEC, READY_FD + 1);
    close (ready[1]);
    daemon->pid = fork ();
    ck_assert_int_ge (daemon->pid, 0);
    if (daemon->pid == 0)
        become (arguments, log, writer);
    close (writer);
    close (log);
    if (!read_ready_line (ready[0], daemon->endpoints, sizeof daemon->endpoints)) {
        char text[4096];
        sks_test_file_read (daemon->log, text, sizeof text);
        ck_abort_msg ("skillsearchd did not start: exit %d: %s", wait_for (daemon->pid), text);
    }
    close (ready[0]);
}

void
sks_test_daemon_start (sks_test_daemon *daemon, const char *program, const char *index_dir, const char *const *options)
{
    char path[SKS_TEST_PATH_BYTES];
    char *arguments[MAX_ARGUMENTS] = {
        path,         "--index", (char *) index_dir, "--listen",  "tcp://127.0.0.1:*",
        "--ready-fd", "3",       "--deadline-ms",    PATIENCE_MS,
    };
    size_t count = 9;
    if (program)
        snprintf (path, sizeof path, "%s", program);
    else
        join (path, environment ("SKS_BUILD"), "skillsearchd");
    for (; options && *options; options++) {
        ck_assert_uint_lt (count + 1, MAX_ARGUMENTS);
        arguments[count++] = (char *) *options;
    }
    sks_test_folder_make (daemon->folder);
    join (daemon->log, daemon->folder, "log");
    launch (daemon, arguments);
    size_t size = strcspn (daemon->endpoints, " ");
    ck_assert_uint_lt (size, sizeof daemon->endpoint);
    memcpy (daemon->endpoint, daemon->endpoints, size);
    daemon->endpoint[size] = '\0';
}

void
sks_test_daemon_freeze (sks_test_daemon *daemon)
{
    int status;
    ck_assert_int_eq (kill (daemon->pid, SIGSTOP), 0);
    ck_assert_int_eq (waitpid (daemon->pid, &status, WUNTRACED), daemon->pid);
    ck_assert (WIFSTOPPED (status));
}

void
sks_test_daemon_thaw (sks_test_daemon *daemon)
{
    ck_assert_int_eq (kill (daemon->pid, SIGCONT), 0);
}

int
sks_test_daemon_wait (sks_test_daemon *daemon)
{
    pid_t pid = daemon->pid;
    daemon->pid = 0;
    return wait_for (pid);
}

void
sks_test_daemon_stop (sks_test_daemon *daemon)
{
    if (!daemon->pid)
        return;
    ck_assert_int_eq (kill (daemon->pid, SIGTERM), 0);
    int code = sks_test_daemon_wait (daemon);
    ck_assert_msg (code == 0, "skillsearchd: exit %d; its log is %s", code, daemon->log);
    sks_test_folder_remove (daemon->folder);
}
