/* filters.h - facets as checkboxes, and the names of facets. */
#ifndef GW_FILTERS_H
#define GW_FILTERS_H

#include "address.h"
#include "html.h"

#include <cjson/cJSON.h>

/* The filters beside the results, from the reply of a search.
 *   occupations   how many of them have a match */
void gw_filters_put (html *page, const gw_address *address, const cJSON *found, int occupations);

/* Checkboxes for the values of a facet, as items of a list.
 *   form   to which they belong; "": the one around them, with links to the levels of occupations */
void gw_filters_boxes (html *page, const gw_address *address, const char *facet, const cJSON *values, const char *form);

/* Hidden inputs for chosen values of a facet that are not listed: prefixes of codes. */
void gw_filters_unlisted (html *page, const char *facet, const gw_address *address, const cJSON *values,
                          const char *form);

/* The name of a facet for people, "Job zone", and of one value, "job zone"; NULL when
 * there is no such facet. */
const char *gw_filters_label (const char *facet);
const char *gw_filters_noun (const char *facet);

/* The label of a facet's value in the reply of a search; the value if it has none. */
const char *gw_filters_value_label (const cJSON *facets, const char *facet, const char *value);

#endif
