/* browse.c - what each key does, and the loop: keys, answers, picture. */
#include "browse.h"

#include "draw.h"
#include "help.h"
#include "request.h"
#include "screen.h"

#include "core/base/error.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 2000 /* for a reply; the daemon's own deadline is half of that */
#define ORDERS (SKS_SORT_ID + 1)

static volatile sig_atomic_t ended; /* number of the signal, 0 before */

static void
end_by_signal (int number)
{
    ended = number;
}

static void
notice (browse_state *state, const char *text)
{
    snprintf (state->notice, sizeof state->notice, "%s", text);
}

static void
open_view (browse_state *state, int kind)
{
    const browse_row *row = browse_view_row (state);
    if ((row || kind == BROWSE_VIEW_HELP) && !browse_view_open (state, kind, row))
        notice (state, "too many views are open; Esc closes one");
}

/* Whether the shown view waits for its first answer: there is no row yet that a key could act on. */
static bool
is_awaited (browse_state *state)
{
    const browse_view *view = browse_view_shown (state);
    return state->depth > 1 && view->kind != BROWSE_VIEW_HELP && !view->answer &&
           state->exchange.asks[BROWSE_ASK_VIEW].request;
}

/* ------------------------------------------------------- keys of all views */

static void
pick (browse_state *state)
{
    const browse_row *row = browse_view_row (state);
    if (row && !browse_picks_toggle (&state->picks, row))
        notice (state, "not enough memory to pick it");
}

static void
begin_export (browse_state *state)
{
    sks_error err;
    if (state->table.file) {
        notice (state, "an export is already running");
    } else if (browse_table_begin (&state->table, state->sort != SKS_SORT_RELEVANCE, &err) != 0) {
        snprintf (state->notice, sizeof state->notice, "not exported: %.120s", err.text);
    } else {
        snprintf (state->export_text, sizeof state->export_text, "%s", state->line.text);
        state->export_choices = state->choices;
        state->exported = browse_view_question (state);
        state->exported.text = state->export_text;
        state->exported.choices = &state->export_choices;
        browse_exchange_ask (&state->exchange, BROWSE_ASK_EXPORT, browse_request_scan (&state->exported, NULL));
        notice (state, "exporting");
    }
}

static void
go_back (browse_state *state)
{
    if (state->depth > 1) {
        browse_view_close (state);
    } else if (state->focus != BROWSE_FOCUS_QUERY) {
        state->focus = BROWSE_FOCUS_QUERY;
    } else if (state->line.count) {
        browse_line_set (&state->line, "");
        state->changed = true;
    } else if (state->choices.count) {
        state->choices.count = 0;
        state->changed = true;
    } else {
        state->quit = true;
    }
}

static bool
take_common (browse_state *state, const browse_key *key)
{
    if (key->kind == BROWSE_KEY_ESCAPE || key->kind == BROWSE_KEY_F1)
        state->held_count = 0; /* they were typed for the view that is left */
    if (key->kind == BROWSE_KEY_ESCAPE) {
        go_back (state);
    } else if (key->kind == BROWSE_KEY_F1) {
        if (browse_view_shown (state)->kind != BROWSE_VIEW_HELP)
            open_view (state, BROWSE_VIEW_HELP);
    } else if (key->kind == BROWSE_KEY_CONTROL && key->letter == 'C') {
        state->signal = SIGINT;
    } else if (key->kind == BROWSE_KEY_CONTROL && key->letter == 'Z') {
        browse_screen_stop ();
    } else if (key->kind == BROWSE_KEY_CONTROL && key->letter == 'L') {
        browse_screen_repaint ();
    } else if (key->kind == BROWSE_KEY_CONTROL && key->letter == 'Y' && !is_awaited (state)) {
        pick (state);
    } else {
        return key->kind == BROWSE_KEY_RESIZE;
    }
    return true;
}

/* How far a key moves in a list of `count` rows with `page` of them in the window and `step` in one line; 0: the key
 * does not move. */
static long
distance (const browse_key *key, long page, long count, long step)
{
    switch (key->kind) {
    case BROWSE_KEY_UP:
        return -step;
    case BROWSE_KEY_DOWN:
        return step;
    case BROWSE_KEY_PAGE_UP:
        return page > 1 ? -page : -1;
    case BROWSE_KEY_PAGE_DOWN:
        return page > 1 ? page : 1;
    case BROWSE_KEY_HOME:
        return -count;
    case BROWSE_KEY_END:
        return count;
    default:
        return 0;
    }
}

/* ------------------------------------------------------------ opened views */

static void
take_in_help (browse_state *state, const browse_key *key)
{
    browse_view *view = browse_view_shown (state);
    long lines = (long) browse_help_lines (), row = (long) view->row + distance (key, state->page, lines, 1);
    long most = lines > state->page ? lines - state->page : 0;
    view->row = (size_t) (row < 0 ? 0 : row > most ? most : row);
}

