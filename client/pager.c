/* pager.c - starts the pager with a pipe as its standard input, and waits for it. */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PAGER "less"
#define MOST_WORDS 32
#define NOT_FOUND 127 /* the exit status of a shell that does not find a program */

static const int ignored[] = { SIGINT, SIGQUIT, SIGPIPE };
#define IGNORED (sizeof ignored / sizeof *ignored)

static pid_t pager;
static int pipe_end = -1;
static struct sigaction before[IGNORED];

static const char *
choose (const char *command)
{
    const char *own = getenv ("SKILLSEARCH_PAGER"), *usual = getenv ("PAGER");
    return own ? own : usual ? usual : command ? command : DEFAULT_PAGER;
}

/* Split a command at its blanks; one that needs a shell becomes "sh -c". copy: of the command, is changed. */
static void
split (char *words[MOST_WORDS + 1], const char *command, char *copy)
{
    static char shell[] = "sh", option[] = "-c";
    size_t count = 0;
    if (command[strcspn (command, "|&;<>()$`\\\"'*?[#~=%\n")] == '\0')
        for (char *word; count <= MOST_WORDS && (word = strsep (&copy, " \t"));)
            if (*word)
                words[count++] = word;
    if (count == 0 || count > MOST_WORDS) {
        words[0] = shell;
        words[1] = option;
        words[2] = (char *) (uintptr_t) command;
        count = 3;
    }
    words[count] = NULL;
}

static bool
spawn (const char *command, const int ends[2])
{
    posix_spawn_file_actions_t actions;
    char *words[MOST_WORDS + 1], *copy = strdup (command);
    if (!copy)
        return false;
    setenv ("LESS", "FRX", 0);
    setenv ("LV", "-c", 0);
    split (words, command, copy);
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, ends[0], STDIN_FILENO);
    bool started = posix_spawnp (&pager, words[0], &actions, NULL, words, environ) == 0;
    posix_spawn_file_actions_destroy (&actions);
    free (copy);
    return started;
}

bool
sks_pager_open (const char *command)
{
    int ends[2];
    command = choose (command);
    if (command[strspn (command, " \t")] == '\0' || strcmp (command, "cat") == 0 || pipe2 (ends, O_CLOEXEC) != 0)
        return false;
    bool started = spawn (command, ends);
    close (ends[0]);
    if (!started) {
        close (ends[1]);
        return false;
    }
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    for (size_t i = 0; i < IGNORED; i++)
        sigaction (ignored[i], &ignore, &before[i]);
    pipe_end = ends[1];
    return true;
}

bool
sks_pager_is_open (void)
{
    return pipe_end >= 0;
}

void
sks_pager_write (const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t wrote = write (pipe_end, bytes + at, size - at);
        if (wrote < 0 && errno != EINTR)
            return;
        at += wrote > 0 ? (size_t) wrote : 0;
    }
}

bool
sks_pager_close (void)
{
    int status = 0;
    if (pipe_end < 0)
        return true;
    close (pipe_end);
    pipe_end = -1;
    while (waitpid (pager, &status, 0) < 0 && errno == EINTR)
        continue;
    for (size_t i = 0; i < IGNORED; i++)
        sigaction (ignored[i], &before[i], NULL);
    return !WIFEXITED (status) || WEXITSTATUS (status) != NOT_FOUND;
}
