/* view.c - opens views, sends requests, and processes answers. */
#include "view.h"

#include "count.h"

#include "core/base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD 25 /* fetch more when fewer statements than this lie below the selected one */

browse_view *
browse_view_shown (browse_state *state)
{
    return &state->views[state->depth - 1];
}

const browse_row *
browse_view_row (browse_state *state)
{
    const browse_view *view = browse_view_shown (state);
    if (!view->answer || view->row >= view->answer->row_count || !view->answer->rows[view->row].id)
        return NULL;
    return &view->answer->rows[view->row];
}

bool
browse_view_open (browse_state *state, int kind, const browse_row *row)
{
    if (state->depth == BROWSE_MOST_VIEWS)
        return false;
    browse_view *view = &state->views[state->depth], *below = browse_view_shown (state);
    if (below->kind == BROWSE_VIEW_SEARCH && state->exchange.asks[BROWSE_ASK_VIEW].request)
        state->changed = true; /* the new view's request replaces it */
    *view = (browse_view) { .kind = kind };
    if (row) {
        char soc[sizeof view->soc];
        snprintf (soc, sizeof soc, "%s", kind == BROWSE_VIEW_CROSSWALK ? below->soc : row->soc);
        snprintf (view->id, sizeof view->id, "%s", row->id);
        snprintf (view->soc, sizeof view->soc, "%s", soc);
        snprintf (view->other, sizeof view->other, "%s", row->soc);
        const char *const heads[] = {
            [BROWSE_VIEW_SEARCH] = "",       [BROWSE_VIEW_LEVELS] = "Levels of ",
            [BROWSE_VIEW_SIMILAR] = "Like ", [BROWSE_VIEW_OTHERS] = "Crosswalk with the occupation of: like ",
            [BROWSE_VIEW_CROSSWALK] = "",    [BROWSE_VIEW_HELP] = "",
        };
        bool statement = kind == BROWSE_VIEW_SIMILAR || kind == BROWSE_VIEW_OTHERS;
        if (kind == BROWSE_VIEW_CROSSWALK)
            snprintf (view->title, sizeof view->title, "%s and %s %s", soc, row->soc, row->occupation);
        else
            snprintf (view->title, sizeof view->title, "%s%s", heads[kind], statement ? row->text : row->occupation);
    }
    state->depth++;
    browse_view_ask (state);
    return true;
}

void
browse_view_close (browse_state *state)
{
    browse_exchange_drop (&state->exchange, BROWSE_ASK_VIEW);
    browse_answer_destroy (&browse_view_shown (state)->answer);
    state->depth--;
    if (!browse_view_shown (state)->answer)
        browse_view_ask (state);
}

browse_question
browse_view_question (const browse_state *state)
{
    return (browse_question) { .text = state->line.text,
                               .choices = &state->choices,
                               .match = state->match,
                               .sort = state->sort,
                               .reverse = state->reverse,
                               .plain = state->plain };
}

static char *
make_request (const browse_state *state, const browse_view *view)
{
    browse_question question;
    switch (view->kind) {
    case BROWSE_VIEW_SEARCH:
        question = browse_view_question (state);
        return browse_request_search (&question, 0);
    case BROWSE_VIEW_LEVELS:
        return browse_request_compare (view->soc);
    case BROWSE_VIEW_CROSSWALK:
        return browse_request_crosswalk (view->soc, view->other);
    default:
        return browse_request_similar (view->id, view->kind == BROWSE_VIEW_OTHERS);
    }
}

void
browse_view_ask (browse_state *state)
{
    const browse_view *view = browse_view_shown (state);
    browse_exchange_drop (&state->exchange, BROWSE_ASK_MORE);
    if (view->kind == BROWSE_VIEW_HELP)
        browse_exchange_drop (&state->exchange, BROWSE_ASK_VIEW);
    else
        browse_exchange_ask (&state->exchange, BROWSE_ASK_VIEW, make_request (state, view));
}

void
browse_view_ask_more (browse_state *state)
{
    const browse_view *view = browse_view_shown (state);
    const browse_answer *answer = view->answer;
    if (view->kind != BROWSE_VIEW_SEARCH || !answer || view->row + AHEAD < answer->row_count ||
        answer->row_count >= answer->total || answer->row_count + SKS_MAX_LIMIT > SKS_MAX_WINDOW ||
        state->exchange.asks[BROWSE_ASK_VIEW].request || state->exchange.asks[BROWSE_ASK_MORE].request)
        return;
    browse_question question = browse_view_question (state);
    browse_exchange_ask (&state->exchange, BROWSE_ASK_MORE,
                         browse_request_search (&question, (uint32_t) answer->row_count));
}

