/* level.h - the levels in their order, and how they are shown. */
#ifndef GW_LEVEL_H
#define GW_LEVEL_H

#include "html.h"

#define GW_LEVELS 4
extern const char *const gw_level_names[GW_LEVELS];

/* "Emerging" for "emerging"; a name that is no level stays as it is. */
const char *gw_level_label (const char *level);

/* The label with dots that count. */
void gw_level_put (html *page, const char *level);

#endif
