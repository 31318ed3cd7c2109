/* filter.c - filter values -> failing occupations and levels. */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

static bool
is_set (const sks_filter *filter)
{
    return filter->count || filter->min > 0;
}

bool
sks_filter_chose (const sks_query *query, int facet, const char *value)
{
    const sks_filter *filter = &query->filter[facet];
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        if (strcmp (chosen, value) == 0)
            return true;
        if (facet == SKS_FACET_OCCUPATION && strncmp (value, chosen, strlen (chosen)) == 0)
            return true;
    }
    if (facet != SKS_FACET_ZONE || filter->min < 1)
        return false;
    int zone = sks_zone_of (value);
    return zone >= filter->min && zone <= filter->max;
}

static int
fail_levels (sks_fails *out, const sks_query *query, sks_error *err)
{
    const sks_filter *filter = &query->filter[SKS_FACET_LEVEL];
    for (size_t i = 0; i < filter->count; i++)
        if (sks_level_of (filter->values[i], strlen (filter->values[i])) < 0)
            return sks_fail (err, SKS_EBADREQUEST, "/filter/level/%zu: there is no level \"%s\"", i, filter->values[i]);
    for (int level = 0; filter->count && level < SKS_LEVELS; level++)
        if (!sks_filter_chose (query, SKS_FACET_LEVEL, sks_level_name (level)))
            out->level[level] = 1 << SKS_FACET_LEVEL;
    return 0;
}

/* Occupations are in SOC order, so each value names a run of them. */
static void
fail_occupations (uint8_t *fails, const sks_store *store, const sks_filter *filter)
{
    for (uint32_t i = 0; i < store->occupations; i++)
        fails[i] |= 1 << SKS_FACET_OCCUPATION;
    for (size_t v = 0; v < filter->count; v++) {
        uint32_t first, end;
        sks_store_occupations (store, filter->values[v], strlen (filter->values[v]), &first, &end);
        for (uint32_t i = first; i < end; i++)
            fails[i] &= (uint8_t) ~(1 << SKS_FACET_OCCUPATION);
    }
}

/* Whether a filter lets a value through; one that is not set lets all. */
static bool
passes (const sks_query *query, int facet, const char *value)
{
    return !is_set (&query->filter[facet]) || sks_filter_chose (query, facet, value);
}

/* Each sector, group and zone is held against the filter once, not once for each of
 * its occupations: a filter may name 256 values. Rows have room for each sector,
 * each group and each zone. */
static void
fail_others (uint8_t *fails, uint8_t *rows, const sks_store *store, const sks_query *query)
{
    uint8_t *sectors = rows, *groups = sectors + store->sectors, *zones = groups + store->groups;
    for (uint32_t i = 0; i < store->sectors; i++)
        sectors[i] = !passes (query, SKS_FACET_SECTOR, sks_store_string (store, store->sector[i].code));
    for (uint32_t i = 0; i < store->groups; i++)
        groups[i] = !passes (query, SKS_FACET_GROUP, sks_store_string (store, store->group[i].code));
    for (int zone = 0; zone <= SKS_ZONES; zone++)
        zones[zone] = !passes (query, SKS_FACET_ZONE, sks_zone_value (zone));
    for (uint32_t i = 0; i < store->occupations; i++) {
        const sks_occupation *row = &store->occupation[i];
        fails[i] |= (uint8_t) (sectors[row->sector] << SKS_FACET_SECTOR | groups[row->group] << SKS_FACET_GROUP |
                               zones[row->zone] << SKS_FACET_ZONE);
    }
}

static int
check_values (const sks_query *query, sks_error *err)
{
    const sks_filter *zone = &query->filter[SKS_FACET_ZONE], *soc = &query->filter[SKS_FACET_OCCUPATION];
    for (size_t i = 0; i < zone->count; i++)
        if (sks_zone_of (zone->values[i]) < 0)
            return sks_fail (err, SKS_EBADREQUEST, "/filter/zone/%zu: there is no zone \"%s\"", i, zone->values[i]);
    for (size_t i = 0; i < soc->count; i++)
        if (!sks_soc_begins (soc->values[i]))
            return sks_fail (err, SKS_EBADREQUEST, "/filter/occupation/%zu: no SOC code begins with \"%s\"", i,
                             soc->values[i]);
    return 0;
}

int
sks_filter_make (sks_fails *out, sks_arena *arena, const sks_store *store, const sks_query *query, sks_error *err)
{
    *out = (sks_fails) { 0 };
    bool occupations = false;
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        out->any |= is_set (&query->filter[facet]);
        occupations |= facet != SKS_FACET_LEVEL && is_set (&query->filter[facet]);
    }
    int code = fail_levels (out, query, err);
    if (!code)
        code = check_values (query, err);
    if (code || !occupations)
        return code;
    uint8_t *fails = sks_arena_alloc (arena, store->occupations + (size_t) 1);
    uint8_t *rows = sks_arena_alloc (arena, (size_t) store->sectors + store->groups + SKS_ZONES + 1);
    if (!fails || !rows)
        return sks_fail_memory (err);
    if (query->filter[SKS_FACET_OCCUPATION].count)
        fail_occupations (fails, store, &query->filter[SKS_FACET_OCCUPATION]);
    fail_others (fails, rows, store, query);
    out->occupation = fails;
    return 0;
}
