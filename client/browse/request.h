/* request.h - writes requests to the daemon as JSON. */
#ifndef BROWSE_REQUEST_H
#define BROWSE_REQUEST_H

#include "choice.h"

#include <stdint.h>

/* Each returns a request without "v" and "id". Caller owns it; free with free. NULL when out of memory. */

/* A search; all pointers are borrowed. */
typedef struct browse_question {
    const char *text;
    const browse_choices *choices;
    int match; /* enum sks_match */
    int sort;  /* enum sks_sort */
    bool reverse;
    bool plain; /* near words and word vectors are not used */
} browse_question;

/* A search with its counts.
 *   offset  statements already loaded; above 0 no counts are requested. */
char *browse_request_search (const browse_question *question, uint32_t offset);

/* One page of an export of the same search; ordered by id if the search is sorted by relevance.
 *   cursor   of the previous page; NULL: the first one. */
char *browse_request_scan (const browse_question *question, const char *cursor);

/* Statements similar to one; `others`: only of other occupations. */
char *browse_request_similar (const char *id, bool others);
char *browse_request_compare (const char *soc);
char *browse_request_crosswalk (const char *left, const char *right);

#endif
