/* hit.h - one statement as pages show it. */
#ifndef GW_HIT_H
#define GW_HIT_H

#include "html.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* One statement as the inside of a list's item. */
void gw_hit_put (html *page, const cJSON *hit);

/* A text with its spans as <mark>.
 *   from, to   write this part of it only */
void gw_hit_marked (html *page, const char *text, const cJSON *spans, size_t from, size_t to);

/* Write a line if statements were also compared by word vectors.
 *   reply   to similar, compare, crosswalk or map */
void gw_hit_put_compared_by (html *page, const cJSON *reply);

/* The reasons for a likeness, `explain` of a pair or `reasons` of a level's statement: common words, and two words of
 * similar meaning.
 *   near_only   only the latter */
void gw_hit_put_reasons (html *page, const cJSON *reasons, bool near_only);

#endif