/* In a comparison a line has a statement of each level. */
static void
move_in_view (browse_state *state, const browse_key *key)
{
    const browse_view *view = browse_view_shown (state);
    bool levels = view->kind == BROWSE_VIEW_LEVELS;
    long rows = distance (key, state->page, view->answer ? (long) view->answer->row_count : 0, levels ? SKS_LEVELS : 1);
    if (levels && rows < 0 && (long) view->row + rows < 0)
        rows = -(long) (view->row - view->row % SKS_LEVELS);
    else if (levels && key->kind == BROWSE_KEY_DOWN && view->answer &&
             view->row + SKS_LEVELS >= view->answer->row_count)
        rows = 0;
    if (levels && key->kind == BROWSE_KEY_LEFT)
        rows = -(long) (view->row % SKS_LEVELS > 0);
    if (levels && key->kind == BROWSE_KEY_RIGHT)
        rows = view->row % SKS_LEVELS < SKS_LEVELS - 1;
    if (rows)
        browse_view_move (state, rows);
}

static void
take_in_view (browse_state *state, const browse_key *key)
{
    int kind = browse_view_shown (state)->kind;
    long letter = key->kind == BROWSE_KEY_LETTER ? key->letter : 0;
    if (is_awaited (state)) {
        if (state->held_count < BROWSE_MOST_HELD)
            state->held[state->held_count++] = *key;
        return;
    }
    if (kind == BROWSE_VIEW_HELP)
        take_in_help (state, key);
    else if (key->kind == BROWSE_KEY_ENTER && kind == BROWSE_VIEW_OTHERS)
        open_view (state, BROWSE_VIEW_CROSSWALK);
    else if (key->kind == BROWSE_KEY_ENTER && kind != BROWSE_VIEW_LEVELS)
        open_view (state, BROWSE_VIEW_LEVELS);
    else if (letter == 's')
        open_view (state, BROWSE_VIEW_SIMILAR);
    else if (letter == 'x' && kind == BROWSE_VIEW_SIMILAR)
        open_view (state, BROWSE_VIEW_CROSSWALK);
    else if (letter == 'x' && kind == BROWSE_VIEW_LEVELS)
        open_view (state, BROWSE_VIEW_OTHERS);
    else
        move_in_view (state, key);
}

/* Take the keys that were typed before the answer came. After a key that opens another view, the rest wait for the
 * answer of that view. */
static void
take_held (browse_state *state)
{
    browse_key keys[BROWSE_MOST_HELD];
    size_t count = state->held_count;
    if (count == 0 || is_awaited (state))
        return;
    memcpy (keys, state->held, sizeof keys);
    state->held_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!take_common (state, &keys[i]))
            take_in_view (state, &keys[i]);
}

/* -------------------------------------------------------------- the search */

static void
toggle (browse_state *state, int facet, const char *value)
{
    if (browse_choices_toggle (&state->choices, facet, value))
        state->changed = true;
    else
        notice (state, "too many values are chosen");
}

static void
take_in_values (browse_state *state, const browse_key *key)
{
    const browse_answer *answer = browse_view_shown (state)->answer;
    long count = answer ? (long) answer->value_count : 0;
    if (count == 0)
        return;
    if (key->kind == BROWSE_KEY_ENTER || key->kind == BROWSE_KEY_LETTER) {
        toggle (state, answer->values[state->value].facet, answer->values[state->value].value);
        return;
    }
    long value = (long) state->value + distance (key, state->page, count, 1);
    state->value = (size_t) (value < 0 ? 0 : value >= count ? count - 1 : value);
}

/* A key that edits the query moves the focus there, so that a blank typed after a letter never chooses a value. */
static void
edit (browse_state *state, const browse_key *key)
{
    bool taken, changed = browse_line_edit (&state->line, key, &taken);
    state->changed |= changed;
    if (taken)
        state->focus = BROWSE_FOCUS_QUERY;
}

static void
take_in_search (browse_state *state, const browse_key *key)
{
    const browse_answer *answer = browse_view_shown (state)->answer;
    long rows = distance (key, state->page, answer ? (long) answer->row_count : 0, 1);
    bool values = state->focus == BROWSE_FOCUS_VALUES, control = key->kind == BROWSE_KEY_CONTROL;
    if (key->kind == BROWSE_KEY_TAB || key->kind == BROWSE_KEY_BACKTAB) {
        int step = key->kind == BROWSE_KEY_TAB ? 1 : BROWSE_FOCUSES - 1;
        state->focus = (state->focus + step) % BROWSE_FOCUSES;
    } else if (key->kind == BROWSE_KEY_LEVEL) {
        toggle (state, SKS_FACET_LEVEL, sks_level_name ((int) key->letter));
    } else if (control && key->letter == 'T') {
        state->sort = (state->sort + 1) % ORDERS;
        state->changed = true;
    } else if (control && key->letter == 'E' && state->focus != BROWSE_FOCUS_QUERY) {
        begin_export (state);
    } else if (values &&
               (rows || key->kind == BROWSE_KEY_ENTER || (key->kind == BROWSE_KEY_LETTER && key->letter == ' '))) {
        take_in_values (state, key);
    } else if (key->kind == BROWSE_KEY_ENTER) {
        open_view (state, BROWSE_VIEW_LEVELS);
    } else if (rows) {
        browse_view_move (state, rows);
    } else {
        edit (state, key);
    }
}

