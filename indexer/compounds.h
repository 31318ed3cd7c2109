/* compounds.h - forms that occur only as joined forms of compounds. */
#ifndef SKS_COMPOUNDS_H
#define SKS_COMPOUNDS_H

#include "making.h"

/* Find the forms of a dictionary that grows which occur only as joined forms now. Whether another text has one as a
 * word is not stored, so all texts that were taken over are searched, but only if one that is gone had it as a word. */
int sks_compounds_find (sks_making *making, sks_error *err);

#endif
