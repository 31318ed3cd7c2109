/* progress.c - formats the counts, and the thread that shows them.
 *
 * The display waits on an eventfd between two updates; writing to it ends the thread at once. */
#include "progress.h"

#include "core/base/clock.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LOOK_MS 100  /* between two updates of the bar */
#define QUIET_MS 300 /* a run shorter than that shows no bar */
#define LINE_BYTES 256
#define BAR_COLUMNS 24
#define BAR_LEAST 8    /* a narrower terminal shows text without a bar */
#define USUAL_WIDTH 80 /* of a terminal with unknown width */

struct sks_display {
    const sks_progress *progress;
    pthread_t thread;
    int fd, stop;
    bool bar;
    bool drawn;
};

static uint64_t
now_ms (void)
{
    return sks_clock_us () / 1000;
}

void
sks_progress_end (sks_progress *progress)
{
    uint64_t started = atomic_load (&progress->started_ms);
    if (started)
        progress->spent_ms[atomic_load (&progress->phase)] += now_ms () - started;
    atomic_store (&progress->started_ms, 0);
}

void
sks_progress_begin (sks_progress *progress, int phase, uint64_t total)
{
    if (!progress)
        return;
    sks_progress_end (progress);
    /* The total is 0 while the phase changes, so that no share above 1 is shown. */
    atomic_store (&progress->total, 0);
    atomic_store (&progress->phase, phase);
    atomic_store (&progress->started_ms, now_ms ());
    atomic_store (&progress->total, total);
}

/* ------------------------------------------------------------------ format */

static const struct {
    const char *verb, *unit; /* NULL: the phase counts nothing */
} phases[SKS_PHASES] = {
    [SKS_PHASE_READING] = { "reading", "files" },        [SKS_PHASE_PLANNING] = { "planning", NULL },
    [SKS_PHASE_BUILDING] = { "building", "statements" }, [SKS_PHASE_WRITING] = { "writing", NULL },
    [SKS_PHASE_VERIFYING] = { "verifying", NULL },       [SKS_PHASE_PUBLISHING] = { "publishing", NULL },
    [SKS_PHASE_ENCODING] = { "encoding", "texts" },
};

const char *
sks_progress_phase_name (int phase)
{
    return phases[phase].verb;
}

struct line {
    char *out;
    size_t size, used;
};

static void SKS_PRINTF (2, 3) put (struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    int written = vsnprintf (line->out + line->used, line->size - line->used, format, arguments);
    va_end (arguments);
    if (written > 0)
        line->used += (size_t) written;
    if (line->used >= line->size)
        line->used = line->size - 1;
}

/* 1234567 -> 1,234,567 */
static void
put_number (struct line *line, uint64_t number)
{
    if (number >= 1000) {
        put_number (line, number / 1000);
        put (line, ",%03u", (unsigned) (number % 1000));
    } else
        put (line, "%u", (unsigned) number);
}

static void
put_time (struct line *line, uint64_t seconds)
{
    if (seconds >= 3600)
        put (line, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600, seconds % 3600 / 60);
    else if (seconds >= 60)
        put (line, "%" PRIu64 " min %" PRIu64 " s", seconds / 60, seconds % 60);
    else
        put (line, "%" PRIu64 " s", seconds);
}

static void
put_bar (struct line *line, uint64_t done, uint64_t total, unsigned columns)
{
    unsigned full = total ? (unsigned) ((double) done / (double) total * columns) : 0;
    put (line, "[");
    for (unsigned i = 0; i < columns; i++)
        put (line, "%c", i < full ? '#' : '.');
    put (line, "] ");
}

