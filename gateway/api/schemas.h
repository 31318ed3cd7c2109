/* schemas.h - the files of docs/schema/ for OpenAPI; schemas.sh makes schemas.c. */
#ifndef GW_SCHEMAS_H
#define GW_SCHEMAS_H

/* One JSON object: by name of the file the schema, its references as they are in
 * "components". */
extern const char gw_schemas[];

#endif
