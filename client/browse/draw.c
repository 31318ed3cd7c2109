/* draw.c - the layout: query, status, statements with the values beside them, the selected statement, keys. */
#include "draw.h"

#include "count.h"
#include "help.h"
#include "panes.h"
#include "screen.h"

#include <stdio.h>
#include <string.h>

#define LABEL 11 /* columns of a level's name and a blank */

/* Returns the columns used. */
static int
put (int y, int x, const char *text, int columns, int style)
{
    return browse_screen_put_cut (y, x, text, strlen (text), columns, style, NULL, 0);
}

/* A text in as many lines as it needs and the area has. */
static void
draw_wrapped (const char *text, browse_area area)
{
    size_t next, size = strlen (text);
    for (size_t at = 0, y = 0; at < size && (int) y < area.height; at += next, y++) {
        size_t end = browse_screen_break (text + at, size - at, area.width, &next);
        browse_screen_put (area.y + (int) y, area.x, text + at, end, area.width, BROWSE_PLAIN);
    }
}

static void
draw_small (int height, int width)
{
    draw_wrapped ("The window is too small: browse needs 40 columns and 6 lines",
                  (browse_area) { 0, 0, width, height });
    browse_screen_show (-1, 0);
}

/* ---------------------------------------------------------- query, status */

/* The query, scrolled so that the cursor is visible; the position of an error is in reverse video. Returns the
 * cursor's column. */
static int
draw_query (browse_state *state, int width)
{
    const browse_line *line = &state->line;
    const sks_error *refused = &browse_view_shown (state)->refused;
    bool focus = state->focus == BROWSE_FOCUS_QUERY;
    int columns = width - 3;
    size_t first = 0, cursor = browse_line_byte (line, line->cursor);
    for (size_t place = 1; browse_screen_columns (line->text + first, cursor - first) > columns; place++)
        first = browse_line_byte (line, place);
    put (0, 0, focus ? "> " : "  ", 2, BROWSE_STRONG);
    int used = browse_screen_put (0, 2, line->text + first, line->size - first, columns, BROWSE_PLAIN);
    if (!line->size)
        put (0, 2, "type to search", columns, BROWSE_DIM);
    if (refused->code && refused->at >= (long) first && refused->at <= (long) line->size) {
        size_t at = (size_t) refused->at, size = 0;
        int x = 2 + browse_screen_columns (line->text + first, at - first);
        while (at + size < line->size && (size == 0 || (line->text[at + size] & 0xC0) == 0x80))
            size++;
        if (size && x < 2 + used)
            browse_screen_put (0, x, line->text + at, size, width - x, BROWSE_SELECTED);
        else if (!size && x < width)
            browse_screen_fill (0, x, 1, BROWSE_SELECTED);
    }
    return 2 + browse_screen_columns (line->text + first, cursor - first);
}

/* Why the query was refused, without the JSON pointer to a value, which the text names too. */
static const char *
refused_text (const sks_error *refused)
{
    const char *end = *refused->text == '/' ? strstr (refused->text, ": ") : NULL;
    return end ? end + 2 : refused->text;
}

/* The first line of an opened view. That of a crosswalk shows something of both occupations in any width. */
static void
draw_title (const browse_view *view, int width)
{
    static const char between[] = " and ";
    const char *const *sides = view->answer ? view->answer->sides : NULL;
    if (view->kind != BROWSE_VIEW_CROSSWALK || !sides || !sides[0]) {
        put (0, 0, view->kind == BROWSE_VIEW_HELP ? "Keys" : view->title, width, BROWSE_STRONG);
        return;
    }
    int right = browse_screen_columns (sides[1], strlen (sides[1])), half = (width - (int) strlen (between)) / 2;
    int left = right < half ? width - (int) strlen (between) - right : half;
    int x = put (0, 0, sides[0], left, BROWSE_STRONG);
    x += put (0, x, between, width - x, BROWSE_STRONG);
    put (0, x, sides[1], width - x, BROWSE_STRONG);
}

static const char *
lost_text (const sks_error *lost)
{
    return lost->code == SKS_EDEADLINE ? "the daemon does not answer" : lost->text;
}

/* How many of the statements have all words: ", 3 with all words"; nothing if all have. */
static void
write_matched (const browse_answer *answer, char out[BROWSE_COUNT_BYTES + 32])
{
    char all[BROWSE_COUNT_BYTES] = "none";
    *out = '\0';
    if (!answer->relaxed || answer->matched_all >= answer->total)
        return;
    if (answer->matched_all)
        browse_count_write (answer->matched_all, all);
    snprintf (out, BROWSE_COUNT_BYTES + 32, ", %s with all words", answer->total == 1 ? "not" : all);
}