void
browse_view_move (browse_state *state, long rows)
{
    browse_view *view = browse_view_shown (state);
    long count = view->answer ? (long) view->answer->row_count : 0, row = (long) view->row + rows;
    if (row >= count)
        row = count - 1;
    view->row = row > 0 ? (size_t) row : 0;
    browse_view_ask_more (state);
}

/* The index of a statement's row; 0 if it is not in the list. */
static size_t
find_row (const browse_answer *answer, const char *id)
{
    for (size_t i = 0; i < answer->row_count; i++)
        if (answer->rows[i].id && strcmp (answer->rows[i].id, id) == 0)
            return i;
    return 0;
}

static int
reply_kind (const browse_view *view)
{
    switch (view->kind) {
    case BROWSE_VIEW_SEARCH:
        return BROWSE_REPLY_SEARCH;
    case BROWSE_VIEW_LEVELS:
        return BROWSE_REPLY_COMPARE;
    case BROWSE_VIEW_CROSSWALK:
        return BROWSE_REPLY_CROSSWALK;
    default:
        return BROWSE_REPLY_SIMILAR;
    }
}

/* On failure the last answer stays. */
static void
take_answer (browse_state *state, const sks_reply *reply)
{
    browse_view *view = browse_view_shown (state);
    browse_answer *answer;
    view->refused = (sks_error) { .code = 0, .at = -1 };
    if (reply->code) {
        view->refused = reply->error;
        return;
    }
    if (browse_answer_read (&answer, reply_kind (view), reply->json, reply->size, &view->refused) != 0)
        return;
    const browse_row *row = browse_view_row (state);
    size_t place = 0;
    if (row && state->keep_row && view->kind == BROWSE_VIEW_SEARCH)
        place = find_row (answer, row->id);
    else if (view->kind == BROWSE_VIEW_LEVELS)
        place = find_row (answer, view->id);
    browse_answer_destroy (&view->answer);
    view->answer = answer;
    view->row = place;
    view->top = 0;
    state->keep_row = false;
    if (view->kind == BROWSE_VIEW_SEARCH) {
        browse_choices_settle (&state->choices, answer);
        if (state->value >= answer->value_count)
            state->value = answer->value_count ? answer->value_count - 1 : 0;
    }
}

static void
take_export (browse_state *state, const sks_reply *reply)
{
    sks_error err = reply->error;
    sks_page page;
    char total[BROWSE_COUNT_BYTES];
    int rc = reply->code;
    if (rc)
        browse_table_end (&state->table);
    else
        rc = browse_table_add (&state->table, reply->json, reply->size, &page, &err);
    if (rc) {
        snprintf (state->notice, sizeof state->notice, "not exported: %.120s", err.text);
    } else if (page.cursor) {
        browse_exchange_ask (&state->exchange, BROWSE_ASK_EXPORT, browse_request_scan (&state->exported, page.cursor));
    } else {
        browse_count_write (page.total, total);
        snprintf (state->notice, sizeof state->notice, "%s statement%s exported to %s", total,
                  page.total == 1 ? "" : "s", state->table.name);
    }
}

/* Another generation: send the same request again. */
static void
take_health (browse_state *state, const sks_reply *reply)
{
    const browse_view *view = browse_view_shown (state);
    if (reply->code || !view->answer)
        return;
    if (browse_answer_generation (reply->json, reply->size) != view->answer->generation) {
        state->keep_row = true;
        browse_view_ask (state);
    }
}

void
browse_view_take (browse_state *state, int ask, const sks_reply *reply)
{
    browse_view *view = browse_view_shown (state);
    switch (ask) {
    case BROWSE_ASK_VIEW:
        take_answer (state, reply);
        break;
    case BROWSE_ASK_EXPORT:
        take_export (state, reply);
        break;
    case BROWSE_ASK_HEALTH:
        take_health (state, reply);
        break;
    default:
        /* A page of another generation would not continue the list. */
        if (reply->code == 0 && view->kind == BROWSE_VIEW_SEARCH && view->answer &&
            browse_answer_generation (reply->json, reply->size) == view->answer->generation)
            browse_answer_append (view->answer, reply->json, reply->size, &view->refused);
    }
}
