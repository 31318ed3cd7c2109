/* export_value.h - values of an export in the form that an index has. Only for its readers. */
#ifndef SKS_EXPORT_VALUE_H
#define SKS_EXPORT_VALUE_H

#include "export_reader.h"

/* The level of a name in any letter case, without blanks around it; -1 if unknown. */
int sks_export_value_level (const char *name);

/* The title of a SOC major group: `group` if it is not empty, unless it is a code; else that of the SOC code, or its
 * first two digits if there is no such group. soc may be NULL. */
const char *sks_export_value_group (sks_export_reader *r, const char *group, const char *soc);

/* The code of a sector in any spelling; NULL if it is empty or "none". An unknown one is kept, with a warning. */
const char *sks_export_value_sector (sks_export_reader *r, const char *sector, const char *pointer);

/* When the export was made; warns if that is not a time. Returns text. */
const char *sks_export_value_time (sks_export_reader *r, const char *text, const char *pointer);

#endif