static void
write_found (browse_state *state, char *out, size_t capacity)
{
    static const char *const orders[] = { "relevance", "level", "occupation", "id" };
    const browse_view *view = browse_view_shown (state);
    const browse_answer *answer = view->answer;
    char choices[1024];
    uint64_t count = answer ? answer->total : 0;
    char total[BROWSE_COUNT_BYTES];
    browse_count_write (count, total);
    browse_choices_write (&state->choices, choices, sizeof choices);
    if (!answer)
        snprintf (out, capacity, "asking");
    else if (view->kind == BROWSE_VIEW_LEVELS || view->kind == BROWSE_VIEW_CROSSWALK)
        snprintf (out, capacity, "%s %s%s", total, view->kind == BROWSE_VIEW_LEVELS ? "row" : "pair",
                  count == 1 ? "" : "s");
    else {
        char matched[BROWSE_COUNT_BYTES + 32];
        write_matched (answer, matched);
        snprintf (out, capacity, "%s statement%s%s", total, count == 1 ? "" : "s", matched);
    }
    size_t used = strlen (out);
    if (state->picks.count && used < capacity)
        used += (size_t) snprintf (out + used, capacity - used, ", %zu picked", state->picks.count);
    if (view->kind != BROWSE_VIEW_SEARCH)
        return;
    if ((state->sort || state->reverse) && used < capacity)
        used += (size_t) snprintf (out + used, capacity - used, ", by %s%s", state->reverse ? "-" : "",
                                   orders[state->sort]);
    if (choices[0] && used < capacity)
        used += (size_t) snprintf (out + used, capacity - used, "  %s", choices);
    if (answer && answer->unknown[0] && used < capacity)
        used += (size_t) snprintf (out + used, capacity - used, "  occurs nowhere: %s", answer->unknown);
    const char *note = answer && answer->note[0]         ? answer->note
                       : answer && answer->suggestion[0] ? answer->suggestion
                                                         : "";
    if (note[0] && used < capacity)
        snprintf (out + used, capacity - used, "  %s%s", note == answer->note ? "" : "did you mean: ", note);
}

static void
draw_status (browse_state *state, int width)
{
    const browse_view *view = browse_view_shown (state);
    char text[2048];
    if (state->notice[0]) {
        put (1, 0, state->notice, width, BROWSE_STRONG);
    } else if (state->exchange.lost.code) {
        put (1, 0, lost_text (&state->exchange.lost), width, BROWSE_ERROR);
    } else if (browse_exchange_waits (&state->exchange)) {
        put (1, 0, "waiting", width, BROWSE_ERROR);
    } else if (view->refused.code) {
        put (1, 0, refused_text (&view->refused), width, BROWSE_ERROR);
    } else if (view->kind != BROWSE_VIEW_HELP) {
        write_found (state, text, sizeof text);
        put (1, 0, text, width, BROWSE_DIM);
    }
}

static void
draw_keys (const browse_state *state, int kind, int y, int width)
{
    static const char *const names[] = { "query", "statements", "values" };
    static const char *const rows[] = {
        [BROWSE_VIEW_SEARCH] = "Enter open  Tab next  Alt-1..4 level  ^T sort  ^Y pick  F1 help  Esc back",
        [BROWSE_VIEW_LEVELS] = "Esc back  s similar  x crosswalk  ^Y pick  F1 help",
        [BROWSE_VIEW_SIMILAR] = "Esc back  Enter open  s similar  x crosswalk  ^Y pick  F1 help",
        [BROWSE_VIEW_OTHERS] = "Esc back  Enter crosswalk  ^Y pick  F1 help",
        [BROWSE_VIEW_CROSSWALK] = "Esc back  Enter open  s similar  ^Y pick  F1 help",
        [BROWSE_VIEW_HELP] = "Esc back",
    };
    static const char values[] = "Enter or Space choose  Tab next  ^E export  F1 help  Esc back";
    static const char list[] =
        "Enter open  Tab next  ^T sort  ^E export  ^Y pick  F1 help  Esc back"; /* in 80 columns */
    int x = 0;
    if (kind == BROWSE_VIEW_SEARCH) {
        put (y, 0, names[state->focus], width, BROWSE_STRONG);
        x = (int) strlen (names[state->focus]) + 2;
    }
    const char *text = rows[kind];
    if (kind == BROWSE_VIEW_SEARCH && state->focus != BROWSE_FOCUS_QUERY)
        text = state->focus == BROWSE_FOCUS_VALUES ? values : list;
    if ((int) strlen (text) > width - x)
        text = "F1 help  Esc back";
    put (y, x, text, width - x, BROWSE_DIM);
}

