/* level.h - the levels in their order, and how they are shown. */
#ifndef GW_LEVEL_H
#define GW_LEVEL_H

#include "html.h"

#define GW_LEVELS 4
extern const char *const gw_level_names[GW_LEVELS];

/* "Emerging" for "emerging"; an unknown level is returned unchanged. */
const char *gw_level_label (const char *level);

/* The label, with one to four dots. */
void gw_level_put (html *page, const char *level);

#endif