void
sks_progress_format (char *out, size_t size, int phase, uint64_t done, uint64_t total, uint64_t elapsed_ms,
                     unsigned bar_columns)
{
    struct line line = { out, size, 0 };
    const char *unit = phases[phase].unit;
    done = total && done > total ? total : done;
    out[0] = '\0';
    if (bar_columns && unit)
        put_bar (&line, done, total, bar_columns);
    put (&line, "%s", phases[phase].verb);
    if (!unit) {
        put (&line, ", ");
        put_time (&line, elapsed_ms / 1000);
        return;
    }
    put (&line, " ");
    put_number (&line, done);
    if (total) {
        put (&line, " of ");
        put_number (&line, total);
    }
    put (&line, " %s", unit);
    if (!done || !elapsed_ms)
        return;
    double rate = (double) done * 1000 / (double) elapsed_ms;
    put (&line, ", ");
    put_number (&line, (uint64_t) (rate + 0.5));
    put (&line, " a second");
    if (total) {
        put (&line, ", ");
        put_time (&line, (uint64_t) ((double) (total - done) / rate + 0.5));
        put (&line, " left");
    }
}

/* ----------------------------------------------------------------- display */

static void
show_text (int fd, const char *text)
{
    size_t size = strlen (text);
    /* A failure to write the progress bar is ignored. */
    if (write (fd, text, size) < 0)
        return;
}

static void
show (sks_display *display)
{
    const sks_progress *progress = display->progress;
    char text[LINE_BYTES], line[LINE_BYTES + 16];
    struct winsize window = { 0 };
    int phase = atomic_load (&progress->phase);
    uint64_t done = phase == SKS_PHASE_READING ? atomic_load (&progress->files) : atomic_load (&progress->built);
    uint64_t now = now_ms (), started = atomic_load (&progress->started_ms);
    uint64_t total = atomic_load (&progress->total), elapsed = started && now > started ? now - started : 0;
    sks_progress_format (text, sizeof text, phase, done, total, elapsed, 0);
    if (display->bar) {
        size_t width = ioctl (display->fd, TIOCGWINSZ, &window) == 0 && window.ws_col ? window.ws_col : USUAL_WIDTH;
        size_t taken = strlen (text) + sizeof "[] ";
        if (taken + BAR_LEAST <= width)
            sks_progress_format (text, sizeof text, phase, done, total, elapsed,
                                 (unsigned) (width - taken < BAR_COLUMNS ? width - taken : BAR_COLUMNS));
        if (strlen (text) >= width)
            text[width - 1] = '\0';
    }
    if (display->bar)
        snprintf (line, sizeof line, "\r%s\x1b[K", text);
    else
        snprintf (line, sizeof line, "%s\n", text);
    show_text (display->fd, line);
    display->drawn = true;
}

static void *
run_display (void *argument)
{
    sks_display *display = argument;
    struct pollfd stop = { display->stop, POLLIN, 0 };
    int wait = display->bar ? QUIET_MS : SKS_PROGRESS_LINE_S * 1000;
    while (poll (&stop, 1, wait) == 0) {
        show (display);
        if (display->bar)
            wait = LOOK_MS;
    }
    if (display->bar && display->drawn)
        show_text (display->fd, "\r\x1b[K");
    return NULL;
}

void
sks_progress_start_display (sks_display **out, const sks_progress *progress, int fd, bool lines)
{
    bool bar = isatty (fd);
    *out = NULL;
    if (!bar && !lines)
        return;
    sks_display *display = calloc (1, sizeof *display);
    if (!display)
        return;
    *display = (sks_display) { .progress = progress, .fd = fd, .bar = bar, .stop = eventfd (0, EFD_CLOEXEC) };
    /* Signals are handled by other threads: one of them may have to remove files first. */
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    bool started = display->stop >= 0 && pthread_create (&display->thread, NULL, run_display, display) == 0;
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (started) {
        *out = display;
        return;
    }
    if (display->stop >= 0)
        close (display->stop);
    free (display);
}

void
sks_progress_stop_display (sks_display **display_p)
{
    sks_display *display = *display_p;
    if (!display)
        return;
    *display_p = NULL;
    /* Writing 1 to a new eventfd never blocks. */
    eventfd_write (display->stop, 1);
    pthread_join (display->thread, NULL);
    close (display->stop);
    free (display);
}
