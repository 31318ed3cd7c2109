/* level.c - the four levels. */
#include "level.h"

#include "html.h"

#include <string.h>

const char *const gw_level_names[GW_LEVELS] = { "emerging", "developing", "proficient", "advanced" };

const char *
gw_level_label (const char *level)
{
    static const char *const labels[GW_LEVELS] = { "Emerging", "Developing", "Proficient", "Advanced" };
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (strcmp (gw_level_names[i], level) == 0)
            return labels[i];
    return level;
}

void
gw_level_put (html *page, const char *level)
{
    static const char *const dots[GW_LEVELS] = { "●○○○", "●●○○", "●●●○", "●●●●" };
    html_put (page, "<span class=\"level\">");
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (strcmp (gw_level_names[i], level) == 0)
            html_put (page, "<span aria-hidden=\"true\">%s</span> ", dots[i]);
    html_put (page, "%s</span> ", gw_level_label (level));
}