/* ------------------------------------------------------------------- loop */

static void
take_keys (browse_state *state)
{
    browse_key key;
    while (!state->quit && !state->signal && browse_key_read (&key)) {
        if (key.kind != BROWSE_KEY_RESIZE)
            state->notice[0] = '\0';
        if (take_common (state, &key))
            continue;
        if (browse_view_shown (state)->kind == BROWSE_VIEW_SEARCH)
            take_in_search (state, &key);
        else
            take_in_view (state, &key);
    }
    if (state->changed && browse_view_shown (state)->kind == BROWSE_VIEW_SEARCH) {
        state->changed = state->keep_row = false;
        browse_view_ask (state);
    }
}

static void
take_replies (browse_state *state)
{
    sks_reply *reply;
    for (int ask; (ask = browse_exchange_next (&state->exchange, &reply)) >= 0;) {
        browse_view_take (state, ask, reply);
        sks_reply_destroy (&reply);
        take_held (state);
    }
}

/* Signals are unblocked only while the loop waits, so none is missed between the check and the wait. */
static void
loop (browse_state *state, const sigset_t *waiting)
{
    while (!state->quit && !state->signal) {
        take_keys (state);
        browse_draw (state);
        take_replies (state);
        browse_draw (state);
        struct pollfd fds[] = { { browse_screen_fd (), POLLIN, 0 },
                                { sks_client_fd (state->exchange.client), POLLIN, 0 } };
        int left_ms = browse_exchange_timeout (&state->exchange);
        struct timespec left = { left_ms / 1000, left_ms % 1000 * 1000000L };
        if (!state->quit && !state->signal)
            ppoll (fds, 2, &left, waiting);
        if (ended)
            state->signal = ended;
        else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            state->signal = SIGHUP;
    }
}

static int
begin (browse_state *state, const browse_start *start, sks_error *err)
{
    const sks_query *query = start->query;
    if (query->text && strlen (query->text) > SKS_MAX_QUERY_BYTES)
        return sks_fail (err, SKS_ELIMIT, "a query has at most %d bytes", SKS_MAX_QUERY_BYTES);
    state->depth = 1;
    state->views[0] = (browse_view) { .kind = BROWSE_VIEW_SEARCH, .refused.at = -1 };
    state->match = query->match;
    state->sort = query->sort;
    state->reverse = query->reverse != 0;
    state->plain = query->plain != 0;
    state->changed = true;
    state->exchange.client = start->client;
    state->exchange.timeout_ms = start->timeout_ms ? start->timeout_ms : TIMEOUT_MS;
    browse_line_set (&state->line, query->text ? query->text : "");
    bool added = true;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        for (size_t i = 0; i < query->filter[facet].count; i++)
            added = added && browse_choices_add (&state->choices, facet, query->filter[facet].values[i]);
    const sks_filter *zone = &query->filter[SKS_FACET_ZONE];
    for (char name[] = { (char) ('0' + zone->min), '\0' }; zone->min > 0 && name[0] <= '0' + zone->max; name[0]++)
        added = added && browse_choices_add (&state->choices, SKS_FACET_ZONE, name);
    return added
               ? 0
               : sks_fail (err, SKS_ELIMIT, "browse takes at most %d values on the command line", BROWSE_MOST_CHOICES);
}

static void
end (browse_state *state)
{
    while (state->depth > 0)
        browse_answer_destroy (&state->views[--state->depth].answer);
    browse_exchange_end (&state->exchange);
    browse_table_end (&state->table);
    browse_picks_free (&state->picks);
    free (state);
}

/* Show the screen. Our handlers are installed first, because ncurses installs its own for signals that have none. */
static int
show (browse_state *state, const browse_start *start, sks_error *err)
{
    static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
    const struct sigaction action = { .sa_handler = end_by_signal };
    struct sigaction before[sizeof numbers / sizeof *numbers];
    sigset_t blocked, waiting;
    ended = 0;
    sigemptyset (&blocked);
    sigaddset (&blocked, SIGWINCH);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaction (numbers[i], &action, &before[i]);
        sigaddset (&blocked, numbers[i]);
    }
    pthread_sigmask (SIG_BLOCK, &blocked, &waiting);
    int rc = browse_screen_open (start->color, err);
    if (rc == 0) {
        browse_key_define ();
        loop (state, &waiting);
        browse_screen_close ();
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction (numbers[i], &before[i], NULL);
    pthread_sigmask (SIG_SETMASK, &waiting, NULL);
    return rc;
}

int
browse_run (const browse_start *start, sks_buffer *out, int *signal_number, sks_error *err)
{
    browse_state *state = calloc (1, sizeof *state);
    if (!state)
        return sks_fail_memory (err);
    int rc = begin (state, start, err);
    if (rc == 0)
        rc = show (state, start, err);
    *signal_number = state->signal;
    if (rc == 0 && !state->signal)
        browse_picks_write (&state->picks, start->print, start->null, out);
    end (state);
    return rc;
}
