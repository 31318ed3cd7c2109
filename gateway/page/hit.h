/* hit.h - one statement as pages show it. */
#ifndef GW_HIT_H
#define GW_HIT_H

#include "html.h"

#include <cjson/cJSON.h>

/* One statement as the inside of a list's item. */
void gw_hit_put (html *page, const cJSON *hit);

/* A text with its spans as <mark>.
 *   from, to   write this part of it only */
void gw_hit_marked (html *page, const char *text, const cJSON *spans, size_t from, size_t to);

#endif
