/* case_document.h - the occupation that the CFDocument of a package describes. Only for case_package.c. */
#ifndef SKS_CASE_DOCUMENT_H
#define SKS_CASE_DOCUMENT_H

#include "export_reader.h"

struct cJSON;

/* Set everything of the export but its statements and labels of levels. What CASE has no member for is read from the
 * lines "NAME: VALUE" of `notes`. r->bad is set if there is no SOC code or title. */
void sks_case_document_read (sks_export_reader *r, const struct cJSON *document);

#endif
