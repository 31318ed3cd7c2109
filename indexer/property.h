/* property.h - what an export says about an occupation besides its statements, each property as a text, so that two
 * generations can be compared. */
#ifndef SKS_PROPERTY_H
#define SKS_PROPERTY_H

#include "core/index/store.h"

enum sks_property {
    SKS_PROPERTY_TITLE,
    SKS_PROPERTY_GROUP,
    SKS_PROPERTY_SECTOR,
    SKS_PROPERTY_ZONE,
    SKS_PROPERTY_INFERRED,
    SKS_PROPERTY_DESCRIPTION,
    SKS_PROPERTY_VERSION,
    SKS_PROPERTY_FRAMEWORK, /* its description */
    SKS_PROPERTY_EXPORTED_AT,
    SKS_PROPERTY_SOURCES,
    SKS_PROPERTY_ATTRIBUTION,
    SKS_PROPERTY_LABELS, /* one per level, by enum sks_level */
    SKS_PROPERTIES = SKS_PROPERTY_LABELS + SKS_LEVELS
};

/* The path of its member in an export: "occupation.title". Borrowed: valid for ever. */
const char *sks_property_name (int property);

/* Append the text of a property; append nothing when the export lacks it, except that a missing label is the
 * standard one.
 *   separator   between two sources. */
void sks_property_put (const sks_store *store, uint32_t occupation, int property, const char *separator,
                       sks_buffer *out);

#endif
