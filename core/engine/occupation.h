/* occupation.h - which occupation a SOC code names. */
#ifndef SKS_OCCUPATION_H
#define SKS_OCCUPATION_H

#include "core/index/store.h"

/* The occupation of a code of eight digits ("43-9051.00") or of six ("43-9051"), with
 * any dash and blanks around it. Six digits stand for the code that ends in .00; when the
 * index lacks that, for the only occupation that begins so.
 * Returns 0, or SKS_ENOTFOUND with a text that says what is there instead. */
int sks_occupation_find (const sks_store *store, const char *code, uint32_t *out, sks_error *err);

#endif
