/* browse.h - skillsearch browse: statements and counts that change with each key. */
#ifndef BROWSE_H
#define BROWSE_H

#include "pick.h"

/* How it begins and what it prints. Everything is borrowed. */
typedef struct browse_start {
    sks_client *client;     /* opened with `later`; only non-blocking calls are used */
    const sks_query *query; /* text, match, sort, reverse, plain and filter */
    uint32_t timeout_ms;    /* 0: 2,000 */
    bool color;
    int print; /* enum browse_print */
    bool null; /* NUL after each instead of a line end */
} browse_start;

/* Show the screen until the user quits.
 *   out       receives what was picked.
 *   *signal   the number of the signal that ended it, 0 if none did. Ctrl-C counts as SIGINT.
 * Returns 0, SKS_EINVALID (no terminal, or none to draw on), SKS_ELIMIT (the initial query is too long, or has too
 * many values) or SKS_ENOMEM. The terminal is restored in all cases. */
int browse_run (const browse_start *start, sks_buffer *out, int *signal, sks_error *err);

#endif
