/* schemas.h - the files of docs/schema/ for OpenAPI; schemas.sh makes schemas.c. */
#ifndef GW_SCHEMAS_H
#define GW_SCHEMAS_H

/* One JSON object with a schema per file name. References are those within
 * "components". */
extern const char gw_schemas[];

#endif
