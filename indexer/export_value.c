/* export_value.c - levels, groups and sectors as people write them. */
#include "export_value.h"

#include "core/base/schema.h"
#include "core/base/instant.h"

#include <string.h>
#include <strings.h>

int
sks_export_value_level (const char *name)
{
    for (int level = 0; level < SKS_LEVELS; level++)
        if (strcasecmp (name, sks_level_name (level)) == 0)
            return level;
    return -1;
}

const char *
sks_export_value_group (sks_export_reader *r, const char *group, const char *soc)
{
    const char *label = sks_schema_group_label (group);
    if (*group || !soc)
        return label ? label : group;
    const char *code = sks_arena_copy (r->memory, soc, 2);
    r->no_memory |= !code;
    label = code ? sks_schema_group_label (code) : NULL;
    return label ? label : code ? code : "";
}

const char *
sks_export_value_sector (sks_export_reader *r, const char *sector, const char *pointer)
{
    if (!*sector || strcmp (sector, SKS_NO_SECTOR) == 0)
        return NULL;
    const char *code = sks_schema_sector_of (sector);
    if (!code)
        sks_report_warn (r->report, r->file, pointer, "\"%.60s\" is not a NAICS 2022 sector; kept unchanged", sector);
    return code ? code : sector;
}

const char *
sks_export_value_time (sks_export_reader *r, const char *text, const char *pointer)
{
    sks_instant unused;
    if (*text && !sks_instant_read (&unused, text))
        sks_report_warn (r->report, r->file, pointer, "\"%.60s\" is not an ISO 8601 time; it counts as the earliest",
                         text);
    return text;
}
