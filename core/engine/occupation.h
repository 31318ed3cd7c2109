/* occupation.h - finds an occupation by its SOC code. */
#ifndef SKS_OCCUPATION_H
#define SKS_OCCUPATION_H

#include "core/index/store.h"

/* The occupation of a code of eight digits ("43-9051.00") or of six ("43-9051"), with any dash and blanks around
 * it. Six digits stand for the code that ends in .00; if the index lacks that code, for the only occupation with
 * these digits. Returns 0, or SKS_ENOTFOUND with a text that names the codes that exist. */
int sks_occupation_find (const sks_store *store, const char *code, uint32_t *out, sks_error *err);

#endif
