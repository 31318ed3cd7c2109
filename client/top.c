/* top.c - the loop of the live view: ask, wait, show.
 *
 * On a terminal each view replaces the last one, and keys are read as they are typed; the terminal's settings are
 * restored however the loop ends. */
#include "top.h"

#include "core/base/error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define HOME "\033[H\033[J" /* move to the upper left corner, clear all below */

static volatile sig_atomic_t ended;

struct top {
    sks_session *session;
    const sks_terminal *terminal;
    sks_table *table;      /* NULL: text */
    bool keys;             /* keys are read without waiting for Enter */
    struct termios before; /* keys: the terminal's settings before */
    struct sigaction handlers[2];
    sks_daemon_stats *last;
    double last_s;
};

static void
end_by_signal (int number)
{
    (void) number;
    ended = 1;
}

static double
clock_s (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
take_terminal (struct top *top)
{
    const struct sigaction action = { .sa_handler = end_by_signal };
    struct termios raw;
    ended = 0;
    sigaction (SIGINT, &action, &top->handlers[0]);
    sigaction (SIGTERM, &action, &top->handlers[1]);
    top->keys = top->terminal->person && tcgetattr (STDIN_FILENO, &top->before) == 0;
    if (!top->keys)
        return;
    raw = top->before;
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    tcsetattr (STDIN_FILENO, TCSANOW, &raw);
}

static void
give_terminal_back (struct top *top)
{
    if (top->keys)
        tcsetattr (STDIN_FILENO, TCSANOW, &top->before);
    sigaction (SIGINT, &top->handlers[0], NULL);
    sigaction (SIGTERM, &top->handlers[1], NULL);
}

/* False when the user wants to quit. */
static bool
wait_until (struct top *top, double end_s)
{
    for (double left_s; !ended && (left_s = end_s - clock_s ()) > 0;) {
        struct pollfd key = { top->keys ? STDIN_FILENO : -1, POLLIN, 0 };
        char letter = 0;
        if (poll (&key, 1, (int) (left_s * 1000) + 1) <= 0 || !key.revents)
            continue;
        if (read (STDIN_FILENO, &letter, 1) <= 0)
            top->keys = false;
        else if (letter == 'q' || letter == 'Q')
            return false;
    }
    return !ended;
}

/* Show what happened since the last call. */
static int
show (struct top *top, bool first)
{
    sks_buffer *view = &top->session->out;
    sks_daemon_stats *now;
    int rc = sks_client_stats (top->session->client, &now, &top->session->err);
    if (rc)
        return rc;
    double now_s = clock_s (), seconds = now_s - top->last_s;
    if (top->table) {
        sks_top_put_row (top->table, top->last, now, seconds);
    } else if (top->terminal->person) {
        sks_buffer_puts (view, HOME);
        sks_top_print (view, top->terminal, top->last, now, seconds);
        sks_buffer_puts (view, "\nq ends\n");
    } else {
        if (first)
            sks_top_print_names (view);
        sks_top_print_line (view, top->last, now, seconds);
    }
    sks_daemon_stats_destroy (&top->last);
    top->last = now;
    top->last_s = now_s;
    if (!sks_session_write (view))
        rc = sks_fail (&top->session->err, SKS_EIO, "the standard output is closed");
    sks_buffer_clear (view);
    return rc;
}

int
sks_top_run (sks_session *session)
{
    const sks_options *options = session->options;
    struct top top = { .session = session, .terminal = &session->terminal, .table = sks_session_table (session) };
    int rc = sks_client_stats (session->client, &top.last, &session->err);
    top.last_s = clock_s ();
    if (rc == 0) {
        take_terminal (&top);
        for (uint32_t i = 0; rc == 0 && (!options->count || i < options->count); i++) {
            if (!wait_until (&top, top.last_s + options->interval_s))
                break;
            rc = show (&top, i == 0);
        }
        give_terminal_back (&top);
        if (rc == 0 && top.table) {
            sks_table_end (top.table);
            sks_session_write (&session->out);
        }
    }
    sks_daemon_stats_destroy (&top.last);
    return ended ? 0 : rc;
}
