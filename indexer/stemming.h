/* stemming.h - the stems of a dictionary whose forms have their numbers. */
#ifndef SKS_STEMMING_H
#define SKS_STEMMING_H

#include "making.h"

/* Stem the new forms, and number all stems. Returns 0, SKS_ENOMEM or a failure of the stemmer. */
int sks_stemming_number (sks_making *making, sks_error *err);

#endif
