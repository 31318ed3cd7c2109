/* suggest_fields.h - completions of a field's value. */
#ifndef SKS_SUGGEST_FIELDS_H
#define SKS_SUGGEST_FIELDS_H

#include <skillsearch.h>

#include "match.h"

/* Values of a field that begin as was typed, or whose label has a word that does:
 * "level:advanced". They go where words go. */
int sks_suggest_values (sks_matching *m, int field, const char *typed, uint32_t limit, sks_arena *arena,
                        sks_completions *out);

#endif
