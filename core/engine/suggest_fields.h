/* suggest_fields.h - completions of a field's value. */
#ifndef SKS_SUGGEST_FIELDS_H
#define SKS_SUGGEST_FIELDS_H

#include <skillsearch.h>

#include "match.h"

/* Values of a field that begin with what was typed, or that have a label with such a word: "level:advanced". They
 * are added to out->words. */
int sks_suggest_values (sks_matching *m, int field, const char *typed, uint32_t limit, sks_arena *arena,
                        sks_completions *out);

#endif
