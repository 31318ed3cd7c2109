/* output.h - recognises output of skillsearch that cannot be indexed: statements as JSON, and CTDL-ASN. */
#ifndef SKS_OUTPUT_H
#define SKS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;

/* What the text is and what helps, NULL if it is something else. Valid for ever. */
const char *sks_output_reason (const struct cJSON *root);

/* The same for bytes that may not be JSON. */
bool sks_output_is (const char *bytes, size_t size);

#endif