/* ------------------------------------------------------------- statements */

static void
draw_row (const browse_state *state, const browse_row *row, int y, browse_area area, bool selected)
{
    int style = selected && state->focus != BROWSE_FOCUS_VALUES ? BROWSE_SELECTED : BROWSE_PLAIN;
    bool picked = row->id && browse_picks_has (&state->picks, row->id);
    if (style == BROWSE_SELECTED)
        browse_screen_fill (y, area.x, area.width, style);
    put (y, area.x, selected ? ">" : " ", 1, style);
    put (y, area.x + 1, picked ? "*" : " ", 1, style);
    if (!row->id) {
        put (y, area.x + 2, row->text, area.width - 2, selected ? style : BROWSE_STRONG);
        return;
    }
    put (y, area.x + 2, row->label, LABEL - 1, selected ? style : BROWSE_LEVEL);
    browse_screen_put_cut (y, area.x + 2 + LABEL, row->text, strlen (row->text), area.width - 2 - LABEL, style,
                           row->spans, row->span_count);
}

static void
draw_list (browse_state *state, browse_area area)
{
    browse_view *view = browse_view_shown (state);
    const browse_answer *answer = view->answer;
    size_t height = area.height > 0 ? (size_t) area.height : 0;
    if (view->row < view->top)
        view->top = view->row;
    if (view->row >= view->top + height)
        view->top = view->row - height + 1;
    for (size_t i = 0; answer && i < height && view->top + i < answer->row_count; i++)
        draw_row (state, &answer->rows[view->top + i], area.y + (int) i, area, view->top + i == view->row);
    if (answer && answer->row_count == 0)
        put (area.y, area.x + 2, "No matching statement", area.width - 2, BROWSE_PLAIN);
    if (!answer && view->refused.code) /* the status has only one line */
        draw_wrapped (refused_text (&view->refused), (browse_area) { area.x + 2, area.y, area.width - 2, area.height });
}

/* A statement in the lines of the area; the last one ends with an ellipsis if text is left. Returns the lines used. */
static int
draw_text (const browse_row *row, browse_area area, int style)
{
    size_t size = strlen (row->text), next;
    int y = 0, dots_columns;
    const char *dots = browse_screen_dots (&dots_columns);
    for (size_t at = 0; at < size && y < area.height; at += next, y++) {
        size_t end = browse_screen_break (row->text + at, size - at, area.width, &next);
        bool cut = y + 1 == area.height && at + next < size;
        int used =
            browse_screen_put_marked (area.y + y, area.x, row->text + at, end, area.width - (cut ? dots_columns : 0),
                                      style, row->spans, row->span_count, at);
        if (cut)
            put (area.y + y, area.x + used, dots, dots_columns, BROWSE_DIM);
    }
    return y;
}

static void
draw_selected (browse_state *state, browse_area area)
{
    const browse_row *row = browse_view_row (state);
    char name[BROWSE_NAME_BYTES + 64], place[64];
    browse_screen_rule (area.y, 0, area.width);
    if (!row)
        return;
    draw_text (row, (browse_area) { area.x, area.y + 1, area.width, area.height - 2 }, BROWSE_PLAIN);
    snprintf (name, sizeof name, "%s %s", row->soc, row->occupation);
    int size = snprintf (place, sizeof place, ", %s %u", row->level, row->position);
    int x = put (area.y + area.height - 1, 0, name, area.width - size, BROWSE_DIM);
    put (area.y + area.height - 1, x, place, area.width - x, BROWSE_DIM);
}

/* The levels of one row of a comparison. Returns the lines used. */
static int
draw_levels (browse_state *state, size_t first, browse_area area)
{
    const browse_view *view = browse_view_shown (state);
    bool side = area.width >= BROWSE_SIDE_COLUMNS;
    int used = 0, width = side ? (area.width - SKS_LEVELS + 1) / SKS_LEVELS : area.width;
    for (int level = 0; level < SKS_LEVELS; level++) {
        const browse_row *row = &view->answer->rows[first + (size_t) level];
        bool selected = first + (size_t) level == view->row;
        browse_area cell = { side ? level * (width + 1) : 0, area.y + (side ? 0 : used), width, 0 };
        cell.height = area.y + area.height - cell.y;
        if (cell.height < 1)
            break;
        char label[BROWSE_LABEL_BYTES + 2];
        snprintf (label, sizeof label, "%s%s", selected ? "> " : "", row->label);
        int x =
            browse_screen_put (cell.y, cell.x, label, strlen (label), width, selected ? BROWSE_SELECTED : BROWSE_LEVEL);
        if (row->id && browse_picks_has (&state->picks, row->id))
            put (cell.y, cell.x + x, " *", 2, BROWSE_PLAIN);
        browse_area text = { cell.x, cell.y + 1, width, side || selected ? cell.height - 1 : cell.height > 1 };
        int lines = 1 + (row->id ? draw_text (row, text, BROWSE_PLAIN) : 0);
        used = side ? (lines > used ? lines : used) : used + lines;
    }
    return used;
}

