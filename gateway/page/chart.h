/* chart.h - the statements found by group and level. */
#ifndef GW_CHART_H
#define GW_CHART_H

#include "address.h"
#include "html.h"
#include "level.h"

#include <cjson/cJSON.h>

/* A picture, and the same as a table.
 *   found     the reply of the search
 *   by_level  replies of it with one level each, NULL where that level is filtered out */
void gw_chart_put (html *page, const gw_address *address, const cJSON *found, const cJSON *by_level[GW_LEVELS]);

#endif
