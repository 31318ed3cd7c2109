/* screen.c - drawing with ncurses, and saving and restoring the terminal. */
#include "screen.h"

#include "core/base/error.h"
#include "core/base/printable.h"

#include <curses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#undef columns /* term.h defines a macro for each terminal capability */

#define ESCAPE_DELAY_MS 25 /* how long to wait for the rest of a key after ESC; ncurses waits a second */
#define RUN 256            /* characters written at once */

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static struct {
    SCREEN *screen;
    FILE *in, *out;
    bool own; /* in and out are /dev/tty, opened here */
    bool color;
    struct termios before;
    char reset[128]; /* written after a crash: leave the alternate screen, show the cursor */
} tty;

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* Makes only calls that are safe in a signal handler. SA_RESETHAND restored the default action, so the raised signal
 * ends the process. */
static void
crash (int number)
{
    ssize_t written = write (fileno (tty.out), tty.reset, strlen (tty.reset));
    (void) written;
    tcsetattr (fileno (tty.in), TCSANOW, &tty.before);
    raise (number);
}

static void
handle_crashes (void)
{
    struct sigaction action = { .sa_handler = crash, .sa_flags = (int) SA_RESETHAND };
    const char *const parts[] = { paste_off, tigetstr ("sgr0"), tigetstr ("rmkx"), tigetstr ("rmcup"),
                                  tigetstr ("cnorm") };
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = parts[i] && parts[i] != (char *) -1 ? strlen (parts[i]) : 0;
        if (used + size < sizeof tty.reset)
            memcpy (tty.reset + used, parts[i] ? parts[i] : "", size), used += size;
    }
    tty.reset[used] = '\0';
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction (crashes[i], &action, NULL);
}

static void
write_mode (const char *mode)
{
    fputs (mode, tty.out);
    fflush (tty.out);
}

static int
open_tty (sks_error *err)
{
    tty.own = !isatty (STDIN_FILENO) || !isatty (STDOUT_FILENO);
    tty.in = tty.own ? fopen ("/dev/tty", "r") : stdin;
    tty.out = tty.own ? fopen ("/dev/tty", "w") : stdout;
    if (!tty.in || !tty.out || tcgetattr (fileno (tty.in), &tty.before) != 0)
        return sks_fail (err, SKS_EINVALID, "browse needs a terminal; use 'skillsearch WORDS' instead");
    return 0;
}

/* ncurses accepts TERM=dumb, but then its output is unreadable. */
static int
check_terminal (sks_error *err)
{
    const char *name = getenv ("TERM"), *move = NULL;
    int status = 0;
    if (name && *name && setupterm (NULL, fileno (tty.out), &status) == OK)
        move = tigetstr ("cup");
    bool movable = move && move != (char *) -1;
    if (cur_term)
        del_curterm (cur_term);
    if (!movable)
        return sks_fail (err, SKS_EINVALID, "browse cannot draw on this terminal (TERM=%s): %s", name ? name : "",
                         status == 1 ? "its cursor cannot be moved" : "it is unknown");
    return 0;
}

static void
choose_colors (bool color)
{
    const char *refused = getenv ("NO_COLOR");
    tty.color = color && !(refused && *refused) && has_colors ();
    if (!tty.color)
        return;
    start_color ();
    short ground = use_default_colors () == OK ? -1 : COLOR_BLACK;
    init_pair (BROWSE_MATCH, COLORS >= 16 ? 11 : COLOR_YELLOW, ground);
    init_pair (BROWSE_LEVEL, COLORS >= 16 ? 14 : COLOR_CYAN, ground);
    init_pair (BROWSE_ERROR, COLORS >= 16 ? 9 : COLOR_RED, ground);
    if (COLORS >= 256)
        init_pair (BROWSE_DIM, 245, ground);
}

int
browse_screen_open (bool color, sks_error *err)
{
    int rc = open_tty (err);
    if (rc == 0)
        rc = check_terminal (err);
    if (rc == 0 && !(tty.screen = newterm (NULL, tty.out, tty.in)))
        rc = sks_fail (err, SKS_EINVALID, "browse cannot draw on this terminal (TERM=%s)", getenv ("TERM"));
    if (rc) {
        browse_screen_close ();
        return rc;
    }
    set_escdelay (ESCAPE_DELAY_MS);
    raw ();
    noecho ();
    nonl ();
    keypad (stdscr, TRUE);
    nodelay (stdscr, TRUE);
    choose_colors (color);
    handle_crashes ();
    write_mode (paste_on);
    return 0;
}

void
browse_screen_close (void)
{
    if (tty.screen) {
        for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
            signal (crashes[i], SIG_DFL);
        endwin ();
        write_mode (paste_off);
        delscreen (tty.screen);
    }
    if (tty.own && tty.in)
        fclose (tty.in);
    if (tty.own && tty.out)
        fclose (tty.out);
    memset (&tty, 0, sizeof tty);
}

/* A process in the group of the session leader has no shell that could continue it. */
void
browse_screen_stop (void)
{
    if (getpgrp () == getsid (0))
        return;
    endwin ();
    write_mode (paste_off);
    void (*before) (int) = signal (SIGTSTP, SIG_DFL);
    kill (0, SIGTSTP);
    signal (SIGTSTP, before);
    write_mode (paste_on);
    clearok (curscr, TRUE);
    refresh ();
}