static int
text_lines (const browse_row *row, int width)
{
    size_t size = row->id ? strlen (row->text) : 0, next;
    int lines = 0;
    for (size_t at = 0; at < size; at += next, lines++)
        browse_screen_break (row->text + at, size - at, width, &next);
    return lines;
}

/* Lines that draw_levels uses when they are there, and the blank one below. */
static int
levels_height (const browse_view *view, size_t first, int columns)
{
    bool side = columns >= BROWSE_SIDE_COLUMNS;
    int used = 0, width = side ? (columns - SKS_LEVELS + 1) / SKS_LEVELS : columns;
    for (size_t i = first; i < first + SKS_LEVELS; i++) {
        int lines = text_lines (&view->answer->rows[i], width);
        if (!side && lines > 1 && i != view->row)
            lines = 1;
        used = !side ? used + 1 + lines : 1 + lines > used ? 1 + lines : used;
    }
    return used + 1;
}

/* The row to begin with: the selected one, or an earlier one if those from there to the end fit. */
static size_t
first_levels (const browse_view *view, browse_area area)
{
    size_t first = view->row - view->row % SKS_LEVELS;
    int used = -1; /* the last row needs no blank line */
    for (size_t i = first; i < view->answer->row_count && used <= area.height; i += SKS_LEVELS)
        used += levels_height (view, i, area.width);
    while (first > 0 && (used += levels_height (view, first - SKS_LEVELS, area.width)) <= area.height)
        first -= SKS_LEVELS;
    return first;
}

static void
draw_comparison (browse_state *state, browse_area area)
{
    const browse_view *view = browse_view_shown (state);
    size_t first = view->answer ? first_levels (view, area) : 0;
    for (; view->answer && first < view->answer->row_count && area.height > 1; first += SKS_LEVELS) {
        int used = draw_levels (state, first, area) + 1;
        area.y += used;
        area.height -= used;
    }
}

/* -------------------------------------------------------------- all of it */

/* A list of statements; that of the search has its values beside it, or below it. */
static void
draw_statements (browse_state *state, browse_area body)
{
    bool search = browse_view_shown (state)->kind == BROWSE_VIEW_SEARCH, focus = state->focus == BROWSE_FOCUS_VALUES;
    browse_area list = body;
    if (search && body.width >= BROWSE_SIDE_COLUMNS) {
        browse_area left, right;
        browse_panes_place (body, &left, &list, &right);
        browse_panes_draw (state, left, right);
    } else if (search && focus) {
        list.height = body.height / 2;
        browse_area below = { body.x, body.y + list.height, body.width, body.height - list.height };
        browse_panes_draw (state, (browse_area) { 0 }, below);
    }
    draw_list (state, list);
    state->page = list.height;
}

static int
selected_height (int height)
{
    return height >= 20 ? 6 : height >= 12 ? 4 : height >= 9 ? 3 : 0;
}

void
browse_draw (browse_state *state)
{
    const browse_view *view = browse_view_shown (state);
    int height = browse_screen_height (), width = browse_screen_width (), cursor = 0;
    browse_screen_begin ();
    if (height < BROWSE_LEAST_LINES || width < BROWSE_LEAST_COLUMNS) {
        draw_small (height, width);
        return;
    }
    if (view->kind == BROWSE_VIEW_SEARCH)
        cursor = draw_query (state, width);
    else
        draw_title (view, width);
    draw_status (state, width);
    browse_area body = { 0, 2, width, height - 3 };
    if (view->kind == BROWSE_VIEW_HELP) {
        browse_help_draw (view->row, body);
        state->page = body.height;
    } else if (view->kind == BROWSE_VIEW_LEVELS) {
        draw_comparison (state, body);
        state->page = SKS_LEVELS;
    } else {
        int below = selected_height (height);
        body.height -= below;
        if (below)
            draw_selected (state, (browse_area) { 0, body.y + body.height, width, below });
        draw_statements (state, body);
    }
    draw_keys (state, view->kind, height - 1, width);
    bool typing = view->kind == BROWSE_VIEW_SEARCH && state->focus == BROWSE_FOCUS_QUERY;
    browse_screen_show (typing ? 0 : -1, cursor);
}
