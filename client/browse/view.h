/* view.h - a stack of views: the search at the bottom, above it what was opened from it. The top one is shown. */
#ifndef BROWSE_VIEW_H
#define BROWSE_VIEW_H

#include "choice.h"
#include "exchange.h"
#include "key.h"
#include "line.h"
#include "pick.h"
#include "request.h"
#include "table.h"

#define BROWSE_MOST_VIEWS 12
#define BROWSE_MOST_HELD 16 /* keys typed before the answer of an opened view */

enum browse_view_kind {
    BROWSE_VIEW_SEARCH,
    BROWSE_VIEW_LEVELS,    /* an occupation's levels side by side */
    BROWSE_VIEW_SIMILAR,   /* statements like one */
    BROWSE_VIEW_OTHERS,    /* the same of other occupations, to choose one for a crosswalk */
    BROWSE_VIEW_CROSSWALK, /* two occupations */
    BROWSE_VIEW_HELP
};

enum browse_focus { BROWSE_FOCUS_QUERY, BROWSE_FOCUS_LIST, BROWSE_FOCUS_VALUES, BROWSE_FOCUSES };

#define BROWSE_NAME_BYTES (SKS_MAX_NAME_BYTES + 1)

typedef struct browse_view {
    int kind;                /* enum browse_view_kind */
    browse_answer *answer;   /* NULL until it has come */
    size_t row, top;         /* the row that the keys act on; the first one in the window */
    char id[128];            /* of the statement that it was opened from */
    char soc[32], other[32]; /* of the occupations it is about */
    char title[BROWSE_NAME_BYTES];
    sks_error refused; /* code not 0: why the answer is an older one */
} browse_view;

typedef struct browse_state {
    browse_view views[BROWSE_MOST_VIEWS];
    size_t depth; /* views that are open; the last one is shown */
    browse_line line;
    browse_choices choices;
    int match, sort;
    bool reverse, plain;
    int focus;                         /* enum browse_focus */
    size_t value;                      /* the value that the keys act on */
    int page;                          /* rows of the list in the window */
    browse_key held[BROWSE_MOST_HELD]; /* typed before the answer that they act on has come */
    size_t held_count;
    browse_exchange exchange;
    browse_picks picks;
    browse_table table;
    browse_question exported; /* the search being exported; points into the next two, as the line may change */
    char export_text[SKS_MAX_QUERY_BYTES + 1];
    browse_choices export_choices;
    char notice[160]; /* shown until the next key */
    bool changed;     /* the search must be sent again when it is shown */
    bool keep_row;    /* the answer replaces one to the same query */
    bool quit;
    int signal;
} browse_state;

/* The shown view, and the row that the keys act on; NULL if that row is not a statement. */
browse_view *browse_view_shown (browse_state *state);
const browse_row *browse_view_row (browse_state *state);

/* What the search asks for. */
browse_question browse_view_question (const browse_state *state);

/* Open a view on top, about the statement of `row` (may be NULL). False when too many are open. */
bool browse_view_open (browse_state *state, int kind, const browse_row *row);

/* Close the top view. */
void browse_view_close (browse_state *state);

/* Request what the shown view needs; request further statements of its list. */
void browse_view_ask (browse_state *state);
void browse_view_ask_more (browse_state *state);

/* Take an answer or a refusal of the daemon. */
void browse_view_take (browse_state *state, int ask, const sks_reply *reply);

/* Move the selected row by some lines, staying inside. */
void browse_view_move (browse_state *state, long rows);

#endif
