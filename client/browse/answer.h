/* answer.h - a reply of the daemon as rows and values for display. */
#ifndef BROWSE_ANSWER_H
#define BROWSE_ANSWER_H

#include "skillsearch.h"
#include <stdbool.h>

enum browse_reply { BROWSE_REPLY_SEARCH, BROWSE_REPLY_SIMILAR, BROWSE_REPLY_COMPARE, BROWSE_REPLY_CROSSWALK };

#define BROWSE_LABEL_BYTES 16

/* One row: a statement, or, if id is NULL, a heading or an empty cell. No other string is NULL. */
typedef struct browse_row {
    char label[BROWSE_LABEL_BYTES]; /* what is shown before the text: the level, a likeness */
    const char *text;
    const char *id, *soc, *occupation, *level;
    uint32_t position;
    const sks_span *spans;
    size_t span_count;
    const void *hit; /* for browse_answer_row_json */
} browse_row;

/* One value of a facet. */
typedef struct browse_value {
    int facet; /* enum sks_facet */
    const char *value, *label;
    uint64_t count;
    bool selected;
} browse_value;

/* Everything inside is borrowed: valid until the answer is destroyed. A search may have further pages appended. */
typedef struct browse_answer {
    int reply; /* enum browse_reply; in a comparison, SKS_LEVELS consecutive rows stand side by side */
    browse_row *rows;
    size_t row_count;
    browse_value *values; /* by facet, in the order asked */
    size_t value_count;
    uint64_t generation, total;
    uint64_t matched_all; /* statements with all words */
    bool relaxed;
    const char *sides[2];   /* of a crosswalk: the two occupations; else NULL */
    const char *note;       /* which words were not read literally; or "" */
    const char *suggestion; /* a query that was probably meant; or "" */
    const char *unknown;    /* words of the query that occur nowhere, separated by commas; or "" */
    void *memory;           /* private */
} browse_answer;

/* Read a reply of size bytes.
 *   *out   caller owns it; free with browse_answer_destroy. NULL on failure.
 * Returns 0, SKS_EPROTOCOL or SKS_ENOMEM. */
int browse_answer_read (browse_answer **out, int reply, const char *json, size_t size, sks_error *err);

/* The generation of the index that a reply names; 0 if there is none. */
uint64_t browse_answer_generation (const char *json, size_t size);

/* Append the next page of a search. Returns as browse_answer_read. */
int browse_answer_append (browse_answer *answer, const char *json, size_t size, sks_error *err);

/* Free an answer. Takes ownership; sets *answer_p to NULL. Safe on NULL. */
void browse_answer_destroy (browse_answer **answer_p);

/* The statement as the daemon sent it, one line of JSON. Caller owns it; free with free. NULL when out of memory. */
char *browse_answer_row_json (const browse_row *row);

#endif
