/* property.c - one table of names, and one case for each property that is not a string. */
#include "property.h"

#include <string.h>

static const char *const names[SKS_PROPERTIES] = {
    [SKS_PROPERTY_TITLE] = "occupation.title",
    [SKS_PROPERTY_GROUP] = "occupation.group",
    [SKS_PROPERTY_SECTOR] = "occupation.sector",
    [SKS_PROPERTY_ZONE] = "occupation.jobZone",
    [SKS_PROPERTY_INFERRED] = "occupation.jobZoneInferred",
    [SKS_PROPERTY_DESCRIPTION] = "framework.contextCovered",
    [SKS_PROPERTY_VERSION] = "framework.version",
    [SKS_PROPERTY_FRAMEWORK] = "framework.description",
    [SKS_PROPERTY_EXPORTED_AT] = "exportedAt",
    [SKS_PROPERTY_SOURCES] = "sources",
    [SKS_PROPERTY_ATTRIBUTION] = "attribution",
    [SKS_PROPERTY_LABELS + SKS_EMERGING] = "framework.levels.emerging.label",
    [SKS_PROPERTY_LABELS + SKS_DEVELOPING] = "framework.levels.developing.label",
    [SKS_PROPERTY_LABELS + SKS_PROFICIENT] = "framework.levels.proficient.label",
    [SKS_PROPERTY_LABELS + SKS_ADVANCED] = "framework.levels.advanced.label",
};

const char *
sks_property_name (int property)
{
    return names[property];
}

static void
put_sources (const sks_store *store, const sks_edition_row *edition, const char *separator, sks_buffer *out)
{
    for (uint32_t i = edition->citations; i < edition[1].citations; i++) {
        if (i > edition->citations)
            sks_buffer_puts (out, separator);
        sks_buffer_puts (out, sks_store_string (store, store->citation[i].name));
        sks_buffer_puts (out, ": ");
        sks_buffer_puts (out, sks_store_string (store, store->citation[i].text));
    }
}

void
sks_property_put (const sks_store *store, uint32_t occupation, int property, const char *separator, sks_buffer *out)
{
    static const char *const inferred[] = { "", "false", "true" };
    const sks_occupation *row = &store->occupation[occupation];
    const sks_edition_row *edition = &store->edition[row->edition];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    const char *text = NULL;
    switch (property) {
    case SKS_PROPERTY_SECTOR:
        text = strcmp (sector, SKS_NO_SECTOR) == 0 ? "" : sector;
        break;
    case SKS_PROPERTY_ZONE:
        text = row->zone ? sks_schema_zone_value (row->zone) : "";
        break;
    case SKS_PROPERTY_INFERRED:
        text = inferred[row->inferred];
        break;
    case SKS_PROPERTY_SOURCES:
        put_sources (store, edition, separator, out);
        return;
    case SKS_PROPERTY_TITLE:
        text = sks_store_string (store, row->title);
        break;
    case SKS_PROPERTY_GROUP:
        text = sks_store_string (store, row->group_title);
        break;
    case SKS_PROPERTY_DESCRIPTION:
        text = sks_store_string (store, row->description);
        break;
    case SKS_PROPERTY_EXPORTED_AT:
        text = sks_store_string (store, row->exported_at);
        break;
    case SKS_PROPERTY_VERSION:
        text = sks_store_string (store, edition->version);
        break;
    case SKS_PROPERTY_FRAMEWORK:
        text = sks_store_string (store, edition->description);
        break;
    case SKS_PROPERTY_ATTRIBUTION:
        text = sks_store_string (store, edition->attribution);
        break;
    default:
        /* A missing label is shown as the standard one, and exported so. */
        text = sks_store_string (store, edition->labels[property - SKS_PROPERTY_LABELS]);
        text = *text ? text : sks_schema_level_label (property - SKS_PROPERTY_LABELS);
    }
    sks_buffer_puts (out, text);
}
