/* export_text.h - the strings of an export: normalised for the index and checked. Only for its readers. */
#ifndef SKS_EXPORT_TEXT_H
#define SKS_EXPORT_TEXT_H

#include "export_reader.h"

#include <cjson/cJSON.h>

/* A text for the index: HTML references decoded, wrong encodings repaired, composed, squeezed; *size is set. NULL when
 * out of memory; r->no_memory is set. */
char *sks_export_text_clean (sks_export_reader *r, const char *raw, const char *pointer, size_t *size);

/* The same of at most `max` bytes; "" if it has only invisible characters or is too long, which is reported. */
const char *sks_export_text_bounded (sks_export_reader *r, const char *raw, const char *pointer, size_t max);

/* A string member; "" if it is missing, null, or wrong, which is reported. A name has at most SKS_MAX_NAME_BYTES. */
const char *sks_export_text_member (sks_export_reader *r, const cJSON *object, const char *name, const char *pointer,
                                    size_t max);
const char *sks_export_text_name (sks_export_reader *r, const cJSON *object, const char *name, const char *pointer);

/* A JSON pointer: `above` with a member's name appended, "~" and "/" escaped, a long name cut at a character. */
void sks_export_text_point (char pointer[SKS_POINTER_BYTES], const char *above, const char *name);

#endif
