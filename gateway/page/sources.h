/* sources.h - where statements come from. */
#ifndef GW_SOURCES_H
#define GW_SOURCES_H

#include "html.h"

#include <cjson/cJSON.h>

/* Attribution, version, date and sources of one occupation: a reply of the operation
 * "occupation", or a statement whose provenance was wanted. */
void gw_sources_put_one (html *page, const cJSON *record);

/* The same for all records and statements in a reply; equal sources are shown once. */
void gw_sources_put (html *page, const cJSON *reply);

#endif
