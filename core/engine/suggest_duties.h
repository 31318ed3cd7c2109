/* suggest_duties.h - the distinct duties that contain what was typed. */
#ifndef SKS_SUGGEST_DUTIES_H
#define SKS_SUGGEST_DUTIES_H

#include <skillsearch.h>

#include "typed.h"

/* The duties part of sks_searcher_suggest. */
int sks_suggest_duties (sks_matching *m, const sks_typed *typed, uint32_t limit, sks_arena *arena,
                        sks_completions *out);

#endif
