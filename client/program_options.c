/* program_options.c - runs a program and reads what it lists. */
#include "program_options.h"

#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIST_BYTES 32768
#define FIELDS 5

/* No other program is run. */
static bool
is_ours (const char *name)
{
    static const char *const names[] = { "skillsearch-index", "skillsearchd", "skillsearch-http",
                                         "skillsearch-vectors" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (names[i], name) == 0)
            return true;
    return false;
}

/* Read up to `most` bytes until the end of the file; returns how many there were. */
static size_t
read_all (int fd, char *out, size_t most)
{
    size_t size = 0;
    ssize_t got;
    while (size < most && ((got = read (fd, out + size, most - size)) > 0 || (got < 0 && errno == EINTR)))
        size += got > 0 ? (size_t) got : 0;
    return size;
}

/* What the program at `path` writes, ended by NUL. */
static bool
run (const char *path, char *const *arguments, char list[LIST_BYTES])
{
    int out[2], status = -1;
    pid_t program;
    posix_spawn_file_actions_t actions;
    if (pipe2 (out, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool started = posix_spawn (&program, path, &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy (&actions);
    close (out[1]);
    size_t size = started ? read_all (out[0], list, LIST_BYTES - 1) : 0;
    list[size] = '\0';
    close (out[0]);
    while (started && waitpid (program, &status, 0) < 0 && errno == EINTR)
        continue;
    return started && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static sks_argument
read_row (char *line)
{
    const char *fields[FIELDS] = { "", "", "", "", "" };
    for (size_t i = 0; i < FIELDS && line; i++)
        fields[i] = strsep (&line, "\t");
    return (sks_argument) { .name = fields[0],
                            .letter = *fields[1],
                            .value = *fields[2] ? fields[2] : NULL,
                            .choices = *fields[3] ? fields[3] : NULL,
                            .help = fields[4] };
}

char *
sks_program_options_run (sks_arena *memory, const char *program, char *const *arguments)
{
    char path[SKS_PROGRAM_BYTES], list[LIST_BYTES];
    const char *slash = strrchr (program, '/'), *name = slash ? slash + 1 : program;
    if (!is_ours (name) || (!slash && !sks_program_find (path, name)) || !run (slash ? program : path, arguments, list))
        return NULL;
    return sks_arena_copy (memory, list, strlen (list));
}

void
sks_program_options_read (sks_arena *memory, const char *program, sks_argument_table *table)
{
    static char name[] = "skillsearch", option[] = "--list-options";
    char *text = sks_program_options_run (memory, program, (char *[]) { name, option, NULL });
    *table = (sks_argument_table) { .row_size = sizeof (sks_argument) };
    size_t count = 0;
    for (const char *at = text; at && *at; at++)
        count += *at == '\n';
    sks_argument *rows = sks_arena_array (memory, count + 1, sizeof *rows);
    if (!text || !rows)
        return;
    for (char *line; (line = strsep (&text, "\n")) && *line;)
        rows[table->count++] = read_row (line);
    table->rows = rows;
}