int
browse_screen_fd (void)
{
    return fileno (tty.in);
}

int
browse_screen_height (void)
{
    return getmaxy (stdscr);
}

int
browse_screen_width (void)
{
    return getmaxx (stdscr);
}

void
browse_screen_begin (void)
{
    erase ();
}

void
browse_screen_show (int y, int x)
{
    curs_set (y >= 0);
    if (y >= 0)
        move (y, x);
    refresh ();
}

void
browse_screen_repaint (void)
{
    clearok (curscr, TRUE);
}

/* ------------------------------------------------------------------- text */

static attr_t
attributes_of (int style)
{
    static const attr_t plain[] = {
        [BROWSE_PLAIN] = A_NORMAL, [BROWSE_STRONG] = A_BOLD,
        [BROWSE_DIM] = A_DIM,      [BROWSE_MATCH] = A_BOLD | A_UNDERLINE,
        [BROWSE_LEVEL] = A_BOLD,   [BROWSE_SELECTED] = A_REVERSE,
        [BROWSE_ERROR] = A_BOLD,
    };
    if (!tty.color || style == BROWSE_PLAIN || style == BROWSE_STRONG || style == BROWSE_SELECTED)
        return plain[style];
    if (style == BROWSE_DIM)
        return COLORS >= 256 ? (attr_t) COLOR_PAIR (BROWSE_DIM) : A_DIM;
    return (style == BROWSE_LEVEL ? A_NORMAL : A_BOLD) | (attr_t) COLOR_PAIR (style);
}

/* The next character in the form that is shown; *columns is its width. */
static wchar_t
next_character (const char *text, size_t size, size_t *length, int *columns)
{
    long point = sks_printable_point (text, size, length);
    *columns = point < 0 || sks_printable_hides (point) ? -1 : wcwidth ((wchar_t) point);
    if (*columns >= 0)
        return (wchar_t) point;
    *columns = 1;
    return L'?';
}

int
browse_screen_put (int y, int x, const char *text, size_t size, int columns, int style)
{
    wchar_t run[RUN];
    int used = 0, wide = 0, count = 0;
    attrset ((int) attributes_of (style));
    move (y, x);
    for (size_t at = 0, length; at < size; at += length) {
        wchar_t letter = next_character (text + at, size - at, &length, &wide);
        if (used + wide > columns)
            break;
        if (count == RUN) {
            addnwstr (run, count);
            count = 0;
        }
        run[count++] = letter;
        used += wide;
    }
    if (count)
        addnwstr (run, count);
    attrset (A_NORMAL);
    return used;
}

int
browse_screen_put_marked (int y, int x, const char *text, size_t size, int columns, int style, const sks_span *spans,
                          size_t span_count, size_t first)
{
    size_t at = 0;
    int used = 0;
    for (size_t i = 0; i < span_count && at < size; i++) {
        size_t start = spans[i].start > first ? spans[i].start - first : 0;
        size_t end = spans[i].end > first ? spans[i].end - first : 0;
        if (end > size)
            end = size;
        if (end <= at || start >= end)
            continue;
        if (start > at)
            used += browse_screen_put (y, x + used, text + at, start - at, columns - used, style);
        else
            start = at;
        used += browse_screen_put (y, x + used, text + start, end - start, columns - used, BROWSE_MATCH);
        at = end;
    }
    return used + browse_screen_put (y, x + used, text + at, size - at, columns - used, style);
}

const char *
browse_screen_dots (int *columns)
{
    bool single = wcwidth (L'\u2026') == 1;
    *columns = single ? 1 : 3;
    return single ? "\u2026" : "...";
}

int
browse_screen_put_cut (int y, int x, const char *text, size_t size, int columns, int style, const sks_span *spans,
                       size_t span_count)
{
    int dots_columns;
    const char *dots = browse_screen_dots (&dots_columns);
    bool cut = columns > dots_columns && browse_screen_columns (text, size) > columns;
    int used =
        browse_screen_put_marked (y, x, text, size, columns - (cut ? dots_columns : 0), style, spans, span_count, 0);
    return cut ? used + browse_screen_put (y, x + used, dots, strlen (dots), dots_columns, style) : used;
}

void
browse_screen_fill (int y, int x, int columns, int style)
{
    if (columns <= 0)
        return;
    attrset ((int) attributes_of (style));
    mvhline (y, x, ' ', columns);
    attrset (A_NORMAL);
}

void
browse_screen_rule (int y, int x, int columns)
{
    attrset ((int) attributes_of (BROWSE_DIM));
    mvhline (y, x, wcwidth (L'\u2500') == 1 ? ACS_HLINE : '-', columns);
    attrset (A_NORMAL);
}

int
browse_screen_columns (const char *text, size_t size)
{
    int used = 0, wide;
    for (size_t at = 0, length; at < size; at += length, used += wide)
        next_character (text + at, size - at, &length, &wide);
    return used;
}

size_t
browse_screen_break (const char *text, size_t size, int columns, size_t *next)
{
    size_t at = 0, blank = 0, length;
    int used = 0, wide;
    for (; at < size; at += length, used += wide) {
        next_character (text + at, size - at, &length, &wide);
        if (text[at] == ' ')
            blank = at;
        if (used + wide > columns && at > 0)
            break;
    }
    size_t end = at < size && blank ? blank : at;
    *next = end + (end < size && text[end] == ' ');
    return end;
}
